package award

import (
	"fmt"

	"pointstore/models"
	"pointstore/models/scheme"
)

// Table is a rule of full marks minus faults, as it stood when the round began.
type Table struct {
	Rule   int64
	Full   models.Points
	PassAt models.Points // from this score on a door has passed
	Each   models.Points // what a fault costs that the table does not name; 0: there is none such
	Faults []TableFault
}

// TableFault is one fault and what it costs.
type TableFault struct {
	Name   string
	Points models.Points
}

// OtherFault is the place of a fault that the table does not name.
const OtherFault = -1

// faultsMost bounds what one door can be found guilty of.
const faultsMost = 100

// Score is what the faults, by their place in the table, leave of the full
// marks, never below zero; a fault found twice is listed twice. ok is false for
// a place that is not in the table.
func (t Table) Score(faults []int) (score models.Points, ok bool) {
	if len(faults) > faultsMost {
		return 0, false
	}
	score = t.Full
	for _, f := range faults {
		switch {
		case f == OtherFault && t.Each > 0:
			score -= t.Each
		case f >= 0 && f < len(t.Faults):
			score -= t.Faults[f].Points
		default:
			return 0, false
		}
	}
	return max(score, 0), true
}

// tableOf takes a full-mark rule down as it stands. Without a word about it, a
// door passes with four fifths of the full marks.
func tableOf(r scheme.Rule, passAt models.Points) (*Table, error) {
	switch {
	case !r.Marked() || r.Direction != scheme.Plus:
		return nil, models.ErrInput.With(fmt.Sprintf("“%s”不是满分扣减的规则，还没有开始，请换一条", r.Item)).At("full")
	case r.Capped() && r.CapPer == "member":
		return nil, models.ErrInput.With(fmt.Sprintf("“%s”按人算上限，不能在巡查里一户一户地记；还没有开始，请换一条", r.Item)).At("full")
	case passAt < 0 || passAt > r.FullPoints:
		return nil, models.ErrInput.With(fmt.Sprintf("“几分算合格”要填 0 到 %s，还没有开始", r.FullPoints)).At("pass_at")
	case passAt == 0:
		passAt = r.FullPoints * 4 / 5
	}
	t := &Table{Rule: r.ID, Full: r.FullPoints, PassAt: passAt, Each: r.FaultPoints}
	for i, f := range r.Faults {
		t.Faults = append(t.Faults, TableFault{f.Name, r.Cost(i)})
	}
	return t, nil
}
