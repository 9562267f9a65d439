package pages

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
	"pointstore/models/village"
)

func (p *Pages) routesObjection(r Routes) {
	hear, answer := web.Staff(models.HearObjections), web.Staff(models.AnswerObjections)
	r.Get("/committee/objections", hear, p.Objections)
	r.Get("/committee/objections/new", hear, p.NewObjection)
	r.Post("/committee/objections/new", hear, p.AddObjection)
	r.Get("/committee/objections/print", hear, p.PrintObjections)
	r.Get("/committee/objections/:objection", hear, p.Objection)
	r.Get("/committee/objections/:objection/print", hear, p.PrintAnswer)
	r.Post("/committee/objections/:objection/said", hear, p.ObjectionSaid)
	r.Post("/committee/objections/:objection/point", hear, p.ObjectionPoint)
	r.Post("/committee/objections/:objection/claim", hear, p.ObjectionClaim)
	r.Post("/committee/objections/:objection/appeal", hear, p.ObjectionAppeal)
	r.Post("/committee/objections/:objection/back", hear, p.ObjectionBack)
	r.Post("/committee/objections/:objection/assign", answer, p.ObjectionAssign)
	r.Post("/committee/objections/:objection/answer", answer, p.ObjectionAnswer)
}

// objectionLine is an objection in a list for people at work.
type objectionLine struct {
	notice.Objection
	Kind, What, From string
	Tag, TagKind     string
	Due, Href        string
	Late             bool
	Assigned         string
	Place            string // its village, on the township's list
}

func (p *Pages) objectionLine(t *objectionTeller, o notice.Objection, by models.Actor, at models.Place) (l objectionLine, err error) {
	now := p.db.Now()
	l = objectionLine{Objection: o, Kind: objectionKinds[o.About], Late: o.Late(now)}
	l.Tag, l.TagKind = objectionTag(o, now)
	if o.Pending() {
		l.Due = dueText(o.Due(), now)
	}
	if l.From, err = t.from(o, objectionShields(o, by, at)); err != nil {
		return l, err
	}
	if l.Assigned, err = t.person(o.Assigned); err != nil {
		return l, err
	}
	l.What, err = t.subject(o)
	return l, err
}

// dueText says how much time is left: 11月30日 09:00 前答复，还有 3 天.
func dueText(due, now models.Millis) string {
	const day = 24 * 3600 * 1000
	switch left := int64(due - now); {
	case left <= 0:
		return fmt.Sprintf("%s 就该答复，已经过了 %d 天", minute(due), -left/day)
	case left < day:
		return minute(due) + " 前答复，不到一天了"
	default:
		return fmt.Sprintf("%s 前答复，还有 %d 天", minute(due), (left+day-1)/day)
	}
}

// objectionsPage lists a village's objections.
type objectionsPage struct {
	committeeAt
	Waiting notice.Waiting
	Lines   []objectionLine
	All     bool
	Older   string
	Year    int
}

// View implements web.Page.
func (objectionsPage) View() (name, title string) { return "objection/list", "意见" }

