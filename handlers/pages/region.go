package pages

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// Report answers GET /reports/:area: a village's quarter, or that of all villages
// of a township, county or city.
func (p *Pages) Report(c *fiber.Ctx) error {
	in, err := p.reportIn(c)
	if err == nil {
		err = p.reportChoices(c, &in)
	}
	if err != nil {
		return err
	}
	s, before, err := p.reportSheets(c.UserContext(), in.Area.ID, in.Quarter, c.Query("households") != "")
	if err != nil {
		return err
	}
	months, err := report.Months(c.UserContext(), p.db, s.Area, s.Quarter.Months()[2].Add(-23), reportLast(s))
	if err != nil {
		return err
	}
	common := reportCommon{
		reportFrame: reportFrameOf(s), Sheet: s, Head: reportHeadOf(in, s, before),
		Conduct: reportCategories(s), Indicators: reportIndicators(s, before), Months: reportMonths(s, months),
	}
	if s.Level != "village" && web.Actor(c).Can(models.DecideAbove, in.Area.Place) {
		common.Head.Watch = reportHref(s.Area, "/watch", s.Quarter)
	}
	if !s.Counted {
		common.Conduct.Count = reportHref(s.Area, "", s.Quarter, "households", "1")
	}
	if s.Level == "village" {
		return web.Show(c, p.villageReport(c, common, before))
	}
	return web.Show(c, regionReport(common, before))
}

// reportCountMost is up to how many acts the households of each category are
// counted without being asked: they come from the entries themselves, not from
// kept sums.
const reportCountMost = 10000

// reportSheets reads a quarter and the one before it.
func (p *Pages) reportSheets(ctx context.Context, area int64, q models.Quarter, count bool) (s, before report.Sheet, err error) {
	if s, err = report.Quarterly(ctx, p.db, area, q); err != nil {
		return s, before, err
	}
	if !s.Counted && (count || s.Sum.Acts <= reportCountMost) {
		if err = s.CountHouseholds(ctx, p.db); err != nil {
			return s, before, err
		}
	}
	before, err = report.Previous(ctx, p.db, s)
	return s, before, err
}

// reportCommon is what every area's page shows.
type reportCommon struct {
	reportFrame
	Sheet      report.Sheet
	Head       reportHead
	Conduct    reportConduct
	Months     []web.LineChart
	Indicators reportTable
}

func reportHeadOf(in reportIn, s, before report.Sheet) reportHead {
	h := reportHead{
		reportIn: in, Title: s.Name + " " + s.Quarter.String(), Findings: reportSentences(report.Findings(s, before)),
		Workbook: reportHref(s.Area, "/workbook", s.Quarter), Print: reportHref(s.Area, "/print", s.Quarter), CSV: reportHref(s.Area, "/villages.csv", s.Quarter),
	}
	if s.Level != "village" {
		h.Title += " · " + strconv.Itoa(len(s.Villages)) + " 个村"
	}
	h.State, h.Kind = reportState(s)
	return h
}

// reportLast is the last month of the quarter that has begun.
func reportLast(s report.Sheet) models.Month {
	return min(s.Quarter.Months()[2], max(s.AsOf.Month(), s.Quarter.Months()[0]))
}

func reportMonths(s report.Sheet, months []report.MonthRow) []web.LineChart {
	last := reportLast(s)
	return []web.LineChart{
		reportLine("每月加分件次", "件", months, last, func(t report.Tally) float64 { return float64(t.Acts) }),
		reportLine("每月兑换户次", "户次", months, last, func(t report.Tally) float64 { return float64(t.Visits) }),
	}
}

// regionPage is the quarter of a township, county or city.
type regionPage struct {
	reportCommon
	Strips   []web.StripChart
	Villages reportTable
	Groups   []reportTable
	Parts    web.BarChart // what coverage is made of
	Lacking  []string     // which villages lack which part
	Tiles    []reportTile // exchange
	Checks   []reportTile // openness and soundness
}

// View implements web.Page.
func (p regionPage) View() (name, title string) { return "reports/region", p.Head.Title }

func regionReport(c reportCommon, before report.Sheet) regionPage {
	s := c.Sheet
	page := regionPage{reportCommon: c, Villages: regionVillages(s), Groups: regionGroups(s), Parts: regionCoverage(s), Lacking: regionLacking(s),
		Tiles:  reportTiles(s, before, "redemption_visits", "redeemers", "spent_yuan", "redemption_rate", "unspent_yuan"),
		Checks: reportTiles(s, before, "posted_on_time", "late_entries", "seal"),
	}
	for _, key := range []string{"participation", "redemption_rate", "posted_on_time", "coverage"} {
		page.Strips = append(page.Strips, regionStrip(s, key))
	}
	return page
}

// regionShapes tells the classes apart without colour.
var regionShapes = map[string]string{"model": "circle", "improve": "square", "fix": "triangle", "": "square"}

// noTarget keeps a strip's target line away: none is set.
const noTarget = -1

// regionStrip shows each village as a dot; the title names the last one.
func regionStrip(s report.Sheet, key string) web.StripChart {
	i, _ := report.Find(key)
	var dots []web.Dot
	lowest, name, same := 0.0, "", false
	for _, v := range s.Villages {
		value, ok := i.Value(v.Tally)
		if !ok {
			continue
		}
		dots = append(dots, web.Dot{Label: v.Name, Value: value * 100, Text: i.Text(v.Tally), Shape: regionShapes[v.Class], Href: reportHref(v.ID, "", s.Quarter)})
		if name == "" || value < lowest {
			lowest, name, same = value, v.Name+" "+i.Text(v.Tally), false
		} else if value == lowest {
			same = true
		}
	}
	title := i.Name + " " + i.Text(s.Sum)
	if len(dots) > 1 && !same {
		title += "，最低" + name
	}
	return web.Strip(title, i.Fraction(s.Sum), noTarget, dots)
}

