package market

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
)

// Where an opening stands. One from before counts were kept, or of an allied
// shop, has no state.
const (
	OpeningClosed  = "closed"  // waits for somebody to count
	OpeningCounted = "counted" // waits for the second signature
	OpeningSigned  = "signed"  // the count differs: waits for an approver
	OpeningSettled = "settled" // balances
)

// Opening is a counter at work, from opening the hatch to closing it.
type Opening struct {
	Village  int64 `gorm:"column:village_id"`
	ID       int64
	Counter  int64 `gorm:"column:counter_id"`
	Number   int64 // the counter's first, second …
	OpenedAt models.Millis
	OpenedBy int64 // the account
	ClosedAt models.Millis
	ClosedBy int64
	Visits   int64         // redemptions that stood when it closed, or was counted
	Points   models.Points // what they came to
	Fen      models.Fen    // and were worth

	Plan       int64 `gorm:"column:plan_id"`
	State      string
	CountedBy  int64
	CountedAt  models.Millis
	SignedBy   int64
	SignedAt   models.Millis
	ApprovedBy int64
	ApprovedAt models.Millis
	Reason     string // of the difference
	Paper      int64  `gorm:"column:paper_id"` // the document that posted it
}

// The refusals about openings.
var (
	ErrOpenAlready = &models.Error{Kind: models.Conflict, Code: "opening_open", Say: "这个兑换点正在兑换，没有重复开始"}
	ErrNotOpen     = &models.Error{Kind: models.Conflict, Code: "opening_closed", Say: "这个兑换点现在没有开始兑换，没有改动任何内容"}
)

// OpenSession begins an opening at a counter, one at a time, and writes down what
// lies on the shelf.
func OpenSession(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, counter int64) (Opening, error) {
	return OpenPlanned(ctx, d, op, by, v, counter, 0)
}

// OpenPlanned is OpenSession for an opening that was announced.
func OpenPlanned(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, counter, plan int64) (o Opening, err error) {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return o, err
	}
	id := models.NewID()
	asked := struct{ Counter, Plan int64 }{counter, plan}
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "open", Asked: asked, By: by, Subject: id,
		Again: func(tx *db.Tx, subject int64) (err error) {
			o, err = GetOpening(ctx, tx, v, subject)
			return err
		}}, func(tx *db.Tx) error {
		// The counter's row is the guard: two clerks open one opening.
		n, err := tx.SQL.Exec("UPDATE counters SET opening_id = ? WHERE village_id = ? AND id = ? AND opening_id = 0 AND closed_at = 0", id, v, counter)
		if err != nil {
			return err
		}
		if n == 0 {
			return whyNotOpened(ctx, tx, v, counter)
		}
		o = Opening{Village: v, ID: id, Counter: counter, Plan: plan, OpenedAt: tx.Now, OpenedBy: by.Account}
		if err := takePlan(tx, &o); err != nil {
			return err
		}
		if err := tx.SQL.Row("SELECT COALESCE(MAX(number), 0) + 1 FROM openings WHERE village_id = ? AND counter_id = ?", v, counter).Scan(&o.Number); err != nil {
			return err
		}
		if _, err = tx.SQL.Exec("INSERT INTO openings (village_id, id, counter_id, number, opened_at, opened_by, plan_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
			v, id, counter, o.Number, int64(tx.Now), by.Account, plan); err != nil {
			return err
		}
		return writeOpened(tx, o)
	})
	return o, err
}

func whyNotOpened(ctx context.Context, tx *db.Tx, v, counter int64) error {
	c, err := GetCounter(ctx, tx, v, counter)
	switch {
	case err != nil:
		return err
	case c.ClosedAt != 0:
		return ErrCounterClosed
	}
	return ErrOpenAlready
}

