package pages_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
)

var lookCode = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// hearing is 青石村 with 石副主任 beside 陈主任 on the committee, 郭监督 its monitor,
// and 胡干事 of the township; one award of 马少明's hangs on the wall, recorded by
// 陈主任.
type hearing struct {
	*shop
	shi, hu models.Actor
	award   award.Award
}

func newHearing(t *testing.T) hearing {
	t.Helper()
	h := hearing{shop: newShop(t)}
	h.shi = h.Person("shi", "石副主任", models.Committee, h.village)
	h.Person("guo", "郭监督", models.Monitor, h.village)
	h.hu = h.Person("hu", "胡干事", models.Publicity, h.Town)
	rules := h.adopt()
	h.award = h.record(h.ma, rules["庭院整洁"])
	h.hang()
	return h
}

func (h hearing) state() string {
	h.Helper()
	a, err := award.Get(h.Context(), h.d, h.village, h.award.ID)
	h.must(err)
	return a.State
}

// say objects on a visitor's browser and answers the page with the receipt.
func (h hearing) say(v *visitor, more ...string) reply {
	h.Helper()
	form := url.Values{"about": {"award"}, "text": {"那天院子没有收拾"}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	v.get(h.board() + "/say")
	return v.post(h.board()+"/say", form)
}

func (h hearing) only() notice.Objection {
	h.Helper()
	all, err := notice.Register(h.Context(), h.d, h.village, true, models.Cursor{})
	h.must(err)
	if len(all) != 1 {
		h.Fatalf("%d objections", len(all))
	}
	return all[0]
}

func TestObjectionFromTheBoardToTheTownship(t *testing.T) {
	h := newHearing(t)
	id := models.ID32(h.award.ID)
	v := h.stranger()
	v.wants(v.get(h.board()), 200, h.board()+"/say?award="+id, "提意见")
	v.lacks(v.wants(v.get(h.board()+"/say?award="+id), 200, "马*明 3组012 庭院整洁", "这一笔不对"), "马少明", "别的事")
	v.wants(h.say(v, "award", id, "text", ""), 422, "请写明是什么意见")
	v.wants(h.say(v, "award", id, "homepage", "http://x"), 422, "没有提交")
	v.wants(h.say(v, "award", id, "text", "看 http://example.com"), 422, "不要写网址", "看 http://example.com")
	got := v.wants(h.say(v, "award", id, "contact", "13800138000"), 200, "查询码", "2026年意见第1号", "先停下")
	code := lookCode.FindString(got.body)
	if h.state() != award.Frozen {
		t.Fatalf("the award is %s", h.state())
	}
	v.wants(v.get(h.board()), 200, "正在核实")
	o := h.only()
	page := "/committee/objections/" + models.ID32(o.ID)

	chen, shi := h.as("chen"), h.as("shi") // 陈主任 recorded it
	chen.wants(chen.get("/committee"), 200, "意见要答复")
	chen.lacks(chen.wants(chen.get(page), 200, "提意见的人受保护", "要由别人来答复"), "13800138000", `name="heard"`)
	chen.wants(chen.post(page+"/answer", url.Values{"outcome": {"refused"}, "heard": {"都问了"}, "reason": {"我看过"}}), 403, "要由别人来答复")
	shi.wants(shi.get(page), 200, "没有留名", "13800138000", "马少明 3组012 庭院整洁")
	shi.wants(shi.post(page+"/answer", url.Values{"outcome": {"refused"}, "reason": {"我看过"}}), 422, "两边各怎么说", "我看过")
	if r := shi.post(page+"/answer", url.Values{"outcome": {"refused"}, "heard": {"邻居说没收拾；户主说收拾了"}, "reason": {"照片上是干净的"}}); r.code != 303 {
		t.Fatalf("answering: %d %s", r.code, r.body)
	}
	if h.state() != award.Noticed {
		t.Fatalf("after a refusal the award is %s", h.state())
	}
	v.wants(v.post("/say", url.Values{"code": {"AAAA-AAAA-AAAA"}}), 404, "没有查到")
	v.get("/say")
	seen := v.wants(v.post("/say", url.Values{"code": {strings.ToLower(code)}}), 200, "意见不成立", "照片上是干净的", "报到镇上")
	v.lacks(seen, "邻居说没收拾", "石副主任")
	v.wants(v.post("/say/appeal", url.Values{"code": {code}, "text": {"照片是去年的"}}), 200, "等镇上答复", "照片是去年的")
	if h.state() != award.Frozen {
		t.Fatalf("during the appeal the award is %s", h.state())
	}
	hu := h.as("hu")
	hu.wants(hu.get("/reports"), 303)
	hu.lacks(hu.wants(hu.get("/above"), 200, "石坝镇", "要答复 1", "马*明 3组012 庭院整洁", "不同意村里的答复"), "马少明")
	up := "/above/" + models.ID32(h.village) + "/objections/" + models.ID32(o.ID)
	hu.wants(hu.get(up), 200, "照片是去年的", "邻居说没收拾")
	hu.wants(hu.get("/above/print"), 200, "照片是去年的")
	if r := hu.post(up, url.Values{"outcome": {"upheld"}, "heard": {"又问了两边"}, "reason": {"照片日期不对"}}); r.code != 303 {
		t.Fatalf("the township's answer: %d %s", r.code, r.body)
	}
	if h.state() != award.Refused {
		t.Fatalf("after the township upheld it the award is %s", h.state())
	}
	v.wants(v.post("/say", url.Values{"code": {code}}), 200, "意见成立", "照片日期不对", "镇上的答复")
	hu.wants(hu.get("/above"), 200, "现在没有要乡镇答复的意见")
}

func TestObjectionOfAFamilyIsTheirsAndMissingOnesBecomeClaims(t *testing.T) {
	h := newHearing(t)
	version, err := award.Get(t.Context(), h.d, h.village, h.award.ID)
	h.must(err)
	family := h.family(h.ma, maPIN)
	family.wants(family.get("/me"), 200, "/say?award="+models.ID32(h.award.ID), `href="/me/say"`)
	r := family.wants(h.say(family, "about", "missing", "text", "上周五也打扫了", "act", models.ID32(version.Rule), "day", "2026-11-23"), 200, "已经当作报好事去办")
	if !lookCode.MatchString(r.body) {
		t.Error("no look-up code")
	}
	o := h.only()
	if o.Result == 0 || o.Household != h.ma.ID {
		t.Fatalf("%+v", o)
	}
	mine := "/me/say/" + models.ID32(o.ID)
	family.wants(family.get("/me/say"), 200, "漏登", mine)
	family.wants(family.get(mine), 200, "已当作报好事去办，等初审", "还没有答复")
	yang := h.stranger()
	yang.wants(yang.get(mine), 303)
	shi := h.as("shi")
	page := "/committee/objections/" + models.ID32(o.ID)
	shi.wants(shi.get(page), 200, "马少明 3组012", "这件好事交评议")
	h.wantSeen(shi.post(page+"/said", url.Values{"said": {"签到表上有"}}), 303)
	h.wantSeen(shi.post(page+"/assign", url.Values{"account": {models.ID32(h.shi.Account)}}), 303)
	h.wantSeen(shi.post(page+"/answer", url.Values{"outcome": {"upheld"}, "heard": {"签到表上有，组长也说在"}, "reason": {"补上"}}), 303)
	claim, err := award.Get(t.Context(), h.d, h.village, o.Result)
	h.must(err)
	if claim.State != award.Checked {
		t.Errorf("the claim is %s", claim.State)
	}
	family.wants(family.get(mine), 200, "意见成立", "补上", "等评议")
	shi.wants(shi.get(page+"/print"), 200, "意见答复书", "签到表上有，组长也说在")
	shi.wants(shi.get("/committee/objections/print"), 200, "意见登记簿", "马少明 3组012", "补上")
	next := h.as("chen")
	next.wants(next.get("/committee/objections/"+models.ID32(o.ID)+"?village="+models.ID32(h.next)), 404)
}

func (h hearing) wantSeen(r reply, code int) {
	h.Helper()
	if r.code != code {
		h.Fatalf("got %d, want %d:\n%s", r.code, code, r.body)
	}
}

func TestObjectionTakenDownForSomebodyWhoCame(t *testing.T) {
	h := newHearing(t)
	guo := h.as("guo")
	guo.wants(guo.get("/committee/objections"), 200, "替人记一条")
	guo.wants(guo.get("/committee/objections/new"), 200, "字条、意见箱", "李小丽（兑换点管理员）")
	clerk, err := h.clerkAccount()
	h.must(err)
	guo.wants(guo.post("/committee/objections/new", url.Values{"about": {"clerk"}, "way": {"paper"}, "text": {"给的米少一斤"}, "who": {"999"}}), 404, "没有找到这个户号", "给的米少一斤")
	r := guo.wants(guo.post("/committee/objections/new", url.Values{"about": {"clerk"}, "way": {"paper"}, "text": {"给的米少一斤"}, "who": {"018"}, "person": {models.ID32(clerk)}}), 200, "打印回执")
	if !lookCode.MatchString(r.body) {
		t.Error("no look-up code for the slip")
	}
	o := h.only()
	page := "/committee/objections/" + models.ID32(o.ID)
	guo.wants(guo.get(page), 200, "杨桂兰 3组018", "字条、意见箱，郭监督记")
	shi := h.as("shi")
	shi.lacks(shi.wants(shi.get(page), 200, "提意见的人受保护", "李小丽"), "杨桂兰")
	shi.lacks(shi.get("/committee/objections"), "杨桂兰")
	shi.lacks(shi.get("/committee/objections/print"), "杨桂兰")
	shi.lacks(shi.get("/admin/log"), "018")
}

func (h hearing) clerkAccount() (id int64, err error) {
	err = h.d.Stmts(h.Context()).Row("SELECT account_id FROM grants WHERE role = 'clerk' AND area_id = ?", h.village).Scan(&id)
	return id, err
}

func TestObjectionLeftUnansweredShoutsInVillageAndTown(t *testing.T) {
	h := newHearing(t)
	v := h.stranger()
	v.wants(h.say(v, "about", "goods", "text", "洗衣液少半瓶"), 200)
	hu := h.as("hu")
	hu.wants(hu.get("/above"), 200, "现在没有要乡镇答复的意见")
	h.clock.Add(7 * 24 * time.Hour)
	_, err := award.MindObjections(t.Context(), h.d)
	h.must(err)
	shi := h.anew("shi")
	shi.wants(shi.get("/committee"), 200, "意见过期没有答复")
	shi.wants(shi.get("/committee/objections"), 200, "1 条过期没有答复")
	h.SignIn("hu", h.hu.Account)
	hu = h.as("hu")
	hu.wants(hu.get("/above"), 200, "1 件过期没有答复", "村里过期没有答复")
}
