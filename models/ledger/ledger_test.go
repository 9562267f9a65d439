package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
)

const village = 77

func house(id int64) models.Household { return models.Household{Village: village, ID: id} }

// post posts in a transaction of its own, at one yuan a point.
func post(t testing.TB, d *db.DB, entries ...ledger.Entry) ([]ledger.Entry, error) {
	t.Helper()
	var out []ledger.Entry
	err := d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: village, Kind: "test", By: models.TheClock}, func(tx *db.Tx) (err error) {
		out, err = ledger.Post(tx, 10000, entries...)
		return err
	})
	return out, err
}

func reverse(t testing.TB, d *db.DB, h models.Household, seq int64) error {
	t.Helper()
	return d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: village, Kind: "test", By: models.TheClock}, func(tx *db.Tx) error {
		_, err := ledger.Reverse(tx, h, seq, "记错了户")
		return err
	})
}

func gain(h, points int64) ledger.Entry {
	return ledger.Entry{Household: house(h), Kind: ledger.Award, Points: models.Points(points), Honour: models.Points(points), Category: 1, Cause: 9}
}

func spend(h, points int64) ledger.Entry {
	return ledger.Entry{Household: house(h), Kind: ledger.Redeem, Points: models.Points(-points), Cause: 9}
}

func wantBook(t testing.TB, d *db.DB, h int64, balance, honour models.Points) {
	t.Helper()
	p, err := ledger.Balance(t.Context(), d, house(h))
	if err != nil || p.Balance != balance || p.Honour != honour {
		t.Fatalf("household %d: got %s and %s, %v; want %s and %s", h, p.Balance, p.Honour, err, balance, honour)
	}
}

func wantSound(t testing.TB, d *db.DB) {
	t.Helper()
	faults, err := ledger.Audit(t.Context(), d, village, nil)
	if err != nil || len(faults) > 0 {
		t.Fatalf("audit: %v %v", faults, err)
	}
}

func TestPostAddsLinesThatStandOnEachOther(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		if _, err := post(t, d, gain(1, 1000), gain(2, 250), gain(1, 50)); err != nil {
			t.Fatal(err)
		}
		out, err := post(t, d, spend(1, 1000))
		if err != nil {
			t.Fatal(err)
		}
		if out[0].Seq != 3 || out[0].Balance != 50 || out[0].Fen != -1000 || out[0].Number("012") != "012-3" {
			t.Fatalf("third line: %+v", out[0])
		}
		wantBook(t, d, 1, 50, 1050)
		wantBook(t, d, 2, 250, 250)
		lines, err := ledger.Statement(t.Context(), d, house(1), 0, 10)
		if err != nil || len(lines) != 3 || !bytes.Equal(lines[0].Hash, out[0].Hash) || lines[0].CheckCode() != out[0].CheckCode() {
			t.Fatalf("statement: %v %v", lines, err)
		}
		wantSound(t, d)
	})
}

func TestPostRefusesWhatTheBalanceDoesNotCover(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		post(t, d, gain(1, 1000))
		_, err := post(t, d, spend(1, 3000))
		var e *models.Error
		if !errors.Is(err, ledger.ErrShort) || !errors.As(err, &e) || e.Say != "积分不够：还差 20 分，本次没有扣分" {
			t.Fatalf("got %v", err)
		}
		// A deduction takes at most what is there, all of the honour.
		if _, err := post(t, d, ledger.Entry{Household: house(1), Kind: ledger.Deduct, Points: -3000, Honour: -3000, AtMost: true}); err != nil {
			t.Fatal(err)
		}
		wantBook(t, d, 1, 0, -2000)
		wantSound(t, d)
	})
}

func TestReverseTakesBackOnceAndMayGoBelowZero(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		post(t, d, gain(1, 1000))
		post(t, d, spend(1, 800))
		if err := reverse(t, d, house(1), 1); err != nil {
			t.Fatal(err)
		}
		wantBook(t, d, 1, -800, 0)
		if err := reverse(t, d, house(1), 1); !errors.Is(err, ledger.ErrReversed) {
			t.Fatalf("second time: got %v", err)
		}
		if err := reverse(t, d, house(1), 3); !errors.Is(err, ledger.ErrReversed) {
			t.Fatalf("reversing a reversal: got %v", err)
		}
		if err := reverse(t, d, house(1), 99); !errors.Is(err, models.ErrNotFound) {
			t.Fatalf("no such line: got %v", err)
		}
		post(t, d, gain(1, 1000)) // fills the gap first
		wantBook(t, d, 1, 200, 1000)
		wantSound(t, d)
	})
}

func TestPostSettlesTheMonthOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		clock.Set(models.Date("2026-04-02").Start())
		act := gain(1, 500)
		act.ActDate = "2026-03-29"
		out, err := post(t, d, act)
		if err != nil || out[0].Month != 202603 || out[0].Late {
			t.Fatalf("open March: %+v %v", out, err)
		}
		shut := func(m models.Month) error {
			return d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: village, Kind: "close", By: models.TheClock}, func(tx *db.Tx) error {
				return ledger.CloseMonth(tx, village, m)
			})
		}
		if err := shut(202604); err == nil {
			t.Fatal("a month that is not over was closed")
		}
		if err := shut(202603); err != nil {
			t.Fatal(err)
		}
		if err := shut(202603); models.KindOf(err) != models.Conflict {
			t.Fatalf("closing twice: got %v", err)
		}
		out, err = post(t, d, act)
		if err != nil || out[0].Month != 202604 || !out[0].Late {
			t.Fatalf("closed March: %+v %v", out, err)
		}
		fresh := act
		fresh.Household = house(2) // no passbook yet: the closed month is known all the same
		if out, err = post(t, d, fresh); err != nil || out[0].Month != 202604 {
			t.Fatalf("closed March, new passbook: %+v %v", out, err)
		}
		wantSound(t, d)
	})
}

// On MariaDB, posting and closing really run side by side: what was settled as
// March must not arrive when March has been closed meanwhile.
func TestPostArrivesInNoMonthThatIsClosedMeanwhile(t *testing.T) {
	d, clock := modelstest.OpenMariaDB(t)
	for round, closedBefore := range []models.Month{0, 202602} { // a village's first closing, and a later one
		clock.Set(models.Date("2026-04-02").Start())
		home := models.Household{Village: int64(200 + round), ID: 1}
		shut := func(m models.Month) error {
			return d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: home.Village, Kind: "close", By: models.TheClock}, func(tx *db.Tx) error {
				return ledger.CloseMonth(tx, home.Village, m)
			})
		}
		if closedBefore != 0 {
			if err := shut(closedBefore); err != nil {
				t.Fatal(err)
			}
		}
		act := ledger.Entry{Household: home, Kind: ledger.Award, Points: 500, Honour: 500, Category: 1, ActDate: "2026-03-29"}
		var tries []models.Month
		err := d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: home.Village, Kind: "test", By: models.TheClock}, func(tx *db.Tx) error {
			out, err := ledger.Post(tx, 10000, act)
			if err != nil {
				return err
			}
			if tries = append(tries, out[0].Month); len(tries) == 1 {
				return shut(202603)
			}
			return nil
		})
		if err != nil || len(tries) != 2 || tries[0] != 202603 || tries[1] != 202604 {
			t.Fatalf("closed before: %d; it was posted in %v: %v", closedBefore, tries, err)
		}
		march, err := ledger.Statement(t.Context(), d, home, 0, 10)
		if err != nil || len(march) != 1 || march[0].Month != 202604 || !march[0].Late {
			t.Fatalf("the passbook holds %+v: %v", march, err)
		}
	}
}

// A transaction that began in the last second of March still writes March.
func TestCloseMonthWaitsForWhatBeganInIt(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		shut := func() error {
			return d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: village, Kind: "close", By: models.TheClock}, func(tx *db.Tx) error {
				return ledger.CloseMonth(tx, village, 202603)
			})
		}
		clock.Set(models.Date("2026-04-01").Start().Add(59 * time.Second))
		if err := shut(); models.KindOf(err) != models.Input {
			t.Errorf("closed after 59 seconds: %v", err)
		}
		clock.Add(time.Second)
		if err := shut(); err != nil {
			t.Errorf("after a minute: %v", err)
		}
	})
}

