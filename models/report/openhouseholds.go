package report

import (
	"fmt"
	"strings"

	"pointstore/models"
)

// quarterOf joins every household of the village with its sums of the quarter.
const quarterOf = `households h LEFT JOIN (SELECT household_id, SUM(acts) AS acts, SUM(visits) AS visits, SUM(earned) AS earned, SUM(spent) AS spent
	FROM household_months WHERE village_id = ? AND month IN (?, ?, ?) GROUP BY household_id) t ON t.household_id = h.id
	LEFT JOIN passbooks p ON p.village_id = h.village_id AND p.household_id = h.id
	LEFT JOIN (SELECT household_id, SUM(points) AS points FROM entries WHERE village_id = ? AND month > ? GROUP BY household_id) l ON l.household_id = h.id
	WHERE h.village_id = ? AND `

func (o *opener) quarterArgs(more ...any) []any {
	return with(o.v.ID, o.months(), o.v.ID, int64(o.d.Sheet.Quarter.Months()[2]), o.v.ID, more)
}

func pieces(n int64) string {
	if n == 0 {
		return "本期没有加分"
	}
	return fmt.Sprintf("%d 件", n)
}

func points(n int64) string { return models.Points(n).String() + " 分" }

// households lists the households behind a number.
func (o *opener) households(key string) error {
	const acts, unspent = "COALESCE(t.acts, 0)", "(COALESCE(p.balance, 0) - COALESCE(l.points, 0))"
	switch key {
	case "participation", "resident_participation":
		on, args, err := o.rollCondition(key == "resident_participation")
		if err != nil {
			return err
		}
		return o.listHomes(source{quarterOf + on, o.quarterArgs(args...), "(" + acts + " > 0)", "1"}, acts, pieces)
	case "active":
		return o.listHomes(source{quarterOf + acts + " > 0", o.quarterArgs(), "1", "0"}, acts, pieces)
	case "breadth":
		return o.listHomes(source{quarterOf + acts + " <> 0", o.quarterArgs(), acts, "(" + acts + " > 0)"}, acts, pieces)
	case "new_households":
		return o.listHomes(source{quarterOf + "p.first_month IN (?, ?, ?)", o.quarterArgs(o.months()...), "1", "0"}, "p.first_month",
			func(m int64) string { return models.Month(m).String() + "第一次加分" })
	case "redeemers":
		const visits = "COALESCE(t.visits, 0)"
		return o.listHomes(source{quarterOf + visits + " > 0", o.quarterArgs(), "1", "0"}, visits,
			func(n int64) string { return fmt.Sprintf("兑换 %d 次", n) })
	case "redemption_rate":
		return o.listHomes(source{quarterOf + "(t.spent <> 0 OR t.earned <> 0)", o.quarterArgs(), "t.spent", "t.earned"}, unspent,
			func(n int64) string { return "期末还有 " + points(n) })
	}
	return o.listHomes(source{quarterOf + unspent + " <> 0", o.quarterArgs(), unspent, "0"}, unspent, points)
}

// rollCondition is the roll at the end of the quarter as readRoll counts it.
func (o *opener) rollCondition(residents bool) (string, []any, error) {
	end := int64(o.d.Sheet.Quarter.End().Start())
	on, args := onRoll, []any{end}
	if residents {
		on += " AND h.residence = 'resident'"
	}
	var early int64
	err := o.c.Stmts(o.ctx).Row("SELECT COUNT(*) FROM households h WHERE h.village_id = ? AND "+onRoll+" AND h.created_at < ?", o.v.ID, end, end).Scan(&early)
	if early > 0 {
		on, args = on+" AND h.created_at < ?", append(args, end)
	}
	return on, args, err
}

// categoryCondition narrows entries to the chosen category. What no county
// category was chosen for includes what has no category at all.
func (o *opener) categoryCondition() (string, []any, error) {
	if o.d.Filter.Category == "" {
		return "", nil, nil
	}
	if key, ok := strings.CutPrefix(o.d.Filter.Category, countyPrefix); ok {
		if key == "" {
			return " AND e.category_id NOT IN (SELECT id FROM categories WHERE village_id = ? AND county_key <> '')", []any{o.v.ID}, nil
		}
		return " AND e.category_id IN (SELECT id FROM categories WHERE village_id = ? AND county_key = ?)", []any{o.v.ID, key}, nil
	}
	id, err := models.ParseID32(o.d.Filter.Category)
	return " AND e.category_id = ?", []any{id}, err
}

// actors lists the households behind one category, from the entries.
func (o *opener) actors(key string) error {
	only, args, err := o.categoryCondition()
	if err != nil {
		return err
	}
	s := source{
		from: `(SELECT e.village_id, e.household_id, SUM(CASE e.kind WHEN 1 THEN 1 ELSE -1 END) AS acts FROM entries e
			LEFT JOIN entries o ON e.kind = 4 AND o.village_id = e.village_id AND o.household_id = e.household_id AND o.seq = e.cause
			WHERE e.village_id = ? AND e.month IN (?, ?, ?) AND (e.kind = 1 OR o.kind = 1)` + only + ` GROUP BY e.village_id, e.household_id) t
			JOIN households h ON h.village_id = t.village_id AND h.id = t.household_id WHERE t.acts <> 0`,
		args: with(o.v.ID, o.months(), args),
		num:  "(t.acts > 0)", den: "0",
	}
	if key == "breadth" {
		s.num, s.den = "t.acts", "(t.acts > 0)"
	}
	return o.listHomes(s, "t.acts", pieces)
}
