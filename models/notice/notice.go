// Package notice keeps the notices that a village hangs on its wall. A notice
// runs from the moment it really hung, for whole days, and ends by itself; one
// that was never hung never ends, and nothing on it ever takes effect.
package notice

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// The states of a notice.
const (
	Draft   = "draft"   // made, not on the wall yet
	Hung    = "hung"    // on the wall; running or ended, its lines not yet settled
	Closed  = "closed"  // ended and settled
	Dropped = "dropped" // given up before it hung
)

// The kinds of notice: what awards hang on, and a resolution to clear points.
const (
	Awards    = "award"
	Clearings = "clearing"
)

// Notice is one notice of a village.
type Notice struct {
	Village, ID int64
	Number      int // within village and year
	Year        int
	Kind        string
	Title       string
	Days        int
	State       string
	MadeAt      models.Millis
	MadeBy      int64
	HungAt      models.Millis
	HungWhere   string
	HungBy      int64
	EndsAt      models.Millis // 0 until it hangs
	ClosedAt    models.Millis
	Digest      []byte // over its lines
}

// Name is how people speak of it: 2026年第11期.
func (n Notice) Name() string { return fmt.Sprintf("%d年第%d期", n.Year, n.Number) }

// Code is the check code printed on it, empty before its lines are settled.
func (n Notice) Code() string {
	if len(n.Digest) == 0 {
		return ""
	}
	return keys.CheckCode(n.Digest)
}

// Running reports whether it hangs and has not ended.
func (n Notice) Running(now models.Millis) bool { return n.State == Hung && now < n.EndsAt }

// patience is how long a notice may lie unposted before it is called for.
const patience = 24 * time.Hour

// Overdue reports whether it should have been hung by now.
func (n Notice) Overdue(now models.Millis) bool {
	return n.State == Draft && now >= n.MadeAt.Add(patience)
}

// The refusals.
var (
	ErrHung    = &models.Error{Kind: models.Conflict, Code: "notice_hung", Say: "这一期已经登记过张贴，没有重复登记"}
	ErrDropped = &models.Error{Kind: models.Conflict, Code: "notice_dropped", Say: "这一期已经作废，没有登记张贴；请重新生成公示"}
)

