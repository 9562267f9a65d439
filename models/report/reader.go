package report

import (
	"context"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// reader fills the tallies of a few villages from the tables of those who own
// them. It reads sums and settings, never the history.
type reader struct {
	on     *db.Statements
	shared *db.DB // whose crowds may be kept; nil inside a transaction
	q      models.Quarter
	at     models.Millis
	rows   map[int64]*VillageRow
	ids    []any
	months []any
	facts  map[int64]*facts
}

// facts are what a village's openness is judged by.
type facts struct {
	rules     models.Date // first day of the first rules; empty for none
	hung      []models.Millis
	exchanges map[models.Month]bool
	rollFrom  models.Date // day of the first household on the roll

	// Both only ever grow: lines with every entry of the village, versions with
	// every change of one of its households.
	lines, versions int64
}

func newReader(ctx context.Context, c db.Conn, s *Sheet, villages []*VillageRow) *reader {
	r := &reader{on: c.Stmts(ctx), q: s.Quarter, at: s.AsOf, rows: map[int64]*VillageRow{}, facts: map[int64]*facts{}}
	r.shared, _ = c.(*db.DB)
	for _, v := range villages {
		v.Tally = Tally{Villages: 1}
		r.rows[v.ID] = v
		r.facts[v.ID] = &facts{exchanges: map[models.Month]bool{}}
		r.ids = append(r.ids, v.ID)
	}
	for _, m := range s.Quarter.Months() {
		r.months = append(r.months, int64(m))
	}
	return r
}

func (r *reader) read() error {
	for _, step := range []func() error{
		r.readSums, r.readCategories, r.readRoll, r.readPassbooks, r.readCrowds,
		r.readRules, r.readPrices, r.readNotices, r.readExchanges, r.readOpenings, r.readSeals,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	for id, v := range r.rows {
		r.judge(v, r.facts[id])
		v.lines = r.facts[id].lines
		sortOwn(v.Own)
		v.Gathered = gather(v.Own)
	}
	return nil
}

// each runs a query in which @villages and @months stand for lists of holes.
func (r *reader) each(fn func(db.Scanner) error, query string, args ...any) error {
	query = strings.ReplaceAll(query, "@villages", "("+db.Holes(len(r.ids))+")")
	query = strings.ReplaceAll(query, "@months", "("+db.Holes(len(r.months))+")")
	return r.on.Each(fn, query, args...)
}

// with strings argument lists together.
func with(parts ...any) []any {
	var args []any
	for _, p := range parts {
		if list, ok := p.([]any); ok {
			args = append(args, list...)
		} else {
			args = append(args, p)
		}
	}
	return args
}

// end is the first instant after the quarter.
func (r *reader) end() int64 { return int64(r.q.End().Start()) }

// readSums reads conduct and exchange of the quarter, by category.
func (r *reader) readSums() error {
	return r.each(func(row db.Scanner) error {
		var id int64
		var c Category
		var t Tally
		if err := row.Scan(&id, &c.ID, &c.Name, &c.Key, &c.Acts, &c.Late, &c.Earned, &c.EarnedFen, &c.Deducted, &t.Spent, &t.SpentFen, &t.Visits); err != nil {
			return err
		}
		t.Acts, t.Late, t.Earned, t.EarnedFen, t.Deducted = c.Acts, c.Late, c.Earned, c.EarnedFen, c.Deducted
		v := r.rows[id]
		v.Tally.Add(t)
		if c.ID != 0 || c.Acts != 0 || c.Earned != 0 || c.Deducted != 0 {
			v.Own = append(v.Own, c)
		}
		return nil
	}, `SELECT m.village_id, m.category_id, COALESCE(MAX(c.name), '`+Unmapped+`'), COALESCE(MAX(c.county_key), ''),
		SUM(m.acts), SUM(m.late), SUM(m.earned), SUM(m.earned_fen), SUM(m.deducted), SUM(m.spent), SUM(m.spent_fen), SUM(m.visits)
		FROM village_months m LEFT JOIN categories c ON c.village_id = m.village_id AND c.id = m.category_id
		WHERE m.village_id IN @villages AND m.month IN @months GROUP BY m.village_id, m.category_id`, with(r.ids, r.months)...)
}

// readCategories adds the categories in which nothing happened: an empty line
// is news too.
func (r *reader) readCategories() error {
	seen := map[[2]int64]bool{}
	for id, v := range r.rows {
		for _, c := range v.Own {
			seen[[2]int64{id, c.ID}] = true
		}
	}
	return r.each(func(row db.Scanner) error {
		var id int64
		var c Category
		err := row.Scan(&id, &c.ID, &c.Name, &c.Key)
		if !seen[[2]int64{id, c.ID}] {
			r.rows[id].Own = append(r.rows[id].Own, c)
		}
		return err
	}, "SELECT village_id, id, name, county_key FROM categories WHERE village_id IN @villages", r.ids...)
}

// onRoll is the condition for being on the roll at the end of a period; its
// hole is that instant.
const onRoll = "(h.left_at = 0 OR h.left_at >= ?)"

// readRoll counts the roll at the end of the period. Households entered later
// do not count, unless the whole roll was: then the village began its books
// after the period, and that roll is the one it had.
func (r *reader) readRoll() error {
	end := r.end()
	return r.each(func(row db.Scanner) error {
		var id, first, versions int64
		var all, early Tally
		if err := row.Scan(&id, &all.Roll, &all.Resident, &all.StayedOut, &early.Roll, &early.Resident, &early.StayedOut, &first, &versions); err != nil {
			return err
		}
		r.facts[id].versions = versions
		if all.Roll == 0 {
			return nil
		}
		r.facts[id].rollFrom = models.Millis(first).Day()
		if early.Roll > 0 {
			all = early
		}
		r.rows[id].Tally.Add(all)
		return nil
	}, strings.ReplaceAll(`SELECT h.village_id, SUM(@roll), SUM(@roll AND h.residence = 'resident'), SUM(@roll AND h.joining = 'out'),
		SUM(@roll AND h.created_at < ?), SUM(@roll AND h.created_at < ? AND h.residence = 'resident'), SUM(@roll AND h.created_at < ? AND h.joining = 'out'),
		COALESCE(MIN(CASE WHEN @roll THEN h.created_at END), 0), SUM(h.version)
		FROM households h WHERE h.village_id IN @villages GROUP BY h.village_id`, "@roll", onRoll),
		with(end, end, end, end, end, end, end, end, end, end, r.ids)...)
}

// readPassbooks reads what is unspent now, who began in the quarter, and how
// many lines there are.
func (r *reader) readPassbooks() error {
	return r.each(func(row db.Scanner) error {
		var id, lines int64
		var t Tally
		if err := row.Scan(&id, &t.Outstanding, &t.New, &lines); err != nil {
			return err
		}
		r.rows[id].Tally.Add(t)
		r.facts[id].lines = lines
		return nil
	}, "SELECT village_id, SUM(balance), SUM(first_month IN @months), SUM(seq) FROM passbooks WHERE village_id IN @villages GROUP BY village_id", with(r.months, r.ids)...)
}
