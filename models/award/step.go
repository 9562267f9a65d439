package award

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// The steps of an award. Recording, hanging and posting are read from the award,
// its notice and its entry; the others are written down as they happen.
const (
	StepRecord   = "record"
	StepCheck    = "check"
	StepReview   = "review"
	StepAside    = "aside" // somebody present at the meeting stood aside
	StepSecond   = "second"
	StepEscalate = "escalate" // nobody left in the village who may decide
	StepAbove    = "above"
	StepEffect   = "effect" // the time to object to a deduction is over
	StepNotice   = "notice"
	StepPost     = "post"
	StepFreeze   = "freeze"
	StepThaw     = "thaw"
	StepWithdraw = "withdraw"
	StepCorrect  = "correct"
)

// Step is one thing that happened to an award.
type Step struct {
	Award    int64
	N        int // 0 for a step read from elsewhere
	Step     string
	Outcome  string // Pass, Refuse, Back; empty when there was nothing to decide
	Actor    int64  // the account; 0: the household or the program's clock
	Role     string
	Meeting  int64
	Quantity models.Qty    // as it stood after the step; 0: unchanged
	Points   models.Points // what it showed after the step; 0: unchanged
	Reason   string
	At       models.Millis
}

const stepColumns = "village_id, award_id, n, step, outcome, actor_id, role, meeting_id, quantity, points, reason, at"

var stepRows = db.NewRows("INSERT INTO award_steps ("+stepColumns+")", "", 12)

// note writes one step of an award down.
func note(tx *db.Tx, a Award, step, outcome string, by models.Actor, reason string) error {
	return writeSteps(tx, a.Household.Village, by, []Step{{Award: a.ID, Step: step, Outcome: outcome, Actor: by.Account, Reason: reason}})
}

// writeSteps numbers steps behind those their awards have and writes them.
func writeSteps(tx *db.Tx, v int64, by models.Actor, steps []Step) error {
	last, err := lastSteps(tx, v, steps)
	if err != nil {
		return err
	}
	role := ""
	if place, err := village.PlaceOf(tx.Statement.Context, tx, v); err == nil {
		role = roleHere(by, place)
	}
	args := make([]any, 0, len(steps)*stepRows.Width())
	for _, s := range steps {
		last[s.Award]++
		mine := role
		if s.Actor != by.Account {
			mine = "" // somebody else's step, written down by this person
		}
		args = append(args, v, s.Award, last[s.Award], s.Step, s.Outcome, s.Actor, mine, s.Meeting, int64(s.Quantity), int64(s.Points), s.Reason, int64(tx.Now))
	}
	return tx.SQL.Put(stepRows, args)
}

func lastSteps(tx *db.Tx, v int64, steps []Step) (map[int64]int, error) {
	var ids []int64
	for _, s := range steps {
		ids = append(ids, s.Award)
	}
	slices.Sort(ids)
	last := map[int64]int{}
	err := eachID(tx.Statement.Context, tx, slices.Compact(ids), func(row db.Scanner) error {
		var id int64
		var n int
		err := row.Scan(&id, &n)
		last[id] = n
		return err
	}, "SELECT award_id, MAX(n) FROM award_steps WHERE village_id = ? AND award_id ", " GROUP BY award_id", v)
	return last, err
}

// eachID runs a query that is cut in front of "= ?" for the ids: one by one on
// SQLite, where prepared statements are cheapest, else many at once.
func eachID(ctx context.Context, c db.Conn, ids []int64, read func(db.Scanner) error, head, tail string, first ...any) error {
	sql := c.Stmts(ctx)
	_, inside := c.(*db.Tx)
	for chunk := range slices.Chunk(ids, atOnce) {
		if c.Handle().Dialect == db.SQLite && inside || len(chunk) == 1 {
			for _, id := range chunk {
				if err := sql.Each(read, head+"= ?"+tail, append(slices.Clone(first), id)...); err != nil {
					return err
				}
			}
			continue
		}
		// Repeating the last id keeps the number of different texts small.
		size := 1
		for size < len(chunk) {
			size *= 2
		}
		args := slices.Clone(first)
		for i := range size {
			args = append(args, chunk[min(i, len(chunk)-1)])
		}
		if err := sql.Each(read, head+"IN ("+db.Holes(size)+")"+tail, args...); err != nil {
			return err
		}
	}
	return nil
}

// roleHere is the role in which somebody acts in a place.
func roleHere(by models.Actor, at models.Place) string {
	if by.Household.ID != 0 && by.Account == 0 {
		return Family
	}
	for _, g := range by.Grants {
		if at.In(g.Area) {
			return string(g.Role)
		}
	}
	return ""
}

// StepsOf tells the whole life of an award so far, oldest first.
func StepsOf(ctx context.Context, c db.Conn, v, id int64) ([]Step, error) {
	a, err := Get(ctx, c, v, id)
	if err != nil {
		return nil, err
	}
	written, err := stepsOfMany(ctx, c, v, []int64{id})
	if err != nil {
		return nil, err
	}
	all := append([]Step{{Award: id, Step: StepRecord, Actor: a.Recorder, Role: string(a.RecorderRole), Quantity: a.Quantity, Points: a.Shown(), Reason: a.Note, At: a.RecordedAt}}, written[id]...)
	if a.Notice != 0 {
		n, err := notice.Get(ctx, c, v, a.Notice)
		if err != nil {
			return nil, err
		}
		if n.HungAt != 0 {
			all = append(all, Step{Award: id, Step: StepNotice, Actor: n.HungBy, Reason: n.Name() + " " + n.HungWhere, At: n.HungAt})
		}
	}
	if a.EntrySeq != 0 {
		e, err := ledger.GetEntry(ctx, c, a.Household, a.EntrySeq)
		if err != nil {
			return nil, err
		}
		all = append(all, Step{Award: id, Step: StepPost, At: e.PostedAt})
	}
	slices.SortStableFunc(all, func(x, y Step) int { return cmp.Compare(x.At, y.At) })
	return all, nil
}

// stepsOfMany reads the written steps of many awards.
func stepsOfMany(ctx context.Context, c db.Conn, v int64, ids []int64) (map[int64][]Step, error) {
	out := make(map[int64][]Step, len(ids))
	err := eachID(ctx, c, ids, func(row db.Scanner) error {
		var s Step
		err := row.Scan(&s.Award, &s.N, &s.Step, &s.Outcome, &s.Actor, &s.Role, &s.Meeting, &s.Quantity, &s.Points, &s.Reason, &s.At)
		out[s.Award] = append(out[s.Award], s)
		return err
	}, "SELECT award_id, n, step, outcome, actor_id, role, meeting_id, quantity, points, reason, at FROM award_steps WHERE village_id = ? AND award_id ", " ORDER BY award_id, n", v)
	return out, err
}

// goodReason folds a reason and bounds it. needed says that there must be one.
func goodReason(reason string, needed bool) (string, error) {
	reason = models.Prose(reason)
	if utf8.RuneCountInString(reason) > noteMost {
		return "", models.ErrInput.With(fmt.Sprintf("理由最多 %d 个字，没有保存，请写短些", noteMost)).At("reason")
	}
	if needed && reason == "" {
		return "", models.ErrInput.With("不通过或者退回要写明理由，没有保存；请写一句给这户人看的话").At("reason")
	}
	return reason, nil
}