// Make writes a draft under the village's next number of the year. The caller
// has asked permission.
func Make(tx *db.Tx, village int64, kind, title string, days int, by models.Actor) (Notice, error) {
	n := Notice{Village: village, ID: models.NewID(), Year: tx.Now.Time().Year(), Kind: kind, Title: title, Days: days, State: Draft, MadeAt: tx.Now, MadeBy: by.Account}
	if days < 1 || title == "" || utf8.RuneCountInString(title) > 120 {
		return n, models.ErrInput.With("公示要有标题和天数，没有生成，请改好再交")
	}
	err := tx.SQL.Row("SELECT COALESCE(MAX(number), 0) + 1 FROM notices WHERE village_id = ? AND year = ?", village, n.Year).Scan(&n.Number)
	if err != nil {
		return n, err
	}
	_, err = tx.SQL.Exec("INSERT INTO notices (village_id, id, number, year, kind, title, days, state, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		village, n.ID, n.Number, n.Year, kind, title, days, Draft, int64(tx.Now), by.Account)
	if db.IsDuplicate(err) {
		return n, db.ErrLost // another notice took the number
	}
	return n, err
}

// SetDigest keeps what the check code is made of, while the notice is a draft.
func SetDigest(tx *db.Tx, village, id int64, digest []byte) error {
	return tx.SQL.Must(1, ErrHung, "UPDATE notices SET digest = ? WHERE village_id = ? AND id = ? AND state = ?", digest, village, id, Draft)
}

// Hang says that the draft is on the wall since an instant: not before it was
// made, and not later than now. From then it runs its days, hour by hour.
func Hang(tx *db.Tx, village, id int64, where string, at models.Millis, by models.Actor) (Notice, error) {
	n, err := Get(tx.Statement.Context, tx, village, id)
	if err != nil {
		return n, err
	}
	if at == 0 {
		at = tx.Now
	}
	where = models.Normal(where)
	switch {
	case n.State == Dropped:
		return n, ErrDropped
	case n.State != Draft:
		return n, ErrHung
	case where == "" || utf8.RuneCountInString(where) > 64:
		return n, models.ErrInput.With("请写明贴在哪里（最多 64 个字），没有登记").At("where")
	case at > tx.Now:
		return n, models.ErrInput.With("张贴的时间还没到，没有登记，请核对").At("at")
	// People write the minute, and the poster was printed within it.
	case at < n.MadeAt.Add(-time.Minute):
		return n, models.ErrInput.With("张贴的时间早于这一期生成的时间，没有登记，请核对").At("at")
	}
	n.State, n.HungAt, n.HungWhere, n.HungBy = Hung, at, where, by.Account
	n.EndsAt = at.Add(time.Duration(n.Days) * 24 * time.Hour)
	return n, tx.SQL.Must(1, db.ErrLost, "UPDATE notices SET state = ?, hung_at = ?, hung_where = ?, hung_by = ?, ends_at = ? WHERE village_id = ? AND id = ? AND state = ?",
		Hung, int64(n.HungAt), n.HungWhere, n.HungBy, int64(n.EndsAt), village, id, Draft)
}

// Close settles a notice that has ended. One that was never hung, or still
// runs, is not closed; closing twice is no error.
func Close(tx *db.Tx, village, id int64) error {
	_, err := tx.SQL.Exec("UPDATE notices SET state = ?, closed_at = ? WHERE village_id = ? AND id = ? AND state = ? AND ends_at > 0 AND ends_at <= ?",
		Closed, int64(tx.Now), village, id, Hung, int64(tx.Now))
	return err
}

// Drop gives up a draft.
func Drop(tx *db.Tx, village, id int64) error {
	return tx.SQL.Must(1, ErrHung.With("这一期已经张贴或者作废，不能再作废"),
		"UPDATE notices SET state = ?, closed_at = ? WHERE village_id = ? AND id = ? AND state = ?", Dropped, int64(tx.Now), village, id, Draft)
}

const columns = "village_id, id, number, year, kind, title, days, state, made_at, made_by, hung_at, hung_where, hung_by, ends_at, closed_at, digest"

func scan(row db.Scanner) (n Notice, err error) {
	err = row.Scan(&n.Village, &n.ID, &n.Number, &n.Year, &n.Kind, &n.Title, &n.Days, &n.State, &n.MadeAt, &n.MadeBy,
		&n.HungAt, &n.HungWhere, &n.HungBy, &n.EndsAt, &n.ClosedAt, &n.Digest)
	return n, err
}

// Get reads one notice; ErrNotFound when the village has none of that id.
func Get(ctx context.Context, c db.Conn, village, id int64) (Notice, error) {
	n, err := scan(c.Stmts(ctx).Row("SELECT "+columns+" FROM notices WHERE village_id = ? AND id = ?", village, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound
	}
	return n, err
}

// List lists the village's notices, newest first; Before is an id.
func List(ctx context.Context, c db.Conn, village int64, at models.Cursor) ([]Notice, error) {
	before := at.Before
	if before <= 0 {
		before = 1<<63 - 1
	}
	return list(ctx, c, "village_id = ? AND id < ? ORDER BY id DESC LIMIT ?", village, before, at.Size())
}

// Due lists the notices of all villages that have ended and wait to be settled,
// those first that ended first.
func Due(ctx context.Context, c db.Conn, now models.Millis) ([]Notice, error) {
	return list(ctx, c, "state = ? AND ends_at > 0 AND ends_at <= ? ORDER BY ends_at, id", Hung, int64(now))
}

// OnTheWall lists the village's notices that hang and have not ended.
func OnTheWall(ctx context.Context, c db.Conn, village int64, now models.Millis) ([]Notice, error) {
	return list(ctx, c, "village_id = ? AND state = ? AND ends_at > ? ORDER BY hung_at, id", village, Hung, int64(now))
}

// Unposted lists the village's drafts, oldest first; Overdue tells which are
// being called for.
func Unposted(ctx context.Context, c db.Conn, village int64) ([]Notice, error) {
	return list(ctx, c, "village_id = ? AND state = ? ORDER BY id", village, Draft)
}

func list(ctx context.Context, c db.Conn, where string, args ...any) ([]Notice, error) {
	var all []Notice
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		n, err := scan(row)
		all = append(all, n)
		return err
	}, "SELECT "+columns+" FROM notices WHERE "+where, args...)
	return all, err
}
