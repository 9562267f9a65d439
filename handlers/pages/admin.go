package pages

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

func (p *Pages) routesAdmin(r Routes) {
	r.Nav("admin", adminNav)
	setUp, run := web.Staff(models.SetUpVillage), web.Staff(models.RunInstance)
	r.Get("/admin", setUp, p.Admin)
	r.Get("/admin/settings", run, p.Settings)
	r.Post("/admin/settings", run, p.SaveSettings)
	r.Get("/admin/areas/new", run, p.NewArea)
	r.Post("/admin/areas/new", run, p.AddArea)
	r.Get("/admin/log", web.Staff(models.ReadLog), p.Log)
	p.routesPeople(r)
	r.Get("/admin/:village", setUp, p.AdminVillage)
	r.Get("/admin/:village/edit", setUp, p.EditVillage)
	r.Post("/admin/:village/edit", setUp, p.SaveVillage)
	r.Post("/admin/:village/grids", setUp, p.AddGrids)
	r.Post("/admin/:village/counters", setUp, p.AddVillageCounter)
	p.routesRules(r)
}

func adminNav(c *fiber.Ctx) []web.Link {
	by := web.Actor(c)
	var links []web.Link
	if by.Any(models.SetUpVillage) {
		links = append(links, web.Link{Href: "/admin", Text: "各村", Icon: "home", Key: "villages"},
			web.Link{Href: "/admin/people", Text: "人员", Icon: "users", Key: "people"})
	}
	if by.Any(models.RunInstance) {
		links = append(links, web.Link{Href: "/admin/settings", Text: "设置", Icon: "settings", Key: "settings"})
	}
	if by.Any(models.GrantPoints) {
		links = append(links, web.Link{Href: "/committee", Text: "记分、公示", Icon: "edit", Key: "committee"})
	}
	if by.Any(models.ReadReport) {
		links = append(links, web.Link{Href: "/reports", Text: "季报", Icon: "chart", Key: "reports"})
	}
	if by.Any(models.ReadLog) {
		links = append(links, web.Link{Href: "/admin/log", Text: "操作记录", Icon: "list", Key: "log"})
	}
	return links
}

// adminPage is what the administrator has in hand: the villages, and what each
// still lacks.
type adminPage struct {
	Title     string
	Townships []adminTownship
	Templates []web.Link // rules that counties offer their villages
	Villages  int
	Ready     int // villages that lack nothing
	MayRun    bool
	Empty     bool
}

// adminTownship is a township with its villages.
type adminTownship struct {
	Name     string // 银川市 永宁县 望远镇
	Add      string // where to add a village; empty when one may not
	Villages []adminVillage
}

type adminVillage struct {
	village.Village
	List  checklist
	Class string
	Href  string
}

func (adminPage) View() (name, title string) { return "admin/home", "管理" }

// Admin answers GET /admin. Whoever has one village goes straight to it.
func (p *Pages) Admin(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), web.Actor(c)
	all, err := p.villagesFor(ctx, by, models.SetUpVillage)
	if err != nil {
		return err
	}
	if len(all) == 1 && !by.Any(models.RunInstance) {
		return web.See(c, adminPath(all[0].ID))
	}
	page := adminPage{Title: "各村", MayRun: by.Any(models.RunInstance), Villages: len(all)}
	if err := p.fillTownships(ctx, by, &page, all); err != nil {
		return err
	}
	page.Empty = len(page.Townships) == 0
	return web.Show(c, page)
}

// villagesFor lists the villages in which the actor may do this.
func (p *Pages) villagesFor(ctx context.Context, by models.Actor, act models.Action) ([]village.Village, error) {
	all, err := village.Under(ctx, p.db, models.Everywhere)
	if err != nil {
		return nil, err
	}
	mine := all[:0]
	for _, v := range all {
		if by.Can(act, v.Place()) {
			mine = append(mine, v)
		}
	}
	return mine, nil
}

