package market

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
)

// GoodsWants are the columns of a village's price list, as people head them.
var GoodsWants = []sheet.Want{
	{Key: "name", Title: "品名", Aliases: []string{"商品", "名称", "商品名称", "物品", "物品名称", "兑换物品", "服务项目", "item", "name"}, Required: true},
	{Key: "points", Title: "积分", Aliases: []string{"分值", "价格", "兑换积分", "所需积分", "兑换分值", "积分价", "points", "price"}, Required: true, Help: "换一件要多少分"},
	{Key: "unit", Title: "单位", Aliases: []string{"计量单位", "规格单位", "unit"}},
	{Key: "stock", Title: "库存", Aliases: []string{"数量", "初始库存", "库存数量", "现有数量", "期初库存", "stock", "qty"}},
	{Key: "cost", Title: "进价（元）", Aliases: []string{"单价", "成本", "进价", "单价（元）", "采购价", "成本价", "cost"}},
	{Key: "barcode", Title: "条码", Aliases: []string{"条形码", "商品条码", "69码", "barcode", "ean"}},
	{Key: "kind", Title: "类型", Aliases: []string{"种类", "商品类型", "类别", "kind"}},
	{Key: "halal", Title: "清真", Aliases: []string{"清真标识", "是否清真", "halal"}},
	{Key: "limit_qty", Title: "限兑数量", Aliases: []string{"限兑", "限购", "限购数量", "limit"}},
	{Key: "limit_period", Title: "限兑周期", Aliases: []string{"限购周期", "周期"}},
	{Key: "limit_per", Title: "限兑对象", Aliases: []string{"限购对象"}},
	{Key: "min_balance", Title: "存折最少要有", Aliases: []string{"最低积分", "最少积分", "起兑积分"}},
	{Key: "low_at", Title: "少于几件提醒", Aliases: []string{"提醒数量", "最低库存", "安全库存"}},
	{Key: "shelf_life", Title: "保质期（天）", Aliases: []string{"保质期", "保质天数"}},
	{Key: "note", Title: "备注", Aliases: []string{"说明", "notes", "note", "remark"}},
}

// GoodsChoice is what the person who imports decides.
type GoodsChoice struct {
	Sheet   int            // index into Table.Sheets; -1 for the first that holds anything
	Columns map[string]int // want → column, -1 for none
	Counter int64          // where the stock lies
	// AddStock adds the file's stock to items the village already has. Without
	// it only new items get stock.
	AddStock bool
}

// GoodsRow is one row of a price list as it was understood.
type GoodsRow struct {
	Row    int
	Form   GoodsForm
	Stock  models.Qty
	Goods  int64           // the item of this name that the village has; 0 for a new one
	Was    models.Points   // its price until now
	Adds   models.Qty      // what the stock will grow by
	Change string          // 新增, 改价, 加库存, 不变
	said   map[string]bool // columns the table has, of those that bound an item
	Says   string          // 20 分一件，库存 48 件
}

// GoodsPreview says what an import would do.
type GoodsPreview struct {
	Table    sheet.Table
	Mapping  sheet.Mapping
	Rows     []GoodsRow
	Problems []sheet.Problem
}

// Fine reports whether the file can go in as it is.
func (p GoodsPreview) Fine() bool {
	return len(p.Problems) == 0 && len(p.Mapping.Missing) == 0 && len(p.Rows) > 0
}

// Summary says how many rows there are and what is wrong with them.
func (p GoodsPreview) Summary() string { return sheet.Summary(len(p.Rows), p.Problems) }

// PreviewGoods reads a village's price list and says how it understood every
// row and what importing it would change. It writes nothing.
func PreviewGoods(ctx context.Context, c db.Conn, v int64, file string, body []byte, choice GoodsChoice) (GoodsPreview, error) {
	t, err := sheet.ReadSheet(file, body, choice.Sheet)
	if err != nil {
		return GoodsPreview{}, err
	}
	p := GoodsPreview{Mapping: t.Match(GoodsWants, choice.Columns)}
	p.Table = t
	p.Problems = append(p.Problems, t.Problems...)
	if len(p.Mapping.Missing) > 0 {
		return p, nil
	}
	have, err := knownGoods(ctx, c, v)
	if err != nil {
		return p, err
	}
	seen := map[string]int{}
	for _, row := range t.Rows {
		r, problems := readGoodsRow(p.Mapping, row)
		if first := seen[r.Form.Name]; first != 0 && r.Form.Name != "" {
			problems = append(problems, p.Mapping.Wrong(row, "name", "和第 "+strconv.Itoa(first)+" 行重复"))
		}
		seen[r.Form.Name] = row.Number
		r.Form.Village = v
		r.compare(have, choice.AddStock)
		if r.Adds > 0 && choice.Counter == 0 {
			problems = append(problems, p.Mapping.Wrong(row, "stock", "有数量，请先选放在哪个兑换点"))
		}
		p.Rows = append(p.Rows, r)
		p.Problems = append(p.Problems, problems...)
	}
	return p, nil
}

// stockInNote finds an opening stock that people wrote beside the item:
// 初始库存48, 库存：48件.
var stockInNote = regexp.MustCompile(`(?:初始|期初|现有)?库存(?:数量)?\s*[:为有]?\s*([0-9]+(?:\.[0-9]{1,2})?)\s*\p{Han}?`)

