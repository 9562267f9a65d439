package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
)

// put writes one setting, the smallest visible effect.
func put(name, value string) func(*db.Tx) error {
	return func(tx *db.Tx) error { return db.SetSetting(tx, name, value) }
}

func want(t *testing.T, d *db.DB, name, value string) {
	t.Helper()
	got, err := db.Setting(t.Context(), d, name)
	if err != nil || got != value {
		t.Fatalf("setting %s: got %q, %v; want %q", name, got, err, value)
	}
}

func operation(id db.OpID, asked any) db.Op {
	return db.Op{ID: id, Village: 7, Kind: "test", Asked: asked, By: models.Actor{Account: 1}}
}

func TestInTxHasOneEffectPerOperation(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		id := db.NewOpID()
		for i := range 20 {
			answer := fmt.Sprint("first ", i)
			op := operation(id, "same")
			op.Answer = &answer
			if err := d.InTx(t.Context(), op, put("x", answer)); err != nil {
				t.Fatal(err)
			}
			if answer != "first 0" {
				t.Fatalf("replay %d answered %q", i, answer)
			}
		}
		want(t, d, "x", "first 0")
		if err := d.InTx(t.Context(), operation(id, "other"), put("x", "other")); !errors.Is(err, models.ErrReused) {
			t.Fatalf("other content: got %v", err)
		}
		other := operation(id, "same")
		other.By.Account = 2
		if err := d.InTx(t.Context(), other, put("x", "other")); !errors.Is(err, models.ErrReused) {
			t.Fatalf("another person: got %v", err)
		}
		want(t, d, "x", "first 0")
	})
}

func TestInTxKeepsNothingOfARefusal(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		id := db.NewOpID()
		err := d.InTx(t.Context(), operation(id, 1), func(tx *db.Tx) error {
			if err := db.SetSetting(tx, "x", "half"); err != nil {
				return err
			}
			return models.ErrForbidden
		})
		if !errors.Is(err, models.ErrForbidden) {
			t.Fatalf("got %v", err)
		}
		want(t, d, "x", "")
		// The refused operation may be tried again under its id.
		if err := d.InTx(t.Context(), operation(id, 1), put("x", "whole")); err != nil {
			t.Fatal(err)
		}
		want(t, d, "x", "whole")
	})
}

func TestInTxStartsAgainAfterALostRace(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		runs := 0
		err := d.InTx(t.Context(), operation(db.NewOpID(), 1), func(tx *db.Tx) error {
			if runs++; runs < 3 {
				return db.ErrLost
			}
			return db.SetSetting(tx, "x", "done")
		})
		if err != nil || runs != 3 {
			t.Fatalf("got %v after %d runs", err, runs)
		}
		always := d.InTx(t.Context(), operation(db.NewOpID(), 1), func(*db.Tx) error { return db.ErrLost })
		if !errors.Is(always, models.ErrBusy) {
			t.Fatalf("a race lost for ever: got %v", always)
		}
	})
}

func TestInTxRefusesATransactionInside(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		err := d.InTx(t.Context(), operation(db.NewOpID(), 1), func(tx *db.Tx) error {
			return d.InTx(tx.Statement.Context, operation(db.NewOpID(), 2), put("x", "inner"))
		})
		if err == nil {
			t.Fatal("a transaction inside a transaction was allowed")
		}
		want(t, d, "x", "")
	})
}

// Panics, refusals, duplicates and callers who give up share commits with
// orderly neighbours; exactly the orderly ones' effects may be left.
func TestWriterKeepsNeighboursApart(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		if err := d.Aside(t.Context(), put("sum", "0")); err != nil {
			t.Fatal(err)
		}
		shared := db.NewOpID()
		var wg sync.WaitGroup
		var mu sync.Mutex
		good := 0
		for i := range 400 {
			wg.Go(func() {
				ctx := t.Context()
				id, asked := db.NewOpID(), any(i)
				if i%10 == 3 {
					id, asked = shared, "shared"
				}
				ran := false
				err := d.InTx(ctx, operation(id, asked), func(tx *db.Tx) error {
					ran = true
					n, err := tx.SQL.Exec("UPDATE settings SET value = value + 1 WHERE name = 'sum'")
					if err != nil || n != 1 {
						return fmt.Errorf("%d rows, %v", n, err)
					}
					switch i % 10 {
					case 1:
						panic("on purpose")
					case 2:
						return models.ErrForbidden
					}
					return nil
				})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case i%10 == 1 || i%10 == 2:
					if err == nil {
						t.Errorf("operation %d should have failed", i)
					}
				case err != nil:
					t.Errorf("operation %d: %v", i, err)
				case ran && i%10 != 3:
					good++
				}
			})
		}
		wg.Wait()
		want(t, d, "sum", fmt.Sprint(good+1)) // the shared operation once
		var rows int64
		if err := d.Stmts(t.Context()).Row("SELECT COUNT(*) FROM operations").Scan(&rows); err != nil || rows != int64(good+1) {
			t.Fatalf("%d operation rows, %v; want %d", rows, err, good+1)
		}
	})
}

