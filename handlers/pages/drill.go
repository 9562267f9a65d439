package pages

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// drillPage is one number, opened: the rows behind it and their sum.
type drillPage struct {
	reportFrame
	Title    string
	Name     string // of the indicator
	Scope    string // whose number: 东岭镇 · 整治类 · 美丽庭院
	Cell     string // the number as the sheet shows it
	Fraction string
	Formula  string
	Total    string // what all rows add up to
	Moved    bool
	Raw      bool // sums of points above the village
	Table    reportTable
	First    string // the first page, when this is a later one
	Next     string
	Back     string
	Empty    string
}

// View implements web.Page.
func (p drillPage) View() (name, title string) { return "reports/open", p.Title }

// OpenNumber answers GET /reports/:area/open/:indicator.
func (p *Pages) OpenNumber(c *fiber.Ctx) error {
	in, err := p.reportIn(c)
	if err != nil {
		return err
	}
	f := report.Filter{By: c.Query("by"), Key: c.Query("key"), Category: c.Query("category")}
	if f.By == report.ByArea && f.Key == "" {
		f.By = ""
	}
	d, err := report.Open(c.UserContext(), p.db, in.Area.ID, in.Quarter, c.Params("indicator"), f, c.Query("after"))
	if err != nil {
		return err
	}
	return web.Show(c, drillOf(d, c.Query("after")))
}

func drillOf(d report.Drill, after string) drillPage {
	i, s := d.Indicator, d.Sheet
	page := drillPage{reportFrame: reportFrameOf(s), Name: strings.TrimPrefix(i.Name, "其中："), Formula: i.Formula, Moved: d.Moved, Raw: i.InPoints && s.Level != "village",
		Cell: drillText(i, d.Cell), Total: drillFraction(i, d.Total), Back: reportHref(s.Area, "", s.Quarter)}
	page.Scope = drillScope(d)
	page.Title = page.Scope + " · " + page.Name
	if i.Divided() {
		page.Fraction = drillFraction(i, d.Cell)
	} else {
		page.Cell = drillFraction(i, d.Cell) // with its unit
	}
	here := func(after string) string {
		return reportHref(s.Area, "/open/"+i.Key, s.Quarter, "by", d.Filter.By, "key", d.Filter.Key, "category", d.Filter.Category, "after", after)
	}
	if after != "" {
		page.First = here("")
	}
	if d.Next != "" {
		page.Next = here(d.Next)
	}
	page.Table = drillTable(d)
	page.Empty = "本季度没有，所以这个数是 0。"
	return page
}

// drillText is the value of a part, as the sheet would show it.
func drillText(i report.Indicator, p report.Part) string {
	i.Of = func(report.Tally) (num, den int64) { return p.Num, p.Den }
	return i.Text(report.Tally{})
}

// drillFraction is numerator and denominator, or the number with its unit.
func drillFraction(i report.Indicator, p report.Part) string {
	i.Of = func(report.Tally) (num, den int64) { return p.Num, p.Den }
	return i.Fraction(report.Tally{})
}

// drillScope says whose number it is.
func drillScope(d report.Drill) string {
	words := []string{d.Sheet.Name, d.Sheet.Quarter.String()}
	for _, g := range d.Sheet.Grouped(d.Filter.By) {
		if g.Key == d.Filter.Key {
			words = append(words, g.Name)
		}
	}
	if d.Filter.Category != "" {
		for _, k := range append(d.Sheet.Categories, report.County()...) {
			if k.Filter() == d.Filter.Category {
				words = append(words, k.Name)
				break
			}
		}
	}
	return strings.Join(words, " · ")
}

// drillTable lists the rows, each of which leads further down.
func drillTable(d report.Drill) reportTable {
	i := d.Indicator
	t := reportTable{Heads: []reportColumn{{Text: map[string]string{report.OfAreas: "地方", report.OfFacts: "项目"}[d.Of]}}}
	if t.Heads[0].Text == "" {
		t.Heads[0] = reportColumn{Text: "户", Tight: true}
	}
	detail, day := d.Of != report.OfAreas, d.Of == report.OfEntries
	for _, r := range d.Rows {
		detail = detail || r.Detail != ""
	}
	if day {
		t.Heads = append(t.Heads, reportColumn{Text: "日期", Tight: true})
	}
	if detail {
		t.Heads = append(t.Heads, reportColumn{Text: map[bool]string{true: "所在", false: "说明"}[d.Of == report.OfAreas]})
	}
	rates := d.Of == report.OfAreas && i.Divided()
	if rates {
		t.Heads = append(t.Heads, reportColumn{Text: i.Name, Num: true})
	}
	t.Heads = append(t.Heads, reportColumn{Text: drillNumerator(i), Num: true})
	if i.Divided() {
		t.Heads = append(t.Heads, reportColumn{Text: "分母", Num: true})
	}
	for _, r := range d.Rows {
		row := []reportCell{{Text: r.Name, Href: drillDown(d, r), Strong: d.Of == report.OfAreas}}
		if day {
			row = append(row, reportCell{Text: r.Day.Short()})
		}
		if detail {
			row = append(row, reportCell{Text: r.Detail})
		}
		if rates {
			row = append(row, reportCell{Text: drillText(i, r.Part), Bar: drillBar(i, r.Part)})
		}
		row = append(row, reportCell{Text: i.Amount(r.Num)})
		if i.Divided() {
			row = append(row, reportCell{Text: i.Amount(r.Den)})
		}
		t.Rows = append(t.Rows, row)
	}
	t.Sort = d.Of == report.OfAreas
	t.Foot = []reportCell{{Text: map[bool]string{true: "全部合计", false: "合计"}[d.Next != ""]}}
	for range len(t.Heads) - len(drillSums(i, d.Total)) - 1 {
		t.Foot = append(t.Foot, reportCell{})
	}
	if rates {
		t.Foot[len(t.Foot)-1] = reportCell{Text: drillText(i, d.Total), Bar: drillBar(i, d.Total)}
	}
	t.Foot = append(t.Foot, drillSums(i, d.Total)...)
	return t
}

func drillSums(i report.Indicator, p report.Part) []reportCell {
	list := []reportCell{{Text: i.Amount(p.Num)}}
	if i.Divided() {
		list = append(list, reportCell{Text: i.Amount(p.Den)})
	}
	return list
}

func drillNumerator(i report.Indicator) string {
	if i.Divided() {
		return "分子（" + i.Unit + "）"
	}
	return i.Unit
}

func drillBar(i report.Indicator, p report.Part) string {
	i.Of = func(report.Tally) (num, den int64) { return p.Num, p.Den }
	if i.Shape != report.Rate {
		return ""
	}
	v, _ := i.Value(report.Tally{})
	return reportShare(v)
}

// drillDown is where a row leads: the same number one level below, the
// household's lines, or the line itself.
func drillDown(d report.Drill, r report.Row) string {
	s := d.Sheet
	switch d.Of {
	case report.OfAreas:
		return reportHref(r.Area, "/open/"+d.Indicator.Key, s.Quarter, "category", d.Filter.Category)
	case report.OfEntries:
		return reportLineHref(models.Household{Village: s.Area, ID: r.Household}, r.Seq, s.Quarter)
	case report.OfHouseholds:
		return reportHref(s.Area, "/homes/"+models.ID32(r.Household), s.Quarter)
	}
	return ""
}
