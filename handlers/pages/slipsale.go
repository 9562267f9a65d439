package pages

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/village"
)

func (p *Pages) routesSlipSales(r Routes) {
	till := web.Staff(models.HandOverGoods)
	r.Get("/counter/slipsales", till, p.SlipSales)
	r.Post("/counter/slipsales", till, p.KeySlipSale)
	r.Post("/counter/slipsales/post", till, p.PostSlipSales)
	r.Post("/counter/slipsales/one", till, p.SettleSlipSale)
	r.Post("/counter/slipsales/print", till, p.PrintSlipSales)
	r.Get("/counter/slipsales/sheet", till, p.SlipSaleSheet)
}

// slipSaleForm is a slip as it is keyed in. Mend names one that is keyed in
// already.
type slipSaleForm struct {
	Slip   int64                `form:"slip" label:"单号"`
	Mend   bool                 `form:"mend"`
	Day    models.Date          `form:"day" label:"日期"`
	Home   string               `form:"home" label:"户号" max:"64"`
	Points models.Points        `form:"points" label:"一共几分"`
	Qty    map[int64]models.Qty `form:"qty.*,id32" label:"数量"`
}

// slipSalePage keeps the slips of one counter: what waits, what has to be
// settled, what is in the books.
type slipSalePage struct {
	counterFrame
	Village, Counter string
	Form             slipSaleForm
	Goods            []tillGood
	Waiting, Trouble []slipSaleRow
	Done             []slipSaleRow
	Errors           map[string]string
	Today            models.Date
}

type slipSaleRow struct {
	market.PaperSale
	Home, Goods string
	Receipt     string // its address
}

// View implements web.Page.
func (slipSalePage) View() (name, title string) { return "counter/slipsales", "停电纸单补录" }

