package pages

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/village"
)

// adminVillagePage is one village's administration: what is there, what is
// missing, what to do next.
type adminVillagePage struct {
	Village  village.Village
	Class    string
	Sponsor  string
	List     checklist
	Steps    []web.Step
	Counters []market.Counter
	Grids    []village.Grid
	Imports  []db.Import
	Next     *checkItem
	Rate     string // yuan a point is worth
	Small    string // what goes without the PIN
	Rhythm   string
	Edit     string
}

func (p adminVillagePage) View() (name, title string) { return "admin/village", p.Village.Name }

// ImportTitle is an import's kind in words.
func (adminVillagePage) ImportTitle(kind string) string {
	k, _ := importKindOf(kind)
	return k.Noun
}

// AdminVillage answers GET /admin/:village.
func (p *Pages) AdminVillage(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	page := adminVillagePage{Edit: adminPath(at.ID, "edit")}
	if page.Village, err = village.Get(ctx, p.db, at.ID); err != nil {
		return err
	}
	page.Rate = page.Village.PointRate.Fen(models.Points(models.One)).String()
	page.Small, page.Rhythm = smallText(page.Village), rhythmText(page.Village.RhythmMonths)
	page.Class, page.Sponsor = village.TitleOf(village.Classes, page.Village.Class), sponsorText(page.Village)
	if page.List, err = p.checkVillage(ctx, at.ID); err != nil {
		return err
	}
	page.Steps, page.Next = page.List.Steps(), page.List.after()
	if page.Counters, err = market.Counters(ctx, p.db, at.ID); err != nil {
		return err
	}
	if page.Grids, err = village.Grids(ctx, p.db, at.ID); err != nil {
		return err
	}
	if page.Imports, err = db.Imports(ctx, p.db, at.ID); err != nil {
		return err
	}
	return web.Show(c, page)
}

func smallText(v village.Village) string {
	if v.SmallLimit == 0 {
		return "没有，每次都要取货密码"
	}
	return "一次 " + v.SmallLimit.String() + " 分以内"
}

func rhythmText(months int) string {
	if months == 1 {
		return "每月一次"
	}
	return fmt.Sprintf("每 %d 个月一次", months)
}

// sponsorText is empty for a village that nobody sponsors.
func sponsorText(v village.Village) string {
	if v.Sponsor == "" {
		return v.SponsorUnit
	}
	text := village.TitleOf(village.Sponsors, v.Sponsor)
	if v.SponsorUnit != "" {
		text += "（" + v.SponsorUnit + "）"
	}
	return text
}
