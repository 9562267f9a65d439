package market_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

func TestShelfIsRightAfterEveryChange(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		soap := func() market.Item { // the till's list and the public one agree, there is one counter
			t.Helper()
			var found [2]market.Item
			for i, counter := range []int64{w.counter, 0} {
				items, err := market.Shelf(w.ctx, d, w.village, counter, clock.Now().Day())
				w.must(err)
				for _, it := range items {
					if it.ID == w.soap {
						found[i] = it
					}
				}
			}
			w.wantSame(found[0], found[1])
			return found[0]
		}
		want := func(what string, points models.Points, qty models.Qty, out bool) {
			t.Helper()
			if it := soap(); it.Points != points || it.Qty != qty || it.SoldOut != out {
				t.Fatalf("%s: %+v", what, it)
			}
		}
		want("at first", 2000, 1000, false)
		w.give(w.wang, 100000)
		r := w.sold(w.cart(w.wang, market.Line{Goods: w.soap, Qty: 1000}))
		want("sold", 2000, 0, true)
		_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, r.ID, "拿错了")
		w.must(err)
		want("undone", 2000, 1000, false)
		w.receive(w.soap, 5)
		want("received", 2000, 1500, false)
		w.must(market.SetPrice(w.ctx, d, db.NewOpID(), w.chen, market.PriceForm{Village: w.village, Goods: w.soap, Points: 2200}))
		want("another price", 2200, 1500, false)
		w.must(market.SetPrice(w.ctx, d, db.NewOpID(), w.chen, market.PriceForm{Village: w.village, Goods: w.soap, FromDay: clock.Now().Day().AddDays(1), Points: 2300}))
		want("a price for tomorrow", 2200, 1500, false)
		clock.Add(24 * 3600e9)
		want("tomorrow", 2300, 1500, false)

		cart := w.cart(w.wang, one(w.soap))
		w.must(market.ShelveGoods(w.ctx, d, db.NewOpID(), w.chen, w.village, w.soap, false))
		if it := soap(); it.ID != 0 {
			t.Fatalf("off the shelf: %+v", it)
		}
		_, err = w.redeem(w.clerk, cart)
		w.refuses(err, market.ErrOffShelf, models.Conflict, "“洗衣液”已下架，没有扣分，请选别的")
		w.must(market.ShelveGoods(w.ctx, d, db.NewOpID(), w.chen, w.village, w.soap, true))
		w.must(market.SaveGoods(w.ctx, d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Goods: w.soap, Name: "洗衣液 2kg", Unit: "桶", Barcode: "6901234567892", Position: 9}))
		if it := soap(); it.Name != "洗衣液 2kg" || it.Unit != "桶" || it.Position != 9 || it.Kind != market.Thing || it.Qty != 1500 {
			t.Fatalf("changed: %+v", it)
		}
		found, err := market.FindBarcode(w.ctx, d, w.village, " ６９０１２３４５６７８９２")
		w.must(err)
		if found.ID != w.soap {
			t.Fatalf("by barcode: %+v", found)
		}
		w.wantSound()
	})
}

func TestAddGoodsRefuses(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.must(market.SaveGoods(w.ctx, d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Goods: w.rice, Name: "大米", Barcode: "6901234567892"}))
		add := func(by models.Actor, f market.GoodsForm) error {
			f.Village = w.village
			_, err := market.AddGoods(w.ctx, d, db.NewOpID(), by, f)
			return err
		}
		for _, c := range []struct {
			why  string
			by   models.Actor
			form market.GoodsForm
			want *models.Error
		}{
			{"a name twice", w.chen, market.GoodsForm{Name: " 大米 ", Points: 100}, market.ErrSameName},
			{"a barcode twice", w.chen, market.GoodsForm{Name: "小米", Points: 100, Barcode: "6901234567892"}, market.ErrSameBarcode},
			{"a misread barcode", w.chen, market.GoodsForm{Name: "小米", Points: 100, Barcode: "6901234567893"}, models.ErrInput},
			{"for nothing", w.chen, market.GoodsForm{Name: "小米"}, models.ErrInput},
			{"alcohol", w.chen, market.GoodsForm{Name: "枸杞酒", Points: 100}, models.ErrInput},
			{"no name", w.chen, market.GoodsForm{Name: "　", Points: 100}, models.ErrInput},
			{"a stranger", models.Actor{Account: 1}, market.GoodsForm{Name: "小米", Points: 100}, models.ErrForbidden},
		} {
			if err := add(c.by, c.form); !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", c.why, err, c.want)
			}
		}
	})
}

