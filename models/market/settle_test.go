package market_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// ally makes the shop's counter an allied one that was one from the beginning.
func (w *world) ally() { w.exec("UPDATE counters SET kind = 'allied' WHERE id = ?", w.counter) }

func (w *world) draw(month models.Month) (market.Settlement, error) {
	w.Helper()
	return market.DrawSettlement(w.ctx, w.d, db.NewOpID(), w.chen, w.village, w.counter, month)
}

func (w *world) nextMonth() models.Month {
	m := w.clock.Now().Month()
	w.clock.Set(m.Add(1).First().Start().Add(time.Hour))
	return m
}

func TestSettlementCountsEachReceiptOnceAndTakesVoidOnesOff(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.ally()
		w.give(w.wang, 50000)
		fund := w.fund(market.FundForm{Name: "村集体", Source: market.FromVillage}, 20_00)
		w.sold(w.cart(w.wang, market.Line{Goods: w.soap, Qty: 200}))
		late := w.sold(w.cart(w.wang, one(w.soap)))
		void := w.sold(w.cart(w.wang, one(w.rice)))
		_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, void.ID, "拿错")
		w.must(err)
		if _, err := w.draw(clock.Now().Month()); !errors.Is(err, market.ErrMonthRuns) {
			t.Fatalf("a month that runs: %v", err)
		}
		first := w.nextMonth()
		s, err := w.draw(first)
		w.must(err)
		if s.Visits != 2 || s.Points != 6000 || s.Fen != 24_00 || s.State != market.SettleDrawn {
			t.Fatalf("drawn as %+v", s)
		}
		w.must(market.DisputeSettlement(w.ctx, d, db.NewOpID(), w.clerk, w.village, s.ID, "少算了一瓶"))
		if err := market.SignSettlement(w.ctx, d, db.NewOpID(), w.chen, w.village, s.ID); !errors.Is(err, market.ErrSettleState) {
			t.Fatalf("signed over a dispute: %v", err)
		}
		w.must(market.AnswerSettlement(w.ctx, d, db.NewOpID(), w.chen, w.village, s.ID, "那一瓶已作废"))
		w.must(market.SignSettlement(w.ctx, d, db.NewOpID(), w.chen, w.village, s.ID))
		if _, err := w.draw(first); !errors.Is(err, market.ErrSettleLocked) {
			t.Fatalf("drawn anew after signing: %v", err)
		}
		w.refuses(market.PaySettlement(w.ctx, d, db.NewOpID(), w.chen, market.SettlePayment{Village: w.village, Settlement: s.ID, Day: clock.Now().Day(), How: "转账", Fund: fund.ID}),
			market.ErrFundShort, models.Conflict, "“村集体”只剩 20 元，不够 24 元；没有记账，请核对金额或换一笔资金")
		_, err = w.moveFund(market.FundAsk{Fund: fund.ID, Kind: market.FundIn, Fen: 10_00, Purpose: "拨入"})
		w.must(err)
		op := db.NewOpID()
		for range 2 {
			w.must(market.PaySettlement(w.ctx, d, op, w.chen, market.SettlePayment{Village: w.village, Settlement: s.ID, Day: clock.Now().Day(), How: "转账", Fund: fund.ID}))
		}
		w.wantFund(fund.ID, 6_00)

		_, err = market.Undo(w.ctx, d, db.NewOpID(), w.chen, w.village, late.ID, "坏的，退了")
		w.must(err)
		w.sold(w.cart(w.wang, one(w.rice)))
		second := w.nextMonth()
		next, err := w.draw(second)
		w.must(err)
		lines, err := market.SettleLines(w.ctx, d, w.village, next.ID)
		w.must(err)
		if next.Visits != 0 || next.Fen != 0 || len(lines) != 2 || lines[0].Undone || lines[0].Fen != 8_00 || !lines[1].Undone || lines[1].Qty != -100 || lines[1].Fen != -8_00 || lines[1].Points != -2000 {
			t.Fatalf("the next one is %+v %+v", next, lines)
		}
		if is, err := market.GetSettlement(w.ctx, d, w.village, s.ID); err != nil || is.Fen != 24_00 || is.State != market.SettlePaid {
			t.Fatalf("the signed one became %+v, %v", is, err)
		}
		w.wantSound()
	})
}

