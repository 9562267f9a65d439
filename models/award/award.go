// Package award gives points for conduct. An award is recorded under a rule as
// it stood on the day of the act; it reaches the passbook at once or when the
// notice it hangs on has ended, as the village's meeting decided; and it is
// never given above the rule's cap, to one's own household, or twice.
package award

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
)

// Award is one act of a household and what it earned or cost.
type Award struct {
	ID           int64
	Household    models.Household
	Member       int64 // 0: the household
	Version      int64
	Rule         int64
	Category     int64
	ActDate      models.Date
	Quantity     models.Qty
	Points       models.Points // signed change of the spendable balance
	Honour       models.Points // signed change of the honour score
	State        string
	Private      bool // counted, never listed in public
	Late         bool // recorded after the window
	Note         string
	Recorder     int64
	RecorderRole models.Role
	RecordedAt   models.Millis
	Notice       int64 // 0: on none yet
	EntrySeq     int64 // 0 until it is posted
	Op           db.OpID
	Way          string        // how it came in: WayDoor and the others
	Source       int64         // the round, slip, objection or month behind it; 0: none
	Meeting      int64         // the review meeting that decided it; 0: none
	DueAt        models.Millis // when the present step runs out; 0: it does not
	Above        bool          // the township decides
	Band         string        // the level or amount of the rule's table it was valued by

	// What the rule says; the record does not repeat it.
	Item, Unit, Direction string
	// Balance is the spendable balance after the award, set only by Record when
	// it posts at once.
	Balance models.Points

	salt []byte
}

// Shown is the signed number people read: what the award adds to the honour
// score, or to the balance when it adds no honour.
func (a Award) Shown() models.Points {
	if a.Honour != 0 {
		return a.Honour
	}
	return a.Points
}

// Waiting reports whether the award is on no notice yet.
func (a Award) Waiting() bool { return a.State == Noticed && a.Notice == 0 }

// worth is the magnitude that counts under a cap of points.
func (a Award) worth() models.Points {
	if p := a.Shown(); p >= 0 {
		return p
	}
	return -a.Shown()
}

var kinds = map[string]ledger.Kind{scheme.Plus: ledger.Award, scheme.Minus: ledger.Deduct, scheme.Base: ledger.Base, scheme.Gift: ledger.Gift}

// entry is the award as a line of the passbook. A deduction never takes more
// than is there.
func (a Award) entry() ledger.Entry {
	return ledger.Entry{Household: a.Household, Kind: kinds[a.Direction], Points: a.Points, Honour: a.Honour, AtMost: a.Direction == scheme.Minus,
		Category: a.Category, ActDate: a.ActDate, Late: a.Late, Cause: a.ID, Digest: ledger.Digest(a.salt, a.Note)}
}

const columns = "village_id, id, household_id, member_id, version_id, rule_id, category_id, act_date, quantity, points, honour, state, private, late, note, note_salt, recorder_id, recorder_role, recorded_at, notice_id, entry_seq, op_id, way, source_id, meeting_id, due_at, above, band"

// prefixed is columns of a table under another name.
func prefixed(name string) string {
	return name + "." + strings.ReplaceAll(columns, ", ", ", "+name+".")
}

var rows = db.NewRows("INSERT INTO awards ("+columns+")", "", 28)

func (a Award) values() []any {
	var salt any
	if len(a.salt) > 0 {
		salt = a.salt
	}
	return []any{a.Household.Village, a.ID, a.Household.ID, a.Member, a.Version, a.Rule, a.Category, string(a.ActDate), int64(a.Quantity), int64(a.Points), int64(a.Honour),
		a.State, flag(a.Private), flag(a.Late), a.Note, salt, a.Recorder, string(a.RecorderRole), int64(a.RecordedAt), a.Notice, a.EntrySeq, a.Op[:],
		a.Way, a.Source, a.Meeting, int64(a.DueAt), flag(a.Above), a.Band}
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func scan(row db.Scanner) (a Award, err error) {
	var op []byte
	err = row.Scan(&a.Household.Village, &a.ID, &a.Household.ID, &a.Member, &a.Version, &a.Rule, &a.Category, &a.ActDate, &a.Quantity, &a.Points, &a.Honour,
		&a.State, &a.Private, &a.Late, &a.Note, &a.salt, &a.Recorder, &a.RecorderRole, &a.RecordedAt, &a.Notice, &a.EntrySeq, &op,
		&a.Way, &a.Source, &a.Meeting, &a.DueAt, &a.Above, &a.Band)
	copy(a.Op[:], op)
	return a, err
}

// Get reads one award; ErrNotFound when the village has none of that id.
func Get(ctx context.Context, c db.Conn, village, id int64) (Award, error) {
	a, err := scan(c.Stmts(ctx).Row("SELECT "+columns+" FROM awards WHERE village_id = ? AND id = ?", village, id))
	if errors.Is(err, sql.ErrNoRows) {
		return a, models.ErrNotFound.With("没有找到这一笔加分，请核对后再试")
	}
	if err != nil {
		return a, err
	}
	return a, a.tell(ctx, c)
}

// tell fills in what the rule says.
func (a *Award) tell(ctx context.Context, c db.Conn) error {
	b, err := scheme.Load(ctx, c, a.Household.Village, a.Version)
	if err != nil {
		return err
	}
	r, _ := b.Rule(a.Rule)
	a.Item, a.Unit, a.Direction = r.Item, r.UnitName(), r.Direction
	return nil
}
