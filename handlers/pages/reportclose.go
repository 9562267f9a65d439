package pages

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/report"
)

// closingPage asks before a village's quarter is closed for good.
type closingPage struct {
	reportFrame
	Village  string
	Quarter  models.Quarter
	Action   string
	Back     string
	Open     bool // it can be closed now
	Why      string
	Warnings []string
	Tiles    []reportTile
	Checks   []reportCheck
}

// reportCheck is one thing to look at before closing.
type reportCheck struct {
	Text, Href string
	OK         bool
}

// View implements web.Page.
func (p closingPage) View() (name, title string) {
	return "reports/close", p.Village + " " + p.Quarter.String() + " 封账"
}

// ClosingQuarter answers GET /reports/:area/close.
func (p *Pages) ClosingQuarter(c *fiber.Ctx) error {
	page, err := p.closingPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// closingPage reads what is about to be closed.
func (p *Pages) closingPage(c *fiber.Ctx) (closingPage, error) {
	in, err := p.reportIn(c)
	if err != nil {
		return closingPage{}, err
	}
	if in.Area.Level != "village" {
		return closingPage{}, models.ErrNotFound.With("只有村能封账，请先选一个村")
	}
	if err := web.Actor(c).May(models.CloseQuarter, in.Area.Place); err != nil {
		return closingPage{}, err
	}
	s, before, err := p.reportSheets(c.UserContext(), in.Area.ID, in.Quarter, false)
	if err != nil {
		return closingPage{}, err
	}
	page := closingPage{reportFrame: reportFrameOf(s), Village: s.Name, Quarter: s.Quarter, Action: reportHref(s.Area, "/close", s.Quarter), Back: reportHref(s.Area, "", s.Quarter),
		Open: reportMayClose(web.Actor(c), s), Tiles: reportTiles(s, before, "participation", "acts", "redemption_visits", "spent_yuan"), Checks: closingChecks(s)}
	switch {
	case s.Closed:
		page.Why = "这个季度已经封账，内容不再变动。"
	case !page.Open:
		page.Why = "这个季度还没过完，" + s.Quarter.End().Short() + "起才能封账。"
	}
	page.Warnings, err = report.Warnings(c.UserContext(), p.db, s.Area, s.Quarter)
	return page, err
}

// closingChecks are what a village can still put right before it closes.
func closingChecks(s report.Sheet) []reportCheck {
	at := reportScope{area: s.Area, q: s.Quarter}
	var list []reportCheck
	for _, key := range []string{"coverage_rules", "coverage_notice", "coverage_exchange", "posted_on_time", "seal"} {
		i, _ := report.Find(key)
		num, den := i.Of(s.Sum)
		check := reportCheck{Text: strings.TrimPrefix(i.Name, "其中：") + " " + i.Fraction(s.Sum), Href: at.open(key), OK: num >= den}
		list = append(list, check)
	}
	return list
}

// CloseQuarter answers POST /reports/:area/close.
func (p *Pages) CloseQuarter(c *fiber.Ctx) error {
	page, err := p.closingPage(c)
	if err != nil {
		return err
	}
	var form struct{}
	op, err := web.Bind(c, &form)
	if err != nil {
		return web.Again(c, page, err)
	}
	area, err := web.AreaFor(c, models.CloseQuarter)
	if err != nil {
		return err
	}
	r, err := report.Close(c.UserContext(), p.db, op, web.Actor(c), area.ID, page.Quarter, ledger.CloseMonth)
	if err != nil {
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", page.Quarter.String()+"已封账，防伪码 "+r.Code, "这个季度的数字不再变动；之后补记、更正的都算到下个季度。现在可以导出工作簿、打印盖章上报。")
	return web.See(c, page.Back)
}
