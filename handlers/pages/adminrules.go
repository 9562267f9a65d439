package pages

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

func (p *Pages) routesRules(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:area/rules", door, p.AdminRules)
	r.Get("/admin/:area/rules/print", door, p.PrintAdminRules)
	r.Get("/admin/:area/rules/workbook", door, p.RulesWorkbook)
	r.Get("/admin/:area/rules/edit", door, p.EditRule)
	r.Post("/admin/:area/rules/edit", door, p.SaveRule)
	r.Get("/admin/:area/rules/renew", door, p.RenewRules)
	r.Post("/admin/:area/rules/renew", door, p.AdoptAgain)
	r.Get("/admin/:area/rules/guard", door, p.GuardRules)
	r.Get("/admin/:area/rules/unclear", door, p.UnclearRules)
	r.Post("/admin/:area/rules/unclear", door, p.SettleRules)
	p.routesRuleSteps(r)
	p.routesRuleTemplate(r)
	p.routesRuleDiff(r)
	p.routesCategories(r)
}

// adminRulesPage is a version of the place's rules.
type adminRulesPage struct {
	rulesIn
	None     bool
	Later    bool // not in force yet
	Past     bool
	Newest   bool // only the newest version can be changed
	Groups   []adminRuleGroup
	Rules    int
	Versions []adminRuleVersion
	Facts    [][]string
	Due      bool // the day has come on which the meeting wanted to look again
	Unmapped int
	Unclear  int
	Warned   int
	Own      int // rules besides those taken over from the county
	Steps    []scheme.Step
}

// adminRuleVersion is one of the versions, and where its difference to the one
// before is shown.
type adminRuleVersion struct {
	Title, Href, Diff, Tag string
	Now                    bool
}

// adminRuleGroup is a category with its rules.
type adminRuleGroup struct {
	Name, Under, County, Cap string
	Rules                    []adminRuleLine
}

type adminRuleLine struct {
	Item, Points, Text, Note, Href string
	Private, Inherited             bool
	Tags                           []string
	Warnings                       []string
}

func (p adminRulesPage) View() (name, title string) { return "admin/rules", p.What() }

// AdminRules answers GET /admin/:area/rules.
func (p *Pages) AdminRules(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) adminRulesPage(c *fiber.Ctx) (adminRulesPage, error) {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return adminRulesPage{}, err
	}
	page := adminRulesPage{rulesIn: rulesIn{At: at}}
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
	v := page.Version
	page.Newest, page.Later, page.Past = v.ID == versions[0].ID, v.InForceFrom > today, v.ID != current.ID && v.InForceFrom <= today
	page.Due = page.Newest && v.RenewOn != "" && v.RenewOn <= today
	page.Versions = page.versions(versions, current, today)
	page.Facts = versionFacts(v, page.County())
	if page.Steps, err = p.ruleSteps(ctx, page.rulesIn); err != nil {
		return page, err
	}
	return page, p.fillAdminRules(ctx, &page)
}

func (p adminRulesPage) versions(all []scheme.Version, current scheme.Version, today models.Date) []adminRuleVersion {
	var list []adminRuleVersion
	for i, v := range all {
		one := adminRuleVersion{Title: v.Title(), Href: p.Path() + versionQuery(v.ID), Now: v.ID == p.Version.ID}
		switch {
		case v.InForceFrom > today:
			one.Tag = string(v.InForceFrom) + " 起执行"
		case v.ID == current.ID:
			one.Tag = "正在执行"
		}
		if i+1 < len(all) {
			one.Diff = diffPath(p.At.ID, all[i+1].ID, v.ID)
		}
		list = append(list, one)
	}
	return list
}

func diffPath(at, older, newer int64) string {
	return rulesPath(at, "diff") + "?from=" + models.ID32(older) + "&to=" + models.ID32(newer)
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

func (p *Pages) fillAdminRules(ctx context.Context, page *adminRulesPage) error {
	b, err := scheme.Load(ctx, p.db, page.At.ID, page.Version.ID)
	if err != nil {
		return err
	}
	names, err := p.ruleCategories(ctx, page.At.ID)
	if err != nil {
		return err
	}
	at := map[int64]int{}
	page.Rules = len(b.Rules)
	for _, r := range b.Rules {
		i, ok := at[r.CategoryID]
		if !ok {
			i = len(page.Groups)
			at[r.CategoryID] = i
			page.Groups = append(page.Groups, page.group(b, r.CategoryID, names))
			if names[r.CategoryID].CountyKey == "" {
				page.Unmapped++
			}
		}
		line := page.line(b, r)
		if len(line.Warnings) > 0 {
			page.Warned++
		}
		if strings.Contains(r.Note, scheme.UnclearMark) {
			page.Unclear++
		}
		if !line.Inherited {
			page.Own++
		}
		page.Groups[i].Rules = append(page.Groups[i].Rules, line)
	}
	return nil
}

func (p adminRulesPage) group(b *scheme.Book, category int64, names map[int64]scheme.Category) adminRuleGroup {
	k := names[category]
	g := adminRuleGroup{Name: k.Name, Under: names[k.Parent].Name, County: scheme.CountyName(k.CountyKey)}
	for _, c := range b.Caps() {
		if c.Category == category {
			g.Cap = c.Text()
		}
	}
	return g
}

func (p adminRulesPage) line(b *scheme.Book, r scheme.Rule) adminRuleLine {
	l := adminRuleLine{Item: r.Item, Points: r.PointsText(), Text: r.Text(), Note: r.Note, Private: r.Private, Inherited: r.TemplateID != 0, Warnings: r.Warnings()}
	if r.Evidence != "" {
		l.Note = joinNonEmpty("；", "凭据："+r.Evidence, r.Note)
	}
	if r.OnceGroup != "" {
		l.Tags = append(l.Tags, "一件事只计最高："+r.OnceGroup)
	}
	if len(r.Recorders) > 0 {
		l.Tags = append(l.Tags, recordersText(r)+"记")
	}
	if p.Newest {
		l.Href = p.Path("edit") + "?rule=" + models.ID32(r.ID)
	}
	return l
}

func recordersText(r scheme.Rule) string {
	var who []string
	for _, o := range ruleRecorders {
		if slices.Contains(r.Recorders, o.Value) {
			who = append(who, o.Text)
		}
	}
	return strings.Join(who, "、")
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
