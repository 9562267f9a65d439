package scheme_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

func TestPreviewReadsBandsFaultsAndCategoryCaps(t *testing.T) {
	for _, c := range []struct{ head, row, want string }{
		{"项目,分值", "志愿服务,4小时1分；10小时2分；20小时5分", "满 4 小时 1 分、满 10 小时 2 分、满 20 小时 5 分"},
		{"项目,分值,备注", "志愿服务,满４ｈ→１；满１０ｈ→２,每人每年最多20分", "满 4 小时 1 分、满 10 小时 2 分，每人每年最多 20 分"},
		{"项目,分值,上限,周期", "捐款捐物,1000元以下1分；1000—5000元2分；5000元以上5分,40,年", "起步 1 分、满 1,000 元 2 分、满 5,000 元 5 分，每户每年最多 40 分"},
		{"项目,分值", "获得表彰,国家级50分、省级30分、市级20分", "国家级 50 分、省级 30 分、市级 20 分"},
		{"项目,分值", "月度奖励,月得分80分以上奖200分；90分以上奖300分", "当月满 80 分 200 分、当月满 90 分 300 分，每户每月最多 1 次"},
		{"项目,分值,单位", "得分奖励,满80分200、满90分300,月", "当月满 80 分 200 分、当月满 90 分 300 分，每户每月最多 1 次"},
		{"项目,分值", "庭院整洁,满分10分，每处扣0.5分", "满分 10 分，每处扣 0.5 分"},
		{"项目,分值,扣分标准", "庭院整洁,10,发现一处不合格扣0.5分，扣完为止", "满分 10 分，每处扣 0.5 分"},
		{"项目,满分,扣分", "庭院整洁,１０,0.5", "满分 10 分，每处扣 0.5 分"},
		{"项目,分值,备注", "庭院整洁,10,满分10分；门前有垃圾扣1分；每月限2次", "满分 10 分（门前有垃圾扣 1 分），每户每月最多 2 次"},
		{"项目,分值,备注", "门前三包,10,每发现一处扣0.5分，扣完为止", "满分 10 分，每处扣 0.5 分"},
		{"项目,分值", "厕所,10分（每缺一项扣2分）", "满分 10 分，每处扣 2 分"},
		{"项目,分值,单位", "捐款,每捐100元计1分,元", "每100元 1 分"},
		{"项目,分值", "志愿服务,每满4小时加0.5分", "每4小时 0.5 分"},
		{"项目,分值,谁来记", "捡垃圾,1,网格员或农户自己报", "每次 1 分；网格员、农户自己报记"},
	} {
		rows := make([]string, 0, 3)
		for _, cell := range strings.Split(c.row, ",") {
			rows = append(rows, `"`+cell+`"`)
		}
		p := preview(t, csv(t, c.head+"\n"+strings.Join(rows, ",")+"\n另一件事,1,1\n"), scheme.Choice{})
		if got := p.Rows[0].Understood; got != c.want || len(p.Rows[0].Unclear) > 0 {
			t.Errorf("%s / %s: understood as %q (unclear %q), want %q", c.head, c.row, got, p.Rows[0].Unclear, c.want)
		}
	}
}

