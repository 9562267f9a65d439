package pages

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/village"
)

type areasForm struct {
	City      string `form:"city" label:"市" max:"64"`
	County    string `form:"county,required" label:"县（区）" max:"64"`
	Township  string `form:"township,required" label:"乡镇（街道）" max:"64"`
	Village   string `form:"name,required" label:"村（社区）" max:"64"`
	Class     string `form:"class" label:"类别" max:"16"`
	Sponsor   string `form:"sponsor" label:"包抓" max:"16"`
	Unit      string `form:"sponsor_unit" label:"包抓单位" max:"64"`
	Counter   string `form:"counter" label:"兑换点" max:"64"`
	GridNames string `form:"grids,text" label:"网格" max:"2000"`
}

// areasPage asks for the first village with everything above it.
type areasPage struct {
	Steps             []web.Step
	Form              areasForm
	Classes, Sponsors []web.Option
	Errors            map[string]string
}

func (areasPage) View() (name, title string) { return "setup/areas", "县、乡、村" }

func (p areasPage) Frame(f *web.Frame) { f.Area = "admin" }

func newAreasPage(f areasForm, err error) areasPage {
	return areasPage{Steps: setupSteps(2), Form: f, Classes: choose(village.Classes, f.Class), Sponsors: choose(village.Sponsors, f.Sponsor), Errors: web.Errors(err)}
}

// choose turns a field's values into options with one selected.
func choose(list []village.Option, now string) []web.Option {
	out := make([]web.Option, len(list))
	for i, c := range list {
		out[i] = web.Option{Value: c.Key, Text: c.Title, Selected: c.Key == now}
	}
	return out
}

// SetupAreas answers GET /setup/areas; what stands above the last village is
// filled in.
func (p *Pages) SetupAreas(c *fiber.Ctx) error {
	ctx := c.UserContext()
	all, err := village.Areas(ctx, p.db)
	if err != nil {
		return err
	}
	var f areasForm
	for _, a := range all {
		switch a.Level {
		case village.City:
			f.City = a.Name
		case village.County:
			f.County = a.Name
		case village.Township:
			f.Township = a.Name
		}
	}
	return web.Show(c, newAreasPage(f, nil))
}

// MakeAreas answers POST /setup/areas. What is there already is used as it is,
// so going back and sending the form again makes nothing twice.
func (p *Pages) MakeAreas(c *fiber.Ctx) error {
	var f areasForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return web.Again(c, newAreasPage(f, err), err)
	}
	v, err := p.makeAreas(c.UserContext(), op, web.Actor(c), f)
	if err != nil {
		return web.Again(c, newAreasPage(f, err), err)
	}
	web.Flash(c, "ok", v.Name+"建好了，兑换点也有了", "下面把各户、细则、商品一样一样导进来，先做哪样都行")
	return web.See(c, adminPath(v.ID))
}

func (p *Pages) makeAreas(ctx context.Context, op db.OpID, by models.Actor, f areasForm) (village.Area, error) {
	chain := []struct{ level, name, field string }{
		{village.City, f.City, "city"}, {village.County, f.County, "county"}, {village.Township, f.Township, "township"}, {village.Hamlet, f.Village, "name"},
	}
	var at village.Area
	for i, step := range chain {
		if step.name == "" {
			continue // a county may stand without a city
		}
		ask := village.NewArea{Parent: at.ID, Level: step.level, Name: step.name}
		if step.level == village.Hamlet {
			ask.Class, ask.Sponsor, ask.SponsorUnit = f.Class, f.Sponsor, f.Unit
		}
		a, err := p.ensureArea(ctx, web.Next(op, int64(i+1)), by, ask)
		if err != nil {
			return at, moveField(err, "name", step.field)
		}
		at = a
	}
	name := f.Counter
	if name == "" {
		name = at.Name + "兑换点"
	}
	if _, err := market.EnsureCounter(ctx, p.db, web.Next(op, 5), by, p.keys, at.ID, name); err != nil {
		return at, moveField(err, "name", "counter")
	}
	return at, p.addGrids(ctx, op, by, at.ID, f.GridNames)
}

// moveField moves a refusal to the field that the form calls otherwise.
func moveField(err error, from, to string) error {
	if e, ok := err.(*models.Error); ok && e.Field == from {
		return e.At(to)
	}
	return err
}

// ensureArea finds the area of that name or makes it.
func (p *Pages) ensureArea(ctx context.Context, op db.OpID, by models.Actor, ask village.NewArea) (village.Area, error) {
	var near []village.Area
	var err error
	if ask.Parent == 0 {
		near, err = village.Tops(ctx, p.db)
	} else {
		near, err = village.Children(ctx, p.db, ask.Parent)
	}
	if err != nil {
		return village.Area{}, err
	}
	for _, a := range near {
		if a.Level == ask.Level && a.Name == models.Normal(ask.Name) {
			return a, nil
		}
	}
	return village.AddArea(ctx, p.db, op, by, ask)
}

// addGrids makes the grids named one to a line; those that are there already
// stay as they are.
func (p *Pages) addGrids(ctx context.Context, op db.OpID, by models.Actor, v int64, text string) error {
	have, err := village.Grids(ctx, p.db, v)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, g := range have {
		known[g.Name] = true
	}
	for i, line := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r,，、;；", r) }) {
		name := models.Normal(line)
		if name == "" || known[name] {
			continue
		}
		known[name] = true
		if _, err := village.AddGrid(ctx, p.db, web.Next(op, int64(10+i)), by, v, name); err != nil {
			return moveField(err, "name", "grids")
		}
	}
	return nil
}
