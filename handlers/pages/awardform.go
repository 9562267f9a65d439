package pages

import (
	"cmp"
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// awardSheet is the small form of one rule.
type awardSheet struct {
	Rule     scheme.Rule
	ID       string
	Category string
	Points   string
	Quantity string
	Day      string
	Today    models.Date
	First    models.Date // the first day that is still taken
	Note     string
	Part     bool
	PartToo  bool // the cap leaves something
	Choices  []web.Option
	Members  []web.Option
	NeedWho  bool
	Errors   map[string]string
}

// awardForm is what is written down about an act. Sheet marks the small form.
type awardForm struct {
	Household int64         `form:"household,id32,required" label:"这一户"`
	Rule      int64         `form:"rule,id32,required" label:"规则"`
	Points    models.Points `form:"points" label:"分值"`
	Quantity  models.Qty    `form:"quantity" label:"数量"`
	Day       models.Date   `form:"act_date" label:"日期"`
	Member    int64         `form:"member,id32" label:"家里哪一位"`
	Note      string        `form:"note,text" label:"说明" max:"200"`
	Part      bool          `form:"part"`
}

// awardSheet is the form of one rule with what was typed. The rule may be an
// older version's, when the page lay open for long.
func (p *Pages) awardSheet(c *fiber.Ctx, page awardPage, f awardForm) (*awardSheet, error) {
	ctx := c.UserContext()
	r, _, err := scheme.GetRule(ctx, p.db, page.Area.ID, f.Rule)
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
	s := &awardSheet{Rule: r, ID: models.ID32(r.ID), Category: names[r.CategoryID], Quantity: "1", Day: string(today), Today: today, First: today.AddDays(-award.TooLateFor), NeedWho: r.Capped() && r.CapPer == "member"}
	for _, m := range people {
		s.Members = append(s.Members, web.Option{Value: models.ID32(m.ID), Text: m.Name, Hint: m.Relation, Selected: m.ID == f.Member})
	}
	for _, one := range r.Choices {
		s.Choices = append(s.Choices, web.Option{Value: one.Plain(), Text: one.String() + " 分", Selected: one == f.Points})
	}
	if !s.NeedWho {
		s.Members = append([]web.Option{{Text: "全家（不写到个人）"}}, s.Members...)
	}
	return s, nil
}

// keep puts what was typed back into the form, as it was typed.
func (s *awardSheet) keep(c *fiber.Ctx, f awardForm, refused error) {
	or := func(name, otherwise string) string { return cmp.Or(c.FormValue(name), otherwise) }
	s.Points, s.Quantity, s.Day, s.Note = c.FormValue("points"), or("quantity", s.Quantity), or("act_date", s.Day), c.FormValue("note")
	s.Errors = web.Errors(refused)
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
		var done []award.Award
		done, refused = award.Record(c.UserContext(), p.db, op, at.Actor, award.Ask{Village: at.Area.ID, Household: f.Household, Member: f.Member,
			Rule: f.Rule, Points: f.Points, Quantity: f.Quantity, ActDate: f.Day, Note: f.Note, Part: f.Part})
		if refused == nil && len(done) == 1 {
			return web.See(c, at.Href("/committee/award/"+models.ID32(done[0].ID)))
		}
	}
	return p.awardAgain(c, at, f, refused)
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
	page, err := p.awardPage(c, at, home)
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
