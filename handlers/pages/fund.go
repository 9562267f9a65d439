package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

func (p *Pages) routesFund(r Routes) {
	read, keep := web.Staff(models.ReadReport), web.Staff(models.SetUpVillage)
	r.Get("/committee/funds", read, p.Funds)
	r.Post("/committee/funds", keep, p.AddFund)
	r.Get("/committee/funds/print", read, p.FundsSheet)
	r.Get("/committee/funds/:fund", read, p.Fund)
	r.Get("/committee/funds/:fund/print", read, p.FundSheet)
	r.Post("/committee/funds/:fund/move", keep, p.MoveFund)
	r.Post("/committee/funds/:fund/save", keep, p.SaveFund)
	r.Post("/committee/funds/:fund/close", keep, p.CloseFund)
}

// fundsPage lists a village's money by where it comes from.
type fundsPage struct {
	committeeAt
	Year    int
	Lines   []fundLine
	Sum     market.FundSum
	Form    fundForm
	Sources []web.Option
	Now     string
	Print   bool
	Errors  map[string]string
}

// fundLine is a fund with what moved in it this year.
type fundLine struct {
	market.Fund
	market.FundSum
	Href string
}

// View implements web.Page.
func (p fundsPage) View() (name, title string) {
	if p.Print {
		return "committee/fundsprint", "资金总表"
	}
	return "committee/funds", "资金"
}

// Frame gives the tables room.
func (fundsPage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "funds" }

type fundForm struct {
	Name     string `form:"name" label:"名称" max:"64"`
	Source   string `form:"source" label:"来源" max:"16"`
	Purpose  string `form:"purpose" label:"指定用途" max:"120"`
	Directed bool   `form:"directed"`
	Donor    string `form:"donor" label:"捐赠人" max:"64"`
	Consent  bool   `form:"consent"`
}

func (p *Pages) fundsPage(c *fiber.Ctx, at committeeAt, f fundForm) (page fundsPage, err error) {
	ctx, today := c.UserContext(), p.db.Now().Day()
	from := models.Date(today[:4] + "-01-01")
	page = fundsPage{committeeAt: at, Year: int(today.Month()) / 100, Form: f, Now: dayLong(today)}
	sums, err := market.FundSums(ctx, p.db, at.Area.ID, from, today.AddDays(1))
	if err != nil {
		return page, err
	}
	all, err := market.Funds(ctx, p.db, at.Area.ID)
	for _, one := range all {
		s := sums[one.ID]
		page.Lines = append(page.Lines, fundLine{one, s, at.Href(fundPath(one.ID))})
		page.Sum = market.FundSum{Before: page.Sum.Before + s.Before, In: page.Sum.In + s.In, Out: page.Sum.Out + s.Out, After: page.Sum.After + s.After}
	}
	for _, s := range market.FundSources {
		page.Sources = append(page.Sources, web.Option{Value: s.Key, Text: s.Title, Selected: s.Key == f.Source})
	}
	return page, err
}

func fundPath(id int64) string { return "/committee/funds/" + models.ID32(id) }

// Funds answers GET /committee/funds.
func (p *Pages) Funds(c *fiber.Ctx) error { return p.showFunds(c, false) }

// FundsSheet answers GET /committee/funds/print.
func (p *Pages) FundsSheet(c *fiber.Ctx) error { return p.showFunds(c, true) }

func (p *Pages) showFunds(c *fiber.Ctx, print bool) error {
	at, err := committeeFor(c, models.ReadReport)
	if err != nil {
		return p.committeeAstray(c, err, models.ReadReport)
	}
	page, err := p.fundsPage(c, at, fundForm{})
	if err != nil {
		return err
	}
	page.Print = print
	return web.Show(c, page)
}

// AddFund answers POST /committee/funds.
func (p *Pages) AddFund(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f fundForm
	op, err := web.Bind(c, &f)
	var made market.Fund
	if err == nil {
		made, err = market.AddFund(c.UserContext(), p.db, op, web.Actor(c), market.FundForm{Village: at.Area.ID, Name: f.Name, Source: f.Source, Purpose: f.Purpose, Directed: f.Directed, Donor: f.Donor, Consent: f.Consent})
	}
	if err != nil {
		page, lost := p.fundsPage(c, at, f)
		if lost != nil {
			return lost
		}
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已登记“"+made.Name+"”", "现在里面还没有钱，到账了就在下面记一笔收入。")
	return web.See(c, at.Href(fundPath(made.ID)))
}
