package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// goodsChoices are what a limit is counted over, and for whom.
type goodsChoices struct {
	Periods, Pers []web.Option
}

func goodsChoicesOf(typed map[string]string) goodsChoices {
	k := goodsChoices{Periods: []web.Option{{Text: "不限"}}, Pers: []web.Option{
		{Value: market.PerHousehold, Text: "每户", Selected: typed["limit_per"] != market.PerMember},
		{Value: market.PerMember, Text: "每人（按家里人口算到户）", Selected: typed["limit_per"] == market.PerMember},
	}}
	for _, period := range market.Periods {
		k.Periods = append(k.Periods, web.Option{Value: period, Text: market.PeriodTitle(period), Selected: typed["limit_period"] == period})
	}
	return k
}

// limitTyped is what an item says about limits and shelf life, for its form.
func limitTyped(g market.Goods) map[string]string {
	m := map[string]string{"limit_period": g.Period, "limit_per": g.Per}
	if g.MinBalance > 0 {
		m["min_balance"] = g.MinBalance.Plain()
	}
	if g.LimitQty > 0 {
		m["limit_qty"] = g.LimitQty.Plain()
	}
	if g.LowAt > 0 {
		m["low_at"] = g.LowAt.Plain()
	}
	if g.ShelfLife > 0 {
		m["shelf_life"] = strconv.Itoa(g.ShelfLife)
	}
	return m
}

func untilText(d models.Date) string {
	if d == "" {
		return "—"
	}
	return string(d)
}

// lotTable lists an item's lots at the counter, the first to expire first; empty
// for items that have none.
func (p *Pages) lotTable(c *fiber.Ctx, s station, g market.Goods, today models.Date) (web.Table, error) {
	t := web.Table{Heads: []web.Head{{Text: "批号"}, {Text: "有效期至"}, {Text: "还有", Num: true}, {Text: "进价（元）", Num: true}, {Text: ""}}}
	if !g.Lots {
		return t, nil
	}
	lots, err := market.LotsOfGoods(c.UserContext(), p.db, s.Village.ID, s.Counter.ID, g.ID)
	for _, l := range lots {
		number := l.Number
		switch {
		case l.ID == 0:
			number = "没分批的"
		case number == "":
			number = "没写批号"
		}
		tag, kind := expiryTag(l, today)
		t.Rows = append(t.Rows, []web.Cell{{Text: number}, {Text: untilText(l.ExpiresOn)}, {Text: l.Qty.String()}, {Text: yuan(l.CostFen)}, {Text: tag, Tag: kind}})
	}
	return t, err
}

func expiryTag(l market.LotLine, today models.Date) (text, kind string) {
	switch {
	case l.Expired(today):
		return "已过期，不再兑换", "bad"
	case l.ExpiresOn != "" && l.ExpiresOn <= today.AddDays(market.ExpirySoon):
		return "快到期", "wait"
	}
	return "", ""
}

// expiringLine is a lot at this counter that has to go, or must not go any more.
type expiringLine struct {
	Href, Text, Tag, Kind string
}

func (p *Pages) expiringLines(c *fiber.Ctx, s station) ([]expiringLine, error) {
	today := p.db.Now().Day()
	lots, err := market.Expiring(c.UserContext(), p.db, s.Village.ID, today.AddDays(market.ExpirySoon))
	var lines []expiringLine
	for _, l := range lots {
		if l.Counter != s.Counter.ID {
			continue
		}
		tag, kind := expiryTag(l, today)
		lines = append(lines, expiringLine{Href: goodsPath(l.Goods), Text: l.Name + " " + l.Qty.String() + " " + l.Unit + "，有效期至 " + string(l.ExpiresOn), Tag: tag, Kind: kind})
	}
	return lines, err
}

// todayStock tells who keeps the stock what runs out and what expires.
func (p *Pages) todayStock(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !web.Actor(c).Can(models.KeepStock, at.Area.Place) {
		return nil, nil
	}
	ctx, today := c.UserContext(), p.db.Now().Day()
	low, err := market.Low(ctx, p.db, at.Area.ID)
	if err != nil {
		return nil, err
	}
	lots, err := market.Expiring(ctx, p.db, at.Area.ID, today.AddDays(market.ExpirySoon))
	dead := 0
	for _, l := range lots {
		if l.Expired(today) {
			dead++
		}
	}
	href := "/counter/stock?village=" + models.ID32(at.Area.ID)
	var items []todayItem
	for _, one := range []todayItem{
		{N: dead, Unit: "批", Text: "商品已过期", Note: "请下架处理，写报损单", Href: href, Late: true},
		{N: len(lots) - dead, Unit: "批", Text: "商品快到期", Note: "先换这几批", Href: href},
		{N: len(low), Unit: "种", Text: "商品快没了", Note: "该进货了", Href: href},
	} {
		if one.N > 0 {
			items = append(items, one)
		}
	}
	return items, err
}
