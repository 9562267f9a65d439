package award_test

import (
	"reflect"
	"testing"

	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

// board hangs what waits and reads the wall, without what differs between any
// two notices: who they are and when.
func (w *world) board() award.Poster {
	w.t.Helper()
	n, err := award.MakeNotice(w.t.Context(), w.d, db.NewOpID(), w.he, w.village)
	w.must(err)
	_, err = award.HangNotice(w.t.Context(), w.d, db.NewOpID(), w.he, w.village, n.ID, "村口", 0)
	w.must(err)
	p, err := award.GetPoster(w.t.Context(), w.d, w.village, n.ID)
	w.must(err)
	p.Notice.ID, p.Village, p.Digest = 0, 0, nil
	p.All = award.Sum{} // the committee's own
	for i := range p.Lines {
		p.Lines[i].ID = 0 // minted, so never the same twice
	}
	return p
}

// Whoever reads the wall must not be able to tell a notice on which one or two
// households have something private from one where nobody has: neither from the
// lines nor by taking totals apart.
func TestNoticeTellsNothingOfWhatOneOrTwoHouseholdsHavePrivate(t *testing.T) {
	private := func(homes ...int) award.Poster {
		d, _ := modelstest.Open(t)
		w := newWorld(t, d, 4)
		quiet := rule("调解纠纷", "+", 10)
		quiet.Category, quiet.Private = "和睦邻里", true
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5), quiet)
		w.give(w.ask(0, "庭院整洁", ""))
		for _, h := range homes {
			w.give(w.ask(h, "调解纠纷", ""))
		}
		return w.board()
	}
	nobody := private()
	if len(nobody.Lines) != 1 || nobody.Households != 1 {
		t.Fatalf("%+v", nobody)
	}
	for name, homes := range map[string][]int{"the only household listed": {0}, "twice the same": {0, 0}, "another": {1}, "two": {0, 2}} {
		if got := private(homes...); !reflect.DeepEqual(got, nobody) {
			t.Errorf("%s shows:\n%+v\nwant\n%+v", name, got, nobody)
		}
	}
	if got := private(0, 1, 2); got.Kept != (award.Kept{Awards: 3, Points: 3000}) || got.Points != nobody.Points || !reflect.DeepEqual(got.Categories, nobody.Categories) {
		t.Errorf("of three households only their sum may be told: %+v", got)
	}
}
