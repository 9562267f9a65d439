package scheme

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/sheet"
)

// reading is one row of a village's table on its way to becoming a rule.
type reading struct {
	m       sheet.Mapping
	row     sheet.Row
	d       Draft
	limits  sheet.Limits
	shared  string // the other rows that share the cap, as written
	unclear []string
	amount  sheet.Amount
	minus   bool   // the points stood in a column of their own for deductions
	remark  string // the note, without what was understood of it
	once    bool   // the remark says that the highest of several scores
}

// points reads what the row pays or costs.
func (r *reading) points() *sheet.Problem {
	if r.bands() {
		return nil
	}
	if ok, note := r.marks(); ok {
		r.remark = note
		return nil
	}
	text := r.m.Get(r.row, "points")
	key := "points"
	if text == "" && r.m.Get(r.row, "minus") != "" {
		key, r.minus = "minus", true
	}
	if cost := r.m.Get(r.row, "minus"); text != "" && cost != "" && !sheet.Nothing(cost) {
		r.unclear = append(r.unclear, "同一行还写了扣“"+cost+"”，没有记进去，请另写一行")
	}
	a, err := sheet.Number(r.row.Cell(r.m.Columns[key]))
	if err != nil {
		return wrong(r.m, r.row, key, err)
	}
	if !a.OK {
		p := r.m.Wrong(r.row, key, "没有写分值")
		return &p
	}
	if a.Max == 0 {
		p := r.m.Wrong(r.row, key, "是 0 分，请写明给多少分")
		return &p
	}
	r.amount = a
	r.d.PointsMin, r.d.PointsMax, r.d.Choices = a.Min, a.Max, slices.Clone(a.Choices)
	return nil
}

// wrong is a refusal about a cell as a problem of the row: the sentence without
// the column's name in front, which the problem says itself.
func wrong(m sheet.Mapping, row sheet.Row, key string, err error) *sheet.Problem {
	p := m.Wrong(row, key, strings.TrimPrefix(sayOf(err), "“分值”"))
	return &p
}

func sayOf(err error) string {
	var e *models.Error
	if errors.As(err, &e) {
		return e.Say
	}
	return "填得不对，请核对"
}

var directions = []struct{ direction, words string }{
	{Base, "base 基础 基本"}, {Gift, "gift 赠"}, {Minus, "- 扣 减 罚 负"}, {Plus, "+ 加 奖 正"},
}

// direction settles which way the points go: a column that says so, the sign
// at the number, then the titles above.
func (r *reading) direction(titles []string) *sheet.Problem {
	said := ""
	if text := r.m.Get(r.row, "direction"); text != "" {
		for _, d := range directions {
			if said == "" && contains(text, d.words) != "" {
				said = d.direction
			}
		}
		if said == "" {
			p := r.m.Wrong(r.row, "direction", "“"+text+"”看不懂，请写加分、扣分、基础分或赠送")
			return &p
		}
	}
	signed := map[int]string{1: Plus, -1: Minus}[r.amount.Sign]
	if r.minus {
		signed = Minus
	}
	if (said == Plus && signed == Minus) || (said == Minus && signed == Plus) {
		p := r.m.Wrong(r.row, "points", "和方向一列说的不一样，请改成一致")
		return &p
	}
	if r.d.Marked() || len(r.d.Bands) > 0 && r.d.BandBy == ByMonth {
		signed = Plus // what is left of a full mark is earned, whatever the titles say
	}
	for _, d := range []string{said, signed, directionOf(append([]string{r.d.Category, r.d.Item, r.row.Section}, titles...)...), Plus} {
		if d != "" {
			r.d.Direction = d
			return nil
		}
	}
	return nil
}

// unit settles what is counted. 一个年度 and the like are a period: once in it.
func (r *reading) unit() {
	text := r.m.Get(r.row, "unit")
	for _, cut := range []string{"每一个", "每个", "每一", "每", "一个", "一", "/"} {
		if rest, ok := strings.CutPrefix(text, cut); ok && rest != "" {
			text = rest
			break
		}
	}
	if text == "" || r.amount.Unit != "" && (r.d.BandBy == ByAmount || r.amount.Unit[0] <= '9') { // 每100元
		text = r.amount.Unit
	}
	if r.d.BandBy == ByAmount && text != "" && !long(text, 32) {
		r.d.Unit = text
		return
	}
	if period := map[string]string{"年": "year", "年度": "year", "季": "quarter", "季度": "quarter", "月": "month", "月度": "month", "周": "week", "星期": "week"}[text]; period != "" {
		if r.limits.Period == "" {
			r.limits.Period = period
		}
		text = "次"
	}
	if text == "分" || long(text, 32) {
		text = ""
	}
	r.d.Unit = text
}

