package award

import (
	"fmt"

	"pointstore/models"
	"pointstore/models/scheme"
)

// fit holds an ask to its rule's cap, counted by the day of the act over what
// the household, or the member, already has in that period. What a cap leaves
// is given only when the ask takes a part.
func (r *recording) fit(a Ask, rule dated, value models.Points) (models.Qty, models.Points, error) {
	if rule.CapPer == "member" && a.Member == 0 {
		return 0, 0, models.ErrInput.With(fmt.Sprintf("“%s”按人算上限，请选是家里哪一位；这次没有记分", rule.Item)).At("member")
	}
	times, points, err := r.used(a, rule)
	if err != nil {
		return 0, 0, err
	}
	qty := a.Quantity
	if rule.CapTimes > 0 && times+rule.Times(qty) > rule.CapTimes {
		left := rule.CapTimes - times
		if left <= 0 || !a.Part {
			return 0, 0, capReached(rule.Rule, fmt.Sprintf("%d 次", times), left, fmt.Sprintf("%d 次", left))
		}
		qty = models.Qty(left) * models.One
		if value, err = rule.Value(qty, a.Points); err != nil {
			return 0, 0, err
		}
	}
	if rule.CapPoints > 0 && points+value > rule.CapPoints {
		left := rule.CapPoints - points
		if left <= 0 || !a.Part {
			return 0, 0, capReached(rule.Rule, points.String()+" 分", int(left), left.String()+" 分")
		}
		value = left
	}
	return qty, value, nil
}

func capReached(rule scheme.Rule, used string, left int, rest string) error {
	say := fmt.Sprintf("“%s”%s，已记 %s，这次没有记分", rule.Item, rule.CapText(), used)
	if left > 0 {
		say += "；还可以记 " + rest
	}
	return ErrCap.With(say)
}

// used adds up what counts under the rule's cap in the period around the act.
func (r *recording) used(a Ask, rule dated) (times int, points models.Points, err error) {
	from, until := scheme.Window(rule.CapPeriod, rule.day)
	for _, g := range r.given[a.Household] {
		if g.ActDate < from || g.ActDate >= until || rule.CapPer == "member" && g.Member != a.Member {
			continue
		}
		b, err := scheme.Load(r.tx.Statement.Context, r.tx, a.Village, g.Version)
		if err != nil {
			return 0, 0, err
		}
		if was, ok := b.Rule(g.Rule); ok && rule.book.Counts(rule.Rule, was.OriginID) {
			times += was.Times(g.Quantity)
			points += g.worth()
		}
	}
	return times, points, nil
}
