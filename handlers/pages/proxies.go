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

func (p *Pages) routesProxies(r Routes) {
	keep := web.Staff(models.SetUpVillage)
	r.Post("/committee/households/:household/proxies", keep, p.AddHouseholdProxy)
	r.Post("/committee/households/:household/proxies/:proxy/end", keep, p.EndHouseholdProxy)
	r.Post("/committee/households/:household/confirm", keep, p.SetHouseholdConfirm)

	r.Get("/me/proxies", web.Household, p.MyProxies)
	r.Post("/me/proxies", web.Household, p.AddMyProxy)
	r.Post("/me/proxies/:proxy/end", web.Household, p.EndMyProxy)
	r.Post("/me/confirm", web.Household, p.SetMyConfirm)
}

// proxyPart is how a household confirms and who may fetch goods for it, on the
// committee's page and on its own.
type proxyPart struct {
	Proxies   []proxyLine
	Ways      []web.Option
	Way       string // in words
	Relations []web.Option
	Form      proxyForm
	Errors    map[string]string
	Open      bool // the form was refused
}

// proxyLine is somebody who may fetch, under the id that addresses name.
type proxyLine struct{ Key, Says string }

type proxyForm struct {
	Name     string        `form:"name" label:"替领人姓名" max:"64"`
	Relation string        `form:"relation" label:"关系" max:"16"`
	Limit    models.Points `form:"limit" label:"一次最多几分"`
	Once     bool          `form:"once"`
	Until    models.Date   `form:"until" label:"到哪天为止"`
}

func (f proxyForm) asked() market.ProxyForm {
	return market.ProxyForm{Name: f.Name, Relation: f.Relation, Limit: f.Limit, Once: f.Once, Until: f.Until}
}

func (p *Pages) proxyPart(ctx context.Context, h models.Household) (part proxyPart, err error) {
	named, err := market.Proxies(ctx, p.db, h)
	if err != nil {
		return part, err
	}
	for _, one := range named {
		part.Proxies = append(part.Proxies, proxyLine{models.ID32(one.ID), one.Says()})
	}
	way, err := village.ConfirmOf(ctx, p.db, h)
	part.Ways, part.Way = choose(village.Confirms, way), village.TitleOf(village.Confirms, way)
	part.offer("")
	return part, err
}

// offer lists the relations, the one that was chosen first in hand.
func (part *proxyPart) offer(chosen string) {
	part.Relations = []web.Option{{Text: "请选"}}
	for _, r := range market.Relations {
		part.Relations = append(part.Relations, web.Option{Value: r, Text: r, Selected: r == chosen})
	}
}

// refuse keeps what was typed beside why it was refused.
func (part *proxyPart) refuse(f proxyForm, why error) {
	part.Form, part.Errors, part.Open = f, web.Errors(why), true
	part.offer(f.Relation)
}

