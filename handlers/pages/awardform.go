package pages

import (
	"cmp"
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/photo"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// awardSheet is the small form of one rule.
type awardSheet struct {
	Act      actFields
	Rule     scheme.Rule
	Errors   map[string]string
	ID       string
	Category string
	Day      string
	Today    models.Date
	First    models.Date // the first day that is still taken
	Note     string
	Part     bool
	PartToo  bool // the cap leaves something
	Members  []web.Option
	NeedWho  bool
	Ways     []web.Option // whether it was seen, or told by the family; empty for what nobody claims
	Minus    bool
	Appeal   int  // days a household has to answer a deduction
	Spends   bool // a deduction lowers what can be spent, too
}

// awardForm is what is written down about an act. Sheet marks the small form.
type awardForm struct {
	actForm
	Household int64       `form:"household,id32,required" label:"这一户"`
	Rule      int64       `form:"rule,id32,required" label:"规则"`
	Day       models.Date `form:"act_date" label:"日期"`
	Member    int64       `form:"member,id32" label:"家里哪一位"`
	Note      string      `form:"note,text" label:"说明" max:"200"`
	Way       string      `form:"way" label:"怎么知道的" max:"16"`
	Part      bool        `form:"part"`
}

// awardSheet is the form of one rule with what was typed. The rule may be an
// older version's, when the page lay open for long.
func (p *Pages) awardSheet(c *fiber.Ctx, page awardPage, f awardForm) (*awardSheet, error) {
	ctx := c.UserContext()
	r, v, err := scheme.GetRule(ctx, p.db, page.Area.ID, f.Rule)
	if err != nil {
		return nil, err
	}
	names, err := p.categoryNames(ctx, page.Area.ID)
	if err != nil {
		return nil, err
	}
	people, err := village.Members(ctx, p.db, page.Home.Household)
	if err != nil {
		return nil, err
	}
	today := p.db.Now().Day()
	s := &awardSheet{Act: actFieldsOf(r, f.actForm), Rule: r, ID: models.ID32(r.ID), Category: names[r.CategoryID], Day: string(today), Today: today, First: today.AddDays(-award.TooLateFor),
		NeedWho: r.Capped() && r.CapPer == "member", Minus: r.Direction == scheme.Minus, Appeal: v.AppealDays, Spends: v.DeductFrom == scheme.FromSpend}
	if r.Claimable() {
		s.Ways = awardWays(f.Way)
	}
	for _, m := range people {
		s.Members = append(s.Members, web.Option{Value: models.ID32(m.ID), Text: m.Name, Hint: m.Relation, Selected: m.ID == f.Member})
	}
	if !s.NeedWho {
		s.Members = append([]web.Option{{Text: "全家（不写到个人）"}}, s.Members...)
	}
	return s, nil
}

// awardWays are how an act becomes known: what somebody saw is recorded, what a
// family tells is its claim and goes its way.
func awardWays(chosen string) []web.Option {
	ways := []web.Option{{Value: award.WayDoor, Text: "我看到的", Hint: "直接记"}, {Value: award.WaySpoken, Text: "他家口头报的", Hint: "算报好事"}, {Value: award.WayPaper, Text: "他家写条子的", Hint: "算报好事"}}
	for i := range ways {
		ways[i].Selected = ways[i].Value == chosen
	}
	return ways
}

// keep puts what was typed back into the form, as it was typed.
func (s *awardSheet) keep(c *fiber.Ctx, f awardForm, refused error) {
	s.Act.keep(c, refused)
	s.Errors = s.Act.Errors
	s.Day, s.Note = cmp.Or(c.FormValue("act_date"), s.Day), c.FormValue("note")
	s.Part = f.Part
	s.PartToo = errors.Is(refused, award.ErrCap)
}

// RecordAward answers POST /committee/award, from a rule's card or its form.
func (p *Pages) RecordAward(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return err
	}
	var f awardForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		var done award.Award
		if done, refused = p.recordAward(c, at, op, f); refused == nil {
			return web.See(c, at.Href("/committee/award/"+models.ID32(done.ID)))
		}
	}
	return p.awardAgain(c, at, f, refused)
}

func (p *Pages) recordAward(c *fiber.Ctx, at committeeAt, op db.OpID, f awardForm) (award.Award, error) {
	ask := award.Ask{Village: at.Area.ID, Household: f.Household, Member: f.Member, Rule: f.Rule, ActDate: f.Day, Note: f.Note, Way: f.Way, Part: f.Part}
	r, _, err := scheme.GetRule(c.UserContext(), p.db, at.Area.ID, f.Rule)
	if err != nil {
		return award.Award{}, err
	}
	if f.Way != award.WayDoor && f.Way != award.WaySpoken && f.Way != award.WayPaper {
		return award.Award{}, models.ErrInput.With("请选是怎么知道这件事的；还没有记分").At("way")
	}
	if err := f.into(&ask, r); err != nil {
		return award.Award{}, err
	}
	photos, err := p.photosIn(c, "photo")
	if err != nil {
		return award.Award{}, err
	}
	done, err := award.Record(c.UserContext(), p.db, op, at.Actor, ask)
	if err != nil {
		return award.Award{}, err
	}
	return done[0], p.savePhotos(c, op, at.Area.ID, photo.Award, done[0].ID, photos)
}

// awardAgain shows the rule's form with what was typed and why it was refused.
func (p *Pages) awardAgain(c *fiber.Ctx, at committeeAt, f awardForm, refused error) error {
	if id, err := models.ParseID32(c.FormValue("household")); err == nil {
		f.Household = id
	}
	if id, err := models.ParseID32(c.FormValue("rule")); err == nil {
		f.Rule = id
	}
	if f.Household == 0 {
		return refused
	}
	home, err := p.homeIn(c, at, f.Household)
	if err != nil {
		return err
	}
	page, err := p.awardPage(c, at, home, false)
	if err != nil {
		return err
	}
	if page.Stop == "" && f.Rule != 0 {
		if page.Form, err = p.awardSheet(c, page, f); err != nil {
			return err
		}
		page.Form.keep(c, f, refused)
	}
	return web.Again(c, page, refused)
}
