package db_test

import (
	"errors"
	"testing"

	"pointstore/models/db"
	"pointstore/models/modelstest"
)

func TestChangesMoveWithEveryCommittedOperationOfTheirVillage(t *testing.T) {
	d, _ := modelstest.Open(t)
	do := func(village int64, fn func(*db.Tx) error) {
		t.Helper()
		d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: village, Kind: "test"}, fn)
	}
	fine := func(*db.Tx) error { return nil }

	do(7, fine)
	do(8, fine)
	do(7, func(*db.Tx) error { return errors.New("refused") })
	if err := d.Aside(t.Context(), fine); err != nil {
		t.Fatal(err)
	}

	if d.ChangesIn(7) != 1 || d.ChangesIn(8) != 1 || d.ChangesIn(9) != 0 || d.Changes() != 2 {
		t.Fatalf("counted %d, %d, %d and %d in all; want 1, 1, 0 and 2", d.ChangesIn(7), d.ChangesIn(8), d.ChangesIn(9), d.Changes())
	}
}
