package pages_test

import (
	"net/url"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

// A count that is wrong by a bottle: counted blind, signed by a second person,
// approved by the committee, printed.
func TestOpeningClosesWithABlindCountAndTwoNames(t *testing.T) {
	s := newShop(t)
	s.Person("sun", "孙监督", models.Monitor, s.village)
	v, chen, sun := s.as("xiaoli"), s.as("chen"), s.as("sun")
	here := url.Values{"village": {models.ID32(s.village)}, "counter": {models.ID32(s.counter.ID)}}
	v.wants(v.follow(v.post("/counter/opening/open", here)), 200, "第1场已开始")
	_, err := market.Redeem(t.Context(), s.d, db.NewOpID(), s.chenHandsOver(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID, Lines: []market.Line{{Goods: s.soap, Qty: models.One}}, Seen: 2000, Confirm: market.ByPIN})
	s.must(err)
	done := v.post("/counter/opening/close", here)
	path := done.to[:len("/counter/opening/")+len(models.ID32(s.counter.ID))]
	page := v.wants(v.follow(done), 200, "第1场已收场", "等点货", "点一点架上还剩多少")
	v.lacks(page, "应剩")
	v.wants(v.get(path+"/sheet"), 404, "还没有点货")
	count := v.wants(v.get(path+"/count"), 200, "收场点货", "洗衣液", "大米 5公斤")
	v.lacks(count, "理发一次", `value="9"`, "应剩")

	form := url.Values{"village": here["village"], "count." + models.ID32(s.soap): {"８"}}
	v.wants(v.post(path+"/count", form), 422, "“大米 5公斤”还没有点，没有保存", `value="8"`)
	form.Set("count."+models.ID32(s.rice), "10")
	v.wants(v.follow(v.post(path+"/count", form)), 200, "点货已记下", "等第二人签字", "点货的人不能自己签字", "重新点")
	v.wants(v.post(path+"/sign", here), 403, "点货的人不能自己签字")
	v.wants(v.post(path+"/count", form), 409, "已经办过这一步")
	sun.wants(sun.get(path), 200, "我核对过，签字", "<b>−1</b>")
	sun.wants(sun.follow(sun.post(path+"/sign", here)), 200, "点的数和账上有出入")
	chen.wants(chen.post(path+"/settle", here), 422, "请写明原因")
	v.wants(v.post(path+"/settle", url.Values{"village": here["village"], "reason": {"破损"}}), 403)
	chen.wants(chen.follow(chen.post(path+"/settle", url.Values{"village": here["village"], "reason": {"一瓶破损"}})), 200, "差数已入账", "账和货对上了", "一瓶破损")
	s.wantStock(s.soap, 8)
	v.wants(v.get(path+"/sheet"), 200, "收场单", "按商品合计 20 分，与小票合计一致", "批准人 陈主任", "第二人 孙监督", "一瓶破损")
	next := s.Person("next", "邻村", models.Clerk, s.next)
	_ = next
	other := s.as("next")
	other.wants(other.get(path), 404)
	other.wants(other.get(path+"?village="+models.ID32(s.village)), 404)
	wang := s.as("xiaoli")
	wang.wants(wang.get("/counter/opening"), 200, "1 户次 · 20 分")
}

// chenHandsOver is somebody who may hand over goods and has no household here.
func (s *shop) chenHandsOver() models.Actor {
	s.Helper()
	return models.Actor{Account: s.chen.Account, Name: "陈主任", Grants: []models.Grant{{Role: models.Clerk, Area: s.village}}}
}

func TestOpeningDayIsAnnouncedAndWarnedAbout(t *testing.T) {
	s := newShop(t)
	s.Person("root", "管理员", models.Admin, models.Everywhere)
	v, boss := s.as("xiaoli"), s.as("root")
	day := s.clock.Now().Day()
	feast := day.AddDays(3)
	boss.wants(boss.get("/admin/settings/festivals"), 200, "开斋节", "古尔邦节", "秋收")
	boss.wants(boss.follow(boss.post("/admin/settings/festivals", url.Values{"name.1": {"古尔邦节"}, "from.1": {string(feast)}, "name.2": {"春节"}})), 200, "已保存", string(feast))
	v.wants(v.post("/admin/settings/festivals", url.Values{}), 403)
	form := url.Values{"village": {models.ID32(s.village)}, "counter": {models.ID32(s.counter.ID)}, "day": {string(feast)}, "from": {"09:00"}, "until": {"11:30"}, "place": {"三组文化大院"}, "note": {"请带积分卡"}}
	v.wants(v.post("/counter/plans", form), 422, "那天正是古尔邦节", "还是定这一天", "三组文化大院")
	form.Set("day", string(day))
	v.wants(v.follow(v.post("/counter/plans", form)), 200, "已定下", "三组文化大院", "今天")
	form.Set("day", string(feast))
	form.Set("anyway", "1")
	v.wants(v.follow(v.post("/counter/plans", form)), 200, "已定下", feast.Short())
	anybody := &visitor{shop: s, cookies: map[string]string{}, headers: map[string]string{}}
	anybody.wants(anybody.get("/v/"+models.ID32(s.village)), 200, "兑换日", feast.Short()+" 09:00–11:30", "请带积分卡")
	anybody.wants(anybody.get("/v/"+models.ID32(s.village)+"/goods"), 200, "三组文化大院")

	plans, err := market.Plans(t.Context(), s.d, s.village, day)
	s.must(err)
	v.wants(v.get("/counter/opening"), 200, "按这次安排开场")
	v.wants(v.follow(v.post("/counter/opening/open", url.Values{"village": form["village"], "counter": form["counter"], "plan": {models.ID32(plans[0].ID)}})), 200, "第1场已开始")
	v.wants(v.follow(v.post("/counter/plans/"+models.ID32(plans[1].ID)+"/drop", url.Values{"village": form["village"]})), 200, "已取消", "还没有定下的兑换日")
	anybody.lacks(anybody.get("/v/"+models.ID32(s.village)), "三组文化大院")
}

func TestCounterIsRenamedRepostedAndGivenUp(t *testing.T) {
	s := newShop(t)
	chen := s.as("chen")
	at := "/counter/counters/" + models.ID32(s.counter.ID)
	here := models.ID32(s.village)
	chen.wants(chen.follow(chen.post("/counter/counters", url.Values{"village": {here}, "name": {"老马商店"}, "kind": {"allied"}, "keeper": {"马老板"}})), 200, "已添加“老马商店”", "联盟商户", "马老板")
	chen.wants(chen.follow(chen.post("/counter/counters", url.Values{"village": {here}, "name": {"三组流动点"}, "kind": {"mobile"}, "place": {"三组文化大院"}})), 200, "流动兑换点")
	chen.wants(chen.post("/counter/counters", url.Values{"village": {here}, "name": {""}}), 422, "“名称”不能空着")
	chen.wants(chen.follow(chen.post(at, url.Values{"village": {here}, "name": {"村部兑换点"}, "kind": {"own"}, "place": {"村部"}})), 200, "已保存“村部兑换点”")

	anybody := &visitor{shop: s, cookies: map[string]string{}, headers: map[string]string{}}
	old := string(market.PosterToken(s.k, s.counter))
	anybody.wants(anybody.follow(anybody.get("/p/"+old)), 200, "村部兑换点")
	chen.wants(chen.follow(chen.post(at+"/poster", url.Values{"village": {here}})), 200, "村部兑换点")
	anybody.wants(anybody.get("/p/"+old), 410, "这张海报已作废")

	chen.wants(chen.post(at+"/close", url.Values{"village": {here}}), 409, "还有 2 样货，没有停用")
	all, err := market.Counters(t.Context(), s.d, s.village)
	s.must(err)
	page := chen.wants(chen.get(at), 200, "还有 <b>2</b> 样货", "三组流动点")
	chen.lacks(page, `老马商店</option>`)
	chen.wants(chen.follow(chen.post(at+"/close", url.Values{"village": {here}, "to": {models.ID32(all[2].ID)}})), 200, "“村部兑换点”已停用")
	renewed, err := market.GetCounter(t.Context(), s.d, s.village, s.counter.ID)
	s.must(err)
	anybody.wants(anybody.get("/p/"+string(market.PosterToken(s.k, renewed))), 410, "已停用，这张海报作废了")
	s.counter = all[2]
	s.wantStock(s.soap, 10)
}
