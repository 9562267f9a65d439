package market_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

func (w *world) proxy(by models.Actor, f market.ProxyForm) market.Proxy {
	w.Helper()
	p, err := market.AddProxy(w.ctx, w.d, db.NewOpID(), by, w.wang, f)
	w.must(err)
	return p
}

func (w *world) fetched(p market.Proxy, lines ...market.Line) (market.Receipt, error) {
	w.Helper()
	c := w.cart(w.wang, lines...)
	c.ProxyID, c.Confirm = p.ID, market.BySmall
	return w.redeem(w.clerk, c)
}

func TestProxyFetchesAsFarAsTheHouseholdSaid(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 20000)
		son := w.proxy(models.Actor{Household: w.wang}, market.ProxyForm{Name: " 王　军 ", Relation: "子女", Limit: 2000, Until: clock.Now().Day().AddDays(7)})
		r, err := w.fetched(son, one(w.soap))
		w.must(err)
		if r.Proxy != "王 军（子女）" {
			t.Fatalf("the receipt names %q", r.Proxy)
		}
		cart := w.cart(w.wang, one(w.rice))
		cart.ProxyID = son.ID
		_, err = w.redeem(w.clerk, cart)
		w.refuses(err, market.ErrProxyLimit, models.Forbidden, "王 军一次最多替领 20 分，没有扣分；请少换一点，或请本人来")
		other := w.cart(w.ma, one(w.soap))
		other.ProxyID = son.ID
		w.give(w.ma, 5000)
		if _, err := w.redeem(w.clerk, other); !errors.Is(err, models.ErrNotFound) {
			t.Fatalf("another household's proxy: %v", err)
		}
		clock.Add(8 * 24 * 3600e9)
		if _, err := w.fetched(son, one(w.soap)); !errors.Is(err, market.ErrProxyLate) {
			t.Fatalf("after its last day: %v", err)
		}
		w.wantPoints(w.wang, 18000)
	})
}

func TestProxyForOnceIsUsedOnceAndGivenBackByUndo(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 20000)
		p := w.proxy(w.chen, market.ProxyForm{Name: "邻居老马", Relation: "邻居", Once: true})
		got := make([]market.Receipt, 2)
		won := w.oneWinner(race(2, func(i int) (err error) {
			got[i], err = w.fetched(p, one(w.haircut))
			return err
		}), market.ErrNoProxy)
		if list, err := market.Proxies(w.ctx, d, w.wang); err != nil || len(list) != 0 {
			t.Fatalf("used up and still offered: %v %v", list, err)
		}
		_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, got[won].ID, "没拿走")
		w.must(err)
		_, err = w.fetched(p, one(w.haircut))
		w.must(err)
		w.wantPoints(w.wang, 19000)
		w.wantSound()
	})
}

func TestProxyNobodyNamedNeedsThePIN(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	w.give(w.wang, 20000)
	c := w.cart(w.wang, one(w.soap))
	c.Proxy, c.Confirm = "路人", market.BySmall
	if _, err := w.redeem(w.clerk, c); !errors.Is(err, market.ErrProxyUnnamed) {
		t.Fatalf("got %v", err)
	}
	c.Confirm = market.ByPIN
	if r := w.sold(c); r.Proxy != "路人" {
		t.Fatalf("the receipt names %q", r.Proxy)
	}
}

func TestProxiesAreNamedByTheHouseholdOrTheCommitteeOnly(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	kin := w.chen
	kin.Kin = []models.Household{w.wang}
	f := market.ProxyForm{Name: "王军", Relation: "子女"}
	for _, by := range []models.Actor{kin, w.clerk, {Household: w.ma}, {}} {
		if _, err := market.AddProxy(w.ctx, d, db.NewOpID(), by, w.wang, f); err == nil {
			t.Fatalf("%s named a proxy", by.Name)
		}
	}
	for range 5 {
		w.proxy(w.chen, f)
	}
	_, err := market.AddProxy(w.ctx, d, db.NewOpID(), w.chen, w.wang, f)
	if !errors.Is(err, market.ErrProxiesFull) {
		t.Fatalf("a sixth: %v", err)
	}
	list, err := market.Proxies(w.ctx, d, w.wang)
	w.must(err)
	w.must(market.EndProxy(w.ctx, d, db.NewOpID(), models.Actor{Household: w.wang}, w.wang, list[0].ID))
	if _, err := w.fetched(list[0], one(w.soap)); !errors.Is(err, market.ErrNoProxy) {
		t.Fatalf("ended and still used: %v", err)
	}
}
