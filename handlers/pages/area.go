package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/village"
)

type areaForm struct {
	Parent  int64  `form:"parent,id32" label:"上级"`
	Name    string `form:"name,required" label:"名称" max:"64"`
	Class   string `form:"class" label:"类别" max:"16"`
	Sponsor string `form:"sponsor" label:"包抓" max:"16"`
	Unit    string `form:"sponsor_unit" label:"包抓单位" max:"64"`
	Level   string `form:"level" label:"级别" max:"16"`
}

// areaPage asks for a township or a village to be added.
type areaPage struct {
	Form              areaForm
	Parent            string // name of what it goes under
	Level, LevelName  string
	Parents           []web.Option // shown when nothing is chosen yet
	Village           bool
	Classes, Sponsors []web.Option
	Errors            map[string]string
}

func (p areaPage) View() (name, title string) {
	if p.LevelName == "" {
		return "admin/area", "加一个地方"
	}
	return "admin/area", "加一个" + p.LevelName
}

func (p *Pages) areaPage(ctx context.Context, by models.Actor, f areaForm, why error) (areaPage, error) {
	page := areaPage{Form: f, Errors: web.Errors(why), Classes: choose(village.Classes, f.Class), Sponsors: choose(village.Sponsors, f.Sponsor)}
	all, err := village.Areas(ctx, p.db)
	if err != nil {
		return page, err
	}
	names := map[int64]string{}
	for _, a := range all {
		names[a.ID] = a.Name
		if a.Level == village.Hamlet || !by.Can(models.RunInstance, a.Place()) {
			continue
		}
		text := a.Name
		if up := names[a.Parent()]; up != "" {
			text = up + " " + text
		}
		page.Parents = append(page.Parents, web.Option{Value: models.ID32(a.ID), Text: text, Selected: a.ID == f.Parent})
		if a.ID == f.Parent {
			page.Parent = text
			page.Level, page.LevelName = below(a.Level)
		}
	}
	if f.Parent != 0 && page.Parent == "" {
		return page, models.ErrNotFound
	}
	page.Village = page.Level == village.Hamlet
	return page, nil
}

// below is the level directly under one, with its name.
func below(level string) (key, title string) {
	for i, l := range village.Levels[:len(village.Levels)-1] {
		if l.Key == level {
			return village.Levels[i+1].Key, village.Levels[i+1].Title
		}
	}
	return "", ""
}

// NewArea answers GET /admin/areas/new.
func (p *Pages) NewArea(c *fiber.Ctx) error {
	var f areaForm
	f.Parent, _ = models.ParseID32(c.Query("parent"))
	page, err := p.areaPage(c.UserContext(), web.Actor(c), f, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// AddArea answers POST /admin/areas/new. A village gets its first counter with
// it.
func (p *Pages) AddArea(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), web.Actor(c)
	var f areaForm
	op, err := web.Bind(c, &f)
	page, failed := p.areaPage(ctx, by, f, err)
	if failed != nil {
		return failed
	}
	var a village.Area
	if err == nil {
		a, err = village.AddArea(ctx, p.db, op, by, village.NewArea{Parent: f.Parent, Level: page.Level, Name: f.Name, Class: f.Class, Sponsor: f.Sponsor, SponsorUnit: f.Unit})
	}
	if err == nil && a.Level == village.Hamlet {
		_, err = market.EnsureCounter(ctx, p.db, web.Next(op, 1), by, p.keys, a.ID, a.Name+"兑换点")
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	if a.Level == village.Hamlet {
		web.Flash(c, "ok", a.Name+"建好了，兑换点也有了", "下面把各户、细则、商品导进来")
		return web.See(c, adminPath(a.ID))
	}
	web.Flash(c, "ok", a.Name+"建好了", "接着可以在它下面加村")
	return web.See(c, "/admin/areas/new?parent="+models.ID32(a.ID))
}
