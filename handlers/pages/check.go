package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
)

// checkPage is the first check of what families claim.
type checkPage struct {
	committeeAt
	Groups []lifeGroup
	Of     int
	More   bool
	Review bool // the person may open the meeting, too
}

// View implements web.Page.
func (checkPage) View() (name, title string) { return "committee/check", "初审" }

// Frame keeps the bar on today, from where the list is reached.
func (checkPage) Frame(f *web.Frame) { f.Active = "today" }

// CommitteeCheck answers GET /committee/check.
func (p *Pages) CommitteeCheck(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.CheckClaims)
	if err != nil {
		return p.committeeAstray(c, err, models.CheckClaims)
	}
	page, err := p.checkPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) checkPage(c *fiber.Ctx, at committeeAt) (page checkPage, err error) {
	page.committeeAt, page.Review = at, at.Can(models.ReviewAwards)
	awards, err := p.lifeWaiting(c.UserContext(), at, award.Claimed)
	if err != nil {
		return page, err
	}
	page.More = len(awards) > lifeMost
	awards = awards[:min(len(awards), lifeMost)]
	page.Of = len(awards)
	before, err := p.lifeDecided(c.UserContext(), at, awards)
	if err != nil {
		return page, err
	}
	page.Groups, err = p.lifeListed(c, at, awards, func(a award.Award, k *lifeCase) {
		k.Said = before[a.ID].says
		switch {
		case at.Kin(a.Household):
			k.Stop = "您自己家或亲属家，请同事来审"
		case a.Recorder == at.Actor.Account && a.Recorder != 0:
			k.Stop = "这一件是您登记的，请同事来审"
		}
	})
	return page, err
}

// CheckClaims answers POST /committee/check.
func (p *Pages) CheckClaims(c *fiber.Ctx) error {
	return p.lifeDecide(c, models.CheckClaims, "/committee/check",
		func(c *fiber.Ctx, at committeeAt) (web.Page, error) { return p.checkPage(c, at) }, award.Check)
}

// todayClaims is what waits for a first check.
func (p *Pages) todayClaims(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.CheckClaims) {
		return nil, nil
	}
	waiting, err := p.lifeWaiting(c.UserContext(), at, award.Claimed)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	return []todayItem{{N: len(waiting), Text: "初审村民报的好事", Note: waiting[0].RecordedAt.Day().Short() + "起等着", Href: at.Href("/committee/check"), Late: waiting[0].RecordedAt.Add(lifePatience) < p.db.Now()}}, nil
}
