package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

const (
	roll = "青石村花名册\n户号,组,户主,身份证号,民族,成员,联系电话\n" +
		"3012,3组,马少明,640101197001011234,回族,王秀英、马小龙,13895001234\n" +
		"3013,3组,李桂兰,640101195001011234,汉族,,\n" +
		"1008,1组,马·阿卜杜拉,,,马·法蒂玛,\n合计,,3户,,,,\n"
	rulesTable = "类别,项目,分值,单位,频次,备注\n美丽庭院,庭院整洁,5,次,每月,每月限2次\n志愿服务,参加志愿服务,每小时1分,小时,,每年最多40分\n扣分项目,乱倒垃圾,-10,,,\n"
	priceList  = "品名,积分,单位,库存\n洗衣液,20,瓶,48\n大米 5公斤,50,袋,21\n"
	oldPoints  = "户号,户主,剩余积分,累计积分\n3012,马少明,128,340\n3013,李桂兰,45.5,90\n"
)

func TestFirstRunGoesFromNothingToAVillageAtWork(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	b.open("/setup")
	b.want(http.StatusOK, "单机", "县级", "手机不能用")
	b.submit("/setup", "code", "1111-1111", "mode", "county")
	b.want(http.StatusForbidden, "设置码不对")
	if got := b.form("/setup"); got.Get("code") != "1111-1111" || got.Get("mode") != "county" {
		t.Fatalf("what was typed is gone: %v", got)
	}
	b.submit("/setup", "code", "7k2m q9xf")
	b.want(http.StatusOK, "设管理员")
	b.submit("/setup/admin", "login", "zhang", "name", "张主任", "password", adminPassword, "again", "另一个密码")
	b.want(http.StatusUnprocessableEntity, "两次填的密码不一样")
	b.submit("/setup/admin", "password", adminPassword, "again", adminPassword)
	b.want(http.StatusOK, "您已登录", "建县、乡、村")
	b.submit("/setup/areas", "city", "银川市", "county", "永宁县", "township", "", "name", "青石村", "class", "model", "sponsor", "city")
	b.want(http.StatusUnprocessableEntity, "乡镇（街道）")
	if got := b.form("/setup/areas"); got.Get("name") != "青石村" || got.Get("class") != "model" {
		t.Fatalf("what was typed is gone: %v", got)
	}
	b.submit("/setup/areas", "township", "望远镇", "grids", "第一网格\n第二网格")
	b.want(http.StatusOK, "青石村建好了", "示范类", "第二网格", "下一步：导入户和成员")
	at := b.page.path

	b.open(at + "/import/roll")
	b.upload(at+"/import/roll", "名册.csv", roll)
	b.want(http.StatusOK, "没有读入（不应保存）：身份证号、民族", "3 户、6 人", "马·阿卜杜拉 1组008", "合计")
	b.wantNot("640101197001011234")
	b.confirm()
	b.want(http.StatusOK, "新增 3 户", "下一步：导入积分细则")

	b.open(at + "/import/rules")
	b.upload(at+"/import/rules", "细则.csv", rulesTable)
	b.want(http.StatusOK, "每次 5 分，每户每月最多 2 次", "每小时 1 分，每户每年最多 40 分", "每次扣 10 分；只计数，不公开明细")
	b.confirm("posting", scheme.PostNow, "point_rate", "0.5")
	b.want(http.StatusOK, "第 1 版，3 条")

	b.open(at + "/import/goods")
	b.upload(at+"/import/goods", "价目表.csv", priceList)
	b.want(http.StatusOK, "20 分一瓶，库存 48 瓶", "新增 2 种")
	b.confirm()
	b.want(http.StatusOK, "新增 2 种", "旧账结转")

	b.open(at + "/import/balances")
	b.upload(at+"/import/balances", "旧账.csv", oldPoints)
	preview := b.page.path
	b.want(http.StatusOK, "2 户，能换的分共 173.5 分")
	b.confirm("resolution", "2026年第3号")
	b.want(http.StatusUnprocessableEntity, "请先打印核对表")
	if got := b.form(preview).Get("resolution"); got != "2026年第3号" {
		t.Fatalf("the resolution that was typed is gone: %q", got)
	}
	b.open(preview + "/check")
	b.want(http.StatusOK, "旧积分核对表", "李桂兰", "45.5", "填报单位（盖章）")
	b.open(preview)
	b.confirm("checked", "1")
	b.want(http.StatusOK, "2 户，能换的分共 173.5 分", "下一步：添加人员")

	for _, p := range [][3]string{{"committee", "陈村主任", "chen"}, {"clerk", "李小燕", "li"}} {
		b.open(at)
		b.open("/admin/people/new?area=" + strings.TrimPrefix(at, "/admin/"))
		b.submit("/admin/people/new", "role", p[0], "name", p[1], "login", p[2])
		b.want(http.StatusOK, "只在这里显示一次")
	}
	b.open(at)
	b.want(http.StatusOK, "3 户、6 人", "第 1 版，3 条", "架上 2 种", "2 户已结转，共 173.5 分", "村委 1 人", "下一步：打印户卡和签收表")
	o.wantVillage(at)
}

