package pages_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

func importAt(v int64, kind string) string { return "/admin/" + models.ID32(v) + "/import/" + kind }

func (f *furnished) homes(v int64) int {
	f.Helper()
	n, err := village.Count(f.Context(), f.d, v)
	f.must(err)
	return n.Homes
}

func TestImportNamesBadRowsAndTakesNothing(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "roll")
	b.open(at)
	b.upload(at, "名册.csv", "户号,户主,电话\n1,马一,13895001234\n1,马二,1.38E+10\n3,,\n4,王*明,\n")
	here := b.page.path
	b.want(http.StatusOK, "3 行有误，一行都没有导入", "第 3、4、5 行", "被表格改成 1.38E+10，请把该列设为文本", "里有星号", "改好了，重新选文件")
	sent := b.form(here)
	sent.Set("go", "run")
	b.post(here, sent)
	b.want(http.StatusUnprocessableEntity, "一行都没有导入")
	if n := f.homes(f.qing); n != 0 {
		t.Fatalf("%d households came in with a bad file", n)
	}
	r := httptest.NewRequest(http.MethodGet, here+"/marked", nil)
	b.send(r)
	b.want(http.StatusOK)
	marked, err := sheet.Read("标红.xlsx", []byte(b.page.body))
	f.must(err)
	found := false
	for _, row := range marked.Rows {
		found = found || strings.Contains(strings.Join(row.Cells, "|"), "1.38E+10，请把该列设为文本")
	}
	if !found {
		t.Errorf("the marked table does not give the reasons: %+v", marked.Rows)
	}
}

func TestImportTakesAColumnTheReaderNames(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "goods")
	b.open(at)
	b.upload(at, "价目.csv", "东西,换购标准甲,换购标准乙\n洗衣液,18,20\n")
	here := b.page.path
	b.want(http.StatusOK, "还没有找到这几列：品名、积分")
	sent := b.form(here)
	sent.Set("go", "run")
	b.post(here, sent)
	b.want(http.StatusUnprocessableEntity, "是哪一列")
	b.submit(here, "col.name", "1", "col.points", "3", "go", "look")
	b.want(http.StatusOK, "20 分一件", "新增 1 种")
	b.confirm()
	b.want(http.StatusOK, "新增 1 种")
}

func TestImportRefusesTheSameFileWithTheDay(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "roll")
	for range 2 {
		b.open(at)
		b.upload(at, "名册.csv", roll)
		if b.page.code == http.StatusOK {
			b.confirm()
			b.want(http.StatusOK, "新增 3 户")
		}
	}
	b.want(http.StatusConflict, "这个文件 11 月 23 日已导入过，没有重复导入", "导入过")
	b.upload(at, "名册2.csv", strings.Replace(roll, "李桂兰", "李桂莲", 1))
	b.want(http.StatusOK, "更新 1 户", "不变 2 户")
	b.confirm()
	b.want(http.StatusOK, "更新 1 户，不变 2 户")
	if n := f.homes(f.qing); n != 3 {
		t.Errorf("%d households after the second roll, want 3", n)
	}
}

func TestImportRefusesWhatIsNoTable(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "rules")
	for name, c := range map[string]struct {
		body string
		code int
	}{
		"细则.doc": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word", http.StatusUnsupportedMediaType},
		"照片.jpg": {"\xff\xd8\xff\xe0 JFIF", http.StatusUnsupportedMediaType},
		"空.csv":  {"   \n", http.StatusUnprocessableEntity},
	} {
		b.open(at)
		b.upload(at, name, c.body)
		b.want(c.code, "没有导入", "上传，先看一看")
	}
	b.open(at)
	b.submit(at)
	b.want(http.StatusUnprocessableEntity, "还没有选文件")
	b.open(importAt(f.qing, "villains"))
	b.want(http.StatusNotFound)
}

func TestImportStaysInItsVillage(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "roll")
	b.open(at)
	b.upload(at, "名册.csv", roll)
	preview := b.page.path
	clerk := f.staff(models.Actor{Account: 1, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}, "li", models.Clerk, f.qing)
	for _, path := range []string{at, preview, preview + "/marked", "/admin/" + models.ID32(f.qing), "/admin/" + models.ID32(f.qing) + "/rules"} {
		f.next.open(path)
		f.next.want(http.StatusNotFound)
		clerk.open(path)
		clerk.want(http.StatusForbidden)
	}
	f.next.open(strings.Replace(preview, models.ID32(f.qing), models.ID32(f.hong), 1))
	f.next.want(http.StatusNotFound, "已经清掉")
	f.next.wantNot("马少明")
}

