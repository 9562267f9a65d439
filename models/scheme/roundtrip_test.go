package scheme_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

// anyRule draws a rule of any kind with names as villages write them.
func anyRule(t *rapid.T, i int) scheme.Draft {
	points := func(name string, most int64) models.Points {
		return models.Points(rapid.Int64Range(1, most).Draw(t, name))
	}
	d := scheme.Draft{Category: rapid.SampledFrom([]string{"美丽庭院", "移风易俗", "志愿服务", "其他"}).Draw(t, "category")}
	d.Item = rapid.SampledFrom([]string{"庭院整洁", "婚事新办", "清扫（含巷道）", "参加会议、夜校", "1 号渠清淤", "上网课"}).Draw(t, "item") + fmt.Sprint("之", i)
	d.Direction = scheme.Plus
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		d.PointsMin = points("points", 100_000)
	case 1:
		d.PointsMin = points("low", 5_000)
		d.PointsMax = d.PointsMin + points("span", 5_000)
	case 2:
		d.PointsMax = points("most", 5_000)
	case 3:
		for range rapid.IntRange(2, 6).Draw(t, "choices") {
			d.Choices = append(d.Choices, points("choice", 50_000))
		}
	case 4:
		d.BandBy, d.Unit = scheme.ByAmount, rapid.SampledFrom([]string{"小时", "元", "趟", "公里", ""}).Draw(t, "unit")
		d.Bands = anyBands(t, points)
	case 5:
		d.BandBy, d.Bands = scheme.ByMonth, anyBands(t, points)
		d.CapTimes, d.CapPeriod = 1, "month"
	case 6:
		d.BandBy = scheme.ByLevel
		for _, name := range []string{"国家级", "省级（含自治区）", "一等奖", "县、乡级"}[:rapid.IntRange(2, 4).Draw(t, "levels")] {
			d.Bands = append(d.Bands, scheme.Band{Name: name, Points: points("band", 9_000)})
		}
	case 7:
		d.FullPoints = 1000 + points("full", 9_000)
		d.FaultPoints = points("fault", 1000)
		for _, name := range []string{"门前有垃圾", "杂物、柴草乱堆", "畜禽散养"}[:rapid.IntRange(0, 3).Draw(t, "faults")] {
			d.Faults = append(d.Faults, scheme.Fault{Name: name, Points: models.Points(rapid.Int64Range(0, 1000).Draw(t, "cost"))})
		}
	}
	if d.BandBy != scheme.ByMonth && d.FullPoints == 0 {
		d.Direction = rapid.SampledFrom([]string{scheme.Plus, scheme.Plus, scheme.Minus}).Draw(t, "direction")
	}
	if d.CapPeriod == "" && rapid.Bool().Draw(t, "capped") {
		d.CapTimes = rapid.IntRange(0, 9).Draw(t, "times")
		d.CapPoints = models.Points(rapid.Int64Range(0, 9_000).Draw(t, "cap"))
		d.CapPeriod = rapid.SampledFrom([]string{"day", "week", "month", "quarter", "year", "life"}).Draw(t, "period")
		d.CapPer = rapid.SampledFrom([]string{"household", "member"}).Draw(t, "per")
	}
	d.OnceGroup = rapid.SampledFrom([]string{"", "", "表彰"}).Draw(t, "once")
	d.Recorders = slices.Clone(rapid.SampledFrom([][]string{nil, {"committee"}, {"grid", "household"}}).Draw(t, "recorders"))
	d.Private = rapid.Bool().Draw(t, "private")
	d.Note = rapid.SampledFrom([]string{"", "村民代表会议通过", "照片 2 张"}).Draw(t, "note")
	return d
}

func anyBands(t *rapid.T, points func(string, int64) models.Points) []scheme.Band {
	var list []scheme.Band
	at := models.Qty(rapid.SampledFrom([]int64{1, 50, 400}).Draw(t, "start"))
	for range rapid.IntRange(1, 5).Draw(t, "bands") {
		list = append(list, scheme.Band{At: at, Points: points("band", 9_000)})
		at += models.Qty(rapid.Int64Range(1, 500_000).Draw(t, "step"))
	}
	return list
}

func TestRulesBookComesBackWhateverTheRules(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	var last []scheme.Rule
	rapid.Check(t, func(t *rapid.T) {
		var changes []scheme.Change
		for _, r := range last {
			changes = append(changes, scheme.Change{Rule: r.ID, Remove: true})
		}
		for i := range rapid.IntRange(1, 8).Draw(t, "rules") {
			changes = append(changes, scheme.Change{Draft: anyRule(t, i)})
		}
		v, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, changes, scheme.Adoption{Complete: true})
		if err != nil {
			t.Fatal(say(err))
		}
		last, _ = scheme.Rules(t.Context(), d, village, v.ID)
		book, err := scheme.RulesBook(t.Context(), d, village, v.ID)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := sheet.Write(&b, book); err != nil {
			t.Fatal(err)
		}
		table, err := sheet.Read("导出.xlsx", b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		p, err := scheme.PreviewRules(table, scheme.Choice{})
		if err != nil || p.Ready() != nil || p.Unclear() != 0 || len(p.Rows) != len(last) {
			t.Fatalf("%v %v, %d rows of %d, unclear %d: %v", err, p.Ready(), len(p.Rows), len(last), p.Unclear(), p.Problems)
		}
		for i, r := range last {
			r.Village, r.ID, r.VersionID, r.OriginID, r.CategoryID, r.Position = 0, 0, 0, 0, 0, 0
			if got := fmt.Sprintf("%+v", p.Rows[i].Draft.Rule); got != fmt.Sprintf("%+v", r) {
				t.Fatalf("came back as\n%s, went out as\n%+v", got, r)
			}
		}
	})
}
