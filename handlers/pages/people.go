package pages

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/village"
)

func (p *Pages) routesPeople(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/people", door, p.People)
	r.Get("/admin/people/new", door, p.NewPerson)
	r.Post("/admin/people/new", door, p.AddPerson)
	r.Get("/admin/people/:account", door, p.Person)
	r.Post("/admin/people/:account/grant", door, p.GrantRole)
	r.Post("/admin/people/:account/revoke", door, p.RevokeRole)
	r.Post("/admin/people/:account/password", door, p.ResetPerson)
	r.Post("/admin/people/:account/disable", door, p.DisablePerson)
	r.Post("/admin/people/:account/enable", door, p.EnablePerson)
	r.Post("/admin/people/:account/home", door, p.OwnHome)
}

// peoplePage lists who works where.
type peoplePage struct {
	Areas []web.Option
	Area  string // ID32
	Place string
	New   string
	Rows  []personRow
}

type personRow struct {
	Name, Login, Href string // Href is empty for whom others look after
	Roles             []string
	Tag, Kind         string
	Seen              string
}

func (peoplePage) View() (name, title string) { return "admin/people", "人员" }

// People answers GET /admin/people.
func (p *Pages) People(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), web.Actor(c)
	areas, err := p.staffAreas(ctx, by)
	if err != nil {
		return err
	}
	area, err := pickArea(areas, c.Query("area"))
	if err != nil {
		return err
	}
	page := peoplePage{Areas: areaOptions(areas, area.ID), Area: models.ID32(area.ID), Place: area.Name, New: newPersonPath(area.ID)}
	people, err := account.List(ctx, p.db, area.ID)
	if err != nil {
		return err
	}
	for _, a := range people {
		row := p.personRow(a)
		if !p.looksAfter(ctx, by, a) {
			row.Href = ""
		}
		page.Rows = append(page.Rows, row)
	}
	return web.Show(c, page)
}

func (p *Pages) personRow(a account.Account) personRow {
	now := p.db.Now()
	r := personRow{Name: a.Name, Login: a.Login, Href: "/admin/people/" + models.ID32(a.ID)}
	for _, g := range a.Grants {
		r.Roles = append(r.Roles, grantText(g, now.Day()))
	}
	switch {
	case a.DisabledAt != 0:
		r.Tag, r.Kind = "已停用", "past"
	case a.Idle(now):
		r.Tag, r.Kind = "90 天没用，已锁", "bad"
	case a.MustChange:
		r.Tag, r.Kind = "还没改密码", "wait"
	default:
		r.Tag, r.Kind = "在用", "ok"
	}
	if r.Seen = "还没登录过"; a.SeenAt != 0 {
		r.Seen = string(a.SeenAt.Day())
	}
	return r
}

// grantText is a role in words: 村委 · 青石村（到 2027-12-31）.
func grantText(g account.Grant, today models.Date) string {
	text := g.Role.Title() + " · " + g.AreaName
	switch {
	case g.Until != "" && g.Until < today:
		text += "（" + string(g.Until) + " 已到期）"
	case g.From > today:
		text += "（" + string(g.From) + " 起）"
	case g.Until != "":
		text += "（到 " + string(g.Until) + "）"
	}
	return text
}

// staffArea is a place whose people the actor may see and add to.
type staffArea struct {
	ID          int64
	Name, Level string
}

// staffAreas lists the places whose people the actor looks after: all areas for
// whoever runs them, their own village for a committee.
func (p *Pages) staffAreas(ctx context.Context, by models.Actor) ([]staffArea, error) {
	var out []staffArea
	if by.Can(models.RunInstance, models.Place{}) {
		out = append(out, staffArea{models.Everywhere, "全部", ""})
	}
	all, err := village.Areas(ctx, p.db)
	for _, a := range all {
		if by.Can(models.RunInstance, a.Place()) || a.Level == village.Hamlet && by.Can(models.SetUpVillage, a.Place()) {
			out = append(out, staffArea{a.ID, a.Name, a.Level})
		}
	}
	return out, err
}

// pickArea finds the area asked for among those one may have; the first when
// none is asked for.
func pickArea(areas []staffArea, asked string) (staffArea, error) {
	if asked == "" && len(areas) > 0 {
		return areas[0], nil
	}
	id, err := models.ParseID32(asked)
	for _, a := range areas {
		if err == nil && a.ID == id {
			return a, nil
		}
	}
	return staffArea{}, models.ErrNotFound
}

func areaOptions(areas []staffArea, now int64) []web.Option {
	out := make([]web.Option, len(areas))
	for i, a := range areas {
		text := a.Name
		if a.Level != "" {
			level, _, _ := strings.Cut(village.TitleOf(village.Levels, a.Level), "（")
			text += "（" + level + "）"
		}
		out[i] = web.Option{Value: models.ID32(a.ID), Text: text, Selected: a.ID == now}
	}
	return out
}
