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
	"pointstore/models/db"
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
	Name, Login, Href string
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
		page.Rows = append(page.Rows, p.personRow(a))
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

type personForm struct {
	Name  string      `form:"name,required" label:"姓名" max:"64"`
	Login string      `form:"login,required" label:"登录名" max:"32"`
	Role  string      `form:"role,required" label:"角色" max:"16"`
	Area  int64       `form:"area,id32,required" label:"在哪里"`
	From  models.Date `form:"from" label:"任期从"`
	Until models.Date `form:"until" label:"任期到"`
	Home  string      `form:"home" label:"自己家" max:"64"`
}

// personFormPage adds a person.
type personFormPage struct {
	Form    personForm
	Areas   []web.Option
	Area    string // ID32 of the area whose roles are offered
	Place   string
	Roles   []web.Option
	Village bool
	Errors  map[string]string
}

func (personFormPage) View() (name, title string) { return "admin/person_new", "添加人员" }

// roleHints say what a role may do, in a few words.
var roleHints = map[models.Role]string{
	models.Admin: "管县乡村、人员、设置；不记分", models.Committee: "记分、公示、改错、管户和细则", models.GridWorker: "在巷子里记分",
	models.Clerk: "收卡、给东西、管库存", models.Monitor: "看全村的账，不能是村委或其近亲", models.FirstSec: "看全村的账",
	models.Publicity: "看本地的报表", models.Inspector: "看报表和操作记录，村里看得见来过",
}

var widerThanVillage = map[models.Role]int{models.Publicity: 1, models.Inspector: 1, models.Admin: 2}

func (p *Pages) roleOptions(ctx context.Context, by models.Actor, a staffArea, now string) []web.Option {
	var out []web.Option
	roles := account.Roles(a.Level)
	if a.Level == village.Hamlet { // whoever is in charge of a wider area comes last
		slices.SortStableFunc(roles, func(x, y models.Role) int { return widerThanVillage[x] - widerThanVillage[y] })
	}
	for _, r := range roles {
		if account.MayGrant(ctx, p.db, by, r, a.ID) == nil {
			out = append(out, web.Option{Value: string(r), Text: r.Title(), Hint: roleHints[r], Selected: string(r) == now})
		}
	}
	return out
}

func (p *Pages) personFormPage(ctx context.Context, by models.Actor, f personForm, asked string, why error) (personFormPage, error) {
	page := personFormPage{Form: f, Errors: web.Errors(why)}
	areas, err := p.staffAreas(ctx, by)
	if err != nil {
		return page, err
	}
	a, err := pickArea(areas, asked)
	if err != nil {
		return page, err
	}
	page.Areas, page.Area, page.Place, page.Village = areaOptions(areas, a.ID), models.ID32(a.ID), a.Name, a.Level == village.Hamlet
	page.Roles = p.roleOptions(ctx, by, a, f.Role)
	return page, nil
}

