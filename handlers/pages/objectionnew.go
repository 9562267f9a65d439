package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// takeDownPage is where staff write an objection down for somebody who called,
// wrote or came.
type takeDownPage struct {
	committeeAt
	Form   sayForm
	Award  string
	Abouts []web.Option
	Ways   []web.Option
	Rules  []web.Option
	People []web.Option
	Days   int
	Typed  map[string]string
	Errors map[string]string
}

// View implements web.Page.
func (takeDownPage) View() (name, title string) { return "objection/new", "替人记一条意见" }

// NewObjection answers GET /committee/objections/new.
func (p *Pages) NewObjection(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HearObjections)
	if err != nil {
		return p.committeeAstray(c, err, models.HearObjections)
	}
	var f sayForm
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.takeDownPage(c, at, f)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) takeDownPage(c *fiber.Ctx, at committeeAt, f sayForm) (page takeDownPage, err error) {
	ctx, v := c.UserContext(), at.Area.ID
	page = takeDownPage{committeeAt: at, Form: f, Typed: map[string]string{}}
	if f.Award != 0 {
		a, err := award.Get(ctx, p.db, v, f.Award)
		if err != nil {
			return page, err
		}
		if page.Award, err = p.objectionTeller(ctx, true).subject(notice.Objection{Village: v, Award: a.ID, For: a.Household.ID}); err != nil {
			return page, err
		}
	}
	page.Abouts = sayAbouts(f)
	for _, w := range notice.Ways[1:] {
		page.Ways = append(page.Ways, web.Option{Value: w.Key, Text: w.Title, Selected: w.Key == f.Way || f.Way == "" && w.Key == "spoken"})
	}
	if page.Rules, page.Days, err = p.sayRules(c, v, f.Act); err != nil {
		return page, err
	}
	page.People, err = p.sayPeople(c, v, f.Person, true)
	return page, err
}

// AddObjection answers POST /committee/objections/new: the receipt with the
// look-up code is drawn into the answer, to be printed or copied out by hand.
func (p *Pages) AddObjection(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HearObjections)
	if err != nil {
		return err
	}
	var f sayForm
	op, refused := web.Bind(c, &f)
	var done sayDonePage
	if refused == nil {
		done, refused = p.addObjection(c, at, op, f)
	}
	if refused == nil {
		return web.Show(c, done)
	}
	if errors.Is(refused, errSayHome) && f.Who != "" {
		if _, err := village.HomeByNumber(c.UserContext(), p.db, at.Area.ID, f.Who); err != nil {
			refused = errSayHome.At("who")
		}
	}
	page, err := p.takeDownPage(c, at, f)
	if err != nil {
		return err
	}
	page.Typed["qty"], page.Typed["day"] = c.FormValue("qty"), c.FormValue("day")
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

func (p *Pages) addObjection(c *fiber.Ctx, at committeeAt, op [16]byte, f sayForm) (done sayDonePage, err error) {
	if f.About == "" {
		return done, models.ErrInput.With("请选是哪方面的意见，还没有记下").At("about")
	}
	ask, err := p.sayAsk(c, at.Area.ID, f)
	if err != nil {
		return done, err
	}
	o, code, err := award.Object(c.UserContext(), p.db, op, at.Actor, p.keys, ask)
	if err != nil {
		return done, err
	}
	if done, err = p.sayDone(c, at.Area, o, code); err != nil {
		return done, err
	}
	done.Back, done.Path = at.Href("/committee/objections/"+models.ID32(o.ID)), ""
	return done, nil
}
