package pages

import (
	"cmp"
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/photo"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// myClaimPage is where a family says what good it did: which rule, then how
// much, when and who.
type myClaimPage struct {
	family
	Groups  []myClaimGroup
	Rule    scheme.Rule // zero until one is chosen
	RuleID  string
	Act     actFields
	Open    bool // the meeting settles the points
	Members []web.Option
	Day     string
	Today   models.Date
	First   models.Date
	Note    string
	Stop    string
	Errors  map[string]string
}

type myClaimGroup struct {
	Name  string
	Rules []myClaimRule
}

type myClaimRule struct {
	Item, Points, Unit, Note, Search, Href string
}

// View implements web.Page.
func (myClaimPage) View() (name, title string) { return "me/claim", "报好事" }

// Frame keeps the bar on the passbook, where claims are listed.
func (myClaimPage) Frame(f *web.Frame) { f.Active = "passbook" }

type myClaimForm struct {
	actForm
	Rule   int64       `form:"rule,id32" label:"做了什么"`
	Day    models.Date `form:"act_date" label:"日期"`
	Member int64       `form:"member,id32" label:"家里哪一位"`
	Note   string      `form:"note,text" label:"说明" max:"200"`
}

// NewClaim answers GET /me/claims/new.
func (p *Pages) NewClaim(c *fiber.Ctx) error {
	var f struct {
		Rule int64 `form:"rule,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.myClaimPage(c, myClaimForm{Rule: f.Rule})
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) myClaimPage(c *fiber.Ctx, f myClaimForm) (page myClaimPage, err error) {
	ctx := c.UserContext()
	if page.family, err = p.family(c); err != nil {
		return page, err
	}
	today := p.db.Now().Day()
	page.Today, page.Day, page.First, page.Note = today, string(cmp.Or(f.Day, today)), today.AddDays(-award.TooLateFor), f.Note
	v, err := scheme.Current(ctx, p.db, page.Village, today)
	switch {
	case errors.Is(err, scheme.ErrNoRules):
		page.Stop = "村里还没有公布积分细则，公布以后就能报。"
		return page, nil
	case err != nil:
		return page, err
	case page.Left():
		page.Stop = "您家已登记迁出，不能再报；有疑问请找村委会。"
		return page, nil
	case page.Joining == "out":
		page.Stop = "您家现在登记的是暂不参加；想参加，跟村委会说一声就行。"
		return page, nil
	}
	if f.Rule == 0 {
		return page, p.myClaimRules(c, &page, v)
	}
	if page.Rule, _, err = scheme.GetRule(ctx, p.db, page.Village, f.Rule); err != nil {
		return page, err
	}
	page.RuleID, page.Act, page.Open = models.ID32(page.Rule.ID), actFieldsOf(page.Rule, f.actForm), myClaimOpen(page.Rule)
	people, err := village.Members(ctx, p.db, page.Household)
	page.Members = append(page.Members, web.Option{Text: "全家一起"})
	for _, m := range people {
		page.Members = append(page.Members, web.Option{Value: models.ID32(m.ID), Text: m.Name, Selected: m.ID == f.Member})
	}
	return page, err
}

// myClaimOpen reports whether the meeting, not the family, says how many points
// an act is worth.
func myClaimOpen(r scheme.Rule) bool {
	return r.BandBy == "" && (!r.Single() || r.Marked())
}

// myClaimRules lists what a family may claim.
func (p *Pages) myClaimRules(c *fiber.Ctx, page *myClaimPage, v scheme.Version) error {
	rules, err := scheme.Rules(c.UserContext(), p.db, page.Village, v.ID)
	if err != nil {
		return err
	}
	names, err := p.categoryNames(c.UserContext(), page.Village)
	if err != nil {
		return err
	}
	for _, r := range rules {
		if !r.Claimable() {
			continue
		}
		name := names[r.CategoryID]
		i := slices.IndexFunc(page.Groups, func(g myClaimGroup) bool { return g.Name == name })
		if i < 0 {
			i = len(page.Groups)
			page.Groups = append(page.Groups, myClaimGroup{Name: name})
		}
		line := myClaimRule{Item: r.Item, Points: r.PointsText(), Unit: "/" + r.UnitName(), Note: dotted(r.CapText(), publicNote(r)),
			Search: village.Spelt(r.Item) + " " + village.Spelt(name), Href: "/me/claims/new?rule=" + models.ID32(r.ID)}
		if len(r.Bands) > 0 || r.Marked() { // what it is worth takes a sentence
			line.Unit, line.Note = "", dotted(r.Text(), publicNote(r))
		}
		page.Groups[i].Rules = append(page.Groups[i].Rules, line)
	}
	return nil
}

// MakeClaim answers POST /me/claims.
func (p *Pages) MakeClaim(c *fiber.Ctx) error {
	var f myClaimForm
	op, refused := web.Bind(c, &f)
	if refused == nil && f.Rule == 0 {
		refused = models.ErrInput.With("还没有选做了什么，没有报上，请先选一条").At("rule")
	}
	if refused == nil {
		refused = p.makeClaim(c, op, f)
	}
	if refused == nil {
		web.Flash(c, "ok", "报上了", "组长或网格员先看，再由评议会评议；走到哪一步，这里都看得到。")
		return web.See(c, "/me/claims")
	}
	page, err := p.myClaimPage(c, f)
	if err != nil {
		return err
	}
	page.Act.keep(c, refused)
	page.Errors = page.Act.Errors
	page.Day, page.Note = cmp.Or(c.FormValue("act_date"), page.Day), c.FormValue("note")
	return web.Again(c, page, refused)
}

func (p *Pages) makeClaim(c *fiber.Ctx, op db.OpID, f myClaimForm) error {
	h := web.Actor(c).Household
	r, _, err := scheme.GetRule(c.UserContext(), p.db, h.Village, f.Rule)
	if err != nil {
		return err
	}
	ask := award.Ask{Village: h.Village, Household: h.ID, Member: f.Member, Rule: f.Rule, ActDate: f.Day, Note: f.Note, Way: award.WayPhone}
	if err := f.claim(&ask, r); err != nil {
		return err
	}
	photos, err := p.photosIn(c, "photo")
	if err != nil {
		return err
	}
	done, err := award.Claim(c.UserContext(), p.db, op, web.Actor(c), ask)
	if err != nil {
		return err
	}
	return p.savePhotos(c, op, h.Village, photo.Award, done.ID, photos)
}

// claim fills the ask of a family. Where the meeting settles the points, the
// least counts until it has.
func (f actForm) claim(a *award.Ask, r scheme.Rule) error {
	switch {
	case !myClaimOpen(r):
		return f.into(a, r)
	case r.Marked():
		a.Points = r.FullPoints
	case len(r.Choices) > 0:
		a.Points = r.Choices[0]
	default:
		a.Points = max(r.PointsMin, 1)
	}
	a.Quantity = f.Quantity
	return nil
}
