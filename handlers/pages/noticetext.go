package pages

import (
	"fmt"
	"strings"

	"pointstore/models/award"
)

func groupText(name string, page committeeNoticePage) string {
	n := page.Notice
	var b strings.Builder
	fmt.Fprintf(&b, "【%s积分公示 %s】\n本期共 %d 笔、%d 户。", name, n.Name(), n.Awards, n.Households)
	for i, k := range n.Categories {
		sep := "，"
		if i == 0 {
			sep = ""
		}
		fmt.Fprintf(&b, "%s%s %s 分", sep, k.Name, k.Points)
	}
	if n.HungAt != 0 {
		fmt.Fprintf(&b, "。\n公示期：%s 至 %s，到期自动到账。\n榜贴在：%s。", minute(n.HungAt), minute(n.EndsAt), n.HungWhere)
	} else {
		fmt.Fprintf(&b, "。\n贴满 %d 天自动到账。", n.Days)
	}
	fmt.Fprintf(&b, "\n手机看榜：%s\n有不同意见，或者做了好事没记上，请在到期前找组长或村监督员。", page.Board)
	return b.String()
}

func speakerText(name string, n award.Poster) string {
	where := "村里的公示栏"
	if n.HungWhere != "" {
		where = n.HungWhere
	}
	until := fmt.Sprintf("贴满 %d 天自动到账", n.Days)
	if n.EndsAt != 0 {
		until = minute(n.EndsAt) + " 到期，自动到账"
	}
	return fmt.Sprintf("%s的乡亲们，%s积分榜出来了，一共 %d 笔、%d 户，贴在%s，%s。请大家去看一看自家的分对不对，有意见的、漏记的，到期前找组长或村监督员说。", name, n.Name(), n.Awards, n.Households, where, until)
}
