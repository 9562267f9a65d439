package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/scheme"
)

// deductionsPage lists the deductions that households have been told of and
// that have not taken effect.
type deductionsPage struct {
	committeeAt
	Lines []deductionLine
}

// deductionLine is one of them.
type deductionLine struct {
	recordLine
	Until   string // when the household's time to answer ends
	Telling string
	Steps   string
}

// View implements web.Page.
func (deductionsPage) View() (name, title string) { return "committee/deductions", "扣分告知" }

// Frame keeps the bar on today, from where the list is reached.
func (deductionsPage) Frame(f *web.Frame) { f.Active = "today" }

// CommitteeDeductions answers GET /committee/deductions.
func (p *Pages) CommitteeDeductions(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	page := deductionsPage{committeeAt: at}
	all, err := p.lifeWaiting(c.UserContext(), at, award.Warned)
	if err != nil {
		return err
	}
	lines, err := p.recordLines(c, at, all)
	if err != nil {
		return err
	}
	for i, a := range all {
		path := "/committee/awards/" + models.ID32(a.ID)
		page.Lines = append(page.Lines, deductionLine{recordLine: lines[i], Until: minute(a.DueAt), Telling: at.Href(path + "/telling"), Steps: at.Href(path)})
	}
	return web.Show(c, page)
}

// tellingPage is the paper that tells a household of a deduction: what, why, by
// which rule, what it lowers, and until when and how it may answer.
type tellingPage struct {
	awardStepsPage
	Until  string
	Spends bool
	Days   int
	Made   string
	Back   string
}

// View implements web.Page.
func (p tellingPage) View() (name, title string) {
	return "committee/telling", "扣分告知单 " + p.Home.Label()
}

// PrintTelling answers GET /committee/awards/:award/telling.
func (p *Pages) PrintTelling(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	one, err := p.awardStepsPage(c, at)
	if err != nil {
		return err
	}
	a := one.Award
	if a.Direction != scheme.Minus {
		return models.ErrNotFound.With("这一笔不是扣分，没有告知单")
	}
	page := tellingPage{awardStepsPage: one, Spends: a.Points != 0, Days: one.Version.AppealDays, Made: minute(a.RecordedAt), Back: at.Href("/committee/awards/" + models.ID32(a.ID))}
	if a.DueAt != 0 {
		page.Until = minute(a.DueAt)
	}
	return web.Show(c, page)
}

// todayDeductions is which deductions run.
func (p *Pages) todayDeductions(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	waiting, err := p.lifeWaiting(c.UserContext(), at, award.Warned)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	return []todayItem{{N: len(waiting), Unit: "笔", Text: "扣分在申辩期", Note: "告知单要送到户", Href: at.Href("/committee/deductions")}}, nil
}
