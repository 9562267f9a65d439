package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
	"pointstore/models/village"
)

func (p *Pages) routesAbove(r Routes) {
	above := web.Staff(models.DecideAbove)
	r.Nav("above", p.reportNav)
	r.Get("/above", above, p.Above)
	r.Get("/above/print", above, p.PrintAbove)
	r.Get("/above/:village/objections/:objection", above, p.AboveObjection)
	r.Post("/above/:village/objections/:objection", above, p.AboveAnswer)
	r.Post("/above/:village/awards", above, p.AboveAwards)
}

// abovePage is the township's desk: what came up from its villages, the nearest
// deadline first.
type abovePage struct {
	Area       web.Area
	Objections []objectionLine
	Awards     []aboveVillage
	Clearings  int // that villages ask to take back
	Count      int
	Late       int
	Print      bool
	Now        string
	Errors     map[string]string
}

// aboveVillage are the awards that one village has nobody to decide.
type aboveVillage struct {
	ID, Name string
	Lines    []aboveLine
}

type aboveLine struct {
	award.AboveLine
	ID, Who, What, When, Due, State string
	Outcome, Why                    string // as typed, when it was refused
	Kin                             bool
}

// View implements web.Page.
func (p abovePage) View() (name, title string) {
	if p.Print {
		return "objection/aboveprint", "乡镇待办清单"
	}
	return "objection/above", "等乡镇答复"
}

// Above answers GET /above.
func (p *Pages) Above(c *fiber.Ctx) error { return p.showAbove(c, false) }

// PrintAbove answers GET /above/print.
func (p *Pages) PrintAbove(c *fiber.Ctx) error { return p.showAbove(c, true) }

func (p *Pages) showAbove(c *fiber.Ctx, print bool) error {
	page, err := p.abovePage(c)
	if err != nil {
		return err
	}
	page.Print = print
	return web.Show(c, page)
}

func (p *Pages) abovePage(c *fiber.Ctx) (page abovePage, err error) {
	if page.Area, err = web.AreaFor(c, models.DecideAbove); err != nil {
		return page, err
	}
	ctx, by, now := c.UserContext(), web.Actor(c), p.db.Now()
	page.Now = minute(now)
	all, err := notice.WithTownship(ctx, p.db, page.Area.ID)
	if err != nil {
		return page, err
	}
	t := p.aboveTeller(c)
	for _, o := range all {
		area, err := village.GetArea(ctx, p.db, o.Village)
		if err != nil {
			return page, err
		}
		l, err := p.objectionLine(t, o, by, area.Place())
		if err != nil {
			return page, err
		}
		l.Place, l.Href = area.Name, aboveHref(o)
		page.Count++
		if l.Late {
			page.Late++
		}
		page.Objections = append(page.Objections, l)
	}
	asked, err := award.ClearingsAsked(ctx, p.db, page.Area.ID)
	if err != nil {
		return page, err
	}
	page.Clearings = len(asked)
	page.Count += len(asked)
	return page, p.aboveAwards(c, &page)
}

// aboveText is the entry in the bar, with how much waits. A count that cannot be
// read is left out: the page itself will say what is wrong.
func (p *Pages) aboveText(c *fiber.Ctx) string {
	sum, seen := 0, map[int64]bool{}
	for _, g := range web.Actor(c).Grants {
		if seen[g.Area] || !(models.Actor{Grants: []models.Grant{g}}).Any(models.DecideAbove) {
			continue
		}
		seen[g.Area] = true
		n, err := award.CountAbove(c.UserContext(), p.db, g.Area)
		if err != nil {
			return "要答复"
		}
		sum += n
	}
	if sum == 0 {
		return "要答复"
	}
	return "要答复 " + strconv.Itoa(sum)
}

// aboveTeller masks families, whose full names stay in the village, and names
// people at work.
func (p *Pages) aboveTeller(c *fiber.Ctx) *objectionTeller {
	t := p.objectionTeller(c.UserContext(), false)
	t.staff = true
	return t
}

func aboveHref(o notice.Objection) string {
	return "/above/" + models.ID32(o.Village) + "/objections/" + models.ID32(o.ID)
}

var aboveStates = map[string]string{award.Claimed: "等初审", award.Checked: "等评议", award.Pending: "等第二人批准"}

func (p *Pages) aboveAwards(c *fiber.Ctx, page *abovePage) error {
	all, err := award.Above(c.UserContext(), p.db, page.Area.ID)
	if err != nil {
		return err
	}
	now, by := p.db.Now(), web.Actor(c)
	at := map[int64]int{}
	for _, a := range all {
		v := a.Household.Village
		i, known := at[v]
		if !known {
			i = len(page.Awards)
			at[v] = i
			page.Awards = append(page.Awards, aboveVillage{ID: models.ID32(v), Name: a.Village})
		}
		l := aboveLine{AboveLine: a, ID: models.ID32(a.Award.ID), Who: a.Home.Masked(), What: actText(a.Award), When: dotted(a.ActDate.Short(), a.Note), State: aboveStates[a.State],
			Kin: committeeAt{Actor: by}.Kin(a.Household)}
		if a.DueAt != 0 {
			l.Due = dueText(a.DueAt, now)
		}
		if c.Method() == fiber.MethodPost { // refused: what was chosen and written stays
			l.Outcome, l.Why = c.FormValue("outcome."+l.ID), c.FormValue("reason."+l.ID)
		}
		page.Awards[i].Lines = append(page.Awards[i].Lines, l)
		page.Count++
		if a.Overdue {
			page.Late++
		}
	}
	return nil
}

