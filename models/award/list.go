package award

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Filter narrows a list of a village's awards. Empty fields do not narrow.
type Filter struct {
	State     string
	Household int64
	Notice    int64
	Recorder  int64
	Waiting   bool // on no notice yet
	// States are those to be listed that hang on no notice: what waits for a check,
	// a meeting, a second person, the end of the days to object.
	States []string
	Above  bool // only what the township decides
	models.Cursor
}

// List lists a village's awards, newest first.
func List(ctx context.Context, c db.Conn, village int64, f Filter) ([]Award, error) {
	where, args := "village_id = ?", []any{village}
	and := func(cond string, v any) {
		where += " AND " + cond
		args = append(args, v)
	}
	if f.Waiting {
		f.State = Noticed
		where += " AND notice_id = 0"
	}
	if f.State != "" {
		and("state = ?", f.State)
	}
	if len(f.States) > 0 {
		where += " AND notice_id = 0 AND state IN (" + db.Holes(len(f.States)) + ")"
		for _, s := range f.States {
			args = append(args, s)
		}
	}
	if f.Above {
		where += " AND above = 1"
	}
	if f.Household != 0 {
		and("household_id = ?", f.Household)
	}
	if f.Notice != 0 {
		and("notice_id = ?", f.Notice)
	}
	if f.Recorder != 0 {
		and("recorder_id = ?", f.Recorder)
	}
	if f.Before > 0 {
		and("id < ?", f.Before)
	}
	return list(ctx, c, where+" ORDER BY id DESC LIMIT ?", append(args, f.Size())...)
}

// Waiting lists the awards on no notice yet, newest first.
func Waiting(ctx context.Context, c db.Conn, village int64, at models.Cursor) ([]Award, error) {
	return List(ctx, c, village, Filter{Waiting: true, Cursor: at})
}

// Recent lists the awards last recorded, newest first.
func Recent(ctx context.Context, c db.Conn, village int64, at models.Cursor) ([]Award, error) {
	return List(ctx, c, village, Filter{Cursor: at})
}

// ByHousehold lists a household's awards, newest first.
func ByHousehold(ctx context.Context, c db.Conn, h models.Household, at models.Cursor) ([]Award, error) {
	return List(ctx, c, h.Village, Filter{Household: h.ID, Cursor: at})
}

// ByNotice lists all awards on a notice, in the order of households.
func ByNotice(ctx context.Context, c db.Conn, village, notice int64) ([]Award, error) {
	return list(ctx, c, "village_id = ? AND notice_id = ? ORDER BY household_id, id", village, notice)
}

// Backlog is what waits for a notice.
type Backlog struct {
	Awards, Households int
	Oldest             models.Millis // when the first of them was recorded; 0 for none
}

// CountWaiting counts what waits for a notice.
func CountWaiting(ctx context.Context, c db.Conn, village int64) (b Backlog, err error) {
	err = c.Stmts(ctx).Row("SELECT COUNT(*), COUNT(DISTINCT household_id), COALESCE(MIN(recorded_at), 0) FROM awards WHERE village_id = ? AND state = ? AND notice_id = 0",
		village, Noticed).Scan(&b.Awards, &b.Households, &b.Oldest)
	return b, err
}

// Count is how many awards stand in a state, and until when the first of them
// waits.
type Count struct {
	Awards int
	Oldest models.Millis // when the first of them was recorded
	Due    models.Millis // the nearest deadline; 0: none has one
	Above  int           // how many of them the township decides
}

// Counts counts what is on its way in a village and hangs on no notice, by
// state.
func Counts(ctx context.Context, c db.Conn, village int64) (map[string]Count, error) {
	out := map[string]Count{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var state string
		var n Count
		err := row.Scan(&state, &n.Awards, &n.Oldest, &n.Due, &n.Above)
		out[state] = n
		return err
	}, `SELECT state, COUNT(*), MIN(recorded_at), COALESCE(MIN(CASE WHEN due_at > 0 THEN due_at END), 0), SUM(above) FROM awards
		WHERE village_id = ? AND notice_id = 0 AND state IN ('claimed', 'checked', 'pending', 'warned', 'noticed') GROUP BY state`, village)
	return out, err
}

func list(ctx context.Context, c db.Conn, where string, args ...any) ([]Award, error) {
	var all []Award
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		a, err := scan(row)
		all = append(all, a)
		return err
	}, "SELECT "+columns+" FROM awards WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := all[i].tell(ctx, c); err != nil {
			return nil, err
		}
	}
	return all, nil
}
