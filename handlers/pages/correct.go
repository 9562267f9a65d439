package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// correctPage is one line of a passbook, to be taken back with a reason.
type correctPage struct {
	committeeAt
	Home   village.Home
	Line   passLine
	Book   ledger.Passbook
	After  models.Points // what could be spent afterwards
	Reason string
	Stop   string
	Errors map[string]string
}

// View implements web.Page.
func (p correctPage) View() (name, title string) { return "committee/correct", "更正一笔" }

// PassbookLine answers GET /committee/households/:household/lines/:seq.
func (p *Pages) PassbookLine(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.CorrectEntry)
	if err != nil {
		return p.committeeAstray(c, err, models.CorrectEntry)
	}
	page, err := p.correctPage(c, at, home)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) correctPage(c *fiber.Ctx, at committeeAt, home village.Home) (page correctPage, err error) {
	ctx := c.UserContext()
	page = correctPage{committeeAt: at, Home: home}
	seq, err := c.ParamsInt("seq")
	if err != nil || seq < 1 {
		return page, models.ErrNotFound
	}
	e, err := ledger.GetEntry(ctx, p.db, home.Household, int64(seq))
	if err != nil {
		return page, err
	}
	lines, err := passLines(ctx, p.db, home, []ledger.Entry{e})
	if err != nil {
		return page, err
	}
	page.Line = lines[0]
	if page.Book, err = ledger.Balance(ctx, p.db, home.Household); err != nil {
		return page, err
	}
	page.After = page.Book.Balance - e.Points
	switch {
	case at.Kin(home.Household):
		page.Stop = "这是您自己家或亲属家，请换一位同事来更正。"
	case page.Line.Void:
		page.Stop = "这一笔已经更正过了。"
	case e.Kind == ledger.Redeem:
		page.Stop = "这一笔是兑换。要退，请在兑换点打开小票作废，积分和货一起退回。"
	case e.Kind == ledger.Clear:
		page.Stop = "这一笔是全村清零。要撤回，请在“积分周期”里报乡镇同意，全村一起退。"
	case e.Kind == ledger.Reversal:
		page.Stop = "这一笔本身就是更正，不能再更正；要重新记分，请到“记一笔”。"
	}
	return page, nil
}

// CorrectLine answers POST /committee/households/:household/lines/:seq.
func (p *Pages) CorrectLine(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.CorrectEntry)
	if err != nil {
		return err
	}
	page, err := p.correctPage(c, at, home)
	if err != nil {
		return err
	}
	var f struct {
		Reason string `form:"reason,text" label:"为什么更正" max:"200"`
	}
	op, refused := web.Bind(c, &f)
	if refused == nil {
		refused = award.Correct(c.UserContext(), p.db, op, at.Actor, home.Household, page.Line.Seq, f.Reason)
	}
	if refused == nil {
		book, err := ledger.Balance(c.UserContext(), p.db, home.Household)
		if err != nil {
			return err
		}
		web.Flash(c, "ok", "已更正："+page.Line.What+" "+page.Line.Shown, "能换的分现在是 "+book.Balance.String()+" 分。原来那一笔还在，后面写着更正的原因。")
		return web.See(c, at.Href("/committee/households/"+models.ID32(home.ID)))
	}
	page.Reason, page.Errors = c.FormValue("reason"), web.Errors(refused)
	if errors.Is(refused, ledger.ErrReversed) {
		page.Stop = "这一笔已经更正过了。"
	}
	return web.Again(c, page, refused)
}
