package report_test

import (
	"slices"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/report"
)

// A line of months shows what the quarters add up, month by month, and nothing
// of the villages next door.
func TestMonthsAddUpToTheirQuarter(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		near, far := w.village[0], w.village[4]
		if first, last, err := report.Span(t.Context(), d, w.city); err != nil || first != 0 || last != 0 {
			t.Fatalf("before anything is posted: %v to %v, %v", first, last, err)
		}
		clock.Set(at("2026-07-02 09:00:00.000"))
		home, other := w.home(near, "resident"), w.home(far, "resident")
		for _, day := range []string{"2026-07-20", "2026-08-03", "2026-09-09", "2026-09-28"} {
			clock.Set(at(day + " 09:00:00.000"))
			w.award(near, home, 500, 0, models.Date(day))
		}
		clock.Set(at("2026-10-05 09:00:00.000"))
		w.award(far, other, 700, 0, "2026-10-05")
		if _, err := w.redeem(near, home, 300); err != nil {
			t.Fatal(err)
		}

		list, err := report.Months(t.Context(), d, w.county[0], 202606, 202610)
		if err != nil || len(list) != 5 {
			t.Fatalf("%d months, %v", len(list), err)
		}
		var acts []int64
		var quarter report.Tally
		for _, m := range list {
			acts = append(acts, m.Tally.Acts)
			if m.Month.Quarter() == 20263 {
				quarter.Add(m.Tally)
			}
		}
		if want := []int64{0, 1, 1, 2, 0}; !slices.Equal(acts, want) {
			t.Errorf("acts %v, want %v", acts, want)
		}
		s, err := report.Quarterly(t.Context(), d, w.county[0], 20263)
		if err != nil || s.Sum.Acts != quarter.Acts || s.Sum.Earned != quarter.Earned || s.Sum.EarnedFen != quarter.EarnedFen {
			t.Errorf("months add up to %+v, the quarter is %+v, %v", quarter, s.Sum, err)
		}
		if list[4].Tally.Visits != 1 || list[4].Tally.Spent != 300 {
			t.Errorf("October's exchange: %+v", list[4].Tally)
		}
		if first, last, err := report.Span(t.Context(), d, w.city); err != nil || first != 202607 || last != 202610 {
			t.Errorf("span %v to %v, %v", first, last, err)
		}
	})
}
