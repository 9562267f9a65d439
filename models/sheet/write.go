package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Book is a workbook to be written.
type Book struct {
	Title  string
	Sheets []Sheet
}

// Sheet is one table of it.
type Sheet struct {
	Name     string
	TitleRow string // over the header; empty for none
	Columns  []Col
	Rows     [][]any
	Totals   []any    // a row in bold under the others; nil for none
	Foot     []string // lines under the table, for signatures and the like
	Notes    []string // explanations under those
	Freeze   bool     // the header stays in sight
}

// Col is a column. Width is in characters; 0 fits it to the contents.
type Col struct {
	Head  string
	Width float64
	Kind  Kind
}

// Kind is how a column's numbers are shown. Texts stay texts in every kind.
type Kind int

// The kinds of column.
const (
	AsText Kind = iota
	AsNumber
	AsPoints  // at most two decimals, no more than needed
	AsMoney   // yuan with two decimals
	AsPercent // 0.683 is 68.3%
	AsDate
)

// Write makes an xlsx file that prints on A4 across, as many pages as needed
// with the header on each. Numbers are numbers; a text that looks like a formula
// stays a text.
func Write(w io.Writer, book Book) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetDocProps(&excelize.DocProperties{Title: clean(book.Title), Creator: "积分超市"}); err != nil {
		return err
	}
	looks, err := newLooks(f)
	if err != nil {
		return err
	}
	var names []string
	for i, s := range book.Sheets {
		s.Name = sheetName(s.Name, i, names)
		names = append(names, strings.ToLower(s.Name))
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = f.NewSheet(s.Name)
		}
		if err == nil {
			err = s.write(f, looks)
		}
		if err != nil {
			return fmt.Errorf("sheet %q: %w", s.Name, err)
		}
	}
	return pack(w, f)
}

// pack writes the file with its parts in order of name: the library's order
// changes from time to time, and one book should always be the same bytes.
func pack(w io.Writer, f *excelize.File) error {
	b, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	in, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// sheetName makes a name that spreadsheets accept: 31 characters, none of
// theirs, no second of the same.
func sheetName(name string, i int, taken []string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, clean(name))
	if r := []rune(name); len(r) > 25 {
		name = string(r[:25])
	}
	if name = strings.TrimSpace(name); name == "" {
		name = fmt.Sprintf("表%d", i+1)
	}
	if slices.Contains(taken, strings.ToLower(name)) {
		name = fmt.Sprintf("%s(%d)", name, i+1)
	}
	return name
}

func (s Sheet) write(f *excelize.File, looks *looks) error {
	head := 1
	if s.TitleRow != "" {
		head = 2
	}
	if err := paper(f, s.Name, head); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	p := pen{w: w, looks: looks, row: 1, width: max(len(s.Columns), 1)}
	if s.Freeze {
		p.try(freeze(w, head))
	}
	for i := range s.Columns {
		p.try(w.SetColWidth(i+1, i+1, s.fitted(i)))
	}
	if s.TitleRow != "" {
		p.across(s.TitleRow, looks.title, 28)
	}
	heads := make([]any, len(s.Columns))
	for i, c := range s.Columns {
		heads[i] = excelize.Cell{StyleID: looks.head, Value: clean(c.Head)}
	}
	p.line(heads)
	for _, r := range s.Rows {
		p.line(looks.cells(s.Columns, r, false))
	}
	if s.Totals != nil {
		p.line(looks.cells(s.Columns, s.Totals, true))
	}
	for _, text := range s.Foot {
		p.across(text, looks.foot, 24)
	}
	for _, text := range s.Notes {
		p.across(text, looks.note, s.height(text))
	}
	return cmp.Or(p.err, w.Flush())
}

// fitted is the column's width; CJK characters take two.
func (s Sheet) fitted(i int) float64 {
	c := s.Columns[i]
	if c.Width > 0 {
		return min(c.Width, 100)
	}
	n := width(c.Head)
	for _, r := range s.Rows[:min(len(s.Rows), 200)] {
		if i < len(r) && r[i] != nil {
			n = max(n, width(plain(r[i], c.Kind)))
		}
	}
	return float64(min(max(n+2, 6), 44))
}

// height is what a note needs when it wraps, in points: spreadsheets don't
// fit merged cells themselves.
func (s Sheet) height(text string) float64 {
	room := 0.0
	for i := range s.Columns {
		room += s.fitted(i)
	}
	return 16 * float64(1+int(float64(width(text))/max(room, 10)))
}

func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 {
			n++
		}
	}
	return n
}

// paper sets up printing; it has to come before the rows are streamed.
func paper(f *excelize.File, sheet string, head int) error {
	size, across, wide, tall, fit := 9, "landscape", 1, 0, true
	margin := 0.4
	quoted := "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	return cmp.Or(
		f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}),
		f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &size, Orientation: &across, FitToWidth: &wide, FitToHeight: &tall}),
		f.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin}),
		f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页，共 &N 页"}),
		f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: sheet, RefersTo: fmt.Sprintf("%s!$1:$%d", quoted, head)}),
	)
}

func freeze(w *excelize.StreamWriter, rows int) error {
	return w.SetPanes(&excelize.Panes{Freeze: true, YSplit: rows, TopLeftCell: fmt.Sprintf("A%d", rows+1), ActivePane: "bottomLeft"})
}

// pen writes line after line and remembers the first failure.
type pen struct {
	w     *excelize.StreamWriter
	looks *looks
	row   int
	width int
	err   error
}

func (p *pen) try(err error) { p.err = cmp.Or(p.err, err) }

func (p *pen) line(cells []any, opts ...excelize.RowOpts) {
	if p.err == nil {
		p.err = p.w.SetRow(fmt.Sprintf("A%d", p.row), cells, opts...)
	}
	p.row++
}

// across writes one text over the whole width.
func (p *pen) across(text string, style int, height float64) {
	if p.width > 1 {
		p.try(p.w.MergeCell(fmt.Sprintf("A%d", p.row), fmt.Sprintf("%s%d", letter(p.width-1), p.row)))
	}
	p.line([]any{excelize.Cell{StyleID: style, Value: clean(text)}}, excelize.RowOpts{Height: height})
}
