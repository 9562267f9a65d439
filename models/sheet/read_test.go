package sheet

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"pointstore/models"
)

var ruleWants = []Want{
	{Key: "category", Title: "类别", Aliases: []string{"分类", "大类"}},
	{Key: "item", Title: "项目", Aliases: []string{"事项", "积分项目", "内容"}, Required: true},
	{Key: "points", Title: "分值", Aliases: []string{"积分", "分数", "标准"}, Required: true},
	{Key: "unit", Title: "单位"},
	{Key: "cap", Title: "上限", Aliases: []string{"封顶"}},
	{Key: "period", Title: "周期", Aliases: []string{"频次"}},
	{Key: "notes", Title: "备注", Aliases: []string{"说明"}},
}

var houseWants = []Want{
	{Key: "number", Title: "户号", Aliases: []string{"编号", "户编号"}, Required: true},
	{Key: "head", Title: "户主", Aliases: []string{"户主姓名"}, Required: true},
	{Key: "member", Title: "成员姓名", Aliases: []string{"姓名", "家庭成员"}},
	{Key: "phone", Title: "手机号", Aliases: []string{"联系电话", "电话"}},
	{Key: "group", Title: "组", Aliases: []string{"村民组"}},
	{Key: "joined", Title: "参加日期"},
}

func TestReadFindsTheTableInAVillagesWorkbook(t *testing.T) {
	b := workbookOf(t, func(f *excelize.File) {
		fillRows(t, f, "Sheet1",
			[]any{"青石村积分管理细则（试行）"},
			[]any{"2026年3月村民代表会议通过"},
			[]any{},
			[]any{"类  别", "积分项目", "分值（分）", "上限", "频次", "备\n注"},
			[]any{"环境卫生", "门前三包", "2分/次", "每年不超过20分", "每月限2次", ""},
			[]any{"", "参加清扫", 0.5, "", "", "需照片"},
			[]any{"移风易俗", "喜事新办", "50—100", "", "一次性", ""},
			[]any{"合计", "", 52.5},
			[]any{"注：本细则由村委会解释"},
		)
		mergeCells(t, f, "Sheet1", "A1:F1", "A2:F2", "A5:A6", "D5:D6", "A9:F9")
	})
	tab := mustRead(t, "细则.xlsx", b)
	m := tab.Match(ruleWants, nil)

	if tab.Header != 4 || tab.Sheet != "Sheet1" {
		t.Errorf("header in row %d of %q", tab.Header, tab.Sheet)
	}
	want(t, "titles", strings.Join(tab.Titles, "|"), "青石村积分管理细则（试行）|2026年3月村民代表会议通过")
	want(t, "columns", headsOf(tab.Columns), "类别|积分项目|分值(分)|上限|频次|备注")
	want(t, "rows", rowsOf(tab), "5:环境卫生,门前三包,2分/次,每年不超过20分,每月限2次\n6:环境卫生,参加清扫,0.5,每年不超过20分,,需照片\n7:移风易俗,喜事新办,50—100,,一次性")
	want(t, "left", leftOf(tab), "8 合计行; 9 说明文字")
	if a, b := tab.Rows[0].Merged[3], tab.Rows[1].Merged[3]; a != 5 || b != 5 {
		t.Errorf("the shared cap is not one cell: %d, %d", a, b)
	}
	if len(m.Missing) > 0 || m.Get(tab.Rows[1], "points") != "0.5" || m.Get(tab.Rows[0], "period") != "每月限2次" {
		t.Errorf("mapping %+v", m)
	}
}

func TestReadJoinsTwoHeaderRows(t *testing.T) {
	rows := [][]any{
		{"户号", "户主", "家庭成员", "", "地址"},
		{"", "", "姓名", "电话", ""},
		{"001", "马·阿卜杜拉", "马·阿卜杜拉", "13800138000", "1组"},
		{"", "", "马小花", "", ""},
		{"002", "𠮷田", "𠮷田", "", "2组"},
	}
	b := workbookOf(t, func(f *excelize.File) {
		fillRows(t, f, "Sheet1", rows...)
		mergeCells(t, f, "Sheet1", "A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:A4", "B3:B4")
	})
	tab := mustRead(t, "户.xlsx", b)
	m := tab.Match(houseWants, nil)
	want(t, "xlsx columns", headsOf(tab.Columns), "户号|户主|家庭成员/姓名|家庭成员/电话|地址")
	want(t, "xlsx rows", rowsOf(tab), "3:001,马·阿卜杜拉,马·阿卜杜拉,13800138000,1组\n4:001,马·阿卜杜拉,马小花\n5:002,𠮷田,𠮷田,,2组")
	if m.Columns["member"] != 2 || m.Columns["phone"] != 3 || m.Columns["head"] != 1 {
		t.Errorf("mapping %v", m.Columns)
	}

	text := "户号,户主,家庭成员,,地址\n,,姓名,电话,\n001,马·阿卜杜拉,马·阿卜杜拉,13800138000,1组\n,,马小花,,\n"
	tab = mustRead(t, "户.csv", []byte(text))
	m = tab.Match(houseWants, nil)
	want(t, "csv columns", headsOf(tab.Columns), "户号|户主|家庭成员/姓名|家庭成员/电话|地址")
	tab.FillDown(m.Columns["number"])
	want(t, "csv rows", rowsOf(tab), "3:001,马·阿卜杜拉,马·阿卜杜拉,13800138000,1组\n4:001,,马小花")
}

