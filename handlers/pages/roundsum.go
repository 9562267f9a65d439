package pages

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
)

// roundSumPage is what a round has seen, and what it has not.
type roundSumPage struct {
	committeeAt
	Round   award.Round
	ID      string
	Where   string
	By      string
	Counts  []roundCount
	Missing []roundMissing
	Total   int
	Done    int
	Bars    any
	Lanes   *web.Table
	Lately  any
	Walk    string
	Paper   string
	Key     string
}

type roundCount struct {
	Title string
	N     int
}

type roundMissing struct{ Who, Where, Why, Href string }

// View implements web.Page.
func (p roundSumPage) View() (name, title string) { return "committee/roundsum", p.Round.Name }

// Frame keeps the bar on its entry.
func (roundSumPage) Frame(f *web.Frame) { f.Active = "award" }

// RoundSum answers GET /committee/rounds/:round/sum.
func (p *Pages) RoundSum(c *fiber.Ctx) error {
	at, r, err := p.roundInHand(c)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	page, err := p.roundSum(c, at, r)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) roundSum(c *fiber.Ctx, at committeeAt, r award.Round) (page roundSumPage, err error) {
	ctx := c.UserContext()
	page = roundSumPage{committeeAt: at, Round: r, ID: models.ID32(r.ID), Walk: roundPath(at, r, ""), Paper: roundPath(at, r, "/sheet"), Key: roundPath(at, r, "/key")}
	doors, err := p.doorsOf(ctx, at, r)
	if err != nil {
		return page, err
	}
	if page.Where, err = p.roundWhere(ctx, r); err != nil {
		return page, err
	}
	if a, err := account.Get(ctx, p.db, r.MadeBy); err == nil {
		page.By = a.Name
	}
	n := map[string]int{}
	for _, d := range doors {
		n[d.Mark.Result]++
		if d.Mark.Final() {
			page.Done++
		}
		if !d.Missing() {
			continue
		}
		why := "还没走到"
		switch {
		case d.Mark.Result == award.Away:
			why = "无人，回头再来"
		case d.Mark.Result == award.Handed || at.Kin(d.Household):
			why = "回避，请同事记"
		}
		page.Missing = append(page.Missing, roundMissing{d.Label(), d.Lane, why, roundPath(at, r, "", "door", models.ID32(d.ID))})
	}
	page.Total = len(doors)
	for _, o := range award.ResultNames {
		if n[o.Key] > 0 {
			page.Counts = append(page.Counts, roundCount{o.Title, n[o.Key]})
		}
	}
	return page, p.roundPictures(c, &page, r, doors)
}

// roundPictures draws how many doors passed, now and over the last ninety days.
func (p *Pages) roundPictures(c *fiber.Ctx, page *roundSumPage, r award.Round, doors []award.Door) error {
	now := award.RoundRates(r, doors)
	page.Bars = rateBars("这一轮", now)
	if len(now) > 1 {
		t := web.Table{Caption: "各巷道", Heads: []web.Head{{Text: "巷道"}, {Text: "看了", Num: true}, {Text: "合格", Num: true}, {Text: "合格率", Num: true}}}
		for _, one := range now {
			t.Rows = append(t.Rows, []web.Cell{{Text: strings.TrimSpace(groupName(one.Group) + " " + one.Lane)}, {Text: countOf(one.Inspected)}, {Text: countOf(one.Passed)}, {Text: rateText(one)}})
		}
		page.Lanes = &t
	}
	until := r.Day.AddDays(1)
	lately, err := award.LastMarks(c.UserContext(), p.db, r.Village, until.AddDays(-90), until)
	if err == nil && !slices.Equal(lately, now) {
		page.Lately = rateBars("90 天里每户最近的一次", lately)
	}
	return err
}

func rateText(r award.Rate) string { return fmt.Sprintf("%.0f%%", r.Share()) }

// rateBars is nil when nothing was inspected.
func rateBars(what string, rates []award.Rate) any {
	groups := award.ByGroup(rates)
	var bars []web.Bar
	passed, inspected := 0, 0
	for _, g := range groups {
		passed, inspected = passed+g.Passed, inspected+g.Inspected
		bars = append(bars, web.Bar{Label: groupName(g.Group), Value: g.Share(), Text: fmt.Sprintf("%s（%d/%d）", rateText(g), g.Passed, g.Inspected)})
	}
	if inspected == 0 {
		return nil
	}
	all := award.Rate{Passed: passed, Inspected: inspected}
	return web.Bars(fmt.Sprintf("%s：看了 %d 户，%d 户合格，合格率 %s", what, inspected, passed, rateText(all)), 100, bars)
}

// CloseRound answers POST /committee/rounds/:round/close.
func (p *Pages) CloseRound(c *fiber.Ctx) error {
	return p.turnRound(c, func(at committeeAt, r award.Round, op db.OpID) error {
		err := award.CloseRound(c.UserContext(), p.db, op, at.Actor, at.Area.ID, r.ID)
		if err == nil {
			web.Flash(c, "ok", r.Name+"结束了", "没走到的户列在下面；要补记，可以重新打开。")
		}
		return err
	})
}

// ReopenRound answers POST /committee/rounds/:round/open.
func (p *Pages) ReopenRound(c *fiber.Ctx) error {
	return p.turnRound(c, func(at committeeAt, r award.Round, op db.OpID) error {
		err := award.ReopenRound(c.UserContext(), p.db, op, at.Actor, at.Area.ID, r.ID)
		if err == nil {
			web.Flash(c, "ok", r.Name+"重新打开了", "可以接着记。")
		}
		return err
	})
}

func (p *Pages) turnRound(c *fiber.Ctx, turn func(committeeAt, award.Round, db.OpID) error) error {
	at, r, err := p.roundInHand(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err != nil {
		return err
	}
	if err := turn(at, r, op); err != nil {
		return err
	}
	return web.See(c, roundPath(at, r, "/sum"))
}
