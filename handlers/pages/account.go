package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
)

func (p *Pages) routesAccount(r Routes) {
	r.Get("/signin", web.Anybody, p.SignInForm)
	r.Post("/signin", web.Anybody, p.SignIn, web.Guessable)
	r.Post("/signout", web.Anybody, p.SignOut)
	r.Get("/view", web.Anybody, web.Resize)
	r.Get("/account", web.SignedIn, p.Account, web.Early)
	r.Post("/account/password", web.SignedIn, p.ChangePassword, web.Early)
	r.Post("/account/devices/:session", web.SignedIn, p.EndSession, web.Early)
}

// accountPage is one's own account: roles, password, devices.
type accountPage struct {
	Name, Login string
	MustChange  bool
	Roles       []roleLine
	Devices     []deviceLine
	Work        []web.Link // where the person may go
	Errors      map[string]string
}

type roleLine struct{ What, Term string }

type deviceLine struct {
	Name, When, Href string
	Here             bool
}

// View implements web.Page.
func (accountPage) View() (name, title string) { return "account/account", "我的账号" }

// Account answers GET /account.
func (p *Pages) Account(c *fiber.Ctx) error {
	page, err := p.accountPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) accountPage(c *fiber.Ctx) (accountPage, error) {
	who := web.Session(c)
	a, err := account.Get(c.UserContext(), p.db, who.Actor.Account)
	if err != nil {
		return accountPage{}, err
	}
	page := accountPage{Name: a.Name, Login: a.Login, MustChange: a.MustChange, Work: workplaces(who.Actor)}
	for _, g := range a.Grants {
		page.Roles = append(page.Roles, roleLine{g.Role.Title() + "（" + g.AreaName + "）", term(g, p.db.Now().Day())})
	}
	all, err := account.Sessions(c.UserContext(), p.db, a.ID)
	for _, s := range all {
		page.Devices = append(page.Devices, deviceLine{Name: s.Device, When: s.SeenAt.String(), Href: "/account/devices/" + models.ID32(s.ID), Here: s.ID == who.Actor.Session})
	}
	return page, err
}

func term(g account.Grant, today models.Date) string {
	switch {
	case !g.Holds(today) && g.From > today:
		return "从 " + string(g.From) + " 开始"
	case !g.Holds(today):
		return "任期已满，" + string(g.Until) + " 止"
	case g.Until != "":
		return "到 " + string(g.Until)
	}
	return ""
}

type passwordForm struct {
	Old      string `form:"old,required,raw" label:"原密码" max:"128"`
	Password string `form:"password,required,raw" label:"新密码" max:"128"`
	Again    string `form:"again,required,raw" label:"再输一遍" max:"128"`
}

// ChangePassword answers POST /account/password.
func (p *Pages) ChangePassword(c *fiber.Ctx) error {
	var f passwordForm
	op, err := web.Bind(c, &f)
	if err == nil && f.Password != f.Again {
		err = models.ErrInput.With("两遍新密码不一样，没有保存，请重新输入").At("again")
	}
	who := web.Session(c)
	if err == nil {
		err = account.ChangePassword(c.UserContext(), p.db, op, who.Actor, f.Old, f.Password, who.SessionHash)
	}
	if err != nil {
		page, lost := p.accountPage(c)
		if lost != nil {
			return lost
		}
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "密码已改好", "别的设备都已退出登录。")
	if who.MustChange {
		return web.See(c, firstPage(who.Actor))
	}
	return web.See(c, "/account")
}

// EndSession answers POST /account/devices/:session: that device is signed out.
func (p *Pages) EndSession(c *fiber.Ctx) error {
	id, err := web.ID(c, "session")
	if err != nil {
		return err
	}
	if err := account.SignOutOne(c.UserContext(), p.db, web.Actor(c), id); err != nil {
		return err
	}
	web.Flash(c, "ok", "那台设备已退出登录")
	return web.See(c, "/account")
}
