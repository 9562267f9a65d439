package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
)

func wrong(context.Context) (bool, error) { return false, nil }
func right(context.Context) (bool, error) { return true, nil }

func TestGuessLocksLongerEachTime(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		ctx, pin := t.Context(), db.Scope{Name: "pin:1"}
		for _, c := range []struct {
			pause time.Duration
			says  string
		}{{15 * time.Minute, "15 分钟"}, {time.Hour, "60 分钟"}, {24 * time.Hour, "24 小时"}, {24 * time.Hour, "24 小时"}} {
			for want := 4; want >= 0; want-- {
				if ok, left, err := d.Guess(ctx, wrong, pin); ok || left != want || err != nil {
					t.Fatalf("got %v, %d left, %v; want %d left", ok, left, err, want)
				}
			}
			_, _, err := d.Guess(ctx, right, pin)
			var e *models.Error
			if !errors.As(err, &e) || !errors.Is(err, db.ErrLocked) || !strings.Contains(e.Say, c.says) {
				t.Fatalf("the right one while locked: got %v, want a refusal that says %s", err, c.says)
			}
			clock.Add(c.pause)
		}
		if ok, _, err := d.Guess(ctx, right, pin); !ok || err != nil {
			t.Fatalf("after the pause: %v, %v", ok, err)
		}
		if _, left, err := d.Guess(ctx, wrong, pin); left != 4 || err != nil {
			t.Fatalf("a right one starts the count again: %d left, %v", left, err)
		}
	})
}

func TestGuessLooksAtFiveOfAThousandAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		var looked, refused atomic.Int64
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for range 60 {
					_, _, err := d.Guess(t.Context(), func(context.Context) (bool, error) { looked.Add(1); return false, nil }, db.Scope{Name: "pin:1"})
					if errors.Is(err, db.ErrLocked) {
						refused.Add(1)
					} else if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if looked.Load() != 5 || refused.Load() != 16*60-5 {
			t.Fatalf("looked at %d and refused %d", looked.Load(), refused.Load())
		}
	})
}

func TestGuessCountsForEveryScopeAndClearsTheFirst(t *testing.T) {
	d, clock := modelstest.Open(t)
	ctx, office := t.Context(), db.Scope{Name: "addr:1", Tries: 7}
	for i := range 6 {
		if _, _, err := d.Guess(ctx, wrong, db.Scope{Name: "login:" + string(rune('a'+i))}, office); err != nil {
			t.Fatal(err)
		}
	}
	if ok, _, err := d.Guess(ctx, right, db.Scope{Name: "login:z"}, office); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	if _, left, err := d.Guess(ctx, wrong, db.Scope{Name: "login:y"}, office); left != 0 || err != nil {
		t.Fatalf("somebody's right guess cleared the office's count: %d left, %v", left, err)
	}
	if _, _, err := d.Guess(ctx, right, db.Scope{Name: "login:x"}, office); !errors.Is(err, db.ErrLocked) {
		t.Fatalf("got %v", err)
	}
	clock.Add(40 * time.Hour)
	if _, left, err := d.Guess(ctx, wrong, db.Scope{Name: "login:x"}, office); left != 4 || err != nil {
		t.Fatalf("old guesses still count: %d left, %v", left, err)
	}
}

func TestGuessDoesNotCountWhatWasNotLookedAt(t *testing.T) {
	d, _ := modelstest.Open(t)
	for range 9 {
		_, _, err := d.Guess(t.Context(), func(context.Context) (bool, error) { return false, models.ErrBusy }, db.Scope{Name: "a"})
		if !errors.Is(err, models.ErrBusy) {
			t.Fatalf("got %v", err)
		}
	}
	if _, left, err := d.Guess(t.Context(), wrong, db.Scope{Name: "a"}); left != 4 || err != nil {
		t.Fatalf("%d left, %v", left, err)
	}
}
