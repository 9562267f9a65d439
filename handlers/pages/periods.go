package pages

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
)

func (p *Pages) routesPeriods(r Routes) {
	staff, hang, above := web.Staff(models.ReviewAwards), web.Staff(models.HangNotice), web.Staff(models.DecideAbove)
	r.Get("/committee/periods", staff, p.Periods)
	r.Post("/committee/periods/base", staff, p.GiveBase)
	r.Get("/committee/periods/month", staff, p.MonthBonus)
	r.Post("/committee/periods/month", staff, p.RecordMonthBonus)
	r.Get("/committee/periods/clearing", staff, p.NewClearing)
	r.Post("/committee/periods/clearing", staff, p.AnnounceClearing)
	r.Get("/committee/periods/clearing/:clearing", staff, p.Clearing)
	r.Get("/committee/periods/clearing/:clearing/poster", staff, p.ClearingPoster)
	r.Get("/committee/periods/clearing/:clearing/list", staff, p.ClearingList)
	r.Post("/committee/periods/clearing/:clearing/hang", hang, p.HangClearing, web.Upload)
	r.Post("/committee/periods/clearing/:clearing/move", staff, p.MoveClearing)
	r.Post("/committee/periods/clearing/:clearing/drop", staff, p.DropClearing)
	r.Post("/committee/periods/clearing/:clearing/undo", staff, p.AskUndoClearing)
	r.Get("/above/clearings", above, p.ClearingsAbove)
	r.Post("/above/clearings/:village/:clearing/agree", above, p.AgreeUndoClearing)
	r.Post("/above/clearings/:village/:clearing/refuse", above, p.RefuseUndoClearing)
	r.Get("/v/:village/clearing/:clearing", web.Anybody, p.BoardClearing)
}

// periodRule is a rule that is applied to everybody at once.
type periodRule struct {
	ID, Item, Text string
	Given, Of      int
	Span           string
	Months         []web.Option
}

// periodsPage is what a village does at the turn of a month, a quarter or a year.
type periodsPage struct {
	committeeAt
	Bases, Months []periodRule
	Clearings     []clearingLine
	Unspent       models.Points
	Rules         bool
	Today         models.Date
	Errors        map[string]string
}

// clearingLine is a clearing in a list.
type clearingLine struct {
	award.Clearing
	Href      string
	Tag, Kind string
	Says      string
}

// View implements web.Page.
func (periodsPage) View() (name, title string) { return "committee/periods", "积分周期" }

// Periods answers GET /committee/periods.
func (p *Pages) Periods(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	page, err := p.periodsPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) periodsPage(c *fiber.Ctx, at committeeAt) (page periodsPage, err error) {
	ctx, v, today := c.UserContext(), at.Area.ID, p.db.Now().Day()
	page = periodsPage{committeeAt: at, Today: today}
	books, err := ledger.Balances(ctx, p.db, v)
	if err != nil {
		return page, err
	}
	for _, b := range books {
		page.Unspent += max(b.Balance, 0)
	}
	all, err := award.Clearings(ctx, p.db, v)
	if err != nil {
		return page, err
	}
	for _, k := range all {
		page.Clearings = append(page.Clearings, clearingLineOf(at, k, p.db.Now()))
	}
	version, err := scheme.Current(ctx, p.db, v, today)
	if errors.Is(err, scheme.ErrNoRules) {
		return page, nil
	}
	if err != nil {
		return page, err
	}
	book, err := scheme.Load(ctx, p.db, v, version.ID)
	if err != nil {
		return page, err
	}
	page.Rules = true
	for _, r := range book.Rules {
		one := periodRule{ID: models.ID32(r.ID), Item: r.Item, Text: r.Text()}
		switch {
		case r.Direction == scheme.Base:
			one.Span = spanText(award.BasePeriod(r, today))
			if one.Given, one.Of, err = award.BaseStanding(ctx, p.db, r, today); err != nil {
				return page, err
			}
			page.Bases = append(page.Bases, one)
		case r.BandBy == scheme.ByMonth:
			for i := 1; i <= 3; i++ {
				m := today.Month().Add(-i)
				one.Months = append(one.Months, web.Option{Value: fmt.Sprint(int(m)), Text: m.String()})
			}
			page.Months = append(page.Months, one)
		}
	}
	return page, nil
}

