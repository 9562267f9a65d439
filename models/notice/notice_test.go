package notice_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
)

const village = 4100

var he = models.Actor{Account: 7, Name: "何主任"}

func in(t testing.TB, d *db.DB, f func(tx *db.Tx) error) error {
	t.Helper()
	return d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: village, Kind: "test", By: he}, f)
}

func draft(t testing.TB, d *db.DB) (n notice.Notice) {
	t.Helper()
	err := in(t, d, func(tx *db.Tx) (err error) {
		n, err = notice.Make(tx, village, notice.Awards, "积分公示", 3, he)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func hang(t testing.TB, d *db.DB, id int64, at models.Millis) (n notice.Notice, err error) {
	t.Helper()
	err = in(t, d, func(tx *db.Tx) error {
		n, err = notice.Hang(tx, village, id, "村委会门口", at, he)
		return err
	})
	return n, err
}

func TestNoticeRunsFromTheMomentItHung(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		n := draft(t, d)
		clock.Add(48 * time.Hour)
		if due, _ := notice.Due(t.Context(), d, clock.Now()); len(due) != 0 {
			t.Fatal("a draft is due")
		}
		if left, _ := notice.Unposted(t.Context(), d, village); len(left) != 1 || !left[0].Overdue(clock.Now()) {
			t.Fatalf("the draft is not called for: %+v", left)
		}
		hungAt := clock.Now().Add(-2 * time.Hour)
		n, err := hang(t, d, n.ID, hungAt)
		if err != nil || n.EndsAt != hungAt.Add(72*time.Hour) {
			t.Fatalf("%v: ends %s", err, n.EndsAt)
		}
		if _, err := hang(t, d, n.ID, 0); !errors.Is(err, notice.ErrHung) {
			t.Errorf("hung twice: %v", err)
		}
		clock.Set(n.EndsAt - 1)
		if due, _ := notice.Due(t.Context(), d, clock.Now()); len(due) != 0 {
			t.Error("due a millisecond early")
		}
		if err := in(t, d, func(tx *db.Tx) error { return notice.Close(tx, village, n.ID) }); err != nil {
			t.Fatal(err)
		}
		if wall, _ := notice.OnTheWall(t.Context(), d, village, clock.Now()); len(wall) != 1 {
			t.Error("closed before it ended")
		}
		clock.Set(n.EndsAt)
		if due, _ := notice.Due(t.Context(), d, clock.Now()); len(due) != 1 {
			t.Error("not due at its end")
		}
		if err := in(t, d, func(tx *db.Tx) error { return notice.Close(tx, village, n.ID) }); err != nil {
			t.Fatal(err)
		}
		got, err := notice.Get(t.Context(), d, village, n.ID)
		if err != nil || got.State != notice.Closed || got.HungWhere != "村委会门口" {
			t.Errorf("%v: %+v", err, got)
		}
		if _, err := notice.Get(t.Context(), d, village+1, n.ID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("seen from next door: %v", err)
		}
	})
}

func TestHangRefusesTimesThatCannotBe(t *testing.T) {
	d, clock := modelstest.Open(t)
	n := draft(t, d)
	for _, at := range []models.Millis{clock.Now().Add(time.Minute), clock.Now().Add(-time.Hour)} {
		if _, err := hang(t, d, n.ID, at); models.KindOf(err) != models.Input {
			t.Errorf("hung at %s, made at %s: %v", at, n.MadeAt, err)
		}
	}
}

func TestMakeNumbersNoticesWithinTheYear(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { draft(t, d) })
		}
		all.Wait()
		list, err := notice.List(t.Context(), d, village, models.Cursor{})
		if err != nil || len(list) != 8 {
			t.Fatalf("%v: %d notices", err, len(list))
		}
		seen := map[int]bool{}
		for _, n := range list {
			seen[n.Number] = true
		}
		for i := 1; i <= 8; i++ {
			if !seen[i] {
				t.Errorf("number %d is missing", i)
			}
		}
		clock.Add(60 * 24 * time.Hour)
		if n := draft(t, d); n.Name() != "2027年第1期" {
			t.Errorf("first of the new year is %s", n.Name())
		}
	})
}

func TestDropGivesUpADraftOnly(t *testing.T) {
	d, _ := modelstest.Open(t)
	n, m := draft(t, d), draft(t, d)
	if _, err := hang(t, d, m.ID, 0); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]bool{n.ID: true, m.ID: false} {
		err := in(t, d, func(tx *db.Tx) error { return notice.Drop(tx, village, id) })
		if (err == nil) != want {
			t.Errorf("notice %d: %v", id, err)
		}
	}
	if _, err := hang(t, d, n.ID, 0); !errors.Is(err, notice.ErrDropped) {
		t.Errorf("hung what was given up: %v", err)
	}
}
