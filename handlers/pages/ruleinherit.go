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
	"pointstore/models/village"
)

// inheritForm takes the county's rules over.
type inheritForm struct {
	Own []int64 `form:"own,id32"` // rules of the village to keep
	adoptionForm
}

// inheritPage shows a village the county's template and asks which of its own
// rules it keeps.
type inheritPage struct {
	rulesIn
	None     bool // the county has no template
	County   string
	Template scheme.Version
	Groups   []adminRuleGroup
	Rules    int
	Bounds   string
	Own      []ownRule
	Ticked   int
	Using    bool // the village has taken it over
	Behind   bool // and there is a newer one
	Diff     string
	MayLeave bool
	Adoption adoptionPage
	Number   int
	Errors   map[string]string
}

type ownRule struct {
	ID, Item, Category, Text string
	Keep                     bool
	TooMuch                  string
}

func (p inheritPage) View() (name, title string) { return "admin/template_village", "县里的范本" }

func (p *Pages) inheritPage(c *fiber.Ctx, at web.Area, f inheritForm, why error) (inheritPage, error) {
	ctx := c.UserContext()
	page := inheritPage{rulesIn: rulesIn{At: at}, Errors: web.Errors(why), Number: 1}
	t, err := scheme.TemplateFor(ctx, p.db, at.ID)
	if err != nil {
		return page, err
	}
	if t == nil {
		page.None = true
		return page, nil
	}
	county, err := village.GetArea(ctx, p.db, t.Version.Village)
	if err != nil {
		return page, err
	}
	page.County, page.Template, page.Rules, page.Bounds = county.Name, t.Version, len(t.Rules), ownText(t.Version)
	if page.Groups, err = p.templateGroups(ctx, t); err != nil {
		return page, err
	}
	own, err := p.newestRules(ctx, at.ID)
	if err != nil && !errors.Is(err, scheme.ErrNoRules) {
		return page, err
	}
	var before []scheme.Version
	if err == nil {
		before = append(before, own.Version)
		page.Version, page.Number, page.Using = own.Version, own.Version.Number+1, own.Version.TemplateID != 0
		if err := p.fillOwn(ctx, &page, t, own, f, why != nil); err != nil {
			return page, err
		}
	} else {
		before = append(before, t.Version)
	}
	if why == nil {
		f.adoptionForm = adoptionOf(at, before, p.db.Now().Day())
		if page.Version.ID == 0 {
			f.InForce, f.RenewOn = f.AdoptedOn, ""
		}
	}
	page.Adoption = f.adoptionForm.page(at, page.Errors)
	page.Adoption.Brief = true
	page.MayLeave = page.Using && web.Actor(c).Can(models.SetUpVillage, county.Place())
	return page, nil
}

// fillOwn lists the rules that the village may keep beside the county's.
func (p *Pages) fillOwn(ctx context.Context, page *inheritPage, t, own *scheme.Book, f inheritForm, typed bool) error {
	names, err := p.ruleCategories(ctx, page.At.ID)
	if err != nil {
		return err
	}
	for _, r := range own.Rules {
		if r.TemplateID != 0 {
			continue
		}
		o := ownRule{ID: models.ID32(r.ID), Item: r.Item, Category: names[r.CategoryID].Name, Text: r.Text(), Keep: page.Using && !typed || slices.Contains(f.Own, r.ID)}
		if most := t.Version.OwnPoints; most > 0 && r.PointsMax > most {
			o.TooMuch = "超过县里定的每条 " + most.String() + " 分，要先改小"
		}
		if o.Keep {
			page.Ticked++
		}
		page.Own = append(page.Own, o)
	}
	newer, err := scheme.Behind(ctx, p.db, page.At.ID)
	if newer != nil {
		page.Behind = true
		page.Diff = adminPath(page.At.ID, "template", "diff")
	}
	return err
}

// templateGroups are the county's rules by category.
func (p *Pages) templateGroups(ctx context.Context, t *scheme.Book) ([]adminRuleGroup, error) {
	list := adminRulesPage{rulesIn: rulesIn{At: web.Area{ID: t.Version.Village}, Version: t.Version}}
	err := p.fillAdminRules(ctx, &list)
	return list.Groups, err
}

// InheritRules answers POST /admin/:area/template at a village.
func (p *Pages) InheritRules(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err == nil && at.Level != village.Hamlet {
		err = models.ErrNotFound
	}
	if err != nil {
		return err
	}
	var f inheritForm
	op, err := web.Bind(c, &f)
	var a scheme.Adoption
	var own []scheme.Draft
	if err == nil {
		a, err = f.adoption()
	}
	if err == nil {
		own, a.Caps, err = p.ownDrafts(ctx, at.ID, f.Own)
	}
	var v scheme.Version
	if err == nil {
		v, err = scheme.Inherit(ctx, p.db, op, web.Actor(c), at.ID, own, a)
	}
	if err != nil {
		page, failed := p.inheritPage(c, at, f, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", fmt.Sprintf("接好了，这是村里的第 %d 版，自己的留了 %d 条", v.Number, len(own)), string(v.InForceFrom)+" 起执行；以前记的分不变")
	return web.See(c, rulesPath(at.ID)+versionQuery(v.ID))
}

// ownDrafts are the village's rules that were ticked, and the caps of its
// categories; never nil, which would mean those it has.
func (p *Pages) ownDrafts(ctx context.Context, at int64, ticked []int64) ([]scheme.Draft, []scheme.CategoryDraft, error) {
	own := []scheme.Draft{}
	b, err := p.newestRules(ctx, at)
	if errors.Is(err, scheme.ErrNoRules) {
		return own, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	names, err := p.ruleCategories(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range b.Rules {
		if r.TemplateID == 0 && slices.Contains(ticked, r.ID) {
			own = append(own, scheme.Draft{Category: names[r.CategoryID].Name, Rule: r})
		}
	}
	if len(own) < len(ticked) {
		return nil, nil, models.ErrStale.With("细则刚有了新的一版，没有改动；请看最新内容再办")
	}
	return own, capsOf(b), nil
}

// LeaveTemplate answers POST …/template/leave: the village's rules stay as they
// are and are its own from now on.
func (p *Pages) LeaveTemplate(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err != nil {
		return err
	}
	v, err := scheme.Amend(ctx, p.db, op, web.Actor(c), at.ID, nil, scheme.Adoption{Leave: true})
	if err != nil {
		return err
	}
	web.Flash(c, "ok", fmt.Sprintf("已不再用县里的范本，这是第 %d 版", v.Number), "细则一条没变，村里以后可以自己改")
	return web.See(c, rulesPath(at.ID)+versionQuery(v.ID))
}
