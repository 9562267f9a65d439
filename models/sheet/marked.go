package sheet

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteMarked gives an uploaded table back as xlsx: every row where it was, the
// bad ones coloured, and the reasons in a first column of their own. What must
// not be kept is not in it. Once mended it can be uploaded as it is.
func WriteMarked(w io.Writer, t Table, problems []Problem) error {
	f := excelize.NewFile()
	defer f.Close()
	looks, err := newLooks(f)
	if err != nil {
		return err
	}
	name := sheetName(t.Sheet, 0, nil)
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	first := max(t.Header, 1)
	if err := paper(f, name, first); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	p := pen{w: out, looks: looks}
	p.try(freeze(out, first))
	p.try(out.SetColWidth(1, 1, 44))
	p.try(out.SetColWidth(2, max(t.grid.width, 1)+1, 16))
	why := reasons(problems)
	for i, l := range t.grid.lines {
		p.row = l.number
		p.line(t.marked(i, why[l.number], looks))
	}
	for _, m := range t.grid.merges {
		// A column that was emptied leaves nothing to merge.
		p.try(out.MergeCell(fmt.Sprintf("%s%d", letter(m.left+1), m.top), fmt.Sprintf("%s%d", letter(m.right+1), m.bottom)))
	}
	p.row++
	for _, text := range strings.Split(why[0], "；") {
		if text != "" {
			p.line([]any{excelize.Cell{StyleID: looks.bad, Value: clean(text)}})
		}
	}
	if err := cmp.Or(p.err, out.Flush()); err != nil {
		return err
	}
	return pack(w, f)
}

// reasons gathers the sentences by row; 0 is about the whole table.
func reasons(problems []Problem) map[int]string {
	out := map[int]string{}
	for _, p := range problems {
		text := Problem{Column: p.Column, Text: p.Text}.String()
		if have := out[p.Row]; have != "" {
			text = have + "；" + text
		}
		out[p.Row] = text
	}
	return out
}

// marked is one line of the table behind the column of reasons.
func (t Table) marked(i int, why string, looks *looks) []any {
	style, isHead := looks.text, slices.Contains(t.head, i)
	switch {
	case isHead:
		style = looks.head
		if i == t.head[0] && why == "" {
			why = "问题"
		}
	case why != "":
		style = looks.bad
	}
	out := []any{excelize.Cell{StyleID: style, Value: clean(why)}}
	for col := range t.grid.width {
		text := t.grid.lines[i].cell(col)
		if isHead && i == t.head[len(t.head)-1] && slices.ContainsFunc(t.Dropped, func(c Column) bool { return c.Index == col }) {
			text += "（没有读入）"
		}
		out = append(out, excelize.Cell{StyleID: style, Value: clean(text)})
	}
	return out
}
