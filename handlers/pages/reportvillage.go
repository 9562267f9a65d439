package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// villageReportPage is one village's quarter.
type villageReportPage struct {
	reportCommon
	Facts   [][]string
	Tiles   []reportTile
	Entries []web.Link // the lists behind the numbers
}

// View implements web.Page.
func (p villageReportPage) View() (name, title string) { return "reports/village", p.Head.Title }

// villageReport adds what a single village has: who it is, and the lists of what
// was entered.
func (p *Pages) villageReport(c *fiber.Ctx, common reportCommon, before report.Sheet) villageReportPage {
	s := common.Sheet
	page := villageReportPage{reportCommon: common, Tiles: reportTiles(s, before, "participation", "acts", "breadth", "new_households",
		"redemption_visits", "spent_yuan", "redemption_rate", "unspent", "posted_on_time", "late_entries", "seal", "coverage")}
	at := reportScope{area: s.Area, q: s.Quarter}
	for _, l := range []struct{ key, text string }{
		{"acts", "加分明细"}, {"deducted", "扣分明细"}, {"redemption_visits", "兑换明细"}, {"participation", "在册户名单"}, {"unspent", "还没兑的户"}, {"posted_on_time", "公示各期"}, {"coverage", "四项情况"},
	} {
		page.Entries = append(page.Entries, web.Link{Href: at.open(l.key), Text: l.text})
	}
	if len(s.Villages) == 1 {
		v := s.Villages[0]
		page.Facts = [][]string{{"类别", v.ClassName()}, {"包抓", v.SponsorName() + reportBrackets(v.SponsorUnit)}, {"一分值", models.Fen(int64(v.Rate)/100).String() + " 元"}}
		if v.Closed {
			page.Facts = append(page.Facts, []string{"封账", v.AsOf.String()}, []string{"防伪码", v.Code})
		}
	}
	if reportMayClose(web.Actor(c), s) {
		page.Head.Close = reportHref(s.Area, "/close", s.Quarter)
	}
	return page
}

func reportBrackets(s string) string {
	if s == "" {
		return ""
	}
	return "（" + s + "）"
}

// reportMayClose says whether to offer it; report.Close decides.
func reportMayClose(by models.Actor, s report.Sheet) bool {
	return s.Level == "village" && !s.Closed && s.AsOf.Day() >= s.Quarter.End() && by.Can(models.CloseQuarter, s.Place)
}
