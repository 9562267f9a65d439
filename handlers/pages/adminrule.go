package pages

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

// ruleFormPage changes one rule or adds one. What is saved is a new version: the
// awards that were given keep the one they were given under.
type ruleFormPage struct {
	rulesIn
	Form       ruleForm
	New        bool
	Categories []string
	Directions []web.Option
	Kinds      []web.Option
	Recorders  []web.Option
	Options    importOptions
	Kin        []ruleKin
	County     string // what the county settled about this rule, in a sentence
	Adoption   adoptionPage
	Number     int // of the version that saving makes
	Warnings   []string
	Errors     map[string]string
}

func (p ruleFormPage) View() (name, title string) {
	if p.New {
		return "admin/rule_edit", "加一条细则"
	}
	return "admin/rule_edit", "改一条细则"
}

// KinTicked is how many rules share something with this one.
func (p ruleFormPage) KinTicked() int { return len(p.Form.Shares) + len(p.Form.Once) }

func (p *Pages) ruleFormPage(ctx context.Context, at web.Area, f ruleForm, why error) (ruleFormPage, error) {
	page := ruleFormPage{rulesIn: rulesIn{At: at}, Form: f, New: f.Rule == 0, Options: rulesOptions(), Errors: web.Errors(why), Number: 1}
	page.Adoption = f.adoptionForm.page(at, page.Errors)
	page.Adoption.Brief = true
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
	page.Kinds = ruleKinds(f.Kind)
	for _, o := range ruleRecorders {
		o.Selected = len(f.Recorders) == 0 || f.Records(o.Value)
		page.Recorders = append(page.Recorders, o)
	}
	page.Warnings = scheme.Warn(f.Item, f.Note)
	b, err := p.newestRules(ctx, at.ID)
	if errors.Is(err, scheme.ErrNoRules) {
		return page, nil
	}
	if err != nil {
		return page, err
	}
	page.Number, page.Version, page.Kin = b.Version.Number+1, b.Version, kinOf(b, f)
	if r, ok := b.Rule(f.Rule); ok && r.TemplateID != 0 {
		page.County = r.Text()
	}
	return page, nil
}

func ruleKinds(now string) []web.Option {
	kinds := []web.Option{
		{Value: kindPlain, Text: "一个数或一个范围", Hint: "5；50-100；200/300/500"},
		{Value: kindAmount, Text: "按数量分档", Hint: "满 4 小时 1 分，满 10 小时 2 分"},
		{Value: kindLevel, Text: "按级别分档", Hint: "国家级 50 分，省级 30 分"},
		{Value: kindFaults, Text: "满分往下扣", Hint: "满分 10 分，一处不好扣 0.5 分"},
		{Value: kindMonth, Text: "一个月的得分分档", Hint: "当月满 80 分，奖 200 分"},
	}
	for i := range kinds {
		kinds[i].Selected = kinds[i].Value == now || now == "" && i == 0
	}
	return kinds
}

// EditRule answers GET …/rules/edit, for one rule or, without one, a new one.
func (p *Pages) EditRule(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	versions, err := scheme.Versions(ctx, p.db, at.ID)
	if err != nil {
		return err
	}
	f := ruleForm{Direction: scheme.Plus, Kind: kindPlain, Per: "household", adoptionForm: adoptionOf(at, versions, p.db.Now().Day())}
	if asked := c.Query("rule"); asked != "" {
		if err := p.fillRuleForm(ctx, at.ID, asked, &f); err != nil {
			return err
		}
	}
	page, err := p.ruleFormPage(ctx, at, f, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// fillRuleForm shows the newest copy of the rule that an address names: a link
// from an older page leads to the rule as it is now.
func (p *Pages) fillRuleForm(ctx context.Context, at int64, asked string, f *ruleForm) error {
	id, err := models.ParseID32(asked)
	if err != nil {
		return err
	}
	old, _, err := scheme.GetRule(ctx, p.db, at, id)
	if err != nil {
		return err
	}
	b, err := p.newestRules(ctx, at)
	if err != nil {
		return err
	}
	r, ok := b.Counterpart(old.OriginID)
	if !ok {
		return models.ErrNotFound
	}
	names, err := p.ruleCategories(ctx, at)
	f.fill(r, names[r.CategoryID].Name)
	f.fillKin(b, r)
	return err
}

// SaveRule answers POST …/rules/edit.
func (p *Pages) SaveRule(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	var f ruleForm
	op, err := web.Bind(c, &f)
	if err == nil && f.Go == "more" {
		page, err := p.ruleFormPage(ctx, at, f, nil)
		if err != nil {
			return err
		}
		return web.Show(c, page)
	}
	var changes []scheme.Change
	var adopted scheme.Adoption
	if err == nil {
		changes, adopted, err = p.ruleChanges(ctx, at.ID, f)
	}
	var v scheme.Version
	if err == nil {
		v, err = scheme.Amend(ctx, p.db, op, web.Actor(c), at.ID, changes, adopted)
	}
	if err != nil {
		page, failed := p.ruleFormPage(ctx, at, f, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	detail := string(v.InForceFrom) + " 起执行；以前记的分不变"
	if why := scheme.Warn(f.Item, f.Note); len(why) > 0 && f.Go != "remove" {
		detail += "。请再看一看：" + why[0]
	}
	web.Flash(c, "ok", fmt.Sprintf("“%s”%s，这是第 %d 版", f.Item, ruleDone(f), v.Number), detail)
	return web.See(c, rulesPath(at.ID)+versionQuery(v.ID))
}

func ruleDone(f ruleForm) string {
	switch {
	case f.Go == "remove":
		return "去掉了"
	case f.Rule == 0:
		return "加好了"
	}
	return "改好了"
}

// ruleChanges are the rule itself and the others that change with it.
func (p *Pages) ruleChanges(ctx context.Context, at int64, f ruleForm) ([]scheme.Change, scheme.Adoption, error) {
	a, err := f.adoption()
	if err != nil {
		return nil, a, err
	}
	b, err := p.newestRules(ctx, at)
	if errors.Is(err, scheme.ErrNoRules) {
		b, err = &scheme.Book{}, nil
	}
	if err != nil {
		return nil, a, err
	}
	names, err := p.ruleCategories(ctx, at)
	if err != nil {
		return nil, a, err
	}
	a.Caps = capsOf(b)
	if f.Go == "remove" {
		return []scheme.Change{{Rule: f.Rule, Remove: true}}, a, nil
	}
	var d scheme.Draft
	if f.Rule != 0 {
		was, ok := b.Rule(f.Rule)
		if !ok {
			return nil, a, models.ErrStale.With("细则刚有了新的一版，没有改动；请看最新内容再改")
		}
		d = scheme.Draft{Category: names[was.CategoryID].Name, Rule: was}
	}
	if d.TemplateID != 0 { // the county's terms stand; the rest is the village's
		d.Private, d.Evidence, d.Note, d.Recorders = f.Private, f.Evidence, f.Note, f.recorders()
		return []scheme.Change{{Rule: f.Rule, Draft: d}}, a, nil
	}
	if d, err = f.draft(d); err != nil {
		return nil, a, err
	}
	others := f.join(b, &d, names)
	return slices.Insert(others, 0, scheme.Change{Rule: f.Rule, Draft: d}), a, nil
}
