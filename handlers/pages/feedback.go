package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

func (p *Pages) routesFeedback(r Routes) {
	keep := web.Staff(models.SetUpVillage)
	r.Get("/committee/feedback", keep, p.Feedback)
	r.Post("/committee/feedback", keep, p.PublishFeedback)
}

// feedbackPage tells a donor what became of a gift: on the screen first, then on
// paper with a check code.
type feedbackPage struct {
	committeeAt
	report.Feedback
	FundID, PaperID string
	Day, Since      string
	Back            string
	Code            string // empty before it is registered
	QR              Code
}

// View implements web.Page.
func (p feedbackPage) View() (name, title string) {
	if p.Code != "" {
		return "committee/feedbackprint", p.Feedback.Title()
	}
	return "committee/feedback", "捐赠反馈单"
}

type feedbackForm struct {
	Fund  int64 `form:"fund,id32"`
	Paper int64 `form:"paper,id32"`
}

func feedbackPageOf(at committeeAt, f feedbackForm, fb report.Feedback) feedbackPage {
	page := feedbackPage{committeeAt: at, Feedback: fb, Day: dayLong(fb.AsOf.Day()), Since: dayLong(fb.Since), Back: at.Href(fundPath(f.Fund)), FundID: models.ID32(f.Fund)}
	if f.Paper != 0 {
		page.FundID, page.PaperID, page.Back = "", models.ID32(f.Paper), at.Href("/counter/papers/"+models.ID32(f.Paper))
	}
	return page
}

// Feedback answers GET /committee/feedback.
func (p *Pages) Feedback(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return p.committeeAstray(c, err, models.SetUpVillage)
	}
	var f feedbackForm
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	fb, err := report.FeedbackOf(c.UserContext(), p.db, at.Area.ID, report.Gift{Fund: f.Fund, Paper: f.Paper})
	if err != nil {
		return err
	}
	return web.Show(c, feedbackPageOf(at, f, fb))
}

// PublishFeedback answers POST /committee/feedback with the sheet to print, under
// a check code that anybody can verify.
func (p *Pages) PublishFeedback(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f feedbackForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	fb, code, err := report.PublishFeedback(c.UserContext(), p.db, op, web.Actor(c), at.Area.ID, report.Gift{Fund: f.Fund, Paper: f.Paper})
	if err != nil {
		return err
	}
	page := feedbackPageOf(at, f, fb)
	page.Code = code
	if page.QR, err = qrCode(p.verifyAddress(0, "", code)); err != nil {
		return err
	}
	return web.Show(c, page)
}
