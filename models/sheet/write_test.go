package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pointstore/models"
)

var balances = Sheet{
	Name: "余额", TitleRow: "青石村积分余额", Freeze: true,
	Columns: []Col{{Head: "户号"}, {Head: "户主"}, {Head: "积分", Kind: AsPoints}, {Head: "金额（元）", Kind: AsMoney}, {Head: "比例", Kind: AsPercent}, {Head: "日期", Kind: AsDate}, {Head: "=1+1", Kind: AsNumber}},
	Rows: [][]any{
		{"001", "=HYPERLINK(\"x\")", models.Points(250), models.Fen(1250), 0.683, models.Date("2026-11-23"), 1280},
		{"002", "＋王\x01军", models.Points(-500), models.Fen(0), nil, "", int64(-3)},
	},
	Totals: []any{"合计", "", models.Points(-250), models.Fen(1250)},
	Foot:   []string{"填表人：        审核人："},
	Notes:  []string{"说明：按 2026-11-23 的账本"},
}

func openBack(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestWriteMakesNumbersNumbersAndTextText(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, Book{Title: "余额", Sheets: []Sheet{balances, {Name: "余额"}, {Name: "a/b:c*"}}}); err != nil {
		t.Fatal(err)
	}
	f := openBack(t, b.Bytes())
	want(t, "sheets", strings.Join(f.GetSheetList(), "|"), "余额|余额(2)|abc")
	for cell, w := range map[string]string{
		"A1": "青石村积分余额", "A3": "001", "B3": `=HYPERLINK("x")`, "G2": "=1+1", "B4": "＋王军",
		"C3": "2.5", "C4": "-5", "D3": "12.50", "D4": "0.00", "E3": "68.3%", "F3": "2026-11-23", "G3": "1,280", "G4": "-3", "A5": "合计", "C5": "-2.5", "A7": "说明：按 2026-11-23 的账本",
	} {
		got, err := f.GetCellValue("余额", cell)
		if err != nil || got != w {
			t.Errorf("%s = %q, %v; want %q", cell, got, err, w)
		}
		if formula, _ := f.GetCellFormula("余额", cell); formula != "" {
			t.Errorf("%s is a formula: %s", cell, formula)
		}
	}
	for cell, w := range map[string]excelize.CellType{"A3": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString, "C3": excelize.CellTypeUnset, "F3": excelize.CellTypeUnset} {
		if got, _ := f.GetCellType("余额", cell); got != w {
			t.Errorf("%s has type %v, want %v", cell, got, w)
		}
	}
}

func TestWriteSetsUpPaper(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, Book{Sheets: []Sheet{balances}}); err != nil {
		t.Fatal(err)
	}
	f := openBack(t, b.Bytes())
	layout, err := f.GetPageLayout("余额")
	if err != nil || *layout.Size != 9 || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
		t.Errorf("layout %+v, %v", layout, err)
	}
	if props, err := f.GetSheetProps("余额"); err != nil || props.FitToPage == nil || !*props.FitToPage {
		t.Errorf("the page is not fitted: %v", err)
	}
	if names := f.GetDefinedName(); len(names) != 1 || names[0].RefersTo != "'余额'!$1:$2" {
		t.Errorf("repeated rows: %+v", names)
	}
	if panes, err := f.GetPanes("余额"); err != nil || !panes.Freeze || panes.YSplit != 2 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}

func TestWriteGivesTheSameBytesTwice(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := Write(w, Book{Title: "余额", Sheets: []Sheet{balances, {Name: "二"}}}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two writings of one book differ")
	}
}

func TestWriteCSVKeepsFormulasFromRunning(t *testing.T) {
	var b bytes.Buffer
	s := Sheet{Columns: []Col{{Head: "名称"}, {Head: "积分", Kind: AsPoints}}, Rows: [][]any{
		{"=1+1", models.Points(-250)}, {"＝1", 5}, {"+86", nil}, {"-2", 0}, {"@x", 0}, {"\t=1", 0}, {"\r=1", 0}, {"  =1", 0}, {"王军", models.Points(128000)}, {"a,\"b\"", 0},
	}}
	if err := WriteCSV(&b, s); err != nil {
		t.Fatal(err)
	}
	want(t, "csv", b.String(), "\uFEFF名称,积分\r\n'=1+1,-2.5\r\n'＝1,5\r\n'+86,\r\n'-2,0\r\n'@x,0\r\n'\t=1,0\r\n'=1,0\r\n'  =1,0\r\n王军,1280\r\n\"a,\"\"b\"\"\",0\r\n")

	tab := mustRead(t, "back.csv", b.Bytes())
	want(t, "read back", tab.Rows[0].Cell(0)+"|"+tab.Rows[2].Cell(0)+"|"+tab.Rows[0].Cell(1), "=1+1|+86|-2.5")
}

func TestWriteMarkedNamesTheRowAndCanBeMended(t *testing.T) {
	up := workbookOf(t, func(f *excelize.File) {
		fillRows(t, f, "Sheet1", []any{"青石村名单"}, []any{}, []any{"户号", "户主", "手机号", "民族"}, []any{"001", "王军", "1.38E+10", "回"}, []any{"", "=李", 13800138000, "汉"})
		mergeCells(t, f, "Sheet1", "A1:D1", "A4:A5")
	})
	tab := mustRead(t, "户.xlsx", up)
	m := tab.Match(houseWants, nil)
	_, p := m.Phone(tab.Rows[0], "phone")
	var b bytes.Buffer
	if err := WriteMarked(&b, tab, []Problem{*p, m.Wrong(tab.Rows[0], "number", "写了两次")}); err != nil {
		t.Fatal(err)
	}
	f := openBack(t, b.Bytes())
	got, err := f.GetCellValue("Sheet1", "A4")
	want(t, "reason", fmt.Sprint(got, err), "“手机号”被表格改成 1.38E+10，请把该列设为文本；“户号”写了两次<nil>")
	bad, _ := f.GetCellStyle("Sheet1", "C4")
	good, _ := f.GetCellStyle("Sheet1", "C5")
	if bad == good {
		t.Error("the bad row looks like the good one")
	}

	again := mustRead(t, "标红.xlsx", b.Bytes())
	m = again.Match(houseWants, nil)
	want(t, "columns", headsOf(again.Columns), "问题|户号|户主|手机号")
	if again.Header != 3 || m.Columns["number"] != 1 || again.Rows[1].Number != 5 || m.Get(again.Rows[1], "number") != "001" || m.Get(again.Rows[1], "head") != "=李" || m.Get(again.Rows[1], "phone") != "13800138000" {
		t.Errorf("read back: header %d, %v, rows %v", again.Header, m.Columns, again.Rows)
	}
}
