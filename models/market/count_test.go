package market_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

func (w *world) open() market.Opening {
	w.Helper()
	o, err := market.OpenSession(w.ctx, w.d, db.NewOpID(), w.clerk, w.village, w.counter)
	w.must(err)
	return o
}

func (w *world) close() market.Opening {
	w.Helper()
	o, err := market.CloseSession(w.ctx, w.d, db.NewOpID(), w.clerk, w.village, w.counter)
	w.must(err)
	return o
}

func (w *world) count(by models.Actor, o market.Opening, counted map[int64]models.Qty) (market.Opening, error) {
	w.Helper()
	return market.CountOpening(w.ctx, w.d, db.NewOpID(), by, w.village, o.ID, counted)
}

func (w *world) sheet(o market.Opening) map[int64]market.CountLine {
	w.Helper()
	lines, err := market.Counts(w.ctx, w.d, o)
	w.must(err)
	by := map[int64]market.CountLine{}
	for _, l := range lines {
		by[l.Goods] = l
	}
	return by
}

func TestOpeningWithAWrongCountBalancesOnceTwoOthersHaveLooked(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		monitor := w.person("监督员", models.Monitor)
		w.give(w.wang, 20000)
		o := w.open()
		w.sold(w.cart(w.wang, one(w.soap), one(w.rice)))
		void := w.sold(w.cart(w.wang, one(w.soap)))
		_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, void.ID, "拿错了")
		w.must(err)
		w.sold(w.cart(w.wang, one(w.haircut)))
		w.receive(w.rice, 3)
		if o = w.close(); o.State != market.OpeningClosed || o.Visits != 2 || o.Points != 6050 || o.Fen != 3025 {
			t.Fatalf("closed as %+v", o)
		}

		_, err = w.count(w.clerk, o, map[int64]models.Qty{w.soap: 800})
		w.refuses(err, market.ErrCountMissing, models.Input, "“大米”还没有点，没有保存；没有了的请填 0")
		o, err = w.count(w.clerk, o, map[int64]models.Qty{w.soap: 800, w.rice: 1200})
		w.must(err)
		w.must(market.RecountOpening(w.ctx, d, db.NewOpID(), w.clerk, w.village, o.ID))
		o, err = w.count(w.clerk, o, map[int64]models.Qty{w.soap: 800, w.rice: 1300})
		w.must(err)
		lines := w.sheet(o)
		if s, r, h := lines[w.soap], lines[w.rice], lines[w.haircut]; s.Opened != 1000 || s.Handed != 100 || s.Expected != 900 || s.Difference() != -100 ||
			r.Opened != 1000 || r.Handed != 100 || r.Other() != 300 || r.Expected != 1200 || r.Difference() != 100 ||
			h.Handed != 100 || h.Difference() != 0 || s.Points+r.Points+h.Points != o.Points {
			t.Fatalf("the sheet says %+v", lines)
		}

		if _, err := market.SignOpening(w.ctx, d, db.NewOpID(), w.clerk, w.village, o.ID); !errors.Is(err, market.ErrCountHand) {
			t.Fatalf("who counted signed: %v", err)
		}
		if _, err := market.SettleOpening(w.ctx, d, db.NewOpID(), w.chen, w.village, o.ID, "破损"); !errors.Is(err, market.ErrCountState) {
			t.Fatalf("approved before it was signed: %v", err)
		}
		o, err = market.SignOpening(w.ctx, d, db.NewOpID(), monitor, w.village, o.ID)
		w.must(err)
		if o.State != market.OpeningSigned {
			t.Fatalf("a count that differs is %s", o.State)
		}
		if err := market.RecountOpening(w.ctx, d, db.NewOpID(), w.clerk, w.village, o.ID); !errors.Is(err, market.ErrCountState) {
			t.Fatalf("counted anew after signing: %v", err)
		}
		w.wantStock(w.soap, 9)
		if _, err := market.SettleOpening(w.ctx, d, db.NewOpID(), w.zhao, w.village, o.ID, "破损"); models.KindOf(err) != models.Forbidden {
			t.Fatalf("a clerk approved: %v", err)
		}
		op := db.NewOpID()
		for range 2 {
			o, err = market.SettleOpening(w.ctx, d, op, w.chen, w.village, o.ID, "一瓶洗衣液破损，大米多送了一袋")
			w.must(err)
		}
		w.wantStock(w.soap, 8)
		w.wantStock(w.rice, 13)
		p, err := market.GetPaper(w.ctx, d, w.village, o.Paper)
		w.must(err)
		if p.Kind != market.PaperCount || p.State != market.PaperDone || len(p.Lines) != 2 || p.ProposedBy != w.clerk.Account || p.SignedBy != w.chen.Account || p.Reason != o.Reason {
			t.Fatalf("the document is %+v", p)
		}
		if errs := race(3, func(int) error {
			_, err := market.SettleOpening(w.ctx, d, db.NewOpID(), w.chen, w.village, o.ID, "再来")
			return err
		}); !errors.Is(errs[0], market.ErrCountState) || !errors.Is(errs[1], market.ErrCountState) || !errors.Is(errs[2], market.ErrCountState) {
			t.Fatalf("posted again: %v", errs)
		}
		w.wantSound()
	})
}

