package models

import (
	"database/sql/driver"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Points is a signed number of points in hundredths: 250 is 2.5 分. Real rule
// tables hold 0.1 and 0.5, so whole numbers are not enough and floats are
// never used.
type Points int64

// PointsMax bounds one entry: 1,000,000 points. Sums stay far below 2^63.
const PointsMax Points = 1_000_000 * 100

// String prints the points as people write them: no trailing zeros, a real
// minus sign, thousands separated: 1,280 and −2.5.
func (p Points) String() string { return hundredths(int64(p), true) }

// Signed is String with a plus sign for gains: +5.
func (p Points) Signed() string {
	if p > 0 {
		return "+" + p.String()
	}
	return p.String()
}

// Plain prints for machines, spreadsheets and form fields: no separators and an
// ASCII minus: -2.5.
func (p Points) Plain() string { return hundredths(int64(p), false) }

// MarshalJSON writes the plain decimal as a JSON number.
func (p Points) MarshalJSON() ([]byte, error) { return []byte(p.Plain()), nil }

// UnmarshalJSON reads a JSON number or string without passing through a float.
func (p *Points) UnmarshalJSON(b []byte) error {
	s := string(b)
	if strings.HasPrefix(s, `"`) {
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	}
	v, err := ParsePoints(s)
	*p = v
	return err
}

// Value stores the hundredths.
func (p Points) Value() (driver.Value, error) { return int64(p), nil }

// ParsePoints reads what people type: full-width digits and signs, a unit
// behind the number, separators; at most two decimals and at most PointsMax.
func ParsePoints(s string) (Points, error) {
	v, ok := parseHundredths(s, "分")
	if !ok || v > int64(PointsMax) || v < -int64(PointsMax) {
		return 0, ErrInput.With("“分值”要填数字，最多两位小数；您填的是“" + clip(s) + "”")
	}
	return Points(v), nil
}

// Times multiplies by a quantity in hundredths and rounds half up once, away
// from zero; ok is false when the product leaves the bounds of one entry.
func (p Points) Times(q Qty) (product Points, ok bool) {
	if p == 0 || q == 0 {
		return 0, true
	}
	if p > math.MaxInt64/2 || p < -math.MaxInt64/2 || q < 0 || int64(q) > math.MaxInt64/max(abs(int64(p)), 1) {
		return 0, false
	}
	n := int64(p) * int64(q)
	if n >= 0 {
		n = (n + 50) / 100
	} else {
		n = (n - 50) / 100
	}
	return Points(n), abs(n) <= int64(PointsMax)
}

// Qty is a quantity in hundredths: 150 is one and a half.
type Qty int64

// One is a single piece.
const One Qty = 100

// String prints the quantity without trailing zeros.
func (q Qty) String() string { return hundredths(int64(q), true) }

// Plain prints the quantity for form fields and spreadsheets.
func (q Qty) Plain() string { return hundredths(int64(q), false) }

// Value stores the hundredths.
func (q Qty) Value() (driver.Value, error) { return int64(q), nil }

// ParseQty reads a quantity above zero and at most 100,000.
func ParseQty(s string) (Qty, error) {
	v, ok := parseHundredths(s, "")
	if !ok || v <= 0 || v > 100_000*100 {
		return 0, ErrInput.With("“数量”要填大于 0 的数字，最多两位小数；您填的是“" + clip(s) + "”")
	}
	return Qty(v), nil
}

// Fen is money in hundredths of a yuan.
type Fen int64

// String prints yuan with two decimals when there are any: 12.50, 3.
func (f Fen) String() string {
	s := hundredths(int64(f), true)
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i == 2 {
		s += "0"
	}
	return s
}

// Plain prints yuan for spreadsheets.
func (f Fen) Plain() string { return hundredths(int64(f), false) }

// Value stores the fen.
func (f Fen) Value() (driver.Value, error) { return int64(f), nil }

// ParseFen reads an amount of yuan, at most 100,000,000.
func ParseFen(s string) (Fen, error) {
	v, ok := parseHundredths(s, "元")
	if !ok || v < 0 || v > 100_000_000*100 {
		return 0, ErrInput.With("“金额”要填数字，最多两位小数；您填的是“" + clip(s) + "”")
	}
	return Fen(v), nil
}

// Rate is the yuan value of one point in 1/10,000 yuan: 10000 is one yuan.
type Rate int64

// Fen is the value of p at this rate, rounded half up once.
func (r Rate) Fen(p Points) Fen {
	n := int64(p) * int64(r) // hundredths of a point × 1/10,000 yuan: 10,000 of these make one fen
	if n >= 0 {
		return Fen((n + 5000) / 10000)
	}
	return Fen((n - 5000) / 10000)
}

// Normal folds what Chinese input methods and spreadsheets do to plain text:
// full-width letters, digits and signs become ordinary ones, odd spaces become
// a space, and the ends are trimmed.
func Normal(s string) string { return strings.TrimSpace(fold(s)) }

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - 0xFEE0
		case r == '\u3000' || r == '\u00a0' || r == '\t':
			return ' '
		case r == '−' || r == '–' || r == '—' || r == '﹣':
			return '-'
		case r == '\u200b' || r == '\ufeff' || r == '\u200e' || r == '\u200f':
			return -1
		}
		return r
	}, s)
}

// Prose folds like Normal what people write in sentences, but keeps Chinese
// punctuation and dashes, and puts it on one line.
func Prose(s string) string {
	var b strings.Builder
	from := 0
	for i, r := range s {
		if !strings.ContainsRune("！（），：；？～—–", r) {
			continue
		}
		b.WriteString(fold(s[from:i]))
		b.WriteRune(r)
		from = i + utf8.RuneLen(r)
	}
	b.WriteString(fold(s[from:]))
	return strings.TrimSpace(strings.NewReplacer("\r", "", "\n", " ").Replace(b.String()))
}

func parseHundredths(s, unit string) (int64, bool) {
	s = Normal(s)
	s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	neg := strings.HasPrefix(s, "-")
	if neg || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	whole, frac, dot := strings.Cut(s, ".")
	whole, grouped := ungroup(whole)
	if !grouped {
		return 0, false
	}
	if whole == "" || len(whole) > 12 || len(frac) > 2 || (dot && frac == "") {
		return 0, false
	}
	for len(frac) < 2 {
		frac += "0"
	}
	v, err := strconv.ParseUint(whole+frac, 10, 62)
	if err != nil {
		return 0, false
	}
	if neg {
		return -int64(v), true
	}
	return int64(v), true
}

// ungroup takes thousands separators out. Anywhere else a comma may have been
// meant as a decimal point, and 0,5 must not become 5.
func ungroup(whole string) (string, bool) {
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && (g == "" || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func hundredths(v int64, people bool) string {
	var b [40]byte
	n := abs(v)
	out := strconv.AppendInt(b[:0], n/100, 10)
	if people {
		for i := len(out) - 3; i > 0; i -= 3 {
			out = append(out[:i], append([]byte{','}, out[i:]...)...)
		}
	}
	if c := n % 100; c != 0 {
		out = append(out, '.', byte('0'+c/10))
		if c%10 != 0 {
			out = append(out, byte('0'+c%10))
		}
	}
	if v < 0 {
		if people {
			return "−" + string(out)
		}
		return "-" + string(out)
	}
	return string(out)
}

// clip keeps a quoted piece of somebody's input short enough to be read.
func clip(s string) string {
	if utf8.RuneCountInString(s) > 20 {
		return string([]rune(s)[:20]) + "…"
	}
	return s
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
