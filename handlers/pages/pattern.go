package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/report"
)

// routesPattern are the counters' odd patterns. They are declared before those of
// routesWatch, whose :pattern would take "counter" for one.
func (p *Pages) routesPattern(r Routes) {
	watch, above := web.Staff(models.WatchRecords), web.Staff(models.DecideAbove)
	r.Get("/committee/watch/counter", watch, p.WatchCounter)
	r.Get("/committee/watch/counter/:account/:odd", watch, p.WatchCounterBehind)
	r.Get("/reports/:area/watch/counter", above, p.WatchCounterArea)
	r.Get("/reports/:area/watch/counter/:odd", above, p.WatchCounterAreaBehind)
}

// patternPage is what a village's monitor and first secretary see of who hands
// over.
type patternPage struct {
	watchIn
	Clerks []report.Clerk
	Asked  []watchQuestion
	Chart  web.BarChart
	Strips []web.StripChart
	Table  reportTable
}

// View implements web.Page.
func (patternPage) View() (name, title string) { return "committee/pattern", "柜台核查" }

// Frame gives the tables room and keeps the bar on its entry.
func (patternPage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "watch" }

// patternIn is watchIn with its choices led back to the counters.
func (p *Pages) patternIn(c *fiber.Ctx) (watchIn, error) {
	in, err := p.watchIn(c)
	for i, n := range watchDays {
		if err == nil {
			in.Choices[i].Href = in.Href("/committee/watch/counter", "days", countOf(n))
		}
	}
	return in, err
}

func patternBehind(in watchIn, account int64, key string) string {
	return in.Href("/committee/watch/counter/"+models.ID32(account)+"/"+key, "days", countOf(in.Days))
}

// WatchCounter answers GET /committee/watch/counter.
func (p *Pages) WatchCounter(c *fiber.Ctx) error {
	in, err := p.patternIn(c)
	if err != nil {
		return p.committeeAstray(c, err, models.WatchRecords)
	}
	page := patternPage{watchIn: in}
	if page.Clerks, err = report.Clerks(c.UserContext(), p.db, in.Area.ID, in.From, in.Until); err != nil {
		return err
	}
	rows := make([]patternRow, len(page.Clerks))
	for i, k := range page.Clerks {
		rows[i] = patternRow{name: k.Name, seen: k.Seen, href: func(key string) string { return patternBehind(in, k.Account, key) }}
		for _, s := range k.Odd() {
			page.Asked = append(page.Asked, watchQuestion{s.Question, patternBehind(in, k.Account, s.Key), s.Num})
		}
	}
	page.Chart = patternChart(page.Clerks, rows)
	page.Strips, page.Table = patternStrips(report.CounterPatterns, rows, "占本人经手的笔数", "个人"), patternTable(page)
	return web.Show(c, page)
}

// patternChart shows what each clerk handled; of one or two, whom no strip shows,
// each pattern's share of it.
func patternChart(clerks []report.Clerk, rows []patternRow) web.BarChart {
	var bars []web.Bar
	title, top := countOf(len(clerks))+" 个人发了货", 0.0
	for i, k := range clerks {
		if len(clerks) > 2 {
			bars = append(bars, web.Bar{Label: k.Name, Value: float64(k.Receipts), Text: strconv.FormatInt(k.Receipts, 10)})
			continue
		}
		top = 100
		for j, s := range k.Seen {
			bars = append(bars, web.Bar{Label: k.Name + " " + report.CounterPatterns[j].Name, Value: s.Share() * 100, Text: sharePct(s), Strong: s.Odd, Href: rows[i].href(s.Key)})
		}
	}
	return web.Bars(title, top, bars)
}

// patternRow is a clerk or a village with what was seen of it, in the order of
// its patterns.
type patternRow struct {
	name string
	seen []report.Seen
	href func(key string) string
}

// patternStrips show each pattern's shares, a dot for each clerk or village; two
// dots, or noughts only, show nothing that the table doesn't.
func patternStrips(patterns []report.Pattern, rows []patternRow, of, unit string) (charts []web.StripChart) {
	for i, k := range patterns {
		var dots []web.Dot
		odd, sum := 0, int64(0)
		for _, r := range rows {
			s, shape := r.seen[i], "circle"
			if s.Odd {
				shape = "triangle"
				odd++
			}
			sum += s.Num
			if s.Den > 0 {
				dots = append(dots, web.Dot{Label: r.name, Value: s.Share() * 100, Text: sharePct(s), Shape: shape, Href: r.href(s.Key)})
			}
		}
		title := k.Name + "：都差不多"
		if odd > 0 {
			title = k.Name + "：" + countOf(odd) + " " + unit + "要问一问（三角）"
		}
		if len(dots) > 2 && sum > 0 {
			charts = append(charts, web.Strip(title, of, noTarget, dots))
		}
	}
	return charts
}

