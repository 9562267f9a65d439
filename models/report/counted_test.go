package report_test

import (
	"testing"

	"pointstore/models/report"
)

// What was counted once is counted again as soon as an entry is posted, taken
// back, or a category counts under another of the county's.
func TestHouseholdsPerCategoryFollowEveryChange(t *testing.T) {
	w := openWorld(t)
	v := w.village[0]
	w.clock.Set(at("2026-08-03 09:00:00.000"))
	a, b := w.home(v, "resident"), w.home(v, "resident")
	count := func(when string, own, county int64) {
		t.Helper()
		s, err := report.Detailed(t.Context(), w.d, v, 20263)
		w.must(err)
		if got := s.Villages[0].Own[0].Households; got != own {
			t.Errorf("%s: %d households in the village's category, want %d", when, got, own)
		}
		up, err := report.Detailed(t.Context(), w.d, w.city, 20263)
		w.must(err)
		if got := up.Categories[0].Households; got != county {
			t.Errorf("%s: %d households in the county's category, want %d", when, got, county)
		}
	}
	count("nothing posted", 0, 0)
	w.award(v, a, 500, 0, "2026-08-01")
	count("one act", 1, 1)
	w.award(v, a, 500, 2, "2026-08-01") // another category of the village's, the same of the county's
	count("the same household in two", 1, 1)
	e := w.award(v, b, 500, 0, "2026-08-02")
	count("a second household", 2, 2)
	w.must(w.reverse(v, b, e.Seq))
	count("taken back", 1, 1)
	w.award(v, b, 500, 2, "2026-08-02")
	count("under the other category", 1, 2)
	w.exec("UPDATE categories SET county_key = 'law' WHERE village_id = ? AND id = ?", v, w.kinds[v][2])
	count("mapped anew", 1, 1)
}
