package award

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
)

// moved is an award as it was found and as it will be.
type moved struct {
	was, now Award
}

// kept reports whether it only changed its state.
func (m moved) kept() bool {
	return m.was.Quantity == m.now.Quantity && m.was.Points == m.now.Points && m.was.Honour == m.now.Honour && m.was.Band == m.now.Band
}

// settle writes the decisions so far, so that the caps of the next one see them.
func (j *judging) settle() error {
	todo := j.moved[j.written:]
	j.written = len(j.moved)
	return moveAll(j.tx, j.village, todo)
}

// moveAll writes the awards under the guard of the state they were found in.
func moveAll(tx *db.Tx, v int64, all []moved) error {
	for len(all) > 0 {
		// Those that go the same way, one behind the other, share a statement.
		n := 1
		for tx.Dialect != db.SQLite && n < len(all) && n < atOnce && all[n].beside(all[0]) {
			n++
		}
		if err := moveSome(tx, v, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// beside reports whether two awards go the same way and only change their state.
func (m moved) beside(o moved) bool {
	return m.kept() && o.kept() && m.was.State == o.was.State && m.now.State == o.now.State &&
		m.now.Meeting == o.now.Meeting && m.now.DueAt == o.now.DueAt && m.now.Above == o.now.Above
}

func moveSome(tx *db.Tx, v int64, some []moved) error {
	a := some[0].now
	set, args := "state = ?, meeting_id = ?, due_at = ?, above = ?", []any{a.State, a.Meeting, int64(a.DueAt), flag(a.Above)}
	if !some[0].kept() {
		set += ", quantity = ?, points = ?, honour = ?, band = ?"
		args = append(args, int64(a.Quantity), int64(a.Points), int64(a.Honour), a.Band)
	}
	which := "= ?"
	if len(some) > 1 {
		which = "IN (" + db.Holes(len(some)) + ")"
	}
	args = append(args, v)
	for _, m := range some {
		args = append(args, m.now.ID)
	}
	return tx.SQL.Must(int64(len(some)), db.ErrLost, "UPDATE awards SET "+set+" WHERE village_id = ? AND id "+which+" AND state = ? AND notice_id = 0", append(args, some[0].was.State)...)
}

// land posts those that have passed everything under rules that post at once.
func land(tx *db.Tx, v int64, awards []Award) error {
	var now []Award
	var entries []ledger.Entry
	rate := models.Rate(0)
	for _, a := range awards {
		book, err := scheme.Load(tx.Statement.Context, tx, v, a.Version)
		if err != nil {
			return err
		}
		if a.State == Noticed && book.Version.Posting == scheme.PostNow {
			now, entries, rate = append(now, a), append(entries, a.entry()), book.Version.PointRate
		}
	}
	if len(now) == 0 {
		return nil
	}
	entries, err := ledger.Post(tx, rate, entries...)
	if err != nil {
		return err
	}
	for i := range now {
		now[i].EntrySeq, now[i].Late = entries[i].Seq, entries[i].Late
	}
	return markPosted(tx, v, now)
}

// byIDs reads the awards of an operation.
func byIDs(ctx context.Context, c db.Conn, v int64, ids []int64) (map[int64]Award, error) {
	out := make(map[int64]Award, len(ids))
	err := eachID(ctx, c, ids, func(row db.Scanner) error {
		a, err := scan(row)
		out[a.ID] = a
		return err
	}, "SELECT "+columns+" FROM awards WHERE village_id = ? AND id ", "", v)
	if err != nil {
		return nil, err
	}
	for id, a := range out {
		if err := a.tell(ctx, c); err != nil {
			return nil, err
		}
		out[id] = a
	}
	return out, nil
}
