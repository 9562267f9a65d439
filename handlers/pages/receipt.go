package pages

import (
	"cmp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/village"
)

// receiptPath is the receipt's address, with its village for those who work in
// several.
func receiptPath(c *fiber.Ctx, r market.Receipt) string {
	path := "/counter/receipts/" + models.ID32(r.ID)
	if g := web.Actor(c).Grants; len(g) == 1 && g[0].Area == r.Household.Village {
		return path
	}
	return path + "?village=" + models.ID32(r.Household.Village)
}

// slipPage is a receipt, on the screen and on paper.
type slipPage struct {
	counterFrame
	market.Receipt
	Shop    string // 青石村积分超市
	Name    string // the household's full name; on the screen only
	Village string
	Verify  Code
	Wide    string // r58, r80 or a4 when printed
	MayUndo bool
	Trial   bool
	Reason  string
	Errors  map[string]string
}

// View implements web.Page.
func (s slipPage) View() (name, title string) {
	if s.Wide != "" {
		return "counter/slip", "兑换小票 " + s.Number
	}
	return "counter/receipt", "小票 " + s.Number
}

// Href is the receipt's address, with more behind it.
func (s slipPage) Href() string { return "/counter/receipts/" + models.ID32(s.ID) }

// paperOf is the paper a receipt is printed on; empty for the screen.
func paperOf(c *fiber.Ctx) string {
	switch c.Query("paper") {
	case "58":
		return "r58"
	case "80":
		return "r80"
	case "a4", "A4":
		return "a4"
	}
	return ""
}

// CounterReceipt answers GET /counter/receipts/:receipt, printed with ?paper=58,
// 80 or a4.
func (p *Pages) CounterReceipt(c *fiber.Ctx) error {
	page, err := p.slip(c)
	if err != nil {
		return err
	}
	page.Wide = paperOf(c)
	return web.Show(c, page)
}

func (p *Pages) slip(c *fiber.Ctx) (slipPage, error) {
	v, err := villageForAny(c, []models.Action{models.HandOverGoods, models.UndoRedemption, models.KeepStock})
	if err != nil {
		return slipPage{}, err
	}
	id, err := web.ID(c, "receipt")
	if err != nil {
		return slipPage{}, err
	}
	r, err := market.GetReceipt(c.UserContext(), p.db, v.ID, id)
	if err != nil {
		return slipPage{}, err
	}
	home, err := village.GetHome(c.UserContext(), p.db, r.Household)
	if err != nil {
		return slipPage{}, err
	}
	page := slipPage{Receipt: r, Shop: v.Name + "积分超市", Name: home.Head, Village: models.ID32(v.ID), Trial: p.trial, MayUndo: p.mayUndo(c, v, r)}
	page.counterFrame = counterFrame{site: station{Village: v, Counter: market.Counter{Name: r.CounterName}}.name(), active: "till"}
	page.Verify, err = qrCode(p.verifyAddress(v.ID, r.Number, r.CheckCode))
	return page, err
}

// mayUndo says whether to show the form; the activity decides again.
func (p *Pages) mayUndo(c *fiber.Ctx, v web.Area, r market.Receipt) bool {
	by := web.Actor(c)
	if r.Undone() {
		return false
	}
	if by.Account == r.ClerkID {
		return p.db.Now() <= r.At.Add(market.UndoWithin)
	}
	return by.MayFor(models.UndoRedemption, v.Place, r.Household) == nil
}

type undoForm struct {
	Reason string `form:"reason,text" label:"原因" max:"120"`
	Why    string `form:"why" label:"原因" max:"120"` // one of the usual reasons
}

// UndoReceipt answers POST /counter/receipts/:receipt/undo: points and goods go
// back where they came from.
func (p *Pages) UndoReceipt(c *fiber.Ctx) error {
	page, err := p.slip(c)
	if err != nil {
		return err
	}
	var f undoForm
	op, err := web.Bind(c, &f)
	if err == nil {
		page.Receipt, err = market.Undo(c.UserContext(), p.db, op, web.Actor(c), page.Household.Village, page.ID, strings.TrimSpace(cmp.Or(f.Reason, f.Why)))
	}
	if err != nil {
		page.Reason, page.Errors = f.Reason, web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已作废，退回 "+page.Points.String()+" 分", "商品已放回库存。请在纸质小票上写“作废”并收回。")
	return web.See(c, receiptPath(c, page.Receipt))
}
