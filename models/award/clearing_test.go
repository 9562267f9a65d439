package award_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

// exchanged says that a counter was open, or was not.
func exchanged(yes bool) award.Opened {
	return func(context.Context, db.Conn, int64, models.Date, models.Date) (bool, error) { return yes, nil }
}

// announce resolves today to clear what was earned until today; people may
// exchange from the thirty-first day on, for three days.
func (w *world) announce(keep models.Points) award.Clearing {
	w.t.Helper()
	today := w.d.Now().Day()
	k, err := award.AnnounceClearing(w.t.Context(), w.d, db.NewOpID(), w.he, award.ClearAsk{Village: w.village, Resolution: "村民代表会议第4号", ResolvedOn: today,
		AsOf: today, Keep: keep, SessionFrom: today.AddDays(31), SessionUntil: today.AddDays(33)})
	w.must(err)
	return k
}

func (w *world) hangClearing(k award.Clearing) {
	w.t.Helper()
	_, err := award.HangClearing(w.t.Context(), w.d, db.NewOpID(), w.he, w.village, k.ID, "村口", 0)
	w.must(err)
}

func (w *world) clearing(id int64) award.Clearing {
	w.t.Helper()
	k, err := award.GetClearing(w.t.Context(), w.d, w.village, id)
	w.must(err)
	return k
}

// at sets the state of an award, as if it had come there.
func (w *world) state(id int64, state string) {
	w.t.Helper()
	w.must(w.d.Aside(w.t.Context(), func(tx *db.Tx) error {
		return tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ? WHERE village_id = ? AND id = ?", state, w.village, id)
	}))
}

func (w *world) objects(home int, state string, appealDue models.Millis) {
	w.t.Helper()
	w.must(w.d.Aside(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("INSERT INTO objections (village_id, id, year, number, about, household_id, way, text, state, made_at, due_at, appeal_due) VALUES (?, ?, 2026, ?, 'other', ?, 'web', 'x', ?, 0, 0, ?)",
			w.village, models.NewID(), home+1, w.homes[home].ID, state, int64(appealDue))
		return err
	}))
}

func TestClearingWaitsForItsDaysAndTakesOnlyOlderPoints(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 4)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("义务修渠", "+", 10), rule("庭院整洁", "+", 5))
		w.give(w.ask(0, "义务修渠", ""), w.ask(1, "庭院整洁", ""), w.ask(2, "义务修渠", ""))
		k := w.announce(300)
		run := func(open bool) {
			t.Helper()
			w.must(award.RunClearings(t.Context(), d, exchanged(open)))
		}
		clock.Add(40 * 24 * time.Hour)
		run(true)
		w.wantBook(0, 1000, 1000) // not hung: nothing ever happens
		if _, err := award.HangClearing(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID, "村口", 0); models.KindOf(err) != models.Input {
			t.Fatalf("hung although the days of exchange are before its end: %v", err)
		}
		from := d.Now().Day().AddDays(31)
		w.must(award.MoveSession(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID, from, from.AddDays(2)))
		w.hangClearing(k)
		if err := award.MoveSession(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID, from, from.AddDays(1)); models.KindOf(err) != models.Input {
			t.Errorf("shortened after it hung: %v", err)
		}
		w.give(w.ask(0, "庭院整洁", ""), w.ask(3, "义务修渠", "")) // newer: they stay
		clock.Set(from.AddDays(3).Start() - 1)
		run(true)
		w.wantBook(0, 1500, 1500) // the last day of exchange is not over
		clock.Set(from.AddDays(3).Start())
		run(false)
		w.wantBook(0, 1500, 1500) // nobody could exchange
		run(true)
		run(true)
		w.wantBook(0, 800, 1500) // 300 of the older 1000 kept, and the newer 500
		w.wantBook(1, 300, 500)
		w.wantBook(2, 300, 1000)
		w.wantBook(3, 1000, 1000)
		if got := w.clearing(k.ID); got.State != award.ClearDone || got.Households != 3 || got.Points != 1600 || got.Skipped != 0 {
			t.Errorf("%+v", got)
		}
		var sums int
		w.must(d.Stmts(t.Context()).Row("SELECT COALESCE(SUM(spent), 0) FROM village_months WHERE village_id = ?", w.village).Scan(&sums))
		if sums != 0 {
			t.Errorf("cleared points count as exchanged: %d", sums)
		}
		w.wantSound()
	})
}

