package pages

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/notice"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

func (p *Pages) routesSay(r Routes) {
	r.Nav("say", meNav)
	r.Get("/v/:village/say", web.Anybody, p.Say)
	r.Post("/v/:village/say", web.Anybody, p.TakeObjection, web.Seldom)
	r.Get("/say", web.Anybody, p.LookUp)
	r.Post("/say", web.Anybody, p.LookedUp, web.Guessable)
	r.Post("/say/appeal", web.Anybody, p.AppealByCode, web.Guessable)
	r.Post("/say/back", web.Anybody, p.TakeBackByCode, web.Guessable)
	r.Get("/me/say", web.Household, p.MyObjections)
	r.Get("/me/say/:objection", web.Household, p.MyObjection)
	r.Post("/me/say/:objection/appeal", web.Household, p.AppealMine)
	r.Post("/me/say/:objection/back", web.Household, p.TakeBackMine)
}

// sayForm is an objection as it is written, on a phone or by staff for somebody.
type sayForm struct {
	About   string      `form:"about" label:"哪方面的意见" max:"12"`
	Award   int64       `form:"award,id32" label:"哪一笔"`
	Goods   int64       `form:"goods,id32" label:"哪样商品"`
	Person  int64       `form:"person,id32" label:"说的是谁"`
	Rule    int64       `form:"rule,id32" label:"哪一条细则"`
	Honour  int64       `form:"honour,id32" label:"哪一次暂停"`
	Number  string      `form:"number" label:"户号" max:"64"`
	Act     int64       `form:"act,id32" label:"做的什么事"`
	Day     models.Date `form:"day" label:"哪一天"`
	Qty     models.Qty  `form:"qty" label:"数量"`
	Text    string      `form:"text,text" label:"意见" max:"500"`
	Contact string      `form:"contact" label:"联系方式" max:"60"`
	Unnamed bool        `form:"unnamed"`
	Way     string      `form:"way" max:"8"`
	Who     string      `form:"who" label:"提意见的户号" max:"64"`
	Pot     string      `form:"homepage" max:"200"` // nobody sees it, only machines fill it in
}

// subject is the thing meant, as the kind of objection has it.
func (f sayForm) subject() int64 {
	return map[string]int64{notice.AboutGoods: f.Goods, notice.AboutPerson: f.Person, notice.AboutRule: f.Rule, notice.AboutHonour: f.Honour}[f.About]
}

// sayPage is where anybody objects.
type sayPage struct {
	Village web.Area
	Path    string
	Form    sayForm
	Home    *village.Home // the family at its own phone
	Award   string        // the award that is meant, in words
	Thing   string        // or the goods, the rule
	Abouts  []web.Option
	Rules   []web.Option
	People  []web.Option
	Days    int
	Typed   map[string]string
	Errors  map[string]string
}

// View implements web.Page.
func (p sayPage) View() (name, title string) { return "objection/say", p.Village.Name + "提意见" }

// Frame leads home to the board.
func (p sayPage) Frame(f *web.Frame) { f.SiteHref = p.Path }

// AwardID is the award that is meant, for the form; empty for none.
func (f sayForm) AwardID() string { return sayID(f.Award) }

// GoodsID, RuleID and HonourID are for the form too.
func (f sayForm) GoodsID() string  { return sayID(f.Goods) }
func (f sayForm) RuleID() string   { return sayID(f.Rule) }
func (f sayForm) HonourID() string { return sayID(f.Honour) }

func sayID(id int64) string {
	if id == 0 {
		return ""
	}
	return models.ID32(id)
}

