package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// WriteCSV writes a sheet's header, rows and totals as text that Excel and WPS
// open with the right characters. A text that they would run as a formula gets
// an apostrophe in front; real numbers stay numbers.
func WriteCSV(w io.Writer, s Sheet) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	heads := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		heads[i] = guarded(c.Head, AsText)
	}
	if err := out.Write(heads); err != nil {
		return err
	}
	rows := s.Rows
	if s.Totals != nil {
		rows = append(rows[:len(rows):len(rows)], s.Totals)
	}
	for _, r := range rows {
		rec := make([]string, max(len(r), len(s.Columns)))
		for i, v := range r {
			kind := AsText
			if i < len(s.Columns) {
				kind = s.Columns[i].Kind
			}
			rec[i] = guarded(v, kind)
		}
		if err := out.Write(rec); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func guarded(v any, kind Kind) string {
	s := clean(plain(v, kind))
	if _, ok := number(v); !ok && needsQuote(s) {
		return "'" + s
	}
	return s
}

// needsQuote says that a spreadsheet would take the text for a formula; leading
// blanks do not keep it from that.
func needsQuote(s string) bool {
	if s == "" {
		return false
	}
	if strings.ContainsRune("\t\r\n", rune(s[0])) {
		return true
	}
	for _, r := range s {
		if r == ' ' || r == '\u3000' || r == '\u00a0' {
			continue
		}
		return strings.ContainsRune("=+-@＝＋－＠\t\r\n", r)
	}
	return false
}
