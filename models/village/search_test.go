package village_test

import (
	"strings"
	"testing"

	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

func TestSearchFindsAsPeopleAsk(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		add := func(group int, number, head string, members ...string) {
			f := village.HomeForm{Number: number, Group: group, Head: head}
			for _, m := range members {
				f.Members = append(f.Members, village.MemberForm{Name: m})
			}
			s.home(f)
		}
		add(3, "012", "马少明", "李花")
		add(3, "112", "单雄信", "长孙兴")
		add(1, "7", "仇长兴")
		add(1, "1012", "马·阿卜杜拉·吾买尔")
		add(2, "20", "王𠮷", "吕布")
		add(2, "21", "马少民")
		for q, want := range map[string]string{
			"012":       "012 1012",
			"12":        "012 112 1012",
			"马少":        "21 012",
			"msm":       "21 012",
			"ＭＳＭ":       "21 012",
			"lihua":     "012",
			"shanxx":    "",
			"sxx":       "112",
			"dxx":       "112",
			"shan":      "112",
			"qiu":       "7",
			"qcx":       "7",
			"qiuzhang":  "7",
			"qiuchang":  "7",
			"阿卜杜拉吾买尔":   "1012",
			"马·阿卜杜拉":    "1012",
			"马 阿卜":      "1012",
			"mabdl":     "1012",
			"𠮷":         "20",
			"lvb":       "20",
			"LÜB":       "20",
			"3组":        "012 112",
			"第三组":       "012 112",
			"3组012":     "012",
			"2组m":       "21",
			"":          "",
			"  ":        "",
			"%":         "",
			"没有这个人":     "",
			"#012":      "012 1012",
			"' OR 1=1 ": "",
		} {
			found, err := village.Search(t.Context(), d, s.v, q, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range found {
				got = append(got, h.Number)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%q found %v, want %s", q, got, want)
			}
		}
		if found, err := village.Search(t.Context(), d, s.next, "马", 10); len(found) != 0 || err != nil {
			t.Errorf("next door: %v %v", found, err)
		}
	})
}

func TestHomesCountAsPeopleCount(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		for _, n := range []string{"10", "9", "2", "100"} {
			s.home(village.HomeForm{Number: n, Head: "马少明", Group: len(n)})
		}
		page := func(f village.Filter) (got string) {
			all, err := village.Homes(t.Context(), d, s.v, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range all {
				got += h.Number + " "
			}
			return got
		}
		for want, f := range map[string]village.Filter{
			"2 9 10 100 ": {}, "2 9 ": {Limit: 2}, "10 100 ": {After: "9"}, "10 ": {Group: 2},
		} {
			if got := page(f); got != want {
				t.Errorf("%+v: %s, want %s", f, got, want)
			}
		}
		if groups, err := village.Groups(t.Context(), d, s.v); err != nil || len(groups) != 3 || groups[0] != (village.Group{Number: 1, Homes: 2}) {
			t.Errorf("%v %v", groups, err)
		}
	})
}
