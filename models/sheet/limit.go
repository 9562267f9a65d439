package sheet

import (
	"regexp"
	"strings"

	"pointstore/models"
)

// Limits is how often or how much something may earn.
type Limits struct {
	Times  int
	Points models.Points
	Period string // "day", "week", "month", "quarter", "year", "life"; empty when not said
	Per    string // "household", "member"; empty when not said
	Shared string // with what the limit is shared, as written: 本类, 以上两项, 志愿服务
}

// Zero reports that nothing is limited.
func (l Limits) Zero() bool { return l == Limits{} }

func (l Limits) counts() bool { return l.Times > 0 || l.Points > 0 }

// Limit reads the limit in a cap, period or notes column. A second limit and
// all that was not understood come back in rest; 不限 leaves neither. A bare
// number is points.
func Limit(s string) (l Limits, rest string) {
	found, unknown := limits(s)
	for i, f := range found {
		if i == 0 {
			l = f.Limits
		} else {
			unknown = append(unknown, f.text)
		}
	}
	return l, strings.Join(unknown, "；")
}

// LimitsIn reads all limits in a text.
func LimitsIn(s string) (all []Limits, rest string) {
	found, unknown := limits(s)
	for _, f := range found {
		all = append(all, f.Limits)
	}
	return all, strings.Join(unknown, "；")
}

var limiting = regexp.MustCompile(`限|封顶|不得?超过|不高于|最多|最高|至多|累计|每(年|月|季|周|天|日|户|人)|只(奖|计|加|记)|一次性|不重复|重复计|终身`)

// Limiting reports whether a text still talks about a limit, so that a person
// should look at it.
func Limiting(rest string) bool { return limiting.MatchString(models.Normal(rest)) }

type foundLimit struct {
	Limits
	text string
}

// limits goes through the clauses. One that only says when or for whom belongs
// to the next: 每户每年，限1次.
func limits(s string) (found []foundLimit, unknown []string) {
	clauses := strings.FieldsFunc(models.Normal(s), func(r rune) bool { return strings.ContainsRune(",;。、\r\n()[]【】|", r) })
	for _, c := range clauses {
		c = strings.TrimSpace(c)
		if c == "" || unlimited.MatchString(c) {
			continue
		}
		l, ok := clause(c, len(clauses) == 1)
		if !ok {
			unknown = append(unknown, c)
			continue
		}
		if n := len(found); n > 0 && !found[n-1].counts() && l.joins(found[n-1].Limits) {
			found[n-1] = foundLimit{l.with(found[n-1].Limits), found[n-1].text + "，" + c}
			continue
		}
		found = append(found, foundLimit{l, c})
	}
	return found, unknown
}

// joins says that a clause does not contradict the one before it.
func (l Limits) joins(b Limits) bool {
	return (l.Period == "" || b.Period == "") && (l.Per == "" || b.Per == "") && (l.Shared == "" || b.Shared == "")
}

func (l Limits) with(b Limits) Limits {
	l.Period += b.Period
	l.Per += b.Per
	l.Shared += b.Shared
	return l
}

const count = `(\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)`

