package award

import (
	"context"
	"fmt"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// Correct takes one line of a passbook back with a second one that names it: an
// award, which is then marked as reversed, or a balance carried over. The reason
// is what the household reads. It happens at most once per line, and nobody
// does it for their own household.
func Correct(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, seq int64, reason string) error {
	reason = models.Prose(reason)
	if reason == "" || utf8.RuneCountInString(reason) > noteMost {
		return models.ErrInput.With(fmt.Sprintf("请写明为什么更正（最多 %d 个字），没有更正", noteMost)).At("reason")
	}
	place, err := village.PlaceOf(ctx, d, h.Village)
	if err != nil {
		return err
	}
	if err := by.MayFor(models.CorrectEntry, place, h); err != nil {
		return err
	}
	asked := struct {
		Household models.Household
		Seq       int64
		Reason    string
	}{h, seq, reason}
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "award-correct", Asked: asked, By: by, Subject: h.ID}, func(tx *db.Tx) error {
		e, err := ledger.GetEntry(ctx, tx, h, seq)
		if err != nil {
			return err
		}
		switch e.Kind {
		case ledger.Redeem:
			return models.ErrInput.With("这一笔是兑换，没有更正；要退请在兑换点作废小票")
		case ledger.Clear:
			return models.ErrInput.With("这一笔是全村清零，没有更正；要撤回，请在“积分周期”里报乡镇同意，全村一起退")
		case ledger.Award, ledger.Deduct, ledger.Base, ledger.Gift:
			a, err := Get(ctx, tx, h.Village, e.Cause)
			if err != nil {
				return err
			}
			if err := note(tx, a, StepCorrect, "", by, reason); err != nil {
				return err
			}
			return a.reverse(tx, reason)
		}
		_, err = ledger.Reverse(tx, h, seq, reason)
		return err
	})
}
