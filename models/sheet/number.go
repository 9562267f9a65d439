package sheet

import (
	"regexp"
	"strings"

	"pointstore/models"
)

// Amount is what a rule pays, as far as its cell says. Min and Max are
// magnitudes; which way they go is Sign.
type Amount struct {
	Min, Max models.Points   // equal for a single value; "不超过20" is 0 to 20
	Choices  []models.Points // "200/300/500"; Min and Max are the ends
	Sign     int             // -1 for 扣 or a minus, +1 for 加 or a plus, 0 when not said
	Unit     string          // 次, 人次, 小时 … of "5分/次"
	Rest     string          // what stood beside it and was not understood
	OK       bool            // false for an empty cell
}

// Single reports whether the amount leaves nothing to decide.
func (a Amount) Single() bool { return a.OK && a.Min == a.Max && len(a.Choices) == 0 }

const units = `(?:人次|户次|场次|小时|学时|课时|季度|星期|半天|次|人|户|件|天|日|月|年|场|项|例|篇|株|棵|条|处|个|起|名|回|周|台|亩|斤|本|位)`

var (
	beforeUnit = regexp.MustCompile(`^(?:每|一)(` + units + `)`)
	afterUnit  = regexp.MustCompile(`^(?:/|每|一|·|\((?:每|一|/)?)+(` + units + `)\)?`)
	// 每捐100元计1分: the unit is a hundred yuan.
	perMany     = regexp.MustCompile(`^每(?:捐|满|参加|达到?|完成|累计)*(\d{1,6})(元|斤|公斤|公里|米|亩|分钟|学时|课时|` + units[3:len(units)-1] + `)(?:计|记|加|得|奖励|奖|可|给|:|=)*(\d+(?:\.\d{1,2})?)分?$`)
	noAmount    = regexp.MustCompile(`^[-/]*$|^[无空]$`)
	daySpoiled  = regexp.MustCompile(`^\d{1,2}月\d{1,2}日$|^\d{1,2}-[A-Z][a-z]{2}$`)
	digitsApart = regexp.MustCompile(`\d +\d`)
	tooMuch     = regexp.MustCompile(`^\D{0,4}\d{8,}\D{0,4}$`)
	arabic      = regexp.MustCompile(`^(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)`)
	chinese     = regexp.MustCompile(`^[零〇一二两三四五六七八九十百千万半]+(?:点[零〇一二三四五六七八九]+)?`)
	minusWord   = regexp.MustCompile(`^(?:-|扣除|扣减|倒扣|扣分|扣|减分|减|罚)`)
	plusWord    = regexp.MustCompile(`^(?:\+|加分|加|奖励|奖)`)
	plainWord   = regexp.MustCompile(`^(?:计|记|得分|得|给予|给|积|为|:)`)
	mostWord    = regexp.MustCompile(`^(?:不得?超过|不高于|最多|最高|至多|上限|封顶|≤|<=)`)
	mostAfter   = regexp.MustCompile(`^(?:以内|以下|之内|封顶|为限|为止)`)
	pointWord   = regexp.MustCompile(`^(?:个?积?分|点|\(分\))`)
	rangeSign   = regexp.MustCompile(`^(?:-|~|至|到)`)
	choiceSign  = regexp.MustCompile(`^(?:/|或者?|\|)`)
)

// Number reads points as people write them in rule tables: 5, 5分/次, -5, 扣10分,
// 十五, 0.5, 50—100分, 200/300/500, 不超过20. An empty cell is no error and not OK;
// what cannot be read is a refusal for the person.
func Number(s string) (Amount, error) {
	text := amountText(s)
	if noAmount.MatchString(text) {
		return Amount{}, nil
	}
	if _, err := models.ParseDate(text); err == nil || daySpoiled.MatchString(text) {
		return Amount{}, models.ErrInput.With("“分值”像是“5-10”被表格改成了日期“" + clip(s) + "”，请把该列设为文本，改回分值")
	}
	if spoiled.MatchString(text) {
		return Amount{}, models.ErrInput.With("“分值”被表格改成 " + clip(text) + "，请把该列设为文本")
	}
	if m := perMany.FindStringSubmatch(strings.ReplaceAll(text, " ", "")); m != nil {
		if p, err := models.ParsePoints(m[3]); err == nil && m[1] != "1" {
			return Amount{Min: p, Max: p, Unit: m[1] + m[2], OK: true}, nil
		}
	}
	r := amountReader{s: strings.ReplaceAll(text, " ", "")}
	if digitsApart.MatchString(text) || !r.read() {
		if tooMuch.MatchString(text) {
			return Amount{}, models.ErrInput.With("“分值”太大，请核对是不是多打了几位；现在是“" + clip(models.Normal(s)) + "”")
		}
		return Amount{}, models.ErrInput.With("“分值”要填数字或范围，最多两位小数，像 5、0.5、50-100；现在是“" + clip(models.Normal(s)) + "”")
	}
	return r.a, nil
}

