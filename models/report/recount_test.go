package report_test

import (
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/report"
)

// line is an entry as it stands in the table.
type line struct {
	home, seq, kind, points, honour, fen, category, late, cause, posted int64
	month                                                               models.Month
}

type roof struct {
	id, created, left  int64
	residence, joining string
}

// recount works a village's quarter out again the slow way: from every entry
// and every row, one after the other, without the kept sums.
func (w *world) recount(village int64, q models.Quarter) (t report.Tally, byKey map[string]report.Category) {
	now := w.clock.Now()
	lines, kinds := w.lines(village)
	inQuarter := func(m models.Month) bool { return m.Quarter() == q }
	t.Villages = 1
	acts, visits := map[int64]int64{}, map[int64]int64{}
	first := map[int64]models.Month{}
	keys := w.keys(village)
	byKey = map[string]report.Category{}
	perKey := map[string]map[int64]int64{}
	for _, l := range lines {
		if l.month <= q.Months()[2] {
			t.Outstanding += models.Points(l.points)
		}
		kind, sign := l.kind, int64(1)
		if kind == 4 {
			kind, sign = kinds[[2]int64{l.home, l.cause}], -1
		}
		if l.kind == 1 && (first[l.home] == 0 || l.month < first[l.home]) {
			first[l.home] = l.month
		}
		if !inQuarter(l.month) {
			continue
		}
		key := keys[l.category]
		c := byKey[key]
		switch kind {
		case 1:
			acts[l.home] += sign
			t.Acts += sign
			t.Late += sign * l.late
			t.Earned += models.Points(l.points)
			t.EarnedFen += models.Fen(l.fen)
			c.Acts += sign
			c.Late += sign * l.late
			c.Earned += models.Points(l.points)
			c.EarnedFen += models.Fen(l.fen)
			if perKey[key] == nil {
				perKey[key] = map[int64]int64{}
			}
			perKey[key][l.home] += sign
		case 2:
			t.Deducted -= models.Points(l.honour)
			c.Deducted -= models.Points(l.honour)
		case 3:
			visits[l.home] += sign
			t.Visits += sign
			t.Spent -= models.Points(l.points)
			t.SpentFen -= models.Fen(l.fen)
		}
		if kind == 1 || kind == 2 {
			byKey[key] = c
		}
	}
	for key, homes := range perKey {
		c := byKey[key]
		for _, n := range homes {
			if n > 0 {
				c.Households++
			}
		}
		byKey[key] = c
	}
	for _, m := range first {
		if inQuarter(m) {
			t.New++
		}
	}
	for _, n := range acts {
		if n > 0 {
			t.Active++
		}
	}
	for _, n := range visits {
		if n > 0 {
			t.Redeemers++
		}
	}
	t.OutstandingFen = rates[w.index(village)].Fen(t.Outstanding)
	rollFrom := w.recountRoll(&t, village, q, acts)
	w.recountOpenness(&t, village, q, now, lines, kinds, rollFrom)
	return t, byKey
}

func (w *world) recountRoll(t *report.Tally, village int64, q models.Quarter, acts map[int64]int64) models.Date {
	end := int64(q.End().Start())
	var all []roof
	early := false
	from := models.Date("")
	w.must(w.d.Stmts(w.ctx).Each(func(row db.Scanner) error {
		var r roof
		err := row.Scan(&r.id, &r.created, &r.left, &r.residence, &r.joining)
		if r.left == 0 || r.left >= end {
			all = append(all, r)
			early = early || r.created < end
			if day := models.Millis(r.created).Day(); from == "" || day < from {
				from = day
			}
		}
		return err
	}, "SELECT id, created_at, left_at, residence, joining FROM households WHERE village_id = ?", village))
	for _, r := range all {
		if early && r.created >= end {
			continue
		}
		t.Roll++
		acted := acts[r.id] > 0
		if acted {
			t.Participants++
		}
		if r.residence == "resident" {
			t.Resident++
			if acted {
				t.ResidentParticipants++
			}
		}
		if r.joining == "out" {
			t.StayedOut++
		}
	}
	return from
}

