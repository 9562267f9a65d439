package market

import (
	"strings"

	"pointstore/models/db"
	"pointstore/models/sheet"
)

// readBounds reads a row's limits, shelf life and 清真, and remembers which of
// the columns the table has.
func (r *GoodsRow) readBounds(m sheet.Mapping, row sheet.Row) (problems []sheet.Problem) {
	has := func(key string) bool {
		col, ok := m.Columns[key]
		r.said[key] = ok && col >= 0
		return r.said[key]
	}
	r.said = map[string]bool{}
	note := func(p *sheet.Problem) {
		if p != nil {
			problems = append(problems, *p)
		}
	}
	var p *sheet.Problem
	if has("halal") {
		r.Form.Halal = strings.ContainsAny(m.Get(row, "halal"), "是有√1清")
	}
	if has("limit_qty") {
		r.Form.LimitQty, p = m.Qty(row, "limit_qty")
		note(p)
		period := m.Get(row, "limit_period")
		for key, title := range periodTitles {
			if period == title || period != "" && strings.TrimPrefix(title, "每") == period {
				r.Form.Period = key
			}
		}
		if strings.Contains(m.Get(row, "limit_per"), "人") {
			r.Form.Per = PerMember
		}
		if r.Form.LimitQty > 0 && r.Form.Period == "" {
			problems = append(problems, m.Wrong(row, "limit_period", "有限兑数量，周期要写每天、每周、每月、每季度、每年或一共"))
		}
	}
	if has("min_balance") {
		r.Form.MinBalance, p = m.Points(row, "min_balance")
		note(p)
	}
	if has("low_at") {
		r.Form.LowAt, p = m.Qty(row, "low_at")
		note(p)
	}
	if has("shelf_life") {
		r.Form.ShelfLife, p = m.Count(row, "shelf_life")
		note(p)
	}
	return problems
}

// keepUnsaid leaves an item as it is where the table has no column for it.
func (r *GoodsRow) keepUnsaid(was Goods) {
	if !r.said["halal"] {
		r.Form.Halal = was.Halal
	}
	if !r.said["limit_qty"] {
		r.Form.LimitQty, r.Form.Period, r.Form.Per = was.LimitQty, was.Period, was.Per
	}
	if !r.said["min_balance"] {
		r.Form.MinBalance = was.MinBalance
	}
	if !r.said["low_at"] {
		r.Form.LowAt = was.LowAt
	}
	if !r.said["shelf_life"] {
		r.Form.ShelfLife = was.ShelfLife
	}
}

// rewrites reports whether the row changes what is written about a known item
// besides its price.
func (r *GoodsRow) rewrites(was Goods) bool {
	return r.Form.Halal != was.Halal || r.Form.Limit != was.Limit || r.Form.LowAt != was.LowAt || r.Form.ShelfLife != was.ShelfLife
}

// rewrite puts it down, keeping what a price list never changes.
func (r *GoodsRow) rewrite(tx *db.Tx, was Goods) error {
	if !r.rewrites(was) {
		return nil
	}
	is := was
	is.Halal, is.Limit, is.LowAt, is.ShelfLife = r.Form.Halal, r.Form.Limit, r.Form.LowAt, r.Form.ShelfLife
	return is.save(tx, was)
}

// GoodsSheet is the village's list as a workbook that ImportGoods reads back
// without changing anything: items at today's prices, with what is left of them.
func GoodsSheet(items []Item) sheet.Sheet {
	s := sheet.Sheet{Name: "价目表", Columns: []sheet.Col{{Head: "品名"}, {Head: "积分", Kind: sheet.AsPoints}, {Head: "单位"}, {Head: "库存"},
		{Head: "进价（元）", Kind: sheet.AsMoney}, {Head: "条码"}, {Head: "类型"}, {Head: "清真"}, {Head: "限兑数量"}, {Head: "限兑周期"}, {Head: "限兑对象"},
		{Head: "存折最少要有", Kind: sheet.AsPoints}, {Head: "少于几件提醒"}, {Head: "保质期（天）"}, {Head: "备注"}}}
	for _, it := range items {
		row := []any{it.Name, it.Points, it.Unit, it.Qty.Plain(), it.CostFen, it.Barcode, "商品", "", "", "", "", nil, "", nil, it.Note}
		if !it.Counted() {
			row[3], row[6] = "", "服务"
		}
		if it.Halal {
			row[7] = "是"
		}
		if it.LimitQty > 0 {
			row[8], row[9], row[10] = it.LimitQty.Plain(), periodTitles[it.Period], map[string]string{PerHousehold: "每户", PerMember: "每人"}[it.Per]
		}
		if it.MinBalance > 0 {
			row[11] = it.MinBalance
		}
		if it.LowAt > 0 {
			row[12] = it.LowAt.Plain()
		}
		if it.ShelfLife > 0 {
			row[13] = it.ShelfLife
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}