func TestPreviewFoldsTheRowsOfOneItemIntoLevels(t *testing.T) {
	text := "类别,项目,级别,分值,备注\n荣誉,获得表彰,国家级,50,证书\n,,省级,30,\n,,市级,20,\n志愿服务,服务时长,4小时,1,\n,,10小时以上,2,\n荣誉,当兵,三等功,50,\n"
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read("细则.csv", b)
	if err != nil {
		t.Fatal(err)
	}
	p := preview(t, table, scheme.Choice{})
	var got []string
	for _, r := range p.Rows {
		got = append(got, fmt.Sprintf("%d %s·%s %s", r.Row, r.Draft.Category, r.Draft.Item, r.Understood))
	}
	want := "2 荣誉·获得表彰 国家级 50 分、省级 30 分、市级 20 分\n5 志愿服务·服务时长 满 4 小时 1 分、满 10 小时 2 分\n7 荣誉·当兵（三等功） 每次 50 分"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestPreviewReadsWhatCapsAWholeCategory(t *testing.T) {
	for text, want := range map[string]string{
		"类别,项目,分值\n美丽庭院（每户每年最多60分）,庭院整洁,5\n,门前三包,2\n":                "美丽庭院 每户每年最多 60 分",
		"类别,项目,分值,类别上限\n美丽庭院,庭院整洁,5,每月20分\n美丽庭院,门前三包,2,每月20分\n":      "美丽庭院 每户每月最多 20 分",
		"类别,项目,分值,备注\n美丽庭院,庭院整洁,5,本类年度累计不超过40分\n美丽庭院,门前三包,2,每月限2次\n": "美丽庭院 每户每年最多 40 分",
		"上级类别,类别,项目,分值\n人居环境（每季度限3次）,美丽庭院,庭院整洁,5\n,村容,门前三包,2\n":      "人居环境 每户每季度最多 3 次",
		"项目,分值,备注\n一、环境卫生（每人每年封顶30分）,,\n庭院整洁,5,照片\n门前三包,2,照片\n":      "环境卫生 每人每年最多 30 分",
	} {
		p := preview(t, csv(t, text), scheme.Choice{})
		if len(p.Caps) != 1 || p.Unclear() != 0 {
			t.Errorf("%s: %+v, %d unclear", text, p.Caps, p.Unclear())
			continue
		}
		if got := p.Caps[0].Category + " " + p.Caps[0].Cap.Text(); got != want || p.Rows[0].Draft.Capped() {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	p := preview(t, csv(t, "类别,项目,分值\n美丽庭院（每学期最多60分）,庭院整洁,5\n美丽庭院（每学期最多60分）,门前三包,2\n"), scheme.Choice{})
	if len(p.Caps) != 0 || p.Unclear() != 1 || p.Rows[0].Draft.Category != "美丽庭院" {
		t.Errorf("a term no period of ours can hold: %+v, %+v", p.Caps, p.Rows)
	}
}

func TestPreviewFindsWhatScoresOnceForOneAct(t *testing.T) {
	p := preview(t, csv(t, "类别,项目,分值,备注\n荣誉,国家级表彰,50,同一事项按最高级别计分\n荣誉,省级表彰,30,同一事项按最高级别计分\n其他,好人好事,5,就高不就低\n"), scheme.Choice{})
	a, b := p.Rows[0].Draft, p.Rows[1].Draft
	if a.OnceGroup == "" || a.OnceGroup != b.OnceGroup || len(p.Rows[0].Unclear) > 0 {
		t.Errorf("%q and %q, unclear %q", a.OnceGroup, b.OnceGroup, p.Rows[0].Unclear)
	}
	if len(p.Rows[2].Unclear) == 0 || p.Rows[2].Draft.OnceGroup != "" {
		t.Error("a single rule cannot say with which others it is compared")
	}
}

func TestPreviewSaysWhatItLeftOutOfARow(t *testing.T) {
	p := preview(t, csv(t, "项目,加分,扣分\n庭院整洁,5,3\n门前三包,2,\n"), scheme.Choice{})
	if len(p.Rows[0].Unclear) != 1 || !strings.Contains(p.Rows[0].Unclear[0], "3") || len(p.Rows[1].Unclear) != 0 {
		t.Errorf("%q", p.Rows[0].Unclear)
	}
}

// everything is a table in which every kind of rule occurs.
func everything(t *testing.T) sheet.Table {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"青石村积分细则（2026年）"},
		{"上级类别", "类别", "项目", "级别", "分值", "扣分点", "单位", "上限", "周期", "方向", "类别上限", "同一件事", "谁来记", "备注"},
		{"人居环境（每户每年最多１００分）", "美丽庭院", "庭院评分", nil, "满分10分，每处扣0.5分", "门前有垃圾扣1；杂物、柴草乱堆", nil, nil, "每月", nil, "每季度40分", nil, "村委、网格员"},
		{nil, nil, "门前三包", nil, "２"},
		{nil, "村容", "清扫巷道", nil, "满4小时：1；满10小时：2", nil, "小时"},
		{nil, "荣誉", "受表彰", "国家级", 50, nil, nil, nil, nil, nil, nil, "表彰"},
		{nil, nil, nil, "省级", 30, nil, nil, nil, nil, nil, nil, "表彰"},
		{nil, nil, "文明家庭", nil, "200/300/500", nil, nil, nil, "一次性", nil, nil, "表彰"},
		{nil, nil, "月度奖", nil, "当月满80分：200；当月满90分：300"},
		{nil, nil, "捐款", nil, "1000元以下1分，1000元以上2分", nil, nil, "40", "年"},
		{nil, "扣分", "乱倒垃圾", nil, 10, nil, nil, nil, nil, "扣分", nil, nil, nil, "教育不改的"},
		{nil, "基础", "每月基础分", nil, 50, nil, nil, nil, nil, "基础分"},
	} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	f.MergeCell("Sheet1", "A1", "N1")
	f.MergeCell("Sheet1", "A3", "A5")
	f.MergeCell("Sheet1", "B3", "B4")
	f.MergeCell("Sheet1", "C6", "C7")
	f.MergeCell("Sheet1", "B6", "B10")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read("细则.xlsx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestRulesBookComesBackWithBandsFaultsAndTree(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		settle(t, d)
		v, err := scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Table: everything(t)})
		if err != nil {
			t.Fatal(say(err))
		}
		first := told(t, d, v.ID)
		for _, want := range []string{"受表彰 国家级 50 分、省级 30 分", "庭院评分 满分 10 分，每处扣 0.5 分（门前有垃圾扣 1 分），每户每月最多 1 次 [门前有垃圾 杂物、柴草乱堆] 村委、网格员", "捐款 起步 1 分、满 1,000 元 2 分",
			"caps 美丽庭院: 人居环境每户每年最多 100 分 美丽庭院每户每季度最多 40 分", "caps 村容: 人居环境每户每年最多 100 分"} {
			if !strings.Contains(first, want) {
				t.Errorf("%s\nis missing in\n%s", want, first)
			}
		}
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
		if p := preview(t, table, scheme.Choice{}); p.Unclear() != 0 {
			t.Errorf("%d rows came back unclear", p.Unclear())
		}
		again, err := scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Table: table, Adoption: scheme.Adoption{Complete: true}})
		if err != nil {
			t.Fatal(say(err))
		}
		if second := told(t, d, again.ID); second != first {
			t.Errorf("came back as\n%s\nwent out as\n%s", second, first)
		}
		diff, err := scheme.Diff(t.Context(), d, village, v.ID, again.ID)
		if err != nil || len(diff) != 0 {
			t.Errorf("%v: %+v", err, diff)
		}
	})
}

