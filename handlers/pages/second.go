package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
)

// secondPage is where a second person approves what is large or late.
type secondPage struct {
	committeeAt
	Groups []lifeGroup
	Of     int
	More   bool
	Above  int // gone to the township because nobody here may decide
}

// View implements web.Page.
func (secondPage) View() (name, title string) { return "committee/second", "第二人批准" }

// Frame keeps the bar on today, from where the list is reached.
func (secondPage) Frame(f *web.Frame) { f.Active = "today" }

// CommitteeSecond answers GET /committee/second.
func (p *Pages) CommitteeSecond(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	page, err := p.secondPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) secondPage(c *fiber.Ctx, at committeeAt) (page secondPage, err error) {
	page.committeeAt = at
	awards, err := p.lifeWaiting(c.UserContext(), at, award.Pending)
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
	for _, a := range awards {
		if a.Above {
			page.Above++
		}
	}
	page.Groups, err = p.lifeListed(c, at, awards, func(a award.Award, k *lifeCase) {
		b := before[a.ID]
		k.Said = b.says
		switch {
		case a.Above:
			k.Stop = "村里没有别的人可以批准，已经交给乡镇"
		case at.Kin(a.Household):
			k.Stop = "您自己家或亲属家，请同事来批"
		case a.Recorder == at.Actor.Account && a.Recorder != 0:
			k.Stop = "这一件是您登记的，请同事来批"
		case b.by[at.Actor.Account]:
			k.Stop = "前面是您定的，请另一位同事来批"
		}
	})
	return page, err
}

// ApproveSecond answers POST /committee/second.
func (p *Pages) ApproveSecond(c *fiber.Ctx) error {
	return p.lifeDecide(c, models.ReviewAwards, "/committee/second",
		func(c *fiber.Ctx, at committeeAt) (web.Page, error) { return p.secondPage(c, at) }, award.Approve)
}

// todaySecond is what waits for a second person.
func (p *Pages) todaySecond(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.ReviewAwards) {
		return nil, nil
	}
	waiting, err := p.lifeWaiting(c.UserContext(), at, award.Pending)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	return []todayItem{{N: len(waiting), Text: "等第二人批准", Note: "分多的、补录的", Href: at.Href("/committee/second"), Late: waiting[0].RecordedAt.Add(lifePatience) < p.db.Now()}}, nil
}
