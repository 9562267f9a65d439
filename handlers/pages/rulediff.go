package pages

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

func (p *Pages) routesRuleDiff(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:area/rules/diff", door, p.DiffRules)
	r.Get("/admin/:area/template/diff", door, p.DiffTemplate)
}

// rulesDiffPage is what one version says differently from another.
type rulesDiffPage struct {
	rulesIn
	Title        string
	Older, Newer scheme.Version
	From, To     []web.Option
	Terms        []scheme.FieldChange
	Changed      []ruleDifference
	Added, Gone  []ruleDifference
	Action       string // of the form that chooses two versions; empty: nothing to choose
	Onward       web.Link
	Return       string
}

// ruleDifference is one rule that differs.
type ruleDifference struct {
	Item, Category, Text string
	Fields               []scheme.FieldChange
}

func (p rulesDiffPage) View() (name, title string) { return "admin/rules_diff", p.Title }

// Same reports whether nothing differs.
func (p rulesDiffPage) Same() bool {
	return len(p.Terms)+len(p.Changed)+len(p.Added)+len(p.Gone) == 0
}

// DiffRules answers GET …/rules/diff?from=&to=; without them the newest version
// and the one before.
func (p *Pages) DiffRules(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	versions, err := scheme.Versions(ctx, p.db, at.ID)
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		return scheme.ErrNoRules
	}
	before := versions[0]
	if len(versions) > 1 {
		before = versions[1]
	}
	page := rulesDiffPage{rulesIn: rulesIn{At: at, Version: versions[0]}, Title: "两版有什么不同", Action: rulesPath(at.ID, "diff"), Return: rulesPath(at.ID)}
	if page.Older, err = pickRulesVersion(versions, before, c.Query("from")); err != nil {
		return err
	}
	if page.Newer, err = pickRulesVersion(versions, versions[0], c.Query("to")); err != nil {
		return err
	}
	if page.Older.Number > page.Newer.Number {
		page.Older, page.Newer = page.Newer, page.Older
	}
	for _, v := range versions {
		page.From = append(page.From, web.Option{Value: models.ID32(v.ID), Text: v.Title(), Selected: v.ID == page.Older.ID})
		page.To = append(page.To, web.Option{Value: models.ID32(v.ID), Text: v.Title(), Selected: v.ID == page.Newer.ID})
	}
	return p.showDiff(c, at.ID, page)
}

// DiffTemplate answers GET …/template/diff: what the county changed since the
// village took its template over.
func (p *Pages) DiffTemplate(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	own, err := p.newestRules(ctx, at.ID)
	if err != nil {
		return err
	}
	now, err := scheme.TemplateFor(ctx, p.db, at.ID)
	if err != nil {
		return err
	}
	if now == nil || own.Version.TemplateID == 0 {
		return models.ErrNotFound
	}
	was, err := scheme.Load(ctx, p.db, now.Version.Village, own.Version.TemplateID)
	if err != nil {
		return err
	}
	page := rulesDiffPage{rulesIn: rulesIn{At: at, Version: own.Version}, Title: "县里的范本改了什么", Older: was.Version, Newer: now.Version,
		Onward: web.Link{Href: adminPath(at.ID, "template"), Text: "去接新的一版"}, Return: adminPath(at.ID, "template")}
	return p.showDiff(c, now.Version.Village, page)
}

func (p *Pages) showDiff(c *fiber.Ctx, of int64, page rulesDiffPage) error {
	all, err := scheme.Diff(c.UserContext(), p.db, of, page.Older.ID, page.Newer.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		switch {
		case d.Was == nil && d.Now == nil:
			page.Terms = append(page.Terms, shownTerms(d.Fields)...)
		case d.Was == nil:
			page.Added = append(page.Added, ruleDifference{Item: d.Rule, Category: d.Now.Category, Text: d.Now.Text()})
		case d.Now == nil:
			page.Gone = append(page.Gone, ruleDifference{Item: d.Rule, Category: d.Was.Category, Text: d.Was.Text()})
		default:
			page.Changed = append(page.Changed, ruleDifference{Item: d.Rule, Category: d.Now.Category, Text: d.Now.Text(), Fields: d.Fields})
		}
	}
	return web.Show(c, page)
}

// shownTerms leaves out the numbers by which the program tells templates apart.
func shownTerms(fields []scheme.FieldChange) []scheme.FieldChange {
	for i, f := range fields {
		fields[i].Old, _, _ = strings.Cut(f.Old, "（")
		fields[i].New, _, _ = strings.Cut(f.New, "（")
		if fields[i].Old == fields[i].New {
			fields[i].Old, fields[i].New = f.Old, f.New
		}
	}
	return fields
}

// Count sums the page up: 改了 2 条，新加 1 条，去掉 1 条.
func (p rulesDiffPage) Count() string {
	text := ""
	for _, n := range []struct {
		n    int
		word string
	}{{len(p.Changed), "改了 %d 条"}, {len(p.Added), "新加 %d 条"}, {len(p.Gone), "去掉 %d 条"}, {len(p.Terms), "约定改了 %d 处"}} {
		if n.n > 0 {
			text = joinNonEmpty("，", text, fmt.Sprintf(n.word, n.n))
		}
	}
	return text
}
