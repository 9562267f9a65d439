package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/keys"
	"pointstore/models/village"
)

// myDataPage is everything that is kept about a family, and what it may change.
type myDataPage struct {
	family
	Members []village.Member
	Phones  []phoneLine
	Errors  map[string]string
}

// phoneLine is one phone the family is signed in on.
type phoneLine struct {
	Name string
	Seen models.Millis
	Here bool
}

// View implements web.Page.
func (myDataPage) View() (name, title string) { return "me/data", "我家的资料" }

// MyData answers GET /me/data.
func (p *Pages) MyData(c *fiber.Ctx) error {
	page, err := p.myDataPage(c, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) myDataPage(c *fiber.Ctx, refused error) (page myDataPage, err error) {
	page.Errors = web.Errors(refused)
	if page.family, err = p.family(c); err != nil {
		return page, err
	}
	if page.Members, err = village.Members(c.UserContext(), p.db, page.Household); err != nil {
		return page, err
	}
	all, err := account.SessionsOf(c.UserContext(), p.db, page.Household)
	here := web.Actor(c).Session
	for _, s := range all {
		page.Phones = append(page.Phones, phoneLine{s.Device, s.SeenAt, s.ID == here})
	}
	return page, err
}

// dataAgain shows the page once more with a refusal.
func (p *Pages) dataAgain(c *fiber.Ctx, refused error) error {
	page, err := p.myDataPage(c, refused)
	if err != nil {
		return err
	}
	return web.Again(c, page, refused)
}

type pinForm struct {
	Old   string `form:"old,raw" label:"现在的取货密码" max:"32"`
	PIN   string `form:"pin,raw" label:"新的取货密码" max:"32"`
	Again string `form:"again,raw" label:"再输一遍" max:"32"`
}

var errPINsDiffer = models.ErrInput.With("两次输入的新密码不一样，还没有改，请重新输入").At("again")

// ChangePIN answers POST /me/data/pin. Whoever else is signed in as the family
// is out.
func (p *Pages) ChangePIN(c *fiber.Ctx) error {
	var f pinForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return p.dataAgain(c, err)
	}
	h, ctx := web.Actor(c).Household, c.UserContext()
	if _, err := keys.ParsePIN(f.PIN); err != nil {
		return p.dataAgain(c, err)
	}
	if f.PIN != f.Again {
		return p.dataAgain(c, errPINsDiffer)
	}
	if err := village.CheckPIN(ctx, p.db, p.keys, h, village.OnPhone, f.Old); err != nil {
		return p.dataAgain(c, atField(err, "old"))
	}
	if err := village.SetPIN(ctx, p.db, op, web.Actor(c), p.keys, h, f.PIN); err != nil {
		return p.dataAgain(c, err)
	}
	if err := account.SignOutHousehold(ctx, p.db, h); err != nil {
		return err
	}
	if err := p.enterHousehold(c, h, true); err != nil {
		return err
	}
	web.Flash(c, "ok", "取货密码已改好", "别的手机都已退出，下次请用新密码。")
	return web.See(c, "/me/data")
}

// atField moves a refusal to the field it is about on this page.
func atField(err error, field string) error {
	if e, ok := err.(*models.Error); ok {
		return e.At(field)
	}
	return err
}

// ChangeHidden answers POST /me/data/hidden.
func (p *Pages) ChangeHidden(c *fiber.Ctx) error {
	var f struct {
		Hidden bool `form:"hidden"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return p.dataAgain(c, err)
	}
	if err := village.SetHidden(c.UserContext(), p.db, op, web.Actor(c), web.Actor(c).Household, f.Hidden); err != nil {
		return p.dataAgain(c, err)
	}
	if f.Hidden {
		web.Flash(c, "ok", "已改好：您家的名字不上榜", "加的分照样算，只在榜上合计里数一笔。")
	} else {
		web.Flash(c, "ok", "已改好：您家的名字可以上榜", "榜上只写姓、星号、末字和组号，不写全名。")
	}
	return web.See(c, "/me/data")
}

// LeavePhones answers POST /me/data/leave: every phone is signed out, this one
// too.
func (p *Pages) LeavePhones(c *fiber.Ctx) error {
	h := web.Actor(c).Household
	if err := account.SignOutHousehold(c.UserContext(), p.db, h); err != nil {
		return err
	}
	web.Leave(c)
	web.Flash(c, "ok", "所有手机都已退出", "要再看存折，请扫积分卡，再输取货密码。")
	return web.See(c, "/v/"+models.ID32(h.Village))
}
