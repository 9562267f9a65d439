package scheme_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

const simple = "类别,项目,分值,上限,周期\n美丽庭院,庭院整洁,5,40,年\n美丽庭院,门前三包,2,,每月\n公益,义务修渠,50-100,,\n"

func TestPreviewUnderstandsWhatVillagesWrite(t *testing.T) {
	for _, c := range []struct{ head, row, want string }{
		{"项目,分值", "清扫巷道,５", "每次 5 分"},
		{"项目,分值", "捡垃圾,0.1分/次", "每次 0.1 分"},
		{"项目,分值,单位", "义务修渠,15,天", "每天 15 分"},
		{"项目,分值", "见义勇为,50—100分", "每次 50—100 分"},
		{"项目,分值", "参军,200/300/500", "每次 200、300 或 500 分"},
		{"项目,分值", "其他好事,不超过20", "每次 不超过 20 分"},
		{"项目,分值,上限,周期", "捐款,5,40,年", "每次 5 分，每户每年最多 40 分"},
		{"项目,分值,年度上限", "捐款,5,40", "每次 5 分，每户每年最多 40 分"},
		{"项目,分值,次数上限,周期", "捐款,5,3,每月", "每次 5 分，每户每月最多 3 次"},
		{"项目,分值,频次", "庭院整洁,5,每月1次", "每次 5 分，每户每月最多 1 次"},
		{"项目,分值,备注", "开会,2,每月限2次", "每次 2 分，每户每月最多 2 次"},
		{"项目,分值,备注", "开会,2,每人每季度最多１０分", "每次 2 分，每人每季度最多 10 分"},
		{"项目,分值,单位,周期", "致富带头,10,一个年度,年", "每次 10 分，每户每年最多 1 次"},
		{"项目,分值,备注", "建档,10,一次性", "每次 10 分，每户总共最多 1 次"},
		{"项目,分值", "乱倒垃圾,扣10分", "每次扣 10 分；只计数，不公开明细"},
		{"项目,分值,方向", "每月基础分,50,基础分", "基础分 50 分，只计荣誉，不能兑换"},
		{"项目,分值,方向", "开户赠送,10,赠送", "赠送 10 分，不算荣誉"},
		{"项目,加分,扣分", "乱堆乱放,,5", "每次扣 5 分；只计数，不公开明细"},
		{"项目,分值", "婚事新办不收彩礼,30", "每次 30 分；只计数，不公开明细"},
		{"项目,分值,是否公开", "邻里纠纷调解,10,公开", "每次 10 分"},
	} {
		p := preview(t, csv(t, c.head+"\n"+c.row+"\n另一件事,1\n"), scheme.Choice{})
		if got := p.Rows[0].Understood; got != c.want || len(p.Rows[0].Unclear) > 0 {
			t.Errorf("%s / %s: understood as %q (unclear %q), want %q", c.head, c.row, got, p.Rows[0].Unclear, c.want)
		}
	}
}

func TestPreviewKeepsLimitsItCannotReadForAPerson(t *testing.T) {
	text := "项目,分值,上限,备注\n捐款,5,20,\n开会,2,,每学期最多3次\n修路,3,不限,\n"
	p := preview(t, csv(t, text), scheme.Choice{})
	if p.Unclear() != 2 || p.Rows[0].Draft.Capped() || p.Rows[1].Draft.Capped() || len(p.Rows[2].Unclear) != 0 {
		t.Fatalf("unclear %d: %+v", p.Unclear(), p.Rows)
	}
	p = preview(t, csv(t, text), scheme.Choice{Settled: map[int]scheme.Cap{2: {Points: 2000, Period: "year"}, 3: {}}})
	if p.Unclear() != 0 || p.Rows[0].Understood != "每次 5 分，每户每年最多 20 分" || p.Rows[1].Draft.Capped() {
		t.Fatalf("settled: %+v", p.Rows)
	}
}