func TestReadTakesTextInEveryEncoding(t *testing.T) {
	const text = "户号,户主,手机号\r\n００１,𠮷田·马,１３８００１３８０００\r\n\r\n2,\"丁\r\n一\",\r\n3,王,\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	tabs := strings.ReplaceAll(text, ",", "\t")
	for name, b := range map[string][]byte{
		"utf-8": []byte(text), "with a mark": []byte("\uFEFF" + text), "gb18030": gb, "semicolons": []byte(strings.ReplaceAll(text, ",", ";")),
		"unicode text": utf16Of(tabs, true), "utf-16 big": utf16Of(text, false), "utf-16 unmarked": utf16Of(tabs, true)[2:], "sep line": []byte("sep=;\r\n" + strings.ReplaceAll(text, ",", ";")),
	} {
		tab := mustRead(t, name, b)
		m := tab.Match(houseWants, nil)
		want(t, name, rowsOf(tab), "2:００１,𠮷田·马,１３８００１３８０００\n4:2,丁\n一\n5:3,王")
		if phone, p := m.Phone(tab.Rows[0], "phone"); phone != "13800138000" || p != nil {
			t.Errorf("%s: phone %q, %v", name, phone, p)
		}
	}
}

func utf16Of(s string, little bool) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune("\uFEFF" + s)) {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return b
}

func TestReadKeepsWhatWasTyped(t *testing.T) {
	b := workbookOf(t, func(f *excelize.File) {
		fillRows(t, f, "Sheet1", []any{"户号", "户主", "手机号", "参加日期", "余额"}, []any{12, "王军", 13800138000, 45658, 0.1 + 0.2}, []any{"013", "李梅", "138 0013 8001", "2025年1月2日", "1,280.5"})
		style := func(cell, code string) {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellStyle("Sheet1", cell, cell, id); err != nil {
				t.Fatal(err)
			}
		}
		style("A2", "000")
		style("D2", "yyyy\"年\"m\"月\"d\"日\"")
	})
	tab := mustRead(t, "a.xlsx", b)
	want(t, "rows", rowsOf(tab), "2:012,王军,13800138000,2025-01-01,0.3\n3:013,李梅,138 0013 8001,2025年1月2日,1,280.5")
	m := tab.Match(append(houseWants, Want{Key: "balance", Title: "余额"}), nil)
	if d, p := m.Date(tab.Rows[1], "joined"); d != "2025-01-02" || p != nil {
		t.Errorf("date %q %v", d, p)
	}
	if n, p := m.Points(tab.Rows[1], "balance"); n != 128050 || p != nil {
		t.Errorf("points %v %v", n, p)
	}
}

func TestReadChoosesTheSheet(t *testing.T) {
	b := workbookOf(t, func(f *excelize.File) {
		for _, n := range []string{"字典", "户", "规则"} {
			if _, err := f.NewSheet(n); err != nil {
				t.Fatal(err)
			}
		}
		fillRows(t, f, "字典", []any{"类别", "单位"}, []any{"卫生", "次"})
		fillRows(t, f, "户", []any{"户号", "户主"}, []any{"1", "王军"})
		fillRows(t, f, "规则", []any{"项目", "分值"}, []any{"清扫", "5"})
		if err := f.SetSheetVisible("字典", false); err != nil {
			t.Fatal(err)
		}
	})
	tab := mustRead(t, "a.xlsx", b)
	want(t, "sheets", strings.Join(tab.Sheets, "|"), "Sheet1|字典|户|规则")
	want(t, "first visible with content", tab.Sheet, "户")
	tab, err := ReadSheet("a.xlsx", b, 3)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "chosen", tab.Sheet+" "+rowsOf(tab), "规则 2:清扫,5")
	if _, err := ReadSheet("a.xlsx", b, 9); !errors.Is(err, ErrNoSheet) {
		t.Errorf("sheet 9: %v", err)
	}
	if _, err := ReadSheet("a.xlsx", b, 0); !errors.Is(err, ErrEmpty) {
		t.Errorf("empty sheet: %v", err)
	}
}