func TestInTxOfACallerWhoGaveUpDoesNotCancelNeighbours(t *testing.T) {
	d, _ := modelstest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			c := t.Context()
			if i == 5 {
				c = ctx
			}
			err := d.InTx(c, operation(db.NewOpID(), i), func(tx *db.Tx) error {
				if i == 5 {
					cancel()
				}
				return db.SetSetting(tx, fmt.Sprint("k", i), "v")
			})
			if err != nil && i != 5 {
				t.Errorf("neighbour %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

// A full disk inside one operation rolls back SQLite's whole transaction; the
// writer must not go on and commit the rest of the batch alone.
func TestWriterFailsTheWholeBatchWhenTheDiskIsFull(t *testing.T) {
	d, _ := modelstest.Open(t)
	if _, err := d.SQL().Exec("PRAGMA max_page_count"); err != nil {
		t.Fatal(err)
	}
	full := func(tx *db.Tx) error {
		var pages int64
		if err := tx.SQL.Row("PRAGMA page_count").Scan(&pages); err != nil {
			return err
		}
		var got int64
		if err := tx.SQL.Row(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&got); err != nil {
			return err
		}
		_, err := tx.SQL.Exec("INSERT INTO settings (name, value) VALUES ('big', ?)", string(make([]byte, 1<<20)))
		return err
	}
	var wg sync.WaitGroup
	errs := make([]error, 30)
	for i := range errs {
		wg.Go(func() {
			fn := put(fmt.Sprint("k", i), "v")
			if i == 10 {
				fn = full
			}
			errs[i] = d.InTx(t.Context(), operation(db.NewOpID(), i), fn)
		})
	}
	wg.Wait()
	if !errors.Is(errs[10], models.ErrDiskFull) {
		t.Fatalf("the full one: got %v", errs[10])
	}
	for i, err := range errs {
		got, readErr := db.Setting(t.Context(), d, fmt.Sprint("k", i))
		if readErr != nil {
			t.Fatal(readErr)
		}
		if (err == nil) != (got == "v") {
			t.Errorf("operation %d answered %v but left %q", i, err, got)
		}
	}
}

func TestInTxRefusesAClockThatJumpedBack(t *testing.T) {
	d, clock := modelstest.Open(t)
	if err := d.MarkClock(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock.Set(models.Date("2000-01-01").Start())
	if err := d.InTx(t.Context(), operation(db.NewOpID(), 1), put("x", "v")); !errors.Is(err, models.ErrClock) {
		t.Fatalf("got %v", err)
	}
	clock.Set(modelstest.Start)
	if err := d.InTx(t.Context(), operation(db.NewOpID(), 1), put("x", "v")); err != nil {
		t.Fatal(err)
	}
}

func TestGormInsideATransactionSeesAndJoinsIt(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		type setting struct {
			Name  string `gorm:"primaryKey"`
			Value string
		}
		err := d.InTx(t.Context(), operation(db.NewOpID(), 1), func(tx *db.Tx) error {
			if err := tx.Table("settings").Create(&setting{"g", "1"}).Error; err != nil {
				return err
			}
			var s setting
			if err := tx.Table("settings").Where("name = ?", "g").Take(&s).Error; err != nil || s.Value != "1" {
				return fmt.Errorf("not seen inside: %v", err)
			}
			if err := tx.Table("settings").Create(&setting{"g", "2"}).Error; !db.IsDuplicate(err) {
				return fmt.Errorf("second insert: got %v", err)
			}
			return models.ErrForbidden
		})
		if !errors.Is(err, models.ErrForbidden) {
			t.Fatalf("got %v", err)
		}
		want(t, d, "g", "")
	})
}
