package sheet

import (
	"regexp"
	"slices"
	"strings"

	"pointstore/models"
)

// Step is one line of a table within a cell: 满4小时1分, 国家级50分.
type Step struct {
	At     models.Qty // the threshold; 0 where Name says the level
	Unit   string     // of the threshold, 分 for a score
	Name   string
	Points models.Points
}

// Least is the threshold of a first step that has none: 1000元以下1分.
const Least models.Qty = 1

const (
	amount   = `(\d+(?:\.\d{1,2})?)`
	stepUnit = `(万元|元|块钱?|个?小时|h|学时|课时|公里|公斤|斤|亩|平方米|平米|米|吨|工日|人次|分钟|` + `半天|次|人|户|件|天|日|月|年|场|项|例|篇|株|棵|条|处|个|起|名|回|周|台|本|位|分)?`
	between  = `((?:→|->|=>|-|=|:|加分|加|得分|得|计|记|奖励|奖|给|\+)*)`
)

var (
	thresholdText = `(满|达到|达|超过|超|大于|不少于|不低于|累计|不足|不到|少于|低于|小于)*` + amount + stepUnit + `(?:(?:-|~|至|到)` + amount + stepUnit + `)?(?:\(含\))?(及?以上|以下|以内|之内|不到|不满|起)?(?:的|者)?`
	stepLine      = regexp.MustCompile(`^` + thresholdText + between + amount + `(?:个?积?分)?$`)
	thresholdOnly = regexp.MustCompile(`^` + thresholdText + `$`)
	startLine     = regexp.MustCompile(`^起步` + between + amount + `(?:个?积?分)?$`)
	levelLine     = regexp.MustCompile(`^([^\d+=:→]{1,20}?)(?:→|->|=>|=|:|加分|加|得分|得|计|记|奖励|给|\+)*` + amount + `(?:个?积?分)?$`)
	levelPlain    = regexp.MustCompile(`^(.{1,64}):` + amount + `(?:个?积?分)?$`)
	levelBehind   = regexp.MustCompile(`^` + amount + `个?积?分?\(([^()]+)\)$`)
	noLevel       = regexp.MustCompile(`每|最多|最高|至多|限|封顶|上限|累计|不得?超|以内|合计|扣|减|罚|满分|基础|一次性|其中|^[加得计记给奖:]|^(?:分值|积分|得分|奖励)$`)
	monthly       = regexp.MustCompile(`^(?:当|每|本|单)?个?月(?:度|份)?(?:内|的)?(?:累计)?(?:总?得分|总?积分|评分|总分|分数|考评)?`)
	thousands     = regexp.MustCompile(`(\d),(\d{3})`)
)

// Steps reads a cell that holds a table of its own, by amount or by level; month
// says that the thresholds are scores of a month. Anything else is not ok: the
// whole cell has to be understood.
func Steps(s string) (steps []Step, month, ok bool) {
	text := thousands.ReplaceAllString(models.Normal(s), "$1$2")
	marks := ",;、/|。\n\r"
	if strings.ContainsAny(text, ";\n") {
		marks = ";。\n\r"
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(marks, r) })
	if len(parts) == 1 {
		parts = strings.Fields(text)
	}
	plain := false // 满4小时：1
	for _, p := range parts {
		p = strings.ReplaceAll(p, " ", "")
		if p == "" {
			continue
		}
		if m := monthly.FindString(p); m != "" {
			month, p = true, p[len(m):]
		}
		plain = plain || (strings.HasPrefix(p, "满") || strings.HasPrefix(p, "起步")) && strings.Contains(p, ":")
		step, good := stepOf(p)
		if !good || len(steps) > 0 && (step.Name == "") != (steps[0].Name == "") {
			return nil, false, false
		}
		steps = append(steps, step)
	}
	// One step alone is a table only where nothing else could be meant.
	alone := len(steps) == 1 && (steps[0].Name != "" || !plain && (steps[0].Unit != "分" || !month))
	if len(steps) == 0 || alone || month && steps[0].Name != "" {
		return nil, false, false
	}
	for i := range steps { // 满80分200、90分300: the unit is said once
		if steps[i].Unit == "" {
			steps[i].Unit = steps[0].Unit
		}
	}
	return steps, month, true
}

func stepOf(s string) (Step, bool) {
	if m := levelBehind.FindStringSubmatch(s); m != nil { // 50分（国家级）
		s = m[2] + ":" + m[1]
	}
	if m := startLine.FindStringSubmatch(s); m != nil {
		p, err := models.ParsePoints(m[2])
		return Step{At: Least, Points: p}, err == nil
	}
	if m := stepLine.FindStringSubmatch(s); m != nil {
		said := m[1] + m[3] + m[5] + m[6]
		if said == "" && (m[7] == "" || m[7] == "-") {
			return Step{}, false // 50-100 is a range
		}
		if m[3]+m[5]+m[6]+m[7] == "" {
			return Step{}, false // 满510 has one number
		}
		at, unit, ok := threshold(m[1:7])
		p, err := models.ParsePoints(m[8])
		return Step{At: at, Unit: unit, Points: p}, ok && err == nil
	}
	m := levelLine.FindStringSubmatch(s)
	if m == nil {
		m = levelPlain.FindStringSubmatch(s)
	}
	if m == nil || noLevel.MatchString(m[1]) {
		return Step{}, false
	}
	p, err := models.ParsePoints(m[2])
	return Step{Name: m[1], Points: p}, err == nil
}

// threshold takes the parts of thresholdText: word before, number, unit, number,
// unit, word behind.
func threshold(m []string) (models.Qty, string, bool) {
	q, err := models.ParsePoints(m[1])
	unit := m[2]
	if unit == "" {
		unit = m[4]
	}
	at := models.Qty(q)
	switch unit {
	case "万元":
		unit, at = "元", at*10_000
	case "块", "块钱":
		unit = "元"
	case "h", "个小时":
		unit = "小时"
	case "平米":
		unit = "平方米"
	}
	below := m[3] == "" && slices.Contains(strings.Fields("以下 以内 之内 不到 不满 不足 少于 低于 小于"), or(m[5], m[0]))
	if below || at == 0 {
		at = Least
	}
	return at, unit, err == nil && int64(at) <= int64(models.PointsMax)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Threshold reads what stands in a column of levels when it is an amount:
// 4小时以上, 1000-5000元, 80分.
func Threshold(s string) (at models.Qty, unit string, month, ok bool) {
	text := strings.ReplaceAll(thousands.ReplaceAllString(models.Normal(s), "$1$2"), " ", "")
	if m := monthly.FindString(text); m != "" {
		month, text = true, text[len(m):]
	}
	m := thresholdOnly.FindStringSubmatch(text)
	if m == nil || m[1]+m[3]+m[5]+m[6] == "" {
		return 0, "", false, false
	}
	at, unit, ok = threshold(m[1:7])
	return at, unit, month, ok
}