// proxyAct is householdAct for the proxies' forms, which keep what was typed.
func (p *Pages) proxyAct(c *fiber.Ctx, f *proxyForm, do func(at committeeAt, h models.Household, op db.OpID) (say, more string, err error)) error {
	at, home, err := p.householdInHand(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	op, refused := web.Bind(c, f)
	if refused == nil {
		var say, more string
		if say, more, refused = do(at, home.Household, op); refused == nil {
			web.Flash(c, "ok", say, more)
			return web.See(c, at.Href("/committee/households/"+models.ID32(home.ID)))
		}
	}
	page, err := p.householdPage(c, at, home, 0)
	if err != nil {
		return err
	}
	page.Fetch.refuse(*f, refused)
	return web.Again(c, page, refused)
}

// AddHouseholdProxy answers POST /committee/households/:household/proxies.
func (p *Pages) AddHouseholdProxy(c *fiber.Ctx) error {
	var f proxyForm
	return p.proxyAct(c, &f, func(at committeeAt, h models.Household, op db.OpID) (string, string, error) {
		one, err := market.AddProxy(c.UserContext(), p.db, op, at.Actor, h, f.asked())
		return "已登记替领人 " + one.Name, one.Says() + "。来领时由经办人核对，小票上会写明。", err
	})
}

// EndHouseholdProxy answers POST …/proxies/:proxy/end.
func (p *Pages) EndHouseholdProxy(c *fiber.Ctx) error {
	return p.proxyAct(c, &proxyForm{}, func(at committeeAt, h models.Household, op db.OpID) (string, string, error) {
		id, err := web.ID(c, "proxy")
		if err != nil {
			return "", "", err
		}
		return "已取消替领", "以前替领过的小票都还在。", market.EndProxy(c.UserContext(), p.db, op, at.Actor, h, id)
	})
}

type confirmForm struct {
	Confirm string `form:"confirm" label:"确认方式" max:"16"`
}

const confirmSaved = "确认方式已改好"

// SetHouseholdConfirm answers POST /committee/households/:household/confirm.
func (p *Pages) SetHouseholdConfirm(c *fiber.Ctx) error {
	var f confirmForm
	return p.householdAct(c, "confirm", &f, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		return confirmSaved, "下次兑换就照这样确认。", village.SetConfirm(c.UserContext(), p.db, op, at.Actor, home.Household, f.Confirm)
	})
}

// myProxiesPage is the family's own say in who fetches goods for it.
type myProxiesPage struct {
	Fetch proxyPart
}

// View implements web.Page.
func (myProxiesPage) View() (name, title string) { return "me/proxies", "谁替我家领" }

// MyProxies answers GET /me/proxies.
func (p *Pages) MyProxies(c *fiber.Ctx) error {
	part, err := p.proxyPart(c.UserContext(), web.Actor(c).Household)
	if err != nil {
		return err
	}
	return web.Show(c, myProxiesPage{part})
}

// myProxyAct does what the family asks, and shows its page again when that is
// refused.
func (p *Pages) myProxyAct(c *fiber.Ctx, form any, typed *proxyForm, do func(by models.Actor, op db.OpID) (say string, err error)) error {
	op, refused := web.Bind(c, form)
	if refused == nil {
		var say string
		if say, refused = do(web.Actor(c), op); refused == nil {
			web.Flash(c, "ok", say)
			return web.See(c, "/me/proxies")
		}
	}
	part, err := p.proxyPart(c.UserContext(), web.Actor(c).Household)
	if err != nil {
		return err
	}
	part.refuse(*typed, refused)
	return web.Again(c, myProxiesPage{part}, refused)
}

// AddMyProxy answers POST /me/proxies.
func (p *Pages) AddMyProxy(c *fiber.Ctx) error {
	var f proxyForm
	return p.myProxyAct(c, &f, &f, func(by models.Actor, op db.OpID) (string, error) {
		one, err := market.AddProxy(c.UserContext(), p.db, op, by, by.Household, f.asked())
		return "已登记：" + one.Says(), err
	})
}

// EndMyProxy answers POST /me/proxies/:proxy/end.
func (p *Pages) EndMyProxy(c *fiber.Ctx) error {
	return p.myProxyAct(c, &struct{}{}, &proxyForm{}, func(by models.Actor, op db.OpID) (string, error) {
		id, err := web.ID(c, "proxy")
		if err != nil {
			return "", err
		}
		return "已取消，这个人不能再替您家领了", market.EndProxy(c.UserContext(), p.db, op, by, by.Household, id)
	})
}

// SetMyConfirm answers POST /me/confirm.
func (p *Pages) SetMyConfirm(c *fiber.Ctx) error {
	var f confirmForm
	return p.myProxyAct(c, &f, &proxyForm{}, func(by models.Actor, op db.OpID) (string, error) {
		return confirmSaved, village.SetConfirm(c.UserContext(), p.db, op, by, by.Household, f.Confirm)
	})
}
