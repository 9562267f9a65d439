package pages_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

func (f *furnished) at(v int64, rest ...string) string {
	return "/admin/" + strings.Join(append([]string{models.ID32(v)}, rest...), "/")
}

func TestAdminSeesWhatEachVillageLacks(t *testing.T) {
	f := furnish(t)
	f.boss.open("/admin")
	f.boss.want(http.StatusOK, "共 2 个村，0 个已备齐，2 个还差东西", "青石村", "红柳村", "各户、细则、商品、人员")
	f.chen.open("/admin")
	f.chen.want(http.StatusOK, "还差什么", "青石村")
	f.chen.wantNot("红柳村")
	f.chen.open(f.at(f.hong))
	f.chen.want(http.StatusNotFound)
	f.chen.open("/admin/settings")
	f.chen.want(http.StatusForbidden)
	f.browser().open("/admin")
}

func TestAdminAddsATownshipAndAVillageWithItsCounter(t *testing.T) {
	f := furnish(t)
	areas, err := village.Areas(t.Context(), f.d)
	f.must(err)
	county := areas[0]
	f.boss.open("/admin/areas/new?parent=" + models.ID32(county.ID))
	f.boss.submit("/admin/areas/new", "name", "望远镇")
	f.boss.want(http.StatusUnprocessableEntity, "已有“望远镇”，没有重复建立")
	f.boss.submit("/admin/areas/new", "name", "闽宁镇")
	f.boss.want(http.StatusOK, "闽宁镇建好了", "村的类别")
	f.boss.submit("/admin/areas/new", "name", "原新村", "class", "fix", "sponsor", "region", "sponsor_unit", "自治区农业农村厅")
	f.boss.want(http.StatusOK, "原新村建好了", "整治类", "自治区领导包抓（自治区农业农村厅）")
	v, err := models.ParseID32(strings.TrimPrefix(f.boss.page.path, "/admin/"))
	f.must(err)
	counters, err := market.Counters(t.Context(), f.d, v)
	f.must(err)
	if len(counters) != 1 || counters[0].Name != "原新村兑换点" {
		t.Errorf("counters: %+v", counters)
	}
	f.chen.open("/admin/areas/new")
	f.chen.want(http.StatusForbidden)
}

func TestAdminVillageSettingsKeepWhatWasTyped(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "edit")
	b.open(at)
	b.want(http.StatusOK, "村名、类别、包抓由县里改")
	b.submit(at, "small_limit", "三十", "small_daily", "60")
	b.want(http.StatusUnprocessableEntity, "三十")
	if got := b.form(at); got.Get("small_limit") != "三十" || got.Get("small_daily") != "60" {
		t.Fatalf("what was typed is gone: %v", got)
	}
	b.submit(at, "small_limit", "30", "rhythm_months", "3", "name", "改名村")
	b.want(http.StatusOK, "已保存", "30 分", "每 3 个月", "青石村")
	b.open(f.at(f.qing, "edit"))
	b.submit(f.at(f.qing, "counters"), "names", "东头兑换点")
	b.want(http.StatusOK, "兑换点加好了", "东头兑换点")
	b.submit(f.at(f.qing, "grids"), "names", "第一网格\n第二网格\n第一网格")
	b.want(http.StatusOK, "网格加好了", "第二网格")
	grids, err := village.Grids(t.Context(), f.d, f.qing)
	f.must(err)
	if len(grids) != 2 {
		t.Errorf("grids: %+v", grids)
	}
	b.open("/admin/log?village=" + models.ID32(f.qing))
	b.want(http.StatusOK, "改村的设置", "免密码额度：0 → 30", "几个月兑换一次：1 → 3", "陈chen")
}

func TestPeopleGetAOneTimePasswordOnce(t *testing.T) {
	f := furnish(t)
	b := f.chen
	b.open("/admin/people/new")
	b.want(http.StatusOK, "在青石村做什么", "网格员", "兑换点管理员")
	if strings.Contains(b.page.body, `value="admin"`) || strings.Contains(b.page.body, `value="committee"`) {
		t.Fatal("a committee is offered roles that it may not give")
	}
	sent := b.form("/admin/people/new")
	sent.Set("role", "clerk")
	sent.Set("name", "李小燕")
	sent.Set("login", "li")
	b.post("/admin/people/new", sent)
	b.want(http.StatusOK, "只在这里显示一次", "li", "兑换点管理员 · 青石村")
	password := regexp.MustCompile(`id="once">([^<]+)<`).FindStringSubmatch(b.page.body)
	if password == nil {
		t.Fatal("no password is shown")
	}
	if _, err := account.SignIn(t.Context(), f.d, "li", password[1], "test", "10.0.0.1", false); err != nil {
		t.Fatalf("the password that was shown does not open: %v", err)
	}
	b.post("/admin/people/new", sent)
	b.want(http.StatusOK, "密码只显示一次")
	b.wantNot(password[1])

	b.open("/admin/people/new")
	b.submit("/admin/people/new", "role", "clerk", "name", "李小二", "login", "li")
	b.want(http.StatusConflict, "这个登录名已经有人用了")
	if got := b.form("/admin/people/new").Get("name"); got != "李小二" {
		t.Errorf("the name that was typed is gone: %q", got)
	}
	sent.Set("role", "admin")
	sent.Set("login", "li2")
	sent.Set("op", db.NewOpID().String())
	b.post("/admin/people/new", sent)
	b.want(http.StatusForbidden)
}

