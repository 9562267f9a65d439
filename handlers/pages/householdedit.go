package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/village"
)

// householdEditPage is the form of a household's own fields, new or not.
type householdEditPage struct {
	committeeAt
	Home       village.Home // the zero Home for a new one
	Form       village.HomeForm
	Typed      map[string]string
	Grids      []web.Option
	Residences []web.Option
	Origins    []web.Option
	Joinings   []web.Option
	Stale      bool
	Errors     map[string]string
}

// View implements web.Page.
func (p householdEditPage) View() (name, title string) {
	if p.Home.ID == 0 {
		return "committee/householdedit", "登记一户"
	}
	return "committee/householdedit", "修改户信息"
}

// householdForm is HomeForm with its numbers as they were typed, so that a
// refusal shows them again.
type householdForm struct {
	village.HomeForm
}

// NewHousehold answers GET /committee/households/new.
func (p *Pages) NewHousehold(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return p.committeeAstray(c, err, models.SetUpVillage)
	}
	page, err := p.householdEditPage(c, at, village.Home{}, village.HomeForm{Joining: "in", Residence: "resident", Origin: "native"})
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// AddHousehold answers POST /committee/households/new.
func (p *Pages) AddHousehold(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f householdForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		f.Village = at.Area.ID
		var h models.Household
		if h, refused = village.AddHome(c.UserContext(), p.db, op, at.Actor, f.HomeForm.With(p.keys)); refused == nil {
			web.Flash(c, "ok", f.Head+"家已登记，户号 "+f.Number, "可以记分了。接着添家里的人、设取货密码、打印积分卡。")
			return web.See(c, at.Href("/committee/households/"+models.ID32(h.ID)))
		}
	}
	return p.editAgain(c, at, village.Home{}, f, refused)
}

// EditHousehold answers GET /committee/households/:household/edit.
func (p *Pages) EditHousehold(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.SetUpVillage)
	if err != nil {
		return p.committeeAstray(c, err, models.SetUpVillage)
	}
	page, err := p.householdEditPage(c, at, home, home.Form())
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// SaveHousehold answers POST /committee/households/:household/edit.
func (p *Pages) SaveHousehold(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f householdForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		f.Village, f.ID = at.Area.ID, home.ID
		if refused = village.SaveHome(c.UserContext(), p.db, op, at.Actor, f.HomeForm.With(p.keys)); refused == nil {
			web.Flash(c, "ok", f.Head+"家的信息已保存")
			return web.See(c, at.Href("/committee/households/"+models.ID32(home.ID)))
		}
	}
	return p.editAgain(c, at, home, f, refused)
}

// editAgain shows the form with what was typed. After somebody else's change the
// next try is about the newest state, which the page shows beside it.
func (p *Pages) editAgain(c *fiber.Ctx, at committeeAt, home village.Home, f householdForm, refused error) error {
	page, err := p.householdEditPage(c, at, home, f.HomeForm)
	if err != nil {
		return err
	}
	for _, name := range []string{"number", "group", "head", "lane", "lane_order", "under14", "phone"} {
		page.Typed[name] = c.FormValue(name)
	}
	page.Errors = web.Errors(refused)
	if errors.Is(refused, models.ErrStale) {
		page.Stale, page.Form.Version = true, home.Version
	}
	return web.Again(c, page, refused)
}

func (p *Pages) householdEditPage(c *fiber.Ctx, at committeeAt, home village.Home, f village.HomeForm) (householdEditPage, error) {
	page := householdEditPage{committeeAt: at, Home: home, Form: f, Typed: map[string]string{"number": f.Number, "head": f.Head, "lane": f.Lane}}
	for name, n := range map[string]int{"group": f.Group, "lane_order": f.LaneOrder, "under14": f.Under14} {
		if n != 0 {
			page.Typed[name] = countOf(n)
		}
	}
	page.Residences, page.Origins, page.Joinings = homeOptions(village.Residences, f.Residence), homeOptions(village.Origins, f.Origin), homeOptions(village.Joinings, f.Joining)
	grids, err := village.Grids(c.UserContext(), p.db, at.Area.ID)
	if len(grids) > 0 {
		page.Grids = append(page.Grids, web.Option{Text: "没有分网格"})
	}
	for _, g := range grids {
		page.Grids = append(page.Grids, web.Option{Value: models.ID32(g.ID), Text: g.Name, Selected: g.ID == f.GridID})
	}
	return page, err
}

func homeOptions(all []village.Option, chosen string) []web.Option {
	var out []web.Option
	for i, o := range all {
		out = append(out, web.Option{Value: o.Key, Text: o.Title, Selected: o.Key == chosen || chosen == "" && i == 0})
	}
	return out
}
