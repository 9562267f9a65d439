package pages

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
)

// previewRows is how many good rows a preview shows; bad ones are all shown.
const previewRows = 50

// previewPage shows how a file was understood, and asks what is open.
type previewPage struct {
	Village  web.Area
	Kind     importKind
	Steps    []web.Step
	File     string
	Here     string // the page's own address
	Upload   string // where another file is chosen
	Sheets   []web.Option
	Columns  []mapColumn
	Missing  []string
	Dropped  []sheet.Column
	Left     []sheet.LeftOut
	Unused   []sheet.Column
	Reading  importReading
	Rows     []importRow
	Hidden   int // good rows that are not shown
	Bad      int // rows that are wrong
	Problems []string
	Summary  string
	Unclear  int
	Before   string // this file went in already
	Form     importForm
	Options  importOptions
	Adoption adoptionPage // of a table of rules
	Errors   map[string]string
}

// mapColumn is the question in which column a thing stands.
type mapColumn struct {
	Label, Name, Hint string
	Required, Found   bool
	Options           []web.Option
}

func (p previewPage) View() (name, title string) { return "admin/preview", p.Kind.Title + " · 核对" }

// Frame names the place.
func (p previewPage) Frame(f *web.Frame) { f.Site = siteOf(p.Village) }

// Preview answers GET …/:upload.
func (p *Pages) Preview(c *fiber.Ctx) error {
	v, k, u, f, err := p.waiting(c)
	if err != nil {
		return err
	}
	page, err := p.previewPage(c, v, k, u, f, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// ChoosePreview answers POST …/:upload: look again with other choices, or go.
func (p *Pages) ChoosePreview(c *fiber.Ctx) error {
	v, k, u, before, err := p.waiting(c)
	if err != nil {
		return err
	}
	var f importForm
	op, err := web.Bind(c, &f)
	if err == nil {
		if f.Go == "unskip" {
			f.Skip = nil
		}
		f.settle(before)
		err = p.choose(c, v.ID, u.ID, f)
	}
	if err == nil && f.Go != "run" {
		return web.See(c, importPath(v.ID, k.Key)+"/"+models.ID32(u.ID))
	}
	if err == nil {
		err = p.startImport(c, op, v, k, u, f)
	}
	if err == nil {
		return web.See(c, importPath(v.ID, k.Key)+"/job/"+op.String()+"?file="+models.ID32(u.ID))
	}
	page, failed := p.previewPage(c, v, k, u, f, err)
	if failed != nil {
		return failed
	}
	return web.Again(c, page, err)
}

// settle forgets the columns that were chosen for another worksheet.
func (f *importForm) settle(before importForm) {
	if f.Sheet != before.Sheet {
		f.Columns, f.Shown, f.Private, f.Skip = nil, nil, nil, nil
		f.Times, f.Most, f.Period, f.Per, f.Counties, f.Names = nil, nil, nil, nil, nil, nil
		if f.Go == "run" {
			f.Go = "look" // a sheet nobody has looked at does not go in
		}
	}
}

func (p *Pages) previewPage(c *fiber.Ctx, v web.Area, k importKind, u db.Upload, f importForm, why error) (previewPage, error) {
	ctx := c.UserContext()
	page := previewPage{Village: v, Kind: k, File: u.Name, Upload: importPath(v.ID, k.Key), Here: importPath(v.ID, k.Key) + "/" + models.ID32(u.ID), Form: f, Errors: web.Errors(why)}
	page.Adoption = f.adoptionForm.page(v, page.Errors)
	r, err := k.read(ctx, p, v.ID, u, f)
	if err != nil {
		return page, err
	}
	if _, page.Steps, err = p.importSteps(ctx, v, k.Key); err != nil {
		return page, err
	}
	page.Reading = r
	if r.Before != nil {
		page.Before = sentence(r.Before)
	}
	page.Dropped, page.Left, page.Unused = r.Table.Dropped, r.Table.Left, r.Mapping.Unused
	for i, name := range r.Table.Sheets {
		page.Sheets = append(page.Sheets, web.Option{Value: strconv.Itoa(i + 1), Text: name, Selected: name == r.Table.Sheet})
	}
	page.mapColumns(k.Wants)
	page.rows()
	page.Summary = sheet.Summary(len(r.Table.Rows), r.Problems)
	page.Options, err = p.importOptions(ctx, v.ID, k, f)
	return page, err
}

// mapColumns asks for every want in which column it stands, those that are
// missing first.
func (p *previewPage) mapColumns(wants []sheet.Want) {
	for _, w := range wants {
		col, found := p.Reading.Mapping.Columns[w.Key]
		found = found && col >= 0
		m := mapColumn{Label: w.Title, Name: "col." + w.Key, Hint: w.Help, Required: w.Required, Found: found}
		m.Options = append(m.Options, web.Option{Value: noColumn, Text: "表里没有", Selected: !found})
		for _, column := range p.Reading.Table.Columns {
			text := column.Letter() + " 列 " + column.Title
			if len(column.Samples) > 0 {
				text += "（" + column.Samples[0] + "…）"
			}
			m.Options = append(m.Options, web.Option{Value: strconv.Itoa(column.Index + 1), Text: text, Selected: found && col == column.Index})
		}
		p.Columns = append(p.Columns, m)
	}
	for _, w := range p.Reading.Mapping.Missing {
		p.Missing = append(p.Missing, w.Title)
	}
}

// rows puts the reasons beside the rows and picks what is shown: everything
// that needs a look, and the first of the rest.
func (p *previewPage) rows() {
	why := map[int][]string{}
	for _, x := range p.Reading.Problems {
		if x.Row == 0 {
			p.Problems = append(p.Problems, x.String())
			continue
		}
		why[x.Row] = append(why[x.Row], "“"+x.Column+"”"+x.Text)
	}
	seen := map[int]bool{}
	all := slices.Clone(p.Reading.Rows)
	for i, r := range all {
		all[i].Bad, seen[r.Number] = append(r.Bad, why[r.Number]...), true
	}
	for row, reasons := range why {
		if !seen[row] {
			all = append(all, importRow{Number: row, Title: p.rowText(row), Bad: reasons})
		}
	}
	slices.SortStableFunc(all, func(a, b importRow) int {
		if x, y := len(a.Bad) == 0, len(b.Bad) == 0; x != y { // what has to be mended stands first
			if y {
				return -1
			}
			return 1
		}
		return a.Number - b.Number
	})
	good := 0
	for _, r := range all {
		if len(r.Bad) > 0 {
			p.Bad++
		}
		if r.Rule != nil && r.Rule.Unclear {
			p.Unclear++
		}
		if len(r.Bad) == 0 && len(r.Notes) == 0 && r.Rule == nil {
			if good++; good > previewRows {
				p.Hidden++
				continue
			}
		}
		p.Rows = append(p.Rows, r)
	}
}

// rowText is the beginning of a row as it stands in the file.
func (p *previewPage) rowText(number int) string {
	for _, r := range p.Reading.Table.Rows {
		if r.Number != number {
			continue
		}
		var cells []string
		for _, cell := range r.Cells {
			if s := models.Normal(cell); s != "" && len(cells) < 4 {
				cells = append(cells, s)
			}
		}
		return strings.Join(cells, " · ")
	}
	return ""
}

// DroppedText names the columns that are not kept: 身份证号、民族.
func (p previewPage) DroppedText() string { return titles(p.Dropped) }

// UnusedText names the columns nobody asked for.
func (p previewPage) UnusedText() string { return titles(p.Unused) }

func titles(columns []sheet.Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Title
	}
	return strings.Join(names, "、")
}

// LeftText says which rows were not taken as data.
func (p previewPage) LeftText() []string {
	var out []string
	for _, l := range p.Left[:min(len(p.Left), 12)] {
		out = append(out, fmt.Sprintf("第 %d 行：%s", l.Row, l.Why))
	}
	if n := len(p.Left); n > 12 {
		out = append(out, fmt.Sprintf("还有 %d 行", n-12))
	}
	return out
}

func wholeNumber(s string) (int, bool) {
	n, err := strconv.Atoi(models.Normal(s))
	return n, err == nil
}
