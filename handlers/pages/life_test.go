package pages_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/scheme"
)

// newReview is the hall with a second committee member, a monitor, the family of
// 马少明 on its phone, and rules of every kind. 张会计 is a relative of 王建国's.
func newReview(t *testing.T) (*hall, models.Actor) {
	t.Helper()
	w := newHall(t)
	zhang := w.Person("zhang", "张会计", models.Committee, w.village)
	w.Person("jiandu", "白监督", models.Monitor, w.village)
	w.LivesAt(zhang, w.wang)
	w.enter("ma", w.ma)
	w.enter("li", w.li)
	rule := func(r scheme.Rule) scheme.Change {
		return scheme.Change{Draft: scheme.Draft{Category: "志愿服务", Rule: r}}
	}
	_, err := scheme.Amend(t.Context(), w.d, db.NewOpID(), w.he, w.village, []scheme.Change{
		rule(scheme.Rule{Item: "志愿服务时长", Direction: scheme.Plus, Unit: "小时", BandBy: scheme.ByAmount, Bands: []scheme.Band{{At: 4 * models.One, Points: 100}, {At: 10 * models.One, Points: 200}}}),
		rule(scheme.Rule{Item: "获评文明家庭", Direction: scheme.Plus, BandBy: scheme.ByLevel, Bands: []scheme.Band{{Name: "国家级", Points: 5000}, {Name: "县级", Points: 1000}}}),
		rule(scheme.Rule{Item: "卫生打分", Direction: scheme.Plus, FullPoints: 1000, FaultPoints: 50, Faults: []scheme.Fault{{Name: "乱堆柴草", Points: 200}, {Name: "污水乱泼"}}}),
		rule(scheme.Rule{Item: "清扫巷道", Direction: scheme.Plus, PointsMin: 500, PointsMax: 500}),
		rule(scheme.Rule{Item: "乱倒垃圾", Direction: scheme.Minus, PointsMin: 300, PointsMax: 300}),
	}, scheme.Adoption{AdoptedOn: "2026-02-01", Posting: scheme.PostNotice, NoticeDays: 3, PointRate: 10000, SecondOver: 4000, AppealDays: 7})
	w.must(err)
	v, err := scheme.Current(t.Context(), w.d, w.village, w.d.Now().Day())
	w.must(err)
	all, err := scheme.Rules(t.Context(), w.d, w.village, v.ID)
	w.must(err)
	for _, r := range all {
		w.rules[r.Item] = r
	}
	return w, zhang
}

// enter signs a family in on a phone.
func (w *hall) enter(as string, h models.Household) {
	w.Helper()
	secret, err := account.SignInHousehold(w.Context(), w.d, h, "phone")
	w.must(err)
	w.Secrets[as] = secret
}

// of lists a household's awards, newest first.
func (w *hall) of(h models.Household) []award.Award {
	w.Helper()
	all, err := award.ByHousehold(w.Context(), w.d, h, models.Cursor{})
	w.must(err)
	return all
}

// claim says what a family did and answers the award.
func (w *hall) claim(who string, h models.Household, rule string, pairs ...string) award.Award {
	w.Helper()
	w.see(w.post(who, "/me/claims", append([]string{"rule", w.rule(rule)}, pairs...)...), 303, "/me/claims")
	return w.of(h)[0]
}

// meet opens a meeting of those named and answers its address.
func (w *hall) meet(who string, pairs ...string) string {
	w.Helper()
	return w.see(w.post(who, "/committee/meetings", append([]string{"held_on", "2026-11-23", "place", "村部"}, pairs...)...), 303, "/committee/meetings/").location
}

