package award_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

func TestBaseIsHonourOnlyOnceAPeriodForAllWhoTakePart(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 230)
		base := rule("基础分", scheme.Base, 50)
		base.CapPeriod, base.CapTimes, base.CapPer = "quarter", 1, "household"
		w.adopt(scheme.Adoption{}, base, rule("庭院整洁", "+", 5))
		w.set(1, "joining", "out")
		w.he.Kin = w.homes[:1] // equal for all: one's own household gets it too
		today := d.Now().Day()
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := award.GiveBase(t.Context(), d, db.NewOpID(), w.he, w.village, w.rules["基础分"].ID, today); err != nil {
					t.Error(say(err))
				}
			})
		}
		all.Wait()
		for _, h := range []int{0, 2, 199, 200, 229} {
			w.wantBook(h, 0, 5000)
		}
		w.wantBook(1, 0, 0)
		op := db.NewOpID()
		for range 2 { // the second time is the same form once more
			got, err := award.GiveBase(t.Context(), d, op, w.he, w.village, w.rules["基础分"].ID, today)
			if err != nil || got.Households != 0 || got.Before != 229 {
				t.Errorf("%v: %+v", err, got)
			}
		}
		clock.Add(50 * 24 * time.Hour)
		got, err := award.GiveBase(t.Context(), d, db.NewOpID(), w.he, w.village, w.rules["基础分"].ID, d.Now().Day())
		if err != nil || got.Households != 229 || got.Points != 229*5000 {
			t.Errorf("a new quarter: %v, %+v", err, got)
		}
		if _, err := award.GiveBase(t.Context(), d, db.NewOpID(), w.he, w.village, w.rules["庭院整洁"].ID, d.Now().Day()); models.KindOf(err) != models.Input {
			t.Errorf("given for conduct: %v", err)
		}
		if _, err := award.GiveBase(t.Context(), d, db.NewOpID(), w.ma, w.village, w.rules["基础分"].ID, d.Now().Day()); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a grid worker: %v", err)
		}
		w.wantSound()
	})
}

func TestMonthPicksTheBandOfEachHouseholdOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 5)
		bonus := rule("月度先进", "+", 0)
		bonus.BandBy, bonus.Unit = scheme.ByMonth, "月"
		bonus.Bands = []scheme.Band{{At: 1000, Points: 200}, {At: 2000, Points: 500}}
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, bonus, rule("义务修渠", "+", 10), rule("赠送肥皂", scheme.Gift, 90))
		w.give(w.ask(0, "义务修渠", ""), w.ask(0, "义务修渠", ""), w.ask(1, "义务修渠", ""), w.ask(2, "赠送肥皂", ""), w.ask(3, "义务修渠", ""))
		id, m := w.rules["月度先进"].ID, d.Now().Month()
		if _, _, err := award.MonthPreview(t.Context(), d, w.he, w.village, id, m); models.KindOf(err) != models.Input {
			t.Errorf("a month that is not over: %v", err)
		}
		clock.Set(m.Add(1).First().Start())
		w.he.Kin = w.homes[3:4]
		lines, _, err := award.MonthPreview(t.Context(), d, w.he, w.village, id, m)
		w.must(err)
		want := map[int64][2]models.Points{w.homes[0].ID: {2000, 500}, w.homes[1].ID: {1000, 200}, w.homes[2].ID: {0, 0}, w.homes[3].ID: {1000, 200}, w.homes[4].ID: {0, 0}}
		for _, l := range lines {
			if [2]models.Points{l.Score, l.Bonus} != want[l.Home.ID] || l.Had || l.Kin != (l.Home.ID == w.homes[3].ID) {
				t.Errorf("%s: %+v", l.Home.Number, l)
			}
		}
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				_, err := award.RecordMonth(t.Context(), d, db.NewOpID(), w.he, w.village, id, m)
				if err != nil && !errors.Is(err, award.ErrNoneDue) {
					t.Error(say(err))
				}
			})
		}
		all.Wait()
		w.wantBook(0, 2500, 2500)
		w.wantBook(1, 1200, 1200)
		w.wantBook(3, 1000, 1000) // their own: a colleague records it
		w.he.Kin = nil
		done, err := award.RecordMonth(t.Context(), d, db.NewOpID(), w.he, w.village, id, m)
		if err != nil || len(done) != 1 || done[0].Way != award.WayMonth || done[0].Source != int64(m) {
			t.Errorf("%v: %+v", err, done)
		}
		w.wantBook(3, 1200, 1200)
		w.wantSound()
	})
}
