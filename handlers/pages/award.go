package pages

import (
	"cmp"
	"context"
	"errors"
	"slices"

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
	Claim   bool // the family tells it: only what may be claimed is offered
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

// View implements web.Page.
func (p awardPage) View() (name, title string) {
	if p.Form != nil {
		return "committee/awardform", p.Form.Rule.Item
	}
	return "committee/award", "记一笔"
}

// Frame keeps the bar on its entry.
func (p awardPage) Frame(f *web.Frame) {
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
		Rule int64  `form:"rule,id32"`
		Fill bool   `form:"fill"`
		Way  string `form:"way" max:"16"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	home, err := p.committeeHome(c, at)
	if err != nil {
		return err
	}
	page, err := p.awardPage(c, at, home, f.Way != "")
	if err != nil {
		return err
	}
	page.Fill = f.Fill
	if f.Rule != 0 && page.Stop == "" {
		if page.Form, err = p.awardSheet(c, page, awardForm{Rule: f.Rule, Way: f.Way}); err != nil {
			return err
		}
	}
	return web.Show(c, page)
}

func (p *Pages) awardPage(c *fiber.Ctx, at committeeAt, home village.Home, claim bool) (page awardPage, err error) {
	ctx := c.UserContext()
	page.committeeAt, page.Home, page.Own, page.Claim = at, home, at.Kin(home.Household), claim
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
	rules = slices.DeleteFunc(slices.Clone(rules), func(r scheme.Rule) bool { return !actOffered(page.committeeAt, r) || page.Claim && !r.Claimable() })
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
	way := ""
	if p.Claim {
		way = award.WaySpoken
	}
	return awardRule{ID: id, Item: r.Item, Points: r.PointsText(), Sub: sub, Search: village.Spelt(r.Item) + " " + village.Spelt(category),
		Href: p.Href("/committee/award", "household", models.ID32(p.Home.ID), "rule", id, "way", way),
		Now:  actTaps(r) && !p.Claim, Minus: r.Direction == scheme.Minus}
}