func sharePct(s report.Seen) string { return strconv.Itoa(int(s.Share()*100+0.5)) + "%" }

// patternTable has a line for each clerk, by name, and a column for each pattern.
func patternTable(page patternPage) reportTable {
	t := reportTable{Caption: "每个人、每一项，点数字看是哪几笔", Heads: []reportColumn{{Text: "经手人", Tight: true}, {Text: "笔数", Num: true}, {Text: "分", Num: true}}}
	for _, k := range report.CounterPatterns {
		t.Heads = append(t.Heads, reportColumn{Text: k.Name, Num: true})
	}
	for _, k := range page.Clerks {
		row := []reportCell{{Text: k.Name, Strong: true}, {Text: strconv.FormatInt(k.Receipts, 10)}, {Text: k.Points.String()}}
		for _, s := range k.Seen {
			row = append(row, watchCell(s, patternBehind(page.watchIn, k.Account, s.Key)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// patternBehindPage is the receipts behind one question.
type patternBehindPage struct {
	watchIn
	Title string
	Ask   string // the question; empty when there is none
	Back  string
	Check string // where a sample is drawn
	Say   string // where an objection is taken down
	Table reportTable
	N     int
}

// View implements web.Page.
func (p patternBehindPage) View() (name, title string) { return "committee/patternbehind", p.Title }

// Frame gives the table room and keeps the bar on its entry.
func (patternBehindPage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "watch" }

// WatchCounterBehind answers GET /committee/watch/counter/:account/:odd.
func (p *Pages) WatchCounterBehind(c *fiber.Ctx) error {
	in, err := p.patternIn(c)
	if err != nil {
		return err
	}
	account, err := web.ID(c, "account")
	if err != nil {
		return err
	}
	pattern, ok := report.KnownAtCounter(c.Params("odd"))
	if !ok {
		return models.ErrNotFound
	}
	all, err := report.Clerks(c.UserContext(), p.db, in.Area.ID, in.From, in.Until)
	if err != nil {
		return err
	}
	page := patternBehindPage{watchIn: in, Back: in.Href("/committee/watch/counter", "days", countOf(in.Days)), Check: in.Href("/committee/checks"), Say: in.Href("/committee/objections/new")}
	for _, k := range all {
		if k.Account != account {
			continue
		}
		page.Title = k.Name + " · " + pattern.Name
		for _, s := range k.Seen {
			if s.Key == pattern.Key {
				page.Ask = s.Question
			}
		}
	}
	if page.Title == "" {
		return models.ErrNotFound.With("这段时间里，这个人在本村没有发过货")
	}
	rows, err := report.BehindClerk(c.UserContext(), p.db, in.Area.ID, account, pattern.Key, in.From, in.Until)
	if err != nil {
		return err
	}
	page.N = len(rows)
	page.Table = patternRows(rows, func(h report.Handed) (name, href, fetched string) {
		return h.Name + " " + h.Mark, in.Href("/committee/households/" + models.ID32(h.Household)), h.Proxy
	})
	return web.Show(c, page)
}

// patternRows lists receipts; who says how household and proxy may be named here.
func patternRows(rows []report.Handed, who func(report.Handed) (name, href, fetched string)) reportTable {
	t := reportTable{Label: "这几笔", Heads: []reportColumn{{Text: "户", Tight: true}, {Text: "换了什么"}, {Text: "用分", Num: true}, {Text: "还剩", Num: true}, {Text: "时间", Tight: true}, {Text: "兑换点"}, {Text: "怎么核对的"}, {Text: "小票", Tight: true}, {Text: ""}}}
	for _, h := range rows {
		name, href, fetched := who(h)
		how := reportCell{Text: market.ConfirmTitle(h.Confirm)}
		if fetched != "" {
			how.Note = "替领：" + fetched
		}
		void := reportCell{}
		if h.UndoneAt != 0 {
			void = reportCell{Text: "作废", Tag: "bad", Note: h.UndoneAt.String() + " " + h.Reason}
		}
		t.Rows = append(t.Rows, []reportCell{{Text: name, Href: href, Strong: true}, {Text: h.Goods}, {Text: h.Points.String()}, {Text: h.Left.String()}, {Text: h.At.String()}, {Text: h.Counter}, how, {Text: h.Number}, void})
	}
	return t
}
