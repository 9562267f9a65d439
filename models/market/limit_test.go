package market_test

import (
	"errors"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// limit bounds an item of the world.
func (w *world) limit(goods int64, l market.Limit) {
	w.Helper()
	g, err := market.GetGoods(w.ctx, w.d, w.village, goods)
	w.must(err)
	w.must(market.SaveGoods(w.ctx, w.d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Goods: goods, Name: g.Name, Unit: g.Unit, Limit: l}))
}

func TestLimitCountsEachPeriodOnItsOwn(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		for _, h := range []models.Household{w.wang, w.ma} {
			w.give(h, 100000)
		}
		w.receive(w.soap, 100)
		two := func() market.Cart { return w.cart(w.wang, market.Line{Goods: w.soap, Qty: 200}) }
		for _, p := range []struct {
			period string
			title  string
			now    string
			later  string // the first day of the next one
		}{
			{market.EachDay, "每天", "今天", "2026-11-25"},
			{market.EachWeek, "每周", "这周", "2026-11-30"},
			{market.EachMonth, "每月", "这个月", "2026-12-01"},
			{market.EachQuarter, "每季度", "这个季度", "2027-01-01"},
			{market.EachYear, "每年", "今年", "2027-01-01"},
		} {
			clock.Set(models.Date("2026-11-24").Start().Add(10 * time.Hour))
			w.limit(w.soap, market.Limit{LimitQty: 300, Period: p.period})
			first := w.sold(two())
			_, err := w.redeem(w.clerk, two())
			w.refuses(err, market.ErrLimit, models.Conflict, "“洗衣液”每户"+p.title+"限 3 件，"+p.now+"已换 2 件，还能换 1 件，没有扣分；请改数量")
			last := w.sold(w.cart(w.wang, one(w.soap)))
			_, err = w.redeem(w.clerk, w.cart(w.wang, one(w.soap)))
			w.refuses(err, market.ErrLimit, models.Conflict, "“洗衣液”每户"+p.title+"限 3 件，"+p.now+"已换 3 件，没有扣分；请选别的")
			other := w.sold(w.cart(w.ma, one(w.soap)))
			clock.Set(models.Date(p.later).Start())
			next := w.sold(two())
			for _, r := range []market.Receipt{first, last, next, other} { // what is void counts no more
				_, err := market.Undo(w.ctx, d, db.NewOpID(), w.chen, w.village, r.ID, "拿错了")
				w.must(err)
			}
		}
		w.limit(w.soap, market.Limit{LimitQty: 100, Period: market.ForLife})
		w.sold(w.cart(w.wang, one(w.soap)))
		clock.Add(24 * time.Hour * 800)
		_, err := w.redeem(w.clerk, w.cart(w.wang, one(w.soap)))
		w.refuses(err, market.ErrLimit, models.Conflict, "“洗衣液”每户一共限 1 件，以前已换 1 件，没有扣分；请选别的")
		w.wantSound()
	})
}

func TestLimitPerMemberGrowsWithTheFamily(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		for i, left := range []int{0, 0, 1} { // two live there, one has gone
			w.exec("INSERT INTO members (village_id, id, household_id, name, search, left_at) VALUES (?, ?, ?, '某', '', ?)", w.village, i+1, w.wang.ID, left)
		}
		w.limit(w.rice, market.Limit{LimitQty: 100, Period: market.EachMonth, Per: market.PerMember})
		w.sold(w.cart(w.wang, market.Line{Goods: w.rice, Qty: 200}))
		_, err := w.redeem(w.clerk, w.cart(w.wang, one(w.rice)))
		w.refuses(err, market.ErrLimit, models.Conflict, "“大米”每人每月限 1 件，这一户合 2 件，这个月已换 2 件，没有扣分；请选别的")
	})
}

func TestLimitHoldsAtTwoTillsAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		w.limit(w.soap, market.Limit{LimitQty: 100, Period: market.EachMonth})
		cart := w.cart(w.wang, one(w.soap))
		w.oneWinner(race(12, func(i int) error {
			by := w.clerk
			if i%2 == 1 {
				by = w.zhao
			}
			_, err := w.redeem(by, cart)
			return err
		}), market.ErrLimit)
		w.wantPoints(w.wang, 98000)
		w.wantStock(w.soap, 9)
		w.wantSound()
	})
}

func TestMinBalanceLooksAtThePassbookBefore(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.limit(w.soap, market.Limit{MinBalance: 5000})
		w.give(w.wang, 4999)
		_, err := w.redeem(w.clerk, w.cart(w.wang, one(w.soap)))
		w.refuses(err, market.ErrMinBalance, models.Conflict, "“洗衣液”要存折满 50 分才能换，现在有 49.99 分，没有扣分；请选别的")
		by := models.Actor{Household: w.wang}
		_, err = market.IssueVoucher(w.ctx, d, db.NewOpID(), by, w.k, w.cart(w.wang, one(w.soap)))
		if !errors.Is(err, market.ErrMinBalance) {
			t.Fatalf("a voucher: %v", err)
		}
		w.give(w.wang, 1)
		cart := w.cart(w.wang, one(w.soap))
		w.oneWinner(race(8, func(int) error { _, err := w.redeem(w.clerk, cart); return err }), market.ErrMinBalance)
		w.wantPoints(w.wang, 3000)
	})
}

func TestVoucherIsNotIssuedBeyondALimit(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		w.limit(w.soap, market.Limit{LimitQty: 100, Period: market.EachMonth})
		first := w.voucher(w.wang, one(w.soap))
		second := w.voucher(w.wang, one(w.soap)) // neither holds anything
		_, err := market.IssueVoucher(w.ctx, d, db.NewOpID(), models.Actor{Household: w.wang}, w.k, w.cart(w.wang, market.Line{Goods: w.soap, Qty: 200}))
		w.refuses(err, market.ErrLimit, models.Conflict, "“洗衣液”每户每月限 1 件，还能换 1 件，没有扣分；请改数量")
		w.sold(first.Cart())
		_, err = w.redeem(w.clerk, second.Cart())
		w.refuses(err, market.ErrLimit, models.Conflict, "“洗衣液”每户每月限 1 件，这个月已换 1 件，没有扣分；请选别的")
	})
}

func TestLimitSays(t *testing.T) {
	for want, l := range map[string]market.Limit{
		"":          {},
		"每户每月限 2 瓶": {LimitQty: 200, Period: market.EachMonth},
		"每人一共限 1 瓶，存折满 50 分才能换": {LimitQty: 100, Period: market.ForLife, Per: market.PerMember, MinBalance: 5000},
	} {
		if got := l.Says("瓶"); got != want {
			t.Errorf("%+v says %q, want %q", l, got, want)
		}
	}
}
