package award

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// What can be decided about an award.
const (
	Pass   = "pass"
	Refuse = "refuse"
	Back   = "back" // to be completed and checked again
)

// Verdict is what somebody decides about one award. A changed quantity or choice
// of points stays within the rule and its caps.
type Verdict struct {
	Award    int64
	Outcome  string
	Quantity models.Qty    `json:",omitempty"` // 0: as it stands
	Points   models.Points `json:",omitempty"` // per unit; 0: as it stands
	Reason   string        `json:",omitempty"` // needed for Refuse and Back; the household reads it
}

// VerdictsMost bounds one operation.
const VerdictsMost = 500

// The refusals.
var (
	ErrMoved    = &models.Error{Kind: models.Conflict, Code: "award_moved", Say: "这一笔刚被别人办过，没有改动；请看最新内容再办"}
	ErrOwnEntry = &models.Error{Kind: models.Forbidden, Code: "own_entry", Say: "自己登记的不能自己审，没有改动；请换一位同事"}
	ErrNoOther  = &models.Error{Kind: models.Forbidden, Code: "nobody_else", Say: "在场的不是这户的亲属就是登记人，要回避，没有改动；请换人参加评议，或交乡镇决定"}
)

// judging is one operation that decides awards: they are read, decided in Go and
// written.
type judging struct {
	tx      *db.Tx
	by      models.Actor
	village int64
	step    string
	meeting int64
	from    []string                               // the states it may find an award in
	may     func(a Award) error                    // who may decide this one
	passed  func(a Award, v scheme.Version) string // where a passed one goes
	keepDue bool                                   // a deadline stays with what is not settled yet

	moved   []moved
	written int // how many of them are in the table
	steps   []Step
}

// goodVerdicts folds reasons and refuses what is wrong whatever the database
// says.
func goodVerdicts(verdicts []Verdict) ([]Verdict, error) {
	verdicts = slices.Clone(verdicts)
	seen := map[int64]bool{}
	for i, v := range verdicts {
		var err error
		if verdicts[i].Reason, err = goodReason(v.Reason, v.Outcome != Pass); err != nil {
			return nil, err
		}
		if seen[v.Award] || v.Outcome != Pass && v.Outcome != Refuse && v.Outcome != Back {
			return nil, models.ErrInput.With("有一笔没有选通过、不通过或退回，或者选了两次；没有保存，请改好再交")
		}
		seen[v.Award] = true
	}
	switch {
	case len(verdicts) == 0:
		return nil, models.ErrInput.With("没有选任何一笔，没有改动，请先选")
	case len(verdicts) > VerdictsMost:
		return nil, models.ErrInput.With(fmt.Sprintf("一次最多办 %d 笔，没有改动，请分几次", VerdictsMost))
	}
	return verdicts, nil
}

// run decides all of them or none.
func (j *judging) run(verdicts []Verdict) error {
	ids := make([]int64, len(verdicts))
	for i, v := range verdicts {
		ids[i] = v.Award
	}
	awards, err := byIDs(j.tx.Statement.Context, j.tx, j.village, ids)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		a, ok := awards[v.Award]
		if !ok {
			return models.ErrNotFound.With("没有找到这一笔，没有改动，请核对后再试")
		}
		if err := j.one(a, v); err != nil {
			return j.naming(a, len(verdicts), err)
		}
	}
	if err := j.settle(); err != nil {
		return err
	}
	if err := writeSteps(j.tx, j.village, j.by, j.steps); err != nil {
		return err
	}
	var after []Award
	for _, m := range j.moved {
		after = append(after, m.now)
	}
	return land(j.tx, j.village, after)
}

