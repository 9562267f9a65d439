package report

import (
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
)

// sign is -1 for an entry that takes another one back.
const sign = "(CASE e.kind WHEN 4 THEN -1 ELSE 1 END)"

// counting says, per indicator, which kind of entry it is made of and what each
// adds. The ledger's numbers: 1 award, 2 deduction, 3 redemption, 4 reversal.
var counting = map[string]struct {
	kind     int64
	num, den string
}{
	"acts":              {1, sign, "0"},
	"earned":            {1, "e.points", "0"},
	"earned_yuan":       {1, "e.fen", "0"},
	"late_entries":      {1, sign + " * e.late", sign},
	"deducted":          {2, "-e.honour", "0"},
	"redemption_visits": {3, sign, "0"},
	"spent":             {3, "-e.points", "0"},
	"spent_yuan":        {3, "-e.fen", "0"},
}

// entryLine is an entry as a report reader may see it.
type entryLine struct {
	home
	seq, posted int64
	kind        int64
	late        int64
	day         models.Date
	item        string
	private     int64
}

// entries lists the lines of passbooks behind a number, newest first.
func (o *opener) entries(key string) error {
	o.d.Of = OfEntries
	count := counting[key]
	only, more, err := o.categoryCondition()
	if err != nil {
		return err
	}
	s := source{
		from: `entries e LEFT JOIN entries o ON e.kind = 4 AND o.village_id = e.village_id AND o.household_id = e.household_id AND o.seq = e.cause
			WHERE e.village_id = ? AND e.month IN (?, ?, ?) AND (e.kind = ? OR o.kind = ?)` + only,
		args: with(o.v.ID, o.months(), count.kind, count.kind, more),
		num:  count.num, den: count.den,
	}
	if err := o.total(s); err != nil {
		return err
	}
	page, args := "", s.args
	if o.after != "" {
		at, err := cursor(o.after, 3)
		if err != nil {
			return err
		}
		page = " AND (e.posted_at < ? OR e.posted_at = ? AND (e.household_id > ? OR e.household_id = ? AND e.seq > ?))"
		args = with(s.args, at[0], at[0], at[1], at[1], at[2])
	}
	var lines []entryLine
	err = o.c.Stmts(o.ctx).Each(func(row db.Scanner) error {
		var l entryLine
		err := row.Scan(&l.id, &l.head, &l.number, &l.group, &l.hidden, &l.residence, &l.seq, &l.posted, &l.kind, &l.late, &l.day, &l.item, &l.private, &l.num, &l.den)
		lines = append(lines, l)
		return err
	}, `SELECT `+homeColumns+`, x.seq, x.posted_at, x.kind, x.late, x.act_date, COALESCE(r.item, ''), COALESCE(a.private, 0), x.num, x.den
		FROM (SELECT e.village_id, e.household_id, e.seq, e.posted_at, e.kind, e.late, e.act_date, COALESCE(o.cause, e.cause) AS cause, `+s.num+` AS num, `+s.den+` AS den
			FROM `+s.from+page+fmt.Sprintf(` ORDER BY e.posted_at DESC, e.household_id, e.seq LIMIT %d`, pageSize+1)+`) x
		JOIN households h ON h.village_id = x.village_id AND h.id = x.household_id
		LEFT JOIN awards a ON a.village_id = x.village_id AND a.id = x.cause
		LEFT JOIN rules r ON r.village_id = a.village_id AND r.id = a.rule_id
		ORDER BY x.posted_at DESC, x.household_id, x.seq`, args...)
	if err != nil {
		return err
	}
	if len(lines) > pageSize {
		lines = lines[:pageSize]
		last := lines[pageSize-1]
		o.d.Next = next(last.posted, last.id, last.seq)
	}
	for _, l := range lines {
		o.d.Rows = append(o.d.Rows, l.line(count.kind))
	}
	return nil
}

// line shows an entry. What the village does not post stays unnamed here too:
// such a line may tell of a quarrel or an illness.
func (l *entryLine) line(kind int64) Row {
	what := l.item
	switch {
	case kind == 3:
		what = "兑换"
	case l.private != 0:
		what = "不公示的事项"
	case what == "":
		what = map[int64]string{1: "加分", 2: "扣分"}[kind]
	}
	if l.kind == 4 {
		what = "更正：" + what
		if kind == 3 {
			what = "作废：兑换"
		}
	}
	if l.late != 0 {
		what += "（补录）"
	}
	return Row{Household: l.id, Seq: l.seq, Name: masked(l.head, l.group, l.number, l.hidden != 0), Detail: what, Day: l.day, Part: Part{l.num, l.den}}
}
