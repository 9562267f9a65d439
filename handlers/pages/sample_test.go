package pages_test

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

// soldBy is soap handed to 马少明 by 王店员, who is not there to be asked.
func (s *shop) soldBy(clerk models.Actor) market.Receipt {
	s.Helper()
	r, err := market.Redeem(s.Context(), s.d, db.NewOpID(), clerk, market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID, Seen: 2000, Confirm: market.ByPIN,
		Lines: []market.Line{{Goods: s.soap, Qty: models.One}}})
	s.must(err)
	s.clock.Add(time.Minute)
	return r
}

func TestSampleIsDrawnAskedAndLeadsToAnObjection(t *testing.T) {
	s := newShop(t)
	s.Person("monitor", "丁监督", models.Monitor, s.village)
	clerk := s.Person("wang", "王店员", models.Clerk, s.village)
	first, second := s.soldBy(clerk), s.soldBy(clerk)
	monitor, chen := s.as("monitor"), s.as("chen")
	today := string(s.clock.Now().Day())

	monitor.wants(monitor.get("/committee/checks"), 200, "还没有抽过")
	chen.wants(chen.get("/committee/checks"), 403)
	draw := url.Values{"from": {today}, "last": {today}, "size": {"9"}, "seed": {"4711"}}
	monitor.wants(monitor.post("/committee/checks", with(draw, "size", "900", "seed", "17")), 422, `value="17"`, `value="900"`)
	r := monitor.wants(monitor.post("/committee/checks", draw), 303)
	page := monitor.wants(monitor.get(r.to), 200, "2 笔里抽 2 笔", "4711", first.Number, second.Number, "洗衣液", "还没有问")
	monitor.lacks(page, "记成意见")
	monitor.wants(monitor.get(r.to+"/sheet"), 200, "兑换抽查问询单", "种子 4711", "□记不清", "马少明", first.Number)
	monitor.wants(monitor.get(r.to+"/order"), 200, "和当时抽中的 2 笔一样", first.CheckCode, "SHA-256")

	one, two := models.ID32(first.ID), models.ID32(second.ID)
	monitor.wants(monitor.post(r.to+"/object", url.Values{"receipt": {one}}), 422, "还没有提意见")
	monitor.wants(monitor.post(r.to, url.Values{"answer." + one: {"no"}, "note." + one: {"那天我在银川"}, "answer." + two: {"maybe"}}), 422, "那天我在银川")
	monitor.wants(monitor.post(r.to, url.Values{"answer." + one: {"no"}, "note." + one: {"那天我在银川"}, "answer." + two: {"yes"}}), 303)
	monitor.wants(monitor.get(r.to), 200, "1 笔对不上", "那天我在银川", "记成意见")
	monitor.wants(monitor.post(r.to+"/object", url.Values{"receipt": {two}}), 422)
	monitor.wants(monitor.post(r.to+"/object", url.Values{"receipt": {one}}), 200, "查询码", "那天我在银川", first.Number)
	said := regexp.MustCompile(`/committee/objections/\w{8,}`).FindString(monitor.wants(monitor.get(r.to), 200, "看这条意见").body)
	monitor.wants(monitor.get(said), 200, "抽查兑换时，马少明说对不上", "王店员")
	again := monitor.wants(monitor.post(r.to+"/object", url.Values{"receipt": {one}}), 303)
	if again.to != said {
		t.Errorf("pressed again it leads to %s, want %s", again.to, said)
	}
	monitor.wants(monitor.post(r.to+"/close", url.Values{}), 303)
	monitor.lacks(monitor.wants(monitor.get(r.to), 200, "结束"), "存下问到的")
	monitor.wants(monitor.post(r.to, url.Values{"answer." + two: {"no"}}), 409)
	monitor.wants(monitor.get("/committee/checks"), 200, "种子 4711", "1 笔不对", "已结束")
	s.Person("nextdoor", "邻村监督", models.Monitor, s.next)
	next := s.as("nextdoor")
	next.wants(next.get(r.to), 404)
	chen.wants(chen.post(r.to, url.Values{"answer." + two: {"no"}}), 403)
}

func TestWatchCounterIsForTheMonitorAndNamesNobodyAbove(t *testing.T) {
	s := newShop(t)
	s.Person("monitor", "丁监督", models.Monitor, s.village)
	s.Person("town", "镇干事", models.Publicity, s.Town)
	clerk := s.Person("wang", "王店员", models.Clerk, s.village)
	r := s.soldBy(clerk)
	_, err := market.Undo(s.Context(), s.d, db.NewOpID(), clerk, s.village, r.ID, "点错了")
	s.must(err)
	monitor, town, chen := s.as("monitor"), s.as("town"), s.as("chen")

	page := monitor.wants(monitor.get("/committee/watch/counter"), 200, "谁发的货", "王店员", "只是问题，不是结论", "1 个人发了货")
	behind := regexp.MustCompile(`/committee/watch/counter/\w+/void\?days=90`).FindString(page.body)
	monitor.wants(monitor.get(behind), 200, "马少明 3组012", "洗衣液", "共 1 笔", "作废", "点错了", r.Number)
	monitor.wants(monitor.get("/committee/watch/counter/"+models.ID32(clerk.Account)+"/rate"), 404)
	monitor.wants(monitor.get("/committee/watch"), 200, "/committee/watch/counter", "/committee/checks")
	chen.wants(chen.get("/committee/watch/counter"), 403)
	chen.wants(chen.get(behind), 403)

	area := "/reports/" + models.ID32(s.Town) + "/watch"
	town.wants(town.get(area), 200, area+"/counter")
	town.lacks(town.wants(town.get(area+"/counter"), 200, "青石村", "兰光村", "不排名"), "王店员", "马少明")
	own := "/reports/" + models.ID32(s.village) + "/watch/counter/"
	town.lacks(town.wants(town.get(own+"void"), 200, "马*明 3组012", "共 1 笔", "作废"), "马少明", "王店员")
	town.wants(town.get(own+"rate"), 200, "共 1 笔")
	town.wants(town.get(own+"late"), 404)
	monitor.wants(monitor.get(own+"void"), 403)
}
