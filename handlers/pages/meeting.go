package pages

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/photo"
	"pointstore/models/scheme"
)

// meetingsPage lists the village's review meetings.
type meetingsPage struct {
	committeeAt
	Waiting int
	Lines   []meetingLine
	Older   string
	Newest  bool
}

type meetingLine struct {
	award.Meeting
	Href, Says string
}

// View implements web.Page.
func (meetingsPage) View() (name, title string) { return "committee/meetings", "评议会" }

// Frame keeps the bar on today, from where the list is reached.
func (meetingsPage) Frame(f *web.Frame) { f.Active = "today" }

// CommitteeMeetings answers GET /committee/meetings.
func (p *Pages) CommitteeMeetings(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	var f struct {
		Before int64 `form:"before,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	const most = 20
	page := meetingsPage{committeeAt: at, Newest: f.Before == 0}
	all, err := award.Meetings(c.UserContext(), p.db, at.Area.ID, models.Cursor{Before: f.Before, Limit: most})
	if err != nil {
		return err
	}
	if len(all) == most {
		page.Older = at.Href("/committee/meetings", "before", models.ID32(all[most-1].ID))
	}
	for _, m := range all {
		says := "还在开，" + countOf(len(m.Present)) + " 人到会"
		if !m.Open() {
			says = dotted(m.Resolution, countOf(len(m.Present))+" 人到会")
		}
		page.Lines = append(page.Lines, meetingLine{m, at.Href("/committee/meetings/" + models.ID32(m.ID)), says})
	}
	waiting, err := p.reviewWaiting(c, at)
	if err != nil {
		return err
	}
	page.Waiting = len(waiting)
	return web.Show(c, page)
}

// reviewWaiting is what the next meeting has before it.
func (p *Pages) reviewWaiting(c *fiber.Ctx, at committeeAt) ([]award.Award, error) {
	return award.List(c.UserContext(), p.db, at.Area.ID, award.Filter{State: award.Checked, Cursor: models.Cursor{Limit: 200}})
}

// todayReview is what the review has to decide, and a meeting nobody ended.
func (p *Pages) todayReview(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.ReviewAwards) {
		return nil, nil
	}
	waiting, err := p.reviewWaiting(c, at)
	if err != nil {
		return nil, err
	}
	last, err := award.Meetings(c.UserContext(), p.db, at.Area.ID, models.Cursor{Limit: 1})
	if err != nil {
		return nil, err
	}
	var items []todayItem
	switch {
	case len(last) > 0 && last[0].Open():
		items = append(items, todayItem{N: len(waiting), Text: last[0].Name() + "还没有散会", Note: last[0].HeldOn.Short(), Href: at.Href("/committee/meetings/" + models.ID32(last[0].ID)), Late: last[0].MadeAt.Add(lifePatience) < p.db.Now()})
	case len(waiting) > 0:
		items = append(items, todayItem{N: len(waiting), Text: "等评议会评议", Href: at.Href("/committee/meetings")})
	}
	return items, nil
}

// meetingPage is a review meeting on one screen.
type meetingPage struct {
	committeeAt
	Meeting  award.Meeting
	Agenda   award.Agenda
	Groups   []lifeGroup
	Of, Done int
	More     int // cases that come up when these are decided
	Names    string
	Base     string
	Print    string
	Photos   []photoLine
	Number   string // the resolution's, as proposed
	Errors   map[string]string
}

// View implements web.Page.
func (p meetingPage) View() (name, title string) { return "committee/meeting", p.Meeting.Name() }

// Frame gives the meeting a wide screen.
func (p meetingPage) Frame(f *web.Frame) { f.Active, f.Posture = "today", "desk" }

// CommitteeMeeting answers GET /committee/meetings/:meeting.
func (p *Pages) CommitteeMeeting(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	page, err := p.meetingPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// meetingMost is how many undecided cases the screen holds: more would be slow
// over a weak signal. The paper holds all.
const meetingMost = 120

func (p *Pages) meetingPage(c *fiber.Ctx, at committeeAt) (meetingPage, error) {
	return p.meetingWith(c, at, meetingMost)
}

func (p *Pages) meetingWith(c *fiber.Ctx, at committeeAt, most int) (page meetingPage, err error) {
	id, err := web.ID(c, "meeting")
	if err != nil {
		return page, err
	}
	page.committeeAt = at
	if page.Agenda, err = award.GetAgenda(c.UserContext(), p.db, at.Area.ID, id, at.Actor); err != nil {
		return page, err
	}
	g := page.Agenda
	page.Meeting, page.Names = g.Meeting, meetingNames(g.Meeting)
	page.Done = g.Passed + g.Refused + g.Back
	page.Of = page.Done + g.Waiting
	page.Base = "/committee/meetings/" + models.ID32(id)
	page.Print = at.Href(page.Base + "/print")
	page.Number = fmt.Sprintf("评议〔%d〕第%d号", g.Meeting.Year, g.Meeting.Number)
	if page.Photos, err = p.photosOf(c, at.Area.ID, id); err != nil {
		return page, err
	}
	page.More = max(g.Waiting-most, 0)
	page.Groups, err = p.meetingGroups(c, at, g, most)
	return page, err
}

func meetingNames(m award.Meeting) (s string) {
	for i, who := range m.Present {
		if i > 0 {
			s += "、"
		}
		s += who.Name
	}
	return s
}

// meetingGroups draws an agenda as cases, no more than most of them undecided.
func (p *Pages) meetingGroups(c *fiber.Ctx, at committeeAt, g award.Agenda, most int) ([]lifeGroup, error) {
	var awards []award.Award
	lines := map[int64]award.AgendaLine{}
	rules := map[int64]scheme.Rule{}
	for _, group := range g.Groups {
		for _, l := range group.Lines {
			if l.Outcome == "" {
				if most == 0 {
					continue
				}
				most--
			}
			awards = append(awards, l.Award)
			lines[l.ID], rules[l.Rule] = l, group.Rule
		}
	}
	cases, err := p.lifeCases(c, at, awards)
	if err != nil {
		return nil, err
	}
	for i := range cases {
		p.meetingCase(&cases[i], lines[awards[i].ID], g.Meeting)
	}
	return lifeGroups(awards, cases, rules), nil
}

// meetingCase adds what the meeting has said about a case, and who stands aside.
func (p *Pages) meetingCase(k *lifeCase, l award.AgendaLine, m award.Meeting) {
	for _, name := range l.Aside {
		k.Warn = append(k.Warn, name+"要回避")
	}
	if l.Stuck {
		k.Stop = "到会的都要回避，这次定不了；请换人参加，村里没有别的人时自动交给乡镇"
	}
	for _, s := range l.Steps {
		if s.Step == award.StepCheck && s.Outcome != "" {
			k.Said = dotted(stepNames[s.Step]+"："+outcomeNames[s.Outcome][0], s.Reason)
		}
	}
	if l.Outcome == "" {
		return
	}
	o := outcomeNames[l.Outcome]
	k.Done, k.Kind, k.Reason = o[0], o[1], l.Why
	k.Redo = m.Open() && l.Notice == 0 && l.EntrySeq == 0 && !l.Stuck
}

// DecideMeeting answers POST /committee/meetings/:meeting: one decision, or one
// for several alike.
func (p *Pages) DecideMeeting(c *fiber.Ctx) error {
	id, err := web.ID(c, "meeting")
	if err != nil {
		return err
	}
	return p.lifeDecide(c, models.ReviewAwards, "/committee/meetings/"+models.ID32(id), p.pageOfMeeting, decideIn(id))
}

func (p *Pages) pageOfMeeting(c *fiber.Ctx, at committeeAt) (web.Page, error) {
	return p.meetingPage(c, at)
}

// CloseMeeting answers POST /committee/meetings/:meeting/close.
func (p *Pages) CloseMeeting(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "meeting")
	if err != nil {
		return err
	}
	var f struct {
		Resolution string `form:"resolution" label:"决议编号" max:"64"`
	}
	op, refused := web.Bind(c, &f)
	photos, err := p.photosIn(c, "photo")
	if refused == nil {
		refused = err
	}
	var m award.Meeting
	if refused == nil {
		m, refused = award.CloseMeeting(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id, f.Resolution)
	}
	if refused == nil {
		refused = p.savePhotos(c, op, at.Area.ID, photo.Meeting, id, photos)
	}
	if refused != nil {
		page, err := p.meetingPage(c, at)
		if err != nil {
			return err
		}
		page.Number, page.Errors = f.Resolution, web.Errors(refused)
		return web.Again(c, page, refused)
	}
	web.Flash(c, "ok", m.Name()+"结束，决议 "+m.Resolution, "通过的等着上榜，可以去生成公示；没有议完的留到下一次。")
	return web.See(c, at.Href("/committee/meetings/"+models.ID32(id)))
}

// meetingSheetPage is the same meeting on paper: before it, to write on; after
// it, its record.
type meetingSheetPage struct {
	meetingPage
	Back string
}

// View implements web.Page.
func (p meetingSheetPage) View() (name, title string) {
	return "committee/meetingprint", p.Area.Name + p.Meeting.Name() + "表"
}

// PrintMeeting answers GET /committee/meetings/:meeting/print.
func (p *Pages) PrintMeeting(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	page, err := p.meetingWith(c, at, award.ReviewMost)
	if err != nil {
		return err
	}
	return web.Show(c, meetingSheetPage{page, at.Href(page.Base)})
}
