package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

func (p *Pages) routesSettlements(r Routes) {
	shop, up := web.Staff(models.KeepStock), web.Staff(models.SetUpVillage)
	r.Get("/counter/settlements", shop, p.Settlements)
	r.Post("/counter/settlements", shop, p.DrawSettlement)
	r.Get("/counter/settlements/:settlement", shop, p.Settlement)
	r.Get("/counter/settlements/:settlement/print", shop, p.SettlementSheet)
	r.Post("/counter/settlements/:settlement/dispute", shop, p.DisputeSettlement)
	r.Post("/counter/settlements/:settlement/answer", up, p.AnswerSettlement)
	r.Post("/counter/settlements/:settlement/sign", up, p.SignSettlement)
	r.Post("/counter/settlements/:settlement/pay", up, p.PaySettlement)
}

// settlementsPage lists what the allied shops are owed, and draws a month.
type settlementsPage struct {
	counterFrame
	Village string
	Lines   []settlementLine
	Shops   []web.Option
	Months  []web.Option
	Errors  map[string]string
}

type settlementLine struct {
	market.Settlement
	Href string
}

// View implements web.Page.
func (settlementsPage) View() (name, title string) { return "counter/settlements", "商户结算" }

func settlementPath(v, id int64) string {
	return "/counter/settlements/" + models.ID32(id) + "?village=" + models.ID32(v)
}

// Settlements answers GET /counter/settlements.
func (p *Pages) Settlements(c *fiber.Ctx) error {
	page, _, err := p.settlementsPage(c)
	if err != nil {
		return astray(c, err)
	}
	return web.Show(c, page)
}

func (p *Pages) settlementsPage(c *fiber.Ctx) (page settlementsPage, v web.Area, err error) {
	ctx := c.UserContext()
	if v, err = p.shopVillage(c, models.KeepStock); err != nil {
		return page, v, err
	}
	page = settlementsPage{counterFrame: countersFrame(v), Village: models.ID32(v.ID)}
	list, err := market.Settlements(ctx, p.db, v.ID)
	if err != nil {
		return page, v, err
	}
	for _, s := range list {
		page.Lines = append(page.Lines, settlementLine{s, settlementPath(v.ID, s.ID)})
	}
	for m := p.db.Now().Month().Add(-1); len(page.Months) < 12; m = m.Add(-1) {
		page.Months = append(page.Months, web.Option{Value: strconv.Itoa(int(m)), Text: m.String()})
	}
	all, err := market.AllCounters(ctx, p.db, v.ID)
	for _, k := range all {
		if k.Allied() {
			page.Shops = append(page.Shops, web.Option{Value: models.ID32(k.ID), Text: k.Name})
		}
	}
	return page, v, err
}

type settlementDrawForm struct {
	Counter int64        `form:"counter,id32,required" label:"商户"`
	Month   models.Month `form:"month" label:"月份"`
}

