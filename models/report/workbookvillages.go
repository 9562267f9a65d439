package report

import "pointstore/models/sheet"

// Which indicators the tables of villages show, in their order.
var (
	allColumns = []string{"participation", "resident_participation", "active", "new_households", "breadth", "acts", "earned_yuan", "earned", "deducted",
		"redemption_visits", "redeemers", "spent_yuan", "redemption_rate", "unspent_yuan", "coverage", "posted_on_time", "late_entries", "seal"}
	exchangeColumns = []string{"redemption_visits", "redeemers", "spent", "spent_yuan", "redemption_rate", "unspent", "unspent_yuan"}
	opennessColumns = []string{"coverage_rules", "coverage_notice", "coverage_prices", "coverage_exchange", "coverage", "posted_on_time", "late_entries", "seal"}
)

// villagePage is a table of villages × indicators, with the area's own numbers
// as its last line.
func (s Sheet) villagePage(name string, keys []string) sheet.Sheet {
	p := sheet.Sheet{Name: name, Columns: []sheet.Col{{Head: "县区"}, {Head: "乡镇"}, {Head: "村"}, {Head: "分类"}, {Head: "包抓"}, {Head: "状态"}}}
	for _, key := range keys {
		i, _ := Find(key)
		p.Columns = append(p.Columns, i.columns()...)
	}
	for _, v := range s.Villages {
		state := "未封账"
		if v.Closed {
			state = "已封账"
		}
		p.Rows = append(p.Rows, append([]any{v.CountyName, v.TownshipName, v.Name, v.ClassName(), v.SponsorName(), state}, cellsOf(keys, v.Tally)...))
	}
	p.Totals = append([]any{"合计", nil, nil, nil, nil, nil}, cellsOf(keys, s.Sum)...)
	if s.Level != "village" && name != "公开" {
		p.Notes = append(p.Notes, "以分为单位的各栏："+RawPoints)
	}
	return p
}

// columns are the indicator's own: three for what has a denominator.
func (i Indicator) columns() []sheet.Col {
	unit := "（" + i.Unit + "）"
	kind := sheet.AsNumber
	switch {
	case i.InPoints:
		kind = sheet.AsPoints
	case i.Shape == Money:
		kind = sheet.AsMoney
	}
	if !i.Divided() {
		return []sheet.Col{{Head: i.Name + unit, Kind: kind}}
	}
	share := sheet.AsPercent
	if i.Shape == Mean {
		share = sheet.AsNumber
	}
	return []sheet.Col{{Head: i.Name + "·分子" + unit, Kind: kind}, {Head: i.Name + "·分母", Kind: kind}, {Head: i.Name, Kind: share}}
}

func cellsOf(keys []string, t Tally) []any {
	var cells []any
	for _, key := range keys {
		i, _ := Find(key)
		num, den := i.Of(t)
		cells = append(cells, i.typed(num))
		if i.Divided() {
			cells = append(cells, i.typed(den), i.share(t))
		}
	}
	return cells
}