// spanText is a half-open span in words: 2026年1月1日 至 12月31日.
func spanText(from, until models.Date) string {
	return dayLong(from) + " 至 " + dayLong(until.AddDays(-1))
}

// dayLong is a day with its year, for papers: 2026年11月23日.
func dayLong(d models.Date) string {
	if len(d) != 10 {
		return string(d)
	}
	return string(d[:4]) + "年" + d.Short()
}

// GiveBase answers POST /committee/periods/base.
func (p *Pages) GiveBase(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	var f struct {
		Rule int64 `form:"rule,id32,required" label:"哪一项"`
	}
	op, refused := web.Bind(c, &f)
	if refused == nil {
		var done award.BaseGiven
		if done, refused = award.GiveBase(c.UserContext(), p.db, op, at.Actor, at.Area.ID, f.Rule, p.db.Now().Day()); refused == nil {
			text := fmt.Sprintf("已给 %d 户记上基础分，共 %s 分", done.Households, done.Points)
			if done.Households == 0 {
				text = "没有新的户要记：这一期都记过了"
			}
			web.Flash(c, "ok", text, fmt.Sprintf("只进总得分，不能换东西；%d 户以前已经记过，没有重复记。", done.Before))
			return web.See(c, at.Href("/committee/periods"))
		}
	}
	page, err := p.periodsPage(c, at)
	if err != nil {
		return err
	}
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

// monthPage shows what a month's score is worth, before anything is recorded.
type monthPage struct {
	committeeAt
	Rule   scheme.Rule
	RuleID string
	Month  models.Month
	Lines  []award.MonthLine
	Due    int
	Points models.Points
	Kin    int
	Waits  int // acts of the month that are not posted yet
}

// View implements web.Page.
func (p monthPage) View() (name, title string) {
	return "committee/month", p.Month.String() + "得分奖励"
}

// Scored are the households with a score or a bonus; the rest had nothing that
// month.
func (p monthPage) Scored() []award.MonthLine {
	var all []award.MonthLine
	for _, l := range p.Lines {
		if l.Score != 0 || l.Bonus != 0 {
			all = append(all, l)
		}
	}
	return all
}

type monthForm struct {
	Rule  int64        `form:"rule,id32,required" label:"哪一项"`
	Month models.Month `form:"month,required" label:"哪个月"`
}

// MonthBonus answers GET /committee/periods/month.
func (p *Pages) MonthBonus(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	var f monthForm
	if _, err := web.Bind(c, &f); err != nil {
		return p.periodsRefused(c, at, err)
	}
	page, err := p.monthPage(c, at, f)
	if err != nil {
		return p.periodsRefused(c, at, err)
	}
	return web.Show(c, page)
}

// periodsRefused shows the periods with what was refused.
func (p *Pages) periodsRefused(c *fiber.Ctx, at committeeAt, refused error) error {
	page, err := p.periodsPage(c, at)
	if err != nil {
		return err
	}
	return web.Again(c, page, refused)
}

func (p *Pages) monthPage(c *fiber.Ctx, at committeeAt, f monthForm) (page monthPage, err error) {
	page = monthPage{committeeAt: at, RuleID: models.ID32(f.Rule), Month: f.Month}
	page.Lines, page.Rule, err = award.MonthPreview(c.UserContext(), p.db, at.Actor, at.Area.ID, f.Rule, f.Month)
	for _, l := range page.Lines {
		page.Waits += l.Waits
		switch {
		case l.Due():
			page.Due, page.Points = page.Due+1, page.Points+l.Bonus
		case l.Kin && l.Bonus > 0 && !l.Had:
			page.Kin++
		}
	}
	return page, err
}

// RecordMonthBonus answers POST /committee/periods/month.
func (p *Pages) RecordMonthBonus(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	var f monthForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return p.periodsRefused(c, at, err)
	}
	done, refused := award.RecordMonth(c.UserContext(), p.db, op, at.Actor, at.Area.ID, f.Rule, f.Month)
	if refused != nil {
		page, err := p.monthPage(c, at, f)
		if err != nil {
			return err
		}
		return web.Again(c, page, refused)
	}
	web.Flash(c, "ok", fmt.Sprintf("%s的得分奖励已记 %d 户", f.Month, len(done)), "和别的加分一样公示、到账。")
	return web.See(c, at.Href("/committee/periods/month", "rule", models.ID32(f.Rule), "month", fmt.Sprint(int(f.Month))))
}
