package api

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
)

type signInForm struct {
	Login    string `form:"login,required" label:"登录名" max:"64"`
	Password string `form:"password,required,raw" label:"密码" max:"128"`
	Remember bool   `form:"remember"`
}

// sessionJSON is a sign-in: the token is the session's secret, CSRF what a
// browser sends along with its cookie.
type sessionJSON struct {
	Token      string      `json:"token"`
	CSRF       string      `json:"csrf"`
	ExpiresAt  instant     `json:"expires_at"`
	MustChange bool        `json:"must_change_password"`
	Name       string      `json:"name"`
	Grants     []grantJSON `json:"grants"`
}

type grantJSON struct {
	Role models.Role `json:"role"`
	Area id          `json:"area"`
	Name string      `json:"name"`
}

// SignIn answers POST /api/v1/session. The session that the program or browser
// had before ends.
func (a *API) SignIn(c *fiber.Ctx) error {
	var f signInForm
	if err := web.Read(c, &f); err != nil {
		return err
	}
	secret, err := account.SignIn(c.UserContext(), a.db, f.Login, f.Password, web.Device(c), web.Addr(c), f.Remember)
	if err != nil {
		return err
	}
	if old := web.Secret(c); old != "" {
		if err := account.SignOut(c.UserContext(), a.db, old); err != nil {
			return err
		}
	}
	web.Enter(c, secret, f.Remember)
	who := web.Session(c)
	answer := sessionJSON{Token: secret, CSRF: who.CSRF, ExpiresAt: instant(who.ExpiresAt), MustChange: who.MustChange, Name: who.Actor.Name, Grants: []grantJSON{}}
	for _, g := range who.Actor.Grants {
		answer.Grants = append(answer.Grants, grantJSON{g.Role, id(g.Area), g.Name})
	}
	return made(c, answer)
}

// SignOut answers DELETE /api/v1/session.
func (a *API) SignOut(c *fiber.Ctx) error {
	if err := account.SignOut(c.UserContext(), a.db, web.Secret(c)); err != nil {
		return err
	}
	web.Leave(c)
	return c.SendStatus(fiber.StatusNoContent)
}
