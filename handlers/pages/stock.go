package pages

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// stockPage is everything the village offers, with what this counter holds.
type stockPage struct {
	counterFrame
	Counter  string
	Several  bool
	Low      int // items that are running out, or have
	Goods    []stockLine
	Expiring []expiringLine
}

type stockLine struct {
	market.Goods
	Href         string
	Points       models.Points
	Left         models.Qty
	Tag, TagKind string
	Priceless    bool
}

// View implements web.Page.
func (stockPage) View() (name, title string) { return "counter/stock", "商品库存" }

// CounterStock answers GET /counter/stock.
func (p *Pages) CounterStock(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	page := stockPage{counterFrame: s.frame("desk", "stock"), Counter: s.Counter.Name, Several: s.Several}
	if page.Goods, err = p.stockLines(c, s); err != nil {
		return err
	}
	if page.Expiring, err = p.expiringLines(c, s); err != nil {
		return err
	}
	for _, l := range page.Goods {
		if l.TagKind == "wait" || l.TagKind == "bad" {
			page.Low++
		}
	}
	return web.Show(c, page)
}

// stockLines joins what there is with what is left of it and what it costs;
// what is off the shelf comes last.
func (p *Pages) stockLines(c *fiber.Ctx, s station) ([]stockLine, error) {
	ctx, day := c.UserContext(), p.db.Now().Day()
	goods, err := market.AllGoods(ctx, p.db, s.Village.ID)
	if err != nil {
		return nil, err
	}
	held, err := market.Stock(ctx, p.db, s.Village.ID, s.Counter.ID, day)
	if err != nil {
		return nil, err
	}
	shelf, err := market.Shelf(ctx, p.db, s.Village.ID, s.Counter.ID, day)
	if err != nil {
		return nil, err
	}
	left, price := map[int64]models.Qty{}, map[int64]models.Points{}
	for _, h := range held {
		left[h.ID], price[h.ID] = h.Qty, h.Points
	}
	for _, it := range shelf {
		price[it.ID] = it.Points
	}
	lines := make([]stockLine, len(goods))
	for i, g := range goods {
		lines[i] = newStockLine(g, left[g.ID], price[g.ID])
	}
	return lines, nil
}

func newStockLine(g market.Goods, left models.Qty, price models.Points) stockLine {
	l := stockLine{Goods: g, Href: goodsPath(g.ID), Points: price, Priceless: price == 0, Left: left}
	switch {
	case g.Off():
		l.Tag, l.TagKind = "已下架", "past"
	case price == 0:
		l.Tag, l.TagKind = "还没定价", "wait"
	case !g.Counted():
		l.Tag, l.TagKind = "在架", "ok"
	case left <= 0:
		l.Tag, l.TagKind = "换完了", "bad"
	case g.RunsOut(left):
		l.Tag, l.TagKind = "快没了", "wait"
	default:
		l.Tag, l.TagKind = "在架", "ok"
	}
	return l
}

// stockInPage takes a delivery: a line for each thing on the shelf.
type stockInPage struct {
	counterFrame
	Village, Counter, CounterName string
	Lines                         []stockInLine
	Note                          string
	Errors                        map[string]string
}

type stockInLine struct {
	ID, Name, Unit, Qty, Cost string
	Expires                   string
	Left                      models.Qty
}

// View implements web.Page.
func (stockInPage) View() (name, title string) { return "counter/stockin", "进货入库" }

type stockInForm struct {
	Counter int64                 `form:"counter,id32,required" label:"兑换点"`
	Qty     map[int64]models.Qty  `form:"qty.*,id32" label:"数量"`
	Cost    map[int64]models.Fen  `form:"cost.*,id32" label:"进价"`
	Expires map[int64]models.Date `form:"expires.*,id32" label:"有效期至"`
	Note    string                `form:"note" label:"备注" max:"120"`
}

// StockIn answers GET /counter/stock/in.
func (p *Pages) StockIn(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	page, err := p.stockInPage(c, s)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) stockInPage(c *fiber.Ctx, s station) (stockInPage, error) {
	page := stockInPage{counterFrame: s.frame("desk", "stock"), Village: models.ID32(s.Village.ID), Counter: models.ID32(s.Counter.ID), CounterName: s.Counter.Name}
	all, err := p.stockLines(c, s)
	only := c.Query("goods")
	for _, l := range all {
		id := models.ID32(l.ID)
		if !l.Counted() || l.Off() || only != "" && only != id {
			continue
		}
		page.Lines = append(page.Lines, stockInLine{ID: id, Name: l.Name, Left: l.Left, Unit: l.Unit,
			Qty: c.FormValue("qty." + id), Cost: c.FormValue("cost." + id), Expires: c.FormValue("expires." + id)})
	}
	return page, err
}

// ReceiveStock answers POST /counter/stock/in.
func (p *Pages) ReceiveStock(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return err
	}
	var f stockInForm
	op, err := web.Bind(c, &f)
	delivery := market.Delivery{Village: s.Village.ID, Counter: s.Counter.ID, Note: f.Note}
	for id, qty := range f.Qty {
		delivery.Lines = append(delivery.Lines, market.Incoming{Goods: id, Qty: qty, CostFen: f.Cost[id], ExpiresOn: f.Expires[id]})
	}
	// In one order always: the operation's content is compared when it comes twice.
	slices.SortFunc(delivery.Lines, func(a, b market.Incoming) int { return int(min(max(a.Goods-b.Goods, -1), 1)) })
	if err == nil {
		err = market.Receive(c.UserContext(), p.db, op, web.Actor(c), delivery)
	}
	if err != nil {
		page, lost := p.stockInPage(c, s)
		if lost != nil {
			return lost
		}
		page.Note, page.Errors = c.FormValue("note"), web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已入库 "+numbered(int64(len(delivery.Lines)), "种商品"), "库存已更新，见下表。")
	return web.See(c, "/counter/stock?village="+models.ID32(s.Village.ID)+"&counter="+models.ID32(s.Counter.ID))
}