// wantVillage looks at what stands in the database after the first run.
func (o *office) wantVillage(at string) {
	o.Helper()
	v, err := models.ParseID32(strings.TrimPrefix(at, "/admin/"))
	o.must(err)
	home, err := village.HomeByNumber(o.Context(), o.d, v, "3012")
	o.must(err)
	book, err := ledger.Balance(o.Context(), o.d, home.Household)
	o.must(err)
	if book.Balance != 12800 || book.Honour != 34000 {
		o.Errorf("马少明 has %s and %s, want 128 and 340", book.Balance, book.Honour)
	}
	items, err := market.Shelf(o.Context(), o.d, v, 0, o.d.Now().Day())
	o.must(err)
	if len(items) != 2 || items[0].Qty != 48*models.One {
		o.Errorf("on the shelf: %+v", items)
	}
	version, err := scheme.Current(o.Context(), o.d, v, o.d.Now().Day())
	o.must(err)
	if version.PointRate != 5000 || version.Posting != scheme.PostNow {
		o.Errorf("the rules came in as %+v", version)
	}
	carried, err := award.CarryOvers(o.Context(), o.d, v)
	o.must(err)
	if len(carried) != 1 || carried[0].Resolution != "2026年第3号" {
		o.Errorf("carried over: %+v", carried)
	}
	if mode, err := db.Setting(o.Context(), o.d, "mode"); err != nil || mode != "county" {
		o.Errorf("mode %q, %v", mode, err)
	}
	waiting := 0
	o.must(o.d.Stmts(o.Context()).Row("SELECT COUNT(*) FROM uploads").Scan(&waiting))
	if waiting != 0 {
		o.Errorf("%d imported files, with all their columns, are still kept", waiting)
	}
}

func TestSetupIsClosedOnceThereIsAnAdministrator(t *testing.T) {
	f := furnish(t)
	b := f.browser()
	for _, path := range []string{"/setup", "/setup/admin"} {
		b.open(path)
		b.want(http.StatusOK, "登录名")
		b.wantNot("设置码")
	}
	b.open("/setup/areas")
	b.wantNot("建县、乡、村")
}

func TestSetupAdministratorNeedsTheCodeFirst(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	b.open("/setup/admin")
	b.want(http.StatusOK, "设置码")
	sent := b.form("/setup")
	for k, v := range map[string]string{"login": "eve", "name": "外人", "password": adminPassword, "again": adminPassword} {
		sent.Set(k, v)
	}
	b.cookies["setup"] = "7K2M-Q9XF"
	b.post("/setup/admin", sent)
	b.want(http.StatusOK, "设置码")
}

func TestSetupCodeCannotBeTriedOut(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	b.open("/setup")
	for range 5 {
		b.submit("/setup", "code", "AAAA-AAAA", "mode", "single")
	}
	b.submit("/setup", "code", setupCode, "mode", "single")
	if b.page.code != http.StatusLocked && b.page.code != http.StatusTooManyRequests {
		t.Fatalf("after five wrong codes the sixth guess is answered %d:\n%s", b.page.code, b.text())
	}
}
