package market_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// shop is what the village would be if it were kept in one person's head.
type shop struct {
	points map[int64]models.Points
	stock  map[int64]models.Qty
	lots   []dated
	price  map[int64]models.Points
	sales  []sale
}

// dated is what is left of a delivery with an expiry; what has none is the rest
// of the stock.
type dated struct {
	goods   int64
	expires models.Date
	qty     models.Qty
}

type sale struct {
	market.Receipt
	lines []market.Line
	from  map[int]models.Qty // index into lots → what it gave
	void  bool
}

// TestShopAgreesWithASimpleModel plays random mornings, purchases with and without
// an expiry, prices,
// redemptions and undoings, and holds points and stock against the model after
// each step and against a recount at the end.
func TestShopAgreesWithASimpleModel(t *testing.T) {
	d, clock := modelstest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		clock.Set(modelstest.Start)
		w := newWorld(rt, d, clock)
		homes := []models.Household{w.wang, w.ma, w.li}
		goods := []int64{w.soap, w.rice, w.haircut}
		m := shop{points: map[int64]models.Points{}, stock: map[int64]models.Qty{w.soap: 1000, w.rice: 1000}, price: map[int64]models.Points{w.soap: 2000, w.rice: 3050, w.haircut: 1000}}
		home := func(rt *rapid.T) models.Household { return rapid.SampledFrom(homes).Draw(rt, "home") }
		rt.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) { // after every step
				for _, h := range homes {
					w.wantPoints(h, m.points[h.ID])
				}
				for _, g := range []int64{w.soap, w.rice} {
					if got := w.qty(g); got != m.stock[g] {
						rt.Fatalf("stock is %s, want %s", got, m.stock[g])
					}
				}
				want := map[dated]bool{}
				for _, l := range m.lots {
					want[l] = l.qty > 0
				}
				lines, err := market.Lots(w.ctx, d, w.village, w.counter)
				w.must(err)
				for _, l := range lines {
					if got := (dated{l.Goods, l.ExpiresOn, l.Qty}); l.ID != 0 && !want[got] {
						rt.Fatalf("lot %+v, want one of %+v", got, m.lots)
					}
				}
			},
			"award": func(rt *rapid.T) {
				h, p := home(rt), models.Points(rapid.IntRange(1, 9000).Draw(rt, "points"))
				w.give(h, p)
				m.points[h.ID] += p
			},
			"receive": func(rt *rapid.T) {
				g, n := rapid.SampledFrom(goods[:2]).Draw(rt, "goods"), rapid.IntRange(1, 5).Draw(rt, "pieces")
				w.receive(g, n)
				m.stock[g] += models.Qty(n * 100)
			},
			"receive a lot": func(rt *rapid.T) {
				g, n := rapid.SampledFrom(goods[:2]).Draw(rt, "goods"), rapid.IntRange(1, 5).Draw(rt, "pieces")
				expires := clock.Now().Day().AddDays(rapid.IntRange(0, 60).Draw(rt, "days"))
				w.lot(g, n, expires)
				m.stock[g] += models.Qty(n * 100)
				m.lots = append(m.lots, dated{g, expires, models.Qty(n * 100)})
			},
			"price": func(rt *rapid.T) {
				g, p := rapid.SampledFrom(goods).Draw(rt, "goods"), models.Points(rapid.IntRange(1, 5000).Draw(rt, "price"))
				w.must(market.SetPrice(w.ctx, d, db.NewOpID(), w.chen, market.PriceForm{Village: w.village, Goods: g, Points: p, CostFen: 700}))
				m.price[g] = p
			},
			"redeem": func(rt *rapid.T) {
				h := home(rt)
				var lines []market.Line
				for _, g := range rapid.SliceOfNDistinct(rapid.SampledFrom(goods), 1, 3, rapid.ID[int64]).Draw(rt, "goods") {
					lines = append(lines, market.Line{Goods: g, Qty: models.Qty(rapid.IntRange(1, 600).Draw(rt, "qty"))})
				}
				r, err := market.Redeem(w.ctx, d, db.NewOpID(), w.zhao, w.cart(h, lines...))
				from, want := m.redeem(h.ID, lines, clock.Now().Day())
				if !errors.Is(err, want) {
					rt.Fatalf("redeem: got %v, want %v", err, want)
				}
				if err == nil {
					m.sales = append(m.sales, sale{Receipt: r, lines: lines, from: from})
				}
			},
			"undo": func(rt *rapid.T) {
				if len(m.sales) == 0 {
					return
				}
				s := &m.sales[rapid.IntRange(0, len(m.sales)-1).Draw(rt, "sale")]
				_, err := market.Undo(w.ctx, d, db.NewOpID(), w.chen, w.village, s.ID, "拿错了")
				if want := m.undo(s); !errors.Is(err, want) {
					rt.Fatalf("undo: got %v, want %v", err, want)
				}
			},
			"wait": func(rt *rapid.T) {
				clock.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(rt, "hours")) * time.Hour)
			},
		})
		w.wantSound()
	})
}

