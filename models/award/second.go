package award

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// ErrDecided says that a second approval wants a second person.
var ErrDecided = &models.Error{Kind: models.Forbidden, Code: "second_person", Say: "这一笔是您定的，第二个批准要由另一位来做，没有改动；请换一位同事"}

// Approve is the second approval of what is over the limit or was recorded late:
// by somebody who neither entered nor decided it and is no relative.
func Approve(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, verdicts []Verdict) error {
	verdicts, err := goodVerdicts(verdicts)
	if err != nil {
		return err
	}
	place, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return err
	}
	if err := by.May(models.ReviewAwards, place); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "award-second", Asked: verdicts, By: by, Subject: verdicts[0].Award}, func(tx *db.Tx) error {
		deciders, err := decidersOf(ctx, tx, v, verdicts)
		if err != nil {
			return err
		}
		j := judging{tx: tx, by: by, village: v, step: StepSecond, from: []string{Pending}}
		j.passed = func(a Award, _ scheme.Version) string { return a.granted() }
		j.may = func(a Award) error {
			if deciders[a.ID] == by.Account {
				return ErrDecided
			}
			return mayJudge(by, place, models.ReviewAwards, a)
		}
		return j.run(verdicts)
	})
}

// decidersOf says who wrote down the meeting's decision of each award.
func decidersOf(ctx context.Context, c db.Conn, v int64, verdicts []Verdict) (map[int64]int64, error) {
	ids := make([]int64, len(verdicts))
	for i, one := range verdicts {
		ids[i] = one.Award
	}
	steps, err := stepsOfMany(ctx, c, v, ids)
	out := map[int64]int64{}
	for id, list := range steps {
		out[id] = decider(list)
	}
	return out, err
}

func decider(steps []Step) (account int64) {
	for _, s := range steps {
		if s.Step == StepReview && s.Outcome == Pass {
			account = s.Actor
		}
	}
	return account
}
