package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/village"
)

// householdChangesPage tells what was changed about a household, with what stood
// there before.
type householdChangesPage struct {
	committeeAt
	Home  village.Home
	Lines []homeChange
	Back  string
}

// homeChange is one change, told.
type homeChange struct {
	Day, At, Who, What string
	Notes              []string
}

// View implements web.Page.
func (p householdChangesPage) View() (name, title string) {
	return "committee/changes", "改动记录 " + p.Home.Label()
}

// changesMost is how many changes are listed.
const changesMost = 100

// HouseholdChanges answers GET /committee/households/:household/changes.
func (p *Pages) HouseholdChanges(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.SetUpVillage)
	if err != nil {
		return p.committeeAstray(c, err, models.SetUpVillage)
	}
	page := householdChangesPage{committeeAt: at, Home: home, Back: at.Href("/committee/households/" + models.ID32(home.ID))}
	if page.Lines, err = p.homeChanges(c.UserContext(), at, home.Household, changesMost); err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) homeChanges(ctx context.Context, at committeeAt, h models.Household, most int) ([]homeChange, error) {
	done, err := village.HomeChanges(ctx, p.db, h, most)
	if err != nil {
		return nil, err
	}
	rows, err := p.logRows(ctx, at.Area.ID, done)
	if err != nil {
		return nil, err
	}
	people, err := p.everybodyIn(ctx, h)
	list := make([]homeChange, len(rows))
	for i, r := range rows {
		list[i] = homeChange{Day: string(done[i].At.Day()), At: r.At, Who: r.Who, What: r.What, Notes: r.Changes}
		if name := people[done[i].Subject]; name != "" {
			list[i].What += " " + name
		}
	}
	return list, err
}

// everybodyIn names all who are or were of a household.
func (p *Pages) everybodyIn(ctx context.Context, h models.Household) (map[int64]string, error) {
	names := map[int64]string{}
	now, err := village.Members(ctx, p.db, h)
	if err != nil {
		return nil, err
	}
	gone, err := village.Former(ctx, p.db, h)
	for _, m := range append(now, gone...) {
		names[m.ID] = m.Name
	}
	return names, err
}
