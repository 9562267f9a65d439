package award_test

import (
	"errors"
	"sync"
	"testing"

	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

func TestSlipIsKeyedInOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 4)
		w.adopt(scheme.Adoption{Posting: scheme.PostNotice, NoticeDays: 3, PointRate: 10000}, rule("义务修渠", scheme.Plus, 15))
		print := db.NewOpID()
		for range 2 {
			if got, err := award.PrintSlips(t.Context(), d, print, w.he, w.village, 8); err != nil || got != (award.SlipRange{From: 1, To: 8}) {
				t.Fatalf("%+v %v", got, err)
			}
		}
		if got, err := award.PrintSlips(t.Context(), d, db.NewOpID(), w.he, w.village, 2); err != nil || got != (award.SlipRange{From: 9, To: 10}) {
			t.Fatalf("%+v %v", got, err)
		}
		use := func(number int64, home int) error {
			_, err := award.UseSlip(t.Context(), d, db.NewOpID(), w.ma, number, w.ask(home, "义务修渠", ""))
			return err
		}
		var won, lost int
		var mu sync.Mutex
		var all sync.WaitGroup
		for home := range 4 {
			all.Go(func() {
				err := use(3, home)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case errors.Is(err, award.ErrSlipUsed):
					lost++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won != 1 || lost != 3 {
			t.Fatalf("%d keyed the slip in and %d were refused", won, lost)
		}
		s, err := award.GetSlip(t.Context(), d, w.village, 3)
		w.must(err)
		a, err := award.Get(t.Context(), d, w.village, s.Award)
		w.must(err)
		if a.Way != award.WaySlip || a.Source != 3 || s.UsedBy != w.ma.Account {
			t.Errorf("%+v %+v", a, s)
		}
		w.must(award.Withdraw(t.Context(), d, db.NewOpID(), w.ma, w.village, a.ID))
		if err := use(3, 1); err != nil {
			t.Error("a slip whose award was taken back is good again:", err)
		}
		if n, err := award.VoidSlips(t.Context(), d, db.NewOpID(), w.he, w.village, award.SlipRange{From: 2, To: 5}, "淋湿了"); n != 3 || err != nil {
			t.Errorf("%d void, %v", n, err)
		}
		if err := use(4, 1); !errors.Is(err, award.ErrSlipVoid) {
			t.Error(err)
		}
		if err := use(11, 1); !errors.Is(err, award.ErrSlipUnknown) {
			t.Error(err)
		}
		if n, err := award.CountSlips(t.Context(), d, w.village); n != (award.SlipCount{Printed: 10, Used: 1, Void: 3, Out: 6}) || err != nil {
			t.Errorf("%+v %v", n, err)
		}
		if out, err := award.UnusedSlips(t.Context(), d, w.village); len(out) != 6 || out[0].Number != 1 || err != nil {
			t.Errorf("%+v %v", out, err)
		}
	})
}

func TestSlipNumberKnowsASlipOfTheFinger(t *testing.T) {
	for n := int64(1); n < 500; n += 7 {
		text := award.SlipText(n)
		if got, err := award.ParseSlip("No. " + text); got != n || err != nil {
			t.Fatalf("%s: %d %v", text, got, err)
		}
		for i := range text {
			for c := byte('0'); c <= '9'; c++ {
				wrong := text[:i] + string(c) + text[i+1:]
				if _, err := award.ParseSlip(wrong); (err == nil) != (wrong == text) {
					t.Fatalf("%s was read as %s", wrong, text)
				}
			}
		}
	}
	for _, bad := range []string{"", "12", "abc", "-000017", "99999999999999999999"} {
		if _, err := award.ParseSlip(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
