package report_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/report"
	"pointstore/models/scheme"
)

func TestTallyAddsAndKeepsEveryField(t *testing.T) {
	var one report.Tally
	v := reflect.ValueOf(&one).Elem()
	for i := range v.NumField() {
		v.Field(i).SetInt(int64(1)<<50 + int64(i))
	}
	sum := one
	sum.Add(one)
	s := reflect.ValueOf(sum)
	for i := range s.NumField() {
		if s.Field(i).Int() != 2*(int64(1)<<50+int64(i)) {
			t.Errorf("%s does not add", s.Type().Field(i).Name)
		}
	}
	b, err := one.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var back report.Tally
	if err := back.UnmarshalJSON(b); err != nil || back != one {
		t.Errorf("read back %+v, %v", back, err)
	}
}

func TestCountyCategoriesAreTheSchemes(t *testing.T) {
	var got, want []string
	for _, c := range report.County() {
		got = append(got, c.Key+" "+c.Name)
	}
	for _, c := range append(scheme.CountyCategories, scheme.CountyCategory{Name: scheme.CountyName("")}) {
		want = append(want, c.Key+" "+c.Name)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestIndicatorsReadAsPeopleWriteThem(t *testing.T) {
	x := report.Tally{Villages: 4, Covered: 3, Roll: 22310, Participants: 14902, Resident: 0, Acts: 51234, Active: 15000, Earned: 128050, EarnedFen: 128050,
		Spent: 64025, Late: 0, Outstanding: -250, Periods: 75, OnTime: 71}
	for key, want := range map[string]string{
		"participation":          "66.8% 14,902 / 22,310 户",
		"resident_participation": "— 0 / 0 户",
		"coverage":               "75.0% 3 / 4 村",
		"breadth":                "3.4 51,234 / 15,000 件",
		"acts":                   "51,234 51,234 件",
		"earned":                 "1,280.5 1,280.5 分",
		"earned_yuan":            "1,280.50 1,280.50 元",
		"redemption_rate":        "50.0% 640.25 / 1,280.5 分",
		"unspent":                "−2.5 −2.5 分",
		"posted_on_time":         "94.7% 71 / 75 期",
		"late_entries":           "0.0% 0 / 51,234 件",
	} {
		i, err := report.Find(key)
		if err != nil {
			t.Fatal(err)
		}
		if got := i.Text(x) + " " + i.Fraction(x); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	if _, err := report.Find("logins"); models.KindOf(err) != models.NotFound {
		t.Errorf("an indicator that must not exist: %v", err)
	}
}

func TestIndicatorsAreNamedOnceAndExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range report.Indicators {
		if seen[i.Key] || seen[i.Name] || i.Formula == "" || i.Unit == "" || i.Group == "" || i.Of == nil {
			t.Errorf("%+v is a repeat or lacks something", i)
		}
		seen[i.Key], seen[i.Name] = true, true
		for _, never := range []string{"登录", "在线", "民族", "排名", "签到"} {
			if strings.Contains(i.Name+i.Formula, never) {
				t.Errorf("%s counts %s", i.Key, never)
			}
		}
	}
}

// row makes a village of a sheet.
func row(name, class string, x report.Tally) report.VillageRow {
	x.Villages = 1
	return report.VillageRow{Name: name, Class: class, Tally: x}
}

func TestFindingsSayWhatRoseWhatFellWhoIsMissing(t *testing.T) {
	good := report.Tally{Villages: 1, Roll: 100, Participants: 80, Acts: 300, Earned: 1000, Spent: 500, Visits: 40, WithNotice: 1, WithExchange: 1, WithRules: 1, WithPrices: 1, Covered: 1, Periods: 3, OnTime: 3, Returned: 1}
	poor := report.Tally{Roll: 100, Participants: 20, Periods: 3, OnTime: 1}
	now := report.Sheet{Level: "county", Quarter: 20263, AsOf: at("2026-10-20 09:30:00.000"), Villages: []report.VillageRow{row("红柳村", "model", good), row("北塔村", "fix", poor)}}
	now.Villages[0].Closed = true
	now.Sum = report.Tally{Villages: 2, Roll: 200, Participants: 100, Acts: 300, Earned: 1000, Spent: 500, Visits: 40, Covered: 1, Periods: 6, OnTime: 4}
	now.Groups = []report.Group{{By: report.ByClass, Key: "model", Name: "示范类", Tally: good}, {By: report.ByClass, Key: "fix", Name: "整治类", Tally: poor}}
	before := report.Sheet{Sum: report.Tally{Villages: 2, Roll: 200, Participants: 90, Earned: 1000, Spent: 700, Covered: 1, Periods: 6, OnTime: 4}}

	got := report.Findings(now, before)
	want := []string{
		"户参与率 50.0%（100 / 200 户），比上季度高 5.0 个百分点；整治类村还差 30.0 个百分点。",
		"兑换率 50.0%（5 / 10 分），比上季度低 20.0 个百分点。",
		"1 个村还没有封账：北塔村；1 个村没有一件加分：北塔村；1 个村没有公示上墙：北塔村；1 个村没有按期兑换：北塔村。",
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}

	alone := report.Sheet{Level: "village", Quarter: 20263, AsOf: at("2026-09-20 09:30:00.000"), Villages: []report.VillageRow{row("红柳村", "model", good)}, Sum: good}
	got = report.Findings(alone, report.Sheet{})
	want = []string{"户参与率 80.0%（80 / 100 户）；上季度没有数据可以比较。", "本季度加分 300 件，兑换 40 户次。", "本村加分、公示、兑换都有，没有缺项。"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if more := report.Findings(alone, alone); !strings.Contains(more[0], "没有指标比上季度好转") || !strings.Contains(more[1], "没有指标比上季度变差") {
		t.Errorf("nothing moved, yet: %s", more)
	}
}
