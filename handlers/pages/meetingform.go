package pages

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/village"
)

// meetingFormPage opens a meeting, or corrects who sits in one.
type meetingFormPage struct {
	committeeAt
	Meeting award.Meeting // zero for a new one
	Action  string
	HeldOn  string
	Today   models.Date
	Place   string
	Chair   string
	Others  string
	Note    string
	Staff   []web.Tick
	Missed  []string
	Errors  map[string]string
}

// View implements web.Page.
func (p meetingFormPage) View() (name, title string) {
	if p.Meeting.ID != 0 {
		return "committee/meetingform", "改到会的人"
	}
	return "committee/meetingform", "开评议会"
}

// Frame keeps the bar on today, from where the list is reached.
func (meetingFormPage) Frame(f *web.Frame) { f.Active = "today" }

type meetingForm struct {
	HeldOn models.Date `form:"held_on" label:"开会日期"`
	Place  string      `form:"place" label:"地点" max:"64"`
	Chair  string      `form:"chair" label:"主持人" max:"64"`
	Who    []int64     `form:"who,id32" label:"到会的人"`
	Others string      `form:"others,text" label:"其他到会的人" max:"3000"`
	Note   string      `form:"note,text" label:"备注" max:"500"`
}

// reviewRoles are who of the village's people sits in a review.
var reviewRoles = []models.Role{models.Committee, models.GridWorker, models.Monitor, models.FirstSec}

// NewMeeting answers GET /committee/meetings/new.
func (p *Pages) NewMeeting(c *fiber.Ctx) error { return p.showMeetingForm(c, false) }

// EditMeeting answers GET /committee/meetings/:meeting/edit.
func (p *Pages) EditMeeting(c *fiber.Ctx) error { return p.showMeetingForm(c, true) }

func (p *Pages) showMeetingForm(c *fiber.Ctx, old bool) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	m, err := p.meetingToEdit(c, at, old)
	if err != nil {
		return err
	}
	if m.ID == 0 { // the same people as last time, in the same place
		last, err := award.Meetings(c.UserContext(), p.db, at.Area.ID, models.Cursor{Limit: 1})
		if err != nil {
			return err
		}
		for _, l := range last {
			m.Place, m.Chair, m.Present = l.Place, l.Chair, l.Present
		}
		if len(last) == 0 {
			m.Present = []award.Present{{Account: at.Actor.Account, Name: at.Actor.Name}}
		}
	}
	page, err := p.meetingFormPage(c, at, m)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// meetingToEdit is the meeting of the address, or a new one.
func (p *Pages) meetingToEdit(c *fiber.Ctx, at committeeAt, old bool) (m award.Meeting, err error) {
	if !old {
		return m, nil
	}
	id, err := web.ID(c, "meeting")
	if err != nil {
		return m, err
	}
	return award.GetMeeting(c.UserContext(), p.db, at.Area.ID, id)
}

func (p *Pages) meetingFormPage(c *fiber.Ctx, at committeeAt, m award.Meeting) (page meetingFormPage, err error) {
	ctx, today := c.UserContext(), p.db.Now().Day()
	page = meetingFormPage{committeeAt: at, Meeting: m, Action: at.Href("/committee/meetings"), Today: today, HeldOn: string(cmp.Or(m.HeldOn, today)), Place: m.Place, Chair: m.Chair, Note: m.Note}
	if m.ID != 0 {
		page.Action = at.Href("/committee/meetings/" + models.ID32(m.ID) + "/edit")
	}
	staff, err := p.reviewers(ctx, at)
	if err != nil {
		return page, err
	}
	for _, a := range staff {
		t := web.Tick{Value: models.ID32(a.ID), Title: a.Name, Note: a.title, Search: village.Spelt(a.Name)}
		t.Checked = slices.ContainsFunc(m.Present, func(w award.Present) bool { return w.Account == a.ID })
		page.Staff = append(page.Staff, t)
	}
	page.Others, err = p.otherPresent(ctx, at, m)
	return page, err
}

type reviewer struct {
	account.Account
	title string
}

