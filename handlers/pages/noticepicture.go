package pages

import (
	"fmt"
	"strings"

	"pointstore/handlers/web"
	"pointstore/models/award"
)

// noticePicture is what a phone draws as one picture for the chat group. It holds
// no name, because a picture stays in people's phones when the notice is over.
type noticePicture struct {
	Village, Name string
	Count         string
	Rows          []web.Cell // heading and points
	Span          string
	Where         string
	Ask           string
	QR            Code
	Code          string // the check code
}

func (p *Pages) noticePicture(area string, page committeeNoticePage) (noticePicture, error) {
	n := page.Notice
	pic := noticePicture{Village: area, Name: n.Name(), Code: n.Code(), Count: listedText(n),
		Span: noticeSpan(n), Ask: "有不同意见，或者做了好事没记上，到期前找组长、村监督员，或写条子投意见箱。"}
	for _, k := range n.Categories {
		pic.Rows = append(pic.Rows, web.Cell{Text: k.Name, Sort: k.Points.Signed()})
	}
	if n.HungWhere != "" {
		pic.Where = "榜贴在" + n.HungWhere
	}
	if p.trial || n.HungAt == 0 {
		return pic, nil // there is nothing to be seen at the address yet
	}
	var err error
	pic.QR, err = qrCode(strings.ToUpper(page.Board))
	return pic, err
}

// noticeSpan is when the notice hangs, as far as that is known.
func noticeSpan(n award.Poster) string {
	if n.HungAt == 0 {
		return fmt.Sprintf("从张贴时起公示 %d 天，到期自动到账", n.Days)
	}
	return "公示期 " + minute(n.HungAt) + " 至 " + minute(n.EndsAt) + "，到期自动到账"
}
