package market_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// monitor draws and asks; the committee does not.
func (w *world) monitor() models.Actor {
	w.Helper()
	return w.person("老周", models.Monitor)
}

// exchanged writes n redemptions of November whose lines have settled hashes, as
// every database would hold them, and answers the order in which a seed draws
// them, worked out by hand.
func (w *world) exchanged(n int, seed int64) (order []int64) {
	w.Helper()
	type ticket struct {
		id  int64
		sum [32]byte
	}
	var all []ticket
	day := w.clock.Now().Day()
	for i := range n {
		hash := sha256.Sum256(fmt.Appendf(nil, "line %d", i))
		id, seq, at := models.NewID(), int64(1000+i), int64(day.AddDays(-i%5).Start())+int64(i)
		w.exec("INSERT INTO entries (village_id, household_id, seq, kind, points, honour, balance, fen, category_id, month, act_date, late, posted_at, cause, op_id, hash) VALUES (?, ?, ?, 3, -100, 0, 0, 0, 0, ?, ?, 0, ?, ?, ?, ?)",
			w.village, w.wang.ID, seq, int(day.Month()), string(day), at, id, []byte("op"), hash[:])
		w.exec("INSERT INTO redemptions (village_id, id, household_id, counter_id, seq, points, fen, confirm, clerk_id, month, at) VALUES (?, ?, ?, ?, ?, 100, 50, 'pin', ?, ?, ?)",
			w.village, id, w.wang.ID, w.counter, seq, w.clerk.Account, int(day.Month()), at)
		all = append(all, ticket{id, sha256.Sum256(fmt.Appendf(nil, "%d %s", seed, keys.CheckCode(hash[:])))})
	}
	slices.SortFunc(all, func(a, b ticket) int { return bytes.Compare(a.sum[:], b.sum[:]) })
	for _, t := range all {
		order = append(order, t.id)
	}
	return order
}

func (w *world) drawn(k market.Check) (ids []int64) {
	w.Helper()
	lines, err := market.CheckLines(w.ctx, w.d, k)
	w.must(err)
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	slices.Sort(ids)
	return ids
}

func TestCheckDrawsTheSameSampleFromASeedOnEveryDatabase(t *testing.T) {
	var codes [][]string
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		monitor, day := w.monitor(), clock.Now().Day()
		ask := market.CheckAsk{Village: w.village, From: day.AddDays(-9), Last: day, Size: 7}
		var here []string
		for _, seed := range []int64{1, 77, 999_999} {
			w.exec("DELETE FROM redemptions WHERE village_id = ?", w.village)
			w.exec("DELETE FROM entries WHERE village_id = ? AND seq >= 1000", w.village)
			want := w.exchanged(60, seed)
			ask.Seed = seed
			k, err := market.DrawCheck(w.ctx, d, db.NewOpID(), monitor, ask)
			w.must(err)
			slices.Sort(want[:7])
			if got := w.drawn(k); !slices.Equal(got, want[:7]) || k.Population != 60 {
				t.Fatalf("seed %d of %d draws %v, want %v", seed, k.Population, got, want[:7])
			}
			// What is exchanged or made void afterwards changes nothing.
			before, err := k.Order(w.ctx, d)
			w.must(err)
			w.exec("UPDATE redemptions SET undone_at = 1 WHERE village_id = ? AND id = ?", w.village, want[0])
			w.give(w.ma, 9000)
			w.sold(w.cart(w.ma, one(w.soap)))
			after, err := k.Order(w.ctx, d)
			w.must(err)
			if len(after) != 60 || !slices.Equal(before, after) {
				t.Fatal("the order changed behind the draw")
			}
			for _, l := range after {
				here = append(here, l.CheckCode)
			}
		}
		codes = append(codes, here)
	})
	for _, other := range codes[1:] {
		if !slices.Equal(codes[0], other) {
			t.Error("two databases draw in different orders")
		}
	}
}