func TestClaimGoesFromThePhoneToTheWall(t *testing.T) {
	w, zhang := newReview(t)
	w.see(w.get("ma", "/me/claims"), 200, "还没有报过")
	list := w.see(w.get("ma", "/me/claims/new"), 200, "清扫巷道", "获评文明家庭", "满 4 小时 1 分")
	w.hides(list, "乱倒垃圾")
	w.see(w.get("ma", "/me/claims/new?rule="+w.rule("获评文明家庭")), 200, "国家级", "县级", "哪一档")
	a := w.claim("ma", w.ma, "清扫巷道", "quantity", "3", "note", "东巷和井台")
	w.see(w.get("ma", "/me/claims"), 200, "清扫巷道 × 3 次", "+15", "报上了，等组长或网格员先看", "东巷和井台")
	w.see(w.get("ma", "/me"), 200, "1 件在办")

	w.see(w.get("he", "/committee"), 200, "初审村民报的好事")
	w.see(w.get("xiaoma", "/committee/check"), 200, "马少明 3组012", "东巷和井台", "自己报的")
	w.see(w.post("xiaoma", "/committee/check", "award", models.ID32(a.ID), "outcome", "back"), 422, "写明理由")
	w.see(w.post("xiaoma", "/committee/check", "award", models.ID32(a.ID), "outcome", "back", "reason", "写清是哪几天"), 303)
	w.see(w.get("ma", "/me/claims"), 200, "退回来了，要补一补", "写清是哪几天")
	w.see(w.post("li", "/me/claims/"+models.ID32(a.ID), "note", "别人家的"), 404)
	w.see(w.post("ma", "/me/claims/"+models.ID32(a.ID), "note", "20 到 22 日"), 303)
	w.see(w.post("xiaoma", "/committee/check", "award", models.ID32(a.ID), "outcome", "pass", "reason", "看过了"), 303)
	w.see(w.get("ma", "/me/claims"), 200, "看过了，等评议会评议")

	wrong := w.claim("ma", w.ma, "庭院整洁")
	w.see(w.post("li", "/me/claims/"+models.ID32(wrong.ID)+"/withdraw"), 404)
	w.see(w.post("ma", "/me/claims/"+models.ID32(wrong.ID)+"/withdraw"), 303, "/me/claims")
	w.see(w.get("ma", "/me/claims"), 200, "已经撤回")

	w.see(w.get("he", "/committee/meetings"), 200, "1 件", "开评议会")
	w.see(w.post("he", "/committee/meetings", "held_on", "2026-11-23"), 422, "请选到会的人", "2026-11-23")
	at := w.meet("he", "who", models.ID32(w.he.Account), "who", models.ID32(zhang.Account), "others", "白有才、李桂兰 3组018")
	w.see(w.get("he", at), 200, "到会 4 人：何主任、张会计、白有才、李桂兰", "清扫巷道", "东巷和井台；20 到 22 日", "初审：通过 · 看过了", "已议")
	w.see(w.get("he", at+"/print"), 200, "□通过", "马少明 3组012", "白有才＿＿")
	r := w.post("he", at, "award", models.ID32(a.ID), "outcome", "pass", "quantity", "2")
	w.see(r, 303, at)
	w.see(w.get("he", at), 200, "改主意", "+10")
	w.see(w.post("he", at+"/close", "resolution", ""), 303, at)
	w.see(w.get("he", at), 200, "已结束", "评议〔2026〕第1号", "通过 1，不通过 0")
	w.see(w.get("he", at+"/print"), 200, "评议记录", "评议〔2026〕第1号")
	w.see(w.post("he", at, "award", models.ID32(a.ID), "outcome", "refuse", "reason", "晚了"), 409, "已经结束")
	w.see(w.get("ma", "/me/claims"), 200, "通过了，等贴榜", "+10")
	w.see(w.get("jiandu", "/committee/awards/"+models.ID32(a.ID)), 200, "登记", "初审：退回", "写清是哪几天", "评议会：通过", "改为 2 次", "何主任（村委）", "这一户")
	w.see(w.get("he", "/committee"), 200, "1 笔", "1 户，最早一笔记于")
}

func TestReviewAsksRelativesToStandAside(t *testing.T) {
	w, zhang := newReview(t)
	done := w.see(w.post("xiaoma", "/committee/award", "household", models.ID32(w.wang.ID), "rule", w.rule("清扫巷道"), "way", "spoken", "note", "村口"), 303)
	w.see(w.get("xiaoma", done.location), 200, "等评议会")
	wang := w.of(w.wang)[0]
	if wang.Way != award.WaySpoken || wang.State != award.Checked {
		t.Fatalf("what the grid worker was told is %s by %q", wang.State, wang.Way)
	}
	alone := w.meet("zhang", "who", models.ID32(zhang.Account))
	w.see(w.get("zhang", alone), 200, "张会计要回避", "到会的都要回避")
	w.see(w.post("zhang", alone, "award", models.ID32(wang.ID), "outcome", "pass"), 403, "要回避")
	w.see(w.post("zhang", alone+"/edit", "held_on", "2026-11-23", "place", "村部", "who", models.ID32(zhang.Account), "who", models.ID32(w.he.Account)), 303, alone)
	w.see(w.post("he", alone, "award", models.ID32(wang.ID), "outcome", "pass"), 303)
	w.see(w.get("he", "/committee/awards/"+models.ID32(wang.ID)), 200, "回避", "张会计（亲属回避）", "评议会：通过")
	w.see(w.get("zhang", w.awardPath(w.wang)+"&way=spoken"), 200, "请换一位同事")
	mine := w.claim("li", w.li, "清扫巷道")
	w.see(w.get("xiaoma", "/committee/check"), 200, "您自己家或亲属家，请同事来审")
	w.see(w.post("xiaoma", "/committee/check", "award", models.ID32(mine.ID), "outcome", "pass"), 403, "不能给自己家办理")
}