func TestReadPutsRowsUnderTheirSection(t *testing.T) {
	tab := mustRead(t, "a.csv", []byte("单位：青石村,时间：三月,,\n序号,项目,分值,备注\n一、环境卫生,,,\n1,清扫,5,\n序号,项目,分值,备注\n二、移风易俗,,,\n2,喜事新办,50,\n3,,,\n小计,,55,\n备注：以上由村委会解释,,,\n填表人：王军,,审核人：李梅,\n"))
	want(t, "rows", rowsOf(tab), "4:1,清扫,5\n7:2,喜事新办,50")
	want(t, "sections", tab.Rows[0].Section+"|"+tab.Rows[1].Section, "一、环境卫生|二、移风易俗")
	want(t, "left", leftOf(tab), "3 分段标题; 5 重复的表头; 6 分段标题; 8 只有序号的空行; 9 合计行; 10 说明文字; 11 说明文字")
}

func TestReadNamesCellsThatHoldNothing(t *testing.T) {
	b := workbookOf(t, func(f *excelize.File) {
		fillRows(t, f, "Sheet1", []any{"户号", "余额", "身份证号"}, []any{"1", 5}, []any{"2"}, []any{"合计"})
		for _, cell := range []string{"B3", "C3", "B4"} { // the last two do not matter: dropped, and a total
			if err := f.SetCellFormula("Sheet1", cell, "SUM(B2:B2)"); err != nil {
				t.Fatal(err)
			}
		}
	})
	tab := mustRead(t, "a.xlsx", b)
	if len(tab.Problems) != 1 {
		t.Fatalf("problems %v", tab.Problems)
	}
	want(t, "problem", tab.Problems[0].String(), "第 3 行“余额”里是公式但没有结果，请用 Excel 或 WPS 打开，保存一次再导入")
}

func TestReadRefusesWhatIsNoTable(t *testing.T) {
	word := workbookOf(t, func(*excelize.File) {})
	for name, c := range map[string]struct {
		b    string
		kind models.Kind
		say  string
	}{
		"old.xls":      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 Workbook", models.WrongType, ".xls"},
		"locked.xlsx":  {"\xD0\xCF\x11\xE0" + string(wide("EncryptedPackage")), models.WrongType, "密码"},
		"a.docx":       {"PK\x03\x04....word/document.xml", models.WrongType, "Word"},
		"a.pdf":        {"%PDF-1.7", models.WrongType, "PDF"},
		"a.jpg":        {"\xFF\xD8\xFF\xE0", models.WrongType, "图片"},
		"web.xls":      {"<html><table>", models.WrongType, "网页"},
		"torn.xlsx":    {string(word[:len(word)/2]) + "xl/workbook.xml", models.Input, "打不开"},
		"empty.csv":    {" \r\n\t", models.Input, "没有内容"},
		"commas.csv":   {",,,\n,,,\n", models.Input, "没有内容"},
		"binary.csv":   {"a,b\n\x00\x01\x02,\xFF\xFE", models.Input, "认不出"},
		"empty.xlsx":   {string(word), models.Input, "没有内容"},
		"longcell.csv": {"户号,户主\n1," + strings.Repeat("王", MaxCell+1), models.TooLarge, "第 2 行 B 列"},
	} {
		_, err := Read(name, []byte(c.b))
		var e *models.Error
		if !errors.As(err, &e) || e.Kind != c.kind || !strings.Contains(e.Say, c.say) || !strings.Contains(e.Say, "没有导入") {
			t.Errorf("%s: %v %+v", name, err, e)
		}
	}
}

func TestReadUnderstandsRealTables(t *testing.T) {
	for name, n := range map[string]int{"rules-luoyu.csv": 29, "rules-household.csv": 17, "goods-luoyu.csv": 6, "goods-shuangzhai.csv": 3} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		tab := mustRead(t, name, b)
		m := tab.Match(ruleWants, nil)
		if tab.Header != 1 || len(tab.Rows) != n || len(tab.Left)+len(m.Missing)+len(tab.Dropped) > 0 {
			t.Errorf("%s: header %d, %d rows, left %v, missing %v, dropped %v", name, tab.Header, len(tab.Rows), tab.Left, m.Missing, tab.Dropped)
		}
		for _, r := range tab.Rows {
			if a, err := Number(m.Get(r, "points")); err != nil || !a.Single() {
				t.Errorf("%s row %d: %v %v", name, r.Number, a, err)
			}
		}
	}
}
