package report_test

import (
	"errors"
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/report"
	"pointstore/models/village"
)

// runs sets how many random histories the next rapid.Check tells.
func runs(n int) { flag.Set("rapid.checks", fmt.Sprint(n)) }

// TestQuarterlyEqualsARecountOfTheEntries tells random histories of a city and
// compares every number of every village and quarter with a recount by hand,
// every level with the sum of the one below, and every opened number with its
// cell. It runs on both databases.
func TestQuarterlyEqualsARecountOfTheEntries(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		runs(12)
		if d.Dialect == db.MySQL {
			runs(3)
		}
		rapid.Check(t, func(rt *rapid.T) {
			w := newWorld(rt, d, clock)
			closed := w.history(rt)
			opened := models.Quarter(20260 + rapid.IntRange(1, 4).Draw(rt, "opened"))
			for _, q := range []models.Quarter{20261, 20262, 20263, 20264} {
				w.compare(q, closed, q == opened)
			}
		})
	})
}

type closedKey struct {
	village int64
	q       models.Quarter
}

// history lives through most of a year. It returns the tallies that villages
// had when they closed a quarter.
func (w *world) history(rt *rapid.T) map[closedKey]report.Tally {
	closed := map[closedKey]report.Tally{}
	w.clock.Set(at("2026-01-03 09:00:00.000"))
	for range rapid.IntRange(20, 90).Draw(rt, "steps") {
		w.clock.Add(time.Duration(rapid.IntRange(0, 240).Draw(rt, "hours")) * time.Hour)
		v := w.village[rapid.IntRange(0, 4).Draw(rt, "village")]
		w.step(rt, v, closed)
	}
	return closed
}

func (w *world) step(rt *rapid.T, v int64, closed map[closedKey]report.Tally) {
	now := w.clock.Now()
	homes := w.homes[v]
	if len(homes) == 0 {
		for range rapid.IntRange(1, 4).Draw(rt, "homes") {
			w.home(v, rapid.SampledFrom([]string{"resident", "resident", "away", "empty"}).Draw(rt, "residence"))
		}
		return
	}
	h := homes[rapid.IntRange(0, len(homes)-1).Draw(rt, "home")]
	points := models.Points(rapid.IntRange(1, 30).Draw(rt, "points") * 50)
	act := now.Day().AddDays(-rapid.IntRange(0, 40).Draw(rt, "ago"))
	entry := ledger.Entry{Household: models.Household{ID: h}, ActDate: act, Category: w.kinds[v][rapid.IntRange(0, 3).Draw(rt, "category")], Late: rapid.Bool().Draw(rt, "late")}
	var err error
	switch rapid.IntRange(0, 22).Draw(rt, "what") {
	case 0:
		w.home(v, rapid.SampledFrom([]string{"resident", "away"}).Draw(rt, "residence"))
	case 1:
		w.exec("UPDATE households SET left_at = ?, version = version + 1 WHERE village_id = ? AND id = ?", int64(now), v, h)
	case 2:
		w.exec("UPDATE households SET joining = 'out', version = version + 1 WHERE village_id = ? AND id = ?", v, h)
	case 3:
		w.rules(v, act)
	case 4, 5:
		w.notice(v, now)
	case 6:
		w.price(v, act)
	case 7:
		w.opening(v, now)
	case 8:
		_, err = ledger.Seal(w.ctx, w.d, v)
	case 9:
		entry.Kind, entry.Honour = ledger.Deduct, -points
		_, err = w.post(v, entry)
	case 10:
		entry.Kind, entry.Points, entry.Honour, entry.Category = rapid.SampledFrom([]ledger.Kind{ledger.Opening, ledger.Gift}).Draw(rt, "kind"), points, 0, 0
		_, err = w.post(v, entry)
	case 11, 12, 13:
		_, err = w.redeem(v, h, points)
	case 14, 15:
		err = w.reverse(v, h, int64(rapid.IntRange(1, 6).Draw(rt, "seq")))
	case 16:
		w.tryClose(v, closed)
	case 17: // somebody looks: what was counted now must not be shown later
		_, err = report.Quarterly(w.ctx, w.d, w.city, now.Month().Quarter())
	default:
		entry.Kind, entry.Points, entry.Honour = ledger.Award, points, points
		_, err = w.post(v, entry)
	}
	var refused *models.Error
	if err != nil && !errors.As(err, &refused) {
		rt.Fatalf("%v", err)
	}
}

