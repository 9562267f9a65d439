package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
)

// ErrClosed refuses to close a quarter twice.
var ErrClosed = &models.Error{Kind: models.Conflict, Code: "quarter_closed", Say: "这个季度已经封账，没有重复封账"}

// errNotOver refuses a quarter that still runs.
var errNotOver = &models.Error{Kind: models.Conflict, Code: "quarter_running", Say: "这个季度还没过完，不能封账；没有改动任何内容"}

// errOrder refuses to close a quarter before the one in front of it.
var errOrder = &models.Error{Kind: models.Conflict, Code: "quarter_order", Say: "前一个季度还没有封账，请先封前一个；没有改动任何内容"}

// Return is a village's closed quarter.
type Return struct {
	Village  int64
	Quarter  models.Quarter
	Code     string
	ClosedAt models.Millis
	ClosedBy int64
}

// Close closes a village's quarter for good: the sheet is kept as it stands,
// under a check code, and the months take no more entries; later acts and
// corrections count in the open quarter. Quarters close in order, once they are
// over. lock is ledger.CloseMonth, which this package may not import.
func Close(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, q models.Quarter, lock func(tx *db.Tx, village int64, m models.Month) error) (Return, error) {
	r := Return{Village: village, Quarter: q, ClosedBy: by.Account}
	asked := struct {
		Village int64
		Quarter models.Quarter
	}{village, q}
	err := d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "close_quarter", Asked: asked, By: by, Answer: &r}, func(tx *db.Tx) error {
		if err := mayClose(ctx, tx, by, village, q); err != nil {
			return err
		}
		// Locked first: the sheet is read behind the lock.
		if err := lock(tx, village, q.Months()[2]); err != nil {
			return err
		}
		s, err := Detailed(ctx, tx, village, q)
		if err != nil {
			return err
		}
		r.ClosedAt = tx.Now
		r.Code, err = keep(tx, s, by)
		return err
	})
	return r, err
}

// mayClose asks who, whether the quarter is over, and whether it is its turn.
func mayClose(ctx context.Context, tx *db.Tx, by models.Actor, village int64, q models.Quarter) error {
	s, _, err := outline(ctx, tx, village)
	if err != nil {
		return err
	}
	if s.Level != "village" || len(s.Villages) != 1 {
		return models.ErrNotFound.With("只有村能封账，请先选一个村")
	}
	if err := by.May(models.CloseQuarter, s.Place); err != nil {
		return err
	}
	if tx.Now.Add(-db.Longest).Day() < q.End() { // what began in its last minute may still be on its way
		return errNotOver
	}
	last, err := lastClosed(tx, village)
	switch {
	case err != nil:
		return err
	case last >= q:
		return ErrClosed
	case last != 0 && last.Add(1) != q:
		return errOrder.With(last.Add(1).String() + "还没有封账，请先封它；没有改动任何内容")
	case last != 0:
		return nil
	}
	return mayBegin(tx, village, q)
}

// mayBegin lets a village begin with any quarter before which nothing happened.
func mayBegin(tx *db.Tx, village int64, q models.Quarter) error {
	var first sql.NullInt64
	if err := tx.SQL.Row("SELECT MIN(month) FROM village_months WHERE village_id = ?", village).Scan(&first); err != nil {
		return err
	}
	if m := models.Month(first.Int64); first.Valid && m.Quarter() < q {
		return errOrder.With(m.Quarter().String() + "还没有封账，请先封它；没有改动任何内容")
	}
	return nil
}

func lastClosed(tx *db.Tx, village int64) (models.Quarter, error) {
	var q sql.NullInt64
	err := tx.SQL.Row("SELECT MAX(quarter) FROM returns WHERE village_id = ?", village).Scan(&q)
	return models.Quarter(q.Int64), err
}

// keep writes the closed sheet down. The check code covers the kept text, so a
// sheet changed in the database no longer fits it.
func keep(tx *db.Tx, s Sheet, by models.Actor) (string, error) {
	row := s.Villages[0]
	row.Closed, row.AsOf = true, tx.Now
	row.Tally.Returned = 1
	s.Sum = row.Tally
	text, err := json.Marshal(kept{keptFormat, s.Quarter, row})
	if err != nil {
		return "", err
	}
	code, err := Document(tx, Paper{Area: s.Area, Kind: PaperReturn, Title: s.Title(), Summary: s.Summary() + "\n封账内容 SHA-256：" + fingerprint(text), MadeAt: tx.Now, MadeBy: by.Account})
	if err != nil {
		return "", err
	}
	_, err = tx.SQL.Exec("INSERT INTO returns (village_id, quarter, state, sheet, code, closed_at, closed_by) VALUES (?, ?, 'closed', ?, ?, ?, ?)",
		s.Area, int64(s.Quarter), string(text), code, int64(tx.Now), by.Account)
	if db.IsDuplicate(err) {
		err = ErrClosed
	}
	return code, err
}

// Kept is the text under which a village's closed quarter is stored, and its
// return; ErrNotFound while it is open.
func Kept(ctx context.Context, c db.Conn, village int64, q models.Quarter) (string, Return, error) {
	r := Return{Village: village, Quarter: q}
	var text string
	err := c.Stmts(ctx).Row("SELECT sheet, code, closed_at, closed_by FROM returns WHERE village_id = ? AND quarter = ?", village, int64(q)).
		Scan(&text, &r.Code, &r.ClosedAt, &r.ClosedBy)
	if errors.Is(err, sql.ErrNoRows) {
		return "", r, models.ErrNotFound.With("这个季度还没有封账")
	}
	return text, r, err
}