func TestClearingLeavesOutWhoeverStillHasSomethingOpen(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 8)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("义务修渠", "+", 10))
		for h := range w.homes {
			w.give(w.ask(h, "义务修渠", ""))
		}
		for h, state := range []string{award.Claimed, award.Checked, award.Pending, award.Warned, award.Frozen} {
			w.state(w.give(w.ask(h, "义务修渠", ""))[0].ID, state)
		}
		k := w.announce(0)
		w.hangClearing(k)
		clock.Set(k.SessionUntil.AddDays(1).Start())
		w.objects(5, "open", 0)
		w.objects(6, "decided", clock.Now()+1)
		w.objects(7, "decided", clock.Now())
		lines, err := award.Forecast(t.Context(), d, k)
		w.must(err)
		want := []string{award.ClearClaim, award.ClearClaim, award.ClearClaim, award.ClearClaim, award.ClearDispute, award.ClearDispute, award.ClearDispute, ""}
		if len(lines) != len(want) {
			t.Fatalf("forecast of %d households", len(lines))
		}
		for i, l := range lines {
			if l.Why != want[i] {
				t.Errorf("household %d: %q, want %q", i, l.Why, want[i])
			}
		}
		w.must(award.RunClearings(t.Context(), d, exchanged(true)))
		for h := range 7 {
			b, err := ledger.Balance(t.Context(), d, w.homes[h])
			w.must(err)
			if b.Balance < 1000 {
				t.Errorf("household %d was cleared although something is open: %s left", h, b.Balance)
			}
		}
		w.wantBook(7, 0, 1000)
		if got := w.clearing(k.ID); got.Skipped != 7 || got.Households != 1 {
			t.Errorf("%+v", got)
		}
		done, err := award.ClearedIn(t.Context(), d, k)
		if err != nil || len(done) != 8 || done[4].Why != award.ClearDispute || done[7].Points != 1000 {
			t.Errorf("%v: %+v", err, done)
		}
	})
}

func TestClearingRunsOnceOnSeveralInstancesAndIsTakenBackWithConsent(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 450)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("义务修渠", "+", 10))
		var asks []award.Ask
		for h := range w.homes {
			asks = append(asks, w.ask(h, "义务修渠", ""))
		}
		w.give(asks...)
		k := w.announce(0)
		w.hangClearing(k)
		clock.Set(k.SessionUntil.AddDays(1).Start())
		together := func() {
			t.Helper()
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					if err := award.RunClearings(t.Context(), d, exchanged(true)); err != nil && !errors.Is(err, award.ErrClearingGone) {
						t.Error(say(err))
					}
				})
			}
			all.Wait()
			w.must(award.RunClearings(t.Context(), d, exchanged(true)))
		}
		together()
		if got := w.clearing(k.ID); got.State != award.ClearDone || got.Households != 450 || got.Points != 450_000 {
			t.Fatalf("%+v", got)
		}
		w.wantBook(0, 0, 1000)
		w.wantBook(449, 0, 1000)
		if err := award.Correct(t.Context(), d, db.NewOpID(), w.he, w.homes[0], 2, "给他留着"); models.KindOf(err) != models.Input {
			t.Errorf("one line alone was taken back: %v", err)
		}

		town := models.Actor{Account: 30, Name: "镇上", Grants: []models.Grant{{Role: models.Publicity, Area: 3}}}
		if err := award.AgreeUndo(t.Context(), d, db.NewOpID(), town, w.village, k.ID); !errors.Is(err, award.ErrClearingGone) {
			t.Errorf("agreed to what nobody asked: %v", err)
		}
		w.must(award.AskUndo(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID, "货没到齐"))
		asked, err := award.ClearingsAsked(t.Context(), d, 3)
		if err != nil || len(asked) != 1 {
			t.Fatalf("%v: the township sees %d", err, len(asked))
		}
		if err := award.AgreeUndo(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("the village agreed to its own: %v", err)
		}
		w.must(award.RefuseUndo(t.Context(), d, db.NewOpID(), town, w.village, k.ID, "请先补货"))
		w.must(award.AskUndo(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID, "货没到齐，村民不满意"))
		w.must(award.AgreeUndo(t.Context(), d, db.NewOpID(), town, w.village, k.ID))
		together()
		if got := w.clearing(k.ID); got.State != award.ClearUndone || got.UndoneBy != 30 {
			t.Errorf("%+v", got)
		}
		w.wantBook(0, 1000, 1000)
		w.wantBook(449, 1000, 1000)
		if err := award.AskUndo(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID, "再来"); !errors.Is(err, award.ErrClearingGone) {
			t.Errorf("taken back twice: %v", err)
		}
		w.wantSound()
	})
}