// tryClose closes the first quarter that can be closed, if any can.
func (w *world) tryClose(v int64, closed map[closedKey]report.Tally) {
	for q := models.Quarter(20261); q <= 20263; q++ {
		if _, done := closed[closedKey{v, q}]; done {
			continue
		}
		want, _ := w.recount(v, q)
		_, err := report.Close(w.ctx, w.d, db.NewOpID(), mayIn(models.Committee, v), v, q, ledger.CloseMonth)
		if err == nil {
			want.Returned = 1
			closed[closedKey{v, q}] = want
		}
		return
	}
}

// compare checks one quarter at every level; open says that every number is
// opened too.
func (w *world) compare(q models.Quarter, closed map[closedKey]report.Tally, open bool) {
	levels := map[int64]report.Tally{}
	for i, v := range w.village {
		want, byKey := w.recount(v, q)
		kept, isClosed := closed[closedKey{v, q}]
		if isClosed {
			want = kept
		}
		s, err := report.Detailed(w.ctx, w.d, v, q)
		w.must(err)
		if s.Sum != want {
			w.f.Fatalf("%s of village %d (closed %v):\n got %+v\nwant %+v", q, i, isClosed, s.Sum, want)
		}
		if !isClosed {
			w.compareCategories(s, byKey)
		}
		if open {
			w.compareDrills(s, isClosed)
		}
		for _, up := range []int64{w.town[townOf[i]], w.county[countyOf[townOf[i]]], w.city} {
			sum := levels[up]
			sum.Add(want)
			levels[up] = sum
		}
	}
	for area, want := range levels {
		s, err := report.Detailed(w.ctx, w.d, area, q)
		w.must(err)
		if s.Sum != want {
			w.f.Fatalf("%s of the %s:\n got %+v\nwant %+v", q, s.Level, s.Sum, want)
		}
		w.compareGroups(s)
		if open {
			w.compareDrills(s, false)
		}
	}
}

func (w *world) compareCategories(s report.Sheet, want map[string]report.Category) {
	for _, c := range s.Villages[0].Gathered {
		o := want[c.Key]
		o.Key, o.Name = c.Key, c.Name
		if c != o {
			w.f.Fatalf("category %q:\n got %+v\nwant %+v", c.Key, c, o)
		}
	}
}

// compareGroups checks that each way of grouping adds up to the whole.
func (w *world) compareGroups(s report.Sheet) {
	for _, by := range []string{report.ByArea, report.ByTownship, report.ByClass, report.BySponsor} {
		groups := s.Grouped(by)
		if len(groups) == 0 {
			continue
		}
		var sum report.Tally
		acts := int64(0)
		for _, g := range groups {
			sum.Add(g.Tally)
			for _, c := range g.Categories {
				acts += c.Acts
			}
		}
		if sum != s.Sum || acts != s.Sum.Acts {
			w.f.Fatalf("the %s groups of the %s do not add up:\n got %+v\nwant %+v", by, s.Level, sum, s.Sum)
		}
	}
}

// compareDrills opens every number, walks all its pages and compares.
func (w *world) compareDrills(s report.Sheet, moved bool) {
	for _, i := range report.Indicators {
		filters := []report.Filter{{}}
		if i.Key == "acts" || i.Key == "active" || i.Key == "breadth" || i.Key == "deducted" || i.Key == "late_entries" {
			for _, c := range s.Categories {
				filters = append(filters, report.Filter{Category: c.Filter()})
			}
		}
		if s.Level != "village" {
			filters = append(filters, report.Filter{By: report.ByClass, Key: "improve"})
		}
		for _, f := range filters {
			d := w.walk(s.Area, s.Quarter, i.Key, f)
			if d.Total != d.Cell && !(moved && d.Moved) {
				w.f.Fatalf("%s %s %v of the %s: rows add up to %v, the cell says %v", s.Quarter, i.Key, f, s.Level, d.Total, d.Cell)
			}
			if want := (report.Part{Num: i.Num(s.Sum), Den: i.Den(s.Sum)}); f == (report.Filter{}) && d.Cell != want {
				w.f.Fatalf("%s: the opened cell says %v, the sheet %v", i.Key, d.Cell, want)
			}
		}
	}
}