var (
	unlimited = regexp.MustCompile(`^(?:(?:次数|频次|上限)?(?:不限|无限制?|不封顶|不设上限|无上限|不作限制)(?:次数?|制)?|无|/|-|无要求)$`)
	// Spans that no period of ours can hold are left to a person.
	otherSpan = regexp.MustCompile(`半年|学期|学年|任期|届|[两二三四五六七八九十\d]个?(?:年|月|天|日|周|季|岁)|年度?(?:以上|起)`)
	sharing   = regexp.MustCompile(`^(?:与|和|同)[“"]?(.{1,30}?)[”"]?(?:项目|两项|一起)?(?:合计|共计|合并计?算?|累计|总计|共用|共享)`)
	together  = regexp.MustCompile(`(本类别?|该类|同类|此类|(?:以上|上述|前)?[两二三四五六]项|(?:以上|上述)?各项|(?:以上|上述)项目)(?:项目|积分)?(?:合计|累计|共计|总计|合并)?`)
	onlyOnce  = regexp.MustCompile(`一次性|(?:仅|只)(?:能|可|限)?(?:奖励?|加分?|计分?|记分?)?(?:一|1)次|终[身生](?:一|1)次`)
	times     = regexp.MustCompile(count + `(?:人次|场次|次|回|场|篇|件|条)`)
	points    = regexp.MustCompile(count + `个?积?分`)
	bareCount = regexp.MustCompile(count)
	bound     = regexp.MustCompile(`限|最多|最高|至多|不得?超过|不超出|不高于|封顶|上限|以内|之内|累计|合计|为止|≤|<=|仅|只`)
	filler    = regexp.MustCompile(`限制|限额|限|最多|最高|至多|不得?超过|不超出|不高于|封顶|上限|以内|之内|为限|为止|只能|只|仅|可|累计|合计|总计|共计|加分|加|计分|计|得分|得|奖励|奖|记分|记|积分|限报|申报|报|总分|次数|为|的|内|共|≤|<=|/|:|"|“|”| `)

	periods = []struct {
		name string
		re   *regexp.Regexp
	}{
		{"life", regexp.MustCompile(`终[身生]|一生|永久`)},
		{"year", regexp.MustCompile(`(?:每一?个?|/|同一|一个?|当|全|按|本)?(?:自然)?年度?`)},
		{"quarter", regexp.MustCompile(`(?:每一?个?|/|同一|一个?|当|按|本)?季度?`)},
		{"month", regexp.MustCompile(`(?:每一?个?|/|同一|一个?|单|当|按|本)?(?:自然)?月度?`)},
		{"week", regexp.MustCompile(`(?:每一?个?|/|同一|一个?|当|按|本)?(?:周|星期)`)},
		{"day", regexp.MustCompile(`每一?[天日]|/[天日]|同一?[天日]|一[天日]|[单当][天日]|^[天日]$`)},
	}
	owners = []struct {
		name string
		re   *regexp.Regexp
	}{
		{"household", regexp.MustCompile(`每一?户(?:家庭)?|每一?个?家庭|每家|同一户|一户|按户|以户为单位|^户$|/户`)},
		{"member", regexp.MustCompile(`每一?个?名?(?:家庭)?成员|每一?个?名?人|个人|同一人|按人|^人$|/人`)},
	}
)

// clause reads one clause, or nothing unless all of it is understood. Alone in
// its cell it may be just a number; in the middle of a remark "5分" is what an
// act earns and no limit.
func clause(c string, alone bool) (Limits, bool) {
	var l Limits
	if otherSpan.MatchString(c) {
		return l, false
	}
	c = strings.ReplaceAll(c, " ", "")
	limited := bound.MatchString(c)
	if m := sharing.FindStringSubmatch(c); m != nil {
		l.Shared, limited = m[1], true
		c = c[len(m[0]):]
	} else if m := together.FindStringSubmatchIndex(c); m != nil {
		l.Shared = c[m[2]:m[3]]
		c = c[:m[0]] + " " + c[m[1]:]
	}
	once := onlyOnce.FindString(c)
	if once != "" {
		l.Times = 1
		c = strings.Replace(c, once, " ", 1)
	}
	for _, p := range periods {
		if m := p.re.FindString(c); m != "" {
			if l.Period != "" && l.Period != p.name {
				return Limits{}, false
			}
			l.Period = p.name
			c = strings.Replace(c, m, " ", 1)
		}
	}
	for _, o := range owners {
		if m := o.re.FindString(c); m != "" && l.Per == "" && !strings.HasPrefix(c[strings.Index(c, m)+len(m):], "次") {
			l.Per = o.name
			c = strings.Replace(c, m, " ", 1)
		}
	}
	if once != "" && l.Period == "" {
		l.Period = "life"
	}
	if !l.amounts(&c, limited, alone) {
		return Limits{}, false
	}
	return l, blank(filler.ReplaceAllString(c, "")) && !l.Zero()
}

// amounts takes the numbers out of a clause.
func (l *Limits) amounts(c *string, limited, alone bool) bool {
	if m := times.FindStringSubmatch(*c); m != nil {
		n, ok := value(m[1])
		if !ok || n%100 != 0 || n == 0 || l.Times > 0 && int64(l.Times) != n/100 {
			return false
		}
		l.Times = int(n / 100)
		*c = strings.Replace(*c, m[0], " ", 1)
	}
	m := points.FindStringSubmatch(*c)
	if m == nil && (limited || alone) && l.Times == 0 {
		m = bareCount.FindStringSubmatch(*c)
	}
	if m == nil {
		return true
	}
	n, ok := value(m[1])
	if !ok || n == 0 || !limited && !alone {
		return false
	}
	l.Points = models.Points(n)
	*c = strings.Replace(*c, m[0], " ", 1)
	return true
}

// value reads a count in hundredths, at most PointsMax.
func value(s string) (int64, bool) {
	if n, ok := hanNumber(s); ok {
		return n, n <= int64(models.PointsMax)
	}
	n, err := models.ParsePoints(s)
	return int64(n), err == nil
}
