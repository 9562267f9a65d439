package sheet

import (
	"regexp"
	"strconv"
	"strings"

	"pointstore/models"
)

var (
	spoiled  = regexp.MustCompile(`^[+-]?\d(\.\d+)?[Ee]\+?\d+$`)
	hashes   = regexp.MustCompile(`^#{3,}$`)
	mobile   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landline = regexp.MustCompile(`^(0\d{9,11}|[2-9]\d{6,7})$`)
	masks    = "*×✱●○"
)

// Wrong is a problem of the caller's own with one cell.
func (m Mapping) Wrong(row Row, key, text string) Problem {
	return Problem{Row: row.Number, Column: m.titles[key], Text: text}
}

func (m Mapping) wrong(row Row, key, text string) *Problem {
	p := m.Wrong(row, key, text)
	return &p
}

// Text is the cell's text, refused when a spreadsheet has put a rounded number
// in its place.
func (m Mapping) Text(row Row, key string) (string, *Problem) {
	s := m.Get(row, key)
	switch {
	case spoiled.MatchString(s):
		return "", m.wrong(row, key, "被表格改成 "+clip(s)+"，请把该列设为文本")
	case hashes.MatchString(s):
		return "", m.wrong(row, key, "被表格显示成 "+clip(s)+"，请把该列拉宽，另存后再导入")
	}
	return s, nil
}

// Name is a person's name: not masked, not a number, at most 50 characters.
func (m Mapping) Name(row Row, key string) (string, *Problem) {
	s, p := m.Text(row, key)
	switch {
	case p != nil:
		return "", p
	case strings.ContainsAny(s, masks):
		return "", m.masked(row, key, s)
	case s != "" && strings.Trim(s, "0123456789.- ") == "":
		return "", m.wrong(row, key, "要填姓名；现在是“"+clip(s)+"”，可能列对错了")
	case len([]rune(s)) > 50:
		return "", m.wrong(row, key, "太长，姓名最多 50 个字")
	}
	return s, nil
}

// Phone is a mobile or landline number in digits. A masked one is refused: it
// would overwrite the real one.
func (m Mapping) Phone(row Row, key string) (string, *Problem) {
	s, p := m.Text(row, key)
	if p != nil || s == "" {
		return "", p
	}
	if strings.ContainsAny(s, masks) {
		return "", m.masked(row, key, s)
	}
	n := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
	n = strings.TrimPrefix(n, "+86")
	if len(n) == 13 {
		n = strings.TrimPrefix(n, "86")
	}
	if !mobile.MatchString(n) && !landline.MatchString(n) {
		return "", m.wrong(row, key, "要填 11 位手机号或座机号；现在是“"+clip(s)+"”")
	}
	return n, nil
}

func (m Mapping) masked(row Row, key, s string) *Problem {
	return m.wrong(row, key, "是遮住的“"+clip(s)+"”，请填完整内容，或把这一格清空")
}

// Date is a day, as text or as a spreadsheet's day number.
func (m Mapping) Date(row Row, key string) (models.Date, *Problem) {
	s, p := m.Text(row, key)
	if p != nil || s == "" {
		return "", p
	}
	text, _, _ := strings.Cut(s, " ")                                                   // a time of day says nothing here
	if f, err := strconv.ParseFloat(text, 64); err == nil && f >= 7306 && f < 110_000 { // from 1920 on
		if t, ok := serial(f, false); ok {
			text, _, _ = strings.Cut(t, " ")
		}
	}
	d, err := models.ParseDate(text)
	if err != nil {
		return "", m.wrong(row, key, "要像 2026-11-23 这样填；现在是“"+clip(s)+"”")
	}
	return d, nil
}

// Points is one plain amount: a balance or a price. What rules write, ranges
// and all, is for Number.
func (m Mapping) Points(row Row, key string) (models.Points, *Problem) {
	return typed(m, row, key, "要填数字，最多两位小数", func(s string) (models.Points, error) {
		return models.ParsePoints(strings.TrimSuffix(strings.TrimSuffix(s, "积分"), "个"))
	})
}

// Fen is an amount of yuan.
func (m Mapping) Fen(row Row, key string) (models.Fen, *Problem) {
	return typed(m, row, key, "要填多少元，最多两位小数", func(s string) (models.Fen, error) {
		return models.ParseFen(strings.TrimLeft(s, "¥￥ "))
	})
}

// Qty is a quantity; none at all is allowed, less is not.
func (m Mapping) Qty(row Row, key string) (models.Qty, *Problem) {
	return typed(m, row, key, "要填数量，最多两位小数", func(s string) (models.Qty, error) {
		n := leadingNumber(s)
		if strings.Trim(n, "0.") == "" && n != "" {
			return 0, nil
		}
		return models.ParseQty(n)
	})
}

// Count is a whole number from 0 on, as it is or in a word: 3组, 第三组, 4人.
func (m Mapping) Count(row Row, key string) (int, *Problem) {
	return typed(m, row, key, "要填整数", func(s string) (int, error) {
		s = strings.TrimRight(strings.TrimPrefix(s, "第"), "村民小组队社人口户个次号名件 ")
		if v, ok := hanNumber(s); ok && v%100 == 0 {
			return int(v / 100), nil
		}
		s = strings.TrimSuffix(strings.TrimSuffix(s, ".0"), ".00")
		n, err := strconv.ParseUint(s, 10, 31)
		return int(n), err
	})
}

func typed[T any](m Mapping, row Row, key, say string, parse func(string) (T, error)) (T, *Problem) {
	var none T
	s, p := m.Text(row, key)
	if p != nil || s == "" {
		return none, p
	}
	v, err := parse(s)
	if err != nil {
		return none, m.wrong(row, key, say+"；现在是“"+clip(s)+"”")
	}
	return v, nil
}

var quantity = regexp.MustCompile(`^([\d,]+(?:\.\d+)?)\s*\p{Han}{0,2}$`)

// leadingNumber is the number of "48件"; anything less plain stays as it is.
func leadingNumber(s string) string {
	if m := quantity.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return s
}
