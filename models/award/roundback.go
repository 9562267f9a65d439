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

// makeRoom undoes an award inside an activity that puts another in its place:
// what nobody has seen on the wall is withdrawn, what is in the passbook is
// corrected there by whoever may correct, or by its recorder at once.
func (a Award) makeRoom(ctx context.Context, tx *db.Tx, by models.Actor, reason string) error {
	switch {
	case !a.Stands():
		return nil
	case a.coming():
		if err := a.takeOff(ctx, tx); err != nil {
			return err
		}
		return note(tx, a, StepWithdraw, "", by, reason)
	case a.State != Posted:
		return ErrTooLate.With("这一笔正在处理意见，没有改")
	}
	place, err := village.PlaceOf(ctx, tx, a.Household.Village)
	if err != nil {
		return err
	}
	own := a.Recorder == by.Account && tx.Now <= a.RecordedAt.Add(UndoFor+undoGrace)
	if !own && by.MayFor(models.CorrectEntry, place, a.Household) != nil {
		return ErrTooLate.With("这一笔已经到账，没有改；要改请村委用“更正”")
	}
	if err := note(tx, a, StepWithdraw, "", by, reason); err != nil {
		return err
	}
	return a.reverse(tx, reason)
}
