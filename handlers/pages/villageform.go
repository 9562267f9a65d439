package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/village"
)

type villageForm struct {
	Name       string `form:"name,required" label:"村名" max:"64"`
	Class      string `form:"class" label:"类别" max:"16"`
	Sponsor    string `form:"sponsor" label:"包抓" max:"16"`
	Unit       string `form:"sponsor_unit" label:"包抓单位" max:"64"`
	SmallLimit string `form:"small_limit" label:"免密码额度" max:"20"`
	SmallDaily string `form:"small_daily" label:"每天免密码额度" max:"20"`
	Rhythm     int    `form:"rhythm_months,required" label:"几个月兑换一次" min:"1" max:"12"`
	RedList    bool   `form:"red_list"`
}

// villageFormPage changes a village's settings.
type villageFormPage struct {
	Village           web.Area
	Form              villageForm
	Classes, Sponsors []web.Option
	MayRun            bool // name, class and sponsor are the county's to change
	Counters          []market.Counter
	Grids             []village.Grid
	Typed             map[string]string // what was typed into the two small forms
	Errors            map[string]string
	Face              faceForm
}

func (p villageFormPage) View() (name, title string) {
	return "admin/village_edit", p.Village.Name + "设置"
}

func (p *Pages) villageFormPage(c *fiber.Ctx, at web.Area, f villageForm, why error) (villageFormPage, error) {
	ctx := c.UserContext()
	page := villageFormPage{Village: at, Form: f, Classes: choose(village.Classes, f.Class), Sponsors: choose(village.Sponsors, f.Sponsor),
		MayRun: web.Actor(c).Can(models.RunInstance, at.Place), Typed: map[string]string{}, Errors: web.Errors(why)}
	var err error
	if page.Face, err = p.faceFormOf(ctx, at.ID); err != nil {
		return page, err
	}
	if page.Counters, err = market.Counters(ctx, p.db, at.ID); err != nil {
		return page, err
	}
	page.Grids, err = village.Grids(ctx, p.db, at.ID)
	return page, err
}

// EditVillage answers GET /admin/:village/edit.
func (p *Pages) EditVillage(c *fiber.Ctx) error {
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	page, err := p.editVillagePage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// editVillagePage is the form as the village stands.
func (p *Pages) editVillagePage(c *fiber.Ctx, at web.Area) (villageFormPage, error) {
	v, err := village.Get(c.UserContext(), p.db, at.ID)
	if err != nil {
		return villageFormPage{}, err
	}
	f := villageForm{Name: v.Name, Class: v.Class, Sponsor: v.Sponsor, Unit: v.SponsorUnit,
		SmallLimit: v.SmallLimit.Plain(), SmallDaily: v.SmallDaily.Plain(), Rhythm: v.RhythmMonths, RedList: v.RedList}
	return p.villageFormPage(c, at, f, nil)
}

// SaveVillage answers POST /admin/:village/edit.
func (p *Pages) SaveVillage(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	v, err := village.Get(ctx, p.db, at.ID)
	if err != nil {
		return err
	}
	f := villageForm{Name: v.Name, Class: v.Class, Sponsor: v.Sponsor, Unit: v.SponsorUnit}
	op, err := web.Bind(c, &f)
	var s village.Settings
	if err == nil {
		s, err = f.settings(v)
	}
	if err == nil && !web.Actor(c).Can(models.RunInstance, at.Place) {
		s.Name, s.Class, s.Sponsor, s.SponsorUnit = v.Name, v.Class, v.Sponsor, v.SponsorUnit
	}
	if err == nil {
		err = village.SaveVillage(ctx, p.db, op, web.Actor(c), s)
	}
	if err != nil {
		return p.againVillage(c, at, f, err)
	}
	web.Flash(c, "ok", "已保存")
	return web.See(c, adminPath(at.ID))
}

func (p *Pages) againVillage(c *fiber.Ctx, at web.Area, f villageForm, err error) error {
	page, failed := p.villageFormPage(c, at, f, err)
	if failed != nil {
		return failed
	}
	return web.Again(c, page, err)
}

func (f villageForm) settings(v village.Village) (village.Settings, error) {
	s := v.Settings()
	s.Name, s.Class, s.Sponsor, s.SponsorUnit = f.Name, f.Class, f.Sponsor, f.Unit
	s.RhythmMonths, s.RedList = f.Rhythm, f.RedList
	var err error
	if s.SmallLimit, err = pointsOrZero(f.SmallLimit, "small_limit"); err != nil {
		return s, err
	}
	s.SmallDaily, err = pointsOrZero(f.SmallDaily, "small_daily")
	return s, err
}

func pointsOrZero(text, field string) (models.Points, error) {
	if models.Normal(text) == "" {
		return 0, nil
	}
	v, err := models.ParsePoints(text)
	if e, ok := err.(*models.Error); ok {
		return 0, e.At(field)
	}
	return v, err
}

// AddGrids answers POST /admin/:village/grids.
func (p *Pages) AddGrids(c *fiber.Ctx) error {
	return p.addToVillage(c, "grids", "网格加好了", p.addGrids)
}

// AddVillageCounter answers POST /admin/:village/counters.
func (p *Pages) AddVillageCounter(c *fiber.Ctx) error {
	return p.addToVillage(c, "counter", "兑换点加好了", func(ctx context.Context, op db.OpID, by models.Actor, v int64, name string) error {
		_, err := market.AddCounter(ctx, p.db, op, by, p.keys, v, name)
		return err
	})
}

// addToVillage takes a form with one field and goes back to where it stands.
func (p *Pages) addToVillage(c *fiber.Ctx, field, done string, add func(context.Context, db.OpID, models.Actor, int64, string) error) error {
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		Names string `form:"names,text,required" label:"名称" max:"2000"`
	}
	op, err := web.Bind(c, &f)
	if err == nil {
		err = add(c.UserContext(), op, web.Actor(c), at.ID, f.Names)
	}
	if err == nil {
		web.Flash(c, "ok", done)
		return web.See(c, adminPath(at.ID, "edit"))
	}
	page, failed := p.editVillagePage(c, at)
	if failed != nil {
		return failed
	}
	page.Typed[field] = f.Names
	for _, say := range web.Errors(err) {
		page.Errors = map[string]string{field: say}
	}
	return web.Again(c, page, err)
}
