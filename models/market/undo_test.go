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

func TestUndoGivesBackPointsAndGoodsOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		r := w.sold(w.cart(w.wang, one(w.soap), one(w.haircut), market.Line{Goods: w.rice, Qty: 50}))
		w.sold(w.cart(w.ma, w.free(w.ma)...))

		errs := race(16, func(int) error {
			_, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, r.ID, "拿错了，换一件")
			return err
		})
		w.oneWinner(errs, market.ErrUndone)
		w.wantPoints(w.wang, 10000)
		w.wantStock(w.rice, 10)

		void, err := market.GetReceipt(w.ctx, d, w.village, r.ID)
		w.must(err)
		if !void.Undone() || void.UndoneReason != "拿错了，换一件" || void.UndoneAt != clock.Now() || void.UndoneNumber != "001-3" || void.CheckCode != r.CheckCode || len(void.Lines) != 3 {
			t.Fatalf("the receipt after the undo: %+v", void)
		}
		found, err := market.FindReceipt(w.ctx, d, w.village, "001-3")
		w.must(err)
		w.wantSame(found, void)
		day, err := market.Today(w.ctx, d, w.village, 0)
		w.must(err)
		if day.Visits != 1 || day.Undone != 1 || len(day.Receipts) != 2 || day.Points != 2000 || day.Fen != 1000 {
			t.Fatalf("today: %+v", day)
		}
		w.wantSound()
	})
}

// free gives a household what it needs for one soap, and takes that.
func (w *world) free(h models.Household) []market.Line {
	w.Helper()
	w.give(h, 2000)
	return []market.Line{one(w.soap)}
}

func TestUndoAgainGivesTheFirstAnswer(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		r := w.sold(w.cart(w.wang, w.free(w.wang)...))
		op := db.NewOpID()
		first, err := market.Undo(w.ctx, d, op, w.clerk, w.village, r.ID, "拿错了")
		w.must(err)
		again, err := market.Undo(w.ctx, d, op, w.clerk, w.village, r.ID, "拿错了")
		w.must(err)
		w.wantSame(again, first)
		read, err := market.GetReceipt(w.ctx, d, w.village, r.ID)
		w.must(err)
		w.wantSame(read, first)
		_, err = market.Undo(w.ctx, d, db.NewOpID(), w.chen, w.village, r.ID, "再作废一次")
		w.refuses(err, market.ErrUndone, models.Conflict, "这一笔已经作废过了，没有重复退分")
		w.wantPoints(w.wang, 2000)
		w.wantSound()
	})
}

func TestUndoIsTheClerksForHalfAnHour(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		next := newWorld(t, d, clock)
		undo := func(by models.Actor, r market.Receipt) error {
			_, err := market.Undo(w.ctx, d, db.NewOpID(), by, w.village, r.ID, "拿错了")
			return err
		}
		first, second := w.sold(w.cart(w.wang, w.free(w.wang)...)), w.sold(w.cart(w.wang, w.free(w.wang)...))
		w.refuses(undo(w.zhao, first), models.ErrForbidden, models.Forbidden, "只有经办人能在 30 分钟内作废这一笔，没有改动任何内容；请找经办人或村委")
		if err := undo(next.chen, first); !errors.Is(err, models.ErrForbidden) {
			t.Fatalf("the committee next door: %v", err)
		}
		if _, err := market.Undo(w.ctx, d, db.NewOpID(), next.chen, next.village, first.ID, "拿错了"); !errors.Is(err, models.ErrNotFound) {
			t.Fatalf("a receipt under the wrong village: %v", err)
		}
		if _, err := market.Undo(w.ctx, d, db.NewOpID(), w.clerk, w.village, first.ID, " "); !errors.Is(err, models.ErrInput) {
			t.Fatalf("without a reason: %v", err)
		}
		clock.Add(30 * time.Minute)
		w.must(undo(w.clerk, first))
		clock.Add(time.Minute)
		w.refuses(undo(w.clerk, second), market.ErrUndoLate, models.Forbidden, "已超过 30 分钟，经办人不能自己作废，没有改动任何内容；请找村委办理")
		w.wantPoints(w.wang, 2000)

		kin := w.chen
		kin.Kin = []models.Household{w.wang}
		if err := undo(kin, second); !errors.Is(err, models.ErrOwnHome) {
			t.Fatalf("for the approver's own household: %v", err)
		}
		both := w.clerk
		both.Grants = append(both.Grants, w.chen.Grants...)
		if err := undo(both, second); !errors.Is(err, market.ErrUndoLate) {
			t.Fatalf("the clerk approves the own late undo: %v", err)
		}
		w.must(undo(w.chen, second))
		w.wantPoints(w.wang, 4000)
		w.wantSound()
	})
}
