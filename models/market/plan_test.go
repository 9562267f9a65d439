package market_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

func TestPlanBecomesAnOpeningOnItsDay(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		today := clock.Now().Day()
		form := market.PlanForm{Village: w.village, Counter: w.counter, Day: today, From: "09:00", Until: "11:30", Place: "三组文化大院"}
		p, err := market.AddPlan(w.ctx, d, db.NewOpID(), w.clerk, form)
		w.must(err)
		form.From, form.Until = "11:00", "12:00"
		if _, err := market.AddPlan(w.ctx, d, db.NewOpID(), w.clerk, form); !errors.Is(err, market.ErrPlanTwice) {
			t.Fatalf("the same hours twice: %v", err)
		}
		form.Day = today.AddDays(7)
		next, err := market.AddPlan(w.ctx, d, db.NewOpID(), w.clerk, form)
		w.must(err)
		if _, err := market.OpenPlanned(w.ctx, d, db.NewOpID(), w.clerk, w.village, w.counter, next.ID); !errors.Is(err, market.ErrPlanGone) {
			t.Fatalf("next week's opened today: %v", err)
		}
		o, err := market.OpenPlanned(w.ctx, d, db.NewOpID(), w.clerk, w.village, w.counter, p.ID)
		w.must(err)
		if got, err := market.GetPlan(w.ctx, d, w.village, p.ID); err != nil || got.State != market.PlanOpened || got.Opening != o.ID {
			t.Fatalf("it is %+v, %v", got, err)
		}
		if err := market.DropPlan(w.ctx, d, db.NewOpID(), w.clerk, w.village, p.ID); !errors.Is(err, market.ErrPlanGone) {
			t.Fatalf("dropped after it was opened: %v", err)
		}
		left, err := market.Plans(w.ctx, d, w.village, today)
		w.must(err)
		if len(left) != 1 || left[0].ID != next.ID || left[0].CounterName != "中心兑换点" {
			t.Fatalf("announced are %+v", left)
		}
	})
}

func TestDayWarningsKnowOnlyWhatWasEntered(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	boss := models.Actor{Account: models.NewID(), Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	list := []market.Festival{{Name: "秋收", From: "2027-09-20", Until: "2027-10-05"}, {Name: "古尔邦节", From: "2027-05-16"}}
	if err := market.SaveFestivals(w.ctx, d, db.NewOpID(), w.chen, list); models.KindOf(err) != models.Forbidden {
		t.Fatalf("the committee heard %v", err)
	}
	w.must(market.SaveFestivals(w.ctx, d, db.NewOpID(), boss, list))
	list, err := market.Festivals(w.ctx, d)
	w.must(err)
	for day, want := range map[models.Date]int{"2027-05-16": 1, "2027-05-15": 1, "2027-05-17": 0, "2027-10-01": 2, "2027-10-05": 1, "2027-10-06": 0, "2027-02-06": 0, "2028-05-16": 0, "2028-01-01": 1} {
		if got := market.DayWarnings(list, day); len(got) != want {
			t.Errorf("%s: %q", day, got)
		}
	}
	if !market.FestivalsKnown(list, "2027-12-31") || market.FestivalsKnown(list, "2028-01-02") {
		t.Error("the years that are known are wrong")
	}
}
