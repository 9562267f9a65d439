package scheme

import (
	"fmt"
	"strings"

	"pointstore/models"
)

func (r Rule) quoted() string { return "“" + r.Item + "”" }

// pointsText is the points alone: 5 分, 50—100 分, 200、300 或 500 分.
func (r Rule) pointsText() string {
	switch {
	case len(r.Bands) > 0:
		return r.bandsText()
	case r.Marked():
		return r.faultsText()
	case len(r.Choices) > 1:
		texts := make([]string, len(r.Choices))
		for i, p := range r.Choices {
			texts[i] = p.String()
		}
		last := len(texts) - 1
		return strings.Join(texts[:last], "、") + " 或 " + texts[last] + " 分"
	case r.PointsMin != r.PointsMax && r.PointsMin == 0:
		return "不超过 " + r.PointsMax.String() + " 分"
	case r.PointsMin != r.PointsMax:
		return r.PointsMin.String() + "—" + r.PointsMax.String() + " 分"
	}
	return r.PointsMin.String() + " 分"
}

// PointsText is the rule's points with their sign, for buttons and lists: +5,
// −10, 50—100.
func (r Rule) PointsText() string {
	switch {
	case len(r.Bands) > 0 && r.PointsMin == r.PointsMax:
		return r.PointsMin.Signed()
	case len(r.Bands) > 0:
		return r.PointsMin.String() + "—" + r.PointsMax.String()
	case r.Marked():
		return "满分 " + r.FullPoints.String()
	case !r.Single():
		return strings.TrimSuffix(r.pointsText(), " 分")
	}
	if r.Direction == Minus {
		return (-r.PointsMin).String()
	}
	return r.PointsMin.Signed()
}

// Text is the rule's points and caps in a sentence: 每次 5 分，每户每年最多 40 分.
func (r Rule) Text() string {
	s := r.pointsText()
	table := len(r.Bands) > 0 || r.Marked()
	switch {
	case r.Direction == Base:
		s = "基础分 " + s + "，只计荣誉，不能兑换"
	case r.Direction == Gift:
		s = "赠送 " + s + "，不算荣誉"
	case r.Direction == Minus && table:
		s = "扣分：" + s
	case r.Direction == Minus:
		s = "每" + r.UnitName() + "扣 " + s
	case !table:
		s = "每" + r.UnitName() + " " + s
	}
	if c := r.CapText(); c != "" {
		s += "，" + c
	}
	return s
}

var periodNames = map[string]string{"day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "year": "每年", "life": "一生"}

// CapText is the cap in a sentence, "" when there is none: 每户每年最多 2 次.
func (r Rule) CapText() string {
	if !r.Capped() {
		return ""
	}
	per := "每户"
	if r.CapPer == "member" {
		per = "每人"
	}
	period := periodNames[r.CapPeriod]
	if r.CapPeriod == "life" {
		period = "总共"
	}
	var most []string
	if r.CapTimes > 0 {
		most = append(most, fmt.Sprintf("%d 次", r.CapTimes))
	}
	if r.CapPoints > 0 {
		most = append(most, r.CapPoints.String()+" 分")
	}
	s := per + period + "最多 " + strings.Join(most, "、")
	if r.CapGroup != "" {
		s += "（“" + r.CapGroup + "”等几项合计）"
	}
	return s
}

// RecordersText names who may record under the rule: 村委、网格员.
func (r Rule) RecordersText() string {
	names := make([]string, len(r.Recorders))
	for i, who := range r.Recorders {
		if names[i] = models.Role(who).Title(); who == ByHousehold {
			names[i] = "农户自己报"
		}
	}
	return strings.Join(names, "、")
}
