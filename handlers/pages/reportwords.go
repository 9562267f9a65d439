package pages

import (
	"regexp"
	"slices"
)

// reportSpan is a piece of a sentence; numbers stand out.
type reportSpan struct {
	Text   string
	Strong bool
}

// Telling numbers are those outside brackets, which hold numerator and
// denominator.
var (
	reportBracket = regexp.MustCompile(`（[^）]*）`)
	reportNumber  = regexp.MustCompile(`[0-9][0-9,.]*%?`)
)

// reportSentences takes the findings apart so that their numbers stand out.
func reportSentences(findings []string) [][]reportSpan {
	var list [][]reportSpan
	for _, text := range findings {
		var spans []reportSpan
		plain := func(s string) {
			at := 0
			for _, m := range reportNumber.FindAllStringIndex(s, -1) {
				spans = append(spans, reportSpan{s[at:m[0]], false}, reportSpan{s[m[0]:m[1]], true})
				at = m[1]
			}
			spans = append(spans, reportSpan{s[at:], false})
		}
		at := 0
		for _, m := range reportBracket.FindAllStringIndex(text, -1) {
			plain(text[at:m[0]])
			spans = append(spans, reportSpan{text[m[0]:m[1]], false})
			at = m[1]
		}
		plain(text[at:])
		list = append(list, slices.DeleteFunc(spans, func(s reportSpan) bool { return s.Text == "" }))
	}
	return list
}
