package pages

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
	"pointstore/models/village"
)

// routesReport are the pages of the quarter. Whoever may read reports of an area
// may read them; nobody else learns that the area is there.
func (p *Pages) routesReport(r Routes) {
	read := web.Staff(models.ReadReport)
	r.Nav("reports", p.reportNav)
	r.Get("/reports", read, p.Reports)
	r.Get("/reports/:area", read, p.Report)
	r.Get("/reports/:area/open/:indicator", read, p.OpenNumber)
	r.Get("/reports/:area/homes/:household", read, p.ReportHome)
	r.Get("/reports/:area/homes/:household/:seq", read, p.ReportLine)
	r.Get("/reports/:area/print", read, p.PrintReport)
	r.Get("/reports/:area/workbook", read, p.ReportWorkbook)
	r.Get("/reports/:area/villages.csv", read, p.ReportCSV)
	r.Get("/reports/:area/close", web.Staff(models.CloseQuarter), p.ClosingQuarter)
	r.Post("/reports/:area/close", web.Staff(models.CloseQuarter), p.CloseQuarter)
}

func (p *Pages) reportNav(c *fiber.Ctx) []web.Link {
	by := web.Actor(c)
	nav := []web.Link{{Href: "/reports", Text: "季报", Icon: "chart", Key: "reports"}}
	if by.Any(models.DecideAbove) {
		nav = append(nav, web.Link{Href: "/above", Text: p.aboveText(c), Icon: "bell", Key: "above"})
	}
	if by.Any(models.GrantPoints) {
		nav = append(nav, web.Link{Href: "/committee", Text: "记分、公示", Icon: "edit", Key: "committee"})
	}
	if by.Any(models.WatchRecords) {
		nav = append(nav, web.Link{Href: "/committee/watch", Text: "谁记的分", Icon: "search", Key: "watch"})
	}
	if by.Any(models.SetUpVillage) {
		nav = append(nav, web.Link{Href: "/admin", Text: "设置", Icon: "settings", Key: "admin"})
	}
	return append(nav, web.Link{Href: "/verify", Text: "查防伪码", Icon: "check", Key: "verify"})
}

// reportFrame is what every page of a quarter puts into its banner.
type reportFrame struct{ site, asOf string }

// Frame names the area and the moment of the numbers.
func (r reportFrame) Frame(f *web.Frame) {
	f.Posture = "desk"
	if r.site != "" {
		f.Site = r.site + " · 精神文明建设指标"
	}
	if r.asOf != "" {
		f.AsOf = "数据截至 " + r.asOf
	}
}

func reportFrameOf(s report.Sheet) reportFrame { return reportFrame{s.Name, s.AsOf.String()} }

// reportHref is an address below an area's quarter; more are further names and
// values, of which empty ones are left out.
func reportHref(area int64, tail string, q models.Quarter, more ...string) string {
	v := url.Values{}
	if q != 0 {
		v.Set("q", q.Key())
	}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			v.Set(more[i], more[i+1])
		}
	}
	path := "/reports/" + models.ID32(area) + tail
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path
}

// Reports answers GET /reports: it leads to the widest area one may read, or to
// the area and quarter chosen above a report.
func (p *Pages) Reports(c *fiber.Ctx) error {
	a, err := web.AreaFor(c, models.ReadReport)
	if err != nil {
		return err
	}
	var q models.Quarter
	if key := c.Query("q"); key != "" {
		if q, err = models.ParseQuarter(key); err != nil {
			return err
		}
	}
	if a.Level != "" {
		return web.See(c, reportHref(a.ID, "", q))
	}
	tops, err := village.Tops(c.UserContext(), p.db)
	if err != nil {
		return err
	}
	if len(tops) == 1 {
		return web.See(c, reportHref(tops[0].ID, "", q))
	}
	page := reportsPage{}
	for _, t := range tops {
		page.Areas = append(page.Areas, web.Link{Href: reportHref(t.ID, "", q), Text: t.Name})
	}
	return web.Show(c, page)
}

// reportsPage asks whoever reads everything which part of it is meant.
type reportsPage struct {
	reportFrame
	Areas []web.Link
}

// View implements web.Page.
func (reportsPage) View() (name, title string) { return "reports/choose", "季报" }