// Say answers GET /v/:village/say; the thing meant may be named in the address.
func (p *Pages) Say(c *fiber.Ctx) error {
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	var f sayForm
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.sayPage(c, v, f)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// sayingAs is who objects: the family of this village at its own phone, else
// nobody in particular; staff go through their own page.
func sayingAs(c *fiber.Ctx, v int64) models.Actor {
	if by := web.Actor(c); by.Household.Village == v {
		return models.Actor{Household: by.Household}
	}
	return models.Actor{}
}

func (p *Pages) sayPage(c *fiber.Ctx, v web.Area, f sayForm) (page sayPage, err error) {
	ctx, by := c.UserContext(), sayingAs(c, v.ID)
	page = sayPage{Village: v, Path: "/v/" + models.ID32(v.ID), Form: f, Days: scheme.ObjectionDefault, Typed: map[string]string{}}
	if by.Household.ID != 0 {
		home, err := village.GetHome(ctx, p.db, by.Household)
		if err != nil {
			return page, err
		}
		page.Home = &home
	}
	if err := p.sayMeant(c, &page, by); err != nil {
		return page, err
	}
	page.Abouts = sayAbouts(page.Form)
	if page.Rules, page.Days, err = p.sayRules(c, v.ID, f.Act); err != nil {
		return page, err
	}
	page.People, err = p.sayPeople(c, v.ID, f.Person, false)
	return page, err
}

// sayMeant puts what the address names into words. What is not theirs to see is
// left out, and the words decide.
func (p *Pages) sayMeant(c *fiber.Ctx, page *sayPage, by models.Actor) error {
	ctx, v, f := c.UserContext(), page.Village.ID, &page.Form
	t := p.objectionTeller(ctx, false)
	if f.Award != 0 {
		a, err := award.ObjectTo(ctx, p.db, by, v, f.Award)
		if errors.Is(err, models.ErrNotFound) {
			f.Award = 0
			return nil
		}
		if err != nil {
			return err
		}
		if f.About == "" {
			f.About = notice.AboutAward
		}
		page.Award, err = t.subject(notice.Objection{Village: v, Award: a.ID, For: a.Household.ID})
		return err
	}
	for about, id := range map[string]int64{notice.AboutGoods: f.Goods, notice.AboutRule: f.Rule, notice.AboutHonour: f.Honour} {
		if id == 0 {
			continue
		}
		name, err := t.thing(notice.Objection{Village: v, About: about, Subject: id})
		if err != nil {
			return err
		}
		if about == notice.AboutHonour && !p.ownSuspension(c, by, id) {
			name = "" // why somebody is kept out of honours is between them and the village
		}
		if name != "" {
			f.About, page.Thing = about, name
		}
	}
	return nil
}

// sayAbouts are the kinds to choose from: two when an award is named already.
func sayAbouts(f sayForm) []web.Option {
	var all []web.Option
	if f.Award == 0 {
		all = append(all, web.Option{Text: "请选", Selected: f.About == ""})
	}
	for _, a := range notice.Abouts {
		if a.Key == notice.AboutDeduct && f.Award != 0 || f.Award != 0 && a.Key != notice.AboutAward && a.Key != notice.AboutShort {
			continue
		}
		text := a.Title
		if f.Award == 0 && a.Key == notice.AboutAward {
			text = "加分不对"
		}
		all = append(all, web.Option{Value: a.Key, Text: text, Selected: a.Key == f.About})
	}
	return all
}

// sayRules are what somebody may have earned, with how many days the village has
// for an answer.
func (p *Pages) sayRules(c *fiber.Ctx, v, chosen int64) ([]web.Option, int, error) {
	none := []web.Option{{Value: "", Text: "说不清，请村里查"}}
	version, err := scheme.Current(c.UserContext(), p.db, v, p.db.Now().Day())
	if errors.Is(err, scheme.ErrNoRules) {
		return none, scheme.ObjectionDefault, nil
	}
	if err != nil {
		return nil, 0, err
	}
	book, err := scheme.Load(c.UserContext(), p.db, v, version.ID)
	if err != nil {
		return nil, 0, err
	}
	days := version.ObjectionDays
	if days == 0 {
		days = scheme.ObjectionDefault
	}
	for _, r := range book.Rules {
		if r.Direction == scheme.Plus {
			none = append(none, web.Option{Value: models.ID32(r.ID), Text: r.Item, Selected: r.ID == chosen})
		}
	}
	return none, days, nil
}

// sayPeople are those who work in the village; masked for the public.
func (p *Pages) sayPeople(c *fiber.Ctx, v, chosen int64, full bool) ([]web.Option, error) {
	all, err := account.List(c.UserContext(), p.db, v)
	if err != nil {
		return nil, err
	}
	options := []web.Option{{Value: "", Text: "说不清是谁"}}
	today := p.db.Now().Day()
	for _, a := range all {
		for _, g := range a.Grants {
			if g.Area != v || !g.Holds(today) || a.DisabledAt != 0 || g.Role == models.Inspector {
				continue
			}
			name := a.Name
			if !full {
				name = models.MaskName(name)
			}
			options = append(options, web.Option{Value: models.ID32(a.ID), Text: name + "（" + g.Role.Title() + "）", Selected: a.ID == chosen})
			break
		}
	}
	return options, nil
}

var (
	errSayBot  = models.ErrInput.With("没有提交：有一个看不见的空格被填上了，请刷新这一页再写")
	errSayLink = models.ErrInput.With("意见里请不要写网址，还没有提交；有材料请交给村监督员").At("text")
	errSayHome = models.ErrNotFound.With("村里没有找到这个户号，还没有提交；请核对，或者留空用文字说明是哪一家").At("number")
)

// ask turns the form into what the activity takes.
func (p *Pages) sayAsk(c *fiber.Ctx, v int64, f sayForm) (award.ObjectAsk, error) {
	ask := award.ObjectAsk{Village: v, About: f.About, Award: f.Award, Subject: f.subject(), Rule: f.Act, Quantity: f.Qty, ActDate: f.Day, Way: f.Way, Text: f.Text, Contact: f.Contact}
	for number, into := range map[string]*int64{f.Number: &ask.For, f.Who: &ask.Household} {
		if number == "" {
			continue
		}
		home, err := village.HomeByNumber(c.UserContext(), p.db, v, number)
		if errors.Is(err, models.ErrNotFound) {
			return ask, errSayHome
		}
		if err != nil {
			return ask, err
		}
		*into = home.ID
	}
	return ask, nil
}

// TakeObjection answers POST /v/:village/say. The receipt is drawn into the very
// answer, because the look-up code must stay in no address; whoever reloads gets
// the same one again.
func (p *Pages) TakeObjection(c *fiber.Ctx) error {
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	var f sayForm
	op, refused := web.Bind(c, &f)
	var done sayDonePage
	if refused == nil {
		done, refused = p.takeObjection(c, v, op, f)
	}
	if refused == nil {
		return web.Show(c, done)
	}
	page, err := p.sayPage(c, v, f)
	if err != nil {
		return err
	}
	page.Typed["qty"], page.Typed["day"] = c.FormValue("qty"), c.FormValue("day")
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

func (p *Pages) takeObjection(c *fiber.Ctx, v web.Area, op [16]byte, f sayForm) (done sayDonePage, err error) {
	by := sayingAs(c, v.ID)
	f.Who, f.Way = "", "web"
	if f.Unnamed {
		by = models.Actor{}
	}
	switch {
	case f.Pot != "":
		return done, errSayBot
	case by.Household.ID == 0 && (strings.Contains(f.Text, "http") || strings.Contains(f.Text, "www.")):
		return done, errSayLink
	case f.About == "":
		return done, models.ErrInput.With("请选是哪方面的意见，还没有提交").At("about")
	}
	ask, err := p.sayAsk(c, v.ID, f)
	if err != nil {
		return done, err
	}
	o, code, err := award.Object(c.UserContext(), p.db, op, by, p.keys, ask)
	if err != nil {
		return done, err
	}
	return p.sayDone(c, v, o, code)
}

// sayDonePage is the receipt: until when there will be an answer, and how to see
// it.
type sayDonePage struct {
	notice.Objection
	Village  web.Area
	Path     string
	What     string
	Code     string
	QR       Code // leads to where the code is typed; it does not hold it
	Frozen   bool
	Claimed  bool
	Mine     string // the family's own page of it
	Back     string // where staff go on; empty for villagers
	Printing bool
}

// View implements web.Page.
func (sayDonePage) View() (name, title string) { return "objection/done", "意见收到了" }

// Frame leads home to the board.
func (p sayDonePage) Frame(f *web.Frame) {
	if p.Path != "" {
		f.SiteHref = p.Path
	}
}

// Until is when there will be an answer.
func (p sayDonePage) Until() string { return p.DueAt.Day().Short() }

func (p *Pages) sayDone(c *fiber.Ctx, v web.Area, o notice.Objection, code string) (page sayDonePage, err error) {
	page = sayDonePage{Objection: o, Village: v, Path: "/v/" + models.ID32(v.ID), Code: code, Claimed: o.Result != 0}
	if o.Household != 0 && o.MadeBy == 0 {
		page.Mine = "/me/say/" + models.ID32(o.ID)
	}
	if o.Award != 0 {
		a, err := award.Get(c.UserContext(), p.db, v.ID, o.Award)
		if err != nil {
			return page, err
		}
		page.Frozen = a.State == award.Frozen
	}
	page.What, err = p.objectionTeller(c.UserContext(), false).subject(o)
	return page, err
}
