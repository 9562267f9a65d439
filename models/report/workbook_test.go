package report_test

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pointstore/models"
	"pointstore/models/report"
	"pointstore/models/sheet"
)

// book is a workbook read back: its cells as raw values, by sheet.
type book struct {
	t     *testing.T
	f     *excelize.File
	cells map[string][][]string
}

func readBack(t *testing.T, b sheet.Book) book {
	t.Helper()
	var out bytes.Buffer
	if err := sheet.Write(&out, b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	r := book{t: t, f: f, cells: map[string][][]string{}}
	for _, name := range f.GetSheetList() {
		if r.cells[name], err = f.GetRows(name, excelize.Options{RawCellValue: true}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// at reads the cell in the row that begins with the keys, under the head.
func (b book) at(name, head string, keys ...string) string {
	b.t.Helper()
	rows := b.cells[name]
	col := -1
	for i, h := range rows[1] {
		if h == head {
			col = i
		}
	}
	if col < 0 {
		b.t.Fatalf("%s has no column %q: %v", name, head, rows[1])
	}
	for _, r := range rows[2:] {
		if len(r) > col && strings.Contains("|"+strings.Join(r, "|")+"|", "|"+strings.Join(keys, "|")+"|") {
			return r[col]
		}
	}
	b.t.Fatalf("%s has no row %v", name, keys)
	return ""
}

func (b book) number(want float64, name, head string, keys ...string) {
	b.t.Helper()
	got, err := strconv.ParseFloat(b.at(name, head, keys...), 64)
	if err != nil || math.Abs(got-want) > 1e-9 {
		b.t.Errorf("%s %v %s: got %q, want %v", name, keys, head, b.at(name, head, keys...), want)
	}
}

// busy is a world in which several villages did different things.
func busy(t *testing.T) *world {
	w := openWorld(t)
	w.clock.Set(at("2026-07-05 09:00:00.000"))
	for i, v := range w.village[:4] {
		w.rules(v, "2026-07-01")
		for j := range 3 + i {
			h := w.home(v, []string{"resident", "away"}[j%2])
			for k := range j {
				w.award(v, h, models.Points(100+25*k), (i+k)%4, "2026-07-04")
			}
		}
		if i != 2 {
			w.price(v, "2026-07-02")
			w.notice(v, at("2026-07-20 10:00:00.000"))
			_, err := w.redeem(v, w.homes[v][2], 150)
			w.must(err)
		}
	}
	w.clock.Set(at("2026-10-08 09:30:00.000"))
	w.clock.Add(0)
	_, err := w.close(mayIn(models.Committee, w.village[0]), w.village[0], 20263)
	w.must(err)
	return w
}

func TestWorkbookHoldsTheSheetCellByCell(t *testing.T) {
	w := busy(t)
	s, err := report.Detailed(w.ctx, w.d, w.city, 20263)
	w.must(err)
	before, err := report.Previous(w.ctx, w.d, s)
	w.must(err)
	b := readBack(t, report.Workbook(s, before, report.Cover{Code: "7K2M-Q9XF", Verify: "https://jf.example.cn/verify", Author: "张主任", MadeAt: w.clock.Now()}))

	if got := fmt.Sprint(b.f.GetSheetList()); got != "[说明 汇总 各村 分类 各村分类 兑换 公开]" {
		t.Errorf("sheets: %s", got)
	}
	for _, v := range s.Villages {
		x := v.Tally
		for head, want := range map[string]float64{
			"户参与率·分子（户）": float64(x.Participants), "户参与率·分母": float64(x.Roll), "户参与率": float64(x.Participants) / float64(max(x.Roll, 1)),
			"常住户参与率·分子（户）": float64(x.ResidentParticipants), "新参与户（户）": float64(x.New), "加分件次（件）": float64(x.Acts),
			"加分折合（元）": float64(x.EarnedFen) / 100, "加分（分）": float64(x.Earned) / 100, "兑换率·分子（分）": float64(x.Spent) / 100, "兑换率·分母": float64(x.Earned) / 100,
			"按时公示率·分子（期）": float64(x.OnTime), "账本校验·分母": float64(x.Days),
		} {
			if head == "户参与率" && x.Roll == 0 {
				if got := b.at("各村", head, v.Name); got != "—" {
					t.Errorf("%s has nobody on the roll, the rate says %q", v.Name, got)
				}
				continue
			}
			b.number(want, "各村", head, v.Name)
		}
		b.number(float64(x.Visits), "兑换", "兑换户次（户次）", v.Name)
		b.number(float64(x.Outstanding)/100, "兑换", "未兑积分（分）", v.Name)
		b.number(float64(x.Covered), "公开", "积分超市覆盖率·分子（村）", v.Name)
		for _, c := range v.Gathered {
			b.number(float64(c.Acts), "各村分类", "加分件次", v.Name, c.Name)
			b.number(float64(c.Households), "各村分类", "户数", v.Name, c.Name)
			b.number(float64(c.EarnedFen)/100, "各村分类", "加分折合（元）", v.Name, c.Name)
		}
	}
	b.number(float64(s.Sum.Participants), "各村", "户参与率·分子（户）", "合计")
	b.number(float64(s.Sum.Active), "分类", "户数", "合计")
	for _, c := range s.Categories {
		b.number(float64(c.Acts), "分类", "加分件次", c.Name)
	}
	for _, i := range report.Indicators {
		divisor := 1.0
		if i.InPoints || i.Shape == report.Money {
			divisor = 100
		}
		b.number(float64(i.Num(s.Sum))/divisor, "汇总", "本季数量（分子）", i.Group, i.Name)
		if i.Divided() {
			b.number(float64(i.Den(s.Sum))/divisor, "汇总", "本季分母", i.Group, i.Name)
		}
		if v, ok := i.Value(s.Sum); ok && i.Shape == report.Rate {
			b.number(v, "汇总", "本季比率", i.Group, i.Name)
		}
	}
	b.furnished("7K2M-Q9XF")
}

// furnished checks what every sheet of an official workbook carries.
func (b book) furnished(code string) {
	for name, rows := range b.cells {
		all := ""
		for _, r := range rows {
			all += strings.Join(r, "|") + "\n"
		}
		for _, want := range []string{"银川市 2026年第三季度 积分超市季报 · " + name, code, "2026-10-08 09:30", "填报单位（盖章）"} {
			if !strings.Contains(all, want) {
				b.t.Errorf("sheet %s lacks %q", name, want)
			}
		}
		panes, err := b.f.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 2 {
			b.t.Errorf("sheet %s: the header is not frozen: %+v, %v", name, panes, err)
		}
	}
	about := fmt.Sprint(b.cells["说明"])
	for _, want := range []string{"各村分值不同，不宜比较", "期末在册户", "https://jf.example.cn/verify", "张主任"} {
		if !strings.Contains(about, want) {
			b.t.Errorf("说明 lacks %q", want)
		}
	}
	if kind, err := b.f.GetCellType("各村", "H3"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		b.t.Errorf("a number of 各村 is written as %v, %v", kind, err)
	}
}

func TestWorkbookOfAVillageNamesItsOwnCategories(t *testing.T) {
	w := busy(t)
	s, err := report.Detailed(w.ctx, w.d, w.village[3], 20263)
	w.must(err)
	b := readBack(t, report.Workbook(s, report.Sheet{}, report.Cover{Code: "A", MadeAt: 1}))
	seen := map[string]report.Category{}
	for _, c := range s.Categories {
		seen[c.Name] = c
	}
	if len(seen) != 4 {
		t.Fatalf("categories %+v", s.Categories)
	}
	for name, c := range seen {
		b.number(float64(c.Households), "分类", "户数", name)
		b.number(float64(c.Earned)/100, "分类", "加分", name)
	}
	if got := b.at("分类", "归入县级类别", "垃圾分类"); got != "美丽庭院" {
		t.Errorf("垃圾分类 is gathered under %q", got)
	}
	if got := b.at("分类", "归入县级类别", "杂项"); got != "未归类" {
		t.Errorf("杂项 is gathered under %q", got)
	}
}
