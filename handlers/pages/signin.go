package pages

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
)

type signInForm struct {
	Login    string `form:"login,required" label:"登录名" max:"64"`
	Password string `form:"password,required,raw" label:"密码" max:"128"`
	Remember bool   `form:"remember"`
	Next     string `form:"next,raw"`
	Draft    string `form:"draft,raw" max:"200000"`
}

func (f signInForm) page() web.SignInPage {
	return web.SignInPage{Login: f.Login, Next: f.Next, Draft: f.Draft, Remember: f.Remember, Kept: f.Draft != ""}
}

// SignInForm answers GET /signin. A family on its way to its own pages has no
// login, but a card.
func (p *Pages) SignInForm(c *fiber.Ctx) error {
	next := web.LocalPath(c.Query("next"))
	if path, _, _ := strings.Cut(next, "?"); path == "/me" || strings.HasPrefix(path, "/me/") {
		return web.See(c, "/card")
	}
	if by := web.Actor(c); by.Account != 0 && next == "/" {
		return web.See(c, firstPage(by))
	}
	return web.Show(c, web.SignInPage{Next: next})
}

// SignIn answers POST /signin: a new session, whatever the browser brought, and
// on to where the person was going.
func (p *Pages) SignIn(c *fiber.Ctx) error {
	var f signInForm
	if _, err := web.Bind(c, &f); err != nil {
		return web.Again(c, f.page(), err)
	}
	secret, err := account.SignIn(c.UserContext(), p.db, f.Login, f.Password, web.Device(c), web.Addr(c), f.Remember)
	if err != nil {
		return web.Again(c, f.page(), err)
	}
	if err := p.leave(c); err != nil {
		return err
	}
	web.Enter(c, secret, f.Remember)
	return p.welcome(c, f)
}

// welcome leads on after signing in, and says where else the same person is.
func (p *Pages) welcome(c *fiber.Ctx, f signInForm) error {
	who := web.Session(c)
	if who.MustChange {
		return web.See(c, "/account")
	}
	if shown, err := web.Resume(c, f.Draft); shown || err != nil {
		return err
	}
	all, err := account.Sessions(c.UserContext(), p.db, who.Actor.Account)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.ID != who.Actor.Session {
			web.Flash(c, "wait", "这个账号还在另一台设备上登录着", s.Device+"，最近使用 "+s.SeenAt.String()+"。不是您本人，请到“账号”里让它退出。")
			break
		}
	}
	if next := web.LocalPath(f.Next); next != "/" {
		return web.See(c, next)
	}
	return web.See(c, firstPage(who.Actor))
}

// firstPage is where a person's work begins, by the first of their roles.
func firstPage(a models.Actor) string {
	for _, r := range []struct {
		role models.Role
		path string
	}{
		{models.Admin, "/admin"}, {models.Committee, "/committee"}, {models.GridWorker, "/committee"}, {models.Clerk, "/counter"},
		{models.Monitor, "/reports"}, {models.FirstSec, "/reports"}, {models.Publicity, "/reports"}, {models.Inspector, "/reports"},
	} {
		for _, g := range a.Grants {
			if g.Role == r.role {
				return r.path
			}
		}
	}
	return "/account"
}

// SignOut answers POST /signout.
func (p *Pages) SignOut(c *fiber.Ctx) error {
	next := "/signin"
	if h := web.Actor(c).Household; h.ID != 0 {
		next = "/v/" + models.ID32(h.Village)
	}
	if err := p.leave(c); err != nil {
		return err
	}
	web.Flash(c, "ok", "已退出")
	return web.See(c, next)
}

// leave ends the session that the browser brought, if any.
func (p *Pages) leave(c *fiber.Ctx) error {
	secret := web.Secret(c)
	if secret == "" {
		return nil
	}
	web.Leave(c)
	return account.SignOut(c.UserContext(), p.db, secret)
}