// CloseSession ends the opening under way and writes down how many came and
// what they spent.
func CloseSession(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, counter int64) (o Opening, err error) {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return o, err
	}
	asked := fmt.Sprint("close ", counter)
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "close", Asked: asked, By: by, Answer: &o}, func(tx *db.Tx) error {
		c, err := GetCounter(ctx, tx, v, counter)
		if err != nil {
			return err
		}
		if c.Opening == 0 {
			return ErrNotOpen
		}
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE counters SET opening_id = 0 WHERE village_id = ? AND id = ? AND opening_id = ?", v, counter, c.Opening); err != nil {
			return err
		}
		if o, err = GetOpening(ctx, tx, v, c.Opening); err != nil {
			return err
		}
		o.ClosedAt, o.ClosedBy = tx.Now, by.Account
		if err := o.addUp(tx); err != nil {
			return err
		}
		if !c.Allied() {
			o.State = OpeningClosed
		}
		_, err = tx.SQL.Exec("UPDATE openings SET closed_at = ?, closed_by = ?, state = ?, visits = ?, points = ?, fen = ? WHERE village_id = ? AND id = ?",
			int64(o.ClosedAt), o.ClosedBy, o.State, o.Visits, int64(o.Points), int64(o.Fen), v, o.ID)
		return err
	})
	return o, err
}

// addUp adds up the redemptions of the opening, month by month because that is
// how they are indexed.
func (o *Opening) addUp(tx *db.Tx) error {
	o.Visits, o.Points, o.Fen = 0, 0, 0
	for m := o.OpenedAt.Month(); m <= o.ClosedAt.Month(); m = m.Add(1) {
		var visits int64
		var points models.Points
		var fen models.Fen
		err := tx.SQL.Row("SELECT COUNT(*), COALESCE(SUM(points), 0), COALESCE(SUM(fen), 0) FROM redemptions WHERE village_id = ? AND month = ? AND opening_id = ? AND undone_op IS NULL", o.Village, int(m), o.ID).Scan(&visits, &points, &fen)
		if err != nil {
			return err
		}
		o.Visits += visits
		o.Points += points
		o.Fen += fen
	}
	return nil
}

// CurrentOpening reads the opening under way; false when the counter is closed.
func CurrentOpening(ctx context.Context, c db.Conn, v, counter int64) (Opening, bool, error) {
	at, err := GetCounter(ctx, c, v, counter)
	if err != nil || at.Opening == 0 {
		return Opening{}, false, err
	}
	o, err := GetOpening(ctx, c, v, at.Opening)
	return o, err == nil, err
}

// Openings lists a counter's openings, the newest first.
func Openings(ctx context.Context, c db.Conn, v, counter int64, page models.Cursor) ([]Opening, error) {
	var list []Opening
	err := c.Read(ctx).Raw("SELECT "+openingColumns+" FROM openings WHERE village_id = ? AND counter_id = ? AND (id < ? OR ? = 0) ORDER BY id DESC LIMIT ?",
		v, counter, page.Before, page.Before, page.Size()).Scan(&list).Error
	return list, err
}

const openingColumns = "village_id, id, counter_id, number, opened_at, opened_by, closed_at, closed_by, visits, points, fen, plan_id, state, counted_by, counted_at, signed_by, signed_at, approved_by, approved_at, reason, paper_id"

// GetOpening reads one opening of the village.
func GetOpening(ctx context.Context, c db.Conn, v, id int64) (Opening, error) {
	var o Opening
	err := c.Stmts(ctx).Row("SELECT "+openingColumns+" FROM openings WHERE village_id = ? AND id = ?", v, id).
		Scan(&o.Village, &o.ID, &o.Counter, &o.Number, &o.OpenedAt, &o.OpenedBy, &o.ClosedAt, &o.ClosedBy, &o.Visits, &o.Points, &o.Fen,
			&o.Plan, &o.State, &o.CountedBy, &o.CountedAt, &o.SignedBy, &o.SignedAt, &o.ApprovedBy, &o.ApprovedAt, &o.Reason, &o.Paper)
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound
	}
	return o, err
}

// OpenedBetween reports whether any counter of the village was open on one of
// the days, both included.
func OpenedBetween(ctx context.Context, c db.Conn, v int64, from, until models.Date) (bool, error) {
	var n int
	err := c.Stmts(ctx).Row("SELECT COUNT(*) FROM openings WHERE village_id = ? AND opened_at < ? AND (closed_at = 0 OR closed_at >= ?)",
		v, int64(until.AddDays(1).Start()), int64(from.Start())).Scan(&n)
	return n > 0, err
}