func TestClearingCannotBeTakenBackAfterSixtyDays(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 1)
	w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("义务修渠", "+", 10))
	w.give(w.ask(0, "义务修渠", ""))
	k := w.announce(0)
	w.hangClearing(k)
	clock.Set(k.SessionUntil.AddDays(1).Start())
	w.must(award.RunClearings(t.Context(), d, exchanged(true)))
	clock.Add(award.ClearUndoDays*24*time.Hour - time.Millisecond)
	w.must(award.AskUndo(t.Context(), d, db.NewOpID(), w.he, w.village, k.ID, "货没到齐"))
	clock.Add(time.Millisecond)
	town := models.Actor{Account: 30, Grants: []models.Grant{{Role: models.Publicity, Area: 3}}}
	if err := award.AgreeUndo(t.Context(), d, db.NewOpID(), town, w.village, k.ID); !errors.Is(err, award.ErrUndoLate) {
		t.Errorf("agreed on day 60: %v", err)
	}
	w.wantBook(0, 0, 1000)
}

// Random lives of households: whatever was earned, spent, corrected and disputed
// before and after the day, a clearing takes what a recount of the oldest points
// says and nothing else.
func TestClearingAgreesWithARecountOfTheOldestPoints(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 1))
		t.Logf("seed %d", seed)
		w := newWorld(t, d, 40)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow, DeductFrom: scheme.FromSpend}, rule("义务修渠", "+", 10))
		old, fresh, honour := make([]models.Points, 40), make([]models.Points, 40), make([]models.Points, 40)
		act := func(late bool) {
			h := r.IntN(40)
			n := models.Points(1+r.IntN(30)) * 50
			switch r.IntN(3) {
			case 0, 1:
				w.post(ledger.Entry{Household: w.homes[h], Kind: ledger.Award, Points: n, Honour: n})
				honour[h] += n
				if late {
					fresh[h] += n
				} else {
					old[h] += n
				}
			case 2: // an exchange takes the oldest first
				n = min(n, old[h]+fresh[h])
				if n == 0 {
					return
				}
				w.post(ledger.Entry{Household: w.homes[h], Kind: ledger.Redeem, Points: -n})
				first := min(n, old[h])
				old[h], fresh[h] = old[h]-first, fresh[h]-(n-first)
			}
		}
		for range 150 {
			act(false)
		}
		keep := models.Points(r.IntN(4)) * 100
		k := w.announce(keep)
		w.hangClearing(k)
		clock.Add(24 * time.Hour)
		for range 100 {
			act(true)
		}
		clock.Set(k.SessionUntil.AddDays(1).Start())
		w.must(award.RunClearings(t.Context(), d, exchanged(true)))
		for h := range w.homes {
			w.wantBook(h, fresh[h]+min(old[h], keep), honour[h])
		}
		w.wantSound()
	})
}

func (w *world) post(e ledger.Entry) {
	w.t.Helper()
	w.must(w.d.InTx(w.t.Context(), db.Op{ID: db.NewOpID(), Village: w.village, Kind: "test", By: w.he}, func(tx *db.Tx) error {
		_, err := ledger.Post(tx, 10000, e)
		return err
	}))
}
