package sheet

import (
	"testing"

	"pointstore/models"
)

func TestMatchGuessesColumnsByHeading(t *testing.T) {
	for heads, w := range map[string]map[string]int{
		"category,item,points,unit,cap,period,direction,notes": {"category": 0, "item": 1, "points": 2, "unit": 3, "cap": 4, "period": 5, "notes": 7},
		"序号,类 别,积分事项,积分标准（分）,封顶分值,频次,备注说明":                     {"category": 1, "item": 2, "points": 3, "cap": 4, "period": 5, "notes": 6, "unit": -1},
		"项目,分值": {"item": 0, "points": 1, "category": -1},
		"大类,具体内容,计分标准,计量单位,说明": {"category": 0, "item": 1, "points": 2, "unit": 3, "notes": 4},
	} {
		tab := mustRead(t, "a.csv", []byte(heads+"\n1,2,3,4,5,6,7,8\n"))
		m := tab.Match(ruleWants, nil)
		for key, col := range w {
			if m.Columns[key] != col {
				t.Errorf("%s: %s in column %d, want %d", heads, key, m.Columns[key], col)
			}
		}
	}
}

func TestMatchObeysThePerson(t *testing.T) {
	tab := mustRead(t, "a.csv", []byte("户主,姓名,联系人,电话\n王军,王军,王小军,13800138000\n"))
	m := tab.Match(houseWants, map[string]int{"head": 2, "phone": -1, "group": 99})
	if m.Columns["head"] != 2 || m.Columns["phone"] != -1 || m.Columns["group"] != -1 || m.Columns["member"] != 1 {
		t.Errorf("columns %v", m.Columns)
	}
	want(t, "unused", headsOf(m.Unused), "户主|电话")
	if len(m.Missing) != 1 || m.Missing[0].Key != "number" {
		t.Errorf("missing %v", m.Missing)
	}
}

func TestMatchFindsTheHeaderThatFits(t *testing.T) {
	// The first line looks like headings, the second is what is asked for.
	tab := mustRead(t, "a.csv", []byte("项目,时间,村,备注\n户号,户主姓名,联系电话,村民组\n1,王军,13800138000,3组\n"))
	if tab.Header != 1 {
		t.Fatalf("header %d before it is known what is looked for", tab.Header)
	}
	m := tab.Match(houseWants, nil)
	if tab.Header != 2 || len(tab.Rows) != 1 || len(m.Missing) > 0 || m.Columns["group"] != 3 {
		t.Errorf("header %d, rows %v, mapping %v", tab.Header, tab.Rows, m.Columns)
	}
}

func TestMatchWorksWithoutAnyHeader(t *testing.T) {
	tab := mustRead(t, "a.csv", []byte("1,王军,13800138000\n2,李梅,13800138001\n"))
	m := tab.Match(houseWants, map[string]int{"number": 0, "head": 1})
	if tab.Header != 0 || len(tab.Rows) != 2 || m.Get(tab.Rows[1], "head") != "李梅" {
		t.Errorf("header %d, rows %v, mapping %v", tab.Header, tab.Rows, m)
	}
	want(t, "columns", headsOf(tab.Columns), "第 A 列|第 B 列|第 C 列")
}

func TestMappingRefusesCellsByRowAndColumn(t *testing.T) {
	wants := append(houseWants, Want{Key: "balance", Title: "余额"}, Want{Key: "people", Title: "人口"})
	for cells, say := range map[string]string{
		"1,王军,王军,1.38E+10,,,,":    "第 2 行“手机号”被表格改成 1.38E+10，请把该列设为文本",
		"1,王军,王军,138****8000,,,,": "第 2 行“手机号”是遮住的“138****8000”，请填完整内容，或把这一格清空",
		"1,王*军,王军,,,,,":           "第 2 行“户主”是遮住的“王*军”，请填完整内容，或把这一格清空",
		"1,王军,王军,12345,,,,":       "第 2 行“手机号”要填 11 位手机号或座机号；现在是“12345”",
		"1,王军,王军,,,去年,,":          "第 2 行“参加日期”要像 2026-11-23 这样填；现在是“去年”",
		"1,王军,王军,,,,很多,":          "第 2 行“余额”要填数字，最多两位小数；现在是“很多”",
		"1,王军,王军,,,,,-3":          "第 2 行“人口”要填整数；现在是“-3”",
		"1,13800138000,王军,,,,,":   "第 2 行“户主”要填姓名；现在是“13800138000”，可能列对错了",
	} {
		tab := mustRead(t, "a.csv", []byte("户号,户主,成员姓名,手机号,组,参加日期,余额,人口\n"+cells+"\n"))
		m := tab.Match(wants, nil)
		r := tab.Rows[0]
		var found []Problem
		note := func(p *Problem) {
			if p != nil {
				found = append(found, *p)
			}
		}
		_, p := m.Name(r, "head")
		note(p)
		_, p = m.Phone(r, "phone")
		note(p)
		_, p = m.Date(r, "joined")
		note(p)
		_, p = m.Points(r, "balance")
		note(p)
		_, p = m.Count(r, "people")
		note(p)
		if len(found) != 1 || found[0].String() != say {
			t.Errorf("%s:\n got %v\nwant %s", cells, found, say)
		}
	}
}

func TestMappingReadsCellsAsPeopleWriteThem(t *testing.T) {
	tab := mustRead(t, "a.csv", []byte("户号,户主,手机号,组,参加日期,库存\n1,王军,+86 138-0013-8000,第三组,45658,48件\n2,李梅,0951-6012345,１２,2026年3月5日,0\n3,丁,,,2026-03-05 08:30,\n"))
	m := tab.Match(append(houseWants, Want{Key: "stock", Title: "库存"}), nil)
	type cell struct {
		phone string
		group int
		date  models.Date
		qty   models.Qty
	}
	for i, w := range []cell{{"13800138000", 3, "2025-01-01", 4800}, {"09516012345", 12, "2026-03-05", 0}, {"", 0, "2026-03-05", 0}} {
		r := tab.Rows[i]
		var got cell
		var p [4]*Problem
		got.phone, p[0] = m.Phone(r, "phone")
		got.group, p[1] = m.Count(r, "group")
		got.date, p[2] = m.Date(r, "joined")
		got.qty, p[3] = m.Qty(r, "stock")
		if got != w || p != [4]*Problem{} {
			t.Errorf("row %d: %+v, problems %v", i, got, p)
		}
	}
}

func TestSummaryCountsRowsNotCells(t *testing.T) {
	want(t, "three", Summary(120, []Problem{{Row: 77}, {Row: 4}, {Row: 9}, {Row: 4, Column: "分值"}}), "共 120 行，3 行有误（第 4、9、77 行），一行都没有导入")
	var many []Problem
	for i := range 30 {
		many = append(many, Problem{Row: i + 2})
	}
	want(t, "many", Summary(30, many), "共 30 行，30 行有误（第 2、3、4、5、6、7、8、9、10、11 等行），一行都没有导入")
	want(t, "none", Summary(5, nil), "共 5 行，没有发现错误")
}
