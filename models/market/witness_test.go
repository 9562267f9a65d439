package market_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

// faceWorld is the world with 当面核对 up to 50 points, 70 in an opening, and the
// counter open.
func faceWorld(t *testing.T, d *db.DB, clock *modelstest.Clock) *world {
	w := newWorld(t, d, clock)
	w.give(w.wang, 20000)
	w.give(w.ma, 20000)
	w.must(market.SaveFaceLimits(w.ctx, d, db.NewOpID(), w.chen, w.village, market.FaceLimits{Limit: 5000, Session: 7000}))
	_, err := market.OpenSession(w.ctx, d, db.NewOpID(), w.clerk, w.village, w.counter)
	w.must(err)
	return w
}

// face is a cart that who confirms face to face.
func (w *world) face(h models.Household, who models.Actor, lines ...market.Line) market.Cart {
	w.Helper()
	c := w.cart(h, lines...)
	c.Confirm, c.Face = market.ByFace, market.WitnessedBy(who, true)
	return c
}

func TestFaceToFaceNeedsASecondPersonAndStaysUnderItsCeilings(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := faceWorld(t, d, clock)
		monitor := w.person("周监督", models.Monitor)
		kin := monitor
		kin.Kin = []models.Household{w.wang}
		stranger := models.Actor{Account: models.NewID(), Name: "外村人"}
		for _, one := range []struct {
			who  models.Actor
			want *models.Error
			kind models.Kind
		}{{models.Actor{}, market.ErrWitness, models.Forbidden}, {w.clerk, market.ErrWitness, models.Forbidden},
			{stranger, market.ErrWitness, models.Forbidden}, {kin, market.ErrWitnessKin, models.Forbidden}} {
			if _, err := w.redeem(w.clerk, w.face(w.wang, one.who, w2(w.soap)...)); !errors.Is(err, one.want) || models.KindOf(err) != one.kind {
				t.Fatalf("%s: got %v, want %v", one.who.Name, err, one.want)
			}
		}
		if _, err := w.redeem(w.clerk, w.face(w.li, monitor, one(w.soap))); !errors.Is(err, models.ErrOwnHome) {
			t.Fatalf("the clerk's own home: %v", err)
		}
		_, err := w.redeem(w.clerk, w.face(w.wang, monitor, market.Line{Goods: w.soap, Qty: 300}))
		w.refuses(err, market.ErrFaceLimit, models.Forbidden, "当面核对一次最多 50 分，没有扣分；请少换一点，或请村民输入取货密码")

		op := db.NewOpID()
		cart := w.face(w.wang, monitor, w2(w.soap)...)
		r, err := market.Redeem(w.ctx, d, op, w.clerk, cart)
		w.must(err)
		if r.Witness != "周监督" || !r.ReadOut || r.ConfirmTitle() != "当面核对" {
			t.Fatalf("the receipt says %+v", r)
		}
		again, err := market.Redeem(w.ctx, d, op, w.clerk, cart)
		w.must(err)
		w.wantSame(again, r)

		_, err = w.redeem(w.zhao, w.face(w.ma, monitor, w2(w.soap)...))
		w.refuses(err, market.ErrFaceSession, models.Conflict, "这一场当面核对最多 70 分，加上这一笔就超了，没有扣分；请少换一点，或请村民输入取货密码")
		_, err = market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, r.ID, "拿错了")
		w.must(err)
		_, err = w.redeem(w.zhao, w.face(w.ma, monitor, w2(w.soap)...))
		w.must(err)
		w.wantPoints(w.wang, 20000)
		w.wantPoints(w.ma, 16000)
		w.wantSound()
	})
}

// w2 is two of an item.
func w2(goods int64) []market.Line { return []market.Line{{Goods: goods, Qty: 200}} }

func TestFaceToFaceIsClosedWithoutALimitOrAnOpening(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	w.give(w.wang, 20000)
	monitor := w.person("周监督", models.Monitor)
	if _, err := w.redeem(w.clerk, w.face(w.wang, monitor, one(w.soap))); !errors.Is(err, market.ErrNoFace) {
		t.Fatalf("without a limit: %v", err)
	}
	w.must(market.SaveFaceLimits(w.ctx, d, db.NewOpID(), w.chen, w.village, market.FaceLimits{Limit: 5000, Session: 7000}))
	if _, err := w.redeem(w.clerk, w.face(w.wang, monitor, one(w.soap))); !errors.Is(err, market.ErrFaceClosed) {
		t.Fatalf("without an opening: %v", err)
	}
	if err := market.SaveFaceLimits(w.ctx, d, db.NewOpID(), w.clerk, w.village, market.FaceLimits{Limit: 5000, Session: 7000}); !errors.Is(err, models.ErrForbidden) {
		t.Fatalf("a clerk sets the limits: %v", err)
	}
	w.wantPoints(w.wang, 20000)
}

func TestFaceCeilingHoldsWhenTwoTillsHandOverAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := faceWorld(t, d, clock)
		monitor := w.person("周监督", models.Monitor)
		carts := []market.Cart{w.face(w.wang, monitor, w2(w.soap)...), w.face(w.ma, monitor, w2(w.soap)...)}
		w.oneWinner(race(2, func(i int) error {
			_, err := w.redeem(w.clerk, carts[i])
			return err
		}), market.ErrFaceSession)
		w.wantStock(w.soap, 8)
		w.wantSound()
	})
}

func TestHouseholdThatWantsItsPINGetsNothingWithoutOne(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := faceWorld(t, d, clock)
		w.must(village.SetConfirm(w.ctx, d, db.NewOpID(), w.chen, w.wang, village.ConfirmPIN))
		small := w.cart(w.wang, one(w.soap))
		small.Confirm = market.BySmall
		for _, c := range []market.Cart{small, w.face(w.wang, w.person("周监督", models.Monitor), one(w.soap))} {
			if _, err := w.redeem(w.clerk, c); !errors.Is(err, market.ErrPrefers) {
				t.Fatalf("%s: got %v", c.Confirm, err)
			}
		}
		w.sold(w.cart(w.wang, one(w.soap)))
		w.must(village.SetConfirm(w.ctx, d, db.NewOpID(), models.Actor{Household: w.wang}, w.wang, village.ConfirmAny))
		_, err := w.redeem(w.clerk, small)
		w.must(err)
		if err := village.SetConfirm(w.ctx, d, db.NewOpID(), models.Actor{Household: w.ma}, w.wang, village.ConfirmPIN); err == nil {
			t.Fatal("another household chose for it")
		}
	})
}
