package award_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
	"pointstore/models/scheme"
)

// hangAll records one award for everybody n times and hangs them.
func (w *world) hangAll(item string, n int) notice.Notice {
	w.t.Helper()
	var ids []int64
	for _, h := range w.homes {
		ids = append(ids, h.ID)
	}
	for range n {
		w.give(award.Ask{Village: w.village, Households: ids, Rule: w.rules[item].ID})
	}
	made, err := award.MakeNotice(w.t.Context(), w.d, db.NewOpID(), w.he, w.village)
	w.must(err)
	hung, err := award.HangNotice(w.t.Context(), w.d, db.NewOpID(), w.he, w.village, made.ID, "村口", 0)
	w.must(err)
	return hung
}

func TestNoticeOfThreeThousandAwardsIsPostedOnceByTwoAtOnce(t *testing.T) {
	d, clock := modelstest.Open(t)
	endTogether(t, d, clock, 1000, 3)
}

func TestNoticeIsPostedOnceByTwoAtOnceOnBothEngines(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) { endTogether(t, d, clock, 150, 3) })
}

func endTogether(t *testing.T, d *db.DB, clock *modelstest.Clock, homes, each int) {
	w := newWorld(t, d, homes)
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	n := w.hangAll("庭院整洁", each)
	clock.Set(n.EndsAt)
	var both sync.WaitGroup
	var posted atomic.Int64
	for range 2 {
		both.Go(func() {
			k, err := award.EndNotices(t.Context(), d)
			if err != nil {
				t.Error(err)
			}
			posted.Add(int64(k))
		})
	}
	both.Wait()
	if k, err := award.EndNotices(t.Context(), d); k != 0 || err != nil {
		t.Errorf("posted %d more: %v", k, err)
	}
	if posted.Load() != int64(homes*each) {
		t.Errorf("posted %d of %d", posted.Load(), homes*each)
	}
	books, err := ledger.Balances(t.Context(), d, w.village)
	w.must(err)
	for _, h := range w.homes {
		if b := books[h.ID]; b.Balance != models.Points(each)*500 || b.Seq != int64(each) {
			t.Fatalf("household %d has %s in %d lines", h.ID, b.Balance, b.Seq)
		}
	}
	if n, _ = notice.Get(t.Context(), d, w.village, n.ID); n.State != notice.Closed {
		t.Errorf("the notice is %s", n.State)
	}
	w.wantSound()
}

func TestNoticeEndsWhereItWasInterrupted(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 500)
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	n := w.hangAll("庭院整洁", 1)
	clock.Set(n.EndsAt)
	// The first program got as far as one chunk and was then switched off.
	stopped := &stopAfter{Context: t.Context(), checks: 1}
	first, err := award.EndNotice(stopped, d, n)
	if err == nil || first == 0 || first == 500 {
		t.Fatalf("stopped after %d: %v", first, err)
	}
	rest, err := award.EndNotices(t.Context(), d)
	if err != nil || first+rest != 500 {
		t.Errorf("%d, then %d: %v", first, rest, err)
	}
	w.wantSound()
}

func TestFrozenAwardKeepsItsNoticeOpen(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 3)
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	n := w.hangAll("庭院整洁", 1)
	freeze := func(from, to string) {
		w.must(d.Aside(t.Context(), func(tx *db.Tx) error {
			return tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ? WHERE village_id = ? AND household_id = ? AND state = ?", to, w.village, w.homes[1].ID, from)
		}))
	}
	freeze(award.Noticed, award.Frozen)
	clock.Set(n.EndsAt)
	if k, err := award.EndNotices(t.Context(), d); k != 2 || err != nil {
		t.Fatalf("posted %d: %v", k, err)
	}
	w.wantBook(1, 0, 0)
	freeze(award.Frozen, award.Noticed)
	if k, err := award.EndNotices(t.Context(), d); k != 1 || err != nil {
		t.Fatalf("posted %d: %v", k, err)
	}
	w.wantBook(1, 500, 500)
	w.wantSound()
}

func TestTwoNoticesAtOnceShareNoAward(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 20)
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
		for i := range w.homes {
			w.give(w.ask(i, "庭院整洁", ""))
		}
		var both sync.WaitGroup
		var made atomic.Int64
		for range 4 {
			both.Go(func() {
				if _, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village); err == nil {
					made.Add(1)
				}
			})
		}
		both.Wait()
		drafts, err := notice.Unposted(t.Context(), d, w.village)
		if err != nil || made.Load() != 1 || len(drafts) != 1 {
			t.Fatalf("%v: %d made, %d drafts", err, made.Load(), len(drafts))
		}
		if on, _ := award.ByNotice(t.Context(), d, w.village, drafts[0].ID); len(on) != 20 {
			t.Errorf("%d awards on it", len(on))
		}
	})
}
