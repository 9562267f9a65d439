package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// fundPage is one fund with its register, line by line.
type fundPage struct {
	committeeAt
	Fund    market.Fund
	Lines   []fundMove
	In, Out models.Fen
	Form    fundMoveForm
	Kinds   []web.Option
	Today   models.Date
	Back    string
	Print   bool
	Errors  map[string]string
}

// fundMove is a movement with who recorded it.
type fundMove struct {
	market.FundMovement
	Who, Plus, Minus, Paper string
}

// View implements web.Page.
func (p fundPage) View() (name, title string) {
	if p.Print {
		return "committee/fundprint", p.Fund.Name + "收支登记册"
	}
	return "committee/fund", p.Fund.Name
}

// Frame gives the tables room.
func (fundPage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "funds" }

type fundMoveForm struct {
	Kind    string      `form:"kind" label:"收入还是支出" max:"16"`
	Fen     models.Fen  `form:"fen" label:"金额"`
	Less    bool        `form:"less"`
	Purpose string      `form:"purpose,text" label:"来路或用途" max:"120"`
	Day     models.Date `form:"day" label:"日期"`
	Fits    bool        `form:"fits"`
}

func (p *Pages) fundPage(c *fiber.Ctx, at committeeAt, f fundMoveForm) (page fundPage, err error) {
	ctx, today := c.UserContext(), p.db.Now().Day()
	page = fundPage{committeeAt: at, Form: f, Today: today}
	id, err := web.ID(c, "fund")
	if err != nil {
		return page, err
	}
	if page.Fund, err = market.GetFund(ctx, p.db, at.Area.ID, id); err != nil {
		return page, err
	}
	page.Back = at.Href(fundPath(id))
	if page.Form.Day == "" {
		page.Form.Day = today
	}
	for _, k := range []web.Option{{Value: market.FundIn, Text: "收入", Hint: "拨来、捐来、分红"}, {Value: market.FundOut, Text: "支出", Hint: "没有采购单的花费"}, {Value: market.FundFix, Text: "更正", Hint: "以前记错了"}} {
		k.Selected = k.Value == f.Kind || f.Kind == "" && k.Value == market.FundIn
		page.Kinds = append(page.Kinds, k)
	}
	moves, err := market.FundMovements(ctx, p.db, at.Area.ID, id)
	if err != nil {
		return page, err
	}
	who := map[int64]string{}
	for _, m := range moves {
		line := fundMove{FundMovement: m}
		if line.Who, err = p.staffName(c, who, m.Account); err != nil {
			return page, err
		}
		if m.Fen > 0 {
			line.Plus = m.Fen.String()
			page.In += m.Fen
		} else {
			line.Minus = (-m.Fen).String()
			page.Out -= m.Fen
		}
		page.Lines = append(page.Lines, line)
	}
	return page, nil
}

// staffName names an account for a list; known keeps those already read.
func (p *Pages) staffName(c *fiber.Ctx, known map[int64]string, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	if _, ok := known[id]; !ok {
		name, err := p.actorName(c.UserContext(), 0, id)
		if err != nil {
			return "", err
		}
		known[id] = name
	}
	return known[id], nil
}

// Fund answers GET /committee/funds/:fund.
func (p *Pages) Fund(c *fiber.Ctx) error { return p.showFund(c, false) }

// FundSheet answers GET /committee/funds/:fund/print.
func (p *Pages) FundSheet(c *fiber.Ctx) error { return p.showFund(c, true) }

func (p *Pages) showFund(c *fiber.Ctx, print bool) error {
	at, err := committeeFor(c, models.ReadReport)
	if err != nil {
		return p.committeeAstray(c, err, models.ReadReport)
	}
	page, err := p.fundPage(c, at, fundMoveForm{})
	if err != nil {
		return err
	}
	page.Print = print
	return web.Show(c, page)
}

// MoveFund answers POST /committee/funds/:fund/move.
func (p *Pages) MoveFund(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "fund")
	if err != nil {
		return err
	}
	var f fundMoveForm
	op, err := web.Bind(c, &f)
	var m market.FundMovement
	if err == nil {
		ask := market.FundAsk{Village: at.Area.ID, Fund: id, Kind: f.Kind, Fen: f.Fen, Purpose: f.Purpose, Day: f.Day, Fits: f.Fits}
		if f.Less && f.Kind == market.FundFix {
			ask.Fen = -ask.Fen
		}
		m, err = market.MoveFund(c.UserContext(), p.db, op, web.Actor(c), ask)
	}
	if err != nil {
		return p.fundAgain(c, at, f, err)
	}
	after, err := market.GetFund(c.UserContext(), p.db, at.Area.ID, id)
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "已记"+m.KindTitle()+" "+max(m.Fen, -m.Fen).String()+" 元", "“"+after.Name+"”现在有 "+after.Fen.String()+" 元。")
	return web.See(c, at.Href(fundPath(id)))
}

func (p *Pages) fundAgain(c *fiber.Ctx, at committeeAt, f fundMoveForm, err error) error {
	page, lost := p.fundPage(c, at, f)
	if lost != nil {
		return lost
	}
	page.Errors = web.Errors(err)
	return web.Again(c, page, err)
}

// SaveFund answers POST /committee/funds/:fund/save.
func (p *Pages) SaveFund(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "fund")
	if err != nil {
		return err
	}
	var f fundForm
	op, err := web.Bind(c, &f)
	if err == nil {
		err = market.SaveFund(c.UserContext(), p.db, op, web.Actor(c), at.Area.ID, id, f.Name, f.Donor, f.Consent)
	}
	if err != nil {
		return p.fundAgain(c, at, fundMoveForm{}, err)
	}
	web.Flash(c, "ok", "已保存", "钱没有变动。")
	return web.See(c, at.Href(fundPath(id)))
}

// CloseFund answers POST /committee/funds/:fund/close.
func (p *Pages) CloseFund(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "fund")
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err == nil {
		err = market.CloseFund(c.UserContext(), p.db, op, web.Actor(c), at.Area.ID, id)
	}
	if err != nil {
		return p.fundAgain(c, at, fundMoveForm{}, err)
	}
	web.Flash(c, "ok", "已停用", "以前的收支都还在，可以随时查、打印。")
	return web.See(c, at.Href("/committee/funds"))
}
