package pages_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
	"pointstore/models/report"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

// season gives 青石村 a life in the last quarter of 2026: awards that hung, one of
// them private and one taken back, two redemptions of which one is void.
func (s *shop) season() map[string]scheme.Rule {
	s.Helper()
	rules := s.adopt()
	s.record(s.ma, rules["庭院整洁"])
	s.record(s.yang, rules["零彩礼"])
	s.record(s.li, rules["庭院整洁"])
	s.hang()
	s.clock.Add(4 * 24 * time.Hour)
	_, err := award.EndNotices(s.Context(), s.d)
	s.must(err)
	err = award.Correct(s.Context(), s.d, db.NewOpID(), s.chen, s.li, 1, "记错了户")
	s.must(err)
	for n, goods := range []int64{s.soap, s.rice} {
		r, err := market.Redeem(s.Context(), s.d, db.NewOpID(), s.clerk(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID,
			Lines: []market.Line{{Goods: goods, Qty: models.One}}, Seen: []models.Points{2000, 5000}[n], Confirm: market.ByPIN})
		s.must(err)
		if n == 1 {
			_, err = market.Undo(s.Context(), s.d, db.NewOpID(), s.clerk(), s.village, r.ID, "拿错了")
			s.must(err)
		}
	}
	return rules
}

// upper makes somebody who reads the reports of the village's county or township
// and signs them in.
func (s *shop) upper(login, level string) (*visitor, int64) {
	s.Helper()
	a, err := village.GetArea(s.Context(), s.d, s.village)
	s.must(err)
	area := map[string]int64{"county": a.CountyID, "township": a.TownshipID, "village": a.ID}[level]
	s.Person(login, "张宣传", models.Publicity, area)
	return s.as(login), area
}

func (s *shop) quarter(area int64, tail string, q ...string) string {
	path := "/reports/" + models.ID32(area) + tail
	if len(q) > 0 {
		path += "?q=" + q[0]
	}
	return path
}

var (
	reportLink = regexp.MustCompile(`<a [^>]*href="(/reports/[^"]*)"[^>]*>([^<]*)</a>`)
	leadPart   = regexp.MustCompile(`(?s)<section class="lead">(.*?)</section>`)
)

// Every number opens, to a page whose rows add up to it, down to the single line
// of a passbook; and on all these pages nobody's full name stands.
func TestReportOpensEveryNumberDownToItsLines(t *testing.T) {
	s := newShop(t)
	s.season()
	v, county := s.upper("xcb", "county")
	first := v.follow(v.get("/reports"))
	v.wants(first, 200, "青山县 2026年第四季度", "2 个村", "导出工作簿", "户参与率", "青石村", "兰光村", "石坝镇", "示范类", "未定包抓", "积分超市覆盖率")
	if want := s.quarter(county, ""); v.at != want {
		t.Errorf("led to %s, want %s", v.at, want)
	}
	seen, todo := map[string]bool{}, []string{v.at}
	opened, lines := 0, 0
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		r := v.wants(v.get(path), 200)
		v.lacks(r, "马少明", "杨桂兰", "李强", "零彩礼</td>", "NaN", "ZgotmplZ")
		if strings.Contains(path, "/open/") && strings.Contains(r.body, "<tbody>") && !strings.Contains(r.body, "和季报里的数一致") {
			t.Errorf("%s: the rows do not add up to the number:\n%s", path, r.body)
		}
		if strings.Contains(path, "/homes/") {
			lines++
		}
		for _, m := range reportLink.FindAllStringSubmatch(r.body, -1) {
			to, text := html.UnescapeString(m[1]), strings.TrimSpace(m[2])
			if strings.Contains(to, "/workbook") || strings.Contains(to, "/print") || strings.Contains(to, ".csv") {
				continue
			}
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
			if isNumber(text) && strings.Contains(to, "/open/") && !strings.Contains(path, "/open/") {
				opened++
				if lead := leadPart.FindString(v.get(to).body); !strings.Contains(lead, text) {
					t.Errorf("%s shows %s, which opens to %s:\n%s", path, text, to, lead)
				}
			}
		}
		if len(seen) > 3000 {
			t.Fatal("the reports go round in a ring of ever new addresses")
		}
	}
	if opened < 60 || lines < 8 {
		t.Errorf("only %d numbers opened, %d pages of households and lines", opened, lines)
	}
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// The line at the end of the way down says what it was, as far as report readers
// may know.
func TestReportLineSaysWhatItWas(t *testing.T) {
	s := newShop(t)
	s.season()
	v, _ := s.upper("zhen", "village")
	plain := func(path string) reply {
		r := v.get(path)
		r.body = html.UnescapeString(r.body)
		return r
	}
	line := func(h models.Household, seq int) reply {
		return plain(s.quarter(h.Village, fmt.Sprintf("/homes/%s/%d", models.ID32(h.ID), seq)))
	}
	v.wants(line(s.ma, 2), 200, "庭院整洁 +5 分", "马*明 3组012", "美丽庭院", "2026年第1期", "村委")
	v.wants(line(s.ma, 3), 200, "兑换：洗衣液", "−20 分", "青石村兑换点", "取货密码")
	v.wants(line(s.ma, 4), 200, "这一笔已经由 012-5 冲回")
	v.wants(line(s.ma, 5), 200, "更正：兑换：大米", "+50 分")
	v.lacks(v.wants(line(s.yang, 2), 200, "不公示的事项 +50 分"), "零彩礼")
	v.wants(line(s.ma, 99), 404)
	v.wants(v.get(s.quarter(s.next, "/homes/"+models.ID32(s.ma.ID))), 404)
	v.wants(plain(s.quarter(s.village, "/homes/"+models.ID32(s.ma.ID))), 200, "012-2", "+5", "能换的分本季增减", "+113")
}

