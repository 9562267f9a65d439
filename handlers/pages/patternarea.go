package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// patternAreaPage is what a township, county or city sees of the counters:
// villages only, in the order of the list of villages, and no names.
type patternAreaPage struct {
	reportFrame
	Area    web.Area
	Quarter models.Quarter
	Asked   []watchQuestion
	Strips  []web.StripChart
	Rate    web.BarChart
	Table   reportTable
	Back    string
}

// View implements web.Page.
func (patternAreaPage) View() (name, title string) { return "reports/pattern", "柜台核查" }

func patternHref(area int64, key string, q models.Quarter) string {
	return reportHref(area, "/watch/counter/"+key, q)
}

// WatchCounterArea answers GET /reports/:area/watch/counter.
func (p *Pages) WatchCounterArea(c *fiber.Ctx) error {
	in, err := p.watchAreaIn(c)
	if err != nil {
		return err
	}
	list, err := report.WatchCounters(c.UserContext(), p.db, in.Area.ID, in.Quarter)
	if err != nil {
		return err
	}
	page := patternAreaPage{reportFrame: reportFrame{in.Area.Name, p.db.Now().String()}, Area: in.Area, Quarter: in.Quarter, Back: reportHref(in.Area.ID, "/watch", in.Quarter)}
	var rows []patternRow
	var bars []web.Bar
	title := "户均次数：各村差不多"
	for _, v := range list {
		rows = append(rows, patternRow{name: v.Name, seen: v.Seen[1:], href: func(key string) string { return patternHref(v.ID, key, in.Quarter) }})
		rate := v.Seen[0]
		if v.Awards > 0 {
			bars = append(bars, web.Bar{Label: v.Name, Value: rate.Share(), Text: strconv.FormatFloat(rate.Share(), 'f', 1, 64), Strong: rate.Odd, Href: patternHref(v.ID, rate.Key, in.Quarter)})
		}
		if rate.Odd {
			title = "户均次数：有的村比别的村高出不少"
		}
		for _, s := range v.Odd() {
			page.Asked = append(page.Asked, watchQuestion{s.Question, patternHref(v.ID, s.Key, in.Quarter), s.Num})
		}
	}
	page.Rate, page.Strips = web.Bars(title, 0, bars), patternStrips(report.CounterPatterns, rows, "占本村本季度兑换", "个村")
	page.Table = patternAreaTable(list, in.Quarter)
	return web.Show(c, page)
}

func patternAreaTable(list []report.CounterVillage, q models.Quarter) reportTable {
	t := reportTable{Caption: "各村（按乡镇排，不排名），点数字看是哪几笔", Heads: []reportColumn{{Text: "村", Tight: true}, {Text: "乡镇", Tight: true}, {Text: "参加户", Num: true}, {Text: "兑换笔数", Num: true}}}
	for _, k := range report.CounterVillagePatterns {
		t.Heads = append(t.Heads, reportColumn{Text: k.Name, Num: true})
	}
	for _, v := range list {
		row := []reportCell{{Text: v.Name, Href: reportHref(v.ID, "", q), Strong: true}, {Text: v.Township}, {Text: strconv.FormatInt(v.Homes, 10)}, {Text: strconv.FormatInt(v.Awards, 10)}}
		for _, s := range v.Seen {
			row = append(row, watchCell(s, patternHref(v.ID, s.Key, q)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// patternAreaBehindPage is the receipts behind one question about a village,
// masked.
type patternAreaBehindPage struct{ watchAreaBehindPage }

// View implements web.Page.
func (p patternAreaBehindPage) View() (name, title string) { return "reports/patternbehind", p.Title }

// WatchCounterAreaBehind answers GET /reports/:area/watch/counter/:odd, of a
// village; of an upper area it leads to the list of its villages.
func (p *Pages) WatchCounterAreaBehind(c *fiber.Ctx) error {
	in, err := p.watchAreaIn(c)
	if err != nil {
		return err
	}
	pattern, ok := report.KnownAtCounter(c.Params("odd"))
	if !ok {
		if pattern = report.CounterVillagePatterns[0]; c.Params("odd") != pattern.Key {
			return models.ErrNotFound
		}
	}
	if in.Area.Level != "village" {
		return web.See(c, reportHref(in.Area.ID, "/watch/counter", in.Quarter))
	}
	rows, err := report.BehindCounters(c.UserContext(), p.db, in.Area.ID, pattern.Key, in.Quarter)
	if err != nil {
		return err
	}
	page := patternAreaBehindPage{watchAreaBehindPage{reportFrame: reportFrame{in.Area.Name, p.db.Now().String()}, Title: in.Area.Name + " " + in.Quarter.String() + " · " + pattern.Name, N: len(rows)}}
	page.Back = watchBack(web.Actor(c), in, "/watch/counter")
	page.Table = patternRows(rows, func(h report.Handed) (name, href, fetched string) {
		if h.Proxy != "" {
			fetched = models.MaskName(h.Proxy)
		}
		return h.Masked(), "", fetched
	})
	return web.Show(c, page)
}
