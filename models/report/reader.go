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
	rollFrom  models.Date // day of the first household
}

func newReader(ctx context.Context, c db.Conn, s *Sheet, villages []*VillageRow) *reader {
	r := &reader{on: c.Stmts(ctx), q: s.Quarter, at: s.AsOf, rows: map[int64]*VillageRow{}, facts: map[int64]*facts{}}
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
		r.readSums, r.readCategories, r.readRoll, r.readHouseholds, r.readPassbooks, r.readLater,
		r.readRules, r.readPrices, r.readNotices, r.readExchanges, r.readOpenings, r.readSeals,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	for id, v := range r.rows {
		r.judge(v, r.facts[id])
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
	return r.each(func(row db.Scanner) error {
		var id, early, first int64
		var t Tally
		if err := row.Scan(&id, &early, &t.Roll, &t.Resident, &t.StayedOut, &first); err != nil {
			return err
		}
		v, f := r.rows[id], r.facts[id]
		if day := models.Millis(first).Day(); f.rollFrom == "" || day < f.rollFrom {
			f.rollFrom = day
		}
		if early == 1 || v.Tally.Roll == 0 {
			v.Tally.Roll, v.Tally.Resident, v.Tally.StayedOut = t.Roll, t.Resident, t.StayedOut
		}
		return nil
	}, `SELECT h.village_id, h.created_at < ? AS early, COUNT(*), SUM(h.residence = 'resident'), SUM(h.joining = 'out'), MIN(h.created_at)
		FROM households h WHERE h.village_id IN @villages AND `+onRoll+` GROUP BY h.village_id, early ORDER BY early`, with(r.end(), r.ids, r.end())...)
}

// readHouseholds counts the households behind the quarter's sums, on the roll
// that readRoll settled on.
func (r *reader) readHouseholds() error {
	return r.each(func(row db.Scanner) error {
		var id, all, residents, earlyAll, earlyResidents int64
		var t Tally
		if err := row.Scan(&id, &t.Active, &t.Redeemers, &all, &residents, &earlyAll, &earlyResidents); err != nil {
			return err
		}
		v := r.rows[id]
		if t.Participants, t.ResidentParticipants = all, residents; r.facts[id].rollFrom < r.q.End() {
			t.Participants, t.ResidentParticipants = earlyAll, earlyResidents
		}
		v.Tally.Add(t)
		return nil
	}, `SELECT t.village_id, SUM(t.acts > 0), SUM(t.visits > 0),
		SUM(t.acts > 0 AND `+onRoll+`), SUM(t.acts > 0 AND `+onRoll+` AND h.residence = 'resident'),
		SUM(t.acts > 0 AND `+onRoll+` AND h.created_at < ?), SUM(t.acts > 0 AND `+onRoll+` AND h.created_at < ? AND h.residence = 'resident')
		FROM (SELECT village_id, household_id, SUM(acts) AS acts, SUM(visits) AS visits FROM household_months
			WHERE village_id IN @villages AND month IN @months GROUP BY village_id, household_id) t
		JOIN households h ON h.village_id = t.village_id AND h.id = t.household_id GROUP BY t.village_id`,
		with(r.end(), r.end(), r.end(), r.end(), r.end(), r.end(), r.ids, r.months)...)
}

// readPassbooks reads what is unspent now, and who began in the quarter.
func (r *reader) readPassbooks() error {
	return r.each(func(row db.Scanner) error {
		var id int64
		var t Tally
		err := row.Scan(&id, &t.Outstanding, &t.New)
		r.rows[id].Tally.Add(t)
		return err
	}, "SELECT village_id, SUM(balance), SUM(first_month IN @months) FROM passbooks WHERE village_id IN @villages GROUP BY village_id", with(r.months, r.ids)...)
}

// readLater takes back what was posted for the months after the quarter, so
// that unspent stands as it stood at its end. For the current quarter there is
// nothing to read; closed quarters keep their number.
func (r *reader) readLater() error {
	last := r.q.Months()[2]
	if last >= r.at.Month() {
		return nil
	}
	return r.each(func(row db.Scanner) error {
		var id int64
		var later models.Points
		err := row.Scan(&id, &later)
		r.rows[id].Tally.Outstanding -= later
		return err
	}, "SELECT village_id, SUM(points) FROM entries WHERE village_id IN @villages AND month > ? GROUP BY village_id", with(r.ids, int64(last))...)
}