func TestReportIsThereOnlyForWhoseAreaItIs(t *testing.T) {
	s := newShop(t)
	s.season()
	near, county := s.upper("zhen", "township")
	s.Person("wu", "吴主任", models.Committee, s.next)
	s.Person("dian", "田店员", models.Clerk, s.village)
	far, clerk := s.as("wu"), s.as("dian")
	tails := []string{"", "/open/acts", "/open/participation", "/homes/" + models.ID32(s.ma.ID), "/homes/" + models.ID32(s.ma.ID) + "/1", "/print", "/workbook", "/villages.csv"}
	for _, tail := range tails {
		near.wants(near.get(s.quarter(s.village, tail)), 200)
		far.wants(far.get(s.quarter(s.village, tail)), 404)
		clerk.wants(clerk.get(s.quarter(s.village, tail)), 403)
		if r := s.stranger().get(s.quarter(s.village, tail)); r.code != 303 || !strings.HasPrefix(r.to, "/signin") {
			t.Errorf("a stranger at %s: got %d %s", tail, r.code, r.to)
		}
	}
	a, err := village.GetArea(t.Context(), s.d, s.village)
	s.must(err)
	near.wants(near.get(s.quarter(a.CountyID, "")), 404)
	far.wants(far.get(s.quarter(county, "")), 404)
	family := s.family(s.ma, maPIN)
	if r := family.get(s.quarter(s.village, "")); r.code != 303 || !strings.HasPrefix(r.to, "/signin") {
		t.Errorf("a family: got %d %s", r.code, r.to)
	}
	near.wants(near.get(s.quarter(s.village, "/close")), 403)
	if r := near.post(s.quarter(s.village, "/close", "2026Q3"), nil); r.code != 403 {
		t.Errorf("closing by who may only read: got %d", r.code)
	}
	far.wants(far.get(s.quarter(s.village, "/close")), 404)
	if r := far.post(s.quarter(s.village, "/close", "2026Q4"), nil); r.code != 404 {
		t.Errorf("closing another village's quarter: got %d", r.code)
	}
	near.wants(near.get(s.quarter(s.village, "", "2026Q9")), 422, "季度")
	near.wants(near.get(s.quarter(s.village, "", "2027Q1")), 422, "还没有开始")
	near.wants(near.get(s.quarter(s.village, "/open/ranking")), 404, "没有这项指标")
}

