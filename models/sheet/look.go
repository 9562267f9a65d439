package sheet

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"pointstore/models"
)

// looks are the cell styles of a workbook.
type looks struct {
	title, head, text, foot, note, bad int

	numbers map[numberLook]int
	file    *excelize.File
}

// numberLook is a number format, plain or bold. "#,##0.##" for all would show 5
// as "5.", so the decimals are chosen number by number.
type numberLook struct {
	format string
	bold   bool
}

var thin = []excelize.Border{
	{Type: "left", Color: "999999", Style: 1}, {Type: "right", Color: "999999", Style: 1},
	{Type: "top", Color: "999999", Style: 1}, {Type: "bottom", Color: "999999", Style: 1},
}

func newLooks(f *excelize.File) (*looks, error) {
	l := &looks{file: f, numbers: map[numberLook]int{}}
	asText := "@"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&l.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}}},
		{&l.head, excelize.Style{Border: thin, Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEEEEE"}}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}},
		{&l.text, excelize.Style{Border: thin, CustomNumFmt: &asText, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&l.foot, excelize.Style{Alignment: &excelize.Alignment{Vertical: "center"}}},
		{&l.note, excelize.Style{Font: &excelize.Font{Color: "555555", Size: 10}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&l.bad, excelize.Style{Border: thin, CustomNumFmt: &asText, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFC7CE"}}, Font: &excelize.Font{Color: "9C0006"}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
	} {
		id, err := f.NewStyle(&s.style)
		if err != nil {
			return nil, err
		}
		*s.id = id
	}
	for _, format := range []string{"#,##0", "#,##0.0", "#,##0.00", "0.0%", "yyyy-mm-dd", "@"} {
		for _, bold := range []bool{false, true} {
			id, err := f.NewStyle(&excelize.Style{Border: thin, CustomNumFmt: &format, Font: &excelize.Font{Bold: bold}, Alignment: &excelize.Alignment{Vertical: "center"}})
			if err != nil {
				return nil, err
			}
			l.numbers[numberLook{format, bold}] = id
		}
	}
	return l, nil
}

// cells dresses a row for the stream writer.
func (l *looks) cells(cols []Col, row []any, bold bool) []any {
	out := make([]any, max(len(row), len(cols)))
	for i := range out {
		var v any
		if i < len(row) {
			v = row[i]
		}
		kind := AsText
		if i < len(cols) {
			kind = cols[i].Kind
		}
		out[i] = l.cell(v, kind, bold)
	}
	return out
}

func (l *looks) cell(v any, kind Kind, bold bool) excelize.Cell {
	if n, ok := number(v); ok {
		return excelize.Cell{StyleID: l.numbers[numberLook{format(n, v, kind), bold}], Value: n}
	}
	if d, ok := v.(models.Date); ok && kind == AsDate {
		if t, err := time.Parse(time.DateOnly, string(d)); err == nil {
			days := t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
			return excelize.Cell{StyleID: l.numbers[numberLook{"yyyy-mm-dd", bold}], Value: days}
		}
	}
	id := l.text
	if bold {
		id = l.numbers[numberLook{"@", true}]
	}
	return excelize.Cell{StyleID: id, Value: clean(plain(v, kind))}
}

// number is the value of a typed number in whole units: points, yuan, pieces.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case int32:
		return float64(n), true
	case uint64:
		return float64(n), true
	case float64:
		return n, !math.IsNaN(n) && !math.IsInf(n, 0)
	case models.Points:
		return float64(n) / 100, true
	case models.Qty:
		return float64(n) / 100, true
	case models.Fen:
		return float64(n) / 100, true
	}
	return 0, false
}

func format(n float64, v any, kind Kind) string {
	_, money := v.(models.Fen)
	switch {
	case kind == AsPercent:
		return "0.0%"
	case kind == AsMoney || money:
		return "#,##0.00"
	}
	switch cents := int64(math.Round(math.Abs(n) * 100)); {
	case cents%100 == 0:
		return "#,##0"
	case cents%10 == 0:
		return "#,##0.0"
	}
	return "#,##0.00"
}

// plain is a value as text, without separators.
func plain(v any, kind Kind) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case bool:
		if x {
			return "是"
		}
		return "否"
	case models.Points:
		return x.Plain()
	case models.Qty:
		return x.Plain()
	case models.Fen:
		return x.Plain()
	}
	n, ok := number(v)
	switch {
	case !ok:
		return fmt.Sprint(v)
	case kind == AsPercent:
		return fmt.Sprintf("%.1f%%", n*100)
	case kind == AsMoney:
		return fmt.Sprintf("%.2f", n)
	case n == math.Trunc(n) && math.Abs(n) < 1e15:
		return fmt.Sprintf("%.0f", n)
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", n), "0"), ".")
}

// clean takes out what XML cannot hold: control characters and broken text.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
