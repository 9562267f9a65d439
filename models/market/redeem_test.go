package market_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

func TestRedeemTakesPointsAndGoodsAndGivesAReceipt(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 20000)
		cart := w.cart(w.wang, one(w.soap), market.Line{Goods: w.rice, Qty: 150}, one(w.haircut), one(w.soap))
		cart.Proxy = "王小红（女儿）"

		r := w.sold(cart)

		// 2 × 20 + 1.5 × 30.5 + 10, rounded once per line
		w.wantPoints(w.wang, 20000-9575)
		w.wantStock(w.soap, 8)
		if got := w.qty(w.rice); got != 850 {
			t.Fatalf("rice left: %s", got)
		}
		if r.Number != "001-2" || r.Masked != "王*明 3组001" || r.Mark != "3组001" || r.Points != 9575 || r.Balance != 20000-9575 || r.Fen != 4788 ||
			r.Clerk != "李明" || r.Confirm != market.ByPIN || r.Proxy != cart.Proxy || r.At != clock.Now() || r.CounterName != "中心兑换点" || len(r.Lines) != 3 {
			t.Fatalf("receipt: %+v", r)
		}
		line, err := ledger.GetEntry(w.ctx, d, w.wang, 2)
		w.must(err)
		if r.CheckCode != line.CheckCode() || line.Cause != r.ID || line.Honour != 0 || line.Kind != ledger.Redeem {
			t.Fatalf("the passbook's line: %+v", line)
		}
		again, err := market.GetReceipt(w.ctx, d, w.village, r.ID)
		w.must(err)
		w.wantSame(again, r)
		found, err := market.FindReceipt(w.ctx, d, w.village, "００１－2 ")
		w.must(err)
		w.wantSame(found, r)
		mine, err := market.ReceiptsOf(w.ctx, d, w.wang, models.Cursor{})
		w.must(err)
		w.wantSame(mine, []market.Receipt{r})
		w.wantSound()
	})
}

func TestRedeemShortLeavesNothingBehind(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 1050)
		_, err := w.redeem(w.clerk, w.cart(w.wang, one(w.rice)))
		w.refuses(err, ledger.ErrShort, models.Conflict, "积分不够：还差 20 分，本次没有扣分")
		w.wantPoints(w.wang, 1050)
		w.wantStock(w.rice, 10)
		day, err := market.Today(w.ctx, d, w.village, w.counter)
		w.must(err)
		if day.Visits != 0 || len(day.Receipts) != 0 {
			t.Fatalf("a refused redemption is on today's list: %+v", day)
		}
		w.wantSound()
	})
}

func TestRedeemSoldOutNamesTheItem(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		w.sold(w.cart(w.wang, market.Line{Goods: w.soap, Qty: 900}))
		_, err := w.redeem(w.clerk, w.cart(w.wang, one(w.rice), market.Line{Goods: w.soap, Qty: 200}))
		w.refuses(err, market.ErrSoldOut, models.Conflict, "“洗衣液”只剩 1 件，没有扣分，请改数量或选别的")
		w.sold(w.cart(w.wang, one(w.soap)))
		_, err = w.redeem(w.clerk, w.cart(w.wang, one(w.rice), one(w.soap)))
		w.refuses(err, market.ErrSoldOut, models.Conflict, "“洗衣液”刚被兑完，没有扣分，请选别的")
		w.wantStock(w.rice, 10) // taken before the soap, and given back with the refusal
		w.wantPoints(w.wang, 100000-20000)
		w.wantSound()
	})
}

func TestRedeemAgainGivesTheFirstReceipt(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		op, cart := db.NewOpID(), w.cart(w.wang, one(w.soap), one(w.haircut))
		first, err := market.Redeem(w.ctx, d, op, w.clerk, cart)
		w.must(err)
		clock.Add(7 * 24 * time.Hour)
		again, err := market.Redeem(w.ctx, d, op, w.clerk, cart)
		w.must(err)
		w.wantSame(again, first)
		w.wantPoints(w.wang, 7000)

		_, err = market.Redeem(w.ctx, d, op, w.clerk, w.cart(w.wang, one(w.soap)))
		if !errors.Is(err, models.ErrReused) {
			t.Fatalf("other content under the same id: %v", err)
		}
		if _, err = market.Redeem(w.ctx, d, op, w.zhao, cart); !errors.Is(err, models.ErrReused) {
			t.Fatalf("another clerk under the same id: %v", err)
		}
		w.wantSound()
	})
}

