package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

func (p *Pages) routesCounters(r Routes) {
	up := web.Staff(models.SetUpVillage)
	r.Get("/counter/counters", up, p.Counters)
	r.Post("/counter/counters", up, p.NewCounter)
	r.Get("/counter/counters/:counter", up, p.CounterEdit)
	r.Post("/counter/counters/:counter", up, p.SaveCounter)
	r.Post("/counter/counters/:counter/poster", up, p.RenewPoster)
	r.Post("/counter/counters/:counter/close", up, p.CloseThisCounter)
}

// countersPage lists a village's counters, and takes another.
type countersPage struct {
	counterFrame
	Village string
	Lines   []countersLine
	Form    counterForm
	Kinds   []web.Option
	Errors  map[string]string
}

type countersLine struct {
	market.Counter
	Href string
}

// View implements web.Page.
func (countersPage) View() (name, title string) { return "counter/counters", "兑换点" }

type counterForm struct {
	Name   string `form:"name" label:"名称" max:"64"`
	Kind   string `form:"kind" label:"种类" max:"8"`
	Place  string `form:"place" label:"地点" max:"64"`
	Keeper string `form:"keeper" label:"店主" max:"64"`
}

func (f counterForm) ask(v, counter int64) market.CounterForm {
	return market.CounterForm{Village: v, Counter: counter, Name: f.Name, Kind: f.Kind, Place: f.Place, Keeper: f.Keeper}
}

func counterKinds(now string) []web.Option {
	var out []web.Option
	for _, k := range []struct{ kind, hint string }{{market.OwnCounter, "固定在一处，换村里的货"}, {market.MobileCounter, "兑换日送到各组，换村里的货"}, {market.AlliedCounter, "私人小店，换店里的货，按月结账"}} {
		out = append(out, web.Option{Value: k.kind, Text: market.CounterKindTitle(k.kind), Hint: k.hint, Selected: k.kind == now || now == "" && k.kind == market.OwnCounter})
	}
	return out
}

func countersFrame(v web.Area) counterFrame {
	return counterFrame{site: v.Name + "积分超市", posture: "desk", active: "opening"}
}

func countersPath(v web.Area) string { return "/counter/counters?village=" + models.ID32(v.ID) }

// Counters answers GET /counter/counters.
func (p *Pages) Counters(c *fiber.Ctx) error {
	page, _, err := p.countersPage(c)
	if err != nil {
		return astray(c, err)
	}
	return web.Show(c, page)
}

func (p *Pages) countersPage(c *fiber.Ctx) (page countersPage, v web.Area, err error) {
	if v, err = p.shopVillage(c, models.SetUpVillage); err != nil {
		return page, v, err
	}
	page = countersPage{counterFrame: countersFrame(v), Village: models.ID32(v.ID), Kinds: counterKinds("")}
	all, err := market.AllCounters(c.UserContext(), p.db, v.ID)
	for _, one := range all {
		page.Lines = append(page.Lines, countersLine{one, "/counter/counters/" + models.ID32(one.ID) + "?village=" + models.ID32(v.ID)})
	}
	return page, v, err
}

// shopVillage is the village the request names, or the one this browser worked
// in last, for any of the actions.
func (p *Pages) shopVillage(c *fiber.Ctx, acts ...models.Action) (web.Area, error) {
	v, err := villageForAny(c, acts)
	if last, _ := chosenCounter(c); errors.Is(err, web.ErrWhich) && last != 0 {
		v, err = p.villageAgain(c, last, acts)
	}
	return v, err
}

