package market_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

func (w *world) paperSlip(number int64, h models.Household, points models.Points, lines ...market.Line) market.PaperSale {
	return market.PaperSale{Village: w.village, Number: number, Counter: w.counter, Household: h.ID, Day: w.clock.Now().Day().AddDays(-1), Points: points, Lines: lines}
}

func (w *world) keyIn(s market.PaperSale) error {
	return market.KeySlip(w.ctx, w.d, db.NewOpID(), w.clerk, s)
}

func TestPaperSlipsComeIntoTheBooksOnceAndWhatIsWrongIsSettledOneByOne(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		w.give(w.ma, 1000)
		clock.Add(24 * 3600e9)
		w.must(w.keyIn(w.paperSlip(1, w.wang, 2000, one(w.soap))))
		w.must(w.keyIn(w.paperSlip(2, w.ma, 2000, one(w.soap))))                              // too few points
		w.must(w.keyIn(w.paperSlip(3, w.wang, 22000, market.Line{Goods: w.soap, Qty: 1100}))) // more than there is
		w.must(w.keyIn(w.paperSlip(4, w.li, 1000, one(w.haircut))))                           // the clerk's own home
		unknown := w.paperSlip(5, models.Household{}, 1000, one(w.haircut))
		unknown.Said = "999"
		w.must(w.keyIn(unknown))
		if err := w.keyIn(w.paperSlip(1, w.ma, 1000, one(w.haircut))); !errors.Is(err, market.ErrSlipUsed) {
			t.Fatalf("number 1 keyed in twice: %v", err)
		}
		done, trouble, err := market.PostSlips(w.ctx, d, w.clerk, w.village, w.counter)
		w.must(err)
		if done != 1 || trouble != 3 {
			t.Fatalf("%d done, %d in trouble", done, trouble)
		}
		w.wantPoints(w.wang, 8000)
		w.wantStock(w.soap, 9)

		w.must(market.MendSlip(w.ctx, d, db.NewOpID(), w.clerk, w.paperSlip(3, w.wang, 4000, w2(w.soap)...)))
		w.must(market.MendSlip(w.ctx, d, db.NewOpID(), w.clerk, w.paperSlip(5, w.wang, 1000, one(w.haircut))))
		w.must(market.VoidSlip(w.ctx, d, db.NewOpID(), w.clerk, w.village, 2, "没有拿走"))
		errs := race(2, func(i int) error {
			_, _, err := market.PostSlips(w.ctx, d, w.zhao, w.village, w.counter)
			return err
		})
		w.must(errors.Join(errs...))
		_, err = market.PostSlip(w.ctx, d, w.zhao, w.village, 1)
		w.refuses(err, market.ErrSlipSettled, models.Conflict, "这张纸单已经入账或作废，没有重复扣分")
		if _, err := market.PostSlip(w.ctx, d, w.clerk, w.village, 2); !errors.Is(err, market.ErrSlipSettled) {
			t.Fatalf("a void slip was posted: %v", err)
		}
		w.wantPoints(w.wang, 3000)
		w.wantPoints(w.ma, 1000)
		w.wantStock(w.soap, 7)
		s, err := market.GetSlip(w.ctx, d, w.village, 3)
		w.must(err)
		r, err := market.GetReceipt(w.ctx, d, w.village, s.Redemption)
		w.must(err)
		if !r.Late || r.SlipNo != 3 || r.ConfirmTitle() != "停电纸单签字" {
			t.Fatalf("the receipt says %+v", r)
		}
		w.wantSound()
	})
}

func TestPaperSlipKeepsThePriceOfItsDay(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	w.give(w.wang, 10000)
	clock.Add(24 * 3600e9)
	w.exec("INSERT INTO prices (village_id, goods_id, from_day, points) VALUES (?, ?, ?, 9000)", w.village, w.soap, string(clock.Now().Day()))
	w.must(w.keyIn(w.paperSlip(7, w.wang, 2000, one(w.soap))))
	_, err := market.PostSlip(w.ctx, d, w.clerk, w.village, 7)
	w.must(err)
	w.wantPoints(w.wang, 8000)
}

func TestPrintedSlipNumbersAreNeverTheSame(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		from := make([]int64, 4)
		w.must(errors.Join(race(4, func(i int) (err error) {
			from[i], err = market.PrintSlips(w.ctx, d, db.NewOpID(), w.clerk, w.village, 10)
			return err
		})...))
		seen := map[int64]bool{}
		for _, f := range from {
			if f%10 != 1 || seen[f] {
				t.Fatalf("numbers begin at %v", from)
			}
			seen[f] = true
		}
	})
}