// Nothing reports whether a cell of points says that there are none: empty, 无, /
// or 0.
func Nothing(s string) bool {
	a, err := Number(s)
	return err == nil && a.Max == 0
}

// amountText makes the many dashes and enumeration marks few.
func amountText(s string) string {
	s = strings.NewReplacer("，", "/", "、", "/", "；", "/", "\r\n", "/", "\n", "/", "〜", "~", "∼", "~", "―", "-", "─", "-", "‒", "-", "﹢", "+").Replace(strings.TrimSpace(s))
	return strings.TrimRight(models.Normal(s), "/。")
}

// amountReader goes through an amount from left to right.
type amountReader struct {
	s    string
	a    Amount
	most bool // an upper bound was said
	word bool // 分 was said
}

func (r *amountReader) read() bool {
	if !r.before() {
		return false
	}
	first, ok := r.number()
	if !ok {
		return false
	}
	r.a.Min, r.a.Max, r.a.OK = first, first, true
	if !r.more(first) {
		return false
	}
	return r.after()
}

// before takes what may stand in front of the number.
func (r *amountReader) before() bool {
	for {
		switch {
		case r.sign(-1, minusWord), r.sign(+1, plusWord), r.take(plainWord) != "":
		case r.take(mostWord) != "":
			r.most = true
		case strings.HasPrefix(r.s, "一次性"):
			r.a.Rest, r.s = "一次性", strings.TrimPrefix(r.s, "一次性")
		case beforeUnit.MatchString(r.s):
			r.a.Unit += beforeUnit.FindStringSubmatch(r.s)[1]
			r.take(beforeUnit)
		default:
			return r.a.Sign != 2
		}
	}
}

// sign takes a word of direction; two that disagree make the amount unreadable,
// marked by a sign that does not exist.
func (r *amountReader) sign(n int, word *regexp.Regexp) bool {
	if r.take(word) == "" {
		return false
	}
	if r.a.Sign == 0 || r.a.Sign == n {
		r.a.Sign = n
	} else {
		r.a.Sign = 2
	}
	return true
}

// more takes the other end of a range, or the other choices.
func (r *amountReader) more(first models.Points) bool {
	if next, ok := r.another(rangeSign); ok {
		r.a.Min, r.a.Max = min(first, next), max(first, next)
		return r.a.Sign != 2
	}
	all := []models.Points{first}
	for {
		next, ok := r.another(choiceSign)
		if !ok {
			break
		}
		r.a.Min, r.a.Max = min(r.a.Min, next), max(r.a.Max, next)
		all = append(all, next)
	}
	if len(all) > 1 {
		r.a.Choices = all
	}
	return r.a.Sign != 2
}

// another takes a number behind a mark, or nothing: the slash of "5分/次" is
// left for the unit.
func (r *amountReader) another(mark *regexp.Regexp) (models.Points, bool) {
	was := *r
	if r.take(mark) == "" || beforeUnit.MatchString(r.s) {
		*r = was
		return 0, false
	}
	_ = r.sign(-1, minusWord) || r.sign(+1, plusWord)
	n, ok := r.number()
	if !ok {
		*r = was
	}
	return n, ok
}

// after takes units and bounds behind the number; the rest is kept, unless it
// shows that the number was no points at all (3次, 2024年, 20%).
func (r *amountReader) after() bool {
	for {
		if m := afterUnit.FindStringSubmatch(r.s); m != nil {
			r.a.Unit += m[1]
			r.take(afterUnit)
			continue
		}
		if r.take(mostAfter) != "" {
			r.most = true
			continue
		}
		break
	}
	if r.most && r.a.Min == r.a.Max {
		r.a.Min = 0
	}
	rest := strings.Trim(r.s, "/,;。 ")
	if rest != "" && r.a.Unit == "" && !r.word && !strings.ContainsAny(r.s[:1], "/(,;。") {
		return false
	}
	if len(rest) > 0 && (rest[0] >= '0' && rest[0] <= '9' || rest[0] == '%' || rest[0] == '.') {
		return false
	}
	r.a.Rest += rest
	return true
}

// number takes a magnitude and the 分 behind it.
func (r *amountReader) number() (models.Points, bool) {
	n, ok := models.Points(0), false
	if text := arabic.FindString(r.s); text != "" {
		if strings.HasPrefix(text, ".") {
			text = "0" + text
		}
		if whole, frac, dot := strings.Cut(text, "."); dot {
			frac = strings.TrimRight(frac, "0")
			text = strings.TrimSuffix(whole+"."+frac, ".")
		}
		v, err := models.ParsePoints(text)
		n, ok = v, err == nil
		r.take(arabic)
	} else if text := chinese.FindString(r.s); text != "" {
		v, good := hanNumber(text)
		n, ok = models.Points(v), good && v <= int64(models.PointsMax)
		r.s = r.s[len(text):]
	}
	if ok && r.take(pointWord) != "" {
		r.word = true
	}
	return n, ok
}

func (r *amountReader) take(re *regexp.Regexp) string {
	m := re.FindString(r.s)
	r.s = r.s[len(m):]
	return m
}
