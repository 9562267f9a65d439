package award

import (
	"context"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/notice"
	"pointstore/models/scheme"
)

// ErrNoExchange says that a clearing waits because no counter opened on its days
// of exchange.
var ErrNoExchange = errors.New("no counter opened on the days of exchange")

// Opened answers whether a counter of the village was open on any of the days,
// both included. The counters are another activity's, so it is asked through
// this.
type Opened func(ctx context.Context, c db.Conn, village int64, from, until models.Date) (bool, error)

// RunClearings is the clock's errand: what was announced for its thirty days, and
// could be exchanged after them, is cleared; what the township agreed to take
// back is taken back. It may be stopped anywhere, started again and run by
// several instances at once; every household is cleared once. A clearing that
// fails does not keep the others waiting.
func RunClearings(ctx context.Context, d *db.DB, opened Opened) error {
	all, err := clearings(ctx, d, "state IN (?, ?, ?) ORDER BY id", ClearAnnounced, ClearRunning, ClearUndoing)
	if err != nil {
		return err
	}
	var failed []error
	for _, k := range all {
		if err := runClearing(ctx, d, k, opened); err != nil && !errors.Is(err, ErrNoExchange) {
			failed = append(failed, fmt.Errorf("clearing %s of village %s: %w", models.ID32(k.ID), models.ID32(k.Village), err))
		}
	}
	return errors.Join(append(failed, closeClearingNotices(ctx, d))...)
}

// closeClearingNotices settles the announcements whose days are over.
func closeClearingNotices(ctx context.Context, d *db.DB) error {
	due, err := notice.Due(ctx, d, d.Now())
	for _, n := range due {
		if n.Kind != notice.Clearings || err != nil {
			continue
		}
		op := db.Op{ID: db.ErrandID("notice-close", n.Village, n.ID, 0), Village: n.Village, Kind: "notice-close", Asked: n.ID, By: models.TheClock, Subject: n.ID}
		err = d.InTx(ctx, op, func(tx *db.Tx) error { return notice.Close(tx, n.Village, n.ID) })
	}
	return err
}

func runClearing(ctx context.Context, d *db.DB, k Clearing, opened Opened) error {
	kind, chunk := "clear", clearChunk
	if k.State == ClearUndoing {
		kind, chunk = "clear-undo", undoChunk
	} else if ready, err := clearingReady(ctx, d, k, d.Now()); err != nil || !ready {
		return err
	} else if yes, err := opened(ctx, d, k.Village, k.SessionFrom, k.SessionUntil); err != nil || !yes {
		return errors.Join(err, ErrNoExchange)
	}
	for n := int64(0); ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		op := db.Op{ID: db.ErrandID(kind, k.Village, k.ID, n), Village: k.Village, Kind: kind, Asked: k.ID, By: models.TheClock, Subject: k.ID}
		if err := d.InTx(ctx, op, func(tx *db.Tx) error { return chunk(ctx, tx, k) }); err != nil {
			return err
		}
		now, err := GetClearing(ctx, d, k.Village, k.ID)
		if err != nil || !now.Live() {
			return err
		}
	}
}

// clearingReady reports whether the announcement hung its days and the days of
// exchange are over.
func clearingReady(ctx context.Context, c db.Conn, k Clearing, now models.Millis) (bool, error) {
	n, err := notice.Get(ctx, c, k.Village, k.Notice)
	hung := n.State == notice.Hung || n.State == notice.Closed
	return err == nil && hung && n.EndsAt != 0 && n.EndsAt <= now && n.EndsAt.Day() <= k.SessionFrom && now.Day() > k.SessionUntil, err
}

// clearChunk clears the next households, after asking again whether it may.
func clearChunk(ctx context.Context, tx *db.Tx, was Clearing) error {
	k, err := GetClearing(ctx, tx, was.Village, was.ID)
	if err != nil {
		return err
	}
	if ready, err := clearingReady(ctx, tx, k, tx.Now); err != nil || !ready || k.State != ClearAnnounced && k.State != ClearRunning {
		return errors.Join(err, ErrClearingGone) // and no operation is left behind for it
	}
	ids, err := nextToClear(tx, k)
	if err != nil {
		return err
	}
	if err := holdBooks(tx, k.Village, ids); err != nil {
		return err
	}
	lines, err := clearLines(ctx, tx, k, ids)
	if err != nil {
		return err
	}
	rate := models.Rate(0)
	if v, err := scheme.Current(ctx, tx, k.Village, tx.Now.Day()); err == nil {
		rate = v.PointRate
	} else if !errors.Is(err, scheme.ErrNoRules) {
		return err
	}
	return k.enter(tx, rate, lines, len(ids) < chunk)
}

// nextToClear names the next households that have anything, in the order in which
// everybody writes.
func nextToClear(tx *db.Tx, k Clearing) ([]int64, error) {
	var after int64
	if err := tx.SQL.Row("SELECT COALESCE(MAX(household_id), 0) FROM cleared WHERE village_id = ? AND clearing_id = ?", k.Village, k.ID).Scan(&after); err != nil {
		return nil, err
	}
	var ids []int64
	err := tx.SQL.Each(func(row db.Scanner) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT household_id FROM passbooks WHERE village_id = ? AND household_id > ? AND balance > 0 ORDER BY household_id LIMIT ?", k.Village, after, chunk)
	return ids, err
}

// holdBooks takes the passbooks before anything is read from them, so that
// neither an exchange nor a record comes between; those who record under the
// same guard start again.
func holdBooks(tx *db.Tx, v int64, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	args := []any{v}
	for _, id := range ids {
		args = append(args, id)
	}
	return tx.SQL.Must(int64(len(ids)), db.ErrLost, "UPDATE passbooks SET awards = awards + 1 WHERE village_id = ? AND household_id IN ("+db.Holes(len(ids))+")", args...)
}

// enter writes one chunk: the clearing's own row first, then the passbooks, then
// what was done to each household.
func (k Clearing) enter(tx *db.Tx, rate models.Rate, lines []ClearLine, last bool) error {
	var entries []ledger.Entry
	var at []int
	sum, skipped := models.Points(0), 0
	for i, l := range lines {
		if l.Why != "" && l.Why != ClearNewer {
			skipped++
		}
		if l.Points > 0 {
			entries, at, sum = append(entries, ledger.Entry{Household: l.Household, Kind: ledger.Clear, Points: -l.Points, Cause: k.ID}), append(at, i), sum+l.Points
		}
	}
	state, done := ClearRunning, models.Millis(0)
	if last {
		state, done = ClearDone, tx.Now
	}
	err := tx.SQL.Must(1, ErrClearingGone, "UPDATE clearings SET state = ?, households = households + ?, points = points + ?, skipped = skipped + ?, done_at = ? WHERE village_id = ? AND id = ? AND state IN (?, ?)",
		state, len(entries), int64(sum), skipped, int64(done), k.Village, k.ID, ClearAnnounced, ClearRunning)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		if entries, err = ledger.Post(tx, rate, entries...); err != nil {
			return err
		}
	}
	for n, i := range at {
		lines[i].seq = entries[n].Seq
	}
	args := make([]any, 0, 6*len(lines))
	for _, l := range lines {
		args = append(args, k.Village, k.ID, l.Household.ID, int64(l.Points), l.seq, l.Why)
	}
	return tx.SQL.Put(clearedRows, args)
}

var clearedRows = db.NewRows("INSERT INTO cleared (village_id, clearing_id, household_id, points, entry_seq, skipped)", "", 6)