func TestCheckIsDrawnByTheMonitorOnly(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		day := clock.Now().Day()
		ask := market.CheckAsk{Village: w.village, From: day, Last: day, Size: 20}
		monitor := w.monitor()
		if _, err := market.DrawCheck(w.ctx, d, db.NewOpID(), monitor, ask); !errors.Is(err, market.ErrCheckNobody) {
			t.Errorf("without redemptions: %v", err)
		}
		w.exchanged(3, 1)
		for _, by := range []models.Actor{w.chen, w.clerk} {
			if _, err := market.DrawCheck(w.ctx, d, db.NewOpID(), by, ask); !errors.Is(err, models.ErrForbidden) {
				t.Errorf("%s draws: %v", by.Name, err)
			}
		}
		wrong := ask
		wrong.Last = day.AddDays(1)
		if _, err := market.DrawCheck(w.ctx, d, db.NewOpID(), monitor, wrong); !errors.Is(err, models.ErrInput) {
			t.Errorf("tomorrow: %v", err)
		}
		// Pressed twice, it is drawn once, with the seed that was rolled first.
		op := db.NewOpID()
		k, err := market.DrawCheck(w.ctx, d, op, monitor, ask)
		w.must(err)
		twice, err := market.DrawCheck(w.ctx, d, op, monitor, ask)
		w.must(err)
		if k.ID != twice.ID || k.Seed != twice.Seed || k.Seed == 0 || k.Size != 1 {
			t.Errorf("drawn %+v, again %+v", k, twice)
		}
	})
}

func TestCheckKeepsWhatHouseholdsSay(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 9000)
		w.give(w.ma, 9000)
		first, second := w.sold(w.cart(w.wang, one(w.soap))), w.sold(w.cart(w.ma, one(w.soap)))
		monitor, day := w.monitor(), clock.Now().Day()
		k, err := market.DrawCheck(w.ctx, d, db.NewOpID(), monitor, market.CheckAsk{Village: w.village, From: day, Last: day, Size: 9})
		w.must(err)
		say := func(by models.Actor, redemption int64, answer string) error {
			return market.AnswerCheck(w.ctx, d, db.NewOpID(), by, w.village, k.ID, []market.CheckAnswer{{Redemption: redemption, Answer: answer, Note: "没来过"}})
		}
		w.must(say(monitor, first.ID, market.CheckYes))
		w.must(say(monitor, first.ID, market.CheckNo))
		kin := monitor
		kin.Kin = []models.Household{w.ma}
		if err := say(kin, second.ID, market.CheckYes); err == nil {
			t.Error("the monitor answers for their own family")
		}
		if err := say(w.chen, second.ID, market.CheckYes); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("the committee answers: %v", err)
		}
		if err := say(monitor, second.ID, "maybe"); !errors.Is(err, models.ErrInput) {
			t.Errorf("an unknown answer: %v", err)
		}
		if err := say(monitor, 5, market.CheckYes); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a receipt that was not drawn: %v", err)
		}
		object := func(redemption int64) error {
			return market.ObjectedCheck(w.ctx, d, db.NewOpID(), monitor, w.village, k.ID, redemption, 42)
		}
		if err := object(second.ID); !errors.Is(err, market.ErrCheckSaid) {
			t.Errorf("an objection without a no: %v", err)
		}
		w.must(object(first.ID))
		if err := object(first.ID); !errors.Is(err, market.ErrCheckSaid) {
			t.Errorf("a second objection: %v", err)
		}
		if err := say(monitor, first.ID, market.CheckYes); !errors.Is(err, market.ErrCheckSaid) {
			t.Errorf("the answer changes under its objection: %v", err)
		}
		w.must(market.CloseCheck(w.ctx, d, db.NewOpID(), monitor, w.village, k.ID))
		if err := say(monitor, second.ID, market.CheckYes); !errors.Is(err, market.ErrCheckClosed) {
			t.Errorf("an answer after the end: %v", err)
		}
		if err := market.CloseCheck(w.ctx, d, db.NewOpID(), monitor, w.village, k.ID); !errors.Is(err, market.ErrCheckClosed) {
			t.Errorf("a second end: %v", err)
		}
		lines, err := market.CheckLines(w.ctx, d, k)
		w.must(err)
		for _, l := range lines {
			if l.ID == first.ID && (l.Answer != market.CheckNo || l.Note != "没来过" || l.Objection != 42 || l.AnsweredBy != monitor.Account || l.Head != "王小明") || l.ID == second.ID && l.Answer != "" {
				t.Errorf("the line is %+v", l)
			}
		}
	})
}
