package models_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"pointstore/models"
)

func TestIDsComeBackFromAddresses(t *testing.T) {
	for id, want := range map[int64]string{0: "0", 1: "1", 31: "z", 32: "10", 1<<63 - 1: "7zzzzzzzzzzzz"} {
		if got := models.ID32(id); got != want {
			t.Errorf("%d is written %s, want %s", id, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Min(0).Draw(t, "id")
		if back, err := models.ParseID32(models.ID32(id)); err != nil || back != id {
			t.Fatalf("%d written %s came back as %d (%v)", id, models.ID32(id), back, err)
		}
	})
}

func TestParseID32FindsNothingInOtherText(t *testing.T) {
	for _, s := range []string{"", "i", "l", "o", "u", "A", "-1", "1 ", "８", "村", "8000000000000", "zzzzzzzzzzzzz", "10000000000000", "' OR 1=1", "..", "%00"} {
		if id, err := models.ParseID32(s); !errors.Is(err, models.ErrNotFound) || id != 0 {
			t.Errorf("%q became %d with %v", s, id, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "address")
		if id, err := models.ParseID32(s); err == nil && id < 0 {
			t.Fatalf("%q became %d", s, id)
		}
	})
}

func TestNewIDsRiseAndNeverMeet(t *testing.T) {
	const hands, each = 8, 20_000
	minted := make([][]int64, hands)
	var all sync.WaitGroup
	for i := range minted {
		all.Go(func() {
			for n := range each {
				run := int64(1 + n%3)
				first := models.NewIDs(run)
				for k := range run {
					minted[i] = append(minted[i], first+k)
				}
			}
		})
	}
	all.Wait()

	seen := map[int64]bool{}
	for _, mine := range minted {
		if !slices.IsSorted(mine) {
			t.Error("ids of one hand went back")
		}
		for _, id := range mine {
			if seen[id] || id <= models.Everywhere {
				t.Fatalf("id %d was minted twice or is reserved", id)
			}
			seen[id] = true
		}
	}
}

func TestIDsOfTwoInstancesDiffer(t *testing.T) {
	defer models.SetInstance(0)
	models.SetInstance(5)
	five := models.NewID()
	models.SetInstance(63)
	last := models.NewID()
	if five>>16&63 != 5 || last>>16&63 != 63 || models.Instance() != 63 {
		t.Errorf("ids %b and %b do not carry their instances", five, last)
	}
}
