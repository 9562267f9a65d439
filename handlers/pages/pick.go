package pages

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// shopItem is one item on a villager's screen.
type shopItem struct {
	ID    string // for the form
	Name  string
	Unit  string
	Price models.Points
	Note  string // 剩 21 袋; 服务; 换完了
	Max   string // of the quantity; empty for services
	Qty   string // what is chosen
	Off   bool   // sold out, so nothing to choose
	Image string // address of its picture; "" without
	Says  string // its limit: 每户每月限 2 瓶
	Halal bool
}

func shopItems(items []market.Item, chosen map[int64]models.Qty) []shopItem {
	list := make([]shopItem, len(items))
	// 清真 goods stand apart, behind the others.
	items = slices.SortedStableFunc(slices.Values(items), func(a, b market.Item) int { return pickApart(a) - pickApart(b) })
	for i, it := range items {
		s := shopItem{ID: models.ID32(it.ID), Name: it.Name, Unit: it.Unit, Price: it.Points, Note: stockText(it), Off: it.SoldOut, Qty: "0",
			Image: picturePath(it.Goods), Says: it.Limit.Says(it.Unit), Halal: it.Halal}
		if it.Counted() {
			s.Max = (it.Qty / models.One * models.One).Plain()
		}
		if q := chosen[it.ID]; q > 0 && !it.SoldOut {
			s.Qty = q.Plain()
		}
		list[i] = s
	}
	return list
}

func pickApart(it market.Item) int {
	if it.Halal {
		return 1
	}
	return 0
}

// stockText says what is left of an item, and what its label promises.
func stockText(it market.Item) string {
	left := "剩 " + it.Qty.String() + " " + it.Unit
	switch {
	case it.SoldOut:
		left = "换完了"
	case !it.Counted():
		left = "服务"
	}
	halal := ""
	if it.Halal {
		halal = "清真"
	}
	if it.Note == left {
		return dotted(left, halal)
	}
	return dotted(left, halal, it.Note)
}

// pickPage is where a family picks goods at a counter of its village.
type pickPage struct {
	family
	Counter  market.Counter
	Counters []web.Link // the others
	Items    []shopItem
	Vouchers []market.Voucher
	Errors   map[string]string
}

// View implements web.Page.
func (pickPage) View() (name, title string) { return "me/goods", "换东西" }

// PickGoods answers GET /me/goods. What was chosen at the poster is chosen here.
func (p *Pages) PickGoods(c *fiber.Ctx) error {
	var f struct {
		Counter int64 `form:"counter,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	var chosen map[int64]models.Qty
	if note, ok := p.recallCart(c); ok && (f.Counter == 0 || f.Counter == note.Counter) && note.Village == web.Actor(c).Household.Village {
		f.Counter, chosen = note.Counter, note.Qty
	}
	page, err := p.pickPage(c, f.Counter, chosen, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) pickPage(c *fiber.Ctx, counter int64, chosen map[int64]models.Qty, refused error) (page pickPage, err error) {
	ctx := c.UserContext()
	page.Errors = web.Errors(refused)
	if page.family, err = p.family(c); err != nil {
		return page, err
	}
	all, err := market.Counters(ctx, p.db, page.Village)
	if err != nil || len(all) == 0 {
		return page, err
	}
	page.Counter = all[0]
	for _, k := range all {
		if k.ID == counter {
			page.Counter = k
		}
	}
	for _, k := range all {
		if k.ID != page.Counter.ID {
			page.Counters = append(page.Counters, web.Link{Href: "/me/goods?counter=" + models.ID32(k.ID), Text: k.Name})
		}
	}
	items, err := market.Shelf(ctx, p.db, page.Village, page.Counter.ID, p.db.Now().Day())
	if err != nil {
		return page, err
	}
	page.Items = shopItems(items, chosen)
	page.Vouchers, err = market.OpenVouchers(ctx, p.db, p.keys, page.Household)
	return page, err
}

type pickForm struct {
	Counter int64                   `form:"counter,id32,required" label:"兑换点"`
	Qty     map[int64]models.Qty    `form:"qty.*,id32" label:"数量"`
	Price   map[int64]models.Points `form:"price.*,id32" label:"分值"` // as the family saw them
}

// cart is what was chosen, at the prices that were on the screen.
func (f pickForm) cart(h models.Household) market.Cart {
	cart := market.Cart{Village: h.Village, Household: h.ID, Counter: f.Counter}
	for _, id := range sortedKeys(f.Qty) {
		cart.Lines = append(cart.Lines, market.Line{Goods: id, Qty: f.Qty[id]})
		sum, _ := f.Price[id].Times(f.Qty[id])
		cart.Seen += sum
	}
	return cart
}

// MakeVoucher answers POST /me/vouchers.
func (p *Pages) MakeVoucher(c *fiber.Ctx) error {
	var f pickForm
	again := func(refused error) error {
		page, err := p.pickPage(c, f.Counter, f.Qty, refused)
		if err != nil {
			return err
		}
		return web.Again(c, page, refused)
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return again(err)
	}
	v, err := market.IssueVoucher(c.UserContext(), p.db, op, web.Actor(c), p.keys, f.cart(web.Actor(c).Household))
	if err != nil {
		return again(err)
	}
	p.forget(c, chosenGoods)
	return web.See(c, "/me/vouchers/"+models.ID32(v.ID))
}
