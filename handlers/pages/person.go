package pages

import (
	"context"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/village"
)

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
	if !p.looksAfter(ctx, web.Actor(c), a) {
		return a, models.ErrNotFound
	}
	return a, nil
}

// looksAfter says whether somebody may change an account: they may give one of
// its roles, or it has none and they run the instance.
func (p *Pages) looksAfter(ctx context.Context, by models.Actor, a account.Account) bool {
	if len(a.Grants) == 0 {
		return by.Can(models.RunInstance, models.Place{})
	}
	return slices.ContainsFunc(a.Grants, func(g account.Grant) bool { return account.MayGrant(ctx, p.db, by, g.Role, g.Area) == nil })
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
