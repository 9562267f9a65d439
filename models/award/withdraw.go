package award

import (
	"context"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// UndoFor is how long the recorder may take an award back, as pages count it
// down; a slow signal gets a little more.
const (
	UndoFor   = 30 * time.Second
	undoGrace = 5 * time.Second
)

// ErrTooLate says that an award can no longer simply be taken back.
var ErrTooLate = &models.Error{Kind: models.Conflict, Code: "too_late_to_withdraw", Say: "过了撤回的时间，没有撤回；要改请找村委"}

// Withdraw takes an award back: by its recorder within UndoFor, even if it was
// posted at once (then by a reversing entry); afterwards by the committee, until
// its notice hangs; and by the family that claimed it, until the meeting has
// decided. Taking back twice is no error.
func Withdraw(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	place, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "award-withdraw", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		a, err := Get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if by.Account == 0 && by.Household.ID != 0 {
			return a.recall(ctx, tx, by)
		}
		own := a.Recorder == by.Account && by.Account != 0 && tx.Now <= a.RecordedAt.Add(UndoFor+undoGrace)
		act := models.CorrectEntry
		if own {
			act = models.GrantPoints
		}
		if err := by.MayFor(act, place, a.Household); err != nil {
			if a.Recorder == by.Account && !own {
				return ErrTooLate
			}
			return err
		}
		switch {
		case a.State == Withdrawn || a.State == Reversed:
			return nil
		case a.coming():
			if err := a.takeOff(ctx, tx); err != nil {
				return err
			}
			return note(tx, a, StepWithdraw, "", by, "")
		case a.State == Posted && own:
			if err := note(tx, a, StepWithdraw, "", by, "记录人当场撤回"); err != nil {
				return err
			}
			return a.reverse(tx, "记录人当场撤回")
		case a.State == Refused:
			return ErrTooLate.With("这一笔没有通过，不用撤回")
		case a.State == Posted:
			return ErrTooLate.With("这一笔已经到账，没有撤回；要改请用“更正”")
		}
		return ErrTooLate.With("这一笔正在处理意见，不能撤回")
	})
}

// recall is Withdraw by the family that claimed it.
func (a Award) recall(ctx context.Context, tx *db.Tx, by models.Actor) error {
	switch {
	case by.Household != a.Household || !claimed(a.Way):
		return models.ErrNotFound
	case a.State == Withdrawn:
		return nil
	case a.State != Claimed && a.State != Checked:
		return ErrNotOpen
	}
	if err := a.takeOff(ctx, tx); err != nil {
		return err
	}
	return note(tx, a, StepWithdraw, "", by, "自己撤回")
}

// takeOff withdraws an award that nobody has seen on the wall yet.
func (a Award) takeOff(ctx context.Context, tx *db.Tx) error {
	if a.Notice != 0 {
		n, err := notice.Get(ctx, tx, a.Household.Village, a.Notice)
		if err != nil {
			return err
		}
		if n.State != notice.Draft {
			return ErrTooLate.With("这一笔已经贴榜公示，没有撤回；要改请等到账后用“更正”")
		}
	}
	err := tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ?, notice_id = 0, above = 0, due_at = 0 WHERE village_id = ? AND id = ? AND state = ? AND notice_id = ?",
		Withdrawn, a.Household.Village, a.ID, a.State, a.Notice)
	if err != nil || a.Notice == 0 {
		return err
	}
	return sign(ctx, tx, a.Household.Village, a.Notice)
}

// reverse marks a posted award and corrects the passbook. Of two at once, one
// finds it no longer posted.
func (a Award) reverse(tx *db.Tx, reason string) error {
	err := tx.SQL.Must(1, ledger.ErrReversed, "UPDATE awards SET state = ? WHERE village_id = ? AND id = ? AND state = ?", Reversed, a.Household.Village, a.ID, Posted)
	if err != nil {
		return err
	}
	_, err = ledger.Reverse(tx, a.Household, a.EntrySeq, reason)
	return err
}