// told is a version in words, with everything that its rules hold.
func told(t *testing.T, d *db.DB, version int64) string {
	t.Helper()
	b, err := scheme.Load(t.Context(), d, village, version)
	if err != nil {
		t.Fatal(err)
	}
	all, err := scheme.Categories(t.Context(), d, village)
	if err != nil {
		t.Fatal(err)
	}
	names := map[int64]string{}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	var s strings.Builder
	for _, r := range b.Rules {
		fmt.Fprintf(&s, "%s·%s %s", names[r.CategoryID], r.Item, r.Text())
		for i, f := range r.Faults {
			s.WriteString(map[bool]string{true: " [", false: " "}[i == 0] + f.Name)
		}
		if len(r.Faults) > 0 {
			s.WriteString("]")
		}
		fmt.Fprintf(&s, " %s %s %v %s %s %s %v %v\n", r.RecordersText(), r.OnceGroup, r.Private, r.Unit, r.Evidence, r.Note, r.Bands, r.Faults)
	}
	for _, c := range all {
		fmt.Fprintf(&s, "caps %s:", c.Name)
		for _, one := range b.CategoryCaps(c.ID) {
			s.WriteString(" " + one.Name + one.Text())
		}
		s.WriteString("\n")
	}
	return s.String()
}

func TestRulesBookOfRealVillagesComesBackTheSame(t *testing.T) {
	for _, file := range []string{"rules-luoyu.csv", "rules-household.csv"} {
		raw, err := os.ReadFile(filepath.Join("..", "sheet", "testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		table, err := sheet.Read(file, raw)
		if err != nil {
			t.Fatal(err)
		}
		d, _ := modelstest.Open(t)
		settle(t, d)
		v, err := scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Table: table})
		if err != nil {
			t.Fatal(say(err))
		}
		book, err := scheme.RulesBook(t.Context(), d, village, v.ID)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := sheet.Write(&b, book); err != nil {
			t.Fatal(err)
		}
		if table, err = sheet.Read("导出.xlsx", b.Bytes()); err != nil {
			t.Fatal(err)
		}
		again, err := scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Table: table})
		if err != nil {
			t.Fatal(say(err))
		}
		if was, is := told(t, d, v.ID), told(t, d, again.ID); was != is {
			t.Errorf("%s came back as\n%s\nwent out as\n%s", file, is, was)
		}
	}
}

func TestImportRefusesKindsThatCannotBe(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	for field, r := range map[string]scheme.Rule{
		"bands":      {Item: "甲", BandBy: scheme.ByLevel, Bands: []scheme.Band{{Name: "省级", Points: 100}, {Name: "省级", Points: 200}}},
		"full":       {Item: "乙", FullPoints: 1000},
		"faults":     {Item: "丙", FullPoints: 1000, FaultPoints: 0, Faults: []scheme.Fault{{Name: "一", Points: 50}, {Name: "二"}}},
		"recorders":  {Item: "丁", PointsMin: 100, Recorders: []string{"clerk"}},
		"once_group": {Item: "戊", PointsMin: 100, OnceGroup: strings.Repeat("长", 65)},
	} {
		_, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, []scheme.Change{{Draft: scheme.Draft{Rule: r}}}, scheme.Adoption{})
		e, ok := err.(*models.Error)
		if !ok || e.Field != field {
			t.Errorf("%s: %s", field, say(err))
		}
	}
}
