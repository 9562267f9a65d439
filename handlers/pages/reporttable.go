package pages

import (
	"math"
	"strconv"
	"strings"

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
// largest first; a Tight column keeps each field on one line.
type reportColumn struct {
	Text   string
	Num    bool
	Sorted bool
	Tight  bool
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

// reportMoved is the change as a signed number: +4.1 个百分点.
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
		amount += " 个百分点"
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
