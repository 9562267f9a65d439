package pages

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/village"
)

// rosterPage is the paper a counter goes on with when the power is out: every
// household by group, with its balance as of the printing and room to write.
type rosterPage struct {
	counterFrame
	Shop   string
	AsOf   string
	Groups []rosterGroup
	Choose []web.Link // one group alone
	Prices []rosterPrice
	Trial  bool
}

type rosterGroup struct {
	Name  string
	Homes []rosterHome
}

type rosterHome struct {
	Number, Head string
	Balance      models.Points
}

type rosterPrice struct {
	Name, Unit string
	Points     models.Points
}

// View implements web.Page.
func (rosterPage) View() (name, title string) { return "counter/roster", "兑换名册" }

type rosterForm struct {
	Group int `form:"group" label:"组" min:"0" max:"99"`
}

// CounterRoster answers GET /counter/roster, one group alone with ?group=.
func (p *Pages) CounterRoster(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	if err := web.Actor(c).May(models.SeeHouseholds, s.Village.Place); err != nil {
		return err
	}
	var f rosterForm
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.roster(c, s, f.Group)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) roster(c *fiber.Ctx, s station, group int) (page rosterPage, err error) {
	ctx := c.UserContext()
	now := p.db.Now()
	page = rosterPage{counterFrame: s.frame("", "roster"), Shop: s.Village.Name + "积分超市", AsOf: now.String(), Trial: p.trial}
	books, err := ledger.Balances(ctx, p.db, s.Village.ID)
	if err != nil {
		return page, err
	}
	groups, err := village.Groups(ctx, p.db, s.Village.ID)
	if err != nil {
		return page, err
	}
	homes, err := village.Homes(ctx, p.db, s.Village.ID, village.Filter{Group: group})
	if err != nil {
		return page, err
	}
	byGroup := map[int][]rosterHome{}
	for _, h := range homes {
		if h.Joining != "out" {
			byGroup[h.Group] = append(byGroup[h.Group], rosterHome{h.Number, h.Head, books[h.ID].Balance})
		}
	}
	for _, g := range groups {
		if len(byGroup[g.Number]) > 0 {
			page.Groups = append(page.Groups, rosterGroup{groupName(g.Number), byGroup[g.Number]})
		}
		page.Choose = append(page.Choose, web.Link{Href: fmt.Sprintf("/counter/roster?group=%d", g.Number), Text: groupName(g.Number)})
	}
	shelf, err := market.Shelf(ctx, p.db, s.Village.ID, s.Counter.ID, now.Day())
	for _, it := range shelf {
		page.Prices = append(page.Prices, rosterPrice{it.Name, it.Unit, it.Points})
	}
	return page, err
}

func groupName(n int) string {
	if n == 0 {
		return "未分组"
	}
	return fmt.Sprintf("%d组", n)
}
