package market_test

import (
	"errors"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// atHome is a household at its own phone.
func atHome(h models.Household) models.Actor { return models.Actor{Household: h, Session: 7} }

func (w *world) voucher(h models.Household, lines ...market.Line) market.Voucher {
	w.Helper()
	v, err := market.IssueVoucher(w.ctx, w.d, db.NewOpID(), atHome(h), w.k, w.cart(h, lines...))
	w.must(err)
	return v
}

func TestVoucherFromPhoneToReceipt(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		op, cart := db.NewOpID(), w.cart(w.wang, one(w.rice), market.Line{Goods: w.soap, Qty: 200})
		v, err := market.IssueVoucher(w.ctx, d, op, atHome(w.wang), w.k, cart)
		w.must(err)
		again, err := market.IssueVoucher(w.ctx, d, op, atHome(w.wang), w.k, cart)
		w.must(err)
		w.wantSame(again, v) // the same secrets, though the database holds none of them in plain
		open, err := market.OpenVouchers(w.ctx, d, w.k, w.wang)
		w.must(err)
		w.wantSame(open, []market.Voucher{v})
		if v.ExpiresAt != clock.Now().Add(10*time.Minute) || v.Points != 7050 || !v.Token.Voucher() || len(v.Code) != 8 {
			t.Fatalf("voucher: %+v", v)
		}
		w.wantPoints(w.wang, 10000) // it holds nothing
		w.wantStock(w.rice, 10)

		seen, err := market.FindVoucher(w.ctx, d, w.clerk, v.Token)
		w.must(err)
		typed, err := market.FindVoucherCode(w.ctx, d, w.clerk, w.k, w.village, w.counter, keys.Pretty(v.Code))
		w.must(err)
		w.wantSame(typed, seen)
		if seen.Token != "" || seen.Code != "" || seen.Masked != "王*明 3组001" || len(seen.Lines) != 2 || seen.Points != 7050 {
			t.Fatalf("at the till: %+v", seen)
		}
		r := w.sold(seen.Cart())
		if r.Confirm != market.ByVoucher || r.Voucher != v.ID || r.Points != 7050 || len(r.Lines) != 2 {
			t.Fatalf("receipt: %+v", r)
		}
		w.wantPoints(w.wang, 2950)
		w.wantStock(w.soap, 8)
		if left, err := market.OpenVouchers(w.ctx, d, w.k, w.wang); err != nil || len(left) != 0 {
			t.Fatalf("still open: %v %v", left, err)
		}
		w.wantSound()
	})
}

func TestVoucherGoneIsGone(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		used, cancelled, expired := w.voucher(w.wang, one(w.soap)), w.voucher(w.wang, one(w.soap)), w.voucher(w.wang, one(w.soap))
		w.sold(used.Cart())
		if err := market.CancelVoucher(w.ctx, d, db.NewOpID(), atHome(w.ma), cancelled.ID); !errors.Is(err, models.ErrNotFound) {
			t.Fatalf("a neighbour cancels: %v", err)
		}
		w.must(market.CancelVoucher(w.ctx, d, db.NewOpID(), atHome(w.wang), cancelled.ID))
		w.refuses(market.CancelVoucher(w.ctx, d, db.NewOpID(), atHome(w.wang), used.ID), market.ErrVoucherGone, models.Gone, "这个码已用过，没有扣分；请让村民刷新")
		_, err := w.redeem(w.clerk, cancelled.Cart()) // its ten minutes are not over
		w.refuses(err, market.ErrVoucherGone, models.Gone, "这个码已取消，没有扣分；请让村民刷新")
		clock.Add(10 * time.Minute)
		for _, c := range []struct {
			v   market.Voucher
			say string
		}{
			{used, "这个码已用过，没有扣分；请让村民刷新"},
			{cancelled, "这个码已取消，没有扣分；请让村民刷新"},
			{expired, "这个码已过期，没有扣分；请让村民刷新"},
		} {
			_, err := market.FindVoucher(w.ctx, d, w.clerk, c.v.Token)
			w.refuses(err, market.ErrVoucherGone, models.Gone, c.say)
			_, err = market.FindVoucherCode(w.ctx, d, w.clerk, w.k, w.village, w.counter, c.v.Code)
			w.refuses(err, market.ErrVoucherGone, models.Gone, c.say)
			_, err = w.redeem(w.clerk, c.v.Cart())
			w.refuses(err, market.ErrVoucherGone, models.Gone, c.say)
		}
		w.wantPoints(w.wang, 98000)
		w.wantStock(w.soap, 9)
		w.wantSound()
	})
}

