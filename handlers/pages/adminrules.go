package pages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

func (p *Pages) routesRules(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:village/rules", door, p.AdminRules)
	r.Get("/admin/:village/rules/print", door, p.PrintAdminRules)
	r.Get("/admin/:village/rules/workbook", door, p.RulesWorkbook)
	r.Get("/admin/:village/rules/edit", door, p.EditRule)
	r.Post("/admin/:village/rules/edit", door, p.SaveRule)
}

// adminRulesPage is a version of the village's rules.
type adminRulesPage struct {
	Village  web.Area
	Version  scheme.Version
	None     bool
	Later    bool // not in force yet
	Past     bool
	Newest   bool // only the newest version can be changed
	Groups   []adminRuleGroup
	Rules    int
	Versions []web.Link
	Facts    [][]string
	Unmapped int
}

// adminRuleGroup is a category with its rules.
type adminRuleGroup struct {
	Name, County string
	Rules        []adminRuleLine
}

type adminRuleLine struct {
	Item, Points, Text, Note, Href string
	Private                        bool
	Warnings                       []string
}

func (p adminRulesPage) View() (name, title string) {
	return "admin/rules", p.Village.Name + "积分细则"
}

// AdminRules answers GET /admin/:village/rules.
func (p *Pages) AdminRules(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// adminRulesSheet is the same version on paper.
type adminRulesSheet struct{ adminRulesPage }

func (s adminRulesSheet) View() (name, title string) {
	return "admin/rules_print", s.Village.Name + "积分细则"
}

// PrintAdminRules answers GET …/rules/print.
func (p *Pages) PrintAdminRules(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	if page.None {
		return scheme.ErrNoRules
	}
	return web.Show(c, adminRulesSheet{page})
}

// RulesWorkbook answers GET …/rules/workbook: what goes out comes back in.
func (p *Pages) RulesWorkbook(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	if page.None {
		return scheme.ErrNoRules
	}
	book, err := scheme.RulesBook(c.UserContext(), p.db, page.Village.ID, page.Version.ID)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, book); err != nil {
		return err
	}
	return web.Download(c, fmt.Sprintf("%s积分细则第%d版.xlsx", page.Village.Name, page.Version.Number), xlsxType, b.Bytes())
}

func (p *Pages) adminRulesPage(c *fiber.Ctx) (adminRulesPage, error) {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return adminRulesPage{}, err
	}
	page := adminRulesPage{Village: at}
	versions, err := scheme.Versions(ctx, p.db, at.ID)
	if err != nil || len(versions) == 0 {
		page.None = err == nil
		return page, err
	}
	today := p.db.Now().Day()
	current, err := scheme.Current(ctx, p.db, at.ID, today)
	if errors.Is(err, scheme.ErrNoRules) {
		current, err = versions[0], nil
	}
	if err != nil {
		return page, err
	}
	if page.Version, err = pickRulesVersion(versions, current, c.Query("version")); err != nil {
		return page, err
	}
	page.Newest, page.Later, page.Past = page.Version.ID == versions[0].ID, page.Version.InForceFrom > today, page.Version.ID != current.ID && page.Version.InForceFrom <= today
	for _, v := range versions {
		page.Versions = append(page.Versions, web.Link{Href: adminPath(at.ID, "rules") + "?version=" + models.ID32(v.ID), Text: v.Title(), Key: models.ID32(v.ID)})
	}
	page.Facts = versionFacts(page.Version)
	return page, p.fillAdminRules(ctx, &page)
}

func pickRulesVersion(all []scheme.Version, current scheme.Version, asked string) (scheme.Version, error) {
	if asked == "" {
		return current, nil
	}
	id, err := models.ParseID32(asked)
	i := slices.IndexFunc(all, func(v scheme.Version) bool { return err == nil && v.ID == id })
	if i < 0 {
		return current, models.ErrNotFound
	}
	return all[i], nil
}

