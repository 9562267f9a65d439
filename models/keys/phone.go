package keys

import (
	"strings"

	"pointstore/models"
)

// Phone brings a Chinese mobile number into its one written form, 11 digits, so
// that Find finds it. Spaces, dashes, full-width digits and +86 are forgiven;
// what a spreadsheet spoiled or somebody masked is refused with a sentence.
func Phone(s string) (string, error) {
	n := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(models.Normal(s))
	n = strings.TrimPrefix(n, "'") // a spreadsheet's mark for text
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, found := strings.CutPrefix(n, prefix); found && len(rest) == 11 {
			n = rest
			break
		}
	}
	switch {
	case strings.ContainsAny(n, "*xX") && len(n) == 11:
		return "", badPhone("“手机号”中间是星号，不是完整的号码，没有保存；请填 11 位数字，或者留空")
	case strings.ContainsAny(n, ".eE") && strings.Trim(n, "0123456789.eE+") == "":
		return "", badPhone("“手机号”被表格改成了 " + models.Normal(s) + " 这样的数，没有保存；请把该列设为文本再填")
	case len(n) != 11 || strings.Trim(n, "0123456789") != "":
		return "", badPhone("“手机号”要填 11 位数字，没有保存；请核对")
	case n[0] != '1' || n[1] < '3':
		return "", badPhone("“手机号”要以 13 到 19 开头，没有保存；请核对")
	}
	return n, nil
}

// badPhone never quotes a whole number: the sentence may end up in a log.
func badPhone(say string) error { return models.ErrInput.With(say).At("phone") }
