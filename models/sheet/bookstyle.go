package sheet

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"
)

// style is what a cell's format says about its number.
type style struct {
	date bool
	pad  int // "000" shows 12 as 012: household numbers are kept that way
}

func (w *workbook) readStyles(part string) ([]style, error) {
	codes := map[string]string{}
	var out []style
	inCells := false
	err := w.walk(part, func(tok xml.Token) error {
		switch x := tok.(type) {
		case xml.StartElement:
			switch x.Name.Local {
			case "numFmt":
				codes[attr(x, "numFmtId")] = attr(x, "formatCode")
			case "cellXfs":
				inCells = true
			case "xf":
				if id := attr(x, "numFmtId"); inCells {
					out = append(out, styleOf(id, codes[id]))
				}
			}
		case xml.EndElement:
			if x.Name.Local == "cellXfs" {
				inCells = false
			}
		}
		if len(out) > 100_000 || len(codes) > 100_000 {
			return ErrTooLarge
		}
		return nil
	})
	return out, err
}

// styleOf judges a number format: the built-in dates (27 to 36 and 50 to 58 are
// the Chinese ones) or a code of its own.
func styleOf(id, code string) style {
	n, _ := strconv.Atoi(id)
	switch {
	case code == "":
		return style{date: n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58}
	case len(code) > 1 && strings.Trim(code, "0") == "":
		return style{pad: len(code)}
	}
	var plain strings.Builder
	quoted, bracket := false, false
	for _, c := range strings.ToLower(code) {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '[' || c == ']':
			bracket = c == '['
		case !quoted && !bracket:
			plain.WriteRune(c)
		}
	}
	code = strings.ReplaceAll(plain.String(), "general", "")
	return style{date: strings.ContainsAny(code, "yd") || strings.Contains(code, "m") && strings.ContainsAny(code, "hs")}
}

// show writes a number as a person would have typed it. What a spreadsheet can
// no longer hold exactly stays in its scientific form, to be refused by name.
func (s style) show(v string, date04 bool) string {
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return v
	}
	if s.date {
		if t, ok := serial(f, date04); ok {
			return t
		}
	}
	if math.Abs(f) >= 1e15 {
		return strings.Replace(strconv.FormatFloat(f, 'E', -1, 64), "E+0", "E+", 1)
	}
	// Fifteen digits are what spreadsheets show: 0.30000000000000004 is 0.3.
	out, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	text := strconv.FormatFloat(out, 'f', -1, 64)
	if s.pad > len(text) && out >= 0 && !strings.Contains(text, ".") {
		text = strings.Repeat("0", s.pad-len(text)) + text
	}
	return text
}

// serial turns a spreadsheet's day number into 2026-11-23, with the time when
// there is one.
func serial(f float64, date04 bool) (string, bool) {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date04 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if f < 61 { // before 1900-03-01 the numbering holds a day that never was
		return "", false
	}
	if f < 0 || f > 110_000 { // the year 2201
		return "", false
	}
	t := start.AddDate(0, 0, int(f)).Add(time.Duration((f-math.Floor(f))*86400+0.5) * time.Second)
	if t.Hour() == 0 && t.Minute() == 0 {
		return t.Format(time.DateOnly), true
	}
	return t.Format("2006-01-02 15:04"), true
}
