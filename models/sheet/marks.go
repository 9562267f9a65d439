package sheet

import (
	"regexp"
	"strings"

	"pointstore/models"
)

// Marks is a full mark that faults are taken from, as far as a text says.
type Marks struct {
	Full, Each models.Points // 0: not said
	Faults     []Fault
	Rest       string // what was not understood
}

// Fault is one thing that costs points; 0 when it says no number of its own.
type Fault struct {
	Name   string
	Points models.Points
}

var (
	fullMark  = regexp.MustCompile(`满分(?:为|是|:)?` + amount + `分?|` + amount + `分(?:为|是)?满分`)
	faultLine = regexp.MustCompile(`^(.*?)((?:每|一|1)(?:有|发现|缺|少|出现)?(?:一|1)?(?:处|项|次|个|点|条|样|户|天|件)[^扣减]{0,12}?)?(?:扣除|扣减|扣分|扣|减)` + amount + `分?$`)
	anyFault  = regexp.MustCompile(`^(?:每|每?发现|每?有|每?出现|每?缺|每?少|不合格|不达标|每?不合格)?$`)
	untilNone = regexp.MustCompile(`^(?:扣完|扣至0分?|扣到0分?|直至扣完|扣光)(?:为止)?$|^不倒扣分?$`)
)

// MarksIn reads 满分10分，每处扣0.5分，门前有垃圾扣1分 out of a cell or remark.
func MarksIn(s string) Marks {
	var m Marks
	text := strings.ReplaceAll(models.Normal(s), " ", "")
	if found := fullMark.FindStringSubmatch(text); found != nil {
		m.Full, _ = models.ParsePoints(or(found[1], found[2]))
		text = strings.Replace(text, found[0], ",", 1)
	}
	var rest []string
	for _, clause := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;。、\r\n()[]【】|", r) }) {
		found := faultLine.FindStringSubmatch(clause)
		if found == nil || len([]rune(found[1])) > 40 {
			if !untilNone.MatchString(clause) {
				rest = append(rest, clause)
			}
			continue
		}
		p, err := models.ParsePoints(found[3])
		name := strings.TrimRight(found[1], ":的,")
		switch {
		case err != nil || p <= 0:
			rest = append(rest, clause)
		case !anyFault.MatchString(name):
			m.Faults = append(m.Faults, Fault{name, p})
		case m.Each == 0 || m.Each == p:
			m.Each = p
		default:
			rest = append(rest, clause)
		}
	}
	m.Rest = strings.Join(rest, "；")
	return m
}

// FaultsIn reads a column made for faults: names, with or without what each
// costs, parted by semicolons or lines, else by commas.
func FaultsIn(s string) Marks {
	marks := "，,、"
	if strings.ContainsAny(s, ";；\n") {
		marks = ";；\n"
	}
	var m Marks
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		name := strings.Trim(strings.ReplaceAll(models.Normal(one), " ", ""), "。\r")
		found := faultLine.FindStringSubmatch(name)
		switch full := fullMark.FindStringSubmatch(name); {
		case name == "":
		case full != nil && full[0] == name:
			m.Full, _ = models.ParsePoints(or(full[1], full[2]))
		case found == nil:
			m.Faults = append(m.Faults, Fault{Name: name})
		default:
			p, err := models.ParsePoints(found[3])
			switch own := strings.TrimRight(found[1], ":的,"); {
			case err != nil:
				m.Faults = append(m.Faults, Fault{Name: name})
			case anyFault.MatchString(own):
				m.Each = p
			default:
				m.Faults = append(m.Faults, Fault{own, p})
			}
		}
	}
	return m
}
