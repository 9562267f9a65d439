package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/register"
	"pointstore/models/village"
)

// showPage is the form for putting a household on a list.
type showPage struct {
	committeeAt
	List     string
	Typed    map[string]string
	Consents []web.Option
	Errors   map[string]string
}

// View implements web.Page.
func (p showPage) View() (name, title string) { return "committee/show", p.Title() }

// Title is the list's name with what is done.
func (p showPage) Title() string { return "上" + register.ListTitle(p.List) }

// Red says which of the two it is.
func (p showPage) Red() bool { return p.List == register.Red }

var showFields = []string{"other", "title", "reason", "consent", "consent_on", "from", "until"}

// showDays is for how long a household is shown when nobody chose otherwise.
var showDays = map[string]int{register.Red: 30, register.Black: 7}

// NewShowing answers GET /committee/honours/show.
func (p *Pages) NewShowing(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	today := p.db.Now().Day()
	page := showPage{committeeAt: at, List: c.Query("list", register.Red), Consents: optionsOf(register.Consents, ""), Errors: map[string]string{}}
	if err := p.listOpen(c, at, page.List); err != nil {
		return err
	}
	page.Typed = map[string]string{"from": string(today), "until": string(today.AddDays(showDays[page.List] - 1)), "consent_on": string(today)}
	if c.Query("household") != "" {
		home, err := p.committeeHome(c, at)
		if err != nil {
			return err
		}
		page.Typed["other"] = home.Number
	}
	return web.Show(c, page)
}

// listOpen refuses a list that the village does not have.
func (p *Pages) listOpen(c *fiber.Ctx, at committeeAt, list string) error {
	switch list {
	case register.Red:
		return nil
	case register.Black:
		on, err := village.HasBlackList(c.UserContext(), p.db, at.Area.ID)
		if err == nil && !on {
			err = models.ErrNotFound.With("本村没有开黑榜")
		}
		return err
	}
	return models.ErrNotFound
}

// AddShowing answers POST /committee/honours/show.
func (p *Pages) AddShowing(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	var f struct {
		List      string      `form:"list,required" max:"8"`
		Other     string      `form:"other,required" label:"哪一户" max:"64"`
		Title     string      `form:"title,required" label:"称号" max:"20"`
		Reason    string      `form:"reason,required,text" label:"事由" max:"60"`
		Consent   string      `form:"consent" label:"怎样同意的" max:"12"`
		ConsentOn models.Date `form:"consent_on" label:"哪天同意的"`
		From      models.Date `form:"from,required" label:"从哪天起"`
		Until     models.Date `form:"until,required" label:"到哪天止"`
	}
	op, refused := web.Bind(c, &f)
	if refused == nil {
		var home village.Home
		if home, refused = p.homeCalled(c, at, f.Other); refused == nil {
			_, refused = register.Show(c.UserContext(), p.db, op, at.Actor, register.Showing{Household: home.Household, List: f.List, Title: f.Title, Reason: f.Reason,
				Consent: f.Consent, ConsentOn: f.ConsentOn, From: f.From, Until: f.Until})
			if refused == nil {
				web.Flash(c, "ok", home.Label()+" 已上"+register.ListTitle(f.List)+"，到 "+f.Until.Short()+" 自动撤下", "榜上只写 "+home.Masked()+"，不写家人和住处。")
				return web.See(c, at.Href("/committee/honours"))
			}
		}
	}
	page := showPage{committeeAt: at, List: c.FormValue("list"), Typed: typedOf(c, showFields), Errors: web.Errors(refused)}
	if page.List != register.Black {
		page.List = register.Red
	}
	page.Consents = optionsOf(register.Consents, page.Typed["consent"])
	return web.Again(c, page, refused)
}

// DropShowing answers POST /committee/honours/showings/:showing/drop.
func (p *Pages) DropShowing(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	if err := p.dropShowing(c, at.Area.ID); err != nil {
		return err
	}
	web.Flash(c, "ok", "已撤下，榜上马上不显示")
	return web.See(c, at.Href("/committee/honours"))
}

func (p *Pages) dropShowing(c *fiber.Ctx, v int64) error {
	id, err := web.ID(c, "showing")
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err != nil {
		return err
	}
	return register.Drop(c.UserContext(), p.db, op, web.Actor(c), v, id)
}

// blackListPage is where a village switches its black list, with a warning.
type blackListPage struct {
	committeeAt
	On     bool
	Typed  map[string]string
	Errors map[string]string
}

// View implements web.Page.
func (blackListPage) View() (name, title string) { return "committee/blacklist", "黑榜开关" }

// BlackList answers GET /committee/honours/blacklist.
func (p *Pages) BlackList(c *fiber.Ctx) error {
	page, err := p.blackListPage(c)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	return web.Show(c, page)
}

func (p *Pages) blackListPage(c *fiber.Ctx) (page blackListPage, err error) {
	page.Typed, page.Errors = map[string]string{}, map[string]string{}
	if page.committeeAt, err = committeeFor(c, models.ReviewAwards); err == nil {
		page.On, err = village.HasBlackList(c.UserContext(), p.db, page.Area.ID)
	}
	return page, err
}

// SetBlackList answers POST /committee/honours/blacklist.
func (p *Pages) SetBlackList(c *fiber.Ctx) error {
	page, err := p.blackListPage(c)
	if err != nil {
		return err
	}
	var f struct {
		On         bool   `form:"on"`
		Resolution string `form:"resolution,text" label:"哪次会议定的" max:"100"`
		Read       bool   `form:"read"`
	}
	op, err := web.Bind(c, &f)
	if err == nil && f.On && !f.Read {
		err = models.ErrInput.With("请先看完上面的提醒并打勾，没有改动").At("read")
	}
	if err == nil {
		err = village.SetBlackList(c.UserContext(), p.db, op, page.Actor, page.Area.ID, f.On, f.Resolution)
	}
	if err != nil {
		page.Errors, page.Typed = web.Errors(err), typedOf(c, []string{"resolution", "read"})
		return web.Again(c, page, err)
	}
	if f.On {
		web.Flash(c, "ok", "黑榜已打开", "上榜最多 30 天，只写姓、星号、末字和组号；随时可以关。")
	} else {
		web.Flash(c, "ok", "黑榜已关，公开页面上马上不显示")
	}
	return web.See(c, page.Href("/committee/honours"))
}
