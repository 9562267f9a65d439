package pages

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/notice"
)

// registerPrintPage is the year's register of objections on paper.
type registerPrintPage struct {
	committeeAt
	Year  int
	Lines []registerLine
	Back  string
}

type registerLine struct {
	notice.Objection
	Kind, What, From, Way, Tag string
	Made, Due, Answered, Why   string
}

// View implements web.Page.
func (registerPrintPage) View() (name, title string) { return "objection/register", "意见登记簿" }

// PrintObjections answers GET /committee/objections/print.
func (p *Pages) PrintObjections(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HearObjections)
	if err != nil {
		return p.committeeAstray(c, err, models.HearObjections)
	}
	var f struct {
		Year int `form:"year" label:"年份" min:"2000" max:"2200"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	f.Year = cmp.Or(f.Year, p.db.Now().Time().Year())
	all, err := notice.InYear(c.UserContext(), p.db, at.Area.ID, f.Year)
	if err != nil {
		return err
	}
	page := registerPrintPage{committeeAt: at, Year: f.Year, Back: at.Href("/committee/objections")}
	t := p.objectionTeller(c.UserContext(), true)
	for _, o := range all {
		l, err := p.registerLine(t, o, at)
		if err != nil {
			return err
		}
		page.Lines = append(page.Lines, l)
	}
	return web.Show(c, page)
}

func (p *Pages) registerLine(t *objectionTeller, o notice.Objection, at committeeAt) (l registerLine, err error) {
	l = registerLine{Objection: o, Kind: objectionKinds[o.About], Way: notice.Titled(notice.Ways, o.Way), Made: o.MadeAt.Day().Short(), Due: o.DueAt.Day().Short()}
	l.Tag, _ = objectionTag(o, p.db.Now())
	if _, why, on := o.Final(); on != 0 {
		l.Why, l.Answered = why, on.Day().Short()
	}
	// The register is read by many: it says no more than the one who prints it may
	// know, and never who complained about people at work.
	if l.From, err = t.from(o, objectionShields(o, at.Actor, at.Area.Place) || o.About == notice.AboutPerson); err != nil {
		return l, err
	}
	l.What, err = t.subject(o)
	return l, err
}

// answerSheetPage is the answer on paper, for who has no phone.
type answerSheetPage struct {
	committeeAt
	answerPage
	Back    string
	Decider string
}

// View implements web.Page.
func (p answerSheetPage) View() (name, title string) { return "objection/sheet", p.Name() + "答复" }

// Frame keeps the committee's own banner.
func (p answerSheetPage) Frame(*web.Frame) {}

// PrintAnswer answers GET /committee/objections/:objection/print.
func (p *Pages) PrintAnswer(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HearObjections)
	if err != nil {
		return p.committeeAstray(c, err, models.HearObjections)
	}
	id, err := web.ID(c, "objection")
	if err != nil {
		return err
	}
	o, err := notice.GetObjection(c.UserContext(), p.db, at.Area.ID, id)
	if err != nil {
		return err
	}
	page := answerSheetPage{committeeAt: at, Back: at.Href("/committee/objections/" + models.ID32(id))}
	if page.answerPage, err = p.answerPage(c, o); err != nil {
		return err
	}
	if page.Decider, err = p.objectionTeller(c.UserContext(), true).person(o.DecidedBy); err != nil {
		return err
	}
	return web.Show(c, page)
}
