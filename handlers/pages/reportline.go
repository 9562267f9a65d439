package pages

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/notice"
	"pointstore/models/report"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// reportMasked is a household as report readers see it: never the full name, and
// no name at all when the household is not to be shown in public.
func reportMasked(h village.Home) string {
	if h.Hidden {
		return "（不公开姓名）" + h.Mark()
	}
	return h.Masked()
}

func reportLineHref(h models.Household, seq int64, q models.Quarter) string {
	return reportHref(h.Village, "/homes/"+models.ID32(h.ID)+"/"+strconv.FormatInt(seq, 10), q)
}

// reportHomePage lists one household's lines of the quarter.
type reportHomePage struct {
	reportFrame
	Title string
	Table reportTable
	More  bool
	Back  string
}

// View implements web.Page.
func (p reportHomePage) View() (name, title string) { return "reports/home", p.Title }

// reportHomeMost is how many lines of a quarter the page lists.
const reportHomeMost = 1000

// ReportHome answers GET /reports/:area/homes/:household.
func (p *Pages) ReportHome(c *fiber.Ctx) error {
	in, home, err := p.reportHome(c)
	if err != nil {
		return err
	}
	months := in.Quarter.Months()
	entries, err := ledger.EntriesOf(c.UserContext(), p.db, in.Area.ID, ledger.Filter{Months: months[:], Household: home.ID, Limit: reportHomeMost})
	if err != nil {
		return err
	}
	lines, err := p.reportLines(c.UserContext(), home.Household, entries)
	if err != nil {
		return err
	}
	page := reportHomePage{reportFrame: reportFrame{site: in.Area.Name}, Title: reportMasked(home) + " " + in.Quarter.String(), More: len(entries) == reportHomeMost,
		Back: reportHref(in.Area.ID, "", in.Quarter), Table: reportTable{Heads: []reportColumn{{Text: "编号", Tight: true}, {Text: "日期", Tight: true}, {Text: "事由"}, {Text: "分数", Num: true}}}}
	var spendable models.Points
	for n, e := range entries {
		spendable += e.Points
		page.Table.Rows = append(page.Table.Rows, []reportCell{{Text: e.Number(home.Number), Href: reportLineHref(home.Household, e.Seq, in.Quarter)},
			{Text: e.ActDate.Short()}, {Text: lines[n].what()}, {Text: reportShown(e)}})
	}
	page.Table.Foot = []reportCell{{Text: "能换的分本季增减"}, {}, {}, {Text: spendable.Signed()}}
	return web.Show(c, page)
}

// reportHome is the household in the path, which must be of the village.
func (p *Pages) reportHome(c *fiber.Ctx) (reportIn, village.Home, error) {
	in, err := p.reportIn(c)
	if err != nil {
		return in, village.Home{}, err
	}
	if in.Area.Level != "village" {
		return in, village.Home{}, models.ErrNotFound
	}
	id, err := web.ID(c, "household")
	if err != nil {
		return in, village.Home{}, err
	}
	home, err := village.GetHome(c.UserContext(), p.db, models.Household{Village: in.Area.ID, ID: id})
	return in, home, err
}

// reportShown is the signed number of a line: what it adds to the honour score,
// or to what can be spent when it adds no honour.
func reportShown(e ledger.Entry) string {
	if e.Honour != 0 && e.Kind != ledger.Redeem {
		return e.Honour.Signed()
	}
	return e.Points.Signed()
}

// reportLinePage is one line of a passbook: the end of every drill.
type reportLinePage struct {
	reportFrame
	Title string
	Points,
	What string
	Facts [][]string
	Void  string
	Home  web.Link
	Back  string
}

// View implements web.Page.
func (p reportLinePage) View() (name, title string) { return "reports/line", p.Title }

// ReportLine answers GET /reports/:area/homes/:household/:seq.
func (p *Pages) ReportLine(c *fiber.Ctx) error {
	in, home, err := p.reportHome(c)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(c.Params("seq"), 10, 64)
	if err != nil {
		return models.ErrNotFound
	}
	e, err := ledger.GetEntry(c.UserContext(), p.db, home.Household, seq)
	if err != nil {
		return err
	}
	lines, err := p.reportLines(c.UserContext(), home.Household, []ledger.Entry{e})
	if err != nil {
		return err
	}
	page := reportLinePage{reportFrame: reportFrame{site: in.Area.Name}, Title: e.Kind.String() + " " + e.Number(home.Number), Points: reportShown(e), What: lines[0].what(),
		Home: web.Link{Href: reportHref(in.Area.ID, "/homes/"+models.ID32(home.ID), in.Quarter), Text: reportMasked(home)}, Back: reportHref(in.Area.ID, "", in.Quarter)}
	if page.Facts, err = p.reportFacts(c.UserContext(), home, lines[0]); err != nil {
		return err
	}
	fixed, err := ledger.Corrections(c.UserContext(), p.db, home.Household)
	if by, ok := fixed[seq]; ok {
		page.Void = "这一笔已经由 " + (ledger.Entry{Seq: by.By}).Number(home.Number) + " 冲回。"
	}
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// reportFacts says what stands behind the line, without anybody's full name.
func (p *Pages) reportFacts(ctx context.Context, home village.Home, l reportLineOf) ([][]string, error) {
	facts := [][]string{{"编号", l.Number(home.Number)}, {"种类", l.Kind.String()}}
	if l.Undoes != nil {
		facts = append(facts, []string{"冲回", l.Undoes.Number(home.Number)})
	}
	name, err := p.reportCategory(ctx, home.Village, l.Category)
	if err != nil {
		return nil, err
	}
	if l.Kind.Conduct() || l.Undoes != nil && l.Undoes.Kind.Conduct() {
		facts = append(facts, []string{"类别", name})
	}
	if r := l.Receipt; r != nil {
		facts = append(facts, []string{"货物", reportGoods(*r)}, []string{"兑换点", r.CounterName}, []string{"折合", r.Fen.String() + " 元"}, []string{"怎样核对", r.ConfirmTitle()})
	}
	facts = append(facts, []string{"事情的日期", l.ActDate.Short()}, []string{"记入", l.Month.String()}, []string{"到账", l.PostedAt.String()})
	if a := l.Award; a != nil {
		if a.Quantity != 0 && !a.Private {
			facts = append(facts, []string{"数量", a.Quantity.String() + " " + a.Unit})
		}
		facts = append(facts, []string{"记录", a.RecordedAt.String() + "，" + a.RecorderRole.Title()})
		if a.Notice != 0 {
			n, err := notice.Get(ctx, p.db, home.Village, a.Notice)
			if err != nil {
				return nil, err
			}
			facts = append(facts, []string{"公示", n.Name() + reportBrackets(reportHung(n))})
		}
	}
	return append(facts, []string{"防伪码", l.CheckCode()}), nil
}

func reportHung(n notice.Notice) string {
	if n.HungAt == 0 {
		return "还没有张贴"
	}
	return n.HungAt.Day().Short() + "张贴"
}

func (p *Pages) reportCategory(ctx context.Context, village, id int64) (string, error) {
	list, err := scheme.Categories(ctx, p.db, village)
	for _, k := range list {
		if k.ID == id {
			return k.Name, err
		}
	}
	return report.Unmapped, err
}
