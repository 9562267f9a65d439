package award

import (
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
)

// StepObject is a decision on an objection that moved the award.
const StepObject = "object"

// freeze holds an award that is not in the passbook yet until the objection to it
// is answered. What is posted stays, and what is only claimed is decided anyway.
// The step keeps the state to go back to; it does not say who objected.
func freeze(tx *db.Tx, a Award, o notice.Objection) error {
	if a.State != Noticed && a.State != Warned {
		return nil
	}
	err := tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ? WHERE village_id = ? AND id = ? AND state = ?", Frozen, a.Household.Village, a.ID, a.State)
	if err != nil {
		return err
	}
	if err := note(tx, a, StepFreeze, a.State, models.TheClock, o.Name()); err != nil {
		return err
	}
	return notice.Remarked(tx, o, notice.NoteFreeze, 0, "这一笔先不到账，等答复")
}

// thaw lets a frozen award go on from where it was, unless another objection to
// it is still being heard. When its notice has ended meanwhile, the clock posts
// it at its next turn; a deduction takes effect no sooner than hold, the last
// moment at which the household may take the answer to the township.
func thaw(tx *db.Tx, a Award, o notice.Objection, hold models.Millis) error {
	if a.State != Frozen {
		return nil
	}
	ctx, v := tx.Statement.Context, a.Household.Village
	others, err := notice.OnAward(ctx, tx, v, a.ID)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.ID != o.ID && other.Pending() {
			return nil
		}
	}
	to, on, err := before(tx, a)
	if err != nil {
		return err
	}
	due := a.DueAt
	if to == Warned {
		due = max(due, hold)
	}
	err = tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ?, notice_id = ?, due_at = ? WHERE village_id = ? AND id = ? AND state = ?", to, on, int64(due), v, a.ID, Frozen)
	if err != nil {
		return err
	}
	if err := note(tx, a, StepThaw, to, models.TheClock, o.Name()); err != nil {
		return err
	}
	return notice.Remarked(tx, o, notice.NoteThaw, 0, "这一笔接着办，照原来的来")
}

// before is the state an award was frozen in, and its notice, unless that was
// given up meanwhile.
func before(tx *db.Tx, a Award) (state string, on int64, err error) {
	state, on = Noticed, a.Notice
	steps, err := stepsOfMany(tx.Statement.Context, tx, a.Household.Village, []int64{a.ID})
	if err != nil {
		return "", 0, err
	}
	for _, s := range steps[a.ID] {
		if s.Step == StepFreeze && s.Outcome != "" {
			state = s.Outcome
		}
	}
	if on != 0 {
		n, err := notice.Get(tx.Statement.Context, tx, a.Household.Village, on)
		if err != nil {
			return "", 0, err
		}
		if n.State == notice.Dropped {
			on = 0
		}
	}
	return state, on, nil
}

// strike takes an award off because an objection to it was upheld: out of the
// passbook by a reversing entry, else before it ever gets there. One that is
// struck already stays so.
func strike(tx *db.Tx, by models.Actor, a Award, o notice.Objection, reason string) error {
	reason = shorten("意见成立：" + reason)
	switch a.State {
	case Refused, Withdrawn, Reversed:
		return nil
	case Posted:
		if err := a.reverse(tx, reason); err != nil {
			return err
		}
		if err := note(tx, a, StepObject, Refuse, by, reason); err != nil {
			return err
		}
		return notice.Remarked(tx, o, notice.NoteUndone, by.Account, "已在存折里加一笔冲掉")
	}
	if err := refuse(tx, by, a, reason); err != nil {
		return err
	}
	return notice.Remarked(tx, o, notice.NoteUndone, by.Account, "这一笔取消，不到账")
}

// refuse ends an award that is not posted.
func refuse(tx *db.Tx, by models.Actor, a Award, reason string) error {
	err := tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ?, due_at = 0, above = 0 WHERE village_id = ? AND id = ? AND state = ?", Refused, a.Household.Village, a.ID, a.State)
	if err != nil {
		return err
	}
	return note(tx, a, StepObject, Refuse, by, shorten(reason))
}
