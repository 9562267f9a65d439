package award_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

func TestCapSaysWhatIsUsedAndLeavesAPartOnlyWhenAsked(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 2)
	w.adopt(scheme.Adoption{}, rule("捐款", "+", 5, scheme.Cap{Points: 1200, Period: "year"}), rule("开会", "+", 2, scheme.Cap{Times: 2, Period: "month", Per: "member"}))
	w.give(w.ask(0, "捐款", "2026-03-01"), w.ask(0, "捐款", "2026-05-01"))
	_, err := w.record(w.ask(0, "捐款", ""))
	if want := "cap_reached: “捐款”每户每年最多 12 分，已记 10 分，这次没有记分；还可以记 2 分"; say(err) != want {
		t.Errorf("got %s, want %s", say(err), want)
	}
	w.give(w.ask(0, "捐款", "2025-12-31"))
	part := w.ask(0, "捐款", "")
	part.Part = true
	if a := w.give(part)[0]; a.Points != 200 {
		t.Errorf("took %s of what was left", a.Points)
	}
	if _, err := w.record(part); !errors.Is(err, award.ErrCap) {
		t.Errorf("took a part of nothing: %v", err)
	}
	if _, err := w.record(w.ask(0, "开会", "")); !strings.Contains(say(err), "请选是家里哪一位") {
		t.Errorf("got %s", say(err))
	}
	a, b := w.ask(0, "开会", ""), w.ask(0, "开会", "")
	a.Member, b.Member = w.member(0, "马少明"), w.member(0, "马小红")
	a.Quantity = 200
	w.give(a, b)
	a.Quantity = 100
	if _, err := w.record(a); !errors.Is(err, award.ErrCap) {
		t.Errorf("a third time: %v", err)
	}
	b.Quantity, b.Part = 300, true
	if got := w.give(b)[0]; got.Quantity != models.One || got.Points != 200 {
		t.Errorf("took %s times, %s points", got.Quantity, got.Points)
	}
}

func TestTwoRecordersAtOnceCannotOverrunACap(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{}, rule("捐款", "+", 5, scheme.Cap{Times: 3, Period: "year", Group: "公益"}), rule("捐物", "+", 3, scheme.Cap{Times: 3, Period: "year", Group: "公益"}))
		for round := range 4 {
			var all sync.WaitGroup
			var won, full atomic.Int64
			for i := range 12 {
				ask := w.ask(0, []string{"捐款", "捐物"}[i%2], models.Date([]string{"2026-01-05", "2026-06-05", "2025-12-20", "2026-11-05"}[round]))
				all.Go(func() {
					switch _, err := award.Record(t.Context(), d, db.NewOpID(), w.he, ask); {
					case err == nil:
						won.Add(1)
					case errors.Is(err, award.ErrCap):
						full.Add(1)
					case !errors.Is(err, models.ErrBusy):
						t.Error(say(err))
					}
				})
			}
			all.Wait()
			want := int64(3)
			if round == 1 || round == 3 { // the year was used up in round 0
				want = 0
			}
			if won.Load() > want || full.Load() == 0 {
				t.Errorf("round %d: %d recorded, %d refused, at most %d may be", round, won.Load(), full.Load(), want)
			}
			if have, _ := award.ByHousehold(t.Context(), d, w.homes[0], models.Cursor{}); int64(len(have)) != map[int]int64{0: 3, 1: 3, 2: 6, 3: 6}[round] {
				t.Errorf("round %d: %d awards", round, len(have))
			}
		}
	})
}

func TestRulesOfTheDayCountAndCapsOutliveThem(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 1)
	w.adopt(scheme.Adoption{AdoptedOn: "2026-11-01", Posting: scheme.PostNow}, rule("庭院整洁", "+", 5, scheme.Cap{Times: 3, Period: "year"}))
	old := w.rules["庭院整洁"]
	clock.Set(models.Date("2026-11-20").Start().Add(9 * time.Hour))
	w.give(w.ask(0, "庭院整洁", "2026-11-02"))
	changed := scheme.Draft{Category: "美丽庭院", Rule: old}
	changed.PointsMin, changed.PointsMax = 800, 800
	_, err := scheme.Amend(t.Context(), d, db.NewOpID(), w.he, w.village, []scheme.Change{{Rule: old.ID, Draft: changed}}, scheme.Adoption{AdoptedOn: "2026-11-20"})
	w.must(err)
	w.adopt(scheme.Adoption{AdoptedOn: "2026-11-20"}, rule("新条目", "+", 1))
	// A page drawn before the change, and one drawn after it, both record by the
	// day of the act.
	if a := w.give(award.Ask{Village: w.village, Household: w.homes[0].ID, Rule: old.ID, ActDate: "2026-11-20"})[0]; a.Points != 800 {
		t.Errorf("an act of the new rules earned %s", a.Points)
	}
	if a := w.give(w.ask(0, "庭院整洁", "2026-11-19"))[0]; a.Points != 500 {
		t.Errorf("an act of the old rules earned %s", a.Points)
	}
	if _, err := w.record(w.ask(0, "庭院整洁", "")); !errors.Is(err, award.ErrCap) {
		t.Errorf("the renewed rule forgot its cap: %v", err)
	}
	if _, err := w.record(w.ask(0, "新条目", "2026-11-19")); !errors.Is(err, scheme.ErrNoRules) {
		t.Errorf("an act before its rule: %v", err)
	}
	if _, err := w.record(w.ask(0, "庭院整洁", "2026-10-31")); !errors.Is(err, scheme.ErrNoRules) {
		t.Errorf("an act before all rules: %v", err)
	}
}
