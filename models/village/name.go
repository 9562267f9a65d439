package village

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pointstore/models"
)

// longest is how many characters a name may have; names with middle dots reach
// forty.
const longest = 64

// CleanName brings a person's name into its one written form: ordinary blanks
// and letters, · for every kind of middle dot, no blanks between Chinese
// characters (forms pad two-character names: 王　芳).
func CleanName(s string) string {
	r := []rune(models.Normal(s))
	var b strings.Builder
	for i, c := range r {
		switch {
		case unicode.IsSpace(c):
			if i > 0 && !unicode.IsSpace(r[i-1]) && !(ideograph(r[i-1]) && ideograph(after(r, i))) {
				b.WriteByte(' ')
			}
		case dot(c) || c == '.' && i > 0 && ideograph(r[i-1]) && ideograph(after(r, i)):
			b.WriteRune('·')
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// after is the next rune that is no blank.
func after(r []rune, i int) rune {
	for _, c := range r[i+1:] {
		if !unicode.IsSpace(c) {
			return c
		}
	}
	return 0
}

// dot are the middle dots that input methods, fonts and exports produce.
func dot(c rune) bool { return strings.ContainsRune("·•‧∙⋅・･᛫．", c) }

func ideograph(c rune) bool { return unicode.Is(unicode.Han, c) || c == '〇' }

// badName says, in words that go on after the field's name, why a clean name
// can't be one; empty when it can.
func badName(s string) string {
	switch {
	case s == "":
		return "还没有填"
	case !utf8.ValidString(s):
		return "里有认不出的字符，请重新输入"
	case utf8.RuneCountInString(s) > longest:
		return "最多 64 个字"
	case strings.ContainsAny(s, "*＊×✱"):
		return "里有星号，是打过码的名字，请填全名"
	}
	for _, c := range s {
		switch {
		case unicode.IsDigit(c):
			return "里有数字，请核对"
		case c == '\uFFFD' || c == '□' || unicode.Is(unicode.Co, c):
			return "里有一个字没有显示出来，请改用完整的字"
		case !unicode.IsLetter(c) && !unicode.IsMark(c) && !unicode.Is(unicode.Nl, c) && !strings.ContainsRune("· -'’.", c):
			return "里有不是姓名的符号“" + string(c) + "”，请核对"
		}
	}
	if strings.Trim(s, "· -'’.") == "" {
		return "还没有填"
	}
	return ""
}

// checkName refuses a name, in a sentence of its own.
func checkName(title, field, s string) error {
	if why := badName(s); why != "" {
		return models.ErrInput.With("“" + title + "”" + why + "；还没有保存").At(field)
	}
	return nil
}
