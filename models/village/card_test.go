package village_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

func TestCardIsDeadOnceReplaced(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h := s.home(village.HomeForm{Number: "1", Head: "马少明"})
		old := village.CardToken(s.k, s.get(h))
		if card, err := village.FindCard(ctx, d, old); err != nil || card.Household != h || card.CardNo != 1 {
			t.Fatalf("%+v %v", card, err)
		}
		op := db.NewOpID()
		for range 2 { // the second time is the same press of the button
			if no, err := village.IssueCard(ctx, d, op, s.by, s.k, h); err != nil || no != 2 {
				t.Fatalf("card %d, %v", no, err)
			}
		}
		card, err := village.FindCard(ctx, d, old)
		if models.KindOf(err) != models.Gone || !card.Dead || say(err) != "这张卡已换新，旧卡不能用" {
			t.Errorf("%+v %v", card, err)
		}
		if card, err := village.FindCard(ctx, d, village.CardToken(s.k, s.get(h))); err != nil || card.Household != h {
			t.Errorf("the new one: %+v %v", card, err)
		}
		forged, _ := keys.NewVoucher()
		if _, err := village.FindCard(ctx, d, forged); !errors.Is(err, models.ErrNotFound) || say(err) != "没有找到这张卡，请核对或换卡" {
			t.Errorf("forged: %v", err)
		}
	})
}

func TestFirstCardsGoToThoseWithout(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		with := s.home(village.HomeForm{Number: "1", Head: "马少明"})
		without, err := village.AddHome(t.Context(), d, db.NewOpID(), s.by, village.HomeForm{Village: s.v, Number: "2", Head: "李四"})
		if err != nil || s.get(without).CardNo != 0 {
			t.Fatal(err)
		}
		for _, want := range []int{1, 0} {
			if made, err := village.FirstCards(t.Context(), d, db.NewOpID(), s.by, s.k, s.v); err != nil || made != want {
				t.Fatalf("made %d, %v; want %d", made, err, want)
			}
		}
		for _, h := range []models.Household{with, without} {
			if card, err := village.FindCard(t.Context(), d, s.k.Card(h, 1)); err != nil || card.Household != h {
				t.Errorf("%v %v", card, err)
			}
		}
	})
}

func TestCheckPINLocksLongerEachTime(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h := s.home(village.HomeForm{Number: "1", Head: "马少明"})
		check := func(place, pin string) error { return village.CheckPIN(ctx, d, s.k, h, place, pin) }
		if err := check("77", "4839"); !errors.Is(err, village.ErrNoPIN) {
			t.Fatalf("without a PIN: %v", err)
		}
		if err := village.SetPIN(ctx, d, db.NewOpID(), s.by, s.k, h, "1234"); models.KindOf(err) != models.Input {
			t.Errorf("a weak PIN: %v", err)
		}
		if err := village.SetPIN(ctx, d, db.NewOpID(), s.by, s.k, h, "４８３９"); err != nil {
			t.Fatal(err)
		}
		for _, pause := range []time.Duration{15 * time.Minute, time.Hour, 24 * time.Hour} {
			for left := 4; left >= 0; left-- {
				err := check("77", "0000")
				switch {
				case left > 0 && (models.KindOf(err) != models.SignIn || !strings.Contains(say(err), "还可试 "+string(rune('0'+left))+" 次")):
					t.Fatalf("%d left: %v %s", left, err, say(err))
				case left == 0 && models.KindOf(err) != models.Locked:
					t.Fatalf("the fifth: %v", err)
				}
			}
			if err := check("77", "4839"); models.KindOf(err) != models.Locked || !strings.Contains(say(err), "后再试，或找管理员核实身份") {
				t.Errorf("right, yet locked: %v", err)
			}
			if err := check(village.OnPhone, "4839"); err != nil {
				t.Errorf("locked at the counter, but at home: %v", err)
			}
			clock.Add(pause - time.Second)
			if err := check("77", "4839"); models.KindOf(err) != models.Locked {
				t.Errorf("a second early: %v", err)
			}
			clock.Add(2 * time.Second)
		}
		for range 5 {
			check("77", "0000")
		}
		if err := village.UnlockPIN(ctx, d, db.NewOpID(), s.by, h); err != nil {
			t.Fatal(err)
		}
		if err := check("77", "4839"); err != nil {
			t.Errorf("unlocked: %v", err)
		}
	})
}

func TestHouseholdSetsItsOwnPIN(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h, other := s.home(village.HomeForm{Number: "1", Head: "马少明"}), s.home(village.HomeForm{Number: "2", Head: "李四"})
		self := models.Actor{Household: h}
		if err := village.SetPIN(ctx, d, db.NewOpID(), self, s.k, h, "483926"); err != nil {
			t.Fatal(err)
		}
		if err := village.CheckPIN(ctx, d, s.k, h, village.OnPhone, "483926"); err != nil {
			t.Error(err)
		}
		if err := village.SetPIN(ctx, d, db.NewOpID(), self, s.k, other, "483926"); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("set a neighbour's: %v", err)
		}
		if err := village.UnlockPIN(ctx, d, db.NewOpID(), self, h); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("unlocked itself: %v", err)
		}
	})
}

func TestFirstPINsAreShownOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx, op := t.Context(), db.NewOpID()
		h, own := s.home(village.HomeForm{Number: "1", Head: "马少明"}), s.home(village.HomeForm{Number: "2", Head: "李四"})
		if err := village.SetPIN(ctx, d, db.NewOpID(), s.by, s.k, own, "4839"); err != nil {
			t.Fatal(err)
		}
		slips, err := village.FirstPINs(ctx, d, op, s.by, s.k, s.v)
		if err != nil || len(slips) != 1 || slips[0].Household != h {
			t.Fatalf("%v %v", slips, err)
		}
		if err := village.CheckPIN(ctx, d, s.k, h, "7", slips[0].PIN); err != nil {
			t.Error(err)
		}
		if again, err := village.FirstPINs(ctx, d, op, s.by, s.k, s.v); !errors.Is(err, village.ErrPINSlips) || len(again) != 0 {
			t.Errorf("a second look: %v %v", again, err)
		}
		var kept int
		d.Stmts(ctx).Row("SELECT COUNT(*) FROM operations WHERE INSTR(result, ?) > 0", slips[0].PIN).Scan(&kept)
		if kept != 0 {
			t.Error("a PIN lies in the trail")
		}
	})
}