func TestVoucherUnknownAndForeignAreTheSame(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		next := newWorld(t, d, clock)
		next.give(next.wang, 10000)
		foreign := next.voucher(next.wang, one(next.soap))
		unknown, code := keys.NewVoucher()
		const say = "没有找到这个取货码，没有扣分；请核对，或让村民刷新"
		for _, token := range []keys.Token{foreign.Token, unknown} {
			_, err := market.FindVoucher(w.ctx, d, w.clerk, token)
			w.refuses(err, models.ErrNotFound, models.NotFound, say)
		}
		for _, typed := range []string{foreign.Code, code, "1234"} {
			_, err := market.FindVoucherCode(w.ctx, d, w.clerk, w.k, w.village, w.counter, typed)
			w.refuses(err, models.ErrNotFound, models.NotFound, say)
		}
		cart := foreign.Cart()
		cart.Village, cart.Counter, cart.Household = w.village, w.counter, w.wang.ID
		_, err := w.redeem(w.clerk, cart)
		w.refuses(err, models.ErrNotFound, models.NotFound, say)
		next.sold(foreign.Cart())
	})
}

func TestVoucherAtAnotherCounter(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		other, err := market.AddCounter(w.ctx, d, db.NewOpID(), w.chen, w.k, w.village, "北庄兑换点")
		w.must(err)
		v := w.voucher(w.wang, one(w.soap))
		_, err = market.FindVoucherCode(w.ctx, d, w.clerk, w.k, w.village, other.ID, v.Code)
		w.refuses(err, models.ErrNotFound, models.NotFound, "没有找到这个取货码，没有扣分；请核对，或让村民刷新")
		cart := v.Cart()
		cart.Counter = other.ID
		_, err = w.redeem(w.clerk, cart)
		w.refuses(err, models.ErrNotFound, models.NotFound, "这个取货码要在“中心兑换点”用，这里没有扣分；请让村民在这里重新选")
		w.sold(v.Cart())
	})
}

func TestVoucherOnceHoweverManyScan(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 1_000_000)
		for i := range 8 {
			w.receive(w.soap, 1)
			v := w.voucher(w.wang, one(w.soap))
			errs := race(20, func(int) error { _, err := w.redeem(w.clerk, v.Cart()); return err })
			w.oneWinner(errs, market.ErrVoucherGone)
			w.wantPoints(w.wang, models.Points(1_000_000-2000*(i+1)))
		}
		w.wantStock(w.soap, 10)
		w.wantSound()
	})
}

func TestVoucherThreeAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		cart := w.cart(w.wang, one(w.soap))
		issue := func(int) error {
			_, err := market.IssueVoucher(w.ctx, d, db.NewOpID(), atHome(w.wang), w.k, cart)
			return err
		}
		made := 0
		for _, err := range race(12, issue) {
			if err == nil {
				made++
			} else if !errors.Is(err, market.ErrManyVouchers) {
				t.Fatal(err)
			}
		}
		if made != 3 {
			t.Fatalf("%d vouchers are open, want 3", made)
		}
		open, err := market.OpenVouchers(w.ctx, d, w.k, w.wang)
		w.must(err)
		w.must(market.CancelVoucher(w.ctx, d, db.NewOpID(), atHome(w.wang), open[1].ID))
		w.must(issue(0))
		clock.Add(11 * time.Minute)
		w.must(issue(0)) // those that ran out make room
	})
}

func TestVoucherRefuses(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 3000)
		issue := func(by models.Actor, c market.Cart) error {
			_, err := market.IssueVoucher(w.ctx, d, db.NewOpID(), by, w.k, c)
			return err
		}
		w.refuses(issue(atHome(w.wang), w.cart(w.wang, one(w.rice))), ledger.ErrShort, models.Conflict, "积分不够：还差 0.5 分，本次没有扣分")
		for why, err := range map[string]error{
			"somebody else's passbook": issue(atHome(w.ma), w.cart(w.wang, one(w.soap))),
			"a clerk":                  issue(w.clerk, w.cart(w.wang, one(w.soap))),
		} {
			if k := models.KindOf(err); k != models.Forbidden && k != models.SignIn {
				t.Errorf("%s: %v", why, err)
			}
		}
		w.give(w.ma, 100000)
		w.refuses(issue(atHome(w.ma), w.cart(w.ma, one(w.haircut), market.Line{Goods: w.soap, Qty: 1100})), market.ErrSoldOut, models.Conflict, "“洗衣液”只剩 10 件，没有扣分，请改数量或选别的")

		v := w.voucher(w.wang, one(w.soap))
		cart := v.Cart()
		cart.Lines = []market.Line{one(w.haircut)}
		if _, err := w.redeem(w.clerk, cart); !errors.Is(err, models.ErrInput) {
			t.Errorf("other goods than the voucher's: %v", err)
		}
		w.must(market.SetPrice(w.ctx, d, db.NewOpID(), w.chen, market.PriceForm{Village: w.village, Goods: w.soap, Points: 2100}))
		if _, err := w.redeem(w.clerk, v.Cart()); !errors.Is(err, market.ErrPriceMoved) {
			t.Errorf("dearer than the household agreed to: %v", err)
		}
		w.wantPoints(w.wang, 3000)
		if _, err := market.FindVoucher(w.ctx, d, w.clerk, v.Token); err != nil {
			t.Errorf("a refusal has used the voucher up: %v", err)
		}
	})
}