func TestRedeemOnceHoweverOftenAsked(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		op, cart := db.NewOpID(), w.cart(w.wang, one(w.soap))
		const times, at = 1000, 40
		receipts := make([]market.Receipt, times)
		var next atomic.Int64
		for _, err := range race(at, func(int) error {
			for i := next.Add(1) - 1; i < times; i = next.Add(1) - 1 {
				var err error
				if receipts[i], err = market.Redeem(w.ctx, d, op, w.clerk, cart); err != nil {
					return err
				}
			}
			return nil
		}) {
			w.must(err)
		}
		for _, r := range receipts {
			w.wantSame(r, receipts[0])
		}
		w.wantPoints(w.wang, 98000)
		w.wantStock(w.soap, 9)
		w.wantSound()
	})
}

// rounds is how often a race is run; with -short, where the race detector makes
// each ten times slower, a few.
func rounds() int {
	if testing.Short() {
		return 10
	}
	return 200
}

func TestRedeemLastItemHasOneWinner(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		var homes []models.Household
		for range 64 {
			homes = append(homes, w.home("王家"))
			w.give(homes[len(homes)-1], 1_000_000)
		}
		w.sold(w.cart(homes[0], market.Line{Goods: w.soap, Qty: 1000}))
		for range rounds() {
			w.receive(w.soap, 1)
			errs := race(64, func(i int) error {
				_, err := w.redeem(w.clerk, w.cart(homes[i], one(w.soap)))
				return err
			})
			w.oneWinner(errs, market.ErrSoldOut)
			w.wantStock(w.soap, 0)
		}
		w.wantSound()
	})
}

func TestRedeemLastPointsHaveOneWinner(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		for range rounds() {
			w.give(w.wang, 2000)
			w.receive(w.soap, 1)
			errs := race(64, func(int) error {
				_, err := w.redeem(w.clerk, w.cart(w.wang, one(w.soap)))
				return err
			})
			w.oneWinner(errs, ledger.ErrShort)
			w.wantPoints(w.wang, 0)
		}
		w.wantStock(w.soap, 10)
		w.wantSound()
	})
}

func TestRedeemRefuses(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		next := newWorld(t, d, clock) // the village next door
		for _, h := range []models.Household{w.wang, w.li, w.left, w.out} {
			w.give(h, 10000)
		}
		change := func(f func(*market.Cart)) market.Cart {
			c := w.cart(w.wang, one(w.soap))
			f(&c)
			return c
		}
		for _, c := range []struct {
			why  string
			by   models.Actor
			cart market.Cart
			want *models.Error
		}{
			{"the clerk's own household", w.clerk, w.cart(w.li, one(w.soap)), models.ErrOwnHome},
			{"somebody without the till", w.chen, w.cart(w.wang, one(w.soap)), models.ErrForbidden},
			{"the clerk next door", next.clerk, w.cart(w.wang, one(w.soap)), models.ErrForbidden},
			{"nobody signed in", models.Actor{}, w.cart(w.wang, one(w.soap)), models.ErrSignIn},
			{"a household that moved away", w.clerk, w.cart(w.left, one(w.soap)), market.ErrLeft},
			{"a household that stays out", w.clerk, w.cart(w.out, one(w.soap)), market.ErrStaysOut},
			{"a household next door", w.clerk, w.cart(next.wang, one(w.soap)), models.ErrNotFound},
			{"a counter next door", w.clerk, change(func(c *market.Cart) { c.Counter = next.counter }), models.ErrNotFound},
			{"goods next door", w.clerk, change(func(c *market.Cart) { c.Lines = []market.Line{one(next.soap)} }), models.ErrNotFound},
			{"nothing in the cart", w.clerk, change(func(c *market.Cart) { c.Lines = nil }), models.ErrInput},
			{"less than nothing", w.clerk, change(func(c *market.Cart) { c.Lines[0].Qty = -100 }), models.ErrInput},
			{"more than there can be", w.clerk, change(func(c *market.Cart) { c.Lines[0].Qty = 1 << 62 }), models.ErrInput},
			{"no confirmation", w.clerk, change(func(c *market.Cart) { c.Confirm = "" }), models.ErrInput},
			{"a voucher without one", w.clerk, change(func(c *market.Cart) { c.Confirm = market.ByVoucher }), models.ErrInput},
			{"another price than seen", w.clerk, change(func(c *market.Cart) { c.Seen-- }), market.ErrPriceMoved},
		} {
			if _, err := w.redeem(c.by, c.cart); !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", c.why, err, c.want)
			}
		}
		w.exec("UPDATE counters SET closed_at = 1 WHERE village_id = ?", w.village)
		if _, err := w.redeem(w.clerk, w.cart(w.wang, one(w.soap))); !errors.Is(err, market.ErrCounterClosed) {
			t.Errorf("a counter given up: %v", err)
		}
		w.exec("UPDATE counters SET closed_at = 0 WHERE village_id = ?", w.village)
		w.wantPoints(w.wang, 10000)
		w.wantPoints(w.li, 10000)
		w.wantStock(w.soap, 10)
		w.wantSound()
		if _, err := w.redeem(w.zhao, w.cart(w.li, one(w.soap))); err != nil {
			t.Fatalf("a colleague serves the clerk's household: %v", err)
		}
	})
}