// DrawSettlement answers POST /counter/settlements.
func (p *Pages) DrawSettlement(c *fiber.Ctx) error {
	page, v, err := p.settlementsPage(c)
	if err != nil {
		return err
	}
	var f settlementDrawForm
	op, err := web.Bind(c, &f)
	var s market.Settlement
	if err == nil {
		s, err = market.DrawSettlement(c.UserContext(), p.db, op, web.Actor(c), v.ID, f.Counter, f.Month)
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", s.CounterName+" "+s.Month.String()+"的结算单已生成", "请打印出来，和店主一起核对。")
	return web.See(c, settlementPath(v.ID, s.ID))
}

// settlementPage is one shop's month.
type settlementPage struct {
	counterFrame
	market.Settlement
	Village, Path, Shop           string
	Lines                         []market.SettleLine
	Funds                         []web.Option
	FundName                      string
	MaySay, MayDecide, MustReturn bool
	Form                          settlementForm
	Errors                        map[string]string
	Print, Trial                  bool
}

type settlementForm struct {
	Text string      `form:"text,text" label:"说明" max:"200"`
	Day  models.Date `form:"day" label:"付款日期"`
	How  string      `form:"how" label:"付款方式" max:"64"`
	Fund int64       `form:"fund,id32" label:"资金"`
	Fits bool        `form:"fits"`
}

// View implements web.Page.
func (p settlementPage) View() (name, title string) {
	if p.Print {
		return "counter/settlementsheet", "商户结算单"
	}
	return "counter/settlement", p.CounterName + " " + p.Month.String()
}

// Settlement answers GET /counter/settlements/:settlement.
func (p *Pages) Settlement(c *fiber.Ctx) error {
	page, _, err := p.settlementPage(c)
	if err != nil {
		return astray(c, err)
	}
	return web.Show(c, page)
}

// SettlementSheet answers GET /counter/settlements/:settlement/print: the sheet
// that shop and village sign.
func (p *Pages) SettlementSheet(c *fiber.Ctx) error {
	page, _, err := p.settlementPage(c)
	if err != nil {
		return astray(c, err)
	}
	page.Print = true
	return web.Show(c, page)
}

func (p *Pages) settlementPage(c *fiber.Ctx) (page settlementPage, v web.Area, err error) {
	ctx, by := c.UserContext(), web.Actor(c)
	if v, err = p.shopVillage(c, models.KeepStock); err != nil {
		return page, v, err
	}
	id, err := web.ID(c, "settlement")
	if err != nil {
		return page, v, err
	}
	s, err := market.GetSettlement(ctx, p.db, v.ID, id)
	if err != nil {
		return page, v, err
	}
	page = settlementPage{counterFrame: countersFrame(v), Settlement: s, Village: models.ID32(v.ID), Path: "/counter/settlements/" + models.ID32(id), Shop: v.Name + "积分超市", Trial: p.trial,
		MaySay: s.State == market.SettleDrawn || s.State == market.SettleAnswered, MayDecide: by.Can(models.SetUpVillage, v.Place), MustReturn: s.Fen < 0, Form: settlementForm{Day: p.db.Now().Day()}}
	if page.Lines, err = market.SettleLines(ctx, p.db, v.ID, id); err != nil || !s.Locked() {
		return page, v, err
	}
	funds, err := market.Funds(ctx, p.db, v.ID)
	for _, f := range funds {
		if f.ID == s.Fund {
			page.FundName = f.Name
		}
		if f.ClosedAt == 0 {
			page.Funds = append(page.Funds, web.Option{Value: models.ID32(f.ID), Text: f.Name + "（剩 " + f.Fen.String() + " 元）"})
		}
	}
	return page, v, err
}

// settlementStep does one of a settlement's steps and shows it again.
func (p *Pages) settlementStep(c *fiber.Ctx, done, more string, step func(op db.OpID, v web.Area, page settlementPage) error) error {
	page, v, err := p.settlementPage(c)
	if err != nil {
		return err
	}
	page.Form = settlementForm{}
	op, err := web.Bind(c, &page.Form)
	if err == nil {
		err = step(op, v, page)
	}
	if err != nil {
		for i := range page.Funds {
			page.Funds[i].Selected = page.Funds[i].Value == models.ID32(page.Form.Fund)
		}
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", done, more)
	return web.See(c, settlementPath(v.ID, page.ID))
}

// DisputeSettlement answers POST /counter/settlements/:settlement/dispute.
func (p *Pages) DisputeSettlement(c *fiber.Ctx) error {
	return p.settlementStep(c, "异议已记下", "村委答复以后才能签字。", func(op db.OpID, v web.Area, page settlementPage) error {
		return market.DisputeSettlement(c.UserContext(), p.db, op, web.Actor(c), v.ID, page.ID, page.Form.Text)
	})
}

// AnswerSettlement answers POST /counter/settlements/:settlement/answer.
func (p *Pages) AnswerSettlement(c *fiber.Ctx) error {
	return p.settlementStep(c, "答复已记下", "商户认可了就签字。", func(op db.OpID, v web.Area, page settlementPage) error {
		return market.AnswerSettlement(c.UserContext(), p.db, op, web.Actor(c), v.ID, page.ID, page.Form.Text)
	})
}

// SignSettlement answers POST /counter/settlements/:settlement/sign.
func (p *Pages) SignSettlement(c *fiber.Ctx) error {
	return p.settlementStep(c, "已签字，这张结算单不能再改", "付款以后回来记一笔。", func(op db.OpID, v web.Area, page settlementPage) error {
		return market.SignSettlement(c.UserContext(), p.db, op, web.Actor(c), v.ID, page.ID)
	})
}

// PaySettlement answers POST /counter/settlements/:settlement/pay.
func (p *Pages) PaySettlement(c *fiber.Ctx) error {
	return p.settlementStep(c, "付款已记下", "资金账上已记支出。", func(op db.OpID, v web.Area, page settlementPage) error {
		f := page.Form
		return market.PaySettlement(c.UserContext(), p.db, op, web.Actor(c), market.SettlePayment{Village: v.ID, Settlement: page.ID, Day: f.Day, How: f.How, Fund: f.Fund, Fits: f.Fits})
	})
}
