package pages

import (
	"fmt"
	"strconv"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// reportConduct is conduct by category, as a picture and as a table.
type reportConduct struct {
	Chart web.BarChart
	Table reportTable
	Note  string
	Count string // where households are counted, when that was too much to do at once
	Empty bool
}

// reportCategories lays out an area's categories.
func reportCategories(s report.Sheet) reportConduct {
	at := reportScope{area: s.Area, q: s.Quarter}
	c := reportConduct{Empty: s.Sum.Acts == 0 && s.Sum.Deducted == 0, Note: "一户在几类都有加分时，每类各算一户，合计只算一户。"}
	own := s.Level == "village"
	if !own {
		c.Note += "加分、扣分：" + report.RawPoints + "。"
	}
	most := report.Category{}
	var bars []web.Bar
	for _, k := range s.Categories {
		if k.Acts > most.Acts {
			most = k
		}
	}
	c.Table = reportTable{Label: "各类行为", Sort: true, Heads: reportColumns("类别", "加分件次", "户数", "其中补录", "折合（元）", "加分", "扣分")}
	if own {
		c.Table.Heads = append([]reportColumn{{Text: "类别"}, {Text: "归入"}}, c.Table.Heads[1:]...)
	}
	for _, k := range s.Categories {
		if !own && k.Acts == 0 && k.Deducted == 0 {
			continue
		}
		at.category = k.Filter()
		row := []reportCell{{Text: k.Name, Strong: true}}
		if own {
			row = append(row, reportCell{Text: countyCategory(k.Key)})
		}
		c.Table.Rows = append(c.Table.Rows, append(row, reportCategoryCells(at, k.Tally(), s.Counted)...))
		if k.Acts > 0 {
			bars = append(bars, web.Bar{Label: k.Name, Value: float64(k.Acts), Text: models.Points(k.Acts*100).String() + " 件", Href: at.open("acts"), Strong: k.Filter() == most.Filter()})
		}
	}
	at.category = ""
	c.Table.Foot = append([]reportCell{{Text: "合计"}}, reportCategoryCells(at, s.Sum, true)...)
	if own {
		c.Table.Foot = append([]reportCell{{Text: "合计"}, {}}, c.Table.Foot[1:]...)
	}
	title := "各类加分件次"
	if most.Acts > 0 && s.Sum.Acts > 0 {
		title = fmt.Sprintf("做得最多的是%s，占 %.0f%%", most.Name, float64(most.Acts)*100/float64(s.Sum.Acts))
	}
	c.Chart = web.Bars(title, 0, bars)
	return c
}

func reportCategoryCells(at reportScope, t report.Tally, counted bool) []reportCell {
	cells := at.numbers(t, "acts", "active", "late_entries", "earned_yuan", "earned", "deducted")
	if !counted {
		cells[1] = reportCell{Text: "—", Sort: "-1"}
	}
	// The share of late entries opens to the same rows as their number.
	cells[2].Text, cells[2].Sort = strconv.FormatInt(t.Late, 10), strconv.FormatInt(t.Late, 10)
	if t.Late == 0 {
		cells[2].Href = ""
	}
	return cells
}

// countyCategory is the county's name for a category.
func countyCategory(key string) string {
	for _, k := range report.County() {
		if k.Key == key {
			return k.Name
		}
	}
	return report.Unmapped
}

// reportLine draws an area's months up to the end of the quarter, with the same
// months a year earlier where all of them were lived.
func reportLine(title, unit string, months []report.MonthRow, last models.Month, value func(report.Tally) float64) web.LineChart {
	var now, before []web.Point
	earlier := false
	point := func(m report.MonthRow) web.Point {
		v := value(m.Tally)
		return web.Point{Label: strconv.Itoa(int(m.Month)%100) + "月", Value: v, Text: strconv.FormatFloat(v, 'f', -1, 64)}
	}
	for _, m := range months {
		switch {
		case m.Month > last:
		case m.Month > last.Add(-12):
			now = append(now, point(m))
		default:
			before = append(before, point(m))
			earlier = earlier || value(m.Tally) != 0
		}
	}
	// A year that began half-way is no year to compare with: its empty months
	// would read as a fall to nothing.
	whole := len(before) > 0 && before[0].Value != 0
	if !whole {
		before = nil
	}
	if !earlier {
		for len(now) > 1 && now[0].Value == 0 { // before the village began
			now = now[1:]
		}
	}
	return web.Line(title, unit, now, before)
}
