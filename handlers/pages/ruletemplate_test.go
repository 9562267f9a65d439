package pages_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"pointstore/models"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

func TestTemplateIsTakenOverWithABoundedNumberOfOwnRules(t *testing.T) {
	f := furnish(t)
	areas, err := village.Areas(t.Context(), f.d)
	f.must(err)
	county := areas[0].ID
	f.chen.open(f.at(county, "template"))
	f.chen.want(http.StatusNotFound)
	f.chen.open(f.at(f.qing, "template"))
	f.chen.want(http.StatusOK, "县里还没有统一的积分细则")

	f.boss.open("/admin")
	f.boss.want(http.StatusOK, "永宁县积分细则范本")
	f.boss.open(f.at(county, "template"))
	f.boss.want(http.StatusOK, "县里还没有范本", "青石村", "没有接")
	f.boss.open(importAt(county, "roll"))
	f.boss.want(http.StatusNotFound)
	f.boss.importRules(county, threeRules)
	f.boss.open(f.at(county, "rules", "renew"))
	f.boss.submit(f.at(county, "rules", "renew"), "own_most", "1", "own_points", "2")
	f.boss.want(http.StatusOK, "最多 1 条，每条最多 2 分", "永宁县积分细则范本")

	b := f.chen
	b.importRules(f.qing, "类别,项目,分值\n志愿服务,看护老人,2\n志愿服务,修桥铺路,9\n")
	_, own := f.newestRules(f.qing)
	at := f.at(f.qing, "template")
	b.open(at)
	b.want(http.StatusOK, "永宁县", "最多 1 条，每条最多 2 分", "超过县里定的每条 2 分")
	sent := b.form(at)
	sent.Set("own", models.ID32(own["修桥铺路"].ID))
	b.post(at, sent)
	b.want(http.StatusUnprocessableEntity, "自加的一条最多 2 分")
	sent.Set("own", models.ID32(own["看护老人"].ID))
	b.post(at, sent)
	b.want(http.StatusOK, "接好了，这是村里的第 2 版，自己的留了 1 条", "县里定的", "看护老人")
	v, rules := f.newestRules(f.qing)
	if v.TemplateID == 0 || len(rules) != 4 || rules["庭院整洁"].TemplateID == 0 {
		t.Fatalf("taken over as %+v with %d rules", v, len(rules))
	}
	edit := f.at(f.qing, "rules", "edit")
	b.open(edit + "?rule=" + models.ID32(rules["庭院整洁"].ID))
	b.want(http.StatusOK, "这一条是县里定的，项目、分值和上限村里不能改")
	sent = b.form(edit)
	sent.Set("points", "500")
	sent.Set("evidence", "组长看过")
	b.post(edit, sent)
	b.want(http.StatusOK, "第 3 版", "凭据：组长看过")
	if _, rules = f.newestRules(f.qing); rules["庭院整洁"].PointsMax != 500 { // 5 分, in hundredths
		t.Errorf("the county's rule is worth %v in the village", rules["庭院整洁"].PointsMax)
	}
	b.open(edit)
	b.submit(edit, "item", "再加一条", "category", "志愿服务", "points", "1")
	b.want(http.StatusUnprocessableEntity, "最多自加 1 条")

	_, rules = f.newestRules(county)
	f.boss.open(f.at(county, "rules", "edit") + "?rule=" + models.ID32(rules["门前三包"].ID))
	f.boss.submit(f.at(county, "rules", "edit"), "points", "4")
	f.boss.want(http.StatusOK, "这是第 3 版")
	f.boss.open(f.at(county, "template"))
	f.boss.want(http.StatusOK, "1 个村接了范本，其中 1 个还没接最新的一版", "还没接第 3 版")
	b.open(at)
	b.want(http.StatusOK, "县里出了新的一版", "看县里改了什么")
	b.open(at + "/diff")
	b.want(http.StatusOK, "门前三包", "3 分", "4 分", "去接新的一版")
	b.open(at)
	b.submit(at)
	b.want(http.StatusOK, "接好了", "看护老人")
	if _, rules = f.newestRules(f.qing); rules["门前三包"].PointsMax != 400 || rules["庭院整洁"].Evidence == "" && len(rules) != 4 {
		t.Errorf("after the new template: %+v", rules)
	}
	b.open(at)
	b.post(at+"/leave", b.form(at))
	b.want(http.StatusForbidden, "要由县里办")
	f.boss.open(at)
	f.boss.submit(at + "/leave")
	f.boss.want(http.StatusOK, "已不再用县里的范本")
	if v, rules = f.newestRules(f.qing); v.TemplateID != 0 || len(rules) != 4 {
		t.Errorf("after leaving: %+v with %d rules", v, len(rules))
	}
}

// The real tables go from the file to an adopted version with the pages alone,
// and what goes out comes back in as the same rules.
func TestRealTablesGoFromFileToVersionAndOut(t *testing.T) {
	files, err := filepath.Glob("testdata/rules-*.csv")
	if err != nil || len(files) != 2 {
		t.Fatalf("the tables are missing: %v, %v", files, err)
	}
	for _, file := range files {
		f := furnish(t)
		b, at := f.chen, importAt(f.qing, "rules")
		table, err := os.ReadFile(file)
		f.must(err)
		b.open(at)
		b.upload(at, filepath.Base(file), string(table))
		b.want(http.StatusOK, "没有发现错误")
		b.confirm("present", "30", "voted", "29")
		b.want(http.StatusOK, "细则导好了")
		_, before := f.newestRules(f.qing)
		b.open(f.at(f.qing, "rules", "workbook"))
		b.want(http.StatusOK)
		out := b.page.body
		if _, err := sheet.Read("细则.xlsx", []byte(out)); err != nil {
			t.Fatal(err)
		}
		f.next.open(importAt(f.hong, "rules"))
		f.next.upload(importAt(f.hong, "rules"), "细则.xlsx", out)
		f.next.want(http.StatusOK, "没有发现错误")
		f.next.confirm()
		f.next.want(http.StatusOK, "细则导好了")
		_, after := f.newestRules(f.hong)
		if len(before) != len(after) {
			t.Fatalf("%s: %d rules went out, %d came back", file, len(before), len(after))
		}
		for item, r := range before {
			if o := after[item]; o.Text() != r.Text() || o.Private != r.Private || o.Evidence != r.Evidence || o.Note != r.Note {
				t.Errorf("%s: %q went out as %q and came back as %q", file, item, r.Text(), o.Text())
			}
		}
	}
}