func TestRedeemAfterThePriceMoved(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		cart := w.cart(w.wang, one(w.soap))
		set := func(from models.Date, p models.Points) {
			w.must(market.SetPrice(w.ctx, d, db.NewOpID(), w.chen, market.PriceForm{Village: w.village, Goods: w.soap, FromDay: from, Points: p}))
		}
		set("", 2500)
		set(clock.Now().Day().AddDays(2), 3500)
		_, err := w.redeem(w.clerk, cart)
		w.refuses(err, market.ErrPriceMoved, models.Conflict, "价格刚调整过，现在一共 25 分，没有扣分；请核对后再确认")
		w.wantPoints(w.wang, 10000)
		if r := w.sold(w.cart(w.wang, one(w.soap))); r.Points != 2500 {
			t.Fatalf("today's price: %s", r.Points)
		}
		clock.Add(48 * time.Hour)
		if r := w.sold(w.cart(w.wang, one(w.soap))); r.Points != 3500 {
			t.Fatalf("the price from that day on: %s", r.Points)
		}
		err = market.SetPrice(w.ctx, d, db.NewOpID(), w.chen, market.PriceForm{Village: w.village, Goods: w.soap, FromDay: clock.Now().Day().AddDays(-1), Points: 100})
		if !errors.Is(err, models.ErrInput) {
			t.Fatalf("the past was priced anew: %v", err)
		}
	})
}

func TestRedeemSmallAmountsWithoutPIN(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		small := func(lines ...market.Line) (market.Receipt, error) {
			c := w.cart(w.wang, lines...)
			c.Confirm = market.BySmall
			return w.redeem(w.clerk, c)
		}
		_, err := small(one(w.rice)) // 30.5 of at most 25
		w.refuses(err, market.ErrNeedPIN, models.Forbidden, "超过免密码额度，没有扣分；请输入取货密码")
		first, err := small(one(w.soap))
		w.must(err)
		_, err = small(one(w.soap)) // 40 of 40
		w.must(err)
		_, err = small(one(w.haircut))
		w.refuses(err, market.ErrNeedPIN, models.Conflict, "超过免密码额度：今天已免密码兑换 40 分，本次没有扣分；请输入取货密码")
		w.sold(w.cart(w.wang, one(w.haircut))) // with the PIN

		_, err = market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, first.ID, "拿错了")
		w.must(err)
		_, err = small(one(w.haircut))
		w.must(err)
		clock.Add(24 * time.Hour)
		_, err = small(one(w.soap))
		w.must(err)
		w.wantSound()
	})
}

func TestRedeemManyCartsInOneTransaction(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		w.give(w.ma, 10000)
		together := func(carts ...market.Cart) (each []error) {
			err := d.InTx(w.ctx, db.Op{ID: db.NewOpID(), Village: w.village, Kind: "test"}, func(tx *db.Tx) error {
				each = market.RedeemAll(tx, w.zhao, carts)
				return errors.Join(each...)
			})
			if (err != nil) != (errors.Join(each...) != nil) {
				t.Fatal(err)
			}
			return each
		}
		wang, ma := w.cart(w.wang, one(w.soap), one(w.rice)), w.cart(w.ma, one(w.rice))
		left := w.cart(w.left, one(w.soap))
		each := together(wang, left, ma)
		if each[0] != nil || !errors.Is(each[1], market.ErrLeft) || each[2] != nil {
			t.Fatalf("who is to blame: %v", each)
		}
		w.wantPoints(w.ma, 10000)
		w.wantStock(w.rice, 10)
		if each = together(wang, ma); errors.Join(each...) != nil {
			t.Fatal(each)
		}
		w.wantPoints(w.wang, 4950)
		w.wantPoints(w.ma, 6950)
		w.wantStock(w.rice, 8)
		w.wantSound()
	})
}

func TestRedeemSmallAmountsAtTwoTillsAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		cart := w.cart(w.wang, one(w.soap)) // 20: two of them reach the day's 40
		cart.Confirm = market.BySmall
		won := 0
		for _, err := range race(8, func(int) error { _, err := w.redeem(w.clerk, cart); return err }) {
			if err == nil {
				won++
			} else if !errors.Is(err, market.ErrNeedPIN) {
				t.Fatal(err)
			}
		}
		if won != 2 {
			t.Fatalf("%d went through without a PIN, want 2", won)
		}
		w.wantPoints(w.wang, 96000)
	})
}
