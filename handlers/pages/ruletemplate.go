package pages

import (
	"context"
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

func (p *Pages) routesRuleTemplate(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:area/template", door, p.RuleTemplate)
	r.Post("/admin/:area/template", door, p.InheritRules)
	r.Post("/admin/:area/template/leave", door, p.LeaveTemplate)
}

// countyTemplatePage is the county's template and how its villages stand to it.
type countyTemplatePage struct {
	rulesIn
	None     bool
	Rules    int
	Own      string
	Villages []templateVillage
	Using    int
	Behind   int
}

// templateVillage is how one village stands to the template.
type templateVillage struct {
	Name, Text, Tag, Kind, Href string
}

func (p countyTemplatePage) View() (name, title string) { return "admin/template_county", p.What() }

// RuleTemplate answers GET /admin/:area/template: at a county its template and
// its villages, at a village the county's template to take over.
func (p *Pages) RuleTemplate(c *fiber.Ctx) error {
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	var page web.Page
	if at.Level == village.County {
		page, err = p.countyTemplatePage(c.UserContext(), at)
	} else {
		page, err = p.inheritPage(c, at, inheritForm{}, nil)
	}
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) countyTemplatePage(ctx context.Context, at web.Area) (page countyTemplatePage, err error) {
	page.At = at
	b, err := p.newestRules(ctx, at.ID)
	switch {
	case errors.Is(err, scheme.ErrNoRules):
		page.None = true
	case err != nil:
		return page, err
	default:
		page.Version, page.Rules, page.Own = b.Version, len(b.Rules), ownText(b.Version)
	}
	all, err := village.Under(ctx, p.db, at.ID)
	if err != nil {
		return page, err
	}
	for _, v := range all {
		one := templateVillage{Name: v.Name, Text: "还没有细则", Tag: "没有接", Href: rulesPath(v.ID)}
		own, err := p.newestRules(ctx, v.ID)
		if err != nil && !errors.Is(err, scheme.ErrNoRules) {
			return page, err
		}
		if err == nil {
			if err := p.standing(ctx, &page, own, &one); err != nil {
				return page, err
			}
		}
		page.Villages = append(page.Villages, one)
	}
	return page, nil
}

// standing says how a village with rules stands to the template.
func (p *Pages) standing(ctx context.Context, page *countyTemplatePage, own *scheme.Book, one *templateVillage) error {
	v := own.Version
	one.Text = fmt.Sprintf("第 %d 版，%d 条，都是村里自己的", v.Number, len(own.Rules))
	if v.TemplateID == 0 {
		return nil
	}
	page.Using++
	n := 0
	for _, r := range own.Rules {
		if r.TemplateID == 0 {
			n++
		}
	}
	one.Text = fmt.Sprintf("第 %d 版，县里 %d 条，自己 %d 条", v.Number, len(own.Rules)-n, n)
	one.Tag, one.Kind = "和县里一致", "ok"
	newer, err := scheme.Behind(ctx, p.db, v.Village)
	if newer != nil {
		page.Behind++
		one.Tag, one.Kind = fmt.Sprintf("还没接第 %d 版", newer.Number), "wait"
	}
	return err
}
