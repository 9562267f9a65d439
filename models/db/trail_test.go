package db_test

import (
	"fmt"
	"testing"
	"time"

	"pointstore/models/db"
	"pointstore/models/modelstest"
)

func TestTrailGoesBackThroughOneInstantToo(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		for i := range 7 {
			if i == 4 {
				clock.Add(time.Minute)
			}
			op := db.Op{ID: db.NewOpID(), Village: 40, Kind: fmt.Sprintf("kind-%d", i%2), Notes: []db.Note{{Field: "n", New: fmt.Sprint(i)}}}
			if err := d.InTx(t.Context(), op, func(*db.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		seen, last := map[string]bool{}, db.Done{}
		for range 4 {
			page, err := db.Trail(t.Context(), d, 40, "", last, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page {
				if last.At != 0 && o.At > last.At {
					t.Errorf("%s stands behind an older one", o.Kind)
				}
				seen[o.Notes[0].New], last = true, o
			}
		}
		if len(seen) != 7 {
			t.Errorf("saw %v, want all seven once", seen)
		}
		if odd, err := db.Trail(t.Context(), d, 40, "kind-1", db.Done{}, 10); err != nil || len(odd) != 3 {
			t.Errorf("%d of kind-1, %v; want 3", len(odd), err)
		}
		if other, err := db.Trail(t.Context(), d, 41, "", db.Done{}, 10); err != nil || len(other) != 0 {
			t.Errorf("another village's trail holds %d, %v", len(other), err)
		}
	})
}