// SlipSales answers GET /counter/slipsales; ?slip= takes one up again.
func (p *Pages) SlipSales(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return astray(c, err)
	}
	var f struct {
		Slip int64 `form:"slip" label:"单号"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.slipSales(c, s, slipSaleForm{Day: p.db.Now().Day()})
	if err == nil && f.Slip != 0 {
		err = page.takeUp(f.Slip)
	}
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) slipSales(c *fiber.Ctx, s station, f slipSaleForm) (page slipSalePage, err error) {
	ctx := c.UserContext()
	page = slipSalePage{counterFrame: s.frame("desk", "slipsales"), Village: models.ID32(s.Village.ID), Counter: models.ID32(s.Counter.ID), Form: f, Today: p.db.Now().Day()}
	shelf, err := market.Shelf(ctx, p.db, s.Village.ID, s.Counter.ID, page.Today)
	if err != nil {
		return page, err
	}
	names := map[int64]string{}
	for i, it := range shelf {
		g := tillItem(i, it)
		g.Off, g.Qty = false, f.Qty[it.ID].String()
		page.Goods, names[it.ID] = append(page.Goods, g), it.Name
	}
	all, err := market.PaperSales(ctx, p.db, s.Village.ID, s.Counter.ID)
	if err != nil {
		return page, err
	}
	var ids []int64
	for _, one := range all {
		ids = append(ids, one.Household)
	}
	homes, err := village.HomesByID(ctx, p.db, s.Village.ID, ids)
	for _, one := range all {
		page.list(one, homes[one.Household], names)
	}
	slices.Reverse(page.Waiting)
	slices.Reverse(page.Trouble)
	if page.Form.Slip == 0 && len(all) > 0 {
		page.Form.Slip = all[0].Number + 1
	}
	return page, err
}

func (page *slipSalePage) list(s market.PaperSale, home village.Home, names map[int64]string) {
	row := slipSaleRow{PaperSale: s, Home: s.Said}
	if s.Household != 0 {
		row.Home = home.Number + " " + home.Head
	}
	for i, l := range s.Lines {
		if i > 0 {
			row.Goods += "、"
		}
		name := names[l.Goods]
		if name == "" {
			name = "已下架的商品"
		}
		row.Goods += name + " ×" + l.Qty.String()
	}
	if s.Redemption != 0 {
		row.Receipt = "/counter/receipts/" + models.ID32(s.Redemption) + "?village=" + page.Village
	}
	switch s.State {
	case market.SlipKept:
		page.Waiting = append(page.Waiting, row)
	case market.SlipTrouble:
		page.Trouble = append(page.Trouble, row)
	default:
		page.Done = append(page.Done, row)
	}
}

// takeUp puts a slip that waits back into the form.
func (page *slipSalePage) takeUp(number int64) error {
	for _, s := range slices.Concat(page.Waiting, page.Trouble) {
		if s.Number != number {
			continue
		}
		f := slipSaleForm{Slip: number, Mend: true, Day: s.Day, Home: s.Home, Points: s.Points}
		for i := range page.Goods {
			page.Goods[i].Qty = "0"
			for _, l := range s.Lines {
				if models.ID32(l.Goods) == page.Goods[i].ID {
					page.Goods[i].Qty = l.Qty.String()
				}
			}
		}
		page.Form = f
		return nil
	}
	return market.ErrSlipSettled
}

// KeySlipSale answers POST /counter/slipsales: one slip is kept on the server,
// and the next number waits in the form.
func (p *Pages) KeySlipSale(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return err
	}
	var f slipSaleForm
	op, err := web.Bind(c, &f)
	if err == nil {
		err = p.keySlip(c, s, op, f)
	}
	if err != nil {
		return p.slipAgain(c, s, f, err)
	}
	web.Flash(c, "ok", fmt.Sprintf("%d 号存下了", f.Slip), "关掉页面也不会丢。全部录完再点“全部入账”。")
	return web.See(c, "/counter/slipsales?village="+models.ID32(s.Village.ID)+"&counter="+models.ID32(s.Counter.ID))
}

func (p *Pages) keySlip(c *fiber.Ctx, s station, op db.OpID, f slipSaleForm) error {
	one := market.PaperSale{Village: s.Village.ID, Number: f.Slip, Counter: s.Counter.ID, Day: f.Day, Points: f.Points, Said: f.Home}
	homes, err := p.search(c, s.Village.ID, f.Home)
	if err != nil {
		return err
	}
	for _, h := range homes {
		if len(homes) == 1 || h.Number == f.Home || f.Home == h.Number+" "+h.Head {
			one.Household, one.Said = h.ID, ""
		}
	}
	for goods, qty := range f.Qty {
		one.Lines = append(one.Lines, market.Line{Goods: goods, Qty: qty})
	}
	slices.SortFunc(one.Lines, func(a, b market.Line) int { return int(min(1, max(-1, a.Goods-b.Goods))) })
	if f.Mend {
		return market.MendSlip(c.UserContext(), p.db, op, web.Actor(c), one)
	}
	return market.KeySlip(c.UserContext(), p.db, op, web.Actor(c), one)
}

func (p *Pages) slipAgain(c *fiber.Ctx, s station, f slipSaleForm, refused error) error {
	page, err := p.slipSales(c, s, f)
	if err != nil {
		return err
	}
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

// PostSlipSales answers POST /counter/slipsales/post: all that wait go into the
// books; sent twice, each still goes once.
func (p *Pages) PostSlipSales(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return err
	}
	if _, err := web.Bind(c, &struct{}{}); err != nil {
		return err
	}
	done, trouble, err := market.PostSlips(c.UserContext(), p.db, web.Actor(c), s.Village.ID, s.Counter.ID)
	if err != nil {
		return p.slipAgain(c, s, slipSaleForm{Day: p.db.Now().Day()}, err)
	}
	if trouble == 0 {
		web.Flash(c, "ok", fmt.Sprintf("入账 %d 张", done), "小票和存折上都写着“补录”。")
	} else {
		web.Flash(c, "wait", fmt.Sprintf("入账 %d 张，有 %d 张要您定", done, trouble), "没入账的没有扣分，原因写在下面，一张一张来。")
	}
	return web.See(c, "/counter/slipsales?village="+models.ID32(s.Village.ID)+"&counter="+models.ID32(s.Counter.ID))
}

// SettleSlipSale answers POST /counter/slipsales/one: one slip is tried again, or
// declared void.
func (p *Pages) SettleSlipSale(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return err
	}
	var f struct {
		Slip   int64  `form:"slip,required" label:"单号"`
		Do     string `form:"do" max:"8"`
		Reason string `form:"reason,text" label:"作废的原因" max:"120"`
	}
	op, err := web.Bind(c, &f)
	say := "已作废"
	switch {
	case err != nil:
	case f.Do == "void":
		err = market.VoidSlip(c.UserContext(), p.db, op, web.Actor(c), s.Village.ID, f.Slip, f.Reason)
	default:
		say = "已入账"
		_, err = market.PostSlip(c.UserContext(), p.db, web.Actor(c), s.Village.ID, f.Slip)
	}
	if err != nil {
		return p.slipAgain(c, s, slipSaleForm{Day: p.db.Now().Day()}, err)
	}
	web.Flash(c, "ok", fmt.Sprintf("%d 号%s", f.Slip, say))
	return web.See(c, "/counter/slipsales?village="+models.ID32(s.Village.ID)+"&counter="+models.ID32(s.Counter.ID))
}

// PrintSlipSales answers POST /counter/slipsales/print: numbers are taken, then
// the sheet can be printed again as often as the printer jams.
func (p *Pages) PrintSlipSales(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return err
	}
	var f struct {
		Count int `form:"count" label:"张数"`
	}
	op, err := web.Bind(c, &f)
	var from int64
	if err == nil {
		from, err = market.PrintSlips(c.UserContext(), p.db, op, web.Actor(c), s.Village.ID, f.Count)
	}
	if err != nil {
		return p.slipAgain(c, s, slipSaleForm{Day: p.db.Now().Day()}, err)
	}
	return web.See(c, fmt.Sprintf("/counter/slipsales/sheet?village=%s&counter=%s&from=%d&count=%d", models.ID32(s.Village.ID), models.ID32(s.Counter.ID), from, f.Count))
}

// slipSaleSheet is blank numbered slips, four to an A4 sheet.
type slipSaleSheet struct {
	counterFrame
	Shop, Counter string
	Sheets        [][]string // numbers
	Goods         []rosterPrice
	Trial         bool
}

// View implements web.Page.
func (slipSaleSheet) View() (name, title string) { return "counter/slipsheet", "停电兑换纸单" }

const (
	slipSalesPerPage = 4
	slipSaleGoods    = 14 // as many as fit on a quarter of the sheet
)

// SlipSaleSheet answers GET /counter/slipsales/sheet.
func (p *Pages) SlipSaleSheet(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return astray(c, err)
	}
	var f struct {
		From  int64 `form:"from" label:"单号"`
		Count int   `form:"count" label:"张数"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	if f.From < 1 || f.Count < 1 || f.Count > 200 {
		return models.ErrNotFound.With("没有这一批纸单，请重新印")
	}
	page := slipSaleSheet{counterFrame: s.frame("", "slipsales"), Shop: s.Village.Name + "积分超市", Counter: s.Counter.Name, Trial: p.trial}
	var numbers []string
	for i := range f.Count {
		numbers = append(numbers, strconv.FormatInt(f.From+int64(i), 10))
	}
	page.Sheets = slices.Collect(slices.Chunk(numbers, slipSalesPerPage))
	shelf, err := market.Shelf(c.UserContext(), p.db, s.Village.ID, s.Counter.ID, p.db.Now().Day())
	if err != nil {
		return err
	}
	for _, it := range shelf[:min(len(shelf), slipSaleGoods)] {
		page.Goods = append(page.Goods, rosterPrice{it.Name, it.Unit, it.Points})
	}
	return web.Show(c, page)
}
