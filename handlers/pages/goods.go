package pages

import (
	"cmp"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

func goodsPath(id int64) string { return "/counter/goods/" + models.ID32(id) }

// counterGoodsForm is an item as it is typed; what stands last is of new items
// only.
type counterGoodsForm struct {
	Name     string        `form:"name" label:"名称" max:"64"`
	Unit     string        `form:"unit" label:"单位" max:"16"`
	Kind     string        `form:"kind" label:"类型"`
	Barcode  string        `form:"barcode" label:"条码" max:"40"`
	Position int           `form:"position" label:"序号" min:"0" max:"9999"`
	Note     string        `form:"note" label:"备注" max:"120"`
	Halal    bool          `form:"halal"`
	Points   models.Points `form:"points" label:"积分"`
	Cost     models.Fen    `form:"cost" label:"进价"`
	Stock    models.Qty    `form:"stock" label:"库存"`
	Expires  models.Date   `form:"expires" label:"有效期至"`

	MinBalance models.Points `form:"min_balance" label:"存折最少要有"`
	LimitQty   models.Qty    `form:"limit_qty" label:"限兑数量"`
	Period     string        `form:"limit_period" label:"限兑周期"`
	Per        string        `form:"limit_per" label:"限兑对象"`
	LowAt      models.Qty    `form:"low_at" label:"少于几件提醒"`
	ShelfLife  int           `form:"shelf_life" label:"保质期" min:"0" max:"3660"`
	Until      models.Date   `form:"until" label:"到哪天为止"`
}

func (f counterGoodsForm) goods(v, id int64) market.GoodsForm {
	return market.GoodsForm{Village: v, Goods: id, Name: f.Name, Unit: f.Unit, Kind: f.Kind, Barcode: f.Barcode, Position: f.Position, Note: f.Note,
		Halal: f.Halal, Points: f.Points, CostFen: f.Cost, LowAt: f.LowAt, ShelfLife: f.ShelfLife,
		Limit: market.Limit{MinBalance: f.MinBalance, LimitQty: f.LimitQty, Period: f.Period, Per: f.Per}}
}

// typed is what was in the form, for showing it again.
func typed(c *fiber.Ctx, names ...string) map[string]string {
	m := make(map[string]string, len(names))
	for _, n := range names {
		m[n] = c.FormValue(n)
	}
	return m
}

var goodsFields = []string{"name", "unit", "kind", "barcode", "position", "note", "halal", "points", "cost", "stock", "expires",
	"min_balance", "limit_qty", "limit_period", "limit_per", "low_at", "shelf_life", "until"}

// counterNewGoodsPage adds an item to the village's offer.
type counterNewGoodsPage struct {
	counterFrame
	Village, Counter string
	Typed            map[string]string
	Kinds            []web.Option
	goodsChoices
	Errors map[string]string
}

// View implements web.Page.
func (counterNewGoodsPage) View() (name, title string) {
	return "counter/newgoods", "添加商品或服务"
}

func newGoods(s station, typed map[string]string) counterNewGoodsPage {
	return counterNewGoodsPage{counterFrame: s.frame("desk", "stock"), Village: models.ID32(s.Village.ID), Counter: models.ID32(s.Counter.ID), Typed: typed, goodsChoices: goodsChoicesOf(typed),
		Kinds: []web.Option{
			{Value: market.Thing, Text: "商品", Hint: "有库存", Selected: typed["kind"] != market.Service},
			{Value: market.Service, Text: "服务", Hint: "理发、修理，不计库存", Selected: typed["kind"] == market.Service},
		}}
}

// NewGoods answers GET /counter/goods/new.
func (p *Pages) NewGoods(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	return web.Show(c, newGoods(s, map[string]string{}))
}

// AddGoods answers POST /counter/goods/new.
func (p *Pages) AddGoods(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return err
	}
	var f counterGoodsForm
	op, err := web.Bind(c, &f)
	var g market.Goods
	if err == nil {
		g, err = p.addGoods(c, op, s, f)
	}
	if err != nil {
		page := newGoods(s, typed(c, goodsFields...))
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	here := "?village=" + models.ID32(s.Village.ID) + "&counter=" + models.ID32(s.Counter.ID)
	added, to := "已添加“"+g.Name+"”，"+f.Points.String()+" 分", "/counter/stock"+here
	switch {
	case !g.Counted():
		web.Flash(c, "ok", added, "今天起可以兑换，不计库存。")
	case f.Stock > 0:
		web.Flash(c, "ok", added, "库存 "+f.Stock.String()+" "+g.Unit+"，今天起可以兑换。")
	default:
		web.Flash(c, "ok", added, "现在还没有库存，请填进了多少。")
		to = "/counter/stock/in" + here + "&goods=" + models.ID32(g.ID)
	}
	return web.See(c, to)
}

// addGoods puts an item on the list and, with the form's second step, what is
// there of it on the shelf.
func (p *Pages) addGoods(c *fiber.Ctx, op db.OpID, s station, f counterGoodsForm) (market.Goods, error) {
	if f.Kind == market.Service && f.Stock > 0 {
		return market.Goods{}, models.ErrInput.With("服务不计库存，没有保存；请把“库存”空着").At("stock")
	}
	g, err := market.AddGoods(c.UserContext(), p.db, op, web.Actor(c), f.goods(s.Village.ID, 0))
	if err == nil && f.Stock > 0 {
		err = market.Receive(c.UserContext(), p.db, web.Next(op, 1), web.Actor(c), market.Delivery{Village: s.Village.ID, Counter: s.Counter.ID,
			Lines: []market.Incoming{{Goods: g.ID, Qty: f.Stock, CostFen: f.Cost, ExpiresOn: f.Expires}}})
	}
	return g, err
}

// counterGoodsPage is one item: what is written about it, its prices, what moved.
type counterGoodsPage struct {
	counterFrame
	stockLine
	Village, Counter string
	Typed            map[string]string
	goodsChoices
	Says          string // the limit in words
	Lots          web.Table
	PriceTyped    map[string]string
	Today         models.Date
	Prices        web.Table
	Moves         web.Table
	Errors        map[string]string
	PriceErrors   map[string]string
	Image         string // address of its picture
	PictureErrors map[string]string
}

// View implements web.Page.
func (p counterGoodsPage) View() (name, title string) { return "counter/goods", p.Name }

// CounterGoods answers GET /counter/goods/:goods.
func (p *Pages) CounterGoods(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	page, err := p.goodsPageOf(c, s)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) goodsPageOf(c *fiber.Ctx, s station) (counterGoodsPage, error) {
	page := counterGoodsPage{counterFrame: s.frame("desk", "stock"), Village: models.ID32(s.Village.ID), Counter: models.ID32(s.Counter.ID), Today: p.db.Now().Day()}
	id, err := web.ID(c, "goods")
	if err != nil {
		return page, err
	}
	g, err := market.GetGoods(c.UserContext(), p.db, s.Village.ID, id)
	if err != nil {
		return page, err
	}
	all, err := p.stockLines(c, s)
	if err != nil {
		return page, err
	}
	for _, l := range all {
		if l.ID == id {
			page.stockLine = l
		}
	}
	page.Typed = map[string]string{"name": g.Name, "unit": g.Unit, "barcode": g.Barcode, "position": strconv.Itoa(g.Position), "note": g.Note}
	if g.Halal {
		page.Typed["halal"] = "1"
	}
	for name, value := range limitTyped(g) {
		page.Typed[name] = value
	}
	page.goodsChoices, page.Says, page.Image = goodsChoicesOf(page.Typed), g.Limit.Says(g.Unit), picturePath(g)
	if page.Lots, err = p.lotTable(c, s, g, page.Today); err != nil {
		return page, err
	}
	page.PriceTyped = map[string]string{"from": string(page.Today)}
	if page.Prices, err = p.priceTable(c, g, page.Today); err != nil {
		return page, err
	}
	page.Moves, err = p.moveTable(c, s, g)
	return page, err
}

func (p *Pages) priceTable(c *fiber.Ctx, g market.Goods, today models.Date) (web.Table, error) {
	t := web.Table{Heads: []web.Head{{Text: "从哪天起"}, {Text: "到哪天"}, {Text: "积分", Num: true}, {Text: "进价（元）", Num: true}, {Text: ""}}}
	prices, err := market.Prices(c.UserContext(), p.db, g.Village, g.ID)
	current := false
	for _, one := range prices {
		row := []web.Cell{{Text: string(one.FromDay)}, {Text: untilText(one.UntilDay)}, {Text: one.Points.String()}, {Text: yuan(one.CostFen)}, {}}
		switch {
		case one.FromDay > today:
			row[4] = web.Cell{Text: "到时生效", Tag: "wait"}
		case !current && one.UntilDay != "" && one.UntilDay < today:
			row[4], current = web.Cell{Text: "已到期", Tag: "bad"}, true
		case !current:
			row[4], current = web.Cell{Text: "现在", Tag: "ok"}, true
		}
		t.Rows = append(t.Rows, row)
	}
	return t, err
}

// yuan is a cost in yuan; unknown ones are a dash.
func yuan(f models.Fen) string {
	if f == 0 {
		return "—"
	}
	return f.String()
}

var moveTitles = map[string]string{
	market.MovedOpening: "期初库存", market.MovedReceived: "进货", market.MovedRedeemed: "兑换", market.MovedUndone: "作废退回",
}

func (p *Pages) moveTable(c *fiber.Ctx, s station, g market.Goods) (web.Table, error) {
	t := web.Table{Heads: []web.Head{{Text: "时间"}, {Text: "事由"}, {Text: "数量", Num: true}, {Text: "备注"}}}
	moves, err := market.Movements(c.UserContext(), p.db, g.Village, s.Counter.ID, g.ID, models.Cursor{Limit: 50})
	for _, m := range moves {
		what := web.Cell{Text: cmp.Or(moveTitles[m.Kind], market.Paper{Kind: m.Kind}.Title())}
		if m.Redemption != 0 {
			what.Href = receiptPath(c, market.Receipt{ID: m.Redemption, Household: models.Household{Village: m.Village}})
		}
		qty := m.Qty.String()
		if m.Qty > 0 {
			qty = "+" + qty
		}
		t.Rows = append(t.Rows, []web.Cell{{Text: m.At.String()}, what, {Text: qty}, {Text: m.Note}})
	}
	return t, err
}

// SaveGoods answers POST /counter/goods/:goods.
func (p *Pages) SaveGoods(c *fiber.Ctx) error {
	s, page, err := p.goodsAt(c)
	if err != nil {
		return err
	}
	var f counterGoodsForm
	op, err := web.Bind(c, &f)
	if err == nil {
		f.Kind = page.Kind
		err = market.SaveGoods(c.UserContext(), p.db, op, web.Actor(c), f.goods(s.Village.ID, page.ID))
	}
	if err != nil {
		page.Typed, page.Errors = typed(c, goodsFields...), web.Errors(err)
		page.goodsChoices = goodsChoicesOf(page.Typed)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已保存“"+f.Name+"”")
	return web.See(c, page.here())
}

// here is the item's page at this counter.
func (p counterGoodsPage) here() string {
	return p.Href + "?village=" + p.Village + "&counter=" + p.Counter
}

func (p *Pages) goodsAt(c *fiber.Ctx) (station, counterGoodsPage, error) {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return s, counterGoodsPage{}, err
	}
	page, err := p.goodsPageOf(c, s)
	return s, page, err
}

type goodsPriceForm struct {
	From   models.Date   `form:"from" label:"从哪天起"`
	Points models.Points `form:"points,required" label:"积分"`
	Cost   models.Fen    `form:"cost" label:"进价"`
	Until  models.Date   `form:"until" label:"到哪天为止"`
}

// PriceGoods answers POST /counter/goods/:goods/price.
func (p *Pages) PriceGoods(c *fiber.Ctx) error {
	s, page, err := p.goodsAt(c)
	if err != nil {
		return err
	}
	var f goodsPriceForm
	op, err := web.Bind(c, &f)
	if err == nil {
		err = market.SetPrice(c.UserContext(), p.db, op, web.Actor(c), market.PriceForm{Village: s.Village.ID, Goods: page.ID, FromDay: f.From, Points: f.Points, CostFen: f.Cost, UntilDay: f.Until})
	}
	if err != nil {
		page.PriceTyped, page.PriceErrors = typed(c, "from", "points", "cost", "until"), web.Errors(err)
		if why, ok := page.PriceErrors["from_day"]; ok {
			page.PriceErrors["from"] = why
		}
		if why, ok := page.PriceErrors["until_day"]; ok {
			page.PriceErrors["until"] = why
		}
		return web.Again(c, page, err)
	}
	when := "今天起"
	if f.From > page.Today {
		when = f.From.Short() + "起"
	}
	if f.Until != "" {
		when += "到 " + f.Until.Short()
	}
	web.Flash(c, "ok", "“"+page.Name+"”"+when+" "+f.Points.String()+" 分", "已经换出去的按当时的价，不变。")
	return web.See(c, page.here())
}

type goodsShelfForm struct {
	On bool `form:"on"`
}

// ShelveGoods answers POST /counter/goods/:goods/shelf: off the shelf or back.
func (p *Pages) ShelveGoods(c *fiber.Ctx) error {
	s, page, err := p.goodsAt(c)
	if err != nil {
		return err
	}
	var f goodsShelfForm
	op, err := web.Bind(c, &f)
	if err == nil {
		err = market.ShelveGoods(c.UserContext(), p.db, op, web.Actor(c), s.Village.ID, page.ID, f.On)
	}
	if err != nil {
		return web.Again(c, page, err)
	}
	if f.On {
		web.Flash(c, "ok", "“"+page.Name+"”已重新上架")
	} else {
		web.Flash(c, "ok", "“"+page.Name+"”已下架", "库存还在账上；要换时再上架。")
	}
	return web.See(c, page.here())
}
