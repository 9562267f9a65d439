package pages

import (
	"context"
	"fmt"
	"strings"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/sheet"
)

var goodsImport = importKind{
	Key: "goods", Title: "导入商品", Noun: "价目表", Next: "balances", Wants: market.GoodsWants,
	Lead:   "一行一种商品：品名、换一件要多少分，有库存数、进价、条码的一起导入。",
	sample: goodsSample, read: readGoods, run: runGoods, start: startGoods,
}

func goodsSample() sheet.Sheet {
	return sheet.Sheet{Name: "价目表",
		Columns: []sheet.Col{{Head: "品名"}, {Head: "积分", Kind: sheet.AsPoints}, {Head: "单位"}, {Head: "库存", Kind: sheet.AsNumber}, {Head: "进价（元）", Kind: sheet.AsMoney}, {Head: "条码"}, {Head: "备注"}},
		Rows: [][]any{
			{"洗衣液", models.Points(2000), "瓶", 48, models.Fen(1850), "", ""},
			{"大米 5公斤", models.Points(5000), "袋", 21, models.Fen(4200), "", ""},
			{"理发", models.Points(1000), "次", nil, nil, "", "服务，不计库存"},
		}}
}

// startGoods puts the stock on the village's first counter unless told
// otherwise; a village that has none gets one.
func startGoods(ctx context.Context, p *Pages, op db.OpID, by models.Actor, v web.Area, f *importForm) error {
	counters, err := market.Counters(ctx, p.db, v.ID)
	if err != nil {
		return err
	}
	if len(counters) == 0 {
		c, err := market.EnsureCounter(ctx, p.db, web.Next(op, 1), by, p.keys, v.ID, v.Name+"兑换点")
		if err != nil {
			return err
		}
		counters = append(counters, c)
	}
	f.Counter = models.ID32(counters[0].ID)
	return nil
}

func (f importForm) goods() market.GoodsChoice {
	choice := market.GoodsChoice{Sheet: f.worksheet(), Columns: f.chosen(), AddStock: f.AddStock != ""}
	choice.Counter, _ = models.ParseID32(f.Counter)
	return choice
}

var changeKinds = map[string]string{"新增": "ok", "改价": "wait", "加库存": "ok", "更新": "wait", "不变": "past"}

func readGoods(ctx context.Context, p *Pages, v int64, u db.Upload, f importForm) (importReading, error) {
	g, err := market.PreviewGoods(ctx, p.db, v, u.Name, u.Body, f.goods())
	if err != nil {
		return importReading{}, err
	}
	r := importReading{Table: g.Table, Mapping: g.Mapping, Problems: g.Problems, Fine: g.Fine()}
	counts := map[string]int{}
	for _, row := range g.Rows {
		one := importRow{Number: row.Row, Title: row.Form.Name, Text: row.Says, Tag: row.Change, Kind: changeKinds[row.Change]}
		if row.Change == "改价" && row.Was != 0 && row.Was != row.Form.Points {
			one.Text += fmt.Sprintf("（现在是 %s 分，从今天改）", row.Was)
		}
		if row.Goods != 0 && row.Stock > 0 && row.Adds == 0 {
			one.Notes = append(one.Notes, "村里已有这种商品，表里的库存没有加；要加请勾选下面的“库存也加上”")
		}
		counts[row.Change]++
		r.Rows = append(r.Rows, one)
	}
	for _, change := range []string{"新增", "改价", "加库存", "更新", "不变"} {
		if n := counts[change]; n > 0 {
			r.Totals = append(r.Totals, fmt.Sprintf("%s %d 种", change, n))
		}
	}
	return r, nil
}

func runGoods(ctx context.Context, p *Pages, op db.OpID, by models.Actor, v int64, u db.Upload, f importForm, _ func(done, total int)) (importResult, error) {
	done, err := market.ImportGoods(ctx, p.db, op, by, v, u.Name, u.Body, f.goods())
	return importResult{
		Text: "价目表导好了：" + strings.Join(counted("新增 %d 种", done.Added, "改价 %d 种", done.Repriced, "加了库存 %d 种", done.Stocked, "改了限兑等资料 %d 种", done.Rewritten, "不变 %d 种", done.Unchanged), "，"),
	}, err
}
