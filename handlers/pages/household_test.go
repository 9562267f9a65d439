package pages_test

import (
	"regexp"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// postNow has the meeting decide that awards reach the passbook at once.
func (w *hall) postNow() {
	w.Helper()
	_, err := scheme.Amend(w.Context(), w.d, db.NewOpID(), w.he, w.village, nil, scheme.Adoption{Posting: scheme.PostNow})
	w.must(err)
}

func TestCorrectionTakesALineBackOnce(t *testing.T) {
	w := newHall(t)
	w.postNow()
	done := w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 303)
	w.see(w.get("he", done.location), 200, "已到账，现有 5 分")
	house := "/committee/households/" + models.ID32(w.ma.ID)
	w.see(w.get("he", house), 200, house+"/lines/1")
	w.see(w.get("he", house+"/lines/1"), 200, "庭院整洁", "变成 <b>0 分")
	w.see(w.post("he", house+"/lines/1", "reason", " "), 422, "请写明为什么更正")
	if w.balance(w.ma) != 500 {
		t.Fatal("a correction without a reason took points")
	}
	w.see(w.post("he", house+"/lines/1", "reason", "记错户了"), 303, house)
	w.see(w.get("he", house), 200, "更正 012-1：记错户了", "11月23日 更正：记错户了（012-2，−5）")
	w.see(w.post("he", house+"/lines/1", "reason", "再来一次"), 409, "已经更正过")
	if w.balance(w.ma) != 0 {
		t.Errorf("the balance is %s after one correction", w.balance(w.ma))
	}
	w.see(w.post("xiaoma", house+"/lines/1", "reason", "不该有权"), 403)
}

func TestHouseholdIsEnrolledAndChanged(t *testing.T) {
	w := newHall(t)
	form := []string{"number", "045", "group", "3", "head", "马·阿卜杜拉", "joining", "in", "residence", "resident", "origin", "native"}
	w.see(w.post("he", "/committee/households/new", append([]string{}, append(form, "under14", "三个")...)...), 422, `value="三个"`, "马·阿卜杜拉")
	a := w.see(w.post("he", "/committee/households/new", form...), 303, "/committee/households/")
	w.see(w.get("he", a.location), 200, "马·阿卜杜拉", "第 1 张卡")
	w.see(w.post("he", "/committee/households/new", form...), 409, "户号 045 已经有一户在用", "马·阿卜杜拉")

	w.see(w.post("he", a.location+"/members", "name", "马小龙", "relation", "儿子"), 303)
	w.see(w.post("he", a.location+"/members", "name", "马小龙", "relation", "儿子"), 422, "没有重复添加")
	w.see(w.post("he", a.location+"/links", "other", "012", "relation", "兄弟姐妹家"), 303)
	w.see(w.get("he", a.location), 200, "马小龙", "马少明 3组012（兄弟姐妹家）")

	version := regexp.MustCompile(`name="version" value="(\d+)"`)
	was := version.FindStringSubmatch(w.get("he", a.location+"/edit").body)[1]
	edit := append([]string{"version", was}, form...)
	w.see(w.post("he", a.location+"/edit", append(edit, "lane", "清水巷")...), 303)
	stale := w.see(w.post("he", a.location+"/edit", append(edit, "lane", "后山巷")...), 409, "别人刚改过", "后山巷")
	w.see(w.post("he", a.location+"/edit", append(append([]string{}, form...), "lane", "后山巷", "version", version.FindStringSubmatch(stale.body)[1])...), 303)
	w.see(w.get("he", a.location), 200, "后山巷")

	w.see(w.post("he", a.location+"/pin", "pin", "280461", "again", "280462"), 422, "两遍密码不一样")
	w.see(w.post("he", a.location+"/pin", "pin", "123456", "again", "123456"), 422)
	w.see(w.post("he", a.location+"/pin", "pin", "280461", "again", "280461"), 303)
	w.see(w.post("he", a.location+"/leave", "reason", "搬到县城"), 303)
	w.see(w.get("he", "/committee/households?left=1"), 200, "马·阿卜杜拉")
	w.see(w.post("he", a.location+"/back"), 303)
	w.see(w.get("he", a.location+"/passbook"), 200, "马·阿卜杜拉")
	w.see(w.get("he", a.location+"/file"), 200, "一户一档", "马小龙（儿子）")
}

func TestCardsArePrintedAndReplaced(t *testing.T) {
	w := newHall(t)
	home := func() village.Home {
		h, err := village.GetHome(t.Context(), w.d, w.ma)
		w.must(err)
		return h
	}
	old := village.CardToken(w.k, home())
	print := w.see(w.get("he", "/committee/cards/print?group=3&set=1"), 200, old.Pretty(), "马*明", "3组012", "户号 018")
	w.hides(print, "马少明", "trial")
	if n := strings.Count(print.body, `<article class="hcard"`); n != 3 {
		t.Errorf("%d cards are printed, want 3", n)
	}
	w.see(w.get("he", "/committee/cards/sign?group=3&set=1"), 200, "发卡签收表", "马少明", "领卡人签字")
	w.see(w.get("he", "/committee/cards/print"), 422, "还没有选要打印哪些户")
	w.see(w.post("he", "/committee/households/"+models.ID32(w.ma.ID)+"/card"), 303)
	w.see(w.post("he", "/committee/find", "q", string(old)), 410, "旧卡不能用")
	w.see(w.get("he", "/committee/cards/print?h="+models.ID32(w.ma.ID)), 200, village.CardToken(w.k, home()).Pretty())

	slips := w.see(w.post("he", "/committee/cards/pins", "op", strings.Repeat("ab", 16)), 200, "只显示这一次", "马少明")
	if n := len(regexp.MustCompile(`pin-slip-pin">\d{6}<`).FindAllString(slips.body, -1)); n != 3 {
		t.Errorf("%d slips carry a password, want 3", n)
	}
	again := w.see(w.post("he", "/committee/cards/pins", "op", strings.Repeat("ab", 16)), 410, "只显示一次")
	w.hides(again, "pin-slip-pin")
}