// A quarter closes once, after it is over, and says what would be left behind;
// what is posted later changes nothing in it.
func TestQuarterClosesOnceAndStays(t *testing.T) {
	s := newShop(t)
	rules := s.season()
	v := s.anew("chen")
	closing := s.quarter(s.village, "/close", "2026Q4")
	v.wants(v.get(closing), 200, "还没过完")
	if r := v.post(closing, nil); r.code != 409 || !strings.Contains(r.body, "还没过完，不能封账") {
		t.Fatalf("closing before its time: got %d\n%s", r.code, r.body)
	}
	s.record(s.ma, rules["庭院整洁"])
	s.clock.Set(models.Date("2027-01-05").Start().Add(9 * time.Hour))
	v = s.anew("chen")
	v.wants(v.get(s.quarter(s.village, "", "2026Q4")), 200, "未封账", closing)
	v.wants(v.get(closing), 200, "有 1 件还没有公示上墙", "确认封账", "按时公示率")
	form := url.Values{"op": {db.NewOpID().String()}}
	page := v.follow(v.post(closing, form))
	v.wants(page, 200, "2026年第四季度已封账，防伪码", "已封账")
	v.wants(v.follow(v.post(closing, form)), 200, "已封账") // sent twice
	again := v.post(closing, nil)
	v.wants(again, 409, "已经封账，没有重复封账")
	_, kept, err := report.Kept(t.Context(), s.d, s.village, 20264)
	s.must(err)
	v.wants(s.stranger().get("/verify?k="+kept.Code), 200, "2026年第四季度 积分超市季报")

	before := v.get(s.quarter(s.village, "/villages.csv", "2026Q4")).body
	err = award.Correct(t.Context(), s.d, db.NewOpID(), s.chen, s.yang, 2, "评议会改了")
	s.must(err)
	if after := v.get(s.quarter(s.village, "/villages.csv", "2026Q4")).body; after != before {
		t.Errorf("a closed quarter changed from\n%s\nto\n%s", before, after)
	}
	closed, err := ledger.Closed(t.Context(), s.d, s.village)
	if err != nil || closed != 202612 {
		t.Errorf("the ledger is closed to %v, %v", closed, err)
	}
}

// The workbook and the print sheet carry a code under which anybody can compare
// the numbers.
func TestWorkbookAndPrintSheetCarryTheirCode(t *testing.T) {
	s := newShop(t)
	rules := s.season()
	v, county := s.upper("xcb", "county")
	book := v.wants(v.get(s.quarter(county, "/workbook")), 200)
	about, err := sheet.Read("季报.xlsx", []byte(book.body))
	s.must(err)
	if got, want := strings.Join(about.Sheets, "、"), "说明、汇总、各村、分类、各村分类、兑换、公开"; got != want {
		t.Errorf("sheets %s, want %s", got, want)
	}
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(fmt.Sprint(about.Rows))
	v.wants(s.stranger().get("/verify?k="+url.QueryEscape(code)), 200, "青山县 2026年第四季度 积分超市季报", "加分件次：")

	paper := v.wants(v.get(s.quarter(county, "/print")), 200, "填报单位（盖章）", "各村分值不同，不宜比较", code)
	v.lacks(paper, "马少明")
	if again := v.get(s.quarter(county, "/print")); !strings.Contains(again.body, code) {
		t.Error("the same numbers opened again got another code")
	}
	s.record(s.ma, rules["庭院整洁"])
	s.give(s.yang, 500)
	if later := v.get(s.quarter(county, "/print")); strings.Contains(later.body, code) {
		t.Error("other numbers carry the same code")
	}
	csv := v.wants(v.get(s.quarter(county, "/villages.csv")), 200, "青石村", "兰光村", "合计")
	if !strings.HasPrefix(csv.body, "\uFEFF县区,") {
		t.Errorf("the table begins with %q", csv.body[:min(len(csv.body), 40)])
	}
}

func TestReportLooksAsAgreed(t *testing.T) {
	s := newShop(t)
	s.season()
	v, county := s.upper("xcb", "county")
	modelstest.Golden(t, "region.golden.html", v.wants(v.get(s.quarter(county, "")), 200).body)
}
