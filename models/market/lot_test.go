package market_test

import (
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// lot takes pieces in that expire on a day.
func (w *world) lot(goods int64, pieces int, expires models.Date) {
	w.Helper()
	w.must(market.Receive(w.ctx, w.d, db.NewOpID(), w.chen, market.Delivery{Village: w.village, Counter: w.counter,
		Lines: []market.Incoming{{Goods: goods, Qty: models.Qty(pieces * 100), CostFen: 900, ExpiresOn: expires}}}))
}

// wantLots holds what lies where against expiry → pieces.
func (w *world) wantLots(goods int64, want map[models.Date]models.Qty) {
	w.Helper()
	lines, err := market.LotsOfGoods(w.ctx, w.d, w.village, w.counter, goods)
	w.must(err)
	got := map[models.Date]models.Qty{}
	for _, l := range lines {
		got[l.ExpiresOn] += l.Qty
	}
	w.wantSame(got, want)
}

func TestRedeemTakesWhatExpiresFirst(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 200000)
		day := clock.Now().Day()
		soon, late := day.AddDays(5), day.AddDays(90)
		w.lot(w.soap, 2, late)
		w.lot(w.soap, 1, soon)
		first := w.sold(w.cart(w.wang, market.Line{Goods: w.soap, Qty: 250}, one(w.haircut)))
		if len(first.Lines) != 2 {
			t.Fatalf("one line for one item: %+v", first.Lines)
		}
		read, err := market.GetReceipt(w.ctx, d, w.village, first.ID)
		w.must(err)
		w.wantSame(read, first)
		w.wantLots(w.soap, map[models.Date]models.Qty{late: 50, "": 1000})
		second := w.sold(w.cart(w.wang, market.Line{Goods: w.soap, Qty: 300}))
		w.wantLots(w.soap, map[models.Date]models.Qty{"": 750})
		w.wantSound()
		for _, r := range []market.Receipt{second, first} {
			_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, r.ID, "拿错了")
			w.must(err)
		}
		w.wantLots(w.soap, map[models.Date]models.Qty{soon: 100, late: 200, "": 1000})
		w.wantSound()
	})
}

func TestRedeemLeavesExpiredLotsAlone(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 200000)
		milk, last := w.item("牛奶", market.Thing, 500, 0), clock.Now().Day()
		w.lot(milk, 3, last)
		w.lot(milk, 2, last.AddDays(40))
		w.sold(w.cart(w.wang, one(milk))) // the last day still counts
		clock.Set(last.AddDays(1).Start())
		_, err := w.redeem(w.clerk, w.cart(w.wang, market.Line{Goods: milk, Qty: 300}))
		w.refuses(err, market.ErrSoldOut, models.Conflict, "“牛奶”只剩 2 件，没有扣分，请改数量或选别的")
		shelf, err := market.Shelf(w.ctx, d, w.village, 0, clock.Now().Day())
		w.must(err)
		for _, it := range shelf {
			if it.ID == milk && it.Qty != 200 {
				t.Fatalf("the shelf promises %s", it.Qty)
			}
		}
		w.wantStock(milk, 4) // the books still hold what is past
		dead, err := market.Expiring(w.ctx, d, w.village, clock.Now().Day())
		w.must(err)
		if len(dead) != 1 || dead[0].Qty != 200 || !dead[0].Expired(clock.Now().Day()) || dead[0].CounterName != "中心兑换点" {
			t.Fatalf("expired: %+v", dead)
		}
		low, err := market.Low(w.ctx, d, w.village)
		w.must(err)
		if len(low) != 1 || low[0].ID != milk || low[0].Qty != 200 {
			t.Fatalf("running out: %+v", low)
		}
		w.sold(w.cart(w.wang, market.Line{Goods: milk, Qty: 200}))
		w.wantSound()
	})
}

func TestRedeemLastOfALotHasOneWinner(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		milk, day := w.item("牛奶", market.Thing, 500, 0), clock.Now().Day()
		w.lot(milk, 1, day.AddDays(3))
		w.lot(milk, 1, day.AddDays(9))
		carts := []market.Cart{}
		for _, h := range []models.Household{w.wang, w.ma, w.home("周家"), w.home("吴家")} {
			w.give(h, 10000)
			carts = append(carts, w.cart(h, market.Line{Goods: milk, Qty: 200}))
		}
		w.oneWinner(race(len(carts), func(i int) error { _, err := w.redeem(w.clerk, carts[i]); return err }), market.ErrSoldOut)
		w.wantLots(milk, map[models.Date]models.Qty{})
		w.wantSound()
	})
}

func TestReceiveReadsThePackage(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		day := clock.Now().Day()
		w.must(market.SaveGoods(w.ctx, d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Goods: w.rice, Name: "大米", Unit: "袋", ShelfLife: 180}))
		in := func(l market.Incoming) error {
			l.Goods, l.Qty = w.rice, 100
			return market.Receive(w.ctx, d, db.NewOpID(), w.clerk, market.Delivery{Village: w.village, Counter: w.counter, Lines: []market.Incoming{l}})
		}
		w.must(in(market.Incoming{LotNumber: "A1", MadeOn: day.AddDays(-10)}))
		w.wantLots(w.rice, map[models.Date]models.Qty{day.AddDays(170): 100, "": 1000})
		w.refuses(in(market.Incoming{MadeOn: day.AddDays(-181)}), models.ErrInput, models.Input, "“大米”到 "+string(day.AddDays(-1))+" 就过期了，一件都没有入库；请核对日期")
		w.refuses(in(market.Incoming{MadeOn: day.AddDays(1)}), models.ErrInput, models.Input, "“大米”的生产日期还没有到，一件都没有入库；请核对日期")
		w.wantStock(w.rice, 11)
		w.wantSound()
	})
}

func TestPriceEndsOnItsLastDay(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		last := clock.Now().Day().AddDays(2)
		price := func(f market.PriceForm) error {
			f.Village, f.Goods = w.village, w.soap
			return market.SetPrice(w.ctx, d, db.NewOpID(), w.chen, f)
		}
		w.refuses(price(market.PriceForm{Points: 100, UntilDay: clock.Now().Day().AddDays(-1)}), models.ErrInput, models.Input, "“到哪天为止”在开始的那天以前，没有保存；请核对")
		w.must(price(market.PriceForm{Points: 1500, UntilDay: last}))
		clock.Set(last.Start())
		cart := w.cart(w.wang, one(w.soap))
		w.sold(cart)
		clock.Set(last.AddDays(1).Start())
		_, err := w.redeem(w.clerk, cart)
		w.refuses(err, market.ErrOffShelf, models.Conflict, "“洗衣液”的价格只到 "+last.Short()+"，现在不在兑换单上，没有扣分；请选别的，或请村委定新价")
		shelf, err := market.Shelf(w.ctx, d, w.village, w.counter, clock.Now().Day())
		w.must(err)
		if len(shelf) != 2 {
			t.Fatalf("still on the list: %+v", shelf)
		}
		w.must(price(market.PriceForm{Points: 1800}))
		w.sold(w.cart(w.wang, one(w.soap)))
	})
}