// Batches over the same households at once: each counts whole, or not at all.
func TestPostOfManyKeepsEveryBatchWhole(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		if _, err := post(t, d, gain(1, 100), gain(2, 100), gain(3, 100)); err != nil {
			t.Fatal(err)
		}
		var done atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					_, err := post(t, d, gain(3, 100), gain(1, 100), gain(2, 100))
					switch {
					case err == nil:
						done.Add(1)
					case !errors.Is(err, models.ErrBusy): // crowded out, and told so
						t.Errorf("neither posted nor busy: %v", err)
					}
				}
			})
		}
		wg.Wait()
		want := models.Points(100 * (done.Load() + 1))
		for h := range int64(3) {
			wantBook(t, d, h+1, want, want)
		}
		wantSound(t, d)
	})
}

// Sixty-four people after the last points: one wins, whatever the engine.
func TestPostHasOneWinnerForTheLastPoints(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		for round := range 5 {
			h := int64(round + 1)
			post(t, d, gain(h, 10000))
			var wins, shorts atomic.Int64
			var wg sync.WaitGroup
			for range 64 {
				wg.Go(func() {
					_, err := post(t, d, spend(h, 10000))
					switch {
					case err == nil:
						wins.Add(1)
					case errors.Is(err, ledger.ErrShort):
						shorts.Add(1)
					default:
						t.Errorf("neither a win nor a refusal: %v", err)
					}
				})
			}
			wg.Wait()
			if wins.Load() != 1 || shorts.Load() != 63 {
				t.Fatalf("%d winners, %d refusals", wins.Load(), shorts.Load())
			}
			wantBook(t, d, h, 0, 10000)
		}
		wantSound(t, d)
	})
}

func TestPostTakesThousandsAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		var many []ledger.Entry
		for i := range 1500 {
			many = append(many, gain(int64(i%700+1), 100))
		}
		for range 2 {
			if _, err := post(t, d, many...); err != nil {
				t.Fatal(err)
			}
		}
		wantBook(t, d, 1, 600, 600)
		wantBook(t, d, 700, 400, 400)
		wantSound(t, d)
	})
}

// Random histories against a model in memory: balances, honour and refusals
// must agree step by step, and every recount must find nothing.
func TestLedgerAgreesWithAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, clock := modelstest.Open(t)
		type line struct {
			points, honour int64
			reversal       bool
			done           bool
		}
		books := map[int64][]line{}
		sum := func(h int64) (b, s int64) {
			for _, l := range books[h] {
				b, s = b+l.points, s+l.honour
			}
			return
		}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			h := rapid.Int64Range(1, 4).Draw(rt, "household")
			p := rapid.Int64Range(1, 5000).Draw(rt, "points")
			b, _ := sum(h)
			switch rapid.SampledFrom([]string{"award", "redeem", "deduct", "reverse", "wait"}).Draw(rt, "step") {
			case "award":
				if _, err := post(t, d, gain(h, p)); err != nil {
					rt.Fatal(err)
				}
				books[h] = append(books[h], line{points: p, honour: p})
			case "redeem":
				_, err := post(t, d, spend(h, p))
				if (err == nil) != (p <= b) {
					rt.Fatalf("redeem %d of %d: %v", p, b, err)
				}
				if err == nil {
					books[h] = append(books[h], line{points: -p})
				}
			case "deduct":
				if _, err := post(t, d, ledger.Entry{Household: house(h), Kind: ledger.Deduct, Points: models.Points(-p), Honour: models.Points(-p), AtMost: true, Category: 2}); err != nil {
					rt.Fatal(err)
				}
				books[h] = append(books[h], line{points: -min(p, max(b, 0)), honour: -p})
			case "reverse":
				if len(books[h]) == 0 {
					continue
				}
				i := rapid.IntRange(0, len(books[h])-1).Draw(rt, "line")
				l := &books[h][i]
				err := reverse(t, d, house(h), int64(i+1))
				if (err == nil) == (l.reversal || l.done) {
					rt.Fatalf("reverse line %d %+v: %v", i+1, *l, err)
				}
				if err == nil {
					l.done = true
					books[h] = append(books[h], line{points: -l.points, honour: -l.honour, reversal: true})
				}
			case "wait":
				clock.Add(time.Duration(p) * 20 * time.Minute)
			}
		}
		for h := range books {
			b, s := sum(h)
			wantBook(t, d, h, models.Points(b), models.Points(s))
		}
		if _, err := ledger.Seal(t.Context(), d, village); err != nil {
			rt.Fatal(err)
		}
		wantSound(t, d)
	})
}

