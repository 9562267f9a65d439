package village_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

func TestEnterAnswersUnknownNumbersLikeWrongPINs(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h := s.home(village.HomeForm{Number: "12", Head: "马少明"})
		if err := village.SetPIN(ctx, d, db.NewOpID(), s.by, s.k, h, "483920"); err != nil {
			t.Fatal(err)
		}
		for n := range 6 {
			_, known := village.Enter(ctx, d, s.k, s.v, "12", "111999")
			_, unknown := village.Enter(ctx, d, s.k, s.v, "999", "111999")
			if say(known) != say(unknown) || models.KindOf(known) != models.KindOf(unknown) {
				t.Fatalf("guess %d: %q for a known number, %q for an unknown one", n+1, say(known), say(unknown))
			}
			if locked := models.KindOf(known) == models.Locked; locked != (n >= 4) {
				t.Fatalf("guess %d: locked %v", n+1, locked)
			}
		}
		other := s.home(village.HomeForm{Number: "13", Head: "李四"})
		if err := village.SetPIN(ctx, d, db.NewOpID(), s.by, s.k, other, "730164"); err != nil {
			t.Fatal(err)
		}
		if got, err := village.Enter(ctx, d, s.k, s.v, " １３ ", "730164"); err != nil || got != other {
			t.Fatalf("%v %v", got, err)
		}
	})
}

func TestHiddenIsTheHouseholdsOwnChoice(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h, other := s.home(village.HomeForm{Number: "1", Head: "马少明"}), s.home(village.HomeForm{Number: "2", Head: "李四"})
		was := s.get(h)
		if err := village.SetHidden(ctx, d, db.NewOpID(), models.Actor{Household: other}, h, true); err == nil || s.get(h).Hidden {
			t.Fatalf("a neighbour hid them: %v", err)
		}
		if err := village.SetHidden(ctx, d, db.NewOpID(), models.Actor{Household: h}, h, true); err != nil || !s.get(h).Hidden {
			t.Fatal(err)
		}
		form := was.Form()
		form.Lane = "清渠1巷"
		if err := village.SaveHome(ctx, d, db.NewOpID(), s.by, form); !errors.Is(err, models.ErrStale) {
			t.Errorf("a form drawn before would have put them back on the board: %v", err)
		}
		if err := village.SetHidden(ctx, d, db.NewOpID(), s.by, h, false); err != nil || s.get(h).Hidden {
			t.Fatal(err)
		}
	})
}
