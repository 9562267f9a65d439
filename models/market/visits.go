package market

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Visits counts how often a household has exchanged in a month; void receipts
// are left out.
func Visits(ctx context.Context, c db.Conn, h models.Household, m models.Month) (n int, err error) {
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM redemptions WHERE village_id = ? AND household_id = ? AND month = ? AND undone_op IS NULL", h.Village, h.ID, int(m)).Scan(&n)
	return n, err
}

// VisitsToday counts what a counter has handed over today, void receipts left
// out: Today without its receipts.
func VisitsToday(ctx context.Context, c db.Conn, v, counter int64) (n int, err error) {
	day := c.Handle().Now().Day()
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM redemptions WHERE village_id = ? AND month = ? AND at >= ? AND at < ? AND counter_id = ? AND undone_op IS NULL",
		v, int(day.Month()), int64(day.Start()), int64(day.AddDays(1).Start()), counter).Scan(&n)
	return n, err
}

// registerMost bounds the receipts read for one opening; a village has a few
// hundred households.
const registerMost = 2000

// ReceiptsOfOpening lists what was handed over in an opening, the first one
// first, void ones too.
func ReceiptsOfOpening(ctx context.Context, c db.Conn, o Opening) ([]Receipt, error) {
	last := o.ClosedAt
	if last == 0 {
		last = c.Handle().Now()
	}
	return receipts(ctx, c, o.Village, "WHERE r.village_id = ? AND r.month >= ? AND r.month <= ? AND r.opening_id = ? ORDER BY r.id LIMIT ?",
		o.Village, int(o.OpenedAt.Month()), int(last.Month()), o.ID, registerMost)
}

// ReceiptOfOp is the receipt that an operation made, or made void, for somebody
// who never saw the answer; models.ErrNotFound when it has not happened.
func ReceiptOfOp(ctx context.Context, c db.Conn, v int64, op db.OpID) (Receipt, error) {
	o, err := db.FindOp(ctx, c, v, op)
	if err == nil && o.Kind != "redeem" && o.Kind != "undo" {
		err = models.ErrNotFound
	}
	if err != nil {
		return Receipt{}, err
	}
	return GetReceipt(ctx, c, v, o.Subject)
}
