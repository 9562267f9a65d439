package pages

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/scheme"
)

// noticePosterPage is the sheet for the wall.
type noticePosterPage struct {
	committeeAt
	Notice award.Poster
	Paper  string
	Other  web.Link
	Span   string
	Posted string // who, where and when, once it hangs
	QR     Code   // empty where no phone reaches this program
	// Resolution is of the meetings that passed what is listed; Days is within how
	// many an objection is answered.
	Resolution string
	Days       int
	Number     string // with the check code: how one asks whether it is genuine
	Back       string
}

// View implements web.Page.
func (p noticePosterPage) View() (name, title string) {
	return "committee/poster", p.Area.Name + "积分公示 " + p.Notice.Name()
}

// NoticePoster answers GET /committee/notices/:notice/poster, on A4 or A3.
func (p *Pages) NoticePoster(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HangNotice)
	if err != nil {
		return p.committeeAstray(c, err, models.HangNotice)
	}
	one, err := p.committeeNotice(c, at)
	if err != nil {
		return err
	}
	n := one.Notice
	page := noticePosterPage{committeeAt: at, Notice: n, Paper: "a4", Other: web.Link{Href: one.A3, Text: "换成 A3"}, Number: fmt.Sprintf("G%d-%d", n.Year, n.Number), Back: one.Line.Href}
	if c.Query("paper") == "a3" {
		page.Paper, page.Other = "a3", web.Link{Href: one.A4, Text: "换成 A4"}
	}
	page.Span = fmt.Sprintf("从张贴时起 %d 天", n.Days)
	if n.HungAt != 0 {
		page.Span = minute(n.HungAt) + " 至 " + minute(n.EndsAt)
		page.Posted = dotted(one.HungBy, n.HungWhere, minute(n.HungAt))
	}
	if err := p.posterFacts(c, at, &page); err != nil {
		return err
	}
	if p.trial {
		return web.Show(c, page) // no phone reaches this address: a real poster, without a code
	}
	// Capitals keep the code small: the address is read alike either way.
	if page.QR, err = qrCode(strings.ToUpper(one.Board)); err != nil {
		return err
	}
	return web.Show(c, page)
}

// posterFacts reads which resolutions are behind a notice, and how soon the
// village answers.
func (p *Pages) posterFacts(c *fiber.Ctx, at committeeAt, page *noticePosterPage) error {
	ctx := c.UserContext()
	page.Days = 7
	if v, err := scheme.Current(ctx, p.db, at.Area.ID, p.db.Now().Day()); err == nil && v.ObjectionDays > 0 {
		page.Days = v.ObjectionDays
	}
	all, err := award.ByNotice(ctx, p.db, at.Area.ID, page.Notice.ID)
	if err != nil {
		return err
	}
	var said []string
	seen := map[int64]bool{0: true}
	for _, a := range all {
		if seen[a.Meeting] {
			continue
		}
		seen[a.Meeting] = true
		m, err := award.GetMeeting(ctx, p.db, at.Area.ID, a.Meeting)
		if err != nil {
			return err
		}
		said = append(said, strings.TrimSpace(m.Name()+" "+m.Resolution))
	}
	page.Resolution = strings.Join(said, "、")
	return nil
}
