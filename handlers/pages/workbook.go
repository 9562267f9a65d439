package pages

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/report"
	"pointstore/models/sheet"
)

const reportCSVType = "text/csv; charset=utf-8"

// reportPaper is a quarter that is about to leave the house, with the code under
// which its numbers are registered.
type reportPaper struct {
	Sheet, Before report.Sheet
	Code          string
}

// reportPublish reads the quarter whole and registers it. The same numbers taken by
// the same person at the same minute are one paper with one code, so opening a
// print sheet twice registers nothing twice. A closed village's quarter has its
// code already.
func (p *Pages) reportPublish(c *fiber.Ctx) (reportPaper, error) {
	in, err := p.reportIn(c)
	if err != nil {
		return reportPaper{}, err
	}
	var out reportPaper
	if out.Sheet, err = report.Detailed(c.UserContext(), p.db, in.Area.ID, in.Quarter); err != nil {
		return out, err
	}
	if out.Before, err = report.Previous(c.UserContext(), p.db, out.Sheet); err != nil {
		return out, err
	}
	if out.Code = out.Sheet.Code; out.Code != "" {
		return out, nil
	}
	by := web.Actor(c)
	op := db.ErrandID("publish_report\n"+out.Sheet.Summary(), out.Sheet.Area, by.Account, int64(out.Sheet.Quarter))
	out.Code, err = report.Publish(c.UserContext(), p.db, op, by, out.Sheet)
	return out, err
}

// ReportWorkbook answers GET /reports/:area/workbook with an .xlsx.
func (p *Pages) ReportWorkbook(c *fiber.Ctx) error {
	out, err := p.reportPublish(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	book := report.Workbook(out.Sheet, out.Before, report.Cover{Code: out.Code, Verify: p.base + "/verify", Author: web.Actor(c).Name, MadeAt: p.db.Now()})
	if err := sheet.Write(&b, book); err != nil {
		return err
	}
	return web.Download(c, out.Sheet.Title()+".xlsx", xlsxType, b.Bytes())
}

// ReportCSV answers GET /reports/:area/villages.csv: the table of villages alone.
func (p *Pages) ReportCSV(c *fiber.Ctx) error {
	in, err := p.reportIn(c)
	if err != nil {
		return err
	}
	s, err := report.Quarterly(c.UserContext(), p.db, in.Area.ID, in.Quarter)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, s.VillageTable()); err != nil {
		return err
	}
	return web.Download(c, s.Name+" "+s.Quarter.String()+" 各村.csv", reportCSVType, b.Bytes())
}

// reportSheetPage is the quarter on paper.
type reportSheetPage struct {
	Title      string
	Name       string
	AsOf       models.Millis
	State      string
	Findings   []string
	Indicators reportTable
	Villages   reportTable
	Groups     []reportTable
	Conduct    reportConduct
	Code       string
	QR         Code
	Author     string
	Now        models.Millis
	Back       string
	Raw        bool
}

// View implements web.Page.
func (p reportSheetPage) View() (name, title string) { return "reports/print", p.Title }

// PrintReport answers GET /reports/:area/print.
func (p *Pages) PrintReport(c *fiber.Ctx) error {
	out, err := p.reportPublish(c)
	if err != nil {
		return err
	}
	s := out.Sheet
	page := reportSheetPage{Title: s.Title(), Name: s.Name, AsOf: s.AsOf, Findings: report.Findings(s, out.Before), Indicators: reportIndicators(s, out.Before),
		Conduct: reportCategories(s), Code: out.Code, Author: web.Actor(c).Name, Now: p.db.Now(), Back: reportHref(s.Area, "", s.Quarter), Raw: s.Level != "village"}
	page.State, _ = reportState(s)
	if s.Level != "village" {
		page.Villages, page.Groups = regionVillages(s), regionGroups(s)
	}
	if page.QR, err = qrCode(p.verifyAddress(0, "", out.Code)); err != nil {
		return err
	}
	return web.Show(c, page)
}
