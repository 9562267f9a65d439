package sheet

import (
	"fmt"
	"strings"
	"testing"

	"pointstore/models"
)

func showLimit(l Limits) string {
	var out []string
	if l.Times > 0 {
		out = append(out, fmt.Sprintf("%d×", l.Times))
	}
	if l.Points > 0 {
		out = append(out, l.Points.Plain()+"p")
	}
	for _, s := range []string{l.Period, l.Per} {
		if s != "" {
			out = append(out, s)
		}
	}
	if l.Shared != "" {
		out = append(out, "with "+l.Shared)
	}
	return strings.Join(out, " ")
}

func TestLimitReadsWhatPeopleWrite(t *testing.T) {
	for in, out := range map[string]string{
		"每月限2次": "2× month", "每年最多10次": "10× year", "年度累计不超过40分": "40p year", "每户每年限1次": "1× year household", "每季度1次": "1× quarter", "封顶20分": "20p", "一次性": "1× life",
		"终身": "life", "上限30分/年": "30p year", "每人每天限一次": "1× day member", "每周": "week", "不限": "", "不限次数": "", "无": "", "": "",
		"每月限２次": "2× month", "每月最多加10分": "10p month", "每月累计加分不超过２０分": "20p month", "2次/月": "2× month", "年": "year", "月": "month", "一个年度": "year", "季": "quarter", "日": "day", "人": "member", "每户": "household",
		"10": "10p", "30分/年": "30p year", "2次": "2×", "全年最高40分": "40p year", "每年度每户限报三次": "3× year household", "每天不超过2分": "2p day", "每名成员每季度限1次": "1× quarter member",
		"本类年度累计不超过40分": "40p year with 本类", "以上两项合计每年不超过40分": "40p year with 以上两项", "与“志愿服务”合计每年不超过40分": "40p year with 志愿服务", "两项合计封顶10分": "10p with 两项",
		"仅奖一次": "1× life", "每年只奖一次": "1× year", "终身一次": "1× life", "每户每年，限1次": "1× year household", "每户限一次": "1× household", "每月最高不超过5.5分": "5.5p month", "每日限1次": "1× day", "同一人每年限2次": "2× year member",
	} {
		l, rest := Limit(in)
		if got := showLimit(l); got != out || rest != "" {
			t.Errorf("Limit(%q) = %q, rest %q; want %q", in, got, rest, out)
		}
	}
}

func TestLimitLeavesWhatItDoesNotUnderstand(t *testing.T) {
	for in, w := range map[string]struct {
		limit, rest string
		open        bool
	}{
		"证据/认定:照片或管理员确认":        {"", "证据/认定:照片或管理员确认", false},
		"每月限2次;证据:照片":           {"2× month", "证据:照片", false},
		"每月限2次，全年累计不超过10次":      {"2× month", "全年累计不超过10次", true},
		"每半年限1次":                {"", "每半年限1次", true},
		"每年限报3次，超出部分不重复计分":      {"3× year", "超出部分不重复计分", true},
		"每月开展一次":                {"", "每月开展一次", true},
		"每两年限1次":                {"", "每两年限1次", true},
		"由村委认定，5分":              {"", "由村委认定；5分", false},
		"每人次5分":                 {"", "每人次5分", true},
		"户账户;类别名为整理者所加":         {"", "户账户；类别名为整理者所加", false},
		"每月限0次":                 {"", "每月限0次", true},
		"每次不超过5分":               {"", "每次不超过5分", true},
		"每年限99999999999999999次": {"", "每年限99999999999999999次", true},
	} {
		l, rest := Limit(in)
		if showLimit(l) != w.limit || rest != w.rest {
			t.Errorf("Limit(%q) = %q, rest %q; want %q, %q", in, showLimit(l), rest, w.limit, w.rest)
		}
		if Limiting(rest) != w.open {
			t.Errorf("Limiting(%q) = %v", rest, !w.open)
		}
	}
	all, rest := LimitsIn("每月限2次，全年累计不超过10次，需照片")
	if len(all) != 2 || showLimit(all[1]) != "10× year" || rest != "需照片" {
		t.Errorf("LimitsIn = %+v, rest %q", all, rest)
	}
}

func FuzzLimit(f *testing.F) {
	for _, s := range []string{"每月限2次", "年度累计不超过40分", "与志愿服务合计每年不超过40分", "一次性", "上限30分/年；每人每天限一次", "每季度1次(含)", "不限", "零分", "十十次"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all, _ := LimitsIn(s)
		for _, l := range all {
			if l.Zero() || l.Times < 0 || l.Points < 0 || l.Points > models.PointsMax {
				t.Fatalf("LimitsIn(%q) holds %+v", s, l)
			}
		}
	})
}
