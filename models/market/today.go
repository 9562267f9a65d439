package market

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Day is what a counter has done on one day.
type Day struct {
	Date     models.Date
	Receipts []Receipt // the newest first, at most 200; void ones too
	Visits   int       // void ones left out
	Points   models.Points
	Fen      models.Fen
	Undone   int
}

// Today lists and adds up what a counter has handed over today; counter 0 means
// all of the village.
func Today(ctx context.Context, c db.Conn, v, counter int64) (Day, error) {
	return DayOf(ctx, c, v, counter, c.Handle().Now().Day())
}

// DayOf is Today for another day.
func DayOf(ctx context.Context, c db.Conn, v, counter int64, day models.Date) (Day, error) {
	t := Day{Date: day}
	from, until := int64(day.Start()), int64(day.AddDays(1).Start())
	const on = "WHERE r.village_id = ? AND r.month = ? AND r.at >= ? AND r.at < ? AND (r.counter_id = ? OR ? = 0)"
	args := []any{v, int64(day.Month()), from, until, counter, counter}
	err := c.Stmts(ctx).Row("SELECT COUNT(*), COUNT(r.undone_op), COALESCE(SUM(CASE WHEN r.undone_op IS NULL THEN r.points ELSE 0 END), 0), COALESCE(SUM(CASE WHEN r.undone_op IS NULL THEN r.fen ELSE 0 END), 0) FROM redemptions r "+on, args...).
		Scan(&t.Visits, &t.Undone, &t.Points, &t.Fen)
	if err != nil {
		return t, err
	}
	t.Visits -= t.Undone
	t.Receipts, err = receipts(ctx, c, v, on+" ORDER BY r.id DESC LIMIT 200", args...)
	return t, err
}
