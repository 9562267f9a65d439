package sheet

import "strings"

// hanNumber reads a Chinese numeral in hundredths: 十五 is 1500, 一百五 15000,
// 零点五 and 半 are 50. Above 9999万 it gives up.
func hanNumber(s string) (int64, bool) {
	if s == "半" {
		return 50, true
	}
	whole, frac, dot := strings.Cut(s, "点")
	v, ok := hanWhole(whole)
	if !ok || !dot {
		return v * 100, ok
	}
	digits := []rune(frac)
	if len(digits) == 0 || len(digits) > 2 {
		return 0, false
	}
	v *= 100
	for i, c := range digits {
		d, ok := hanDigits[c]
		if !ok {
			return 0, false
		}
		if i == 0 {
			d *= 10
		}
		v += d
	}
	return v, true
}

var (
	hanDigits = map[rune]int64{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	hanUnits  = map[rune]int64{'十': 10, '百': 100, '千': 1000}
)

func hanWhole(s string) (int64, bool) {
	var total, section, digit int64
	have, zero, unit := false, false, int64(10_000)
	if s == "" {
		return 0, false
	}
	for i, c := range []rune(s) {
		d, isDigit := hanDigits[c]
		u, isUnit := hanUnits[c]
		switch {
		case isDigit && d == 0:
			if have {
				return 0, false
			}
			zero = true
		case isDigit:
			if have {
				return 0, false // 二六: digits in a row are a year or a code
			}
			digit, have = d, true
		case isUnit:
			if !have && u == 10 && i == 0 {
				digit, have = 1, true
			}
			if !have || u >= unit {
				return 0, false
			}
			section += digit * u
			have, zero, unit = false, false, u
		case c == '万':
			if have {
				section += digit
			}
			if total > 0 || section == 0 {
				return 0, false
			}
			total, section = section*10_000, 0
			have, zero, unit = false, false, 10_000
		default:
			return 0, false
		}
	}
	if have {
		switch {
		case zero || unit == 10 || unit == 10_000 && total == 0:
			section += digit
		default:
			section += digit * unit / 10 // 一百五 is 150, 一万二 is 12000
		}
	}
	return total + section, true
}