// regionVillages is the table of villages, the widest participation first.
func regionVillages(s report.Sheet) reportTable {
	t := reportTable{Label: "各村", Sort: true, Heads: []reportColumn{{Text: "村"}, {Text: "类别"}, {Text: "在册户", Num: true}, {Text: "户参与率", Num: true, Sorted: true},
		{Text: "兑换户次", Num: true}, {Text: "折合（元）", Num: true}, {Text: "按时公示", Num: true}, {Text: "季报"}}}
	i, _ := report.Find("participation")
	value := func(v report.VillageRow) float64 {
		n, ok := i.Value(v.Tally)
		if !ok {
			return -1
		}
		return n
	}
	rows := slices.Clone(s.Villages)
	slices.SortStableFunc(rows, func(a, b report.VillageRow) int { return cmp.Compare(value(b), value(a)) })
	for _, v := range rows {
		at := reportScope{area: v.ID, q: s.Quarter}
		name := reportCell{Text: v.Name, Href: reportHref(v.ID, "", s.Quarter), Strong: true}
		if s.Level != "township" {
			name.Note = v.TownshipName
		}
		state := reportCell{Text: "未封账", Tag: "wait"}
		if v.Closed {
			state = reportCell{Text: "已封账", Tag: "ok"}
		}
		t.Rows = append(t.Rows, []reportCell{name, {Text: strings.TrimSuffix(v.ClassName(), "类")}, {Text: models.Points(v.Tally.Roll * 100).String(), Href: at.open("participation")},
			at.bar("participation", v.Tally), at.number("redemption_visits", v.Tally), at.number("spent_yuan", v.Tally), at.number("posted_on_time", v.Tally), state})
	}
	at := reportScope{area: s.Area, q: s.Quarter}
	t.Foot = []reportCell{{Text: "合计"}, {Text: strconv.Itoa(len(rows)) + " 个村"}, {Text: models.Points(s.Sum.Roll * 100).String()}, at.bar("participation", s.Sum),
		at.number("redemption_visits", s.Sum), at.number("spent_yuan", s.Sum), at.number("posted_on_time", s.Sum), {Text: strconv.FormatInt(s.Sum.Returned, 10) + " 个已封账"}}
	return t
}

// regionGroups compares the areas below, the classes and who looks after the
// villages.
func regionGroups(s report.Sheet) []reportTable {
	var list []reportTable
	below := map[string]string{"city": "各县区", "county": "各乡镇"}[s.Level]
	for _, g := range []struct{ by, title string }{{report.ByArea, below}, {report.ByTownship, "各乡镇"}, {report.ByClass, "按村的类别"}, {report.BySponsor, "按谁包抓"}} {
		groups := s.Grouped(g.by)
		if len(groups) == 0 {
			continue
		}
		t := reportTable{Caption: g.title, Heads: reportColumns("", "村", "在册户", "户参与率", "加分件次", "户均件次", "兑换户次", "折合（元）", "兑换率", "按时公示")}
		for _, one := range groups {
			at := reportScope{area: s.Area, q: s.Quarter, by: one.By, key: one.Key}
			name := reportCell{Text: one.Name, Strong: true}
			if one.Area != 0 {
				at, name.Href = reportScope{area: one.Area, q: s.Quarter}, reportHref(one.Area, "", s.Quarter)
			}
			row := []reportCell{name, {Text: strconv.FormatInt(one.Tally.Villages, 10)}, {Text: models.Points(one.Tally.Roll * 100).String(), Href: at.open("participation")}, at.bar("participation", one.Tally)}
			t.Rows = append(t.Rows, append(row, at.numbers(one.Tally, "acts", "breadth", "redemption_visits", "spent_yuan", "redemption_rate", "posted_on_time")...))
		}
		list = append(list, t)
	}
	return list
}

var regionParts = []struct{ key, name, lack string }{
	{"coverage_rules", "有现行细则", "没有现行细则"}, {"coverage_notice", "有公示上墙", "没有公示上墙"},
	{"coverage_prices", "有兑换价目", "没有兑换价目"}, {"coverage_exchange", "按期兑换", "没有按期兑换"},
}

// regionCoverage shows the four parts of coverage apart.
func regionCoverage(s report.Sheet) web.BarChart {
	at := reportScope{area: s.Area, q: s.Quarter}
	var bars []web.Bar
	for _, part := range regionParts {
		i, _ := report.Find(part.key)
		bars = append(bars, web.Bar{Label: part.name, Value: float64(i.Num(s.Sum)), Text: i.Fraction(s.Sum), Href: at.open(part.key)})
	}
	all, _ := report.Find("coverage")
	bars = append(bars, web.Bar{Label: "四项齐全", Value: float64(all.Num(s.Sum)), Text: all.Fraction(s.Sum), Href: at.open("coverage"), Strong: true})
	return web.Bars("积分超市覆盖率 "+all.Text(s.Sum), float64(s.Sum.Villages), bars)
}

// regionLacking names the villages behind every part that is not complete.
func regionLacking(s report.Sheet) []string {
	var list []string
	for _, part := range regionParts {
		i, _ := report.Find(part.key)
		var names []string
		for _, v := range s.Missing(func(v report.VillageRow) bool { return i.Num(v.Tally) == 0 }) {
			names = append(names, v.Name)
		}
		if len(names) > 0 {
			list = append(list, part.lack+"："+strings.Join(names, "、"))
		}
	}
	return list
}
