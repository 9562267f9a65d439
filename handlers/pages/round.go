package pages

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/village"
)

func (p *Pages) routesRound(r Routes) {
	grant := web.Staff(models.GrantPoints)
	r.Get("/committee/rounds", grant, p.Rounds)
	r.Get("/committee/rounds/new", grant, p.NewRound)
	r.Post("/committee/rounds/new", grant, p.StartRound)
	r.Get("/committee/rounds/:round", grant, p.Round)
	r.Post("/committee/rounds/:round", grant, p.SendRound)
	r.Get("/committee/rounds/:round/sum", grant, p.RoundSum)
	r.Post("/committee/rounds/:round/close", grant, p.CloseRound)
	r.Post("/committee/rounds/:round/open", grant, p.ReopenRound)
	r.Get("/committee/rounds/:round/sheet", grant, p.RoundSheet)
	r.Get("/committee/rounds/:round/key", grant, p.KeyRound)
}

// roundsPage lists a village's inspection rounds.
type roundsPage struct {
	committeeAt
	Rounds []roundLine
	Older  string
	Rules  bool
}

type roundLine struct {
	Name, When, Where, Href string
	Open                    bool
}

// View implements web.Page.
func (roundsPage) View() (name, title string) { return "committee/rounds", "庭院巡查" }

// Frame keeps the bar on its entry.
func (roundsPage) Frame(f *web.Frame) { f.Active = "award" }

// Rounds answers GET /committee/rounds.
func (p *Pages) Rounds(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	var f struct {
		Before int64 `form:"before,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	const most = 30
	all, err := award.Rounds(c.UserContext(), p.db, at.Area.ID, models.Cursor{Before: f.Before, Limit: most})
	if err != nil {
		return err
	}
	page := roundsPage{committeeAt: at}
	if page.Rules, err = p.hasRules(c, at); err != nil {
		return err
	}
	if len(all) == most {
		page.Older = at.Href("/committee/rounds", "before", models.ID32(all[most-1].ID))
	}
	for _, r := range all {
		line := roundLine{Name: r.Name, When: r.Day.Short(), Open: r.Open(), Href: roundPath(at, r, "")}
		if !r.Open() {
			line.Href = roundPath(at, r, "/sum")
		}
		if line.Where, err = p.roundWhere(c.UserContext(), r); err != nil {
			return err
		}
		page.Rounds = append(page.Rounds, line)
	}
	return web.Show(c, page)
}

func roundPath(at committeeAt, r award.Round, behind string, pairs ...string) string {
	return at.Href("/committee/rounds/"+models.ID32(r.ID)+behind, pairs...)
}

// roundWhere is the part of the village a round walks: 全村, 3组, 东网格.
func (p *Pages) roundWhere(ctx context.Context, r award.Round) (string, error) {
	var where []string
	if r.Grid != 0 {
		grids, err := village.Grids(ctx, p.db, r.Village)
		if err != nil {
			return "", err
		}
		for _, g := range grids {
			if g.ID == r.Grid {
				where = append(where, g.Name)
			}
		}
	}
	if r.Group != 0 {
		where = append(where, groupName(r.Group))
	}
	return cmp.Or(strings.Join(where, " "), "全村"), nil
}

// roundInHand is the round an address names, in the village in hand.
func (p *Pages) roundInHand(c *fiber.Ctx) (at committeeAt, r award.Round, err error) {
	if at, err = committeeFor(c, models.GrantPoints); err != nil {
		return at, r, err
	}
	id, err := web.ID(c, "round")
	if err != nil {
		return at, r, err
	}
	r, err = award.GetRound(c.UserContext(), p.db, at.Area.ID, id)
	return at, r, err
}

// todayRounds tells of rounds that are under way.
func (p *Pages) todayRounds(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.GrantPoints) {
		return nil, nil
	}
	all, err := award.Rounds(c.UserContext(), p.db, at.Area.ID, models.Cursor{Limit: 5})
	if err != nil {
		return nil, err
	}
	var items []todayItem
	for _, r := range all {
		if !r.Open() {
			continue
		}
		doors, err := p.doorsOf(c.UserContext(), at, r)
		if err != nil {
			return nil, err
		}
		left := 0
		for _, d := range doors {
			if d.Missing() {
				left++
			}
		}
		items = append(items, todayItem{N: left, Unit: "户", Text: r.Name, Note: "还没走到的户", Href: roundPath(at, r, ""), Late: r.Day < p.db.Now().Day().AddDays(-award.LateAfter)})
	}
	return items, nil
}

// doorsOf is a round's way for the person looking: a grid worker walks their own
// part of it.
func (p *Pages) doorsOf(ctx context.Context, at committeeAt, r award.Round) ([]award.Door, error) {
	doors, err := award.Route(ctx, p.db, r)
	if err != nil {
		return nil, err
	}
	cover, err := village.CoverOf(ctx, p.db, at.Actor, at.Area.Place)
	return slices.DeleteFunc(doors, func(d award.Door) bool { return !cover.Has(d.GridID, d.Group) }), err
}
