package market_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
	"pointstore/models/sheet"
)

// luoyu is a village's complete list, from its own publication.
const luoyu = `item,points,unit,notes
洗衣液,20,件,初始库存48
挂面礼包,30,件,初始库存36
香皂套装,25,件,初始库存60
茶苗5株,50,份,初始库存20
运动水壶,60,件,初始库存15
运动背包,120,件,初始库存8
`

func (w *world) importing(by models.Actor, body string, choice market.GoodsChoice) (market.GoodsImported, error) {
	choice.Sheet = -1
	return market.ImportGoods(w.ctx, w.d, db.NewOpID(), by, w.village, "商品.csv", []byte(body), choice)
}

func (w *world) shelf() string {
	w.Helper()
	items, err := market.Shelf(w.ctx, w.d, w.village, w.counter, w.clock.Now().Day())
	w.must(err)
	var b strings.Builder
	for _, it := range items {
		fmt.Fprintf(&b, "%d %s %s/%s ×%s %s %s|", it.Position, it.Name, it.Points, it.Unit, it.Qty, it.Kind, it.CostFen)
	}
	return b.String()
}

func TestImportGoodsFromAVillagesOwnTable(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		_, err := w.importing(w.chen, luoyu, market.GoodsChoice{})
		if !errors.Is(err, market.ErrBadFile) {
			t.Fatalf("stock without a counter: %v", err)
		}
		done, err := w.importing(w.chen, luoyu, market.GoodsChoice{Counter: w.counter})
		w.must(err)
		// the village had 洗衣液 already, at the same price, but with another cost
		if done != (market.GoodsImported{Added: 5, Stocked: 5, Unchanged: 1}) {
			t.Fatalf("done: %+v", done)
		}
		const want = "1 洗衣液 20/件 ×10 goods 8|2 大米 30.5/件 ×10 goods 8|3 理发 10/件 ×0 service 8|4 挂面礼包 30/件 ×36 goods 0|5 香皂套装 25/件 ×60 goods 0|" +
			"6 茶苗5株 50/份 ×20 goods 0|7 运动水壶 60/件 ×15 goods 0|8 运动背包 120/件 ×8 goods 0|"
		if got := w.shelf(); got != want {
			t.Fatalf("the shelf:\n%s\nwant\n%s", got, want)
		}
		_, err = w.importing(w.chen, luoyu, market.GoodsChoice{Counter: w.counter})
		w.refuses(err, db.ErrImported, models.Conflict, "这个文件 11 月 23 日已导入过，没有重复导入")
		w.wantSound()
	})
}

func TestImportGoodsAgainChangesPricesAndAddsStockOnlyIfAsked(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		list := "品名,兑换积分,数量\n洗衣液,25,7\n大米,30.5,3\n"
		done, err := w.importing(w.chen, list, market.GoodsChoice{})
		w.must(err)
		if done != (market.GoodsImported{Repriced: 1, Unchanged: 1}) {
			t.Fatalf("prices only: %+v", done)
		}
		done, err = w.importing(w.chen, list+"毛巾,8,30\n", market.GoodsChoice{Counter: w.counter, AddStock: true})
		w.must(err)
		if done != (market.GoodsImported{Added: 1, Stocked: 3}) {
			t.Fatalf("with stock: %+v", done)
		}
		const want = "1 洗衣液 25/件 ×17 goods 8|2 大米 30.5/件 ×13 goods 8|3 理发 10/件 ×0 service 8|4 毛巾 8/ ×30 goods 0|"
		if got := w.shelf(); got != want {
			t.Fatalf("the shelf:\n%s\nwant\n%s", got, want)
		}
		w.wantSound()
	})
}

func TestPreviewGoodsSaysHowEachRowWasUnderstood(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		list, err := simplifiedchinese.GB18030.NewEncoder().String(
			"青石村积分超市商品价格表,,,,,\n商品名称,分值（分）,计量单位,库存,单价(元),备注\n" +
				"洗衣液,２２,桶,12件,18.5,\n理发,10,次,,,每月一次\n小米,15.5,袋,,,现有库存：20袋，乡亲捐赠\n合计,,,,,\n")
		w.must(err)
		p, err := market.PreviewGoods(w.ctx, d, w.village, "商品.csv", []byte(list), market.GoodsChoice{Sheet: -1, Counter: w.counter, AddStock: true})
		w.must(err)
		var says []string
		for _, r := range p.Rows {
			says = append(says, fmt.Sprintf("%d %s %s：%s；%s", r.Row, r.Change, r.Form.Name, r.Says, r.Form.Note))
		}
		want := []string{
			"3 改价 洗衣液：22 分一桶，库存 12 桶，进价 18.50 元；",
			"4 不变 理发：10 分一次，按服务记，不计库存；每月一次",
			"5 新增 小米：15.5 分一袋，库存 20 袋；乡亲捐赠",
		}
		if !p.Fine() {
			t.Fatalf("problems: %v %v", p.Problems, p.Mapping.Missing)
		}
		w.wantSame(says, want)
		if got := w.shelf(); !strings.HasPrefix(got, "1 洗衣液 20/件 ×10") {
			t.Fatalf("a preview has changed something: %s", got)
		}
	})
}

func TestImportGoodsIsAllOrNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		before := w.shelf()
		list := "品名,积分,库存,条码\n毛巾,8,30,\n香烟,50,10,\n牙膏,十分,5,\n水杯,0,5,\n毛巾,9,1,\n雨伞,30,-2,\n雨鞋,30,2,6901234567893\n"
		p, err := market.PreviewGoods(w.ctx, d, w.village, "商品.csv", []byte(list), market.GoodsChoice{Sheet: -1, Counter: w.counter})
		w.must(err)
		var says []string
		for _, problem := range p.Problems {
			says = append(says, problem.String())
		}
		w.wantSame(says, []string{
			"第 3 行“品名”“香烟”是烟草，积分不能兑换（烟、酒、现金和购物卡一类都不行）",
			"第 4 行“积分”要填数字，最多两位小数；现在是“十分”",
			"第 5 行“积分”要填大于 0 的数字",
			"第 6 行“品名”和第 2 行重复",
			"第 7 行“库存”要填数量，最多两位小数；现在是“-2”",
			"第 8 行“条码”有一位不对",
		})
		_, err = w.importing(w.chen, list, market.GoodsChoice{Counter: w.counter})
		w.refuses(err, market.ErrBadFile, models.Input, "共 7 行，6 行有误（第 3、4、5、6、7、8 行），一行都没有导入；可下载标红的表")
		if after := w.shelf(); after != before {
			t.Fatalf("rows went in: %s", after)
		}
		if _, err := w.importing(w.clerk, luoyu, market.GoodsChoice{Counter: w.counter}); !errors.Is(err, models.ErrForbidden) {
			t.Fatalf("a clerk imports: %v", err)
		}
		_, err = w.importing(w.chen, "姓名,电话\n王小明,13900000000\n", market.GoodsChoice{Counter: w.counter})
		w.refuses(err, market.ErrBadFile, models.Input, "没有找到“品名”这一列，一行都没有导入；请指明是哪一列")
		w.must(second(w.importing(w.chen, "品名,积分,库存\n毛巾,8,30\n", market.GoodsChoice{Counter: w.counter}))) // the refusals left nothing that stands in the way
		w.wantSound()
	})
}

func second[T any](_ T, err error) error { return err }

func TestExportedGoodsComeBackUnchanged(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.must(market.SaveGoods(w.ctx, d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Goods: w.rice, Name: "大米", Unit: "袋", Halal: true, LowAt: 300, ShelfLife: 180,
			Limit: market.Limit{LimitQty: 200, Period: market.EachMonth, Per: market.PerMember, MinBalance: 5000}}))
		export := func() []byte {
			items, err := market.Shelf(w.ctx, d, w.village, w.counter, clock.Now().Day())
			w.must(err)
			var b bytes.Buffer
			w.must(sheet.Write(&b, sheet.Book{Sheets: []sheet.Sheet{market.GoodsSheet(items)}}))
			return b.Bytes()
		}
		choice := market.GoodsChoice{Sheet: -1, Counter: w.counter}
		whole := export()
		p, err := market.PreviewGoods(w.ctx, d, w.village, "价目表.xlsx", whole, choice)
		w.must(err)
		if !p.Fine() || len(p.Rows) != 3 {
			t.Fatalf("problems: %+v %+v", p.Problems, p.Mapping.Missing)
		}
		for _, r := range p.Rows {
			if r.Change != "不变" {
				t.Errorf("%s: %s, read as %+v", r.Form.Name, r.Change, r.Form)
			}
		}
		before, err := market.GetGoods(w.ctx, d, w.village, w.rice)
		w.must(err)
		w.must(market.SaveGoods(w.ctx, d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Goods: w.rice, Name: "大米", Unit: "袋"}))
		done, err := market.ImportGoods(w.ctx, d, db.NewOpID(), w.chen, w.village, "价目表.xlsx", whole, choice)
		w.must(err)
		if done != (market.GoodsImported{Rewritten: 1, Unchanged: 2}) {
			t.Fatalf("done: %+v", done)
		}
		after, err := market.GetGoods(w.ctx, d, w.village, w.rice)
		w.must(err)
		w.wantSame(after, before)
	})
}
