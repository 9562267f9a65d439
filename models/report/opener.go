package report

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// opener finds the rows behind a village's number.
type opener struct {
	ctx   context.Context
	c     db.Conn
	d     *Drill
	v     *VillageRow
	after string
}

func (o *opener) open() error {
	switch key := o.d.Indicator.Key; key {
	case "acts", "earned", "earned_yuan", "late_entries", "deducted", "redemption_visits", "spent", "spent_yuan":
		return o.entries(key)
	case "active", "breadth":
		if o.d.Filter.Category != "" {
			return o.actors(key)
		}
		return o.households(key)
	case "participation", "resident_participation", "new_households", "redeemers", "redemption_rate", "unspent":
		return o.households(key)
	case "unspent_yuan":
		o.fact(o.v.Name, "未兑积分 "+o.v.Tally.Outstanding.String()+" 分，每分 "+rateText(o.v.Rate)+" 元", "", o.d.Cell)
		return nil
	}
	return o.facts()
}

// rateText writes what a point is worth in yuan, without trailing zeros.
func rateText(r models.Rate) string { return strconv.FormatFloat(float64(r)/10000, 'f', -1, 64) }

func (o *opener) fact(name, detail string, day models.Date, p Part) {
	o.d.Of = OfFacts
	o.d.Rows = append(o.d.Rows, Row{Name: name, Detail: detail, Day: day, Part: p})
	o.d.Total.add(p)
}

func (o *opener) months() []any {
	m := o.d.Sheet.Quarter.Months()
	return []any{int64(m[0]), int64(m[1]), int64(m[2])}
}

// source is where rows come from: what stands behind FROM, and what each row
// adds to numerator and denominator.
type source struct {
	from     string
	args     []any
	num, den string
}

// total adds up all rows of the source, in the database.
func (o *opener) total(s source) error {
	return o.c.Stmts(o.ctx).Row("SELECT COALESCE(SUM("+s.num+"), 0), COALESCE(SUM("+s.den+"), 0) FROM "+s.from, s.args...).Scan(&o.d.Total.Num, &o.d.Total.Den)
}

// cursor reads n numbers back from a page's Next.
func cursor(after string, n int) ([]any, error) {
	parts := strings.Split(after, ".")
	values := make([]any, len(parts))
	for i, p := range parts {
		v, err := strconv.ParseInt(p, 36, 64)
		if err != nil {
			return nil, models.ErrNotFound.With("这一页已经不在了，请从第一页看起")
		}
		values[i] = v
	}
	if len(values) != n {
		return nil, models.ErrNotFound.With("这一页已经不在了，请从第一页看起")
	}
	return values, nil
}

func next(values ...int64) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, strconv.FormatInt(v, 36))
	}
	return strings.Join(parts, ".")
}

// masked is how a household is shown to report readers: never the full name,
// and no name at all when the household is not to be shown in public.
func masked(head string, group int, number string, hidden bool) string {
	mark := models.Mark(group, number)
	if hidden {
		return "（不公开姓名）" + mark
	}
	return models.MaskName(head) + " " + mark
}

// residences are the words for where a household lives.
var residences = map[string]string{"away": "常年外出", "empty": "空户"}

// home reads the columns that show a household.
type home struct {
	id             int64
	head, number   string
	group, hidden  int
	residence      string
	info, num, den int64
}

const homeColumns = "h.id, h.head_name, h.number, h.group_no, h.hidden, h.residence"

func (h *home) row(info string) Row {
	var words []string
	if info != "" {
		words = append(words, info)
	}
	if w := residences[h.residence]; w != "" {
		words = append(words, w)
	}
	return Row{Household: h.id, Name: masked(h.head, h.group, h.number, h.hidden != 0), Detail: strings.Join(words, "，"), Part: Part{h.num, h.den}}
}

// listHomes shows one page of a source whose rows are households; info is an
// SQL number that say turns into words.
func (o *opener) listHomes(s source, info string, say func(int64) string) error {
	o.d.Of = OfHouseholds
	if err := o.total(s); err != nil {
		return err
	}
	page, args := "", s.args
	if o.after != "" {
		at, err := cursor(o.after, 1)
		if err != nil {
			return err
		}
		page, args = " AND h.id > ?", with(s.args, at)
	}
	err := o.c.Stmts(o.ctx).Each(func(row db.Scanner) error {
		var h home
		err := row.Scan(&h.id, &h.head, &h.number, &h.group, &h.hidden, &h.residence, &h.info, &h.num, &h.den)
		o.d.Rows = append(o.d.Rows, h.row(say(h.info)))
		return err
	}, "SELECT "+homeColumns+", "+info+", "+s.num+", "+s.den+" FROM "+s.from+page+fmt.Sprintf(" ORDER BY h.id LIMIT %d", pageSize+1), args...)
	if len(o.d.Rows) > pageSize {
		o.d.Rows = o.d.Rows[:pageSize]
		o.d.Next = next(o.d.Rows[pageSize-1].Household)
	}
	return err
}