func readGoodsRow(m sheet.Mapping, row sheet.Row) (GoodsRow, []sheet.Problem) {
	r := GoodsRow{Row: row.Number}
	var problems []sheet.Problem
	note := func(p *sheet.Problem) {
		if p != nil {
			problems = append(problems, *p)
		}
	}
	var p *sheet.Problem
	r.Form.Name, p = m.Text(row, "name")
	note(p)
	r.Form.Points, p = m.Points(row, "points")
	note(p)
	if p == nil && r.Form.Points <= 0 {
		problems = append(problems, m.Wrong(row, "points", "要填大于 0 的数字"))
	}
	r.Form.Unit, p = m.Text(row, "unit")
	note(p)
	r.Stock, p = m.Qty(row, "stock")
	note(p)
	r.Form.CostFen, p = m.Fen(row, "cost")
	note(p)
	r.Form.Note, p = m.Text(row, "note")
	note(p)
	r.Form.Barcode, p = m.Text(row, "barcode")
	note(p)
	problems = append(problems, r.readBounds(m, row)...)
	r.stockFromNote()
	r.guessKind(m.Get(row, "kind"))
	if len(problems) == 0 {
		problems = r.check(m, row)
	}
	r.say()
	return r, problems
}

func (r *GoodsRow) stockFromNote() {
	at := stockInNote.FindStringSubmatchIndex(r.Form.Note)
	if at == nil || r.Stock != 0 {
		return
	}
	q, err := models.ParseQty(r.Form.Note[at[2]:at[3]])
	if err != nil {
		return
	}
	r.Stock = q
	r.Form.Note = strings.Trim(r.Form.Note[:at[0]]+r.Form.Note[at[1]:], " ,，;；。、")
}

// services are words that name work rather than a thing.
var services = []string{"服务", "理发", "剪发", "维修", "修理", "磨刀", "代办", "家政", "保洁"}

// guessKind takes what has stock for a thing; else the table's own column
// decides, else the name.
func (r *GoodsRow) guessKind(column string) {
	r.Form.Kind = Thing
	if r.Stock != 0 {
		return
	}
	for _, w := range services {
		if strings.Contains(column, w) || column == "" && strings.Contains(r.Form.Name, w) {
			r.Form.Kind = Service
		}
	}
}

// check runs the form's own rules and puts their sentences beside the row.
func (r *GoodsRow) check(m sheet.Mapping, row sheet.Row) []sheet.Problem {
	if why, bad := Unfit(r.Form.Name); bad {
		return []sheet.Problem{m.Wrong(row, "name", "“"+r.Form.Name+"”"+why)}
	}
	form, err := r.Form.tidy()
	if err == nil {
		err = checkPrice(form.Points, form.CostFen)
	}
	var e *models.Error
	if errors.As(err, &e) {
		_, text, _ := strings.Cut(e.Say, "”") // the row names its own column
		text, _, _ = strings.Cut(text, "，没有保存")
		return []sheet.Problem{m.Wrong(row, e.Field, text)}
	}
	r.Form = form
	return nil
}

// known is what the village has under a name already.
type known struct {
	Goods
	points models.Points // today's price; 0 without one
	cost   models.Fen
}

func knownGoods(ctx context.Context, c db.Conn, v int64) (map[string]known, error) {
	have := map[string]known{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) (err error) {
		var k known
		k.Goods, err = scanGoods(row, &k.points, &k.cost)
		have[k.Name] = k
		return err
	}, "SELECT "+goodsColumns+", COALESCE(p.points, 0), COALESCE(p.cost_fen, 0) FROM goods g LEFT "+priceNow+
		" WHERE g.village_id = ?", string(c.Handle().Now().Day()), string(c.Handle().Now().Day()), v)
	return have, err
}

// compare says what the row changes in the village.
func (r *GoodsRow) compare(have map[string]known, addStock bool) {
	k, old := have[r.Form.Name]
	switch {
	case !old:
		r.Change, r.Adds = "新增", r.Stock
		return
	case r.Form.CostFen == 0:
		r.Form.CostFen = k.cost // a table without costs forgets none
	}
	r.Goods, r.Was = k.ID, k.points
	r.keepUnsaid(k.Goods)
	if addStock && k.Counted() {
		r.Adds = r.Stock
	}
	switch {
	case r.repriced(k):
		r.Change = "改价"
	case r.Adds > 0:
		r.Change = "加库存"
	case r.rewrites(k.Goods):
		r.Change = "更新"
	default:
		r.Change = "不变"
	}
}

func (r *GoodsRow) repriced(k known) bool {
	return k.points != r.Form.Points || k.cost != r.Form.CostFen
}

// say puts into words how the row was understood.
func (r *GoodsRow) say() {
	unit := cmp.Or(r.Form.Unit, "件")
	says := []string{r.Form.Points.String() + " 分一" + unit}
	switch {
	case r.Form.Kind == Service:
		says = append(says, "按服务记，不计库存")
	case r.Stock > 0:
		says = append(says, "库存 "+r.Stock.String()+" "+unit)
	default:
		says = append(says, "没有写库存")
	}
	if r.Form.CostFen > 0 {
		says = append(says, "进价 "+r.Form.CostFen.String()+" 元")
	}
	r.Says = strings.Join(says, "，")
}