// walk reads all pages and checks that Total is what their rows add up to.
func (w *world) walk(area int64, q models.Quarter, key string, f report.Filter) report.Drill {
	var sum report.Part
	after := ""
	for {
		d, err := report.Open(w.ctx, w.d, area, q, key, f, after)
		w.must(err)
		for _, r := range d.Rows {
			sum.Num += r.Num
			sum.Den += r.Den
		}
		if after = d.Next; after == "" {
			if sum != d.Total {
				w.f.Fatalf("%s %v: the pages add up to %v, Total says %v", key, f, sum, d.Total)
			}
			return d
		}
	}
}

// TestQuarterlySeesEveryChangeOfAHousehold looks before and after each change
// that the village makes to a household: what was counted once must not be
// shown again after the roll has changed.
func TestQuarterlySeesEveryChangeOfAHousehold(t *testing.T) {
	w := openWorld(t)
	v, by := w.village[0], mayIn(models.Committee, w.village[0])
	w.clock.Set(at("2026-08-10 09:00:00.000"))
	first, second := models.Household{Village: v, ID: w.home(v, "resident")}, models.Household{Village: v, ID: w.home(v, "resident")}
	w.award(v, first.ID, 100, 0, "2026-08-09")
	w.award(v, second.ID, 100, 0, "2026-08-09")
	look := func(when string, participants, roll, residents int64) {
		t.Helper()
		s, err := report.Quarterly(w.ctx, w.d, w.city, 20263)
		w.must(err)
		if s.Sum.Participants != participants || s.Sum.Roll != roll || s.Sum.ResidentParticipants != residents || s.Sum.Active != 2 {
			t.Errorf("%s: %+v", when, s.Sum)
		}
	}
	look("at first", 2, 2, 2)
	home, err := village.GetHome(w.ctx, w.d, first)
	w.must(err)
	form := home.Form()
	form.Residence = "away"
	w.must(village.SaveHome(w.ctx, w.d, db.NewOpID(), by, form))
	look("after one went away", 2, 2, 1)
	w.must(village.Leave(w.ctx, w.d, db.NewOpID(), by, second, "搬到县城"))
	look("after the other left", 1, 1, 0)
}

// TestQuarterlyDrawsTheLineAtTheLastMillisecond has households come and go at
// the very edge of the quarter.
func TestQuarterlyDrawsTheLineAtTheLastMillisecond(t *testing.T) {
	end := models.Quarter(20263).End().Start()
	for _, c := range []struct {
		name          string
		created, left models.Millis
		roll          int64
	}{
		{"entered with the last moment", end - 1, 0, 2},
		{"entered a moment later", end, 0, 1},
		{"left with the last moment", 1, end - 1, 1},
		{"left a moment later", 1, end, 2},
	} {
		w := openWorld(t)
		v := w.village[0]
		w.clock.Set(at("2026-07-01 00:00:00.000"))
		w.home(v, "resident")
		h := w.home(v, "resident")
		w.award(v, h, 100, 0, "2026-07-01")
		w.exec("UPDATE households SET created_at = ?, left_at = ? WHERE village_id = ? AND id = ?", int64(c.created), int64(c.left), v, h)
		w.clock.Set(end + 1000)
		s, err := report.Quarterly(w.ctx, w.d, v, 20263)
		w.must(err)
		if s.Sum.Roll != c.roll || s.Sum.Participants != c.roll-1 {
			t.Errorf("%s: %d of %d on the roll took part, want %d of %d", c.name, s.Sum.Participants, s.Sum.Roll, c.roll-1, c.roll)
		}
	}
}

// TestQuarterlyOfAVillageThatBeganLateUsesTheRollItLoaded: a roll loaded after
// the quarter's end is the roll of the acts written up for it.
func TestQuarterlyOfAVillageThatBeganLateUsesTheRollItLoaded(t *testing.T) {
	w := openWorld(t)
	v := w.village[0]
	w.clock.Set(at("2026-10-03 09:00:00.000"))
	h := w.home(v, "resident")
	w.home(v, "resident")
	w.award(v, h, 100, 0, "2026-09-29")
	s, err := report.Quarterly(w.ctx, w.d, v, 20263)
	w.must(err)
	if s.Sum.Roll != 2 || s.Sum.Participants != 1 || s.Sum.Days != 0 {
		t.Errorf("%+v", s.Sum)
	}
}
