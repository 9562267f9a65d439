package pages

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

type ruleForm struct {
	Rule      int64  `form:"rule,id32"`
	Go        string `form:"go" max:"8"`
	Category  string `form:"category,required" label:"类别" max:"64"`
	Item      string `form:"item,required" label:"项目" max:"200"`
	Direction string `form:"direction,required" label:"加分还是扣分" max:"8"`
	Points    string `form:"points,required" label:"分值" max:"100"`
	Unit      string `form:"unit" label:"单位" max:"32"`
	Times     string `form:"times" label:"最多几次" max:"10"`
	Most      string `form:"most" label:"最多几分" max:"20"`
	Period    string `form:"period" label:"多长时间内" max:"10"`
	Per       string `form:"per" label:"按户还是按人" max:"10"`
	Private   bool   `form:"private"`
	Evidence  string `form:"evidence" label:"凭据" max:"200"`
	Note      string `form:"note,text" label:"备注" max:"1000"`
	AdoptedOn string `form:"adopted_on,required" label:"通过日期" max:"20"`
	Meeting   string `form:"meeting" label:"会议" max:"120"`
	InForce   string `form:"in_force_from,required" label:"从哪天起执行" max:"20"`
}

// ruleFormPage changes one rule or adds one. What is saved is a new version: the
// awards that were given keep the one they were given under.
type ruleFormPage struct {
	Village    web.Area
	Form       ruleForm
	New        bool
	Categories []string
	Directions []web.Option
	Options    importOptions
	Group      string // of a shared cap, which this form leaves as it is
	Number     int    // of the version that saving makes
	Warnings   []string
	Errors     map[string]string
}

func (p ruleFormPage) View() (name, title string) {
	if p.New {
		return "admin/rule_edit", "加一条细则"
	}
	return "admin/rule_edit", "改一条细则"
}

func (p *Pages) ruleFormPage(ctx context.Context, at web.Area, f ruleForm, why error) (ruleFormPage, error) {
	page := ruleFormPage{Village: at, Form: f, New: f.Rule == 0, Options: rulesOptions("", ""), Errors: web.Errors(why), Number: 1}
	categories, err := scheme.Categories(ctx, p.db, at.ID)
	if err != nil {
		return page, err
	}
	for _, k := range categories {
		page.Categories = append(page.Categories, k.Name)
	}
	for _, d := range []string{scheme.Plus, scheme.Minus, scheme.Base, scheme.Gift} {
		page.Directions = append(page.Directions, web.Option{Value: d, Text: scheme.DirectionName(d), Selected: d == f.Direction})
	}
	versions, err := scheme.Versions(ctx, p.db, at.ID)
	if len(versions) > 0 {
		page.Number = versions[0].Number + 1
	}
	page.Warnings = scheme.Warn(f.Item, f.Note)
	return page, err
}

// EditRule answers GET …/rules/edit, for one rule or, without one, a new one.
func (p *Pages) EditRule(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	today := string(p.db.Now().Day())
	f := ruleForm{Direction: scheme.Plus, Per: "household", AdoptedOn: today, InForce: today, Meeting: "村民代表会议"}
	group := ""
	if asked := c.Query("rule"); asked != "" {
		id, err := models.ParseID32(asked)
		if err != nil {
			return err
		}
		r, _, err := scheme.GetRule(ctx, p.db, at.ID, id)
		if err != nil {
			return err
		}
		if err := p.fillRuleForm(ctx, at.ID, r, &f); err != nil {
			return err
		}
		group = r.CapGroup
	}
	page, err := p.ruleFormPage(ctx, at, f, nil)
	if err != nil {
		return err
	}
	page.Group = group
	return web.Show(c, page)
}

func (p *Pages) fillRuleForm(ctx context.Context, v int64, r scheme.Rule, f *ruleForm) error {
	categories, err := scheme.Categories(ctx, p.db, v)
	for _, k := range categories {
		if k.ID == r.CategoryID {
			f.Category = k.Name
		}
	}
	f.Rule, f.Item, f.Direction, f.Unit, f.Private, f.Evidence, f.Note = r.ID, r.Item, r.Direction, r.Unit, r.Private, r.Evidence, r.Note
	f.Points, f.Period, f.Per = pointsAsTyped(r), r.CapPeriod, r.CapPer
	if r.CapTimes > 0 {
		f.Times = strconv.Itoa(r.CapTimes)
	}
	if r.CapPoints > 0 {
		f.Most = r.CapPoints.Plain()
	}
	return err
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

// SaveRule answers POST …/rules/edit.
func (p *Pages) SaveRule(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f ruleForm
	op, err := web.Bind(c, &f)
	var change scheme.Change
	var adopted scheme.Adoption
	if err == nil {
		change, adopted, err = p.ruleChange(ctx, at.ID, f)
	}
	var v scheme.Version
	if err == nil {
		v, err = scheme.Amend(ctx, p.db, op, web.Actor(c), at.ID, []scheme.Change{change}, adopted)
	}
	if err != nil {
		page, failed := p.ruleFormPage(ctx, at, f, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	done := "改好了"
	switch {
	case change.Remove:
		done = "去掉了"
	case f.Rule == 0:
		done = "加好了"
	}
	web.Flash(c, "ok", fmt.Sprintf("“%s”%s，这是第 %d 版", f.Item, done, v.Number), string(v.InForceFrom)+" 起执行；以前记的分不变")
	return web.See(c, adminPath(at.ID, "rules")+"?version="+models.ID32(v.ID))
}

func (p *Pages) ruleChange(ctx context.Context, v int64, f ruleForm) (scheme.Change, scheme.Adoption, error) {
	change := scheme.Change{Rule: f.Rule, Remove: f.Go == "remove"}
	a, err := importForm{AdoptedOn: f.AdoptedOn, InForce: f.InForce, Meeting: f.Meeting, PointRate: "0"}.adoption()
	if err != nil || change.Remove {
		return change, a, err
	}
	d := &change.Draft
	if f.Rule != 0 {
		was, _, err := scheme.GetRule(ctx, p.db, v, f.Rule)
		if err != nil {
			return change, a, err
		}
		d.CapGroup = was.CapGroup
	}
	d.Category, d.Item, d.Direction, d.Unit, d.Private, d.Evidence, d.Note = f.Category, f.Item, f.Direction, f.Unit, f.Private, f.Evidence, f.Note
	amount, err := sheet.Number(f.Points)
	if err == nil && (!amount.OK || amount.Rest != "") {
		err = models.ErrInput.With("“分值”要填 5、0.5、50-100 或者 200/300/500 这样的数，没有保存；您填的是“" + f.Points + "”")
	}
	if e, ok := err.(*models.Error); ok {
		return change, a, e.At("points")
	}
	d.PointsMin, d.PointsMax, d.Choices = amount.Min, amount.Max, amount.Choices
	return change, a, f.cap(d)
}

// cap reads the limit; it is one only together with its span of time.
func (f ruleForm) cap(d *scheme.Draft) error {
	d.CapPeriod, d.CapPer = f.Period, f.Per
	if f.Times != "" {
		n, ok := wholeNumber(f.Times)
		if !ok || n < 0 {
			return models.ErrInput.With("“最多几次”要填数字，没有保存；您填的是“" + f.Times + "”").At("times")
		}
		d.CapTimes = n
	}
	var err error
	d.CapPoints, err = pointsOrZero(f.Most, "most")
	return err
}
