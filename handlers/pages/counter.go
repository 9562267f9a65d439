package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// counterChoosePage offers the counters of every village the person works in.
type counterChoosePage struct {
	Villages []counterVillage
	Next     string
	Say      string
	NewName  string
}

type counterVillage struct {
	ID, Name string
	Counters []counterChoice
	MayAdd   bool
}

type counterChoice struct {
	ID, Name string
	Here     bool
}

// View implements web.Page.
func (counterChoosePage) View() (name, title string) { return "counter/choose", "选兑换点" }

// Frame implements the page's say in its surroundings.
func (counterChoosePage) Frame(f *web.Frame) { f.Posture = "desk" }

// ChooseCounter answers GET /counter/choose.
func (p *Pages) ChooseCounter(c *fiber.Ctx) error {
	page, err := p.choosePageOf(c, c.Query("next"))
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) choosePageOf(c *fiber.Ctx, next string) (counterChoosePage, error) {
	page := counterChoosePage{Next: "/counter"}
	if to := web.LocalPath(next); to != "/" {
		page.Next = to
	}
	areas := web.Villages(c)
	if v, err := villageForAny(c, []models.Action{models.HandOverGoods, models.KeepStock}); err == nil {
		areas = []web.Area{v}
	}
	_, last := chosenCounter(c)
	for _, a := range areas {
		if !web.Actor(c).Can(models.HandOverGoods, a.Place) && !web.Actor(c).Can(models.KeepStock, a.Place) {
			continue
		}
		all, err := market.Counters(c.UserContext(), p.db, a.ID)
		if err != nil {
			return page, err
		}
		v := counterVillage{ID: models.ID32(a.ID), Name: a.Name, MayAdd: web.Actor(c).Can(models.SetUpVillage, a.Place)}
		for _, one := range all {
			v.Counters = append(v.Counters, counterChoice{ID: models.ID32(one.ID), Name: one.Name, Here: one.ID == last})
		}
		page.Villages = append(page.Villages, v)
	}
	return page, nil
}

type counterChooseForm struct {
	Next string `form:"next,raw"`
}

// ChoseCounter answers POST /counter/choose: this browser stands at that counter
// from now on.
func (p *Pages) ChoseCounter(c *fiber.Ctx) error {
	var f counterChooseForm
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	s, err := p.station(c, models.HandOverGoods, models.KeepStock)
	if err != nil {
		return err
	}
	p.keepCounter(c, s.Village.ID, s.Counter.ID)
	to := web.LocalPath(f.Next)
	if to == "/" {
		to = "/counter"
	}
	return web.See(c, to)
}

type counterNameForm struct {
	Name string `form:"name" label:"名称" max:"64"`
}

// AddCounter answers POST /counter/choose/add.
func (p *Pages) AddCounter(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f counterNameForm
	op, err := web.Bind(c, &f)
	var made market.Counter
	if err == nil {
		made, err = market.AddCounter(c.UserContext(), p.db, op, web.Actor(c), p.keys, v.ID, f.Name)
	}
	var e *models.Error
	if errors.As(err, &e) && e.Kind == models.Input {
		page, lost := p.choosePageOf(c, "")
		if lost != nil {
			return lost
		}
		page.NewName = f.Name
		return web.Again(c, page, err)
	}
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "已添加“"+made.Name+"”", "选上它就可以开始兑换。")
	return web.See(c, "/counter/choose?village="+models.ID32(v.ID))
}