// NewCounter answers POST /counter/counters.
func (p *Pages) NewCounter(c *fiber.Ctx) error {
	page, v, err := p.countersPage(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &page.Form)
	var made market.Counter
	if err == nil {
		made, err = market.NewCounter(c.UserContext(), p.db, op, web.Actor(c), p.keys, page.Form.ask(v.ID, 0))
	}
	if err != nil {
		page.Kinds, page.Errors = counterKinds(page.Form.Kind), web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已添加“"+made.Name+"”", "打印海报贴到那里，就可以开始兑换。")
	return web.See(c, countersPath(v))
}

// counterEditPage is one counter: what is written about it, its poster, its end.
type counterEditPage struct {
	counterFrame
	market.Counter
	Village, Path string
	Form          counterForm
	Kinds         []web.Option
	Held          int // items in stock
	Others        []web.Option
	Errors        map[string]string
}

// View implements web.Page.
func (p counterEditPage) View() (name, title string) { return "counter/counteredit", p.Name }

// CounterEdit answers GET /counter/counters/:counter.
func (p *Pages) CounterEdit(c *fiber.Ctx) error {
	page, _, err := p.counterEditPage(c)
	if err != nil {
		return astray(c, err)
	}
	return web.Show(c, page)
}

func (p *Pages) counterEditPage(c *fiber.Ctx) (page counterEditPage, v web.Area, err error) {
	ctx := c.UserContext()
	if v, err = p.shopVillage(c, models.SetUpVillage); err != nil {
		return page, v, err
	}
	id, err := web.ID(c, "counter")
	if err != nil {
		return page, v, err
	}
	k, err := market.GetCounter(ctx, p.db, v.ID, id)
	if err != nil {
		return page, v, err
	}
	page = counterEditPage{counterFrame: countersFrame(v), Counter: k, Village: models.ID32(v.ID), Path: "/counter/counters/" + models.ID32(id),
		Form: counterForm{k.Name, k.Kind, k.Place, k.Keeper}, Kinds: counterKinds(k.Kind)}
	if k.Allied() {
		page.Kinds = page.Kinds[2:]
	} else {
		page.Kinds = page.Kinds[:2]
	}
	held, err := market.Stock(ctx, p.db, v.ID, id, p.db.Now().Day())
	if err != nil {
		return page, v, err
	}
	for _, l := range held {
		if l.Qty != 0 {
			page.Held++
		}
	}
	all, err := market.Counters(ctx, p.db, v.ID)
	for _, one := range all {
		if one.ID != id && !one.Allied() {
			page.Others = append(page.Others, web.Option{Value: models.ID32(one.ID), Text: one.Name})
		}
	}
	return page, v, err
}

// SaveCounter answers POST /counter/counters/:counter.
func (p *Pages) SaveCounter(c *fiber.Ctx) error {
	page, v, err := p.counterEditPage(c)
	if err != nil {
		return err
	}
	page.Form = counterForm{}
	op, err := web.Bind(c, &page.Form)
	if err == nil {
		err = market.SaveCounter(c.UserContext(), p.db, op, web.Actor(c), page.Form.ask(v.ID, page.ID))
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已保存“"+page.Form.Name+"”")
	return web.See(c, countersPath(v))
}

// RenewPoster answers POST /counter/counters/:counter/poster.
func (p *Pages) RenewPoster(c *fiber.Ctx) error {
	page, v, err := p.counterEditPage(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err == nil {
		_, err = market.RenewPoster(c.UserContext(), p.db, op, web.Actor(c), p.keys, v.ID, page.ID)
	}
	if err != nil {
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "旧海报已作废", "请打印新海报换上。")
	return web.See(c, "/counter/poster?village="+models.ID32(v.ID)+"&counter="+models.ID32(page.ID))
}

type closeCounterForm struct {
	To int64 `form:"to,id32" label:"货搬到"`
}

// CloseThisCounter answers POST /counter/counters/:counter/close.
func (p *Pages) CloseThisCounter(c *fiber.Ctx) error {
	page, v, err := p.counterEditPage(c)
	if err != nil {
		return err
	}
	var f closeCounterForm
	op, err := web.Bind(c, &f)
	if err == nil {
		err = market.CloseCounter(c.UserContext(), p.db, op, web.Actor(c), v.ID, page.ID, f.To)
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "“"+page.Name+"”已停用", "它的海报不能用了，以前的小票都还在。")
	return web.See(c, countersPath(v))
}
