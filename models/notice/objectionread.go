package notice

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

var errNoObjection = models.ErrNotFound.With("没有找到这条意见，请核对后再试")

// GetObjection reads one; ErrNotFound when the village has none of that id.
func GetObjection(ctx context.Context, c db.Conn, village, id int64) (Objection, error) {
	return oneObjection(c.Stmts(ctx).Row("SELECT "+objectionColumns+" FROM objections WHERE village_id = ? AND id = ?", village, id))
}

// ByLookCode finds the objection of a look-up code, in whatever village; a wrong
// code and an unknown one get the same answer.
func ByLookCode(ctx context.Context, c db.Conn, k *keys.Keys, code string) (Objection, error) {
	hash, err := k.LookHash(code)
	if err != nil {
		return Objection{}, err
	}
	o, err := oneObjection(c.Stmts(ctx).Row("SELECT "+objectionColumns+" FROM objections WHERE look_hash = ?", hash))
	if errors.Is(err, models.ErrNotFound) {
		err = keys.ErrLookCode
	}
	return o, err
}

func oneObjection(row db.Scanner) (Objection, error) {
	o, err := scanObjection(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoObjection
	}
	return o, err
}

// Register lists a village's objections, newest first: those that wait for an
// answer, or with all everything.
func Register(ctx context.Context, c db.Conn, village int64, all bool, at models.Cursor) ([]Objection, error) {
	before := at.Before
	if before <= 0 {
		before = 1<<63 - 1
	}
	if all {
		return objections(ctx, c, "village_id = ? AND id < ? ORDER BY id DESC LIMIT ?", village, before, at.Size())
	}
	return objections(ctx, c, "village_id = ? AND id < ? AND state IN ('open', 'appealed') ORDER BY id DESC LIMIT ?", village, before, at.Size())
}

// InYear lists the objections of a year in the order of their numbers, as the
// register is printed.
func InYear(ctx context.Context, c db.Conn, village int64, year int) ([]Objection, error) {
	return objections(ctx, c, "village_id = ? AND year = ? ORDER BY number", village, year)
}

// OfHousehold lists what a household objected to, newest first.
func OfHousehold(ctx context.Context, c db.Conn, h models.Household) ([]Objection, error) {
	return objections(ctx, c, "village_id = ? AND household_id = ? ORDER BY id DESC LIMIT 200", h.Village, h.ID)
}

// OnAward lists the objections to one award, oldest first.
func OnAward(ctx context.Context, c db.Conn, village, award int64) ([]Objection, error) {
	return objections(ctx, c, "village_id = ? AND award_id = ? ORDER BY id", village, award)
}

// Contested are the households with an objection that is not settled: those who
// object and those it is about.
func Contested(ctx context.Context, c db.Conn, village int64) (map[int64]bool, error) {
	all := map[int64]bool{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var who, about int64
		err := row.Scan(&who, &about)
		all[who], all[about] = true, true
		return err
	}, "SELECT household_id, for_household FROM objections WHERE village_id = ? AND state IN ('open', 'decided', 'appealed')", village)
	delete(all, 0)
	return all, err
}

// OverdueAnswers lists the open objections of all villages whose deadline has
// passed and that have not been passed up yet, the oldest deadline first.
func OverdueAnswers(ctx context.Context, c db.Conn, now models.Millis) ([]Objection, error) {
	return objections(ctx, c, "state = 'open' AND due_at <= ? AND above = 0 ORDER BY due_at, id LIMIT 500", int64(now))
}

// Unappealed lists the refused objections of all villages that may no longer go
// to the township.
func Unappealed(ctx context.Context, c db.Conn, now models.Millis) ([]Objection, error) {
	return objections(ctx, c, "state = 'decided' AND appeal_due <= ? ORDER BY appeal_due, id LIMIT 500", int64(now))
}

// WithTownship lists what an area above the villages has to answer: appeals, and
// what was passed up. The earliest deadline comes first.
func WithTownship(ctx context.Context, c db.Conn, area int64) ([]Objection, error) {
	const owed, order = "(state = 'appealed' OR state = 'open' AND above = 1)", " ORDER BY CASE WHEN state = 'open' THEN due_at ELSE appeal_due END, id LIMIT 500"
	if area == models.Everywhere {
		return objections(ctx, c, owed+order)
	}
	return objections(ctx, c, owed+" AND village_id IN (SELECT id FROM areas WHERE id = ? OR township_id = ? OR county_id = ? OR city_id = ?)"+order, area, area, area, area)
}

// Waiting is how many objections a village still has to answer.
type Waiting struct{ Open, Late, Appealed int }

// CountObjections counts what waits for an answer in a village.
func CountObjections(ctx context.Context, c db.Conn, village int64, now models.Millis) (w Waiting, err error) {
	err = c.Stmts(ctx).Row(`SELECT COUNT(CASE WHEN state = 'open' THEN 1 END), COUNT(CASE WHEN state = 'open' AND due_at <= ? THEN 1 END), COUNT(CASE WHEN state = 'appealed' THEN 1 END)
		FROM objections WHERE village_id = ? AND state IN ('open', 'appealed')`, int64(now), village).Scan(&w.Open, &w.Late, &w.Appealed)
	return w, err
}

// Nameless counts the objections that a village got since an instant from people
// who did not say who they are.
func Nameless(ctx context.Context, c db.Conn, village int64, since models.Millis) (n int, err error) {
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM objections WHERE village_id = ? AND made_at >= ? AND household_id = 0 AND made_by = 0", village, int64(since)).Scan(&n)
	return n, err
}

func objections(ctx context.Context, c db.Conn, where string, args ...any) ([]Objection, error) {
	var all []Objection
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		o, err := scanObjection(row)
		all = append(all, o)
		return err
	}, "SELECT "+objectionColumns+" FROM objections WHERE "+where, args...)
	return all, err
}
