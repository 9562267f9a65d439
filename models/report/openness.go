package report

import (
	"pointstore/models"
	"pointstore/models/db"
)

// until is the first day that does not count: after the quarter, or tomorrow.
func (r *reader) until() models.Date { return min(r.q.End(), r.at.Day().AddDays(1)) }

// readRules finds since when the village has rules in force.
func (r *reader) readRules() error {
	return r.each(func(row db.Scanner) error {
		var id int64
		var from models.Date
		err := row.Scan(&id, &from)
		r.facts[id].rules = from
		r.rows[id].Tally.WithRules = 1
		return err
	}, "SELECT village_id, MIN(in_force_from) FROM versions WHERE village_id IN @villages AND in_force_from < ? GROUP BY village_id", with(r.ids, string(r.until()))...)
}

// readPrices finds the villages with a price for something on the shelf.
func (r *reader) readPrices() error {
	return r.each(func(row db.Scanner) error {
		var id int64
		err := row.Scan(&id)
		r.rows[id].Tally.WithPrices = 1
		return err
	}, `SELECT DISTINCT p.village_id FROM prices p JOIN goods g ON g.village_id = p.village_id AND g.id = p.goods_id
		WHERE p.village_id IN @villages AND p.from_day < ? AND (g.off_at = 0 OR g.off_at >= ?)`, with(r.ids, string(r.until()), int64(r.q.Start().Start()))...)
}

// rhythm is the longest rhythm among the villages in hand.
func (r *reader) rhythm() int {
	longest := 1
	for _, v := range r.rows {
		longest = max(longest, clampRhythm(v.Rhythm))
	}
	return longest
}

// readNotices reads when notices hung, as far as the rhythms ask. A notice can
// hang in the year after the one it is numbered in.
func (r *reader) readNotices() error {
	from, to := reach(r.rhythm(), r.q).First().Start(), r.q.End().AddDays(dueDay).Start()
	year := int64(r.q) / 10
	return r.each(func(row db.Scanner) error {
		var id int64
		var at models.Millis
		err := row.Scan(&id, &at)
		r.facts[id].hung = append(r.facts[id].hung, at)
		if at >= r.q.Start().Start() && at < r.q.End().Start() {
			r.rows[id].Tally.WithNotice = 1
		}
		return err
	}, `SELECT village_id, hung_at FROM notices WHERE village_id IN @villages AND kind = 'award' AND year IN (?, ?, ?, ?) AND hung_at >= ? AND hung_at < ?`,
		with(r.ids, year-2, year-1, year, year+1, int64(from), int64(to))...)
}

// readExchanges reads the months in which something was redeemed.
func (r *reader) readExchanges() error {
	months := []any{}
	for m := reach(r.rhythm(), r.q); m <= r.q.Months()[2]; m = m.Add(1) {
		months = append(months, int64(m))
	}
	return r.each(func(row db.Scanner) error {
		var id int64
		var m models.Month
		err := row.Scan(&id, &m)
		r.facts[id].exchanges[m] = true
		return err
	}, "SELECT village_id, month FROM village_months WHERE village_id IN @villages AND month IN ("+db.Holes(len(months))+") GROUP BY village_id, month HAVING SUM(visits) > 0",
		with(r.ids, months)...)
}

// readOpenings reads when counters opened, for the villages that redemptions
// alone do not clear: an opening to which nobody came is an exchange held.
func (r *reader) readOpenings() error {
	var ids []any
	for id, v := range r.rows {
		if !r.held(v) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return r.on.Each(func(row db.Scanner) error {
		var id int64
		var at models.Millis
		err := row.Scan(&id, &at)
		r.facts[id].exchanges[at.Month()] = true
		return err
	}, "SELECT village_id, opened_at FROM openings WHERE village_id IN ("+db.Holes(len(ids))+") AND opened_at >= ? AND opened_at < ?",
		with(ids, int64(reach(r.rhythm(), r.q).First().Start()), r.end())...)
}

func (r *reader) held(v *VillageRow) bool {
	return keptRhythm(v.Rhythm, r.q, r.at.Month(), func(m models.Month) bool { return r.facts[v.ID].exchanges[m] })
}

// sealSpan are the days to be sealed: of the quarter, over, and since the
// village has a roll; half-open.
func sealSpan(q models.Quarter, at models.Millis, roll models.Date) (from, to models.Date) {
	from, to = max(q.Start(), roll), min(q.End(), at.Day())
	if roll == "" || from > to {
		return to, to
	}
	return from, to
}

func days(from, to models.Date) int64 { return int64(to.Start()-from.Start()) / (24 * 60 * 60 * 1000) }

// readSeals counts the sealed days. Villages nearly always share the first day,
// so this is one statement.
func (r *reader) readSeals() error {
	since := map[models.Date][]any{}
	for id := range r.rows {
		from, _ := sealSpan(r.q, r.at, r.facts[id].rollFrom)
		since[from] = append(since[from], id)
	}
	for from, ids := range since {
		err := r.on.Each(func(row db.Scanner) error {
			var id, n int64
			err := row.Scan(&id, &n)
			r.rows[id].Tally.Sealed = n
			return err
		}, "SELECT village_id, COUNT(*) FROM seals WHERE village_id IN ("+db.Holes(len(ids))+") AND day >= ? AND day < ? GROUP BY village_id",
			with(ids, string(from), string(min(r.q.End(), r.at.Day())))...)
		if err != nil {
			return err
		}
	}
	return nil
}

// judge settles what follows from the facts.
func (r *reader) judge(v *VillageRow, f *facts) {
	t := &v.Tally
	t.OutstandingFen = v.Rate.Fen(t.Outstanding)
	if r.held(v) {
		t.WithExchange = 1
	}
	t.Covered = t.WithRules * t.WithNotice * t.WithPrices * t.WithExchange
	for _, p := range postings(v.Rhythm, r.q, r.at, f.rules, f.hung) {
		t.Periods++
		if p.hung != 0 {
			t.OnTime++
		}
	}
	from, to := sealSpan(r.q, r.at, f.rollFrom)
	t.Days = days(from, to)
}
