package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// readText reads comma, tab or semicolon separated text.
func readText(b []byte) (grid, error) {
	text, err := decode(b)
	if err != nil {
		return grid{}, err
	}
	comma := rune(0)
	if rest, ok := strings.CutPrefix(text, "sep="); ok && len(rest) > 1 && strings.ContainsRune("\r\n", rune(rest[1])) {
		comma = rune(rest[0]) // Excel's own hint, which it does not count as a row
		text = strings.TrimLeft(rest[1:], "\r")
		text = strings.TrimPrefix(text, "\n")
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	if !strings.ContainsRune(",\t;|", comma) || comma == 0 {
		comma = separator(text)
	}
	return split(text, comma)
}

// decode finds out how the text is written. Anything that is neither UTF-16 nor
// UTF-8 is taken for GB18030, which unlike GBK holds rare name characters.
func decode(b []byte) (string, error) {
	var err error
	switch order, bom := utf16Order(b); {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		b = b[3:]
	case bom:
		b, err = unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(b)
	case !utf8.Valid(b):
		b, err = simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	}
	if err != nil || !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 || bytes.Contains(b, []byte("\uFFFD")) {
		return "", ErrUnreadable.With("这个文件的文字认不出来，没有导入；请用 Excel 或 WPS 打开，另存为 .xlsx 再选一次")
	}
	return strings.TrimPrefix(string(b), "\uFEFF"), nil
}

// utf16Order recognises UTF-16 by its mark, or by the zero beside every ASCII
// separator when the mark is missing.
func utf16Order(b []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return unicode.BigEndian, true
	case len(b)%2 != 0:
		return unicode.LittleEndian, false
	case bytes.Contains(b, []byte("\r\x00\n\x00")):
		return unicode.LittleEndian, true
	case bytes.Contains(b, []byte("\x00\r\x00\n")):
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// separator is the one that cuts the first records most alike.
func separator(text string) rune {
	best, score := ',', 0
	for _, c := range []rune{',', '\t', ';', '|'} {
		count := map[int]int{}
		r := records{text: text, comma: byte(c)}
		for range 20 {
			rec, err := r.next()
			if err != nil {
				break
			}
			count[len(rec)]++
		}
		for n, times := range count {
			if s := times*MaxColumns + n; n > 1 && s > score {
				best, score = c, s
			}
		}
	}
	return best
}

// split cuts the text into lines. A record's number is the row a spreadsheet
// shows it in: line breaks inside quotes do not count, empty lines do.
func split(text string, comma rune) (grid, error) {
	var g grid
	r := records{text: text, comma: byte(comma)}
	for number := 1; ; number++ {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return g, err
		}
		for i, s := range rec {
			rec[i] = unquote(s)
		}
		if err := g.add(number, rec); err != nil {
			return g, err
		}
	}
}

// records cuts text as spreadsheets do, stray quotes included. encoding/csv
// would skip empty lines, which shifts the row numbers, and has no bound on the
// number of fields.
type records struct {
	text  string
	comma byte
}

func (r *records) next() ([]string, error) {
	if r.text == "" {
		return nil, io.EOF
	}
	var rec []string
	for n := 1; ; n++ {
		field, end := r.field()
		if n <= MaxColumns {
			rec = append(rec, field)
		} else if !blank(field) || n > 1<<14 { // empty cells as far as a spreadsheet reaches are harmless
			return nil, ErrTooLarge
		}
		if end != r.comma {
			return rec, nil
		}
	}
}

// field takes one field off the text and says what ended it.
func (r *records) field() (string, byte) {
	var quoted strings.Builder
	if strings.HasPrefix(r.text, `"`) {
		r.text = r.text[1:]
		for {
			i := strings.IndexByte(r.text, '"')
			if i < 0 { // never closed: all the rest, which MaxCell judges
				quoted.WriteString(r.text)
				r.text = ""
				break
			}
			quoted.WriteString(r.text[:i])
			r.text = r.text[i+1:]
			if !strings.HasPrefix(r.text, `"`) {
				break
			}
			quoted.WriteByte('"')
			r.text = r.text[1:]
		}
	}
	i := strings.IndexAny(r.text, string(rune(r.comma))+"\n")
	end := byte('\n')
	plain := r.text
	if i < 0 {
		r.text = ""
	} else {
		plain, end, r.text = r.text[:i], r.text[i], r.text[i+1:]
	}
	if end == '\n' {
		plain = strings.TrimSuffix(plain, "\r")
	}
	return strings.ReplaceAll(quoted.String(), "\r\n", "\n") + plain, end
}

// unquote takes off the apostrophe that keeps spreadsheets from reading a text
// as a number or a formula.
func unquote(s string) string {
	if len(s) > 1 && s[0] == '\'' && (needsQuote(s[1:]) || s[1] >= '0' && s[1] <= '9') {
		return s[1:]
	}
	return s
}