func TestReviewByTheScriptAnswersInPlace(t *testing.T) {
	w, zhang := newReview(t)
	a := w.claim("ma", w.ma, "清扫巷道")
	w.must(award.Check(t.Context(), w.d, db.NewOpID(), w.he, w.village, []award.Verdict{{Award: a.ID, Outcome: award.Pass}}))
	at := w.meet("he", "who", models.ID32(w.he.Account), "who", models.ID32(zhang.Account))
	w.see(w.postJSON("he", at, "award", models.ID32(a.ID), "outcome", "refuse"), 422, `"field":"reason"`)
	w.see(w.postJSON("he", at, "award", models.ID32(a.ID), "outcome", "refuse", "reason", "那几天没有人扫"), 200, `"done":"不通过"`, `"kind":"bad"`)
	w.see(w.get("ma", "/me/claims"), 200, "没有通过", "那几天没有人扫", "清扫巷道")
	w.see(w.postJSON("he", at, "award", models.ID32(a.ID), "outcome", "pass"), 200, `"done":"通过"`)
	w.see(w.get("ma", "/me/claims"), 200, "通过了，等贴榜")
}

func TestReviewPassesWhatIsAlikeAtOnce(t *testing.T) {
	w, zhang := newReview(t)
	a, b := w.claim("ma", w.ma, "清扫巷道"), w.claim("li", w.li, "清扫巷道")
	both := []string{"award", models.ID32(a.ID), "award", models.ID32(b.ID), "outcome", "pass"}
	w.see(w.get("he", "/committee/check"), 200, "这 2 件都通过")
	w.see(w.post("he", "/committee/check", both...), 303)
	at := w.meet("he", "who", models.ID32(w.he.Account), "who", models.ID32(zhang.Account))
	w.see(w.get("he", at), 200, "这 2 件都通过", "还有 2 件")
	w.see(w.post("he", at, both...), 303)
	w.see(w.get("he", at), 200, "议完了")
	if w.of(w.ma)[0].State != award.Noticed || w.of(w.li)[0].State != award.Noticed {
		t.Error("one of the two was not passed")
	}
}

func TestSecondPersonApprovesWhatIsLarge(t *testing.T) {
	w, _ := newReview(t)
	done := w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("获评文明家庭"), "level", "国家级"), 303)
	w.see(w.get("he", done.location), 200, "还没有生效，等另一位同事批准")
	a := w.of(w.ma)[0]
	w.see(w.get("he", "/committee/second"), 200, "这一件是您登记的，请同事来批")
	w.see(w.post("he", "/committee/second", "award", models.ID32(a.ID), "outcome", "pass"), 403, "自己登记的不能自己审")
	w.see(w.get("zhang", "/committee"), 200, "等第二人批准")
	w.see(w.get("zhang", "/committee/second"), 200, "马少明 3组012", "+50", "批准")
	w.see(w.post("zhang", "/committee/second", "award", models.ID32(a.ID), "outcome", "pass"), 303, "/committee/second")
	if got := w.of(w.ma)[0].State; got != award.Noticed {
		t.Errorf("approved, it is %s", got)
	}
	w.see(w.get("xiaoma", "/committee/second"), 403)
}

func TestDeductionIsToldBeforeItCounts(t *testing.T) {
	w, _ := newReview(t)
	form := w.awardPath(w.ma) + "&rule=" + w.rule("乱倒垃圾")
	w.see(w.get("he", form), 200, "扣分要先告知这一户", "7 天申辩期", "必填")
	ask := []string{"household", models.ID32(w.ma.ID), "rule", w.rule("乱倒垃圾"), "act_date", "2026-11-20"}
	w.see(w.post("he", "/committee/award", ask...), 422, "要写明因为什么事", `value="2026-11-20"`)
	done := w.see(w.post("he", "/committee/award", append(ask, "note", "倒在渠里；提醒过两次")...), 303)
	w.see(w.get("he", done.location), 200, "还没有扣", "打印告知单")
	a := w.of(w.ma)[0]
	paper := w.see(w.get("he", "/committee/awards/"+models.ID32(a.ID)+"/telling"), 200, "扣分告知单", "马少明", "倒在渠里", "提醒过两次", "−3 分", "11月30日 09:00 以前", "只减总得分", "何主任")
	w.hides(paper, "试印")
	w.see(w.get("he", "/committee/deductions"), 200, "马少明 3组012", "11月30日 09:00 前可以申辩")
	w.see(w.get("ma", "/me"), 200, "要扣分，先告诉您家", "倒在渠里", "我不同意，提意见")
	if w.balance(w.ma) != 0 {
		t.Error("the deduction has counted already")
	}
	w.later(8*24*time.Hour, "he", w.he)
	_, err := award.TakeEffect(t.Context(), w.d)
	w.must(err)
	w.see(w.get("he", "/committee/deductions"), 200, "没有等着生效的扣分")
	w.see(w.get("he", "/committee/awards/"+models.ID32(w.of(w.ma)[0].ID)), 200, "申辩期满")
	plus := w.see(w.post("he", "/committee/award", "household", models.ID32(w.li.ID), "rule", w.rule("清扫巷道")), 303)
	w.see(w.get("he", strings.Replace(plus.location, "/award/", "/awards/", 1)+"/telling"), 404, "不是扣分")
}

