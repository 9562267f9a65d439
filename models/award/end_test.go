package award_test

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

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

// walk is a random life of a village, beside a model that knows only what the
// words say.
type walk struct {
	*world
	clock   *modelstest.Clock
	awards  map[int64]award.Award
	state   map[int64]string
	on      map[int64]int64         // award → notice
	notices map[int64]models.Millis // notice → end; 0 while it does not hang
}

func TestRandomLivesLeaveBalancesAndNeverPostTheUnhung(t *testing.T) {
	d, clock := modelstest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{world: newWorld(t, d, 3), clock: clock, awards: map[int64]award.Award{}, state: map[int64]string{}, on: map[int64]int64{}, notices: map[int64]models.Millis{}}
		w.adopt(scheme.Adoption{DeductFrom: rapid.SampledFrom([]string{scheme.FromHonour, scheme.FromSpend}).Draw(rt, "deduct")},
			rule("庭院整洁", "+", 5), rule("乱倒垃圾", "-", 7), rule("基础分", "base", 50), rule("赠送", "gift", 3))
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			w.step(rt)
		}
		w.check(rt)
	})
}

func (w *walk) step(rt *rapid.T) {
	pick := func(state string) (award.Award, bool) {
		for _, id := range slices.Sorted(maps.Keys(w.state)) {
			if w.state[id] == state {
				return w.awards[id], true
			}
		}
		return award.Award{}, false
	}
	switch rapid.SampledFrom([]string{"record", "record", "record", "withdraw", "make", "hang", "clock", "end", "end", "correct"}).Draw(rt, "step") {
	case "record":
		item := rapid.SampledFrom([]string{"庭院整洁", "庭院整洁", "乱倒垃圾", "基础分", "赠送"}).Draw(rt, "item")
		a := w.give(w.ask(rapid.IntRange(0, 2).Draw(rt, "home"), item, ""))[0]
		w.awards[a.ID], w.state[a.ID] = a, award.Noticed
	case "withdraw":
		if a, ok := pick(award.Noticed); ok {
			err := award.Withdraw(rt.Context(), w.d, db.NewOpID(), w.he, w.village, a.ID)
			if n := w.on[a.ID]; (err == nil) != (n == 0 || w.notices[n] == 0) {
				rt.Fatalf("withdrawing: %v", err)
			}
			if err == nil {
				w.state[a.ID] = award.Withdrawn
			}
		}
	case "make":
		n, err := award.MakeNotice(rt.Context(), w.d, db.NewOpID(), w.he, w.village)
		if err != nil {
			return
		}
		w.notices[n.ID] = 0
		for id, s := range w.state {
			if s == award.Noticed && w.on[id] == 0 {
				w.on[id] = n.ID
			}
		}
	case "hang":
		for _, id := range slices.Sorted(maps.Keys(w.notices)) {
			if w.notices[id] == 0 {
				if n, err := award.HangNotice(rt.Context(), w.d, db.NewOpID(), w.he, w.village, id, "村口", 0); err == nil {
					w.notices[id] = n.EndsAt
				}
				return
			}
		}
	case "clock":
		w.clock.Add(time.Duration(rapid.IntRange(1, 50).Draw(rt, "hours")) * time.Hour)
	case "end":
		if _, err := award.EndNotices(rt.Context(), w.d); err != nil {
			rt.Fatal(err)
		}
		for id, s := range w.state {
			if ends := w.notices[w.on[id]]; s == award.Noticed && w.on[id] != 0 && ends != 0 && ends <= w.clock.Now() {
				w.state[id] = award.Posted
			}
		}
	case "correct":
		if a, ok := pick(award.Posted); ok {
			now, err := award.Get(rt.Context(), w.d, w.village, a.ID)
			if err == nil {
				err = award.Correct(rt.Context(), w.d, db.NewOpID(), w.he, a.Household, now.EntrySeq, "记错了")
			}
			if err != nil {
				rt.Fatal(say(err))
			}
			w.state[a.ID] = award.Reversed
		}
	}
}

func (w *walk) check(rt *rapid.T) {
	sums, honour := map[int64]models.Points{}, map[int64]models.Points{}
	for _, h := range w.homes {
		lines, err := ledger.Statement(rt.Context(), w.d, h, 0, 1000)
		if err != nil {
			rt.Fatal(err)
		}
		for _, e := range lines {
			sums[h.ID] += e.Points
			honour[h.ID] += e.Honour
			if s := w.state[e.Cause]; e.Kind != ledger.Reversal && s != award.Posted && s != award.Reversed {
				rt.Fatalf("line %d posts an award that is %s", e.Seq, s)
			}
		}
		b, err := ledger.Balance(rt.Context(), w.d, h)
		if err != nil || b.Balance != sums[h.ID] || b.Honour != honour[h.ID] {
			rt.Fatalf("%v: balance %s and %s, entries %s and %s", err, b.Balance, b.Honour, sums[h.ID], honour[h.ID])
		}
	}
	want := map[int64]models.Points{}
	for id, s := range w.state {
		if a, err := award.Get(rt.Context(), w.d, w.village, id); err != nil || a.State != s {
			rt.Fatalf("%v: award is %s, want %s", err, a.State, s)
		}
		if s == award.Posted {
			want[w.awards[id].Household.ID] += w.awards[id].Honour
		}
	}
	for h, p := range honour {
		if p != want[h] {
			rt.Fatalf("honour %s, the posted awards add up to %s", p, want[h])
		}
	}
	faults, err := ledger.Audit(rt.Context(), w.d, w.village, nil)
	if err != nil || len(faults) > 0 {
		rt.Fatalf("%v: %v", err, faults)
	}
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
