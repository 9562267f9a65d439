package pages

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
)

func (p *Pages) routesCategories(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:area/categories", door, p.Categories)
	r.Post("/admin/:area/categories", door, p.MapCategories)
	r.Post("/admin/:area/categories/caps", door, p.CapCategories)
}

// categoriesPage arranges the place's headings as a tree, puts them under the
// county's, and limits what a whole heading may earn.
type categoriesPage struct {
	rulesIn
	Rows     []categoryRow
	Idle     []categoryRow // headings of earlier versions, without a rule today
	None     bool          // no rules yet, so nothing to cap
	Form     categoryCaps
	Options  importOptions
	Adoption adoptionPage
	Number   int
	Errors   map[string]string
}

// categoryRow is one heading at its place in the tree.
type categoryRow struct {
	ID, Name, Hint           string
	Depth, Rules             int
	Options, Parents         []web.Option
	Period, Per, Times, Most string // its cap, as typed
	Cap                      string // as it stands
	Wrong                    []string
}

// categoryCaps are the caps as they were typed, by the heading's id.
type categoryCaps struct {
	Period map[string]string `form:"period.*"`
	Per    map[string]string `form:"per.*"`
	Times  map[string]string `form:"times.*"`
	Most   map[string]string `form:"most.*"`
	adoptionForm
}

func (p categoriesPage) View() (name, title string) { return "admin/categories", "类别" }

// Categories answers GET /admin/:area/categories.
func (p *Pages) Categories(c *fiber.Ctx) error {
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	page, err := p.categoriesPage(c.UserContext(), at, nil, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) categoriesPage(ctx context.Context, at web.Area, f *categoryCaps, why error) (categoriesPage, error) {
	page := categoriesPage{rulesIn: rulesIn{At: at}, Options: rulesOptions(), Errors: web.Errors(why)}
	all, err := scheme.Categories(ctx, p.db, at.ID)
	if err != nil {
		return page, err
	}
	b, err := p.newestRules(ctx, at.ID)
	if errors.Is(err, scheme.ErrNoRules) {
		page.None, b, err = true, &scheme.Book{}, nil
	}
	if err != nil {
		return page, err
	}
	page.Version, page.Number = b.Version, b.Version.Number+1
	if f == nil {
		typed := capsAsTyped(b)
		typed.adoptionForm = adoptionOf(at, []scheme.Version{b.Version}, p.db.Now().Day())
		f = &typed
	}
	page.Form, page.Adoption = *f, f.adoptionForm.page(at, page.Errors)
	page.Adoption.Brief = true
	page.rows(all, b, 0, 0)
	return page, nil
}

// capsAsTyped fills the form with the caps of a version.
func capsAsTyped(b *scheme.Book) categoryCaps {
	f := categoryCaps{Period: map[string]string{}, Per: map[string]string{}, Times: map[string]string{}, Most: map[string]string{}}
	for _, c := range b.Caps() {
		id := models.ID32(c.Category)
		f.Period[id], f.Per[id], f.Most[id] = c.Period, c.Per, plainOrEmpty(c.Points)
		if c.Times > 0 {
			f.Times[id] = fmt.Sprint(c.Times)
		}
	}
	return f
}

// rows lists the headings under one, each followed by those under it.
func (p *categoriesPage) rows(all []scheme.Category, b *scheme.Book, under int64, depth int) {
	for _, k := range all {
		if k.Parent != under || len(p.Rows) > len(all) {
			continue
		}
		id := models.ID32(k.ID)
		r := categoryRow{ID: id, Name: k.Name, Depth: depth, Options: countyOptions(k.CountyKey), Parents: parentOptions(all, k),
			Period: p.Form.Period[id], Per: p.Form.Per[id], Times: p.Form.Times[id], Most: p.Form.Most[id]}
		if guess := scheme.GuessCounty(k.Name); k.CountyKey == "" && guess != "" {
			r.Hint = "看名字像是：" + scheme.CountyName(guess)
		}
		for _, rule := range b.Rules {
			if rule.CategoryID == k.ID {
				r.Rules++
			}
		}
		for _, c := range b.Caps() {
			if c.Category == k.ID {
				r.Cap = c.Text()
			}
		}
		for _, field := range []string{"period.", "times.", "most."} {
			if say := p.Errors[field+id]; say != "" {
				r.Wrong = append(r.Wrong, say)
			}
		}
		above := slices.ContainsFunc(all, func(o scheme.Category) bool { return o.Parent == k.ID })
		if r.Rules == 0 && r.Cap == "" && !above && !p.None {
			p.Idle = append(p.Idle, r)
			continue
		}
		p.Rows = append(p.Rows, r)
		p.rows(all, b, k.ID, depth+1)
	}
}

// topCategory is how forms send that a heading stands at the top.
const topCategory = "top"

func parentOptions(all []scheme.Category, k scheme.Category) []web.Option {
	out := []web.Option{{Value: topCategory, Text: "大类，不在别的下面", Selected: k.Parent == 0}}
	for _, o := range all {
		if o.ID != k.ID {
			out = append(out, web.Option{Value: models.ID32(o.ID), Text: "在“" + o.Name + "”下面", Selected: o.ID == k.Parent})
		}
	}
	return out
}

// MapCategories answers POST /admin/:area/categories: each heading that was
// changed is an operation of its own.
func (p *Pages) MapCategories(c *fiber.Ctx) error {
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	var f struct {
		County map[string]string `form:"county.*"`
		Parent map[string]string `form:"parent.*"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	changed, err := p.arrange(c, op, at.ID, f.County, f.Parent)
	if err != nil {
		page, failed := p.categoriesPage(c.UserContext(), at, nil, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", fmt.Sprintf("已保存，改了 %d 个类别", changed), "已封账的季度不变")
	return web.See(c, adminPath(at.ID, "categories"))
}

func (p *Pages) arrange(c *fiber.Ctx, op db.OpID, at int64, counties, parents map[string]string) (changed int, err error) {
	ctx, by := c.UserContext(), web.Actor(c)
	all, err := scheme.Categories(ctx, p.db, at)
	for i, k := range all {
		moved := false
		if answer, asked := counties[models.ID32(k.ID)]; asked && countyKey(answer) != k.CountyKey {
			if err := scheme.MapCategory(ctx, p.db, web.Next(op, int64(2*i+1)), by, at, k.ID, countyKey(answer)); err != nil {
				return changed, err
			}
			moved = true
		}
		if answer, asked := parents[models.ID32(k.ID)]; asked {
			to := int64(0)
			if answer != topCategory {
				if to, err = models.ParseID32(answer); err != nil {
					return changed, err
				}
			}
			if to != k.Parent {
				if err := scheme.SetParent(ctx, p.db, web.Next(op, int64(2*i+2)), by, at, k.ID, to); err != nil {
					return changed, err
				}
				moved = true
			}
		}
		if moved {
			changed++
		}
	}
	return changed, err
}
