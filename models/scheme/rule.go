package scheme

import (
	"fmt"
	"slices"
	"strings"

	"pointstore/models"
)

// What a rule does.
const (
	Plus  = "+"    // earns
	Minus = "-"    // costs
	Base  = "base" // opening score of a period: honour only
	Gift  = "gift" // points that no conduct earned
)

// Rule is one line of the village's table. Points are magnitudes; Direction
// says which way they go.
type Rule struct {
	Village, ID, VersionID int64
	// OriginID is the id of the first copy of the rule: the same for all its
	// versions, so that a cap is not forgotten when the rules are renewed.
	OriginID   int64
	CategoryID int64
	Position   int
	Item       string
	Direction  string
	PointsMin  models.Points
	PointsMax  models.Points
	Choices    []models.Points // ascending; empty when any value of the range goes
	Unit       string          // 次, 小时 …; empty is 次
	CapTimes   int             // 0: no such cap
	CapPoints  models.Points   // 0: no such cap
	CapPeriod  string          // day, week, month, quarter, year, life
	CapPer     string          // household or member
	CapGroup   string          // rules of a version with the same group share one cap
	Private    bool            // counted, never listed in public
	Evidence   string
	Note       string

	BandBy      string // ByAmount, ByLevel, ByMonth; empty: no bands
	Bands       []Band // ascending by threshold; levels as the table has them
	FullPoints  models.Points
	FaultPoints models.Points // what any fault costs; see Fault
	Faults      []Fault
	OnceGroup   string   // of one act only the highest rule of a group scores
	Recorders   []string // "committee", "grid", "household"; empty: anybody entitled
	TemplateID  int64    // origin of the county's rule it was taken over from; 0: the village's own
}

// ByHousehold is the name among the recorders for the families themselves.
const ByHousehold = "household"

// RecordedBy reports whether holders of the role may record under the rule; for
// families see Claimable.
func (r Rule) RecordedBy(role models.Role) bool {
	return len(r.Recorders) == 0 || slices.Contains(r.Recorders, string(role))
}

// Claimable reports whether a family may claim points under the rule.
func (r Rule) Claimable() bool {
	return r.Direction == Plus && r.BandBy != ByMonth && (len(r.Recorders) == 0 || slices.Contains(r.Recorders, ByHousehold))
}

// Single reports whether the rule leaves no choice of points.
func (r Rule) Single() bool {
	return r.stepped() || r.PointsMin == r.PointsMax && len(r.Choices) == 0 && !r.Marked()
}

// Capped reports whether the rule has a cap.
func (r Rule) Capped() bool { return r.CapPeriod != "" && (r.CapTimes > 0 || r.CapPoints > 0) }

// UnitName is the unit, 次 when the table names none.
func (r Rule) UnitName() string {
	if r.Unit == "" {
		return "次"
	}
	return r.Unit
}

// measured are the units that say how much, not how often: four hours are one
// occasion.
const measured = " 小时 时 钟头 天 日 半天 工日 元 斤 公斤 亩 米 平方米 公里 吨 车 里 "

// Measured reports whether the quantity says how much of one act was done
// instead of how often.
func (r Rule) Measured() bool {
	return r.stepped() || strings.Contains(measured, " "+strings.TrimLeft(r.UnitName(), "0123456789.")+" ")
}

// Times is how many occasions a quantity counts for under a cap of times.
func (r Rule) Times(q models.Qty) int {
	if r.Measured() {
		return 1
	}
	return int((q + models.One - 1) / models.One)
}

// Value is what a quantity is worth under the rule, a magnitude rounded once.
// chosen is the points per unit the recorder chose; 0 stands for the rule's
// own, which must then leave no choice. Where a band is picked by amount the
// quantity is the amount, by month the month's score. Its errors name the rule.
func (r Rule) Value(qty models.Qty, chosen models.Points) (models.Points, error) {
	if qty > 0 && r.stepped() && len(r.Bands) > 0 {
		return r.banded(qty, chosen)
	}
	each, err := r.each(chosen)
	if err != nil {
		return 0, err
	}
	if qty <= 0 {
		return 0, models.ErrInput.With(r.quoted() + "的数量要大于 0，没有记分").At("quantity")
	}
	v, ok := each.Times(qty)
	if !ok {
		return 0, models.ErrInput.With(fmt.Sprintf("%s %s × %s 超过一笔的上限，没有记分，请核对数量", r.quoted(), each, qty)).At("quantity")
	}
	if v == 0 {
		return 0, models.ErrInput.With(r.quoted() + "按这个数量算出来是 0 分，没有记分，请核对数量").At("quantity")
	}
	return v, nil
}

// each is the points per unit.
func (r Rule) each(chosen models.Points) (models.Points, error) {
	switch {
	case chosen == 0 && r.Single():
		return r.PointsMin, nil
	case chosen == 0:
		return 0, models.ErrInput.With(fmt.Sprintf("%s是 %s，请选定给多少分", r.quoted(), r.pointsText())).At("points")
	case len(r.Choices) > 0 && slices.Contains(r.Choices, chosen),
		len(r.Choices) == 0 && chosen > 0 && chosen >= r.PointsMin && chosen <= r.PointsMax:
		return chosen, nil
	}
	return 0, models.ErrInput.With(fmt.Sprintf("%s是 %s，不能记 %s 分；没有记分，请改好再交", r.quoted(), r.pointsText(), chosen)).At("points")
}
