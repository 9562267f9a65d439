package market_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// failer is what testing.T, testing.B and rapid.T have in common.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// world is 青石村: a few families, a clerk with a home of his own, a counter
// with soap at 20, rice at 30.5 and a haircut at 10; ten of each thing. A point
// is half a yuan; 25 points need no PIN, 40 on one day.
type world struct {
	failer
	ctx          context.Context
	d            *db.DB
	clock        *modelstest.Clock
	k            *keys.Keys
	village      int64
	wang, ma, li models.Household
	left, out    models.Household // moved away; does not take part
	clerk, zhao  models.Actor     // two clerks; li is the first one's home
	chen         models.Actor     // committee
	counter      int64
	soap, rice   int64
	haircut      int64
	households   int
}

func newWorld(t failer, d *db.DB, clock *modelstest.Clock) *world {
	t.Helper()
	w := &world{failer: t, ctx: context.Background(), d: d, clock: clock, k: keys.Test(), village: models.NewID()}
	county := models.NewID()
	w.exec("INSERT INTO areas (id, level, name) VALUES (?, 'county', '青山县')", county)
	w.exec("INSERT INTO areas (id, level, name, county_id) VALUES (?, 'village', '青石村', ?)", w.village, county)
	w.exec("INSERT INTO villages (village_id, point_rate, small_limit, small_daily) VALUES (?, 5000, 2500, 4000)", w.village)
	w.wang, w.ma, w.li, w.left, w.out = w.home("王小明"), w.home("马·阿卜杜拉"), w.home("李强"), w.home("丁家"), w.home("白家")
	w.exec("UPDATE households SET left_at = 1 WHERE village_id = ? AND id = ?", w.village, w.left.ID)
	w.exec("UPDATE households SET joining = 'out' WHERE village_id = ? AND id = ?", w.village, w.out.ID)
	w.clerk, w.zhao, w.chen = w.person("李明", models.Clerk), w.person("赵静", models.Clerk), w.person("陈主任", models.Committee)
	w.clerk.Kin = []models.Household{w.li}
	c, err := market.EnsureCounter(w.ctx, d, db.NewOpID(), w.chen, w.k, w.village, "中心兑换点")
	w.must(err)
	w.counter = c.ID
	w.soap = w.item("洗衣液", market.Thing, 2000, 10)
	w.rice = w.item("大米", market.Thing, 3050, 10)
	w.haircut = w.item("理发", market.Service, 1000, 0)
	return w
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	w.must(w.d.Aside(w.ctx, func(tx *db.Tx) error {
		_, err := tx.SQL.Exec(query, args...)
		return err
	}))
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		var e *models.Error
		if errors.As(err, &e) {
			w.Fatalf("%v: %s", err, e.Say)
		}
		w.Fatal(err)
	}
}

func (w *world) home(head string) models.Household {
	w.Helper()
	w.households++
	h := models.Household{Village: w.village, ID: models.NewID()}
	w.exec("INSERT INTO households (village_id, id, number, group_no, head_name, search, created_at) VALUES (?, ?, ?, 3, ?, '', 0)", h.Village, h.ID, fmt.Sprintf("%03d", w.households), head)
	return h
}

func (w *world) person(name string, role models.Role) models.Actor {
	w.Helper()
	a := models.Actor{Account: models.NewID(), Name: name, Grants: []models.Grant{{Role: role, Area: w.village}}}
	w.exec("INSERT INTO accounts (id, login, name, password, created_at) VALUES (?, ?, ?, '', 0)", a.Account, models.ID32(a.Account), name)
	return a
}

func (w *world) item(name, kind string, price models.Points, pieces int) int64 {
	w.Helper()
	g, err := market.AddGoods(w.ctx, w.d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Name: name, Unit: "件", Kind: kind, Points: price, CostFen: 800})
	w.must(err)
	if pieces > 0 {
		w.receive(g.ID, pieces)
	}
	return g.ID
}

