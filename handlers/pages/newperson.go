package pages

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/village"
)

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