// Objections answers GET /committee/objections.
func (p *Pages) Objections(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HearObjections)
	if err != nil {
		return p.committeeAstray(c, err, models.HearObjections)
	}
	var f struct {
		All    bool  `form:"all"`
		Before int64 `form:"before,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx := c.UserContext()
	page := objectionsPage{committeeAt: at, All: f.All, Year: p.db.Now().Time().Year()}
	if page.Waiting, err = notice.CountObjections(ctx, p.db, at.Area.ID, p.db.Now()); err != nil {
		return err
	}
	const most = 50
	all, err := notice.Register(ctx, p.db, at.Area.ID, f.All, models.Cursor{Before: f.Before, Limit: most})
	if err != nil {
		return err
	}
	if len(all) == most {
		page.Older = at.Href("/committee/objections", "before", models.ID32(all[most-1].ID), "all", flagText(f.All))
	}
	t := p.objectionTeller(ctx, true)
	for _, o := range all {
		l, err := p.objectionLine(t, o, at.Actor, at.Area.Place)
		if err != nil {
			return err
		}
		l.Href = at.Href("/committee/objections/" + models.ID32(o.ID))
		page.Lines = append(page.Lines, l)
	}
	return web.Show(c, page)
}

func flagText(b bool) string {
	if b {
		return "1"
	}
	return ""
}

// objectionPage is one objection for the people who look into it.
type objectionPage struct {
	committeeAt
	Line      objectionLine
	Way       string
	TakenBy   string
	Contact   string
	Shielded  bool
	Course    []remarkLine
	Award     *recordLine
	Claim     string
	Able      []web.Option // who may answer
	Stop      string       // why this person may not
	MayAnswer bool
	Point     []web.Option // the awards it may mean
	Rules     []web.Option
	Whose     string // the number of the household in question
	NeedClaim bool
	NeedPoint bool
	Appeal    bool
	Decider   string
	Judge     string
	Typed     map[string]string
	Errors    map[string]string
}

// View implements web.Page.
func (p objectionPage) View() (name, title string) { return "objection/one", p.Line.Name() }

// Path is where its forms go.
func (p objectionPage) Path(tail string) string {
	return p.Href("/committee/objections/" + models.ID32(p.Line.ID) + tail)
}

// Objection answers GET /committee/objections/:objection.
func (p *Pages) Objection(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HearObjections)
	if err != nil {
		return p.committeeAstray(c, err, models.HearObjections)
	}
	page, err := p.objectionPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) objectionPage(c *fiber.Ctx, at committeeAt) (page objectionPage, err error) {
	ctx := c.UserContext()
	page = objectionPage{committeeAt: at, Typed: map[string]string{}}
	id, err := web.ID(c, "objection")
	if err != nil {
		return page, err
	}
	o, err := notice.GetObjection(ctx, p.db, at.Area.ID, id)
	if err != nil {
		return page, err
	}
	t := p.objectionTeller(ctx, true)
	if page.Line, err = p.objectionLine(t, o, at.Actor, at.Area.Place); err != nil {
		return page, err
	}
	page.Way, page.Shielded = notice.Titled(notice.Ways, o.Way), objectionShields(o, at.Actor, at.Area.Place)
	if !page.Shielded {
		if page.Contact, err = o.Contact(p.keys); err != nil {
			return page, err
		}
		if page.TakenBy, err = t.person(o.MadeBy); err != nil {
			return page, err
		}
	}
	if page.Decider, err = t.person(o.DecidedBy); err != nil {
		return page, err
	}
	if page.Judge, err = t.person(o.AppealBy); err != nil {
		return page, err
	}
	if page.Course, err = t.course(o, true); err != nil {
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
		lines, err := p.recordLines(c, at, []award.Award{a})
		if err != nil {
			return page, err
		}
		lines[0].Undo, lines[0].Withdraw = 0, false
		page.Award = &lines[0]
	}
	page.Appeal = o.Appealable(p.db.Now()) && !page.Shielded
	return page, p.objectionWork(c, &page, o)
}

// objectionWork adds what is still to be done with an open objection.
func (p *Pages) objectionWork(c *fiber.Ctx, page *objectionPage, o notice.Objection) error {
	if o.State != notice.Open {
		return nil
	}
	ctx, at := c.UserContext(), page.committeeAt
	if at.Can(models.AnswerObjections) {
		if err := award.MayAnswer(ctx, p.db, at.Actor, o); err != nil {
			page.Stop = saidBy(err)
		} else {
			page.MayAnswer = true
		}
	}
	able, err := award.Answerers(ctx, p.db, o)
	if err != nil {
		return err
	}
	t := p.objectionTeller(ctx, true)
	for _, id := range able {
		name, err := t.person(id)
		if err != nil {
			return err
		}
		page.Able = append(page.Able, web.Option{Value: models.ID32(id), Text: name, Selected: id == o.Assigned})
	}
	if o.For != 0 {
		home, err := village.GetHome(ctx, p.db, models.Household{Village: o.Village, ID: o.For})
		if err != nil {
			return err
		}
		page.Whose = home.Number
	}
	page.NeedClaim = (o.About == notice.AboutMissing || o.About == notice.AboutShort) && o.Result == 0
	page.NeedPoint = o.Award == 0 && (o.About == notice.AboutAward || o.About == notice.AboutDeduct || o.About == notice.AboutShort)
	if page.NeedClaim {
		if page.Rules, _, err = p.sayRules(c, o.Village, 0); err != nil {
			return err
		}
	}
	if page.NeedPoint {
		return p.objectionAwards(c, page, c.Query("number", page.Whose))
	}
	return nil
}

// objectionAwards lists the awards of a household that an objection may mean.
func (p *Pages) objectionAwards(c *fiber.Ctx, page *objectionPage, number string) error {
	page.Whose = number
	if number == "" {
		return nil
	}
	home, err := village.HomeByNumber(c.UserContext(), p.db, page.Area.ID, number)
	if err != nil {
		page.Errors = map[string]string{"number": "村里没有这个户号，请核对"}
		return nil
	}
	all, err := award.ByHousehold(c.UserContext(), p.db, home.Household, models.Cursor{Limit: 30})
	for _, a := range all {
		page.Point = append(page.Point, web.Option{Value: models.ID32(a.ID), Text: dotted(actText(a)+" "+shownPoints(a.Points, a.Honour), a.ActDate.Short()), Hint: awardTags[a.State][0]})
	}
	return err
}

// todayObjections says what waits for an answer, with the nearest deadline.
func (p *Pages) todayObjections(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.HearObjections) {
		return nil, nil
	}
	w, err := notice.CountObjections(c.UserContext(), p.db, at.Area.ID, p.db.Now())
	if err != nil {
		return nil, err
	}
	item := todayItem{N: w.Open, Unit: "条", Text: "意见要答复", Href: at.Href("/committee/objections")}
	switch {
	case w.Late > 0:
		item.N, item.Text, item.Late = w.Late, "意见过期没有答复，乡镇已经能看到", true
		item.Note = "等答复的共 " + strconv.Itoa(w.Open) + " 条"
	case w.Open == 0:
		return nil, nil
	}
	return []todayItem{item}, nil
}