func TestPeopleAreLookedAfterByTheirOwnVillage(t *testing.T) {
	f := furnish(t)
	f.chen.open("/admin/people/new")
	f.chen.submit("/admin/people/new", "role", "grid", "name", "马网格", "login", "ma")
	person := regexp.MustCompile(`/admin/people/[0-9a-z]{8,}`).FindString(f.chen.page.body)
	f.next.open(person)
	f.next.want(http.StatusNotFound)
	f.next.open("/admin/people")
	f.next.wantNot("马网格")
	f.chen.open(person)
	f.chen.want(http.StatusOK, "网格员 · 青石村", "还没改密码")
	f.chen.submit(person+"/disable", "x", "1")
	f.chen.want(http.StatusOK, "账号停用了", "已停用")
	f.chen.submit(person + "/enable")
	f.chen.want(http.StatusOK, "账号可以用了")
	f.chen.submit(person+"/grant", "role", "clerk")
	f.chen.want(http.StatusOK, "角色加好了", "兑换点管理员 · 青石村")
	f.chen.submit(person + "/password")
	f.chen.want(http.StatusOK, "只在这里显示一次")
	f.chen.open(person)
	f.chen.submit(person+"/revoke", "role", "grid")
	f.chen.want(http.StatusOK, "角色收回了")
	f.chen.wantNot("网格员 · 青石村")
}

func TestPeopleOwnHomeIsNotedWithThem(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "roll")
	b.open(at)
	b.upload(at, "名册.csv", roll+"3020,3组,马少明,,,,\n")
	b.confirm()
	b.open("/admin/people/new")
	b.submit("/admin/people/new", "role", "clerk", "name", "马丽", "login", "mali", "home", "马少明")
	b.want(http.StatusUnprocessableEntity, "有好几户", "户号 3012", "户号 3020")
	b.submit("/admin/people/new", "home", "3012")
	b.want(http.StatusOK, "只在这里显示一次")
	person := regexp.MustCompile(`/admin/people/[0-9a-z]{8,}`).FindString(b.page.body)
	b.open(person)
	b.want(http.StatusOK, "马少明 3组012")
	id, err := models.ParseID32(strings.TrimPrefix(person, "/admin/people/"))
	f.must(err)
	kin, err := village.Kin(t.Context(), f.d, id)
	f.must(err)
	if len(kin) != 1 {
		t.Errorf("kin of the clerk: %v", kin)
	}
}

func TestRulesChangedByHandAreANewVersion(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules")
	b.open(at)
	b.want(http.StatusOK, "还没有细则", "手工加一条")
	b.open(at + "/edit")
	b.submit(at+"/edit", "item", "庭院整洁", "category", "美丽庭院", "points", "很多分")
	b.want(http.StatusUnprocessableEntity, "很多分")
	if got := b.form(at + "/edit"); got.Get("item") != "庭院整洁" || got.Get("points") != "很多分" {
		t.Fatalf("what was typed is gone: %v", got)
	}
	b.submit(at+"/edit", "points", "2-5", "period", "month", "times", "2")
	b.want(http.StatusOK, "“庭院整洁”加好了，这是第 1 版", "每次 2—5 分，每户每月最多 2 次", "县里归到：美丽庭院")
	edit := regexp.MustCompile(`rules/edit\?rule=[0-9a-z]+`).FindString(b.page.body)
	b.open(f.at(f.qing) + "/" + edit)
	if got := b.form(at + "/edit"); got.Get("points") != "2-5" || got.Get("times") != "2" || got.Get("period") != "month" {
		t.Fatalf("the form forgets the rule: %v", got)
	}
	b.submit(at+"/edit", "points", "5")
	b.want(http.StatusOK, "这是第 2 版", "每次 5 分", "全部版本")
	b.open(at + "/print")
	b.want(http.StatusOK, "庭院整洁", "填报单位（盖章）", "积分不能换现金")
	b.open(at + "/workbook")
	b.want(http.StatusOK)
	if book, err := sheet.Read("细则.xlsx", []byte(b.page.body)); err != nil || len(book.Rows) != 1 {
		t.Errorf("the workbook holds %d rows, %v", len(book.Rows), err)
	}
	b.open(f.at(f.qing) + "/" + regexp.MustCompile(`rules/edit\?rule=[0-9a-z]+`).FindString(readAgain(b, at)))
	b.submit(at+"/edit", "go", "remove")
	b.want(http.StatusUnprocessableEntity, "至少写一条")
	f.next.open(at)
	f.next.want(http.StatusNotFound)
}

