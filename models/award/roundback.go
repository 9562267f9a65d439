package award

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// Stands reports whether the award gives, or may yet give, what it says.
func (a Award) Stands() bool {
	switch a.State {
	case Refused, Withdrawn, Reversed:
		return false
	}
	return a.ID != 0
}

// takeBack undoes an award inside an activity that puts another in its place:
// what nobody has seen on the wall is withdrawn, what is in the passbook is
// corrected there by whoever may correct, or by its recorder at once.
func (a Award) takeBack(ctx context.Context, tx *db.Tx, by models.Actor, reason string) error {
	place, err := village.PlaceOf(ctx, tx, a.Household.Village)
	if err != nil {
		return err
	}
	switch a.State {
	case Refused, Withdrawn, Reversed:
		return nil
	case Noticed:
		return a.takeOff(ctx, tx)
	case Claimed, Checked, Pending, Warned:
		return tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ? WHERE village_id = ? AND id = ? AND state = ?", Withdrawn, a.Household.Village, a.ID, a.State)
	case Posted:
		own := a.Recorder == by.Account && tx.Now <= a.RecordedAt.Add(UndoFor+undoGrace)
		if !own && by.MayFor(models.CorrectEntry, place, a.Household) != nil {
			return ErrTooLate.With("这一笔已经到账，没有改；要改请村委用“更正”")
		}
		return a.reverse(tx, reason)
	}
	return ErrTooLate.With("这一笔正在处理意见，没有改")
}
