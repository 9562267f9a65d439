package market

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// UndoWithin is how long the clerk who handed goods over may take them back
// alone. Later it needs somebody else.
const UndoWithin = 30 * time.Minute

// The refusals of an undo.
var (
	ErrUndone   = &models.Error{Kind: models.Conflict, Code: "already_undone", Say: "这一笔已经作废过了，没有重复退分"}
	ErrUndoLate = &models.Error{Kind: models.Forbidden, Code: "undo_late", Say: "已超过 30 分钟，经办人不能自己作废，没有改动任何内容；请找村委办理"}
)

// Undo makes a receipt void: the points go back to the passbook, the goods to
// the shelf, and the receipt says so. Each receipt at most once.
func Undo(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, redemption int64, reason string) (Receipt, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Receipt{}, models.ErrInput.With("请写明作废的原因，现在还没有作废").At("reason")
	}
	if err := fits("reason", "原因", reason, 120); err != nil {
		return Receipt{}, err
	}
	at, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return Receipt{}, err
	}
	asked := struct {
		Redemption int64
		Reason     string
	}{redemption, reason}
	var r Receipt
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "undo", Asked: asked, By: by, Subject: redemption,
		Again: func(tx *db.Tx, subject int64) (err error) {
			r, err = GetReceipt(ctx, tx, v, subject)
			return err
		}}, func(tx *db.Tx) (err error) {
		if r, err = GetReceipt(ctx, tx, v, redemption); err != nil {
			return err
		}
		if err := mayUndo(by, at, r, tx.Now); err != nil {
			return err
		}
		return r.undo(tx, reason)
	})
	return r, err
}

// mayUndo lets the clerk take back for half an hour what they handed over, and
// afterwards only somebody else who may.
func mayUndo(by models.Actor, at models.Place, r Receipt, now models.Millis) error {
	own := by.Account != 0 && by.Account == r.ClerkID
	if !own {
		err := by.MayFor(models.UndoRedemption, at, r.Household)
		if errors.Is(err, models.ErrForbidden) && by.Can(models.HandOverGoods, at) {
			return models.ErrForbidden.With("只有经办人能在 30 分钟内作废这一笔，没有改动任何内容；请找经办人或村委")
		}
		return err
	}
	if err := by.MayFor(models.HandOverGoods, at, r.Household); err != nil {
		return err
	}
	if now > r.At.Add(UndoWithin) {
		return ErrUndoLate
	}
	return nil
}

// undo writes it down and fills r with what it is now.
func (r *Receipt) undo(tx *db.Tx, reason string) error {
	v := r.Household.Village
	err := tx.SQL.Must(1, ErrUndone, "UPDATE redemptions SET undone_op = ?, undone_at = ?, undone_reason = ? WHERE village_id = ? AND id = ? AND undone_op IS NULL",
		tx.Op[:], int64(tx.Now), reason, v, r.ID)
	if err != nil {
		return err
	}
	if err := r.unvouch(tx); err != nil {
		return err
	}
	back, err := ledger.Reverse(tx, r.Household, r.Seq, reason)
	if err != nil {
		return err
	}
	if _, err := tx.SQL.Exec("UPDATE redemptions SET undone_seq = ? WHERE village_id = ? AND id = ?", back.Seq, v, r.ID); err != nil {
		return err
	}
	moves, counted, err := r.wayBack(tx)
	if err == nil {
		err = writeMovements(tx, moves)
	}
	if err != nil {
		return err
	}
	number, _, _ := cutNumber(r.Number)
	r.UndoneAt, r.UndoneReason, r.UndoneNumber = tx.Now, reason, back.Number(number)
	return putStock(tx, counted)
}

// wayBack turns what was handed over around, lot by lot: what goes back to which
// lot, and of it what has stock.
func (r *Receipt) wayBack(tx *db.Tx) (moves, counted []Movement, err error) {
	err = tx.SQL.Each(func(row db.Scanner) error {
		m := Movement{Village: r.Household.Village, Counter: r.Counter, Kind: MovedUndone, Redemption: r.ID}
		var kind string
		err := row.Scan(&m.Goods, &m.Lot, &m.Qty, &m.Points, &m.CostFen, &kind)
		m.Qty = -m.Qty
		moves = append(moves, m)
		if kind != Service {
			counted = append(counted, m)
		}
		return err
	}, `SELECT m.goods_id, m.lot_id, m.qty, m.points, m.cost_fen, g.kind FROM movements m
		JOIN goods g ON g.village_id = m.village_id AND g.id = m.goods_id
		WHERE m.village_id = ? AND m.id > ? AND m.id <= ? AND m.redemption_id = ? ORDER BY m.id`,
		r.Household.Village, r.ID, r.ID+maxMoves, r.ID)
	return moves, counted, err
}

func byKey(moves []Movement) []Movement {
	return slices.SortedStableFunc(slices.Values(moves), func(a, b Movement) int {
		return cmp.Or(cmp.Compare(a.Counter, b.Counter), cmp.Compare(a.Goods, b.Goods), cmp.Compare(a.Lot, b.Lot))
	})
}