func (w *world) receive(goods int64, pieces int) {
	w.Helper()
	w.must(market.Receive(w.ctx, w.d, db.NewOpID(), w.chen, market.Delivery{Village: w.village, Counter: w.counter,
		Lines: []market.Incoming{{Goods: goods, Qty: models.Qty(pieces * 100), CostFen: 800}}, Note: "进货"}))
}

// give puts points into a passbook.
func (w *world) give(h models.Household, points models.Points) {
	w.Helper()
	w.must(w.d.InTx(w.ctx, db.Op{ID: db.NewOpID(), Village: h.Village, Kind: "give"}, func(tx *db.Tx) error {
		_, err := ledger.Post(tx, 5000, ledger.Entry{Household: h, Kind: ledger.Award, Points: points, Honour: points})
		return err
	}))
}

// cart is what a household takes with its PIN, seen at today's prices.
func (w *world) cart(h models.Household, lines ...market.Line) market.Cart {
	w.Helper()
	c := market.Cart{Village: w.village, Counter: w.counter, Household: h.ID, Lines: lines, Confirm: market.ByPIN}
	shelf, err := market.Shelf(w.ctx, w.d, w.village, w.counter, w.clock.Now().Day())
	w.must(err)
	for _, l := range lines {
		for _, it := range shelf {
			if it.ID == l.Goods {
				p, _ := it.Points.Times(l.Qty)
				c.Seen += p
			}
		}
	}
	return c
}

func one(goods int64) market.Line { return market.Line{Goods: goods, Qty: models.One} }

func (w *world) redeem(by models.Actor, c market.Cart) (market.Receipt, error) {
	return market.Redeem(w.ctx, w.d, db.NewOpID(), by, c)
}

func (w *world) sold(c market.Cart) market.Receipt {
	w.Helper()
	r, err := w.redeem(w.clerk, c)
	w.must(err)
	return r
}

// refuses wants a refusal of this kind and code, and its sentence.
func (w *world) refuses(err error, want *models.Error, kind models.Kind, say string) {
	w.Helper()
	var e *models.Error
	if !errors.As(err, &e) || !errors.Is(err, want) || e.Kind != kind {
		w.Fatalf("got %v, want %v of kind %d", err, want, kind)
	}
	if e.Say != say {
		w.Fatalf("it says\n%q, want\n%q", e.Say, say)
	}
}

func (w *world) wantPoints(h models.Household, want models.Points) {
	w.Helper()
	p, err := ledger.Balance(w.ctx, w.d, h)
	w.must(err)
	if p.Balance != want {
		w.Fatalf("the balance is %s, want %s", p.Balance, want)
	}
}

func (w *world) qty(goods int64) models.Qty {
	w.Helper()
	lines, err := market.Stock(w.ctx, w.d, w.village, w.counter, w.clock.Now().Day())
	w.must(err)
	for _, l := range lines {
		if l.ID == goods {
			return l.Qty
		}
	}
	w.Fatal("no such item in stock")
	return 0
}

func (w *world) wantStock(goods int64, pieces int) {
	w.Helper()
	if got := w.qty(goods); got != models.Qty(pieces*100) {
		w.Fatalf("stock is %s, want %d", got, pieces)
	}
}

// wantSound recounts the village: shop and passbooks.
func (w *world) wantSound() {
	w.Helper()
	shop, err := market.Audit(w.ctx, w.d, w.village)
	w.must(err)
	books, err := ledger.Audit(w.ctx, w.d, w.village, nil)
	w.must(err)
	if len(shop) > 0 || len(books) > 0 {
		w.Fatalf("the books do not add up: %v %v", shop, books)
	}
}

func (w *world) wantSame(got, want any) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Fatalf("got\n%+v\nwant\n%+v", got, want)
	}
}

// race runs n calls at once and returns their errors.
func race(n int, call func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// oneWinner wants exactly one nil, and the refusal from everybody else.
func (w *world) oneWinner(errs []error, refusal *models.Error) int {
	w.Helper()
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner >= 0:
			w.Fatal("two winners")
		case err == nil:
			winner = i
		case !errors.Is(err, refusal):
			w.Fatalf("a loser heard %v, want %v", err, refusal)
		}
	}
	if winner < 0 {
		w.Fatal("no winner")
	}
	return winner
}