// AboveAwards answers POST /above/:village/awards: the township decides what that
// village could not. Lines that are left alone wait on.
func (p *Pages) AboveAwards(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.DecideAbove)
	if err != nil {
		return err
	}
	var f struct {
		Outcome map[int64]string `form:"outcome.*,id32"`
		Reason  map[int64]string `form:"reason.*,id32"`
	}
	op, refused := web.Bind(c, &f)
	var verdicts []award.Verdict
	for _, id := range sortedKeys(f.Outcome) {
		if f.Outcome[id] != "" {
			verdicts = append(verdicts, award.Verdict{Award: id, Outcome: f.Outcome[id], Reason: f.Reason[id]})
		}
	}
	if refused == nil {
		refused = award.DecideAbove(c.UserContext(), p.db, op, web.Actor(c), v.ID, verdicts)
	}
	if refused != nil {
		page, err := p.abovePage(c)
		if err != nil {
			return err
		}
		return web.Again(c, page, refused)
	}
	web.Flash(c, "ok", v.Name+"的 "+strconv.Itoa(len(verdicts))+" 笔已经决定", "通过的照村里的办法公示、到账；不通过的理由这户人家看得到。")
	return web.See(c, "/above")
}

// aboveObjectionPage is one objection that came up, with the village's answer.
type aboveObjectionPage struct {
	Village web.Area
	Line    objectionLine
	Way     string
	Contact string
	Course  []remarkLine
	Award   string
	State   string
	Claim   string
	Decider string
	Stop    string
	Typed   map[string]string
	Errors  map[string]string
}

// View implements web.Page.
func (p aboveObjectionPage) View() (name, title string) {
	return "objection/aboveone", p.Village.Name + p.Line.Name()
}

// AboveObjection answers GET /above/:village/objections/:objection.
func (p *Pages) AboveObjection(c *fiber.Ctx) error {
	page, err := p.aboveObjection(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) aboveObjection(c *fiber.Ctx) (page aboveObjectionPage, err error) {
	ctx, by := c.UserContext(), web.Actor(c)
	page.Typed = map[string]string{}
	if page.Village, err = web.VillageFor(c, models.DecideAbove); err != nil {
		return page, err
	}
	id, err := web.ID(c, "objection")
	if err != nil {
		return page, err
	}
	o, err := notice.GetObjection(ctx, p.db, page.Village.ID, id)
	if err == nil && !o.Above && o.AppealedAt == 0 {
		err = models.ErrNotFound // the village is still hearing it
	}
	if err != nil {
		return page, err
	}
	t := p.aboveTeller(c)
	if page.Line, err = p.objectionLine(t, o, by, page.Village.Place); err != nil {
		return page, err
	}
	page.Way = notice.Titled(notice.Ways, o.Way)
	if !objectionShields(o, by, page.Village.Place) {
		if page.Contact, err = o.Contact(p.keys); err != nil {
			return page, err
		}
	}
	if page.Course, err = t.course(o, true); err != nil {
		return page, err
	}
	if page.Decider, err = t.person(o.DecidedBy); err != nil {
		return page, err
	}
	if page.Claim, err = p.claimState(c, o); err != nil {
		return page, err
	}
	if o.Award != 0 {
		a, err := award.Get(ctx, p.db, o.Village, o.Award)
		if err != nil {
			return page, err
		}
		page.Award, page.State = dotted(actText(a)+" "+shownPoints(a.Points, a.Honour), a.ActDate.Short(), a.Note), awardTags[a.State][0]
	}
	if err := award.MayAnswer(ctx, p.db, by, o); err != nil && o.State == notice.Open {
		page.Stop = saidBy(err)
	}
	return page, nil
}

// AboveAnswer answers POST /above/:village/objections/:objection: an appeal, or
// what the village left unanswered.
func (p *Pages) AboveAnswer(c *fiber.Ctx) error {
	page, err := p.aboveObjection(c)
	if err != nil {
		return err
	}
	var f objectionForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		decide := award.JudgeAppeal
		if page.Line.AppealedAt == 0 {
			decide = award.Answer
		}
		refused = decide(c.UserContext(), p.db, op, web.Actor(c), page.Village.ID, page.Line.ID, f.ruling())
	}
	if refused == nil {
		web.Flash(c, "ok", page.Village.Name+page.Line.Name()+"已经答复", "村里和提意见的人都看得到。")
		return web.See(c, "/above")
	}
	for _, name := range []string{"outcome", "heard", "reason"} {
		page.Typed[name] = c.FormValue(name)
	}
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}