func TestUnfitKnowsWhatOnlySoundsLikeIt(t *testing.T) {
	for name, bad := range map[string]bool{
		"香烟": true, "白酒 500ml": true, "啤酒": true, "超市购物卡 50 元": true, "现金红包": true, "话费充值 10 元": true,
		"医用酒精": false, "油烟净": false, "料酒": false, "洗衣液": false, "无烟锅": false,
	} {
		if why, got := market.Unfit(name); got != bad {
			t.Errorf("%s: %v %s", name, got, why)
		}
	}
}

func TestReceiveRefuses(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		receive := func(goods int64, qty models.Qty) error {
			return market.Receive(w.ctx, d, db.NewOpID(), w.clerk, market.Delivery{Village: w.village, Counter: w.counter, Lines: []market.Incoming{{Goods: w.soap, Qty: 100}, {Goods: goods, Qty: qty}}})
		}
		for why, err := range map[string]error{
			"a service":       receive(w.haircut, 100),
			"nothing":         receive(w.rice, 0),
			"less than none":  receive(w.rice, -500),
			"unknown goods":   receive(77, 100),
			"beyond all need": receive(w.rice, 1<<60),
		} {
			if k := models.KindOf(err); k != models.Input && k != models.NotFound {
				t.Errorf("%s: %v", why, err)
			}
		}
		w.wantStock(w.soap, 10)
		moves, err := market.Movements(w.ctx, d, w.village, w.counter, w.soap, models.Cursor{})
		w.must(err)
		if len(moves) != 1 || moves[0].Kind != market.MovedReceived || moves[0].Qty != 1000 || moves[0].CostFen != 800 || moves[0].Note != "进货" {
			t.Fatalf("movements: %+v", moves)
		}
		w.wantSound()
	})
}

func TestOpeningCountsWhatStands(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100000)
		before := w.sold(w.cart(w.wang, one(w.soap)))
		if before.Opening != 0 {
			t.Fatalf("an opening nobody opened: %d", before.Opening)
		}
		var o market.Opening
		errs := race(8, func(int) error {
			_, err := market.OpenSession(w.ctx, d, db.NewOpID(), w.clerk, w.village, w.counter)
			return err
		})
		w.oneWinner(errs, market.ErrOpenAlready)
		o, open, err := market.CurrentOpening(w.ctx, d, w.village, w.counter)
		w.must(err)
		if !open || o.Number != 1 || o.OpenedBy != w.clerk.Account {
			t.Fatalf("opening: %+v", o)
		}
		if r := w.sold(w.cart(w.wang, one(w.rice))); r.Opening != o.ID {
			t.Fatalf("the receipt names opening %d", r.Opening)
		}
		void := w.sold(w.cart(w.wang, one(w.soap)))
		_, err = market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, void.ID, "拿错了")
		w.must(err)
		clock.Set(clock.Now().Day().Month().Add(1).First().Start()) // into December
		w.sold(w.cart(w.wang, one(w.soap)))

		op := db.NewOpID()
		closed, err := market.CloseSession(w.ctx, d, op, w.zhao, w.village, w.counter)
		w.must(err)
		if closed.Visits != 2 || closed.Points != 5050 || closed.ClosedAt != clock.Now() || closed.ClosedBy != w.zhao.Account {
			t.Fatalf("closed: %+v", closed)
		}
		again, err := market.CloseSession(w.ctx, d, op, w.zhao, w.village, w.counter)
		w.must(err)
		w.wantSame(again, closed)
		read, err := market.Openings(w.ctx, d, w.village, w.counter, models.Cursor{})
		w.must(err)
		w.wantSame(read, []market.Opening{closed})
		if _, err := market.CloseSession(w.ctx, d, db.NewOpID(), w.zhao, w.village, w.counter); !errors.Is(err, market.ErrNotOpen) {
			t.Fatalf("closed twice: %v", err)
		}
		second, err := market.OpenSession(w.ctx, d, db.NewOpID(), w.clerk, w.village, w.counter)
		w.must(err)
		if second.Number != 2 {
			t.Fatalf("the next opening is number %d", second.Number)
		}
	})
}

func TestCounterPosterIsFound(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		first, err := market.EnsureCounter(w.ctx, d, db.NewOpID(), w.chen, w.k, w.village, "别的名字")
		w.must(err)
		if first.ID != w.counter {
			t.Fatal("a second first counter")
		}
		found, err := market.FindPoster(w.ctx, d, market.PosterToken(w.k, first))
		w.must(err)
		w.wantSame(found, first)
		_, err = market.FindPoster(w.ctx, d, w.k.Counter(w.village, w.counter, 2))
		if !errors.Is(err, models.ErrNotFound) {
			t.Fatalf("a poster that was never printed: %v", err)
		}
	})
}