func readAgain(b *browser, path string) string {
	b.Helper()
	b.open(path)
	return b.page.body
}

func TestCategoriesAreCountedWhereTheVillageSays(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, importAt(f.qing, "rules")
	b.open(at)
	b.upload(at, "细则.csv", "类别,项目,分值\n体育特色,参加比赛,5\n")
	b.confirm()
	b.open(f.at(f.qing, "rules"))
	b.want(http.StatusOK, "1 个类别还没有归到县里的类别")
	categories, err := scheme.Categories(t.Context(), f.d, f.qing)
	f.must(err)
	b.open(f.at(f.qing, "categories"))
	b.submit(f.at(f.qing, "categories"), "county."+models.ID32(categories[0].ID), "affairs")
	b.want(http.StatusOK, "改了 1 个类别")
	b.open(f.at(f.qing, "rules"))
	b.want(http.StatusOK, "县里归到：公共事务")
	b.open(f.at(f.qing, "categories"))
	b.submit(f.at(f.qing, "categories"), "county."+models.ID32(categories[0].ID), "none")
	b.open(f.at(f.qing, "rules"))
	b.want(http.StatusOK, "1 个类别还没有归到县里的类别")
}

func TestSettingsSayWhatWorks(t *testing.T) {
	f := furnish(t)
	f.boss.open("/admin/settings")
	f.boss.want(http.StatusOK, "现在的地址不是 https", "go run ./app backup", "青石村", "还没有封过")
	f.boss.submit("/admin/settings", "mode", "single")
	f.boss.want(http.StatusOK, "已改成单机用法")
	if got := f.boss.form("/admin/settings").Get("mode"); got != "single" {
		t.Errorf("the page still shows %q", got)
	}
	f.boss.open("/admin/log?village=" + models.ID32(models.Everywhere))
	f.boss.want(http.StatusOK, "改用法", "用法：单机")
}

// Every kind of operation that an activity writes has a name that a village
// understands.
func TestLogKnowsEveryKindOfOperation(t *testing.T) {
	f := furnish(t)
	f.boss.open("/admin/log")
	kind := regexp.MustCompile(`db\.Op\{[^}]*Kind: +"([a-z_-]+)"[,}]|plan\{kind: "([a-z-]+)"`)
	seen := 0
	f.must(filepath.WalkDir("../../models", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, m := range kind.FindAllSubmatch(code, -1) {
			name := string(m[1]) + string(m[2])
			seen++
			if name != "seal" && !strings.Contains(f.boss.page.body, fmt.Sprintf("<option value=%q", name)) {
				t.Errorf("%s: the log has no words for %q", path, name)
			}
		}
		return err
	}))
	if seen < 40 {
		t.Errorf("only %d kinds found; the pattern no longer fits the code", seen)
	}
}

func TestLogGoesBackPageByPage(t *testing.T) {
	f := furnish(t)
	f.chen.open(f.at(f.qing, "edit"))
	names := make([]string, 60)
	for i := range names {
		names[i] = fmt.Sprintf("第%d网格", i+1)
	}
	f.chen.submit(f.at(f.qing, "grids"), "names", strings.Join(names, "\n"))
	f.chen.open("/admin/log?kind=grid_add")
	f.chen.want(http.StatusOK, "下一页")
	first := strings.Count(f.chen.text(), "加网格")
	f.chen.open(regexp.MustCompile(`href="(/admin/log\?[^"]*before=[^"]*)"`).FindStringSubmatch(strings.ReplaceAll(f.chen.page.body, "&amp;", "&"))[1])
	// The select lists the kind once on either page.
	if second := strings.Count(f.chen.text(), "加网格"); first-1+second-1 != 60 {
		t.Errorf("%d and %d lines, want 60 together", first-1, second-1)
	}
	f.next.open("/admin/log?village=" + models.ID32(f.qing))
	f.next.want(http.StatusNotFound)
}