// one decides one award.
func (j *judging) one(a Award, v Verdict) error {
	if !slices.Contains(j.from, a.State) || a.Notice != 0 {
		return ErrMoved
	}
	if err := j.may(a); err != nil {
		return err
	}
	book, err := scheme.Load(j.tx.Statement.Context, j.tx, j.village, a.Version)
	if err != nil {
		return err
	}
	now := a
	now.Above = false
	if !j.keepDue {
		now.DueAt = 0
	}
	s := Step{Award: a.ID, Step: j.step, Outcome: v.Outcome, Actor: j.by.Account, Meeting: j.meeting, Reason: v.Reason}
	switch v.Outcome {
	case Pass:
		if err := j.revalue(&now, book, v); err != nil {
			return err
		}
		now.State = j.passed(now, book.Version)
		if now.State == Warned {
			now.DueAt = appealUntil(j.tx, book.Version)
		}
		if now.Quantity != a.Quantity || now.Shown() != a.Shown() {
			s.Quantity, s.Points = now.Quantity, now.Shown()
		}
	case Refuse:
		now.State = Refused
		s.Reason = refusal(a, v.Reason)
	case Back:
		if now.State, err = back(a, j.step); err != nil {
			return err
		}
	}
	if j.meeting != 0 {
		now.Meeting = j.meeting
	}
	j.moved, j.steps = append(j.moved, moved{a, now}), append(j.steps, s)
	return nil
}

// refusal names the rule it rests on.
func refusal(a Award, reason string) string {
	if strings.Contains(reason, a.Item) {
		return reason
	}
	whole := "按“" + a.Item + "”：" + reason
	if r := []rune(whole); len(r) > noteMost {
		whole = string(r[:noteMost])
	}
	return whole
}

// back is where an award goes that is sent back.
func back(a Award, step string) (string, error) {
	switch {
	case claimed(a.Way):
		return Claimed, nil
	case step == StepSecond && a.Meeting != 0:
		return Checked, nil
	}
	return "", models.ErrInput.With("这一笔是工作人员直接登记的，不能退回补充，没有改动；请选通过或者不通过").At("outcome")
}

// revalue gives an award the quantity and points of the verdict, within its rule
// and what the caps leave.
func (j *judging) revalue(a *Award, book *scheme.Book, v Verdict) error {
	dead := a.State == Refused
	if v.Quantity == 0 {
		v.Quantity = a.Quantity
	}
	rule, ok := book.Rule(a.Rule)
	once := ok && rule.OnceGroup != "" && claimed(a.Way) && j.step != StepCheck // of one act the lower one gives way now
	if v.Quantity == a.Quantity && v.Points == 0 && !dead && !once {
		return nil
	}
	if !ok {
		return scheme.ErrNoRules
	}
	ask := Ask{Village: j.village, Household: a.Household.ID, Member: a.Member, Rule: a.Rule, ActDate: a.ActDate, Quantity: v.Quantity, Points: v.Points}
	switch {
	case v.Points != 0:
	case rule.BandBy == scheme.ByLevel && a.Band != "":
		ask.Level = a.Band
	default:
		ask.Points = chosen(*a, rule)
	}
	if err := j.settle(); err != nil {
		return err
	}
	r := recording{tx: j.tx, by: j.by, asks: []Ask{ask}, rules: []dated{{rule, a.ActDate, book}}, skip: a.ID}
	qty, value, band, err := r.again()
	if err != nil {
		return err
	}
	a.Quantity, a.Band = qty, band
	a.Points, a.Honour = move(rule.Direction, value, book.Version.DeductFrom)
	return nil
}

// chosen is what the recorder chose per unit, as far as the award tells.
func chosen(a Award, rule scheme.Rule) models.Points {
	if rule.Single() || a.Quantity == 0 {
		return 0
	}
	return models.Points(int64(a.worth()) * int64(models.One) / int64(a.Quantity))
}

// naming says in a batch which award a refusal is about.
func (j *judging) naming(a Award, of int, err error) error {
	var e *models.Error
	if of < 2 || !errors.As(err, &e) {
		return err
	}
	h, found := village.GetHome(j.tx.Statement.Context, j.tx, a.Household)
	if found != nil {
		return err
	}
	return e.With(fmt.Sprintf("%s“%s”：%s（这一批都没有改动）", h.Label(), a.Item, e.Say))
}