// redeem is what ought to happen: the refusal, or nil and the points are spent.
func (m *shop) redeem(home int64, lines []market.Line, day models.Date) (map[int]models.Qty, error) {
	var total models.Points
	for _, l := range lines {
		p, _ := m.price[l.Goods].Times(l.Qty)
		total += p
	}
	if total == 0 {
		return nil, models.ErrInput
	}
	if total > m.points[home] {
		return nil, ledger.ErrShort
	}
	for _, l := range lines {
		if have, counted := m.stock[l.Goods]; counted && have-m.expired(l.Goods, day) < l.Qty {
			return nil, market.ErrSoldOut
		}
	}
	m.points[home] -= total
	from := map[int]models.Qty{}
	for _, l := range lines {
		if _, counted := m.stock[l.Goods]; counted {
			m.stock[l.Goods] -= l.Qty
			m.takeDated(l, day, from)
		}
	}
	return from, nil
}

// expired is what lies there and may not be handed over any more.
func (m *shop) expired(goods int64, day models.Date) (qty models.Qty) {
	for _, l := range m.lots {
		if l.goods == goods && l.expires < day {
			qty += l.qty
		}
	}
	return qty
}

// takeDated takes from the lot that expires first, over and over.
func (m *shop) takeDated(line market.Line, day models.Date, from map[int]models.Qty) {
	for line.Qty > 0 {
		first := -1
		for i, l := range m.lots {
			if l.goods == line.Goods && l.qty > 0 && l.expires >= day && (first < 0 || l.expires < m.lots[first].expires) {
				first = i
			}
		}
		if first < 0 {
			return
		}
		n := min(m.lots[first].qty, line.Qty)
		m.lots[first].qty -= n
		from[first] += n
		line.Qty -= n
	}
}

func (m *shop) undo(s *sale) error {
	if s.void {
		return market.ErrUndone
	}
	s.void = true
	m.points[s.Household.ID] += s.Points
	for i, qty := range s.from {
		m.lots[i].qty += qty
	}
	for _, l := range s.lines {
		if _, counted := m.stock[l.Goods]; counted {
			m.stock[l.Goods] += l.Qty
		}
	}
	return nil
}

func TestAuditFindsWhatWasTamperedWith(t *testing.T) {
	for what, tamper := range map[string]string{
		"stock":                  "UPDATE stock SET qty = qty + 100 WHERE village_id = ?",
		"a movement taken away":  "DELETE FROM movements WHERE village_id = ? AND kind = 'redeem'",
		"a movement changed":     "UPDATE movements SET points = points - 100 WHERE village_id = ? AND kind = 'redeem'",
		"stock taken away":       "DELETE FROM stock WHERE village_id = ?",
		"a receipt taken away":   "DELETE FROM redemptions WHERE village_id = ? AND undone_op IS NULL",
		"a receipt made cheaper": "UPDATE redemptions SET points = points - 100 WHERE village_id = ?",
		"a void receipt revived": "UPDATE redemptions SET undone_op = NULL, undone_at = 0, undone_seq = 0 WHERE village_id = ?",
		"stock in another lot":   "UPDATE stock SET lot_id = 7 WHERE village_id = ?",
		"goods kept at an undo":  "DELETE FROM movements WHERE village_id = ? AND kind = 'undo'",
	} {
		t.Run(what, func(t *testing.T) {
			d, clock := modelstest.Open(t)
			w := newWorld(t, d, clock)
			w.give(w.wang, 10000)
			w.sold(w.cart(w.wang, one(w.soap)))
			void := w.sold(w.cart(w.wang, one(w.haircut)))
			_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, void.ID, "拿错了")
			w.must(err)
			w.wantSound()
			w.exec(tamper, w.village)
			faults, err := market.Audit(w.ctx, d, w.village)
			w.must(err)
			if len(faults) == 0 {
				t.Fatal("nothing was found")
			}
		})
	}
}
