package market_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// another adds a counter of a kind.
func (w *world) another(name, kind string) market.Counter {
	w.Helper()
	c, err := market.NewCounter(w.ctx, w.d, db.NewOpID(), w.chen, w.k, market.CounterForm{Village: w.village, Name: name, Kind: kind, Place: "三组文化大院"})
	w.must(err)
	return c
}

func TestCloseCounterMovesItsStockFirst(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		other := w.another("三组流动点", market.MobileCounter)
		center, err := market.GetCounter(w.ctx, d, w.village, w.counter)
		w.must(err)
		w.refuses(market.CloseCounter(w.ctx, d, db.NewOpID(), w.chen, w.village, w.counter, 0), market.ErrCounterStocked, models.Conflict,
			"这个兑换点还有 2 样货，没有停用；请选货搬到哪个兑换点，或先把货清完")
		_, err = market.OpenSession(w.ctx, d, db.NewOpID(), w.clerk, w.village, w.counter)
		w.must(err)
		if err := market.CloseCounter(w.ctx, d, db.NewOpID(), w.chen, w.village, w.counter, other.ID); !errors.Is(err, market.ErrCounterOpen) {
			t.Fatalf("closed while at work: %v", err)
		}
		_, err = market.CloseSession(w.ctx, d, db.NewOpID(), w.clerk, w.village, w.counter)
		w.must(err)
		op := db.NewOpID()
		for range 2 {
			w.must(market.CloseCounter(w.ctx, d, op, w.chen, w.village, w.counter, other.ID))
		}
		w.wantStock(w.soap, 0)
		w.counter = other.ID
		w.wantStock(w.soap, 10)
		w.wantStock(w.rice, 10)
		if _, err := market.FindPoster(w.ctx, d, market.PosterToken(w.k, center)); models.KindOf(err) != models.Gone {
			t.Fatalf("its poster answers %v", err)
		}
		list, err := market.Counters(w.ctx, d, w.village)
		w.must(err)
		if len(list) != 1 || list[0].ID != other.ID || list[0].KindTitle() != "流动兑换点" {
			t.Fatalf("in use are %+v", list)
		}
		w.wantSound()
	})
}

func TestRenewPosterKillsTheOldOne(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		was, err := market.GetCounter(w.ctx, d, w.village, w.counter)
		w.must(err)
		op := db.NewOpID()
		var is market.Counter
		for range 2 {
			is, err = market.RenewPoster(w.ctx, d, op, w.chen, w.k, w.village, w.counter)
			w.must(err)
		}
		if is.PosterNo != was.PosterNo+1 {
			t.Fatalf("the poster is number %d", is.PosterNo)
		}
		if got, err := market.FindPoster(w.ctx, d, market.PosterToken(w.k, is)); err != nil || got.ID != w.counter {
			t.Fatalf("the new one leads to %+v, %v", got, err)
		}
		_, err = market.FindPoster(w.ctx, d, market.PosterToken(w.k, was))
		w.refuses(err, market.ErrPosterGone, models.Gone, "这张海报已作废，没有扣分；请扫兑换点现在贴的海报")
		is.PosterNo = 9
		if _, err := market.FindPoster(w.ctx, d, market.PosterToken(w.k, is)); models.KindOf(err) != models.NotFound {
			t.Fatalf("one that never was answers %v", err)
		}
		if _, err := market.RenewPoster(w.ctx, d, db.NewOpID(), w.clerk, w.k, w.village, w.counter); models.KindOf(err) != models.Forbidden {
			t.Fatalf("the clerk heard %v", err)
		}
	})
}

func TestSaveCounterLeavesShopsAndVillageCountersApart(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	w.must(market.SaveCounter(w.ctx, d, db.NewOpID(), w.chen, market.CounterForm{Village: w.village, Counter: w.counter, Name: "村部兑换点", Kind: market.MobileCounter, Place: "村部"}))
	if c, _ := market.GetCounter(w.ctx, d, w.village, w.counter); c.Name != "村部兑换点" || c.Kind != market.MobileCounter || c.Place != "村部" {
		t.Fatalf("it is %+v", c)
	}
	err := market.SaveCounter(w.ctx, d, db.NewOpID(), w.chen, market.CounterForm{Village: w.village, Counter: w.counter, Name: "老马商店", Kind: market.AlliedCounter})
	if !errors.Is(err, market.ErrCounterKind) {
		t.Fatalf("got %v", err)
	}
}
