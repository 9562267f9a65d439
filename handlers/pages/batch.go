package pages

import (
	"cmp"
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// batchPage writes one act down for many households: a rule and a day, then who.
type batchPage struct {
	committeeAt
	Rules   []web.Option
	Rule    scheme.Rule // zero until one is chosen
	RuleID  string
	Day     string
	Today   models.Date
	Note    string
	Act     actFields
	Ticks   []web.Tick
	Ticked  int
	Paste   string
	Missed  []string // words of the pasted list that name nobody, or several
	Lists   []batchList
	Rate    models.Rate
	Version scheme.Version
	Errors  map[string]string
	None    bool // no rules in force
	Sum     string
}

// View implements web.Page.
func (batchPage) View() (name, title string) { return "committee/batch", "一次记很多户" }

// Frame keeps the bar on its entry.
func (p batchPage) Frame(f *web.Frame) {
	f.Active = "award"
}

type batchForm struct {
	actForm
	Rule  int64       `form:"rule,id32" label:"规则"`
	Day   models.Date `form:"act_date" label:"日期"`
	Note  string      `form:"note,text" label:"说明" max:"200"`
	Homes []int64     `form:"h,id32" label:"选中的户"`
	Paste string      `form:"paste,text" label:"名单" max:"8000"`
	Add   bool        `form:"add"`       // only read the pasted list
	Like  int64       `form:"like,id32"` // ticks the households of that batch, named by its first award
}

// CommitteeBatch answers GET /committee/batch.
func (p *Pages) CommitteeBatch(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	var f batchForm
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	if f.Like != 0 {
		if f.Homes, err = p.batchHomes(c.UserContext(), at, f.Like); err != nil {
			return err
		}
	}
	page, err := p.batchPage(c, at, f)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) batchPage(c *fiber.Ctx, at committeeAt, f batchForm) (page batchPage, err error) {
	ctx, today := c.UserContext(), p.db.Now().Day()
	page = batchPage{committeeAt: at, Today: today, Day: string(cmp.Or(f.Day, today)), Note: f.Note, Paste: f.Paste}
	ok, err := p.hasRules(c, at)
	if page.None = !ok; err != nil || !ok {
		return page, err
	}
	if err = p.batchRules(ctx, &page, f); err != nil || page.Rule.ID == 0 {
		return page, err
	}
	if page.Lists, err = p.batchLists(ctx, at, page.RuleID); err != nil {
		return page, err
	}
	return page, p.batchTicks(ctx, &page, f)
}

// batchRules offers what many households can have done at once: what is capped
// by person needs a person for each, and a deduction a reason for each.
func (p *Pages) batchRules(ctx context.Context, page *batchPage, f batchForm) (err error) {
	if page.Version, err = scheme.Current(ctx, p.db, page.Area.ID, page.Today); err != nil {
		return err
	}
	page.Rate = page.Version.PointRate
	rules, err := scheme.Rules(ctx, p.db, page.Area.ID, page.Version.ID)
	if err != nil {
		return err
	}
	page.Rules = append(page.Rules, web.Option{Text: "请选一条规则"})
	for _, r := range rules {
		if r.Capped() && r.CapPer == "member" || r.Direction == scheme.Minus || !actOffered(page.committeeAt, r) {
			continue
		}
		page.Rules = append(page.Rules, web.Option{Value: models.ID32(r.ID), Text: r.Item + "（" + r.PointsText() + " 分）", Selected: r.ID == f.Rule})
		if r.ID == f.Rule {
			page.Rule, page.RuleID = r, models.ID32(r.ID)
		}
	}
	page.Act = actFieldsOf(page.Rule, f.actForm)
	return nil
}

// each is what one household gets, as a plain decimal; empty while it is open.
func (p batchPage) each(f batchForm) (models.Points, bool) {
	var ask award.Ask
	if f.into(&ask, p.Rule) != nil {
		return 0, false
	}
	if level, ok := p.Rule.Level(f.Level); ok {
		ask.Points = level
	}
	v, err := p.Rule.Value(cmp.Or(ask.Quantity, models.One), ask.Points)
	return v, err == nil
}

// batchTicks lists the households with the chosen ones ticked; those named in
// the pasted list are ticked too.
func (p *Pages) batchTicks(ctx context.Context, page *batchPage, f batchForm) error {
	homes, err := village.Homes(ctx, p.db, page.Area.ID, village.Filter{ByDoor: true})
	if err != nil {
		return err
	}
	texts, err := village.SearchTexts(ctx, p.db, page.Area.ID)
	if err != nil {
		return err
	}
	chosen := map[int64]bool{}
	for _, id := range f.Homes {
		chosen[id] = true
	}
	page.Missed = pasted(f.Paste, homes, texts, chosen)
	value, known := page.each(f)
	for _, h := range homes {
		t := web.Tick{Value: models.ID32(h.ID), Title: h.Label(), Note: dotted(h.Lane, homeNote(h)), Search: texts[h.ID] + " " + h.Mark(), Checked: chosen[h.ID]}
		if known {
			t.Each = value.Plain()
		}
		switch {
		case page.Kin(h.Household):
			t.Disabled, t.Checked, t.Why = true, false, "您自己家或亲属家，请同事来记"
		case h.Joining == "out":
			t.Disabled, t.Checked = true, false
		}
		if t.Checked {
			page.Ticked++
		}
		page.Ticks = append(page.Ticks, t)
	}
	if known && page.Ticked > 0 {
		sum := value * models.Points(page.Ticked)
		page.Sum = fmt.Sprintf("已选 %d 户，共 %s 分，约合 %s 元", page.Ticked, sum, page.Rate.Fen(sum))
	}
	return nil
}