func TestSettlementIsNotSignedWhenAReceiptBecameVoidSince(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	w.ally()
	w.give(w.wang, 50000)
	r := w.sold(w.cart(w.wang, one(w.soap)))
	w.sold(w.cart(w.wang, one(w.rice)))
	month := w.nextMonth()
	s, err := w.draw(month)
	w.must(err)
	_, err = market.Undo(w.ctx, d, db.NewOpID(), w.chen, w.village, r.ID, "退")
	w.must(err)
	if err := market.SignSettlement(w.ctx, d, db.NewOpID(), w.chen, w.village, s.ID); !errors.Is(err, market.ErrSettleStale) {
		t.Fatalf("got %v", err)
	}
	s, err = w.draw(month)
	w.must(err)
	if s.Visits != 1 || s.Fen != 8_00 {
		t.Fatalf("anew: %+v", s)
	}
	w.must(market.SignSettlement(w.ctx, d, db.NewOpID(), w.chen, w.village, s.ID))
	for range 2 {
		w.must(market.DrawSettlements(w.ctx, d))
	}
	list, err := market.Settlements(w.ctx, d, w.village)
	w.must(err)
	if len(list) != 1 {
		t.Fatalf("the clock drew another: %+v", list)
	}
}

// Whatever is sold, made void and signed in whatever order: over all statements
// the lines come to the receipts that stood, and were not taken off, and each
// statement's sums are those of its lines.
func TestSettlementLinesEqualTheReceiptsBehindThem(t *testing.T) {
	d, clock := modelstest.Open(t)
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, d, clock)
		w.ally()
		w.give(w.wang, 1_000_000)
		w.receive(w.soap, 100)
		w.receive(w.rice, 100)
		var all []market.Receipt
		void := map[int64]bool{}
		for range rapid.IntRange(1, 4).Draw(t, "months") {
			for range rapid.IntRange(0, 5).Draw(t, "steps") {
				if n := len(all); n > 0 && rapid.Bool().Draw(t, "void") {
					r := all[rapid.IntRange(0, n-1).Draw(t, "which")]
					if _, err := market.Undo(w.ctx, d, db.NewOpID(), w.chen, w.village, r.ID, "退"); err == nil {
						void[r.ID] = true
					} else if !errors.Is(err, market.ErrUndone) {
						t.Fatal(err)
					}
					continue
				}
				item := rapid.SampledFrom([]int64{w.soap, w.rice, w.haircut}).Draw(t, "item")
				all = append(all, w.sold(w.cart(w.wang, market.Line{Goods: item, Qty: models.Qty(rapid.IntRange(1, 3).Draw(t, "qty")) * models.One})))
			}
			month := w.nextMonth()
			s, err := w.draw(month)
			if errors.Is(err, market.ErrSettleEmpty) {
				continue
			}
			w.must(err)
			w.must(market.SignSettlement(w.ctx, d, db.NewOpID(), w.chen, w.village, s.ID))
		}
		var want, got models.Points
		var visits, stood int64
		var qty, wantQty models.Qty
		for _, r := range all {
			if void[r.ID] {
				continue
			}
			want += r.Points
			stood++
			for _, l := range r.Lines {
				wantQty += l.Qty
			}
		}
		list, err := market.Settlements(w.ctx, d, w.village)
		w.must(err)
		for _, s := range list {
			lines, err := market.SettleLines(w.ctx, d, w.village, s.ID)
			w.must(err)
			var points models.Points
			var fen models.Fen
			for _, l := range lines {
				points, fen, qty = points+l.Points, fen+l.Fen, qty+l.Qty
				if l.Fen != l.Price*models.Fen(l.Qty)/100 || l.Undone != (l.Qty < 0) {
					t.Fatalf("a line says %+v", l)
				}
			}
			if points != s.Points || fen != s.Fen {
				t.Fatalf("%+v, but its lines come to %s points and %s yuan", s, points, fen)
			}
			got, visits = got+points, visits+s.Visits
		}
		if got != want || visits != stood || qty != wantQty {
			t.Fatalf("the statements say %s in %d receipts, %s pieces; there are %s in %d, %s", got, visits, qty, want, stood, wantQty)
		}
		w.wantSound()
	})
}
