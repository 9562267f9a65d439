package pages

import (
	"slices"
	"strconv"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

// How a rule's points are settled, as the form asks.
const (
	kindPlain  = "plain"  // 5; 50-100; 200/300/500
	kindAmount = "amount" // bands by amount
	kindLevel  = "level"  // bands by level
	kindFaults = "faults" // full marks minus faults
	kindMonth  = "month"  // bands by a month's score
)

// ruleForm is one rule as it was typed. Numbers are texts: what was typed wrongly
// is shown again.
type ruleForm struct {
	Rule      int64             `form:"rule,id32"`
	Go        string            `form:"go" max:"8"`
	Category  string            `form:"category" label:"类别" max:"64"`
	Item      string            `form:"item" label:"项目" max:"200"`
	Direction string            `form:"direction" label:"加分还是扣分" max:"8"`
	Kind      string            `form:"kind" max:"10"`
	Points    string            `form:"points" label:"分值" max:"100"`
	Unit      string            `form:"unit" label:"单位" max:"32"`
	At        map[string]string `form:"at.*"` // line → amount, score or level
	Worth     map[string]string `form:"worth.*"`
	Full      string            `form:"full" label:"满分" max:"20"`
	Each      string            `form:"each" label:"每处扣" max:"20"`
	Fault     map[string]string `form:"fault.*"`
	Costs     map[string]string `form:"costs.*"`
	Times     string            `form:"times" label:"最多几次" max:"10"`
	Most      string            `form:"most" label:"最多几分" max:"20"`
	Period    string            `form:"period" label:"多长时间内" max:"10"`
	Per       string            `form:"per" label:"按户还是按人" max:"10"`
	Shares    []int64           `form:"share,id32"` // rules that share the cap
	Once      []int64           `form:"once,id32"`  // rules for the same act
	Recorders []string          `form:"recorder"`
	Private   bool              `form:"private"`
	Evidence  string            `form:"evidence" label:"凭据" max:"200"`
	Note      string            `form:"note,text" label:"备注" max:"1000"`
	adoptionForm
}

// typedLine is one line of a table that is being typed.
type typedLine struct {
	N, What, Worth string
	Line           int // from 1
}

// typedLines lists what was typed and leaves room for more.
func typedLines(what, worth map[string]string, more bool) []typedLine {
	var all []typedLine
	for i := range 60 {
		n := strconv.Itoa(i)
		if what[n] != "" || worth[n] != "" {
			all = append(all, typedLine{strconv.Itoa(len(all)), what[n], worth[n], len(all) + 1})
		}
	}
	room := max(4-len(all), 2)
	if more {
		room = 8
	}
	for range room {
		all = append(all, typedLine{N: strconv.Itoa(len(all)), Line: len(all) + 1})
	}
	return all
}

// Bands and FaultLines are the lines of the form's tables.
func (f ruleForm) Bands() []typedLine      { return typedLines(f.At, f.Worth, f.Go == "more") }
func (f ruleForm) FaultLines() []typedLine { return typedLines(f.Fault, f.Costs, f.Go == "more") }

// Records reports whether a recorder is ticked.
func (f ruleForm) Records(who string) bool { return slices.Contains(f.Recorders, who) }

// fill makes the form show a rule.
func (f *ruleForm) fill(r scheme.Rule, category string) {
	f.Rule, f.Category, f.Item, f.Direction, f.Unit = r.ID, category, r.Item, r.Direction, r.Unit
	f.Private, f.Evidence, f.Note, f.Recorders = r.Private, r.Evidence, r.Note, r.Recorders
	f.Period, f.Per, f.Most = r.CapPeriod, r.CapPer, plainOrEmpty(r.CapPoints)
	if r.CapTimes > 0 {
		f.Times = strconv.Itoa(r.CapTimes)
	}
	f.Kind = kindPlain
	switch {
	case len(r.Bands) > 0:
		f.Kind, f.At, f.Worth = r.BandBy, map[string]string{}, map[string]string{}
		for i, b := range r.Bands {
			n := strconv.Itoa(i)
			f.At[n], f.Worth[n] = b.Name, b.Points.Plain()
			if r.BandBy != scheme.ByLevel {
				f.At[n] = b.At.Plain()
			}
		}
	case r.Marked():
		f.Kind, f.Full, f.Each, f.Fault, f.Costs = kindFaults, r.FullPoints.Plain(), plainOrEmpty(r.FaultPoints), map[string]string{}, map[string]string{}
		for i, x := range r.Faults {
			n := strconv.Itoa(i)
			f.Fault[n], f.Costs[n] = x.Name, plainOrEmpty(x.Points)
		}
	default:
		f.Points = pointsAsTyped(r)
	}
}

// pointsAsTyped is how the points of a rule are typed: 5, 50-100, 200/300/500.
func pointsAsTyped(r scheme.Rule) string {
	switch {
	case len(r.Choices) > 0:
		text := ""
		for i, c := range r.Choices {
			if i > 0 {
				text += "/"
			}
			text += c.Plain()
		}
		return text
	case r.PointsMin != r.PointsMax:
		return r.PointsMin.Plain() + "-" + r.PointsMax.Plain()
	}
	return r.PointsMin.Plain()
}

// draft reads the form over what the rule was before.
func (f ruleForm) draft(d scheme.Draft) (scheme.Draft, error) {
	d.Category, d.Item, d.Direction, d.Unit = f.Category, f.Item, f.Direction, f.Unit
	d.Private, d.Evidence, d.Note, d.Recorders = f.Private, f.Evidence, f.Note, f.recorders()
	d.BandBy, d.Bands, d.FullPoints, d.FaultPoints, d.Faults, d.Choices = "", nil, 0, 0, nil, nil
	d.PointsMin, d.PointsMax = 0, 0
	var t ruleTyped
	switch f.Kind {
	case kindAmount, kindLevel, kindMonth:
		d.BandBy, d.Bands = f.Kind, f.bands(&t)
	case kindFaults:
		d.FullPoints, d.FaultPoints, d.Faults = t.points("full", f.Full), t.points("each", f.Each), f.faults(&t)
		if t.err == nil && d.FullPoints <= 0 {
			t.keep("full", models.ErrInput.With("满分要填大于 0 的数，没有保存"))
		}
	default:
		amount, err := sheet.Number(f.Points)
		if err == nil && (!amount.OK || amount.Rest != "") {
			err = models.ErrInput.With("“分值”要填 5、0.5、50-100 或者 200/300/500 这样的数，没有保存；您填的是“" + f.Points + "”")
		}
		t.keep("points", err)
		d.PointsMin, d.PointsMax, d.Choices = amount.Min, amount.Max, amount.Choices
	}
	if len(f.Recorders) == 0 || f.Direction != scheme.Plus && slices.Equal(f.Recorders, []string{scheme.ByHousehold}) {
		t.keep("recorders", models.ErrInput.With("“谁可以记”要勾上村委或者网格员，没有保存；各户自己只能报加分的事").At("recorders"))
	}
	d.CapPeriod, d.CapPer = f.Period, f.Per
	d.CapTimes, d.CapPoints = t.number("times", "最多几次", f.Times), t.points("most", f.Most)
	if t.err == nil && f.Period != "" && d.CapTimes == 0 && d.CapPoints == 0 {
		t.keep("times", models.ErrInput.With("选了多长时间内，还要填最多几次或者最多几分；没有保存"))
	}
	return d, t.err
}

// recorders are none when everybody may record anyway.
func (f ruleForm) recorders() []string {
	if len(f.Recorders) >= len(ruleRecorders) {
		return nil
	}
	return f.Recorders
}

// ruleRecorders are who may be named to record under a rule.
var ruleRecorders = []web.Option{{Value: string(models.Committee), Text: "村委"}, {Value: string(models.GridWorker), Text: "网格员"}, {Value: scheme.ByHousehold, Text: "各户自己报"}}

func (f ruleForm) bands(t *ruleTyped) []scheme.Band {
	var all []scheme.Band
	for i := range 60 {
		n := strconv.Itoa(i)
		at, worth := models.Normal(f.At[n]), models.Normal(f.Worth[n])
		if at == "" && worth == "" {
			continue
		}
		if at == "" || worth == "" {
			t.keep("bands", models.ErrInput.With("每一档都要填两样：到哪一档、给多少分；有一档只填了“"+at+worth+"”，没有保存"))
			continue
		}
		b := scheme.Band{Name: at, Points: t.points("bands", worth)}
		if f.Kind != kindLevel {
			q, bad := models.ParseQty(at)
			if bad != nil {
				t.keep("bands", models.ErrInput.With("每一档满多少要填数字，没有保存；您填的是“"+at+"”"))
			}
			b.Name, b.At = "", q
		}
		all = append(all, b)
	}
	if len(all) == 0 {
		t.keep("bands", models.ErrInput.With("还没有填分档，没有保存；一行一档，填到哪一档、给多少分"))
	}
	return all
}

func (f ruleForm) faults(t *ruleTyped) []scheme.Fault {
	var all []scheme.Fault
	for i := range 60 {
		n := strconv.Itoa(i)
		if name := models.Normal(f.Fault[n]); name != "" {
			all = append(all, scheme.Fault{Name: name, Points: t.points("faults", f.Costs[n])})
		} else if models.Normal(f.Costs[n]) != "" {
			t.keep("faults", models.ErrInput.With("有一处扣分只填了分，没有写是什么毛病；没有保存"))
		}
	}
	if t.err == nil && len(all) == 0 && models.Normal(f.Each) == "" {
		t.keep("each", models.ErrInput.With("还没有填每处扣几分，没有保存；也可以一样一样写"))
	}
	return all
}
