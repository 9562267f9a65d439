// Package sheet takes tables in and puts tables out: the workbooks and text
// files a village already keeps, and the ones it is asked to hand in. Reading
// keeps every row's own number, so that a person finds it again; what a village
// may not keep about people (ID numbers, faith, health …) is gone before anyone
// else sees the table. What a row means is other packages' business.
package sheet

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"pointstore/models"
)

// What a table may measure. Village tables have hundreds of rows, a county's
// roll some ten thousand; anything above is a mistake or an attack.
const (
	MaxBytes   = 10 << 20
	MaxRows    = 50_000
	MaxColumns = 100
	MaxCell    = 2_000 // characters

	maxCells = 1_000_000
	maxText  = 16 << 20 // bytes of text in all cells together
)

// The refusals of a whole file.
var (
	ErrTooLarge = &models.Error{Kind: models.TooLarge, Code: "sheet_too_large",
		Say: "表格太大，没有导入：一次最多 10 MB、5 万行、100 列、100 万格，每格最多 2000 字；请拆成几份再导入"}
	ErrWrongType = &models.Error{Kind: models.WrongType, Code: "sheet_type",
		Say: "这不是能读的表格，没有导入；请用 Excel 或 WPS 打开，另存为 .xlsx 再选一次"}
	ErrUnreadable = &models.Error{Kind: models.Input, Code: "sheet_unreadable",
		Say: "这个表格打不开，可能传坏了，没有导入；请用 Excel 或 WPS 打开，另存为 .xlsx 再选一次"}
	ErrEmpty = &models.Error{Kind: models.Input, Code: "sheet_empty",
		Say: "这个表格里没有内容，没有导入；请核对选的是不是这一份"}
	ErrNoSheet = &models.Error{Kind: models.Input, Code: "sheet_none",
		Say: "文件里没有这一页表，没有导入；请重新选择"}
)

// Table is one worksheet, understood as far as that goes without knowing what
// it is about.
type Table struct {
	Name     string   // the file's
	Sheet    string   // the worksheet in use; empty for text files
	Sheets   []string // all worksheets
	Hash     [32]byte // SHA-256 of the file's bytes
	Titles   []string // the rows above the header
	Header   int      // number of the first header row as Excel shows it; 0: none found
	Columns  []Column // the columns that may be used
	Dropped  []Column // columns that must not be kept; their cells are blank everywhere
	Rows     []Row
	Left     []LeftOut // what was not taken as data: totals, notes, section titles
	Problems []Problem // cells that are of no use whatever their column means

	grid grid // as uploaded, without what must not be kept
	head []int
}

// Column is one column of a table.
type Column struct {
	Index   int // position in Row.Cells
	Title   string
	Samples []string // up to three different values
	Why     string   // why a dropped column was dropped
}

// Letter is the column's name in Excel.
func (c Column) Letter() string { return letter(c.Index) }

// Row is one row of data.
type Row struct {
	Number  int // as Excel shows it
	Cells   []string
	Section string // the section row ("一、党建引领") it stands under
	// Merged says for each column that is part of a merge over several rows in
	// which row the merge begins: equal numbers share one cell.
	Merged map[int]int
}

// Cell is the text as written, empty beyond the row's end.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// LeftOut is a row that was not taken as data.
type LeftOut struct {
	Row int
	Why string
}

// Read understands a file by its content, whatever its name says: xlsx, or text
// with commas, tabs or semicolons in UTF-8, UTF-16 or GB18030. Of several
// worksheets it takes the first visible one that holds anything. Its errors are
// refusals for the person.
func Read(name string, b []byte) (Table, error) { return ReadSheet(name, b, -1) }

// ReadSheet is Read for one worksheet, counted from 0 as in Table.Sheets.
func ReadSheet(name string, b []byte, index int) (Table, error) {
	t := Table{Name: name, Hash: sha256.Sum256(b)}
	if len(b) > MaxBytes {
		return t, ErrTooLarge
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return t, ErrEmpty
	}
	var err error
	switch kind := sniff(b); kind {
	case "xlsx":
		err = t.readBook(b, index)
	case "text":
		if index > 0 {
			return t, ErrNoSheet
		}
		t.grid, err = readText(b)
	default:
		return t, ErrWrongType.With(kind)
	}
	if err != nil {
		return t, err
	}
	if t.grid.empty() {
		return t, ErrEmpty
	}
	t.grid.tidy()
	t.understand(t.grid.guessHeader())
	return t, nil
}

// understand lays the table out under the header at a place in the grid's
// lines; -1 says that all lines are data.
func (t *Table) understand(header int) {
	t.head = t.grid.headerRows(header)
	titles := t.grid.headings(t.head)
	t.dropForbidden(titles)
	t.Titles, t.Header = nil, 0
	if header >= 0 {
		t.Header = t.grid.lines[header].number
		for _, l := range t.grid.lines[:header] {
			if s := strings.Join(l.filled(), " "); s != "" {
				t.Titles = append(t.Titles, s)
			}
		}
	}
	t.readBody(header + max(len(t.head), 1))
	t.Columns = t.columns(titles)
	t.Problems = t.broken()
}

// broken names the cells of no use in the rows and columns that count.
func (t *Table) broken() []Problem {
	left := map[int]bool{}
	for _, l := range t.Left {
		left[l.Row] = true
	}
	titles := t.titles()
	var out []Problem
	for _, b := range t.grid.broken {
		if b.row > t.Header && !left[b.row] && b.col < len(titles) && titles[b.col] != "" {
			out = append(out, Problem{b.row, titles[b.col], b.why})
		}
	}
	return out
}

// columns lists what is left to use, with samples.
func (t *Table) columns(titles []string) []Column {
	gone := map[int]bool{}
	for _, c := range t.Dropped {
		gone[c.Index] = true
	}
	var out []Column
	for i, title := range titles {
		c := Column{Index: i, Title: title, Samples: t.samples(i)}
		if gone[i] || (title == "" && len(c.Samples) == 0) {
			continue
		}
		if title == "" {
			c.Title = "第 " + letter(i) + " 列"
		}
		out = append(out, c)
	}
	return out
}

func (t *Table) samples(col int) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range t.Rows {
		if s := models.Normal(r.Cell(col)); s != "" && !seen[s] {
			seen[s] = true
			if out = append(out, clip(s)); len(out) == 3 {
				break
			}
		}
	}
	return out
}

// letter counts A … Z, AA … as Excel does.
func letter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letter(i/26-1) + string(rune('A'+i%26))
}

// clip keeps a quoted piece of somebody's input short enough to be read.
func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

func tooLong(row, col int) error {
	return ErrTooLarge.With(fmt.Sprintf("第 %d 行 %s 列超过 2000 字，没有导入；请缩短后再选一次", row, letter(col)))
}