// reportIn is the area and the quarter in hand, and what one can go to from
// there. Who asks may read it.
type reportIn struct {
	Area     web.Area
	Quarter  models.Quarter
	Areas    []web.Option
	Quarters []web.Option
	Up       []web.Link // the areas around it that one may read too, the widest first
	Earlier  string     // the quarter before, when there is one to look at
	Later    string
}

var errQuarterAhead = models.ErrInput.With("这个季度还没有开始，请另选一个季度").At("q")

// reportIn finds the area in the path and the quarter in the query; without one,
// the newest in which anything was posted.
func (p *Pages) reportIn(c *fiber.Ctx) (reportIn, error) {
	in := reportIn{}
	var err error
	if in.Area, err = web.AreaFor(c, models.ReadReport); err != nil {
		return in, err
	}
	if in.Area.Level == "" {
		return in, models.ErrNotFound
	}
	if key := c.Query("q"); key != "" {
		in.Quarter, err = models.ParseQuarter(key)
		if err == nil && in.Quarter > p.db.Now().Month().Quarter() {
			err = errQuarterAhead
		}
		return in, err
	}
	_, last, err := report.Span(c.UserContext(), p.db, in.Area.ID)
	in.Quarter = cmp.Or(last, p.db.Now().Month()).Quarter()
	return in, err
}

// reportChoices fills in what the head of a report offers.
func (p *Pages) reportChoices(c *fiber.Ctx, in *reportIn) error {
	first, _, err := report.Span(c.UserContext(), p.db, in.Area.ID)
	if err != nil {
		return err
	}
	now := p.db.Now().Month().Quarter()
	from := min(cmp.Or(first, p.db.Now().Month()).Quarter(), in.Quarter)
	for q := now; q >= from; q = q.Add(-1) {
		text := q.String()
		if q == now {
			text += "（还没过完）"
		}
		in.Quarters = append(in.Quarters, web.Option{Value: q.Key(), Text: text, Selected: q == in.Quarter})
	}
	if in.Quarter > from {
		in.Earlier = reportHref(in.Area.ID, "", in.Quarter.Add(-1))
	}
	if in.Quarter < now {
		in.Later = reportHref(in.Area.ID, "", in.Quarter.Add(1))
	}
	in.Areas, in.Up, err = p.reportAreas(c.UserContext(), web.Actor(c), *in)
	return err
}

// reportAreas lists what the person may read, as a tree: an area, then what lies
// in it, one step further in.
func (p *Pages) reportAreas(ctx context.Context, by models.Actor, in reportIn) (options []web.Option, up []web.Link, err error) {
	all, err := village.Areas(ctx, p.db)
	if err != nil {
		return nil, nil, err
	}
	all = slices.DeleteFunc(all, func(a village.Area) bool { return !by.Can(models.ReadReport, a.Place()) })
	below, mine := map[int64][]village.Area{}, map[int64]bool{}
	for _, a := range all {
		mine[a.ID] = true
	}
	for _, a := range all { // upper levels come first
		parent := int64(0)
		if mine[a.Parent()] {
			parent = a.Parent()
		}
		below[parent] = append(below[parent], a)
		if a.ID != in.Area.ID && in.Area.Place.In(a.ID) {
			up = append(up, web.Link{Href: reportHref(a.ID, "", in.Quarter), Text: a.Name})
		}
	}
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		for _, a := range below[parent] {
			options = append(options, web.Option{Value: models.ID32(a.ID), Text: strings.Repeat("　", depth) + a.Name, Selected: a.ID == in.Area.ID})
			walk(a.ID, depth+1)
		}
	}
	walk(0, 0)
	return options, up, nil
}

// reportHead is the top of a quarter's page.
type reportHead struct {
	reportIn
	Title    string
	State    string // 已封账, 还没过完 …
	Kind     string // of the tag that says so
	Findings [][]reportSpan
	Workbook string
	Print    string
	CSV      string
	Close    string // where to close the quarter, for who may
	Watch    string // where odd patterns show, for who looks after villages from above
}

// reportState says in a word how final a sheet's numbers are.
func reportState(s report.Sheet) (text, kind string) {
	switch {
	case s.Closed:
		return "已封账", "ok"
	case s.AsOf.Day() < s.Quarter.End():
		return "还没过完", "past"
	case s.Level == village.Hamlet:
		return "未封账", "wait"
	}
	return strconv.FormatInt(s.Sum.Returned, 10) + "/" + strconv.FormatInt(s.Sum.Villages, 10) + " 个村已封账", "wait"
}