// fillTownships hangs the villages under their townships. Townships without a
// village are listed too, for whoever may add one.
func (p *Pages) fillTownships(ctx context.Context, by models.Actor, page *adminPage, all []village.Village) error {
	areas, err := village.Areas(ctx, p.db)
	if err != nil {
		return err
	}
	names, under := map[int64]string{}, map[int64][]village.Village{}
	for _, a := range areas {
		names[a.ID] = a.Name
	}
	for _, v := range all {
		under[v.TownshipID] = append(under[v.TownshipID], v)
	}
	for _, a := range areas {
		if a.Level == village.County && by.Can(models.SetUpVillage, a.Place()) {
			page.Templates = append(page.Templates, web.Link{Href: adminPath(a.ID, "template"), Text: a.Name + "积分细则范本"})
		}
		mayAdd := by.Can(models.RunInstance, a.Place())
		if a.Level != village.Township || len(under[a.ID]) == 0 && !mayAdd {
			continue
		}
		t := adminTownship{Name: strings.TrimSpace(names[a.CityID] + " " + names[a.CountyID] + " " + a.Name)}
		if mayAdd {
			t.Add = "/admin/areas/new?parent=" + models.ID32(a.ID)
		}
		for _, v := range under[a.ID] {
			list, err := p.checkVillage(ctx, v.ID)
			if err != nil {
				return err
			}
			if list.Next == nil {
				page.Ready++
			}
			t.Villages = append(t.Villages, adminVillage{Village: v, List: list, Class: village.TitleOf(village.Classes, v.Class), Href: adminPath(v.ID)})
		}
		page.Townships = append(page.Townships, t)
	}
	return nil
}

// settingsPage is how this instance runs.
type settingsPage struct {
	Modes   []web.Option
	Mode    string
	Base    string
	Trial   bool
	Secure  bool
	Storage string
	Seals   []sealedVillage
	Errors  map[string]string
}

// sealedVillage is how far a village's books are sealed.
type sealedVillage struct {
	Name, Day, Code string
	Entries         int64
}

func (settingsPage) View() (name, title string) { return "admin/settings", "设置" }

// Settings answers GET /admin/settings.
func (p *Pages) Settings(c *fiber.Ctx) error {
	page, err := p.settingsPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) settingsPage(c *fiber.Ctx) (settingsPage, error) {
	ctx := c.UserContext()
	mode, err := db.Setting(ctx, p.db, modeSetting)
	if err != nil {
		return settingsPage{}, err
	}
	page := settingsPage{Modes: modes(mode), Mode: mode, Base: p.base, Trial: p.trial, Secure: strings.HasPrefix(p.base, "https:"), Storage: "内置数据库（一个文件）"}
	if p.db.Dialect == db.MySQL {
		page.Storage = "MySQL"
	}
	all, err := p.villagesFor(ctx, web.Actor(c), models.RunInstance)
	if err != nil {
		return page, err
	}
	for _, v := range all {
		s, err := ledger.LastSeal(ctx, p.db, v.ID)
		if err != nil {
			return page, err
		}
		one := sealedVillage{Name: v.Name, Day: string(s.Day), Entries: s.Entries}
		if s.Day != "" {
			one.Code = s.CheckCode()
		}
		page.Seals = append(page.Seals, one)
	}
	return page, nil
}

// SaveSettings answers POST /admin/settings: the other way of running.
func (p *Pages) SaveSettings(c *fiber.Ctx) error {
	if err := web.Actor(c).May(models.RunInstance, models.Place{}); err != nil {
		return err
	}
	var f struct {
		Mode string `form:"mode,required" label:"怎么用" max:"10"`
	}
	op, err := web.Bind(c, &f)
	if err == nil && f.Mode != modeSingle && f.Mode != modeCounty {
		err = models.ErrInput.With("请先选是单机用还是县级用，还没有保存").At("mode")
	}
	if err == nil {
		err = p.changeMode(c.UserContext(), op, web.Actor(c), f.Mode)
	}
	if err != nil {
		page, failed := p.settingsPage(c)
		if failed != nil {
			return failed
		}
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已改成"+map[string]string{modeSingle: "单机", modeCounty: "县级"}[f.Mode]+"用法")
	return web.See(c, "/admin/settings")
}

func (p *Pages) changeMode(ctx context.Context, op db.OpID, by models.Actor, mode string) error {
	return p.db.InTx(ctx, db.Op{ID: op, Village: models.Everywhere, Kind: "mode", Asked: mode, By: by}, func(tx *db.Tx) error {
		old, err := db.Setting(ctx, tx, modeSetting)
		if err != nil {
			return err
		}
		if err := tx.Note(models.Everywhere, db.Note{Field: "mode", Old: old, New: mode}); err != nil {
			return err
		}
		return db.SetSetting(tx, modeSetting, mode)
	})
}
