package scheme

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pointstore/models"
)

// Draft is a rule that no meeting has adopted yet, with its category by name.
type Draft struct {
	Category string
	Parent   string // the category above, for one that is new; may be empty
	Rule
}

// Cap is a limit settled by hand.
type Cap struct {
	Times  int
	Points models.Points
	Period string // day, week, month, quarter, year, life; empty: no cap
	Per    string // household or member
	Group  string // rules with the same group share the cap
}

// Bounds of one table of rules; the real ones have 17 to 228 rows.
const (
	rulesMost = 2000
	itemMost  = 200
	nameMost  = 64
	noteMost  = 1000
)

func bad(field, say string, args ...any) error {
	return models.ErrInput.With(fmt.Sprintf(say, args...)).At(field)
}

func long(s string, most int) bool { return utf8.RuneCountInString(s) > most }

// tidy trims a draft and gives it its defaults.
func (d *Draft) tidy() {
	d.Category, d.Parent, d.Unit, d.CapGroup = models.Normal(d.Category), models.Normal(d.Parent), models.Normal(d.Unit), models.Normal(d.CapGroup)
	d.Item, d.Evidence, d.Note = oneLine(d.Item), oneLine(d.Evidence), oneLine(d.Note)
	if d.Category == "" {
		d.Category = "积分项目"
	}
	if d.Direction == "" {
		d.Direction = Plus
	}
	if d.PointsMax == 0 {
		d.PointsMax = d.PointsMin
	}
	d.tidyKind()
	slices.Sort(d.Choices)
	d.Choices = slices.Compact(d.Choices)
	if n := len(d.Choices); n == 1 {
		d.PointsMin, d.PointsMax, d.Choices = d.Choices[0], d.Choices[0], nil
	} else if n > 1 {
		d.PointsMin, d.PointsMax = d.Choices[0], d.Choices[n-1]
	}
	if d.CapPer == "" {
		d.CapPer = "household"
	}
	if d.CapTimes == 0 && d.CapPoints == 0 {
		d.CapPeriod, d.CapGroup, d.CapPer = "", "", "household"
	}
}

// oneLine keeps a text as people wrote it, brackets and all, on one line.
func oneLine(s string) string {
	s = strings.NewReplacer("\r", "", "\n", "", "\t", " ", "\u3000", " ", "\u200b", "", "\ufeff", "").Replace(s)
	return strings.TrimSpace(s)
}

// UnclearMark stands in a note before what the import could not read of a limit;
// it is meant for whoever settles it, not for the public.
const UnclearMark = "看不懂的限制："

// remember keeps limits that nobody could read in the note, where people will
// find them.
func (d *Draft) remember(unclear []string) {
	for _, u := range unclear {
		if strings.Contains(d.Note, strings.Trim(u, "“”")) {
			continue
		}
		if d.Note != "" {
			d.Note += "；"
		}
		d.Note += UnclearMark + u
	}
	if r := []rune(d.Note); len(r) > noteMost {
		d.Note = string(r[:noteMost])
	}
}

// check refuses a draft that cannot be a rule.
func (d *Draft) check() error {
	switch {
	case d.Item == "":
		return bad("item", "有一条没有写项目，没有保存；请写明做什么事")
	case long(d.Item, itemMost):
		return bad("item", "“%s…”太长，项目最多 %d 个字，没有保存；多出来的请写进备注", string([]rune(d.Item)[:12]), itemMost)
	case long(d.Category, nameMost) || long(d.Parent, nameMost) || long(d.CapGroup, nameMost) || long(d.Unit, 32):
		return bad("category", "%s的类别、单位或共用上限的名称太长，没有保存，请写短些", d.quoted())
	case long(d.Note, noteMost) || long(d.Evidence, itemMost):
		return bad("note", "%s的备注或证据太长，没有保存，请写短些", d.quoted())
	case !slices.Contains([]string{Plus, Minus, Base, Gift}, d.Direction):
		return bad("direction", "%s要写明是加分、扣分、基础分还是赠送，没有保存", d.quoted())
	}
	if err := d.checkKind(); err != nil {
		return err
	}
	if err := d.checkPoints(); err != nil {
		return err
	}
	return d.checkCap()
}

func (d *Draft) checkPoints() error {
	switch {
	case d.PointsMin < 0 || d.PointsMax <= 0 || d.PointsMin > d.PointsMax || d.PointsMax > models.PointsMax:
		return bad("points", "%s的分值要大于 0，最多 1,000,000 分，没有保存；扣分请用方向“扣分”，不用负数", d.quoted())
	case len(d.Choices) > 0 && d.Choices[0] <= 0:
		return bad("points", "%s的每一档分值都要大于 0，没有保存", d.quoted())
	case len(d.Choices) > 12 && len(d.Bands) == 0:
		return bad("points", "%s的档次太多，最多 12 档，没有保存；请拆成几条", d.quoted())
	}
	return nil
}

func (d *Draft) checkCap() error {
	switch {
	case d.CapTimes < 0 || d.CapPoints < 0 || d.CapPoints > models.PointsMax || d.CapTimes > 1_000_000:
		return bad("cap", "%s的上限填得不对，没有保存，请改好再交", d.quoted())
	case d.CapTimes > 0 || d.CapPoints > 0:
		if _, ok := periodNames[d.CapPeriod]; !ok {
			return bad("cap", "%s的上限没有写是多长时间内的（每天、每周、每月、每季度、每年或一生），没有保存", d.quoted())
		}
	}
	if d.CapPer != "household" && d.CapPer != "member" {
		return bad("cap", "%s的上限要写明按户还是按人，没有保存", d.quoted())
	}
	return nil
}

// checkAll checks a whole table: each rule, and that those which share a cap
// agree about it.
func checkAll(drafts []Draft) error {
	if len(drafts) == 0 {
		return bad("", "细则里一条都没有，没有保存；请至少写一条")
	}
	if len(drafts) > rulesMost {
		return bad("", "细则超过 %d 条，没有保存；请核对是不是选错了文件", rulesMost)
	}
	shared := map[string]*Draft{}
	for i := range drafts {
		d := &drafts[i]
		d.tidy()
		if err := d.check(); err != nil {
			return err
		}
		if d.CapGroup == "" {
			continue
		}
		first := shared[d.CapGroup]
		if first == nil {
			shared[d.CapGroup] = d
		} else if d.cap() != first.cap() {
			return bad("cap", "%s和%s共用一个上限，两条写的上限却不一样，没有保存，请改成一样", first.quoted(), d.quoted())
		}
	}
	return nil
}

func (r Rule) cap() Cap {
	return Cap{Times: r.CapTimes, Points: r.CapPoints, Period: r.CapPeriod, Per: r.CapPer, Group: r.CapGroup}
}

func (r *Rule) setCap(c Cap) {
	r.CapTimes, r.CapPoints, r.CapPeriod, r.CapPer, r.CapGroup = c.Times, c.Points, c.Period, c.Per, c.Group
}

// sectionName is a section's title without its numbering: 一、党建引领 is 党建引领.
func sectionName(s string) string {
	s = models.Normal(s)
	rest := strings.TrimLeft(s, "第一二三四五六七八九十0123456789(")
	if cut := strings.TrimLeft(rest, ")、.．类部分章节项 :"); rest != s && cut != "" && cut != rest {
		s = cut
	}
	return strings.TrimRight(s, ":。 ")
}
