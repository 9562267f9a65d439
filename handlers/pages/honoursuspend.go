package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/register"
	"pointstore/models/village"
)

// suspendPage is the form for suspending a household's honours.
type suspendPage struct {
	committeeAt
	Typed  map[string]string
	Ways   []web.Option
	Errors map[string]string
}

// View implements web.Page.
func (suspendPage) View() (name, title string) { return "committee/suspend", "暂停评优" }

type suspendForm struct {
	Other   string      `form:"other,required" label:"哪一户" max:"64"`
	Reason  string      `form:"reason,required,text" label:"事由" max:"200"`
	Basis   string      `form:"basis,required,text" label:"依据" max:"200"`
	ToldOn  models.Date `form:"told_on,required" label:"告知日期"`
	ToldHow string      `form:"told_how,required" label:"怎样告知" max:"12"`
	Appeal  models.Date `form:"appeal_until,required" label:"申诉截止"`
	From    models.Date `form:"from,required" label:"从哪天起"`
	Until   models.Date `form:"until,required" label:"到哪天止"`
}

var suspendFields = []string{"other", "reason", "basis", "told_on", "told_how", "appeal_until", "from", "until"}

// suspendMonths is how long a suspension is when nobody chose otherwise.
const suspendMonths = 3

// NewSuspension answers GET /committee/honours/suspend, for a household with
// ?household=.
func (p *Pages) NewSuspension(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	today := p.db.Now().Day()
	from := today.AddDays(register.AppealDays + 1)
	typed := map[string]string{"told_on": string(today), "appeal_until": string(today.AddDays(register.AppealDays)), "from": string(from), "until": string(from.AddDays(30*suspendMonths - 1))}
	if c.Query("household") != "" {
		home, err := p.committeeHome(c, at)
		if err != nil {
			return err
		}
		typed["other"] = home.Number
	}
	return web.Show(c, suspendPage{committeeAt: at, Typed: typed, Ways: optionsOf(register.Tellings, ""), Errors: map[string]string{}})
}

// optionsOf are plain words to choose from.
func optionsOf(words []string, chosen string) []web.Option {
	var list []web.Option
	for _, w := range words {
		list = append(list, web.Option{Value: w, Text: w, Selected: w == chosen})
	}
	return list
}

// Suspend answers POST /committee/honours/suspend.
func (p *Pages) Suspend(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	var f suspendForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		var home village.Home
		if home, refused = p.homeCalled(c, at, f.Other); refused == nil {
			var id int64
			id, refused = register.Suspend(c.UserContext(), p.db, op, at.Actor, register.Suspension{Household: home.Household, Reason: f.Reason, Basis: f.Basis,
				ToldOn: f.ToldOn, ToldHow: f.ToldHow, AppealUntil: f.Appeal, From: f.From, Until: f.Until})
			if refused == nil {
				web.Flash(c, "ok", home.Label()+" 暂停评优已登记，"+f.From.Short()+" 起生效", "积分和换东西都不受影响。请打印告知单交给这一户。")
				return web.See(c, at.Href("/committee/honours/suspensions/"+models.ID32(id)))
			}
		}
	}
	page := suspendPage{committeeAt: at, Typed: typedOf(c, suspendFields), Errors: web.Errors(refused)}
	page.Ways = optionsOf(register.Tellings, page.Typed["told_how"])
	return web.Again(c, page, refused)
}

// typedOf keeps what was typed into the named fields.
func typedOf(c *fiber.Ctx, names []string) map[string]string {
	typed := map[string]string{}
	for _, n := range names {
		typed[n] = c.FormValue(n)
	}
	return typed
}

// suspensionPage is one suspension, with what can be done about it.
type suspensionPage struct {
	committeeAt
	register.Suspension
	State  string
	Kind   string
	Own    bool
	Live   bool
	Who    string // wrote it down
	Lifter string
	Typed  string // the reason for lifting
	Base   string
	Errors map[string]string
}

// View implements web.Page.
func (p suspensionPage) View() (name, title string) {
	return "committee/suspension", "暂停评优 " + p.Home.Label()
}

// Frame keeps the bar where the committee's other pages are.
func (suspensionPage) Frame(f *web.Frame) { f.Active = "today" }

func (p *Pages) suspensionPage(c *fiber.Ctx, acts ...models.Action) (page suspensionPage, err error) {
	if page.committeeAt, err = committeeFor(c, acts...); err != nil {
		return page, err
	}
	id, err := web.ID(c, "suspension")
	if err != nil {
		return page, err
	}
	s, err := register.GetSuspension(c.UserContext(), p.db, page.Area.ID, id)
	if err != nil {
		return page, err
	}
	day := p.db.Now().Day()
	page.Suspension, page.State, page.Kind = s, standings[s.StandingOn(day)][0], standings[s.StandingOn(day)][1]
	page.Own, page.Live, page.Base, page.Errors = page.Kin(s.Household), s.Live(day), "/committee/honours/suspensions/"+models.ID32(id), map[string]string{}
	if page.Who, err = p.actorName(c.UserContext(), page.Area.ID, s.MadeBy); err == nil && s.LiftedBy != 0 {
		page.Lifter, err = p.actorName(c.UserContext(), page.Area.ID, s.LiftedBy)
	}
	return page, err
}

// Suspension answers GET /committee/honours/suspensions/:suspension.
func (p *Pages) Suspension(c *fiber.Ctx) error {
	page, err := p.suspensionPage(c, honourActs...)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// LiftSuspension answers POST …/lift.
func (p *Pages) LiftSuspension(c *fiber.Ctx) error {
	page, err := p.suspensionPage(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	var f struct {
		Reason string `form:"reason,required,text" label:"解除的理由" max:"200"`
	}
	op, err := web.Bind(c, &f)
	if err == nil {
		err = register.Lift(c.UserContext(), p.db, op, page.Actor, page.Area.ID, page.ID, f.Reason)
	}
	if err != nil {
		page.Errors, page.Typed = web.Errors(err), c.FormValue("reason")
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已解除，"+page.Home.Label()+" 可以照常评优")
	return web.See(c, page.Href(page.Base))
}

// suspensionLetterPage is the paper that the household gets and signs.
type suspensionLetterPage struct {
	suspensionPage
	Today models.Date
}

// View implements web.Page.
func (p suspensionLetterPage) View() (name, title string) {
	return "committee/suspensionletter", "暂停评优告知单"
}

// SuspensionLetter answers GET …/letter.
func (p *Pages) SuspensionLetter(c *fiber.Ctx) error {
	page, err := p.suspensionPage(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	return web.Show(c, suspensionLetterPage{page, p.db.Now().Day()})
}
