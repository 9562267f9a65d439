package main

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The county's publicity officer reads the quarter: every level is the sum of
// the ones below, every number opens to its lines, and the workbook says the
// same.
func TestReportEqualsItsPartsOnEveryWay(t *testing.T) {
	data, people := demoCopy(t)
	p := startSite(t, data, demoOpens)
	officer := people.person(t, "xcb-xian")
	s := p.window(t, "report", onDesk)
	s.signIn(officer.Login, officer.Password).see("云川县", "青石村", "柳湾村", "各乡镇")
	county := s.at()
	east := []string{"青石村 东岭镇", "红柳村 东岭镇", "沙枣村 东岭镇", "望山村 东岭镇"}
	south := []string{"清渠村 南滩镇", "新渡村 南滩镇", "长流村 南滩镇", "柳湾村 南滩镇"}
	const homes, visits, yuan = 2, 4, 5
	sum := func(column int, names ...string) (n float64) {
		for _, name := range names {
			n += figure(t, s.row(name)[column])
		}
		return n
	}
	total := s.row("合计")
	for _, c := range []int{homes, visits, yuan} {
		if got, want := figure(t, total[c]), sum(c, slices.Concat(east, south)...); got != want || got == 0 {
			t.Errorf("the county's column %d is %v, its villages' sum is %v", c, got, want)
		}
	}
	wantVisits, wantYuan := sum(visits, east...), sum(yuan, east...)
	qingshi := s.row("青石村 东岭镇")
	town := s.row("东岭镇")
	if figure(t, town[6]) != wantVisits || figure(t, town[7]) != wantYuan || figure(t, town[2]) != sum(homes, east...) {
		t.Errorf("东岭镇 is %v, its villages come to %v visits and %v yuan", town, wantVisits, wantYuan)
	}

	book := s.workbook()
	if cells := bookRow(t, book, "青石村", ""); !slices.Contains(cells, strings.ReplaceAll(qingshi[visits], ",", "")) || !slices.Contains(cells, strings.ReplaceAll(qingshi[yuan], ",", "")) {
		t.Errorf("the workbook says %v of 青石村, the page %v", cells, qingshi)
	}
	if cells := bookRow(t, book, "合计", "全县"); !slices.Contains(cells, strings.ReplaceAll(total[visits], ",", "")) {
		t.Errorf("the workbook's sum is %v, the page's %v", cells, total)
	}

	s.press("打印").see("填报单位（盖章）", "青石村", qingshi[visits])
	s.open(county).press("东岭镇").see("红柳村")
	if n := s.count("tbody tr", "柳湾村"); n != 0 {
		t.Errorf("the township's page has a row of its neighbour's village:\n%s", s.text())
	}
	if got := figure(t, s.row("合计")[visits]); got != wantVisits {
		t.Errorf("the township's own page sums up to %v visits, want %v", got, wantVisits)
	}
	s.press("青石村").see("明细")
	s.opensTo("redemption_visits", figure(t, qingshi[visits]))
	p.proves(t)
}

var figureText = regexp.MustCompile(`^[\d,.]+`)

// figure is a number as a page shows it.
func figure(t *testing.T, cell string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(strings.ReplaceAll(figureText.FindString(cell), ",", ""), 64)
	if err != nil {
		t.Fatalf("%q is no figure", cell)
	}
	return n
}

// opensTo opens a number of the page in view, turns all its leaves, and wants as
// many lines as the number says.
func (s *screen) opensTo(indicator string, want float64) {
	s.Helper()
	href := s.js(`(i) => { const a = Array.from(document.querySelectorAll("main a")).find((a) => a.getAttribute("href").includes("/open/" + i)); return a ? a.getAttribute("href") : ""; }`, indicator)
	if href == "" {
		s.Fatalf("%s: nothing opens %s", s.name, indicator)
	}
	s.open(href).see("和季报里的数一致").lacks("白凤英")
	lines := s.count("main tbody tr")
	for range 20 {
		next := s.js(`() => { const a = document.querySelector("a[rel=next]"); return a ? a.getAttribute("href") : ""; }`)
		if next == "" {
			break
		}
		lines += s.open(next).count("main tbody tr")
	}
	if float64(lines) != want {
		s.Errorf("%s says %v and opens to %d lines", indicator, want, lines)
	}
}

// workbook downloads the quarter as a spreadsheet reads it.
func (s *screen) workbook() *excelize.File {
	s.Helper()
	text := s.js(`async () => {
		const a = Array.from(document.querySelectorAll("a")).find((a) => (a.getAttribute("href") || "").includes("/workbook"));
		const r = await fetch(a.href);
		if (!r.ok) return "status " + r.status;
		const bytes = new Uint8Array(await r.arrayBuffer());
		let s = "";
		for (const b of bytes) s += String.fromCharCode(b);
		return btoa(s);
	}`)
	body, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		s.Fatalf("the workbook: %.200s", text)
	}
	book, err := excelize.OpenReader(bytes.NewReader(body))
	s.must(err)
	s.Cleanup(func() { book.Close() })
	return book
}

// bookRow is the first row of any sheet with a cell of that name, as raw values.
func bookRow(t *testing.T, book *excelize.File, names ...string) []string {
	t.Helper()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, name := range names {
				if name != "" && slices.Contains(row, name) && len(row) > 5 {
					return row
				}
			}
		}
	}
	t.Fatalf("no sheet of %v has a row for %v", book.GetSheetList(), names)
	return nil
}