func TestOpeningThatAgreesIsSettledByTheSecondName(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.open()
		o := w.close()
		o, err := w.count(w.clerk, o, map[int64]models.Qty{w.soap: 1000, w.rice: 1000})
		w.must(err)
		people := []models.Actor{w.zhao, w.chen}
		winner := w.oneWinner(race(2, func(i int) error {
			_, err := market.SignOpening(w.ctx, d, db.NewOpID(), people[i], w.village, o.ID)
			return err
		}), market.ErrCountState)
		if o, err = market.GetOpening(w.ctx, d, w.village, o.ID); err != nil || o.State != market.OpeningSettled || o.SignedBy != people[winner].Account || o.Paper != 0 {
			t.Fatalf("it is %+v, %v", o, err)
		}
	})
}

// Whatever happens in an opening, its sheet adds up: what was there, less what
// was handed over, and what else came and went, is what the books say is left;
// the goods come to the points of the receipts; and the posted difference leaves
// the shelf as it was counted.
func TestOpeningSheetAddsUpWhateverHappened(t *testing.T) {
	d, clock := modelstest.Open(t)
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 100_000)
		w.open()
		came := map[int64]models.Qty{}
		var sold []market.Receipt
		for i := range rapid.IntRange(0, 12).Draw(t, "steps") {
			item := rapid.SampledFrom([]int64{w.soap, w.rice, w.haircut}).Draw(t, "item")
			switch rapid.IntRange(0, 3).Draw(t, fmt.Sprint("what", i)) {
			case 0, 1:
				if r, err := w.redeem(w.clerk, w.cart(w.wang, one(item))); err == nil {
					sold = append(sold, r)
				} else if !errors.Is(err, market.ErrSoldOut) {
					t.Fatal(err)
				}
			case 2:
				if n := len(sold); n > 0 {
					_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, sold[n-1].ID, "退")
					w.must(err)
					sold = sold[:n-1]
				}
			case 3:
				if item != w.haircut {
					w.receive(item, 1)
					came[item] += models.One
				}
			}
		}
		o := w.close()
		counted := map[int64]models.Qty{}
		for _, item := range []int64{w.soap, w.rice} {
			counted[item] = max(0, w.qty(item)+models.Qty(rapid.IntRange(-3, 3).Draw(t, "off"))*models.One)
		}
		o, err := w.count(w.clerk, o, counted)
		w.must(err)
		var goods, receipts models.Points
		for id, l := range w.sheet(o) {
			if goods += l.Points; !l.Service && (l.Other() != came[id] || l.Expected != w.qty(id)) {
				t.Fatalf("%+v: came %s, the books say %s", l, came[id], w.qty(id))
			}
		}
		for _, r := range sold {
			receipts += r.Points
		}
		if goods != receipts || o.Points != receipts || int(o.Visits) != len(sold) {
			t.Fatalf("goods %s, receipts %s, opening %+v", goods, receipts, o)
		}
		if o, err = market.SignOpening(w.ctx, d, db.NewOpID(), w.zhao, w.village, o.ID); err == nil && o.State == market.OpeningSigned {
			_, err = market.SettleOpening(w.ctx, d, db.NewOpID(), w.chen, w.village, o.ID, "核对过")
		}
		w.must(err)
		for id, qty := range counted {
			if w.qty(id) != qty {
				t.Fatalf("the shelf says %s, counted was %s", w.qty(id), qty)
			}
		}
		w.wantSound()
	})
}
