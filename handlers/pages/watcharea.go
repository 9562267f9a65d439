package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// watchAreaPage is what a township, county or city sees: villages only, in the
// order of the list of villages, and no names.
type watchAreaPage struct {
	reportFrame
	Area    web.Area
	Quarter models.Quarter
	Asked   []watchQuestion
	Charts  []web.StripChart
	Rate    web.BarChart
	Table   reportTable
	Back    string
	// Counters is where the counters' patterns are.
	Counters string
}

// View implements web.Page.
func (watchAreaPage) View() (name, title string) { return "reports/watch", "记分核查" }

// WatchArea answers GET /reports/:area/watch.
func (p *Pages) WatchArea(c *fiber.Ctx) error {
	in, err := p.watchAreaIn(c)
	if err != nil {
		return err
	}
	list, err := report.WatchVillages(c.UserContext(), p.db, in.Area.ID, in.Quarter)
	if err != nil {
		return err
	}
	page := watchAreaPage{reportFrame: reportFrame{in.Area.Name, p.db.Now().String()}, Area: in.Area, Quarter: in.Quarter, Back: reportHref(in.Area.ID, "", in.Quarter),
		Counters: reportHref(in.Area.ID, "/watch/counter", in.Quarter)}
	for _, v := range list {
		for _, s := range v.Odd() {
			page.Asked = append(page.Asked, watchQuestion{s.Question, reportHref(v.ID, "/watch/"+s.Key, in.Quarter), s.Num})
		}
	}
	page.Rate, page.Charts, page.Table = watchRates(list, in.Quarter), watchStrips(list, in.Quarter), watchAreaTable(list, in.Quarter)
	return web.Show(c, page)
}

// watchAreaIn is the area and quarter, for whoever looks after villages from
// above.
func (p *Pages) watchAreaIn(c *fiber.Ctx) (reportIn, error) {
	in, err := p.reportIn(c)
	if err == nil {
		err = web.Actor(c).May(models.DecideAbove, in.Area.Place)
	}
	return in, err
}

func watchRates(list []report.WatchedVillage, q models.Quarter) web.BarChart {
	var bars []web.Bar
	title, top := "户均件次：各村差不多", 0.0
	for _, v := range list {
		s := v.Seen[0]
		if v.Awards > 0 {
			bars = append(bars, web.Bar{Label: v.Name, Value: s.Share(), Text: strconv.FormatFloat(s.Share(), 'f', 1, 64), Strong: s.Odd, Href: reportHref(v.ID, "/watch/"+s.Key, q)})
		}
		if s.Odd && s.Share() > top {
			title, top = "户均件次："+v.Name+"比别的村高出不少", s.Share()
		}
	}
	return web.Bars(title, 0, bars)
}

// watchStrips show the shares, each village a dot.
func watchStrips(list []report.WatchedVillage, q models.Quarter) []web.StripChart {
	var charts []web.StripChart
	for i, k := range report.VillagePatterns[1:] {
		var dots []web.Dot
		odd := 0
		for _, v := range list {
			s := v.Seen[i+1]
			shape := "circle"
			if s.Odd {
				shape = "triangle"
				odd++
			}
			if v.Awards > 0 {
				dots = append(dots, web.Dot{Label: v.Name, Value: s.Share() * 100, Text: strconv.Itoa(int(s.Share()*100+0.5)) + "%", Shape: shape, Href: reportHref(v.ID, "/watch/"+s.Key, q)})
			}
		}
		title := k.Name + "占比：各村差不多"
		if odd > 0 {
			title = k.Name + "占比：" + countOf(odd) + " 个村要问一问（三角）"
		}
		charts = append(charts, web.Strip(title, "占本村本季度笔数", noTarget, dots))
	}
	return charts
}

func watchAreaTable(list []report.WatchedVillage, q models.Quarter) reportTable {
	t := reportTable{Caption: "各村（按乡镇排，不排名），点数字看是哪几笔", Heads: []reportColumn{{Text: "村", Tight: true}, {Text: "乡镇", Tight: true}, {Text: "参加户", Num: true}, {Text: "笔数", Num: true}}}
	for _, k := range report.VillagePatterns {
		t.Heads = append(t.Heads, reportColumn{Text: k.Name, Num: true})
	}
	for _, v := range list {
		row := []reportCell{{Text: v.Name, Href: reportHref(v.ID, "", q), Strong: true}, {Text: v.Township}, {Text: strconv.FormatInt(v.Homes, 10)}, {Text: strconv.FormatInt(v.Awards, 10)}}
		for _, s := range v.Seen {
			row = append(row, watchCell(s, reportHref(v.ID, "/watch/"+s.Key, q)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// watchAreaBehindPage is the awards behind one question about a village, masked.
type watchAreaBehindPage struct {
	reportFrame
	Title string
	Back  string
	Table reportTable
	N     int
}

// View implements web.Page.
func (p watchAreaBehindPage) View() (name, title string) { return "reports/watchbehind", p.Title }

// WatchAreaBehind answers GET /reports/:area/watch/:pattern, of a village; of an
// upper area it leads to the list of its villages.
func (p *Pages) WatchAreaBehind(c *fiber.Ctx) error {
	in, err := p.watchAreaIn(c)
	if err != nil {
		return err
	}
	pattern, ok := report.Known(true, c.Params("pattern"))
	if !ok {
		return models.ErrNotFound
	}
	if in.Area.Level != "village" {
		return web.See(c, reportHref(in.Area.ID, "/watch", in.Quarter))
	}
	rows, err := report.BehindVillage(c.UserContext(), p.db, in.Area.ID, pattern.Key, in.Quarter)
	if err != nil {
		return err
	}
	page := watchAreaBehindPage{reportFrame: reportFrame{in.Area.Name, p.db.Now().String()}, Title: in.Area.Name + " " + in.Quarter.String() + " · " + pattern.Name, N: len(rows)}
	page.Back = watchBack(web.Actor(c), in, "/watch")
	page.Table = watchRows(rows, func(b report.Behind) (name, href, item string) {
		if item = b.Item; b.Private {
			item = "不公示的事项"
		}
		return b.Masked(), "", item
	})
	return web.Show(c, page)
}

// watchBack leads to the list, one of two, in which the village stands among its peers.
func watchBack(by models.Actor, in reportIn, tail string) string {
	for _, g := range by.Grants {
		if g.Area != models.Everywhere && g.Area != in.Area.ID && in.Area.Place.In(g.Area) {
			return reportHref(g.Area, tail, in.Quarter)
		}
	}
	return reportHref(in.Area.ID, tail, in.Quarter)
}
