package pages

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// reportTable is a table of numbers, each of which opens.
type reportTable struct {
	Caption string // printed above it
	Label   string // read aloud in its place
	Heads   []reportColumn
	Rows    [][]reportCell
	Foot    []reportCell
	Sort    bool // readers may order it
}

// reportColumn heads a column. Sorted says that the rows come in its order, the
// largest first.
type reportColumn struct {
	Text   string
	Num    bool
	Sorted bool
}

// reportCell is one field. Bar is a share of the column's width to be drawn
// before the text; Sort replaces the text when ordering.
type reportCell struct {
	Text, Note, Href, Sort, Tag string
	Bar                         string
	Strong                      bool // heads its row, or begins a section
}

// reportColumns heads columns, the first for names and the rest for numbers.
func reportColumns(first string, numbers ...string) []reportColumn {
	list := []reportColumn{{Text: first}}
	for _, n := range numbers {
		list = append(list, reportColumn{Text: n, Num: true})
	}
	return list
}

// reportScope is whose numbers a cell opens: an area, or a group within it.
type reportScope struct {
	area     int64
	q        models.Quarter
	by, key  string
	category string
}

// open is where an indicator of the scope opens.
func (s reportScope) open(key string) string {
	return reportHref(s.area, "/open/"+key, s.q, "by", s.by, "key", s.key, "category", s.category)
}

// number is an indicator as a cell.
func (s reportScope) number(key string, t report.Tally) reportCell {
	i, _ := report.Find(key)
	c := reportCell{Text: i.Text(t), Href: s.open(key)}
	if v, ok := i.Value(t); ok {
		c.Sort = strconv.FormatFloat(v, 'f', 4, 64)
		if v == 0 && !i.Divided() {
			c.Text, c.Href = "0", ""
		}
	} else {
		c.Sort = "-1"
	}
	return c
}

// bar is number with a picture: a share of 100%.
func (s reportScope) bar(key string, t report.Tally) reportCell {
	i, _ := report.Find(key)
	c := s.number(key, t)
	if v, ok := i.Value(t); ok {
		c.Bar = reportShare(v)
	}
	return c
}

// reportShare is a share as the width of a bar.
func reportShare(v float64) string {
	return strconv.FormatFloat(math.Min(math.Max(v, 0), 1)*100, 'f', 1, 64) + "%"
}

// numbers is several of them.
func (s reportScope) numbers(t report.Tally, keys ...string) []reportCell {
	var list []reportCell
	for _, key := range keys {
		list = append(list, s.number(key, t))
	}
	return list
}

// reportTile is one indicator, large.
type reportTile struct {
	Label, Value, Unit, Note, Change, Href string
}

// reportTiles shows indicators with numerator, denominator and how they moved.
func reportTiles(s, before report.Sheet, keys ...string) []reportTile {
	var list []reportTile
	at := reportScope{area: s.Area, q: s.Quarter}
	for _, key := range keys {
		i, _ := report.Find(key)
		t := reportTile{Label: i.Name, Value: i.Text(s.Sum), Href: at.open(key), Change: reportChange(i, s, before)}
		if i.Divided() {
			t.Note = i.Fraction(s.Sum)
		} else {
			t.Unit = i.Unit
		}
		if i.InPoints && s.Level != "village" {
			t.Note += " " + report.RawPoints
		}
		list = append(list, t)
	}
	return list
}

// reportChange says how an indicator moved since the quarter before. What only
// grows as a quarter goes on is not called less while the quarter still runs.
func reportChange(i report.Indicator, s, earlier report.Sheet) string {
	now, before := s.Sum, earlier.Sum
	d, ok := i.Change(now, before)
	if s.AsOf.Day() < s.Quarter.End() && !i.Divided() && !strings.HasPrefix(i.Key, "unspent") {
		return "上季度全季 " + i.Fraction(before)
	}
	if !ok {
		return "上季度没有可比的数"
	}
	amount, unit := reportAmount(i, d), " "+i.Unit
	if i.Shape == report.Rate {
		unit = " 个百分点"
	}
	switch {
	case amount == reportAmount(i, 0):
		return "和上季度一样"
	case d > 0:
		return "▲ 比上季度多 " + amount + unit
	}
	return "▼ 比上季度少 " + amount + unit
}

// reportIndicators lists every indicator with the quarter before.
func reportIndicators(s, before report.Sheet) reportTable {
	t := reportTable{Label: "全部指标", Heads: append([]reportColumn{{Text: "类别"}}, reportColumns("指标", "本季度", "分子 / 分母", "上季度", "变化")...)}
	at := reportScope{area: s.Area, q: s.Quarter}
	group := ""
	for _, i := range report.Indicators {
		row := []reportCell{{}, {Text: i.Name}, {Text: i.Text(s.Sum), Href: at.open(i.Key)}, {Text: i.Unit}, {Text: i.Text(before.Sum)}, {Text: reportMoved(i, s.Sum, before.Sum)}}
		if i.Divided() {
			row[3].Text = i.Fraction(s.Sum)
		}
		if i.Group != group {
			group = i.Group
			row[0] = reportCell{Text: group, Strong: true}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// reportMoved is the change as a signed number: +4.1 点.
func reportMoved(i report.Indicator, now, before report.Tally) string {
	d, ok := i.Change(now, before)
	if !ok {
		return "—"
	}
	amount := reportAmount(i, d)
	switch {
	case amount == reportAmount(i, 0):
		amount = "0"
	case d < 0:
		amount = "−" + amount
	default:
		amount = "+" + amount
	}
	if i.Shape == report.Rate {
		amount += " 点"
	}
	return amount
}

// reportAmount prints how far an indicator moved, without a sign.
func reportAmount(i report.Indicator, d float64) string {
	switch d = math.Abs(d); i.Shape {
	case report.Rate, report.Mean:
		return strconv.FormatFloat(d, 'f', 1, 64)
	case report.Points, report.Money:
		return i.Amount(int64(math.Round(d * 100)))
	}
	return i.Amount(int64(math.Round(d)))
}

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
			bars = append(bars, web.Bar{Label: k.Name, Value: float64(k.Acts), Text: strconv.FormatInt(k.Acts, 10) + " 件", Href: at.open("acts"), Strong: k.Filter() == most.Filter()})
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
// months a year earlier where there are any.
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
	if !earlier {
		before = nil
		for len(now) > 1 && now[0].Value == 0 { // before the village began
			now = now[1:]
		}
	}
	return web.Line(title, unit, now, before)
}