// caps reads the limits from wherever people write them.
func (r *reading) caps(capTitle string) {
	r.capCell(capTitle)
	r.limit(r.m.Get(r.row, "period"), true)
	r.unit()
	r.limit(r.amount.Rest, true)
	if words := onceWords.FindString(r.remark); words != "" {
		r.once, r.remark = true, strings.Replace(r.remark, words, "", 1)
	}
	r.limit(r.remark, false)
	l := &r.limits
	if r.d.BandBy == ByMonth {
		l.Period = or(l.Period, "month")
	}
	if l.Period != "" && l.Times == 0 && l.Points == 0 {
		l.Times = 1 // 频次“每月”: once a month
	}
	if l.Period == "" && (l.Times > 0 || l.Points > 0) {
		r.unclear = append(r.unclear, fmt.Sprintf("最多%s，没有写是每月、每年还是别的", amountOf(*l)))
		*l = sheet.Limits{}
	}
	r.d.setCap(Cap{Times: l.Times, Points: l.Points, Period: l.Period, Per: l.Per})
}

func amountOf(l sheet.Limits) string {
	switch {
	case l.Times > 0 && l.Points > 0:
		return fmt.Sprintf(" %d 次、%s 分", l.Times, l.Points)
	case l.Times > 0:
		return fmt.Sprintf(" %d 次", l.Times)
	}
	return " " + l.Points.String() + " 分"
}

// capCell reads the cap column, whose heading may say what a bare number means:
// 年度上限, 次数上限.
func (r *reading) capCell(title string) {
	text := r.m.Get(r.row, "cap")
	if text == "" {
		return
	}
	before := r.limits
	r.limit(text, true)
	if before == r.limits {
		return
	}
	if strings.Contains(title, "次") && r.limits.Times == 0 && !strings.Contains(text, "分") && r.limits.Points%100 == 0 {
		r.limits.Times, r.limits.Points = int(r.limits.Points/100), 0
	}
	if r.limits.Period == "" {
		for _, p := range []struct{ word, period string }{{"年", "year"}, {"季", "quarter"}, {"月", "month"}, {"周", "week"}, {"日", "day"}, {"天", "day"}, {"终", "life"}} {
			if strings.Contains(title, p.word) {
				r.limits.Period = p.period
				break
			}
		}
	}
}

// limit takes the limits out of a text; what contradicts what is already known,
// or is no limit anybody could read, is kept for a person. In a column made for
// limits everything unread is unclear; in a remark only what sounds like one.
func (r *reading) limit(text string, made bool) {
	if text == "" {
		return
	}
	all, rest := sheet.LimitsIn(text)
	for _, l := range all {
		if !r.merge(l) {
			r.unclear = append(r.unclear, "“"+text+"”里有不止一个限制，只能记一个")
		}
	}
	if rest != "" && (made && !perOccasion(rest) || sheet.Limiting(rest)) {
		r.unclear = append(r.unclear, "“"+rest+"”")
	}
}

// perOccasion are the words in a frequency column that say there is no limit.
func perOccasion(s string) bool {
	return slices.Contains([]string{"每次", "按次", "每人次", "每户次", "随时", "及时", "按实际", "据实", "逐次", "次"}, s)
}

func (r *reading) merge(l sheet.Limits) bool {
	have := &r.limits
	if l.Period != "" && have.Period != "" && l.Period != have.Period ||
		l.Times > 0 && have.Times > 0 && l.Times != have.Times ||
		l.Points > 0 && have.Points > 0 && l.Points != have.Points ||
		l.Per != "" && have.Per != "" && l.Per != have.Per {
		return false
	}
	have.Period, have.Per = or(have.Period, l.Period), or(have.Per, l.Per)
	have.Times, have.Points = max(have.Times, l.Times), max(have.Points, l.Points)
	r.shared = or(r.shared, l.Shared)
	return true
}

// notes splits the evidence off a remark that holds both.
func (r *reading) notes() {
	r.d.Evidence, r.d.Note = r.written("evidence"), r.written("note")
	if r.d.Evidence != "" {
		return
	}
	for _, head := range []string{"证据/认定", "证据", "认定方式", "认定", "佐证材料", "佐证", "证明材料", "依据"} {
		rest, ok := strings.CutPrefix(r.d.Note, head)
		if text := strings.TrimLeft(rest, " :："); ok && text != rest {
			r.d.Evidence, r.d.Note = text, ""
			return
		}
	}
}

// written is a cell as people wrote it.
func (r *reading) written(key string) string {
	if !r.m.Has(key) {
		return ""
	}
	return oneLine(r.row.Cell(r.m.Columns[key]))
}
