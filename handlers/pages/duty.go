package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/village"
)

func (p *Pages) routesDuty(r Routes) {
	keep := web.Staff(models.SetUpVillage)
	r.Get("/committee/duties", keep, p.Duties)
	r.Post("/committee/duties", keep, p.AddDutyGrid)
	r.Post("/committee/duties/:account", keep, p.SetDuties)
}

// dutyPage says who of the village's grid workers looks after which part.
type dutyPage struct {
	committeeAt
	People []dutyPerson
	Grids  []dutyPart
	Any    bool // the village is divided: whoever has nothing may record nothing
	Errors map[string]string
	Name   string
}

type dutyPerson struct {
	ID, Name, Has string
	Ticks         []web.Tick
	None          bool
}

// dutyPart is a grid or a group of the village; Value is how a form names it.
type dutyPart struct {
	Value, Title string
	Homes        int
	Nobody       bool
}

// View implements web.Page.
func (dutyPage) View() (name, title string) { return "committee/duties", "网格分工" }

// Duties answers GET /committee/duties.
func (p *Pages) Duties(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return p.committeeAstray(c, err, models.SetUpVillage)
	}
	page, err := p.dutyPage(c.UserContext(), at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) dutyPage(ctx context.Context, at committeeAt) (page dutyPage, err error) {
	page.committeeAt = at
	parts, err := p.dutyParts(ctx, at.Area.ID)
	if err != nil {
		return page, err
	}
	duties, err := village.Duties(ctx, p.db, at.Area.ID)
	if err != nil {
		return page, err
	}
	workers, err := p.gridWorkers(ctx, at.Area.ID)
	if err != nil {
		return page, err
	}
	held, taken := map[int64][]string{}, map[string]bool{}
	for _, d := range duties {
		held[d.Account] = append(held[d.Account], dutyValue(d))
		taken[dutyValue(d)] = true
	}
	for i := range parts {
		parts[i].Nobody = !taken[parts[i].Value]
		page.Any = page.Any || strings.HasPrefix(parts[i].Value, "g")
	}
	page.Grids, page.Any = parts, page.Any || len(duties) > 0
	for _, a := range workers {
		one := dutyPerson{ID: models.ID32(a.ID), Name: a.Name, None: len(held[a.ID]) == 0}
		for _, part := range parts {
			has := slices.Contains(held[a.ID], part.Value)
			if has {
				one.Has += "、" + part.Title
			}
			one.Ticks = append(one.Ticks, web.Tick{Value: part.Value, Title: part.Title, Note: fmt.Sprintf("%d 户", part.Homes), Search: part.Title, Checked: has})
		}
		one.Has = strings.TrimPrefix(one.Has, "、")
		page.People = append(page.People, one)
	}
	return page, nil
}

// gridWorkers are the village's grid workers whose accounts are in use.
func (p *Pages) gridWorkers(ctx context.Context, v int64) ([]account.Account, error) {
	people, err := account.List(ctx, p.db, v)
	return slices.DeleteFunc(people, func(a account.Account) bool {
		return a.DisabledAt != 0 || !slices.ContainsFunc(a.Grants, func(g account.Grant) bool { return g.Role == models.GridWorker && g.Area == v })
	}), err
}

// dutyParts are the village's grids and groups with their households.
func (p *Pages) dutyParts(ctx context.Context, v int64) ([]dutyPart, error) {
	grids, err := village.Grids(ctx, p.db, v)
	if err != nil {
		return nil, err
	}
	homes, err := village.Homes(ctx, p.db, v, village.Filter{})
	if err != nil {
		return nil, err
	}
	in := map[string]int{}
	groups := []int{}
	for _, h := range homes {
		in[dutyValue(village.Duty{Grid: h.GridID})]++
		in[dutyValue(village.Duty{Group: h.Group})]++
		if h.Group != 0 && !slices.Contains(groups, h.Group) {
			groups = append(groups, h.Group)
		}
	}
	slices.Sort(groups)
	var parts []dutyPart
	for _, g := range grids {
		v := dutyValue(village.Duty{Grid: g.ID})
		parts = append(parts, dutyPart{Value: v, Title: g.Name, Homes: in[v]})
	}
	for _, g := range groups {
		v := dutyValue(village.Duty{Group: g})
		parts = append(parts, dutyPart{Value: v, Title: groupName(g), Homes: in[v]})
	}
	return parts, nil
}

