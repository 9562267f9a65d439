package pages

import (
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/award"
)

// groupText is what is sent to the village's chat group: figures and a link,
// never a name, because nobody can take a message back.
func groupText(name string, page committeeNoticePage) string {
	n := page.Notice
	var b strings.Builder
	fmt.Fprintf(&b, "【%s积分公示 %s】\n%s", name, n.Name(), listedText(n))
	for i, k := range n.Categories {
		sep := "，"
		if i == 0 {
			sep = "："
		}
		fmt.Fprintf(&b, "%s%s %s 分", sep, k.Name, k.Points)
	}
	if n.HungAt != 0 {
		fmt.Fprintf(&b, "。\n公示期：%s 至 %s，到期自动到账。\n榜贴在：%s。\n手机看榜：%s", minute(n.HungAt), minute(n.EndsAt), n.HungWhere, page.Board)
	} else {
		fmt.Fprintf(&b, "。\n贴满 %d 天自动到账。", n.Days)
	}
	b.WriteString("\n有不同意见，或者做了好事没记上，请在到期前找组长或村监督员。")
	return b.String()
}

// listedText says how much the wall lists: 榜上共 312 笔、187 户.
func listedText(n award.Poster) string {
	if n.Awards == 0 {
		return "这一期没有公开列出的记录"
	}
	return fmt.Sprintf("榜上共 %d 笔、%d 户", n.Awards, n.Households)
}

// spokenMost is how many households a loudspeaker calls by number; more of them
// nobody listens to.
const spokenMost = 60

// speakerText is read over the loudspeaker: numbers, never names.
func speakerText(name string, n award.Poster) string {
	where, until := "村里的公示栏", fmt.Sprintf("贴满 %d 天自动到账", n.Days)
	if n.HungAt != 0 {
		where, until = n.HungWhere, "公示到 "+spokenTime(n.EndsAt)+"，到期自动到账"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s的乡亲们请注意：%s积分榜出来了，%s，贴在%s，%s。", name, n.Name(), listedText(n), where, until)
	if called := spokenNumbers(n.Lines); called != "" {
		b.WriteString("上榜的户号是：" + called + "。")
	}
	b.WriteString("请大家到榜前看一看自家的分对不对；有意见的、做了好事没记上的，到期前找组长或者村监督员说，也可以写条子投意见箱。再播一遍。")
	return b.String()
}

// spokenNumbers lists whose lines are on the wall, by group and number: 1组 009、
// 047；2组 008. Empty where there are none, or too many to listen to.
func spokenNumbers(lines []award.Line) string {
	var groups, said []string
	in := map[string]bool{}
	group, n := "", 0
	end := func() {
		if len(said) > 0 {
			groups = append(groups, strings.TrimSpace(group+" "+strings.Join(said, "、")))
		}
		said = nil
	}
	for _, l := range lines {
		_, mark, _ := strings.Cut(l.Household, " ")
		if in[mark] {
			continue
		}
		in[mark] = true
		n++
		g, number, ok := strings.Cut(mark, "组")
		if !ok {
			g, number = "", mark
		} else {
			g += "组"
		}
		if g != group {
			end()
			group = g
		}
		said = append(said, number)
	}
	end()
	if n > spokenMost {
		return ""
	}
	return strings.Join(groups, "；")
}

// spokenTime is an instant as people say it: 11月30日下午3点.
func spokenTime(m models.Millis) string {
	t := m.Time()
	part, hour := "上午", t.Hour()
	switch {
	case hour >= 18:
		part, hour = "晚上", hour-12
	case hour > 12:
		part, hour = "下午", hour-12
	case hour == 12:
		part = "中午"
	}
	s := fmt.Sprintf("%s%s%d点", m.Day().Short(), part, hour)
	if t.Minute() != 0 {
		s += fmt.Sprintf("%d分", t.Minute())
	}
	return s
}