// recountOpenness judges rules, notices, prices, exchanges and seals day by day.
func (w *world) recountOpenness(t *report.Tally, village int64, q models.Quarter, now models.Millis, lines []line, kinds map[[2]int64]int64, rollFrom models.Date) {
	today := now.Day()
	var rules []models.Date
	for _, s := range w.texts("SELECT in_force_from FROM versions WHERE village_id = ?", village) {
		if d := models.Date(s); d < q.End() && d <= today {
			rules = append(rules, d)
			t.WithRules = 1
		}
	}
	for _, s := range w.texts("SELECT from_day FROM prices WHERE village_id = ?", village) {
		if d := models.Date(s); d < q.End() && d <= today {
			t.WithPrices = 1
		}
	}
	hung := map[models.Date]bool{}
	for _, n := range w.numbers("SELECT hung_at FROM notices WHERE village_id = ? AND kind = 'award' AND hung_at > 0", village) {
		day := models.Millis(n).Day()
		hung[day] = true
		if day >= q.Start() && day < q.End() {
			t.WithNotice = 1
		}
	}
	net := map[models.Month]int64{}
	for _, l := range lines {
		switch {
		case l.kind == 3:
			net[l.month]++
		case l.kind == 4 && kinds[[2]int64{l.home, l.cause}] == 3:
			net[l.month]--
		}
	}
	opened := map[models.Month]bool{}
	for m, n := range net {
		opened[m] = n > 0
	}
	for _, n := range w.numbers("SELECT opened_at FROM openings WHERE village_id = ?", village) {
		if m := models.Millis(n).Month(); m.Quarter() <= q {
			opened[m] = true
		}
	}
	rhythm := rhythms[w.index(village)]
	held, judged := true, false
	for _, last := range q.Months() {
		if (int(last)%100)%rhythm != 0 {
			continue
		}
		kept := false
		for i := range rhythm {
			kept = kept || opened[last.Add(-i)]
		}
		if kept {
			judged = true
		} else if last < now.Month() {
			held = false
		}
		begun := false
		for _, d := range rules {
			begun = begun || d < last.Add(1).First()
		}
		if !begun {
			continue
		}
		posted := false
		due := last.Add(1).First().AddDays(10)
		for day := last.Add(1 - rhythm).First().AddDays(10); day < due; day = day.AddDays(1) {
			posted = posted || hung[day]
		}
		if posted {
			t.OnTime++
			t.Periods++
		} else if today >= due {
			t.Periods++
		}
	}
	if now.Month() < q.Months()[0] {
		held = false
	} else if held && !judged {
		last := min(now.Month(), q.Months()[2])
		held = false
		for i := range rhythm + 1 {
			held = held || opened[last.Add(-i)]
		}
	}
	if held {
		t.WithExchange = 1
	}
	if t.WithRules == 1 && t.WithNotice == 1 && t.WithPrices == 1 && t.WithExchange == 1 {
		t.Covered = 1
	}
	sealed := map[string]bool{}
	for _, s := range w.texts("SELECT day FROM seals WHERE village_id = ?", village) {
		sealed[s] = true
	}
	for day := q.Start(); rollFrom != "" && day < q.End() && day < today; day = day.AddDays(1) {
		if day >= rollFrom {
			t.Days++
			if sealed[string(day)] {
				t.Sealed++
			}
		}
	}
}

func (w *world) lines(village int64) ([]line, map[[2]int64]int64) {
	var list []line
	kinds := map[[2]int64]int64{}
	w.must(w.d.Stmts(w.ctx).Each(func(row db.Scanner) error {
		var l line
		err := row.Scan(&l.home, &l.seq, &l.kind, &l.points, &l.honour, &l.fen, &l.category, &l.late, &l.cause, &l.posted, &l.month)
		list = append(list, l)
		kinds[[2]int64{l.home, l.seq}] = l.kind
		return err
	}, "SELECT household_id, seq, kind, points, honour, fen, category_id, late, cause, posted_at, month FROM entries WHERE village_id = ?", village))
	return list, kinds
}

func (w *world) keys(village int64) map[int64]string {
	keys := map[int64]string{}
	w.must(w.d.Stmts(w.ctx).Each(func(row db.Scanner) error {
		var id int64
		var key string
		err := row.Scan(&id, &key)
		keys[id] = key
		return err
	}, "SELECT id, county_key FROM categories WHERE village_id = ?", village))
	return keys
}

func (w *world) texts(query string, args ...any) (list []string) {
	w.must(w.d.Stmts(w.ctx).Each(func(row db.Scanner) error {
		var s string
		err := row.Scan(&s)
		list = append(list, s)
		return err
	}, query, args...))
	return list
}

func (w *world) numbers(query string, args ...any) (list []int64) {
	w.must(w.d.Stmts(w.ctx).Each(func(row db.Scanner) error {
		var n int64
		err := row.Scan(&n)
		list = append(list, n)
		return err
	}, query, args...))
	return list
}
