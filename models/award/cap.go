package award

import (
	"fmt"

	"pointstore/models"
	"pointstore/models/scheme"
)

// limit is one cap that an ask is held to: its rule's own, or one over a whole
// category.
type limit struct {
	scheme.Cap
	name   string
	text   func() string // the cap in a sentence
	counts func(g Award, was scheme.Rule) bool
}

// limits are the caps over a rule.
func (d dated) limits() []limit {
	var all []limit
	if d.Capped() {
		all = append(all, limit{scheme.Cap{Times: d.CapTimes, Points: d.CapPoints, Period: d.CapPeriod, Per: d.CapPer, Group: d.CapGroup}, d.Item, d.CapText,
			func(_ Award, was scheme.Rule) bool { return d.book.Counts(d.Rule, was.OriginID) }})
	}
	if d.Direction != scheme.Plus {
		return all // a category's cap bounds what is earned in it
	}
	for _, c := range d.book.CategoryCaps(d.CategoryID) {
		all = append(all, limit{c.Cap, c.Name, c.Text, func(g Award, was scheme.Rule) bool { return was.Direction == scheme.Plus && c.Covers(g.Category) }})
	}
	return all
}

// bounded reports whether the rule has to look at what was given before.
func (d dated) bounded() bool {
	return d.Capped() || d.OnceGroup != "" || d.Direction == scheme.Plus && len(d.book.CategoryCaps(d.CategoryID)) > 0
}

// span is the stretch of days whose awards the rule has to look at.
func (d dated) span() (from, until models.Date) {
	from, until = d.day, d.day.AddDays(1)
	for _, l := range d.limits() {
		a, b := scheme.Window(l.Period, d.day)
		from, until = min(from, a), max(until, b)
	}
	return from, until
}

// fit holds an ask to the caps over its rule, counted by the day of the act over
// what the household, or the member, already has in that period. What a cap
// leaves is given only when the ask takes a part.
func (r *recording) fit(a Ask, rule dated, value models.Points) (models.Qty, models.Points, error) {
	limits := rule.limits()
	points := make([]models.Points, len(limits))
	qty := a.Quantity
	for i, l := range limits {
		if l.Per == "member" && a.Member == 0 {
			return 0, 0, models.ErrInput.With(fmt.Sprintf("“%s”按人算上限，请选是家里哪一位；这次没有记分", l.name)).At("member")
		}
		times, sum, err := r.used(a, rule, l)
		if err != nil {
			return 0, 0, err
		}
		points[i] = sum
		if l.Times == 0 || times+rule.Times(qty) <= l.Times {
			continue
		}
		left := l.Times - times
		if left <= 0 || !a.Part {
			return 0, 0, l.reached(fmt.Sprintf("%d 次", times), left, fmt.Sprintf("%d 次", left))
		}
		qty = models.Qty(left) * models.One
		if value, err = rule.Value(qty, a.Points); err != nil {
			return 0, 0, err
		}
	}
	for i, l := range limits {
		if l.Points == 0 || points[i]+value <= l.Points {
			continue
		}
		left := l.Points - points[i]
		if left <= 0 || !a.Part {
			return 0, 0, l.reached(points[i].String()+" 分", int(left), left.String()+" 分")
		}
		value = left
	}
	return qty, value, nil
}

func (l limit) reached(used string, left int, rest string) error {
	say := fmt.Sprintf("“%s”%s，已记 %s，这次没有记分", l.name, l.text(), used)
	if left > 0 {
		say += "；还可以记 " + rest
	}
	return ErrCap.With(say)
}

// used adds up what counts under a cap in the period around the act.
func (r *recording) used(a Ask, rule dated, l limit) (times int, points models.Points, err error) {
	from, until := scheme.Window(l.Period, rule.day)
	for _, g := range r.given[a.Household] {
		if g.ActDate < from || g.ActDate >= until || l.Per == "member" && g.Member != a.Member {
			continue
		}
		was, err := r.ruleOf(g)
		if err != nil {
			return 0, 0, err
		}
		if was.ID != 0 && l.counts(g, was) {
			times += was.Times(g.Quantity)
			points += g.worth()
		}
	}
	return times, points, nil
}

// ruleOf is the rule an award was given under; without an id when its version
// has lost it.
func (r *recording) ruleOf(g Award) (scheme.Rule, error) {
	b, err := scheme.Load(r.tx.Statement.Context, r.tx, r.asks[0].Village, g.Version)
	if err != nil {
		return scheme.Rule{}, err
	}
	was, _ := b.Rule(g.Rule)
	return was, nil
}
