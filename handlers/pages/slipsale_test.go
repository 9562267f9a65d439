package pages_test

import (
	"net/url"
	"strings"
	"testing"

	"pointstore/models"
)

// paperSlip is a slip as it is keyed in: one soap for 马少明's household.
func (s *shop) paperSlip(number, home string) url.Values {
	return url.Values{"village": {models.ID32(s.village)}, "counter": {models.ID32(s.counter.ID)}, "slip": {number}, "home": {home},
		"day": {string(s.clock.Now().Day())}, "points": {"20"}, "qty." + models.ID32(s.soap): {"1"}}
}

func TestSlipSalesAreKeptThenPostedOnceAndSettledOneByOne(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	blank := v.follow(v.post("/counter/slipsales/print", url.Values{"count": {"5"}}))
	v.wants(blank, 200, "兑换纸单", "<b>5 号</b>", "签字或按手印")
	const at = "/counter/slipsales"
	v.wants(v.follow(v.post(at, s.paperSlip("1", "012"))), 200, "1 号存下了", "012 马少明", `value="2"`)
	again := v.post(at, s.paperSlip("1", "018"))
	v.wants(again, 409, "1 号已经录过", `value="018"`)
	v.wants(v.follow(v.post(at, s.paperSlip("2", "999"))), 200, "村里没有“999”这一户")
	s.wantPoints(s.ma, 12800)

	v.wants(v.follow(v.post(at+"/post", nil)), 200, "入账 1 张", "1 张要您定")
	v.wants(v.follow(v.post(at+"/post", nil)), 200, "入账 0 张")
	s.wantPoints(s.ma, 10800)
	s.wantStock(s.soap, 9)

	mend := v.wants(v.get(at+"?slip=2"), 200, "改 2 号", `value="999"`)
	if !strings.Contains(mend.body, `name="mend" value="1"`) {
		t.Fatal("the form does not mend")
	}
	v.wants(v.follow(v.post(at, with(s.paperSlip("2", "018"), "mend", "1"))), 200, "存下的 1 张")
	v.wants(v.follow(v.post(at+"/one", url.Values{"slip": {"2"}})), 200, "2 号已入账")
	v.wants(v.post(at+"/one", url.Values{"slip": {"2"}, "do": {"void"}, "reason": {"写错"}}), 409, "已经入账或作废")
	s.wantPoints(s.yang, 8000)
}
