package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// householdsPage lists a village's households.
type householdsPage struct {
	committeeAt
	Homes  []householdLine
	Groups []web.Link
	Group  int
	Left   bool
	Counts village.Counts
	Add    bool
}

type householdLine struct {
	village.Home
	Href, Search, Note string
	Balance            models.Points
}

// View implements web.Page.
func (householdsPage) View() (name, title string) { return "committee/households", "农户" }

// CommitteeHouseholds answers GET /committee/households.
func (p *Pages) CommitteeHouseholds(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SeeHouseholds)
	if err != nil {
		return p.committeeAstray(c, err, models.SeeHouseholds)
	}
	var f struct {
		Group int  `form:"group" min:"0" max:"99"`
		Left  bool `form:"left"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page := householdsPage{committeeAt: at, Group: f.Group, Left: f.Left, Add: at.Can(models.SetUpVillage)}
	if err := p.listHouseholds(c.UserContext(), &page); err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) listHouseholds(ctx context.Context, page *householdsPage) (err error) {
	v := page.Area.ID
	if page.Counts, err = village.Count(ctx, p.db, v); err != nil {
		return err
	}
	groups, err := village.Groups(ctx, p.db, v)
	if err != nil {
		return err
	}
	page.Groups = append(page.Groups, web.Link{Href: page.Href("/committee/households"), Text: "全村", Key: "0"})
	for _, g := range groups {
		if g.Number != 0 {
			page.Groups = append(page.Groups, web.Link{Href: page.Href("/committee/households", "group", countOf(g.Number)), Text: countOf(g.Number) + "组 " + countOf(g.Homes) + "户", Key: countOf(g.Number)})
		}
	}
	homes, err := village.Homes(ctx, p.db, v, village.Filter{Group: page.Group, IncludeLeft: page.Left})
	if err != nil {
		return err
	}
	texts, err := village.SearchTexts(ctx, p.db, v)
	if err != nil {
		return err
	}
	books, err := ledger.Balances(ctx, p.db, v)
	for _, h := range homes {
		if h.Left() != page.Left {
			continue
		}
		page.Homes = append(page.Homes, householdLine{h, page.Href("/committee/households/" + models.ID32(h.ID)), texts[h.ID] + " " + h.Mark() + " " + h.Head, homeNote(h), books[h.ID].Balance})
	}
	return err
}
