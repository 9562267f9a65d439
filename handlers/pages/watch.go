package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// routesWatch are the pages on which odd patterns show. The committee does not see
// those about itself, and nobody above the village sees names.
func (p *Pages) routesWatch(r Routes) {
	watch, above := web.Staff(models.WatchRecords), web.Staff(models.DecideAbove)
	r.Get("/committee/watch", watch, p.Watch)
	r.Get("/committee/watch/:account/:pattern", watch, p.WatchBehind)
	r.Get("/reports/:area/watch", above, p.WatchArea)
	r.Get("/reports/:area/watch/:pattern", above, p.WatchAreaBehind)
}

// watchDays are the times one may look at.
var watchDays = []int{30, 90, 365}

// watchIn is the village and the time in hand.
type watchIn struct {
	committeeAt
	Days        int
	From, Until models.Date // Until is the day after the last
	Choices     []web.Link
}

// Last is the last day looked at.
func (w watchIn) Last() models.Date { return w.Until.AddDays(-1) }

// Frame gives the tables room.
func (watchIn) Frame(f *web.Frame) { f.Posture = "desk" }

func (p *Pages) watchIn(c *fiber.Ctx) (w watchIn, err error) {
	if w.committeeAt, err = committeeFor(c, models.WatchRecords); err != nil {
		return w, err
	}
	var f struct {
		Days int `form:"days" label:"天数" min:"0" max:"366"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return w, err
	}
	if w.Days = f.Days; w.Days == 0 {
		w.Days = watchDays[1]
	}
	w.Until = p.db.Now().Day().AddDays(1)
	w.From = w.Until.AddDays(-w.Days)
	for _, n := range watchDays {
		w.Choices = append(w.Choices, web.Link{Href: w.Href("/committee/watch", "days", countOf(n)), Text: "近 " + countOf(n) + " 天", Key: countOf(n)})
	}
	return w, nil
}

// watchPage is what a village's monitor and first secretary see of who records.
type watchPage struct {
	watchIn
	Recorders []report.Recorder
	Asked     []watchQuestion
	Chart     web.BarChart
	Table     reportTable
}

// watchQuestion is a question with what lies behind it.
type watchQuestion struct {
	Text, Href string
	N          int64
}

// View implements web.Page.
func (watchPage) View() (name, title string) { return "committee/watch", "谁记的分" }

// Watch answers GET /committee/watch.
func (p *Pages) Watch(c *fiber.Ctx) error {
	in, err := p.watchIn(c)
	if err != nil {
		return p.committeeAstray(c, err, models.WatchRecords)
	}
	page := watchPage{watchIn: in}
	if page.Recorders, err = report.Recorders(c.UserContext(), p.db, in.Area.ID, in.From, in.Until); err != nil {
		return err
	}
	var bars []web.Bar
	for _, r := range page.Recorders {
		share := r.Seen[0].Share()
		bars = append(bars, web.Bar{Label: r.Name, Value: share * 100, Text: strconv.Itoa(int(share*100+0.5)) + "%", Strong: r.Seen[0].Odd, Href: page.behind(r.Account, report.WatchShare)})
		for _, s := range r.Odd() {
			n := s.Num
			if s.Key == report.WatchShare {
				n = r.Awards
			}
			page.Asked = append(page.Asked, watchQuestion{s.Question, page.behind(r.Account, s.Key), n})
		}
	}
	title := countOf(len(page.Recorders)) + " 个人记了分"
	if len(page.Recorders) > 2 {
		title += "，没有特别集中的"
	}
	for _, r := range page.Recorders {
		if r.Seen[0].Odd {
			title = "记分比较集中：有人记了 " + strconv.Itoa(int(r.Seen[0].Share()*100+0.5)) + "%"
		}
	}
	page.Chart, page.Table = web.Bars(title, 0, bars), watchTable(page)
	return web.Show(c, page)
}

func (w watchIn) behind(account int64, key string) string {
	return w.Href("/committee/watch/"+models.ID32(account)+"/"+key, "days", countOf(w.Days))
}

// watchTable has a line for each recorder, by name, and a column for each pattern.
func watchTable(page watchPage) reportTable {
	t := reportTable{Caption: "每个人、每一项，点数字看是哪几笔", Heads: []reportColumn{{Text: "记分人", Tight: true}, {Text: "笔数", Num: true}, {Text: "分", Num: true}}}
	for _, k := range report.Patterns {
		t.Heads = append(t.Heads, reportColumn{Text: k.Name, Num: true})
	}
	for _, r := range page.Recorders {
		row := []reportCell{{Text: r.Name, Strong: true}, {Text: strconv.FormatInt(r.Awards, 10)}, {Text: r.Points.String()}}
		for _, s := range r.Seen {
			row = append(row, watchCell(s, page.behind(r.Account, s.Key)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// watchCell is a pattern as a number that opens; an odd one carries a word.
func watchCell(s report.Seen, href string) reportCell {
	if s.Num == 0 || s.Den == 0 {
		return reportCell{Text: "—"}
	}
	c := reportCell{Text: strconv.Itoa(int(s.Share()*100+0.5)) + "%", Href: href}
	if s.Key == report.WatchRate {
		c.Text = strconv.FormatFloat(s.Share(), 'f', 1, 64)
	}
	if s.Odd {
		c.Note = "问一问"
	}
	return c
}

// watchBehindPage is the awards behind one question.
type watchBehindPage struct {
	watchIn
	Title string
	Ask   string // the question; empty when there is none
	Back  string
	Table reportTable
	N     int
}

// View implements web.Page.
func (p watchBehindPage) View() (name, title string) { return "committee/watchbehind", p.Title }

// WatchBehind answers GET /committee/watch/:account/:pattern.
func (p *Pages) WatchBehind(c *fiber.Ctx) error {
	in, err := p.watchIn(c)
	if err != nil {
		return err
	}
	account, err := web.ID(c, "account")
	if err != nil {
		return err
	}
	pattern, ok := report.Known(false, c.Params("pattern"))
	if !ok {
		return models.ErrNotFound
	}
	all, err := report.Recorders(c.UserContext(), p.db, in.Area.ID, in.From, in.Until)
	if err != nil {
		return err
	}
	page := watchBehindPage{watchIn: in, Back: in.Href("/committee/watch", "days", countOf(in.Days))}
	for _, r := range all {
		if r.Account != account {
			continue
		}
		page.Title = r.Name + " · " + pattern.Name
		for _, s := range r.Seen {
			if s.Key == pattern.Key {
				page.Ask = s.Question
			}
		}
	}
	if page.Title == "" {
		return models.ErrNotFound.With("这段时间里，这个人在本村没有记过分")
	}
	rows, err := report.BehindRecorder(c.UserContext(), p.db, in.Area.ID, account, pattern.Key, in.From, in.Until)
	if err != nil {
		return err
	}
	page.N = len(rows)
	page.Table = watchRows(rows, func(b report.Behind) (name, href, item string) {
		return b.Name + " " + b.Mark, in.Href("/committee/households/" + models.ID32(b.Household)), b.Item
	})
	return web.Show(c, page)
}

// watchRows lists awards; who says how household and item may be named here.
func watchRows(rows []report.Behind, who func(report.Behind) (name, href, item string)) reportTable {
	t := reportTable{Label: "这几笔", Heads: []reportColumn{{Text: "户", Tight: true}, {Text: "事项"}, {Text: "分值", Num: true}, {Text: "做事的日子", Tight: true}, {Text: "记的时间", Tight: true}, {Text: ""}}}
	for _, b := range rows {
		name, href, item := who(b)
		late := reportCell{}
		if b.Late {
			late = reportCell{Text: "补录", Tag: "wait"}
		}
		t.Rows = append(t.Rows, []reportCell{{Text: name, Href: href, Strong: true}, {Text: item}, {Text: b.Points.Signed()}, {Text: b.ActDate.Short()}, {Text: b.RecordedAt.String()}, late})
	}
	return t
}