// reviewers are the village's people who may sit in a review today.
func (p *Pages) reviewers(ctx context.Context, at committeeAt) (all []reviewer, err error) {
	people, err := account.List(ctx, p.db, at.Area.ID)
	today := p.db.Now().Day()
	for _, a := range people {
		for _, g := range a.Grants {
			if g.Area == at.Area.ID && slices.Contains(reviewRoles, g.Role) && g.Holds(today) && a.DisabledAt == 0 {
				all = append(all, reviewer{a, g.Role.Title()})
				break
			}
		}
	}
	return all, err
}

// otherPresent lists those who hold no account, one to a line with the mark of
// their household.
func (p *Pages) otherPresent(ctx context.Context, at committeeAt, m award.Meeting) (string, error) {
	var ids []int64
	for _, w := range m.Present {
		ids = append(ids, w.Household)
	}
	homes, err := village.HomesByID(ctx, p.db, at.Area.ID, ids)
	var lines []string
	for _, w := range m.Present {
		if w.Account != 0 {
			continue
		}
		line := w.Name
		if h, ok := homes[w.Household]; ok && w.Household != 0 {
			line += " " + h.Mark()
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), err
}

// OpenMeeting answers POST /committee/meetings.
func (p *Pages) OpenMeeting(c *fiber.Ctx) error { return p.takeMeetingForm(c, false) }

// SaveMeeting answers POST /committee/meetings/:meeting/edit.
func (p *Pages) SaveMeeting(c *fiber.Ctx) error { return p.takeMeetingForm(c, true) }

func (p *Pages) takeMeetingForm(c *fiber.Ctx, old bool) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	m, err := p.meetingToEdit(c, at, old)
	if err != nil {
		return err
	}
	var f meetingForm
	op, refused := web.Bind(c, &f)
	m.HeldOn, m.Place, m.Chair, m.Note = f.HeldOn, f.Place, f.Chair, f.Note
	if m.Present, err = p.presentOf(c.UserContext(), at, f); err != nil {
		return err
	}
	switch {
	case refused != nil:
	case old:
		refused = award.SaveMeeting(c.UserContext(), p.db, op, at.Actor, at.Area.ID, m)
	default:
		m, refused = award.OpenMeeting(c.UserContext(), p.db, op, at.Actor, at.Area.ID, m)
	}
	if refused == nil {
		return web.See(c, at.Href("/committee/meetings/"+models.ID32(m.ID)))
	}
	page, err := p.meetingFormPage(c, at, m)
	if err != nil {
		return err
	}
	page.Others, page.Errors = f.Others, web.Errors(refused)
	page.HeldOn = cmp.Or(c.FormValue("held_on"), page.HeldOn)
	return web.Again(c, page, refused)
}

// presentOf reads who sits in the meeting: people with an account, and names
// with the household they belong to, where the village knows it.
func (p *Pages) presentOf(ctx context.Context, at committeeAt, f meetingForm) (all []award.Present, err error) {
	staff, err := p.reviewers(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, a := range staff {
		if slices.Contains(f.Who, a.ID) {
			all = append(all, award.Present{Account: a.ID, Name: a.Name})
		}
	}
	lines := strings.FieldsFunc(f.Others, func(r rune) bool { return strings.ContainsRune("\r\n,，、;；", r) })
	if len(lines) == 0 {
		return all, nil
	}
	homes, err := village.Homes(ctx, p.db, at.Area.ID, village.Filter{})
	if err != nil {
		return nil, err
	}
	texts, err := village.SearchTexts(ctx, p.db, at.Area.ID)
	for _, line := range lines {
		if name, mark, _ := strings.Cut(models.Normal(line), " "); name != "" {
			all = append(all, award.Present{Name: name, Household: belongs(name, mark, homes, texts)})
		}
	}
	return all, err
}

// belongs is the household of somebody who sits in the meeting: the one named
// beside them, else the only one with a member of that name; 0 when unknown.
func belongs(name, mark string, homes []village.Home, texts map[int64]string) int64 {
	word := name
	if mark = strings.ReplaceAll(mark, " ", ""); mark != "" {
		word = mark
	}
	found := map[int64]bool{}
	if missed := pasted(word, homes, texts, found); len(missed) > 0 {
		return 0
	}
	for id := range found {
		return id
	}
	return 0
}
