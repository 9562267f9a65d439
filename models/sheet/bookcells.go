package sheet

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sheetReader takes one worksheet's XML apart.
type sheetReader struct {
	w *workbook
	g grid

	row, col int // row as Excel counts, column from 0
	cells    []string
	kind     string // the cell's t attribute
	style    int
	formula  bool
	valued   bool // there is a value, be it an empty one
	inValue  bool
	value    bytes.Buffer
	inline   collector
}

func (w *workbook) read(s worksheet) (grid, error) {
	r := sheetReader{w: w}
	if err := w.walk(s.part, r.see); err != nil {
		return grid{}, err
	}
	return r.g, nil
}

func (r *sheetReader) see(tok xml.Token) error {
	if r.kind == "inlineStr" {
		r.inline.see(tok)
	}
	switch x := tok.(type) {
	case xml.StartElement:
		return r.start(x)
	case xml.CharData:
		if r.inValue && r.value.Len() < 8*MaxCell {
			r.value.Write(x)
		}
	case xml.EndElement:
		switch x.Name.Local {
		case "v":
			r.inValue = false
		case "c":
			return r.endCell()
		case "row":
			return r.g.add(r.row, slices.Clone(r.cells))
		}
	}
	return nil
}

func (r *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		next := r.row + 1
		if n := attr(e, "r"); n != "" {
			var err error
			if next, err = strconv.Atoi(n); err != nil || next <= r.row {
				return ErrUnreadable // rows go down: r="-1" and repeats are made by hand
			}
		}
		if next > 1<<20 {
			return ErrUnreadable
		}
		r.row, r.col, r.cells = next, -1, r.cells[:0]
	case "c":
		r.col++
		if ref := attr(e, "r"); ref != "" {
			col, row, ok := parseRef(ref)
			if !ok || row != r.row || col < r.col {
				return ErrUnreadable
			}
			r.col = col
		}
		r.kind, r.formula = attr(e, "t"), false
		r.valued = false
		r.style, _ = strconv.Atoi(attr(e, "s"))
		r.value.Reset()
	case "v":
		r.inValue, r.valued = true, true
	case "f":
		r.formula = true
	case "mergeCell":
		r.merge(attr(e, "ref"))
	}
	return nil
}

// endCell keeps the cell's text. A formatted but empty cell far to the right is
// nothing; a filled one there is too much.
func (r *sheetReader) endCell() error {
	text, why := r.text()
	r.kind = ""
	if why != "" {
		if len(r.g.broken) >= MaxRows {
			return ErrTooLarge
		}
		r.g.broken = append(r.g.broken, broken{r.row, r.col, why})
	}
	if blank(text) {
		return nil
	}
	if r.col >= MaxColumns {
		return ErrTooLarge
	}
	for len(r.cells) < r.col {
		r.cells = append(r.cells, "")
	}
	r.cells = append(r.cells, text)
	return nil
}

// text is what the cell holds, or why it holds nothing that can be used.
func (r *sheetReader) text() (text, why string) {
	v := r.value.String()
	if r.formula && !r.valued {
		return "", "里是公式但没有结果，请用 Excel 或 WPS 打开，保存一次再导入"
	}
	switch r.kind {
	case "s":
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n >= len(r.w.strings) {
			return "", ""
		}
		return r.w.strings[n], ""
	case "inlineStr":
		return r.inline.take(), ""
	case "str":
		return escapes(v), ""
	case "b":
		return map[string]string{"0": "否", "1": "是"}[v], ""
	case "e":
		return "", "里是 " + clip(v) + "，表格自己没有算出来，请改成实际内容"
	case "d":
		return strings.TrimSuffix(v, "T00:00:00"), ""
	}
	var st style
	if r.style >= 0 && r.style < len(r.w.styles) {
		st = r.w.styles[r.style]
	}
	return st.show(v, r.w.date04), ""
}

// merge remembers merged cells; a merge beyond the table's bounds is cut later
// by the rows that exist, one that is no rectangle is ignored.
func (r *sheetReader) merge(ref string) {
	from, to, _ := strings.Cut(ref, ":")
	left, top, ok1 := parseRef(from)
	right, bottom, ok2 := parseRef(to)
	if ok1 && ok2 && top <= bottom && left <= right && left < MaxColumns && len(r.g.merges) < MaxRows {
		r.g.merges = append(r.g.merges, merge{top, left, bottom, min(right, MaxColumns-1)})
	}
}

// parseRef reads "C7" as column 2, row 7.
func parseRef(s string) (col, row int, ok bool) {
	i := 0
	for ; i < len(s) && s[i] >= 'A' && s[i] <= 'Z' && i < 4; i++ {
		col = col*26 + int(s[i]-'A') + 1
	}
	row, err := strconv.Atoi(s[i:])
	return col - 1, row, err == nil && i > 0 && row >= 1 && row <= 1<<20 && s[i] != '+'
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// escapes undoes _x000D_, the format's way to write control characters.
func escapes(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		var r rune
		if _, err := fmt.Sscanf(e, "_x%04x_", &r); err != nil || r == 0 {
			return ""
		}
		return string(r)
	})
}