func TestAwardTakesBandsAndFaults(t *testing.T) {
	w, _ := newReview(t)
	ask := func(rule string, pairs ...string) hallAnswer {
		return w.post("he", "/committee/award", append([]string{"household", models.ID32(w.ma.ID), "rule", w.rule(rule)}, pairs...)...)
	}
	w.see(w.get("he", w.awardPath(w.ma)+"&rule="+w.rule("志愿服务时长")), 200, "满 4 小时 1 分", "做了多少小时")
	w.see(ask("志愿服务时长", "quantity", "3"), 422, "最低一档", `value="3"`)
	w.see(ask("志愿服务时长", "quantity", "11"), 303)
	if got := w.of(w.ma)[0].Points; got != 200 {
		t.Errorf("eleven hours are worth %s", got)
	}
	w.see(ask("获评文明家庭", "level", "省级"), 422, "没有“省级”这一档")
	w.see(ask("获评文明家庭", "level", "县级"), 303)
	w.see(w.get("he", w.awardPath(w.ma)+"&rule="+w.rule("卫生打分")), 200, "满分 10 分", "乱堆柴草", "−2", "另外还有几处问题")
	w.see(ask("卫生打分", "fault", "0", "faults", "3"), 303)
	if got := w.of(w.ma)[0].Points; got != 650 {
		t.Errorf("ten less two less three halves are %s", got)
	}
	w.see(ask("卫生打分", "faults", "20"), 422, "已经扣到 0 分", `value="20"`)
}

func TestBatchOffersEarlierLists(t *testing.T) {
	w, _ := newReview(t)
	sweep := w.rule("清扫巷道")
	w.see(w.post("he", "/committee/batch", "rule", sweep, "h", models.ID32(w.ma.ID), "h", models.ID32(w.li.ID), "note", "清洁日"), 303)
	page := w.see(w.get("zhang", "/committee/batch?rule="+w.rule("庭院整洁")), 200, "清扫巷道 · 清洁日 · 2 户")
	link := regexp.MustCompile(`href="(/committee/batch\?[^"]*like=[^"]*)"`).FindStringSubmatch(page.body)
	if link == nil {
		t.Fatal("no earlier list is offered")
	}
	w.see(w.get("zhang", link[1]), 200, "已选 2 户")
	w.see(w.get("next", link[1]+"&village="+models.ID32(w.village)), 404)
}

func TestReviewPagesAreClosedToOthers(t *testing.T) {
	w, zhang := newReview(t)
	a := w.claim("ma", w.ma, "清扫巷道")
	at := w.meet("he", "who", models.ID32(w.he.Account), "who", models.ID32(zhang.Account))
	id := models.ID32(a.ID)
	here := "?village=" + models.ID32(w.village)
	for _, path := range []string{"/committee/check", "/committee/meetings", "/committee/second", "/committee/deductions", at, at + "/print", at + "/edit", "/committee/awards/" + id} {
		w.hides(w.see(w.get("next", path+here), 404), "马少明")
	}
	for _, path := range []string{at, at + "/print", "/committee/awards/" + id} {
		w.see(w.get("next", path), 404)
	}
	for _, path := range []string{"/committee/check", at, at + "/close", at + "/edit", "/committee/second", "/committee/awards/" + id} {
		w.see(w.post("next", path+here, "award", id, "outcome", "pass", "note", "x"), 404)
	}
	w.see(w.post("next", "/committee/check", "award", id, "outcome", "pass"), 404)
	for _, path := range []string{"/committee/meetings", at, at + "/print"} {
		w.see(w.get("xiaoma", path), 403)
		w.see(w.get("clerk", path), 403)
	}
	w.see(w.get("clerk", "/committee/check"), 403)
	w.see(w.get("jiandu", "/committee/deductions"), 403)
	w.see(w.get("he", "/me/claims"), 403)
	if got := w.of(w.ma)[0].State; got != award.Claimed {
		t.Errorf("somebody else made it %s", got)
	}
}