func versionFacts(v scheme.Version) [][]string {
	facts := [][]string{
		{"通过", string(v.AdoptedOn) + " " + v.Meeting},
		{"起执行", string(v.InForceFrom)},
		{"一分值", (models.Fen(v.PointRate / 100)).String() + " 元"},
	}
	if v.Present > 0 {
		facts = slices.Insert(facts, 1, []string{"到会、赞成", fmt.Sprintf("%d 人、%d 人", v.Present, v.Voted)})
	}
	if v.Posting == scheme.PostNow {
		facts = append(facts, []string{"到账", "当场到账"})
	} else {
		facts = append(facts, []string{"到账", fmt.Sprintf("公示 %d 天后到账", v.NoticeDays)})
	}
	deduct := "只减总得分"
	if v.DeductFrom == scheme.FromSpend {
		deduct = "也减能换的分，减到 0 为止"
	}
	return append(facts, []string{"扣分", deduct})
}

func (p *Pages) fillAdminRules(ctx context.Context, page *adminRulesPage) error {
	rules, err := scheme.Rules(ctx, p.db, page.Village.ID, page.Version.ID)
	if err != nil {
		return err
	}
	categories, err := scheme.Categories(ctx, p.db, page.Village.ID)
	if err != nil {
		return err
	}
	names, at := map[int64]scheme.Category{}, map[int64]int{}
	for _, k := range categories {
		names[k.ID] = k
	}
	page.Rules = len(rules)
	for _, r := range rules {
		i, ok := at[r.CategoryID]
		if !ok {
			i = len(page.Groups)
			at[r.CategoryID] = i
			k := names[r.CategoryID]
			page.Groups = append(page.Groups, adminRuleGroup{Name: k.Name, County: scheme.CountyName(k.CountyKey)})
			if k.CountyKey == "" {
				page.Unmapped++
			}
		}
		line := adminRuleLine{Item: r.Item, Points: r.PointsText(), Text: r.Text(), Note: r.Note, Private: r.Private, Warnings: scheme.Warn(r.Item, r.Note)}
		if r.Evidence != "" {
			line.Note = joinNonEmpty("；", "凭据："+r.Evidence, r.Note)
		}
		if page.Newest {
			line.Href = adminPath(page.Village.ID, "rules", "edit") + "?rule=" + models.ID32(r.ID)
		}
		page.Groups[i].Rules = append(page.Groups[i].Rules, line)
	}
	return nil
}

func joinNonEmpty(sep string, parts ...string) string {
	out := ""
	for _, s := range parts {
		if s != "" && out != "" {
			out += sep
		}
		out += s
	}
	return out
}

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

// categoriesPage places the village's headings under the county's.
type categoriesPage struct {
	Village web.Area
	Rows    []categoryRow
	Errors  map[string]string
}

type categoryRow struct {
	ID, Name, Hint string
	Options        []web.Option
}

func (p categoriesPage) View() (name, title string) {
	return "admin/categories", "类别归到县里哪一类"
}

// Categories answers GET /admin/:village/categories.
func (p *Pages) Categories(c *fiber.Ctx) error {
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	page, err := p.categoriesPage(c.UserContext(), at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) categoriesPage(ctx context.Context, at web.Area) (categoriesPage, error) {
	page := categoriesPage{Village: at}
	all, err := scheme.Categories(ctx, p.db, at.ID)
	for _, k := range all {
		r := categoryRow{ID: models.ID32(k.ID), Name: k.Name, Options: countyOptions(k.CountyKey)}
		if guess := scheme.GuessCounty(k.Name); k.CountyKey == "" && guess != "" {
			r.Hint = "看名字像是：" + scheme.CountyName(guess)
		}
		page.Rows = append(page.Rows, r)
	}
	return page, err
}

// MapCategories answers POST /admin/:village/categories: each heading that was
// changed is an operation of its own.
func (p *Pages) MapCategories(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		County map[string]string `form:"county.*"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	all, err := scheme.Categories(ctx, p.db, at.ID)
	if err != nil {
		return err
	}
	changed := 0
	for i, k := range all {
		answer, asked := f.County[models.ID32(k.ID)]
		key := countyKey(answer)
		if !asked || key == k.CountyKey {
			continue
		}
		if err := scheme.MapCategory(ctx, p.db, web.Next(op, int64(i+1)), web.Actor(c), at.ID, k.ID, key); err != nil {
			page, failed := p.categoriesPage(ctx, at)
			if failed != nil {
				return failed
			}
			return web.Again(c, page, err)
		}
		changed++
	}
	web.Flash(c, "ok", fmt.Sprintf("已保存，改了 %d 个类别", changed), "已封账的季度不变")
	return web.See(c, adminPath(at.ID, "rules"))
}