func TestImportLostWithItsProgramSaysSo(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "roll")
	b.open(at)
	b.upload(at, "名册.csv", roll)
	file := b.page.path[strings.LastIndexByte(b.page.path, '/')+1:]
	b.open(at + "/job/" + db.NewOpID().String() + "?file=" + file)
	b.want(http.StatusOK, "程序中途停过，这个文件一行都没有导入", "回去再确认")
	b.open(at + "/" + file)
	b.confirm()
	b.want(http.StatusOK, "新增 3 户")
}

func TestImportTwicePressedIsOneImport(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "roll")
	b.open(at)
	b.upload(at, "名册.csv", roll)
	here := b.page.path
	sent := b.form(here)
	sent.Set("go", "run")
	b.post(here, sent)
	b.finish()
	b.want(http.StatusOK, "新增 3 户")
	b.post(here, sent) // the waiting file is gone by now
	b.want(http.StatusNotFound)
	b.open(at + "/job/" + sent.Get("op"))
	b.want(http.StatusOK, "新增 3 户")
	if n := f.homes(f.qing); n != 3 {
		t.Errorf("%d households, want 3", n)
	}
}

func TestImportRulesSettlesWhatNobodyCouldRead(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "rules")
	b.open(at)
	b.upload(at, "细则.csv", "类别,项目,分值,频次,备注\n美丽庭院,门前三包,2～5,,每季度检查\n低保,申请低保须满60分,60,,\n其他,零彩礼,200/300/500,,\n")
	here := b.page.path
	b.want(http.StatusOK, "看不懂的限制", "每季度检查", "积分不能和低保、救助、补贴挂钩")
	b.submit(here, "period.2", "quarter", "go", "run")
	b.want(http.StatusUnprocessableEntity, "最多几次或者几分")
	if got := b.form(here).Get("period.2"); got != "quarter" {
		t.Fatalf("the period that was chosen is gone: %q", got)
	}
	sent := b.form(here)
	sent.Set("times.2", "2")
	sent.Add("skip", "3")
	sent.Set("county.0", "models")
	b.post(here, sent)
	b.want(http.StatusOK, "每次 2—5 分，每户每季度最多 2 次", "不要的行：3")
	b.wantNot("申请低保")
	b.confirm("meeting", "村民会议", "present", "60", "voted", "20")
	if b.page.code == http.StatusOK {
		b.want(http.StatusOK, "没有过半")
		b.open(here)
	}
	b.confirm("present", "60", "voted", "52")
	b.want(http.StatusOK, "第 1 版，2 条")

	v, err := scheme.Current(t.Context(), f.d, f.qing, f.d.Now().Day())
	f.must(err)
	rules, err := scheme.Rules(t.Context(), f.d, f.qing, v.ID)
	f.must(err)
	if len(rules) != 2 || rules[0].CapTimes != 2 || rules[0].CapPeriod != "quarter" || !rules[1].Private {
		t.Errorf("the rules came in as %+v", rules)
	}
	categories, err := scheme.Categories(t.Context(), f.d, f.qing)
	f.must(err)
	if categories[0].CountyKey != "models" {
		t.Errorf("the category came in as %+v", categories[0])
	}
}

func TestImportSamplesCanBeReadBack(t *testing.T) {
	f := furnish(t)
	b := f.chen
	for _, kind := range []string{"roll", "rules", "goods"} {
		b.open(importAt(f.qing, kind) + "/sample")
		b.want(http.StatusOK)
		sample := b.page.body
		if _, err := sheet.Read("样表.xlsx", bytes.Clone([]byte(sample))); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		b.open(importAt(f.qing, kind))
		b.upload(importAt(f.qing, kind), "样表.xlsx", sample)
		b.want(http.StatusOK, "没有发现错误", "确认")
		b.confirm()
		b.want(http.StatusOK, "导好了")
	}
}