func TestPreviewReadsAWorkbookWithAllTheMess(t *testing.T) {
	f := excelize.NewFile()
	rows := [][]any{
		{"青石村积分制管理细则"}, {"（2026年村民代表会议通过）"}, {},
		{"序号", "项目", "内容", "得分标准", "上限", "备注"},
		{1, "移风易俗", "婚事新办", "50-100分", "每年40分", "双方确认"},
		{2, nil, "丧事简办", 30, nil, "村委确认"},
		{3, "志愿服务", "清扫巷道", "5分/人次", nil, "每人每月限2次"},
		{4, nil, "清扫巷道", "5分/人次", nil, "照片"},
		{"扣分项目"},
		{5, "环境卫生", "乱堆乱放", 10, nil, nil},
		{"合计", nil, nil, 200},
	}
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		f.SetSheetRow("Sheet1", cell, &row)
	}
	f.MergeCell("Sheet1", "A1", "F1")
	f.MergeCell("Sheet1", "B5", "B6")
	f.MergeCell("Sheet1", "B7", "B8")
	f.MergeCell("Sheet1", "E5", "E6")
	f.MergeCell("Sheet1", "A9", "F9")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read("细则.xlsx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	p := preview(t, table, scheme.Choice{})
	var got []string
	for _, r := range p.Rows {
		got = append(got, fmt.Sprintf("%d %s·%s %s", r.Row, r.Draft.Category, r.Draft.Item, r.Understood))
	}
	want := []string{
		"5 移风易俗·婚事新办 每次 50—100 分，每户每年最多 40 分（“婚事新办”等几项合计）",
		"6 移风易俗·丧事简办 每次 30 分，每户每年最多 40 分（“婚事新办”等几项合计）",
		"7 志愿服务·清扫巷道 每人次 5 分，每人每月最多 2 次",
		"8 志愿服务·清扫巷道 每人次 5 分",
		"10 环境卫生·乱堆乱放 每次扣 10 分；只计数，不公开明细",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPreviewReadsTheTablesOfRealVillages(t *testing.T) {
	for _, c := range []struct {
		file                   string
		rules, private, warned int
	}{{"rules-luoyu.csv", 29, 9, 3}, {"rules-household.csv", 17, 4, 0}} {
		b, err := os.ReadFile(filepath.Join("..", "sheet", "testdata", c.file))
		if err != nil {
			t.Fatal(err)
		}
		table, err := sheet.Read(c.file, b)
		if err != nil {
			t.Fatal(err)
		}
		p := preview(t, table, scheme.Choice{})
		private, warned := 0, 0
		for _, r := range p.Rows {
			if r.Draft.Private {
				private++
			}
			if len(r.Warnings) > 0 {
				warned++
			}
		}
		if len(p.Rows) != c.rules || private != c.private || warned != c.warned || p.Unclear() != 0 {
			t.Errorf("%s: %d rules, %d private, %d warned, %d unclear", c.file, len(p.Rows), private, warned, p.Unclear())
		}
	}
}

func TestPreviewNamesBadRowsAndImportsNone(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	table := csv(t, "项目,分值,方向\n清扫,很多,加分\n,5,加分\n开会,5,随便\n修路,5,加分\n")
	p, err := scheme.PreviewRules(table, scheme.Choice{})
	if err != nil || len(p.Problems) != 3 {
		t.Fatalf("%v: %v", err, p.Problems)
	}
	if want := "共 4 行，3 行有误（第 2、3、4 行），一行都没有导入"; p.Summary != want {
		t.Errorf("summary %q, want %q", p.Summary, want)
	}
	_, err = scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Table: table})
	if models.KindOf(err) != models.Input {
		t.Fatalf("imported all the same: %v", err)
	}
	v, err := scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Table: table, Choice: scheme.Choice{Skip: []int{2, 3, 4}}})
	if err != nil {
		t.Fatal(say(err))
	}
	if rules, _ := scheme.Rules(t.Context(), d, village, v.ID); len(rules) != 1 {
		t.Errorf("%d rules, want the one that was right", len(rules))
	}
}

func TestWarnTellsWhatTheLawForbids(t *testing.T) {
	for item, want := range map[string]string{
		"积分低的取消低保": "低保", "首次登录": "登录", "转发公众号文章": "转发", "参加礼拜": "信仰", "无偿献血": "健康", "优先办证": "办证", "上报征信": "信用", "庭院整洁": "", "考上大学": "", "低 保户优先": "低保", "下载ＡＰＰ": "安装", "学籍挂钩": "上学", "按族别加分": "民族", "扣集体分红": "低保", "参加公益理发": "",
	} {
		got := strings.Join(scheme.Warn(item, ""), "；")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want something about %q", item, got, want)
		}
	}
}