// dutyValue is how a form names a part: g.<grid>, n.<group>, or both.
func dutyValue(d village.Duty) string {
	switch {
	case d.Grid == 0:
		return fmt.Sprintf("n.%d", d.Group)
	case d.Group == 0:
		return "g." + models.ID32(d.Grid)
	}
	return fmt.Sprintf("g.%s.%d", models.ID32(d.Grid), d.Group)
}

func readDuty(text string) (d village.Duty, err error) {
	bad := models.ErrInput.With("网格或小组认不出来，没有保存，请重新选").At("duty")
	if n, ok := strings.CutPrefix(text, "n."); ok {
		if _, err := fmt.Sscanf(n, "%d", &d.Group); err != nil {
			return d, bad
		}
		return d, nil
	}
	id, group, both := strings.Cut(strings.TrimPrefix(text, "g."), ".")
	if d.Grid, err = models.ParseID32(id); err != nil {
		return d, bad
	}
	if both {
		if _, err := fmt.Sscanf(group, "%d", &d.Group); err != nil {
			return d, bad
		}
	}
	return d, nil
}

// SetDuties answers POST /committee/duties/:account.
func (p *Pages) SetDuties(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		Account int64    `form:"account,id32,required" label:"网格员"`
		Parts   []string `form:"duty" label:"负责哪里"`
	}
	op, refused := web.Bind(c, &f)
	var duties []village.Duty
	for _, text := range f.Parts {
		d, err := readDuty(text)
		if err != nil && refused == nil {
			refused = err
		}
		duties = append(duties, d)
	}
	if refused == nil {
		refused = village.SetDuties(c.UserContext(), p.db, op, at.Actor, at.Area.ID, f.Account, duties)
	}
	if refused != nil {
		return p.dutyAgain(c, at, refused)
	}
	a, err := account.Get(c.UserContext(), p.db, f.Account)
	if err != nil {
		return err
	}
	say := "只能记这几片里的户。"
	if len(duties) == 0 {
		say = "现在一片都没有分给他（她）。"
	}
	web.Flash(c, "ok", a.Name+"的分工保存好了", say)
	return web.See(c, at.Href("/committee/duties"))
}

// AddDutyGrid answers POST /committee/duties: one more grid.
func (p *Pages) AddDutyGrid(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		Name string `form:"name,required" label:"网格名称" max:"64"`
	}
	op, refused := web.Bind(c, &f)
	if refused == nil {
		_, refused = village.AddGrid(c.UserContext(), p.db, op, at.Actor, at.Area.ID, f.Name)
	}
	if refused != nil {
		return p.dutyAgain(c, at, refused)
	}
	web.Flash(c, "ok", "网格“"+f.Name+"”建好了", "再到“农户”里给每一户选网格，或者在名册里写上网格一起导入。")
	return web.See(c, at.Href("/committee/duties"))
}

func (p *Pages) dutyAgain(c *fiber.Ctx, at committeeAt, refused error) error {
	page, err := p.dutyPage(c.UserContext(), at)
	if err != nil {
		return err
	}
	page.Errors, page.Name = web.Errors(refused), c.FormValue("name")
	return web.Again(c, page, refused)
}

// todayDuties tells the committee whom nobody has given a grid, in a village
// that is divided.
func (p *Pages) todayDuties(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.SetUpVillage) {
		return nil, nil
	}
	ctx, v := c.UserContext(), at.Area.ID
	duties, err := village.Duties(ctx, p.db, v)
	if err != nil {
		return nil, err
	}
	if len(duties) == 0 {
		grids, err := village.Grids(ctx, p.db, v)
		if err != nil || len(grids) == 0 {
			return nil, err
		}
	}
	workers, err := p.gridWorkers(ctx, v)
	idle := 0
	for _, a := range workers {
		if !slices.ContainsFunc(duties, func(d village.Duty) bool { return d.Account == a.ID }) {
			idle++
		}
	}
	if err != nil || idle == 0 {
		return nil, err
	}
	return []todayItem{{N: idle, Unit: "人", Text: "网格员还没有分网格", Note: "分好了才能记分", Href: at.Href("/committee/duties")}}, nil
}
