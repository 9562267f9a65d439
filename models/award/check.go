package award

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// Check is the first check of what families claim: passed claims go to the
// meeting. A grid worker checks what lies in their duties, and nobody what they
// entered or what is their family's.
func Check(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, verdicts []Verdict) error {
	verdicts, err := goodVerdicts(verdicts)
	if err != nil {
		return err
	}
	place, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return err
	}
	if err := by.May(models.CheckClaims, place); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "award-check", Asked: verdicts, By: by, Subject: verdicts[0].Award}, func(tx *db.Tx) error {
		cover, err := village.CoverOf(ctx, tx, by, place)
		if err != nil {
			return err
		}
		j := judging{tx: tx, by: by, village: v, step: StepCheck, from: []string{Claimed}, keepDue: true}
		j.passed = func(Award, scheme.Version) string { return Checked }
		j.may = func(a Award) error {
			if err := mayJudge(by, place, models.CheckClaims, a); err != nil || cover.All() {
				return err
			}
			h, err := village.GetHome(ctx, tx, a.Household)
			if err != nil {
				return err
			}
			return cover.Refuse(h.GridID, h.Group)
		}
		return j.run(verdicts)
	})
}

// mayJudge is what holds for everybody who decides about an award.
func mayJudge(by models.Actor, place models.Place, act models.Action, a Award) error {
	if err := by.MayFor(act, place, a.Household); err != nil {
		return err
	}
	if a.Recorder == by.Account && by.Account != 0 {
		return ErrOwnEntry
	}
	return nil
}
