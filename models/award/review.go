package award

import (
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// Decide writes down what a meeting decided. Relatives and whoever entered an
// award stand aside, which is noted; when nobody would be left, it is refused.
// While the meeting is open it may think again about what has not gone further.
func Decide(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, meeting int64, verdicts []Verdict) error {
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
	asked := struct {
		Meeting  int64
		Verdicts []Verdict
	}{meeting, verdicts}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "award-review", Asked: asked, By: by, Subject: meeting}, func(tx *db.Tx) error {
		m, err := GetMeeting(ctx, tx, v, meeting)
		if err != nil {
			return err
		}
		// The meeting's row is held, so that it can't be closed meanwhile.
		if err := tx.SQL.Must(1, ErrMeetingClosed, "UPDATE meetings SET state = ? WHERE village_id = ? AND id = ? AND state = ?", MeetingOpen, v, meeting, MeetingOpen); err != nil {
			return err
		}
		if m.HeldOn > tx.Now.Day() {
			return models.ErrInput.With("这次评议定在 " + m.HeldOn.Short() + "，日子还没到，没有改动；提前开的话请先改开会日期").At("held_on")
		}
		j := judging{tx: tx, by: by, village: v, step: StepReview, meeting: meeting, from: []string{Checked, Refused, Noticed, Pending, Warned, Claimed}}
		j.passed = Award.reviewed
		j.may = func(a Award) error {
			if a.State != Checked && a.Meeting != meeting {
				return ErrMoved // somebody else's decision
			}
			return m.mayDecide(by, a)
		}
		if err := j.run(verdicts); err != nil {
			return err
		}
		if err := m.noteAside(tx, by, j.moved); err != nil {
			return err
		}
		return m.noteDecided(ctx, tx, j.moved)
	})
}

// mayDecide asks whether anybody is left when those concerned stand aside. Who
// is concerned and writes the decision down needs a colleague with an account of
// their own beside them: a name is easily added.
func (m Meeting) mayDecide(by models.Actor, a Award) error {
	me := Present{Account: by.Account}
	for _, k := range by.Kin {
		if k.Village == a.Household.Village {
			me.Kin = append(me.Kin, k.ID)
		}
	}
	concerned := me.aside(a)
	for _, p := range m.Present {
		if !p.aside(a) && (!concerned || p.Account != 0 && p.Account != by.Account) {
			return nil
		}
	}
	return ErrNoOther
}

func (m Meeting) noteAside(tx *db.Tx, by models.Actor, all []moved) error {
	var steps []Step
	for _, one := range all {
		for _, p := range m.Present {
			if !p.aside(one.was) {
				continue
			}
			why := "亲属回避"
			if p.Account != 0 && p.Account == one.was.Recorder {
				why = "登记人回避"
			}
			steps = append(steps, Step{Award: one.was.ID, Step: StepAside, Actor: p.Account, Meeting: m.ID, Reason: p.Name + "（" + why + "）"})
		}
	}
	if len(steps) == 0 {
		return nil
	}
	return writeSteps(tx, m.Village, by, steps)
}

func (m Meeting) noteDecided(ctx context.Context, tx *db.Tx, all []moved) error {
	before, err := m.decidedIDs(ctx, tx)
	if err != nil {
		return err
	}
	var args []any
	for _, one := range all {
		if !slices.Contains(before, one.was.ID) {
			args = append(args, m.Village, m.ID, one.was.ID)
		}
	}
	return tx.SQL.Many("INSERT INTO meeting_awards (village_id, meeting_id, award_id)", "", 3, args)
}

// toReview lists what the review has to decide.
func toReview(ctx context.Context, c db.Conn, v int64) ([]Award, error) {
	return list(ctx, c, "village_id = ? AND notice_id = 0 AND state = ? ORDER BY id LIMIT ?", v, Checked, ReviewMost)
}
