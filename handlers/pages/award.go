package pages

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// awardPage is one household and the rules one may tap.
type awardPage struct {
	committeeAt
	Home    village.Home
	Book    ledger.Passbook
	Last    []recordLine
	Own     bool   // the person's own family: a colleague must do it
	Stop    string // why nothing can be written down for this household
	Version scheme.Version
	Usual   []awardRule
	Groups  []awardGroup
	Fill    bool // every rule opens its form
	Form    *awardSheet
}

// awardGroup is a heading of the village's table.
type awardGroup struct {
	Name  string
	Rules []awardRule
}

// awardRule is a rule to tap: Now records it at once with what is usual.
type awardRule struct {
	ID     string
	Item   string
	Points string
	Sub    string
	Search string
	Href   string
	Now    bool
	Minus  bool
}

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

// View implements web.Page.
func (p awardPage) View() (name, title string) {
	if p.Form != nil {
		return "committee/awardform", p.Form.Rule.Item
	}
	return "committee/award", "记一笔"
}

// Frame keeps the bar on its entry.
func (p awardPage) Frame(f *web.Frame) {
	p.committeeAt.Frame(f)
	f.Active = "award"
	if p.Home.ID != 0 {
		f.Title = p.Home.Label()
	}
}

// CommitteeAward answers GET /committee/award: whom, then which rule, then, where
// a rule leaves something open, its form.
func (p *Pages) CommitteeAward(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	if c.Query("household") == "" {
		page, err := p.findPage(c, at, "")
		if err != nil {
			return err
		}
		return web.Show(c, page)
	}
	var f struct {
		Rule int64 `form:"rule,id32"`
		Fill bool  `form:"fill"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	home, err := p.committeeHome(c, at)
	if err != nil {
		return err
	}
	page, err := p.awardPage(c, at, home)
	if err != nil {
		return err
	}
	page.Fill = f.Fill
	if f.Rule != 0 && page.Stop == "" {
		if page.Form, err = p.awardSheet(c, page, awardForm{Rule: f.Rule}); err != nil {
			return err
		}
	}
	return web.Show(c, page)
}

func (p *Pages) awardPage(c *fiber.Ctx, at committeeAt, home village.Home) (page awardPage, err error) {
	ctx := c.UserContext()
	page.committeeAt, page.Home, page.Own = at, home, at.Kin(home.Household)
	if page.Book, err = ledger.Balance(ctx, p.db, home.Household); err != nil {
		return page, err
	}
	last, err := award.ByHousehold(ctx, p.db, home.Household, models.Cursor{Limit: 3})
	if err != nil {
		return page, err
	}
	if page.Last, err = p.recordLines(c, at, last); err != nil {
		return page, err
	}
	page.Version, err = scheme.Current(ctx, p.db, at.Area.ID, p.db.Now().Day())
	switch {
	case errors.Is(err, scheme.ErrNoRules):
		page.Stop = "村里还没有执行中的积分细则，先导入细则再记分。"
		return page, nil
	case err != nil:
		return page, err
	case home.Left():
		page.Stop = "这一户已经登记离开，不能再记分；搬回来了，请先在“农户”里恢复。"
	case home.Joining == "out":
		page.Stop = "这一户暂不参加，不记分；愿意参加了，请先在“农户”里改成参加。"
	case page.Own:
		page.Stop = "这是您自己家或亲属家，请换一位同事来记。"
	default:
		err = p.offerRules(ctx, &page)
	}
	return page, err
}

func (p *Pages) hasRules(c *fiber.Ctx, at committeeAt) (bool, error) {
	_, err := scheme.Current(c.UserContext(), p.db, at.Area.ID, p.db.Now().Day())
	if errors.Is(err, scheme.ErrNoRules) {
		return false, nil
	}
	return err == nil, err
}

// usualMost is how many rules stand on top, the most used first.
const usualMost = 6

func (p *Pages) offerRules(ctx context.Context, page *awardPage) error {
	v := page.Area.ID
	rules, err := scheme.Rules(ctx, p.db, v, page.Version.ID)
	if err != nil {
		return err
	}
	names, err := p.categoryNames(ctx, v)
	if err != nil {
		return err
	}
	used, err := award.RuleUse(ctx, p.db, v)
	if err != nil {
		return err
	}
	at := map[int64]int{}
	for _, r := range rules {
		i, ok := at[r.CategoryID]
		if !ok {
			i = len(page.Groups)
			at[r.CategoryID] = i
			page.Groups = append(page.Groups, awardGroup{Name: names[r.CategoryID]})
		}
		page.Groups[i].Rules = append(page.Groups[i].Rules, page.offer(r, names[r.CategoryID]))
	}
	slices.SortStableFunc(rules, func(a, b scheme.Rule) int { return cmp.Compare(used[b.ID], used[a.ID]) })
	for _, r := range rules {
		if used[r.ID] > 0 && len(page.Usual) < usualMost && len(rules) > usualMost {
			page.Usual = append(page.Usual, page.offer(r, names[r.CategoryID]))
		}
	}
	return nil
}

func (p *Pages) categoryNames(ctx context.Context, v int64) (map[int64]string, error) {
	all, err := scheme.Categories(ctx, p.db, v)
	names := map[int64]string{}
	for _, k := range all {
		names[k.ID] = k.Name
	}
	return names, err
}

// offer makes a rule something to tap. What leaves no choice and cannot hurt is
// recorded by the tap itself.
func (p awardPage) offer(r scheme.Rule, category string) awardRule {
	id := models.ID32(r.ID)
	sub := ""
	if r.Measured() {
		sub = "每" + r.UnitName()
	}
	return awardRule{ID: id, Item: r.Item, Points: r.PointsText(), Sub: sub, Search: village.Spelt(r.Item) + " " + village.Spelt(category),
		Href: p.Href("/committee/award", "household", models.ID32(p.Home.ID), "rule", id),
		Now:  r.Single() && !r.Measured() && !(r.Capped() && r.CapPer == "member") && r.Direction == scheme.Plus, Minus: r.Direction == scheme.Minus}
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

// awardDonePage says what was written down, and leads on.
type awardDonePage struct {
	committeeAt
	Home    village.Home
	Award   award.Award
	What    string
	Undo    int
	Book    ledger.Passbook
	Days    int // the notice hangs so long
	Next    *village.Home
	NextRef string
}

// View implements web.Page.
func (awardDonePage) View() (name, title string) { return "committee/awarddone", "已记" }

// Frame keeps the bar on its entry.
func (p awardDonePage) Frame(f *web.Frame) {
	p.committeeAt.Frame(f)
	f.Active = "award"
}

// AwardDone answers GET /committee/award/:award.
func (p *Pages) AwardDone(c *fiber.Ctx) error {
	at, a, err := p.awardInHand(c)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	ctx := c.UserContext()
	page := awardDonePage{committeeAt: at, Award: a, What: actText(a), Undo: p.undoLeft(at, a)}
	if page.Home, err = village.GetHome(ctx, p.db, a.Household); err != nil {
		return err
	}
	if page.Book, err = ledger.Balance(ctx, p.db, a.Household); err != nil {
		return err
	}
	book, err := scheme.Load(ctx, p.db, at.Area.ID, a.Version)
	if err != nil {
		return err
	}
	page.Days = book.Version.NoticeDays
	if page.Next, err = p.nextDoor(ctx, page.Home); err != nil {
		return err
	}
	if page.Next != nil {
		page.NextRef = at.Href("/committee/award", "household", models.ID32(page.Next.ID))
	}
	return web.Show(c, page)
}

func (p *Pages) awardInHand(c *fiber.Ctx) (at committeeAt, a award.Award, err error) {
	if at, err = committeeFor(c, models.GrantPoints); err != nil {
		return at, a, err
	}
	id, err := web.ID(c, "award")
	if err != nil {
		return at, a, err
	}
	a, err = award.Get(c.UserContext(), p.db, at.Area.ID, id)
	return at, a, err
}

// nextDoor is the household after this one as one walks through its group; nil
// after the last.
func (p *Pages) nextDoor(ctx context.Context, h village.Home) (*village.Home, error) {
	all, err := village.Homes(ctx, p.db, h.Village, village.Filter{Group: h.Group, ByDoor: true})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(o village.Home) bool { return o.ID == h.ID })
	for _, next := range all[i+1:] {
		if next.Joining != "out" && next.Group == h.Group && next.Residence != "empty" {
			return &next, nil
		}
	}
	return nil, nil
}

// WithdrawAward answers POST /committee/award/:award/withdraw.
func (p *Pages) WithdrawAward(c *fiber.Ctx) error {
	at, a, err := p.awardInHand(c)
	if err != nil {
		return err
	}
	var f struct {
		Next string `form:"next,raw"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	if err := award.Withdraw(c.UserContext(), p.db, op, at.Actor, at.Area.ID, a.ID); err != nil {
		return err
	}
	home, err := village.GetHome(c.UserContext(), p.db, a.Household)
	if err != nil {
		return err
	}
	book, err := ledger.Balance(c.UserContext(), p.db, a.Household)
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "已撤回："+home.Label()+" "+actText(a)+" "+a.Shown().Signed(), "能换的分现在是 "+book.Balance.String()+" 分。")
	if f.Next == "list" {
		return web.See(c, at.Href("/committee"))
	}
	return web.See(c, at.Href("/committee/award", "household", models.ID32(home.ID)))
}

// countOf prints a count for a sentence or an address.
func countOf(n int) string { return strconv.Itoa(n) }
