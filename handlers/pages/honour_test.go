package pages_test

import (
	"regexp"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

// family signs a household in on its own phone.
func (w *hall) family(login string, h models.Household) {
	w.Helper()
	secret, err := account.SignInHousehold(w.Context(), w.d, h, "test")
	w.must(err)
	w.Secrets[login] = secret
}

func suspendForm(number string) []string {
	today := modelstest.Start.Day()
	return []string{"other", number, "reason", "婚宴摆了60桌，劝过两次", "basis", "村规民约第9条", "told_on", string(today), "told_how", "送达告知单",
		"appeal_until", string(today.AddDays(7)), "from", string(today.AddDays(8)), "until", string(today.AddDays(60))}
}

func TestSuspensionIsToldToTheFamilyWithItsAppeal(t *testing.T) {
	w := newHall(t)
	w.family("family", w.ma)
	w.see(w.get("family", "/me/honours"), 200, "没有您家的记录")
	w.see(w.post("he", "/committee/honours/suspend", append(suspendForm("012"), "reason", "")...), 303)
	a := w.see(w.get("he", "/committee/honours"), 200, "马少明 3组012", "申诉期内，还没生效")
	href := regexp.MustCompile(`/committee/honours/suspensions/\w+`).FindString(a.body)
	w.see(w.get("he", href+"/letter"), 200, "暂停评优告知单", "婚宴摆了60桌，劝过两次", "积分一分不动", "签收")
	w.see(w.post("he", "/committee/honours/suspend", suspendForm("012")...), 409, "没有重复登记", "村规民约第9条")

	w.see(w.get("family", "/me"), 200, "11月30日 前可以申诉", "/me/honours")
	mine := w.see(w.get("family", "/me/honours"), 200, "婚宴摆了60桌，劝过两次", "积分一分不动", "申诉")
	say := regexp.MustCompile(`/v/\w+/say\?about=honour&honour=\w+`).FindString(mine.body)
	if say == "" {
		t.Fatal("the family is not led to an objection")
	}
	w.see(w.get("family", say), 200, "暂停评优", "婚宴摆了60桌，劝过两次")
	w.family("neighbour", w.wang)
	w.hides(w.get("neighbour", say), "婚宴摆了60桌")
	w.hides(w.get("nobody", say), "婚宴摆了60桌")
	w.hides(w.get("family", "/v/"+models.ID32(w.village)), "暂停评优")

	w.see(w.post("he", href+"/lift", "reason", " "), 422, "解除的理由")
	w.see(w.post("he", href+"/lift", "reason", "查明是误会"), 303)
	w.see(w.get("family", "/me/honours"), 200, "已解除", "查明是误会")
	w.see(w.get("he", "/committee/honours/print"), 200, "评优登记册", "查明是误会")
	w.see(w.get("xiaoma", "/committee/honours"), 403)
	w.see(w.get("next", href), 404)
}

func TestRedListStandsOnTheBoardMaskedUntilTheFamilyTakesItBack(t *testing.T) {
	w := newHall(t)
	w.family("family", w.ma)
	board, today := "/v/"+models.ID32(w.village), modelstest.Start.Day()
	w.see(w.post("he", "/admin/"+models.ID32(w.village)+"/edit", "name", "青石村", "rhythm_months", "1", "red_list", "1"), 303)
	form := []string{"list", "red", "other", "3组012", "title", "好公婆", "reason", "照顾老人十年", "from", string(today), "until", string(today.AddDays(20))}
	w.see(w.post("he", "/committee/honours/show", form...), 422, "怎样同意的", "照顾老人十年")
	form = append(form, "consent", "书面签字", "consent_on", string(today))
	w.see(w.post("he", "/committee/honours/show", form...), 303)
	a := w.see(w.get("nobody", board), 200, "红榜", "好公婆", "马*明 3组012", "12月13日")
	w.hides(a, "马少明", "黑榜")

	w.see(w.post("he", "/committee/households/"+models.ID32(w.ma.ID)+"/hidden", "hidden", "1"), 303)
	w.hides(w.get("nobody", board), "好公婆")
	w.see(w.get("he", "/committee/honours"), 200, "不想上榜，榜上不显示")
	w.see(w.post("he", "/committee/households/"+models.ID32(w.ma.ID)+"/hidden", "hidden", "0"), 303)
	w.see(w.get("nobody", board), 200, "好公婆")

	mine := w.see(w.get("family", "/me/honours"), 200, "红榜：好公婆", "马*明 3组012")
	w.see(w.post("family", regexp.MustCompile(`/me/honours/\w+/drop`).FindString(mine.body)), 303)
	w.hides(w.get("nobody", board), "好公婆")
}

func TestBlackListWarnsBeforeItIsSwitchedOn(t *testing.T) {
	w := newHall(t)
	board, today := "/v/"+models.ID32(w.village), modelstest.Start.Day()
	form := []string{"list", "black", "other", "012", "title", "乱倒垃圾", "reason", "三次提醒没有清理", "from", string(today), "until", string(today.AddDays(6))}
	w.see(w.get("he", "/committee/honours/show?list=black"), 404)
	w.see(w.post("he", "/committee/honours/show", form...), 409, "没有开黑榜")
	w.see(w.get("he", "/committee/honours/blacklist"), 200, "一般不要开")
	w.see(w.post("he", "/committee/honours/blacklist", "on", "1", "resolution", "第4次村民代表会议"), 422, "请先看完", "第4次村民代表会议")
	w.see(w.post("he", "/committee/honours/blacklist", "on", "1", "read", "1", "resolution", "第4次村民代表会议"), 303)
	w.see(w.post("he", "/committee/honours/show", form...), 303)
	w.hides(w.see(w.get("nobody", board), 200, "黑榜", "马*明 3组012"), "马少明")
	w.see(w.post("he", "/committee/honours/blacklist"), 303)
	w.hides(w.get("nobody", board), "黑榜", "乱倒垃圾")
}

func TestHouseholdFileTellsEverythingOnOneSheet(t *testing.T) {
	w := newHall(t)
	house := "/committee/households/" + models.ID32(w.ma.ID)
	w.see(w.post("he", house+"/members", "name", "李秀英", "relation", "配偶"), 303)
	w.see(w.post("he", "/committee/honours/suspend", suspendForm("012")...), 303)
	w.see(w.post("he", house+"/card"), 303)
	file := w.see(w.get("he", house+"/file"), 200, "李秀英（配偶）", "第 2 张，2026-11-23 开", "第 1 张，2026-11-23 开，2026-11-23 作废", "暂停评优到", "户主签字", "换新卡：积分卡：第 1 张 → 第 2 张")
	w.hides(file, "清零")
	w.see(w.get("he", house+"/changes"), 200, "加成员 李秀英", "何主任", "第 1 张 → 第 2 张")
}

func TestMemberIsCorrectedAndMourned(t *testing.T) {
	w := newHall(t)
	house := "/committee/households/" + models.ID32(w.ma.ID)
	w.see(w.post("he", house+"/members", "name", "李秀应", "relation", "配偶"), 303)
	people, err := village.Members(t.Context(), w.d, w.ma)
	w.must(err)
	head, wife := house+"/members/"+models.ID32(people[0].ID), house+"/members/"+models.ID32(people[1].ID)
	w.see(w.get("he", house), 200, wife)
	w.see(w.post("he", wife, "name", "李秀英", "relation", "配偶"), 303)
	w.see(w.get("he", house+"/changes"), 200, "李秀应 → 李秀英")

	w.see(w.get("he", head), 200, "以后谁当户主", "李秀英")
	w.see(w.post("he", head+"/died"), 422, "请选家里谁接着当户主")
	w.see(w.post("he", head+"/died", "heir", models.ID32(people[1].ID)), 303)
	w.see(w.get("he", house), 200, "李秀英 <span class=\"nowrap\">3组012", "第 1 张卡")
	w.see(w.get("he", house+"/file"), 200, "马少明（已故")
	w.see(w.get("xiaoma", wife), 403)
}

func TestWatchIsForTheMonitorAndNamesNobodyAbove(t *testing.T) {
	w := newHall(t)
	w.Person("monitor", "丁监督", models.Monitor, w.village)
	w.Person("town", "镇干事", models.Publicity, w.Town)
	for range 3 {
		w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 303)
		w.clock.Add(time.Minute)
	}
	page := w.see(w.get("monitor", "/committee/watch"), 200, "谁记的分", "何主任", "只是问题，不是结论")
	behind := regexp.MustCompile(`/committee/watch/\w+/share\?days=90`).FindString(page.body)
	w.see(w.get("monitor", behind), 200, "马少明 3组012", "庭院整洁", "共 3 笔")
	w.see(w.get("he", "/committee/watch"), 403)
	w.see(w.get("next", behind), 403)

	above := w.see(w.get("town", "/reports/"+models.ID32(w.Town)+"/watch"), 200, "青石村", "兰光村", "不排名")
	w.hides(above, "何主任")
	rows := w.see(w.get("town", "/reports/"+models.ID32(w.village)+"/watch/rate"), 200, "马*明 3组012", "共 3 笔")
	w.hides(rows, "马少明", "何主任")
	w.see(w.get("monitor", "/reports/"+models.ID32(w.village)+"/watch/rate"), 403)
}