// Whoever changes the database by hand is found, and the first fault is named.
func TestAuditFindsWhatWasTamperedWith(t *testing.T) {
	for what, spoil := range map[string]string{
		"points of a line":     "UPDATE entries SET points = points + 100, balance = balance + 100 WHERE household_id = 2 AND seq = 2",
		"a deleted line":       "DELETE FROM entries WHERE household_id = 2 AND seq = 2",
		"a cut tail":           "DELETE FROM entries WHERE household_id = 2 AND seq = 3",
		"a whole passbook":     "DELETE FROM entries WHERE household_id = 2",
		"the balance":          "UPDATE passbooks SET balance = balance + 1 WHERE household_id = 2",
		"the honour":           "UPDATE passbooks SET honour = honour + 1 WHERE household_id = 2",
		"the first month":      "UPDATE passbooks SET first_month = 202001 WHERE household_id = 2",
		"a household's month":  "UPDATE household_months SET acts = acts + 1 WHERE household_id = 2",
		"the village's month":  "UPDATE village_months SET earned = earned + 1",
		"a lost month":         "DELETE FROM village_months",
		"the day of an act":    "UPDATE entries SET act_date = '2026-11-01' WHERE household_id = 2 AND seq = 1",
		"two lines changed":    "UPDATE entries SET seq = CASE seq WHEN 1 THEN 21 ELSE 22 END WHERE household_id = 2 AND seq IN (1, 2)",
		"an operation's time":  "UPDATE operations SET at = at + 1",
		"a deleted operation":  "DELETE FROM operations WHERE kind = 'test'",
		"a seal":               "UPDATE seals SET hash = op FROM (SELECT zeroblob(32) AS op)",
		"a seal that vanished": "DELETE FROM seals WHERE day = (SELECT MIN(day) FROM seals)",
	} {
		t.Run(what, func(t *testing.T) {
			d, clock := modelstest.Open(t)
			for range 3 {
				post(t, d, gain(1, 1000), gain(2, 500), gain(3, 700))
			}
			clock.Add(48 * time.Hour)
			if n, err := ledger.Seal(t.Context(), d, village); err != nil || n != 2 {
				t.Fatalf("%d days sealed, %v", n, err)
			}
			wantSound(t, d)
			if r, err := d.SQL().Exec(spoil); err != nil {
				t.Fatal(err)
			} else if n, _ := r.RowsAffected(); n == 0 {
				t.Fatal("nothing was spoiled")
			}
			faults, err := ledger.Audit(t.Context(), d, village, nil)
			if err != nil || len(faults) == 0 {
				t.Fatalf("not found: %v %v", faults, err)
			}
		})
	}
}

func TestSealCatchesUpAndIsTheSameForAll(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		post(t, d, gain(1, 100))
		clock.Add(5 * 24 * time.Hour)
		post(t, d, gain(1, 100), gain(2, 100))
		clock.Add(24 * time.Hour)
		var wg sync.WaitGroup
		for range 2 { // two instances at midnight
			wg.Go(func() {
				if _, err := ledger.Seal(t.Context(), d, village); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, err := ledger.Seals(t.Context(), d, village, "")
		if err != nil || len(list) != 6 || list[5].Entries != 3 {
			t.Fatalf("%d seals, %v: %+v", len(list), err, list)
		}
		wantSound(t, d)
	})
}

// The layout of the hash is a promise to every printed check code.
func TestHashOfAnEntryNeverChanges(t *testing.T) {
	d, _ := modelstest.Open(t)
	var out []ledger.Entry
	op := db.Op{ID: db.ErrandID("fixed", 1, 2, 3), Village: village, Kind: "test", By: models.TheClock}
	err := d.InTx(t.Context(), op, func(tx *db.Tx) (err error) {
		out, err = ledger.Post(tx, 10000, gain(1, 1000))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%x %s", out[0].Hash, out[0].CheckCode()), "0a9219c2c206b2ed46bcabb2a27c3c1647ad5714b1b8f529fe45eeba730ae434 S091-HCSH"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
}