// NewPerson answers GET /admin/people/new.
func (p *Pages) NewPerson(c *fiber.Ctx) error {
	page, err := p.personFormPage(c.UserContext(), web.Actor(c), personForm{}, c.Query("area"), nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// passwordPage shows a one-time password, once.
type passwordPage struct {
	Name, Login, Password string
	Roles                 []string
	SignIn                string // where one signs in
	Person, New, Back     string
	Warn                  string
}

func (passwordPage) View() (name, title string) { return "admin/password", "一次性密码" }

// AddPerson answers POST /admin/people/new. The answer is drawn at once and not
// led on to, because the password in it is kept nowhere.
func (p *Pages) AddPerson(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), web.Actor(c)
	var f personForm
	op, err := web.Bind(c, &f)
	var home village.Home
	if err == nil {
		home, err = p.findHome(ctx, f.Area, f.Home)
	}
	var a account.Account
	if err == nil {
		a, err = account.AddAccount(ctx, p.db, op, by, account.NewAccount{Login: f.Login, Name: f.Name, Role: models.Role(f.Role), Area: f.Area, From: f.From, Until: f.Until})
	}
	if err != nil {
		asked := models.ID32(f.Area)
		if f.Area == 0 {
			asked = ""
		}
		page, failed := p.personFormPage(ctx, by, f, asked, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	page := p.passwordPage(a, a.OneTime)
	page.New = newPersonPath(f.Area)
	if home.ID != 0 {
		if _, err := village.AddLink(ctx, p.db, web.Next(op, 1), by, f.Area, village.Link{Household: home.ID, Account: a.ID}); err != nil {
			page.Warn = "自己家没有登记上：" + sentence(err) + " 可在这个人的页面里再登记。"
		}
	}
	return web.Show(c, page)
}

func (p *Pages) passwordPage(a account.Account, password string) passwordPage {
	page := passwordPage{Name: a.Name, Login: a.Login, Password: password, SignIn: p.base + "/signin", Back: "/admin", Person: "/admin/people/" + models.ID32(a.ID)}
	for _, g := range a.Grants {
		page.Roles = append(page.Roles, grantText(g, p.db.Now().Day()))
		if g.Role != models.Admin && len(a.Grants) == 1 {
			page.Back = villageOrHome(g)
		}
	}
	return page
}

// villageOrHome is the village's own page for those who work in one.
func villageOrHome(g account.Grant) string {
	if slices.Contains(account.Roles(village.County), g.Role) {
		return "/admin"
	}
	return adminPath(g.Area)
}

// findHome finds the one household that a number or a name means; nothing typed
// is no household.
func (p *Pages) findHome(ctx context.Context, v int64, text string) (village.Home, error) {
	if models.Normal(text) == "" {
		return village.Home{}, nil
	}
	if h, err := village.HomeByNumber(ctx, p.db, v, text); err == nil {
		return h, nil
	}
	found, err := village.Search(ctx, p.db, v, text, 4)
	switch {
	case err != nil:
		return village.Home{}, err
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return village.Home{}, models.ErrInput.With("村里没有找到“" + text + "”这一户，还没有保存；请填户号或户主姓名").At("home")
	}
	say := "“" + text + "”有好几户："
	for i, h := range found {
		if i > 0 {
			say += "、"
		}
		say += h.Label() + "（户号 " + h.Number + "）"
	}
	return village.Home{}, models.ErrInput.With(say + "。还没有保存，请填户号").At("home")
}

// personPage is one person: roles, own home, and what can be done.
type personPage struct {
	ID       string
	Account  account.Account
	State    personRow
	Grants   []grantRow
	Areas    []web.Option
	Area     string
	Place    string
	Roles    []web.Option
	Homes    []ownHome
	Villages []web.Option // where an own home can be noted
	Self     bool
	Typed    map[string]string
	Errors   map[string]string
}

type grantRow struct {
	Text, Role, Area string
	Over             bool
}

type ownHome struct{ Village, Label string }

func (p personPage) View() (name, title string) { return "admin/person", p.Account.Name }

// person is the account an address names, if it is the actor's to look after.
func (p *Pages) person(c *fiber.Ctx) (account.Account, error) {
	ctx := c.UserContext()
	id, err := web.ID(c, "account")
	if err != nil {
		return account.Account{}, err
	}
	a, err := account.Get(ctx, p.db, id)
	if err != nil {
		return a, err
	}
	by := web.Actor(c)
	mine := slices.ContainsFunc(a.Grants, func(g account.Grant) bool { return account.MayGrant(ctx, p.db, by, g.Role, g.Area) == nil })
	if !mine && !(len(a.Grants) == 0 && by.Can(models.RunInstance, models.Place{})) {
		return a, models.ErrNotFound
	}
	return a, nil
}

// Person answers GET /admin/people/:account.
func (p *Pages) Person(c *fiber.Ctx) error {
	a, err := p.person(c)
	if err != nil {
		return err
	}
	page, err := p.personPage(c, a, c.Query("area"), nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) personPage(c *fiber.Ctx, a account.Account, asked string, why error) (personPage, error) {
	ctx, by := c.UserContext(), web.Actor(c)
	page := personPage{ID: models.ID32(a.ID), Account: a, State: p.personRow(a), Self: a.ID == by.Account, Typed: map[string]string{}, Errors: web.Errors(why)}
	for _, g := range a.Grants {
		page.Grants = append(page.Grants, grantRow{Text: grantText(g, p.db.Now().Day()), Role: string(g.Role), Area: models.ID32(g.Area),
			Over: account.MayGrant(ctx, p.db, by, g.Role, g.Area) == nil})
	}
	areas, err := p.staffAreas(ctx, by)
	if err != nil {
		return page, err
	}
	if asked == "" && len(a.Grants) > 0 {
		asked = models.ID32(a.Grants[0].Area)
	}
	at, err := pickArea(areas, asked)
	if err != nil {
		at, err = pickArea(areas, "")
	}
	if err != nil {
		return page, err
	}
	page.Areas, page.Area, page.Place = areaOptions(areas, at.ID), models.ID32(at.ID), at.Name
	page.Roles = p.roleOptions(ctx, by, at, "")
	return page, p.ownHomes(ctx, &page, areas)
}

// ownHomes lists the households the person may not decide for because they are
// their own, in the villages that one looks after.
func (p *Pages) ownHomes(ctx context.Context, page *personPage, areas []staffArea) error {
	works := map[int64]bool{}
	for _, g := range page.Account.Grants {
		works[g.Area] = true
	}
	for _, a := range areas {
		if a.Level != village.Hamlet || !works[a.ID] {
			continue
		}
		page.Villages = append(page.Villages, web.Option{Value: models.ID32(a.ID), Text: a.Name})
		links, err := village.Links(ctx, p.db, a.ID, 0)
		if err != nil {
			return err
		}
		for _, l := range links {
			if l.Account != page.Account.ID {
				continue
			}
			h, err := village.GetHome(ctx, p.db, models.Household{Village: a.ID, ID: l.Household})
			if err != nil {
				return err
			}
			page.Homes = append(page.Homes, ownHome{a.Name, h.Label()})
		}
	}
	return nil
}

// onPerson does something to a person and shows their page again, with what was
// done or why not.
func (p *Pages) onPerson(c *fiber.Ctx, form any, done string, do func(op db.OpID, by models.Actor, a account.Account) error) error {
	a, err := p.person(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, form)
	if err == nil {
		err = do(op, web.Actor(c), a)
	}
	if err != nil {
		page, failed := p.personPage(c, a, "", err)
		if failed != nil {
			return failed
		}
		if f, ok := form.(*homeLinkForm); ok {
			page.Typed["home"] = f.Home
		}
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", fmt.Sprintf("%s：%s", a.Name, done))
	return web.See(c, "/admin/people/"+models.ID32(a.ID))
}

type roleForm struct {
	Role  string      `form:"role,required" label:"角色" max:"16"`
	Area  int64       `form:"area,id32,required" label:"在哪里"`
	From  models.Date `form:"from" label:"任期从"`
	Until models.Date `form:"until" label:"任期到"`
}

// GrantRole answers POST …/grant.
func (p *Pages) GrantRole(c *fiber.Ctx) error {
	var f roleForm
	return p.onPerson(c, &f, "角色加好了", func(op db.OpID, by models.Actor, a account.Account) error {
		return account.AddGrant(c.UserContext(), p.db, op, by, a.ID, account.Grant{Role: models.Role(f.Role), Area: f.Area, From: f.From, Until: f.Until})
	})
}

// RevokeRole answers POST …/revoke.
func (p *Pages) RevokeRole(c *fiber.Ctx) error {
	var f roleForm
	return p.onPerson(c, &f, "角色收回了", func(op db.OpID, by models.Actor, a account.Account) error {
		return account.RemoveGrant(c.UserContext(), p.db, op, by, a.ID, models.Role(f.Role), f.Area)
	})
}

// DisablePerson answers POST …/disable.
func (p *Pages) DisablePerson(c *fiber.Ctx) error {
	return p.onPerson(c, &struct{}{}, "账号停用了，已登录的设备都退出了", func(op db.OpID, by models.Actor, a account.Account) error {
		return account.Disable(c.UserContext(), p.db, op, by, a.ID)
	})
}

// EnablePerson answers POST …/enable.
func (p *Pages) EnablePerson(c *fiber.Ctx) error {
	return p.onPerson(c, &struct{}{}, "账号可以用了", func(op db.OpID, by models.Actor, a account.Account) error {
		return account.Enable(c.UserContext(), p.db, op, by, a.ID)
	})
}

type homeLinkForm struct {
	Village int64  `form:"at,id32,required" label:"村"`
	Home    string `form:"home,required" label:"自己家" max:"64"`
}

// OwnHome answers POST …/home: from now on the person does not decide for it.
func (p *Pages) OwnHome(c *fiber.Ctx) error {
	var f homeLinkForm
	return p.onPerson(c, &f, "自己家登记好了，以后不能给自己家办理", func(op db.OpID, by models.Actor, a account.Account) error {
		ctx := c.UserContext()
		at, err := village.PlaceOf(ctx, p.db, f.Village)
		if err == nil {
			err = by.May(models.SetUpVillage, at)
		}
		if err != nil {
			return models.ErrNotFound
		}
		h, err := p.findHome(ctx, f.Village, f.Home)
		if err != nil {
			return err
		}
		_, err = village.AddLink(ctx, p.db, op, by, f.Village, village.Link{Household: h.ID, Account: a.ID})
		return err
	})
}

// ResetPerson answers POST …/password with a new one-time password, shown once.
func (p *Pages) ResetPerson(c *fiber.Ctx) error {
	a, err := p.person(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	var once string
	if err == nil {
		once, err = account.SetPassword(c.UserContext(), p.db, op, web.Actor(c), a.ID, "")
	}
	if err != nil {
		page, failed := p.personPage(c, a, "", err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	return web.Show(c, p.passwordPage(a, once))
}
