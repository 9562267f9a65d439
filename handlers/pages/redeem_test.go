package pages_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/village"
)

func TestTillServesACardFromScanToReceipt(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	page := v.scan(keys.CardText("https://jf.example.cn", s.cardOf(s.ma)))
	v.wants(page, 200, "马少明", "户号 012", "存折卡已刷", "30 分以内不用密码", "大米 5公斤", `data-balance="128"`)
	if v.at != "/counter/h/"+models.ID32(s.ma.ID) {
		t.Fatalf("the card left the address %s", v.at)
	}
	sold := v.post("/counter/redeem", with(s.cart(s.ma, s.rice, s.soap), "pin", maPIN, "proxy", "马小军"))
	r := v.wants(v.follow(sold), 200, "已兑换，扣 70 分", "58", "012-2", "马小军", "取货密码", "下一户")
	v.lacks(r, "没有办成")
	s.wantPoints(s.ma, 5800)
	s.wantStock(s.rice, 9)
	s.wantStock(s.soap, 9)
}

func TestTillFindsAHouseholdHoweverItIsAskedFor(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	card := s.cardOf(s.ma)
	for _, text := range []string{
		card.Pretty(), strings.ToLower(string(card)), "ＨＴＴＰＳ：／／ＯＬＤ．ＥＸＡＭＰＬＥ．ＣＮ／Ｃ／" + string(card), "]Q1" + string(card),
		"012", "12", "马少明", "msm", "mashaoming", "3组012", "０１２",
	} {
		v.wants(v.scan(text), 200, `<b class="who">马少明</b>`)
		if strings.Contains(strings.ToUpper(v.at), string(card)) {
			t.Errorf("%s: the token stayed in %s", text, v.at)
		}
	}
	s.Home(s.village, "052", "马少民")
	list := v.wants(v.scan("msm"), 200, "是哪一户？", "马少明", "马少民", "户号 052")
	v.lacks(list, `class="who"`)
	v.wants(v.follow(v.get("/counter?q=052")), 200, `<b class="who">马少民</b>`)
}

func TestTillSaysWhatAScanIsNot(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	old := s.cardOf(s.ma)
	_, err := village.IssueCard(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.ma)
	s.must(err)
	foreign := s.Home(s.next, "007", "丁一")
	_, err = village.FirstCards(t.Context(), s.d, db.NewOpID(), s.boss, s.k, s.next)
	s.must(err)
	for text, want := range map[string]struct {
		code int
		say  string
	}{
		string(old):                                {410, "这张卡已换新，旧卡不能用"},
		string(s.cardOf(foreign)):                  {404, "没有找到这张卡，请核对或换卡"},
		string(s.k.Card(s.ma, 99)):                 {404, "没有找到这张卡，请核对或换卡"},
		"HTTPS://JF.EXAMPLE.CN/C/7K2MQ9XF7":        {422, "没有读清这个码"},
		string(market.PosterToken(s.k, s.counter)): {422, "海报码"},
		"没有这人":                                     {404, "没有找到这一户"},
	} {
		page := v.scan(text)
		v.wants(page, want.code, want.say)
		v.lacks(page, "丁一")
	}
}

func TestRedeemAsksForThePINAboveTheSmallLimitAndKeepsTheCart(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	v.scan(string(s.cardOf(s.ma)))
	refused := v.post("/counter/redeem", s.cart(s.ma, s.rice))
	v.wants(refused, 403, "请输入取货密码", "没有扣分")
	v.wantsQty(refused, s.rice, "1")
	s.wantPoints(s.ma, 12800)

	wrong := v.post("/counter/redeem", with(s.cart(s.ma, s.rice), "pin", "777777"))
	v.wants(wrong, 401, "密码不对，没有办理，还可试 4 次")
	v.wantsQty(wrong, s.rice, "1")
	v.lacks(wrong, "777777")

	v.wants(v.follow(v.post("/counter/redeem", s.cart(s.ma, s.soap))), 200, "已兑换，扣 20 分", "小额免密码")
	s.wantPoints(s.ma, 10800)
}

func TestRedeemCountsTheDayOfSmallAmounts(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	for _, one := range []struct {
		home models.Household
		say  string
	}{{s.ma, "今天已免密码兑换 35 分，本次没有扣分；请输入取货密码"}, {s.yang, "这一户还没设取货密码"}} {
		v.scan(string(s.cardOf(one.home)))
		v.wants(v.follow(v.post("/counter/redeem", s.cart(one.home, s.soap))), 200, "已兑换")
		v.wants(v.follow(v.post("/counter/redeem", s.cart(one.home, s.haircut))), 200, "已兑换")
		v.wants(v.post("/counter/redeem", s.cart(one.home, s.haircut)), 409, one.say, "没有扣分")
	}
	s.wantPoints(s.ma, 9300)
	s.wantPoints(s.yang, 6500)
}

func TestRedeemWithoutTheCardTakesNoSmallAmount(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	v.wants(v.scan("012"), 200, "没刷卡，请核对是本人", `data-pin-over="0"`)
	v.wants(v.post("/counter/redeem", s.cart(s.ma, s.soap)), 403, "没有刷存折卡，没有扣分")
	v.wants(v.scan("018"), 200, "没刷卡，也没设取货密码")
	v.wants(v.follow(v.post("/counter/redeem", with(s.cart(s.ma, s.soap), "pin", maPIN))), 200, "已兑换")

	// A card replaced after it was scanned is no card any more.
	v.scan(string(s.cardOf(s.ma)))
	_, err := village.IssueCard(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.ma)
	s.must(err)
	v.wants(v.post("/counter/redeem", s.cart(s.ma, s.soap)), 403, "没有刷存折卡")
	s.wantPoints(s.ma, 10800)
}

func TestRedeemLocksAfterFiveWrongPINsWhateverCounterIsNamed(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	cart := s.cart(s.ma, s.soap)
	for range 4 {
		v.wants(v.post("/counter/redeem", with(cart, "pin", "777777")), 401, "密码不对")
	}
	v.wants(v.post("/counter/redeem", with(cart, "pin", "777777")), 423, "15 分钟后再试")
	v.wants(v.post("/counter/redeem", with(cart, "pin", maPIN)), 423, "15 分钟后再试")
	if r := v.post("/counter/redeem", with(cart, "pin", "777777", "counter", models.ID32(models.NewID()))); r.code != 404 {
		t.Fatalf("an invented counter got %d, want 404", r.code)
	}
	s.wantPoints(s.ma, 12800)
}

func TestRedeemRefusesInPlaceAndKeepsTheCart(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	v.scan(string(s.cardOf(s.ma)))
	many := with(s.cart(s.ma, s.rice), "pin", maPIN, "qty."+models.ID32(s.rice), "3", "proxy", "马小军")
	short := v.post("/counter/redeem", many)
	v.wants(short, 409, "积分不够：还差 22 分，本次没有扣分", "马小军")
	v.wantsQty(short, s.rice, "3")

	s.must(market.SetPrice(t.Context(), s.d, db.NewOpID(), s.chen, market.PriceForm{Village: s.village, Goods: s.soap, Points: 2500}))
	v.wants(v.post("/counter/redeem", with(s.cart(s.ma, s.soap), "pin", maPIN)), 409, "价格刚调整过，现在一共 25 分", `<i>25</i>`)

	gone := with(s.cart(s.ma, s.rice), "pin", maPIN, "qty."+models.ID32(s.rice), "11")
	s.give(s.ma, 100000)
	left := v.post("/counter/redeem", gone)
	v.wants(left, 409, "“大米 5公斤”只剩 10 袋")
	v.wantsQty(left, s.rice, "10")

	v.wants(v.post("/counter/redeem", with(s.cart(s.ma), "pin", maPIN)), 422, "还没有选商品")
	v.wants(v.post("/counter/redeem", with(s.cart(s.ma, s.rice), "pin", maPIN, "qty."+models.ID32(s.rice), "两袋")), 422, "“数量”要填")
	s.wantPoints(s.ma, 112800)
	s.wantStock(s.rice, 10)
}

func TestRedeemOnceHoweverOftenPosted(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	op := web.NewOp()
	form := with(s.cart(s.ma, s.rice), "pin", maPIN, "op", op)
	first := v.post("/counter/redeem", form)
	if again := v.post("/counter/redeem", form); first.code != 303 || again.to != first.to {
		t.Fatalf("first %d %s, then %d %s", first.code, first.to, again.code, again.to)
	}
	v.wants(v.post("/counter/redeem", with(form, "proxy", "别人")), 422, "这张单子已用过")
	v.wants(v.follow(v.get("/counter/result?op="+op)), 200, "已兑换，扣 50 分")
	v.wants(v.get("/counter/result?op="+web.NewOp()), 200, "这一笔没有办成", "没有扣分")
	s.wantPoints(s.ma, 7800)
	s.wantStock(s.rice, 9)
}

func TestRedeemAnswersPrograms(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	body := map[string]any{"op": web.NewOp(), "counter": models.ID32(s.counter.ID), "household": models.ID32(s.ma.ID), "pin": maPIN, "seen": 50,
		"qty": map[string]any{models.ID32(s.rice): 1}}
	code, answer := v.json("/counter/redeem", body)
	if code != 200 || answer["number"] != "012-2" || answer["balance"] != 78.0 || answer["code"] == "" || answer["receipt"] == "" {
		t.Fatalf("got %d %v", code, answer)
	}
	body["op"], body["pin"] = web.NewOp(), "777777"
	code, answer = v.json("/counter/redeem", body)
	if why := answer["error"].(map[string]any); code != 401 || why["code"] != "pin_wrong" || why["field"] != "pin" {
		t.Fatalf("got %d %v", code, answer)
	}
}

func TestRedeemIsNotForOnesOwnHome(t *testing.T) {
	s := newShop(t)
	s.give(s.li, 10000)
	v := s.as("xiaoli")
	v.wants(v.scan(string(s.cardOf(s.li))), 200, "不能给自己家办理，请换一位同事")
	v.wants(v.post("/counter/redeem", s.cart(s.li, s.soap)), 403, "不能给自己家办理")
	s.wantPoints(s.li, 10000)
}

func TestTillKnowsNoVillageNextDoor(t *testing.T) {
	s := newShop(t)
	s.Person("next", "丁丁", models.Clerk, s.next)
	s.Person("reader", "赵宣传", models.Publicity, s.village)
	_, err := market.EnsureCounter(t.Context(), s.d, db.NewOpID(), s.boss, s.k, s.next, "兰光兑换点")
	s.must(err)
	own := s.as("xiaoli")
	sold := own.post("/counter/redeem", with(s.cart(s.ma, s.rice), "pin", maPIN))
	v := s.as("next")
	for _, path := range []string{"/counter/h/" + models.ID32(s.ma.ID), sold.to, "/counter/goods/" + models.ID32(s.rice), "/counter?village=" + models.ID32(s.village),
		"/counter/today?village=" + models.ID32(s.village), "/counter/roster?village=" + models.ID32(s.village)} {
		page := v.get(path)
		v.wants(page, 404)
		v.lacks(page, "马少明", "马*明")
	}
	v.wants(v.post("/counter/redeem", with(s.cart(s.ma, s.soap), "pin", maPIN)), 404)
	v.wants(v.post(sold.to+"/undo", url.Values{"reason": {"换错了"}}), 404)
	reader := s.as("reader")
	for _, path := range []string{"/counter", "/counter/today", "/counter/stock", sold.to} {
		reader.wants(reader.get(path), 403)
	}
	committee := s.as("chen")
	committee.wants(committee.get("/counter"), 403)
	committee.wants(committee.post("/counter/redeem", with(s.cart(s.ma, s.soap), "pin", maPIN)), 403)
	committee.wants(committee.get(sold.to), 200, "换错了，作废这一笔")
	s.wantPoints(s.ma, 7800)
}

func TestVoucherIsHandedOverOnceFromItsCodeOrItsPicture(t *testing.T) {
	s := newShop(t)
	family := models.Actor{Household: s.ma}
	issue := func() market.Voucher {
		t.Helper()
		voucher, err := market.IssueVoucher(t.Context(), s.d, db.NewOpID(), family, s.k, market.Cart{Village: s.village, Counter: s.counter.ID, Seen: 5000,
			Lines: []market.Line{{Goods: s.rice, Qty: models.One}}})
		s.must(err)
		return voucher
	}
	v := s.as("xiaoli")
	hand := func() url.Values { return with(s.cart(s.ma), "voucher", "1", "op", web.NewOp()) }

	first := issue()
	v.wants(v.scan(keys.VoucherText("https://jf.example.cn", first.Token)), 200, "请交这些货", "大米 5公斤", "交货", "取货码已核对", "马少明")
	if v.at != "/counter/voucher" {
		t.Fatalf("the secret left the address %s", v.at)
	}
	form := hand()
	sold := v.post("/counter/redeem", form)
	v.wants(v.follow(sold), 200, "已兑换，扣 50 分", "取货码")
	if again := v.post("/counter/redeem", form); again.to != sold.to {
		t.Fatalf("the same form led to %d %s, want %s", again.code, again.to, sold.to)
	}
	v.wants(v.post("/counter/redeem", hand()), 410, "这个码已用过，没有扣分")
	v.wants(v.scan(string(first.Token)), 410, "这个码已用过")

	second := issue()
	v.wants(v.scan(strings.ToLower(second.Code)), 200, "请交这些货")
	s.clock.Add(11 * time.Minute)
	v.wants(v.post("/counter/redeem", hand()), 410, "这个码已过期，没有扣分")
	v.wants(v.scan(second.Code), 410, "这个码已过期")
	s.wantPoints(s.ma, 7800)
	s.wantStock(s.rice, 9)

	other, err := market.AddCounter(t.Context(), s.d, db.NewOpID(), s.boss, s.k, s.village, "二组代办点")
	s.must(err)
	third := issue()
	v.post("/counter/scan", url.Values{"counter": {models.ID32(other.ID)}, "village": {models.ID32(s.village)}, "q": {string(third.Token)}})
	v.wants(v.get("/counter/voucher?counter="+models.ID32(other.ID)), 404, "要在“青石村兑换点”用")
}

func TestTillAsksWhichOfSeveralCounters(t *testing.T) {
	s := newShop(t)
	other, err := market.AddCounter(t.Context(), s.d, db.NewOpID(), s.boss, s.k, s.village, "二组代办点")
	s.must(err)
	v := s.as("xiaoli")
	v.wants(v.follow(v.get("/counter")), 200, "您在哪个兑换点？", "青石村兑换点", "二组代办点")
	chosen := v.post("/counter/choose", url.Values{"village": {models.ID32(s.village)}, "counter": {models.ID32(other.ID)}, "next": {"/counter"}})
	page := v.wants(v.follow(chosen), 200, "青石村 二组代办点", "换完了", "换兑换点")
	if n := strings.Count(page.body, "换完了"); n != 2 {
		t.Errorf("%d items are sold out at the new counter, want 2", n)
	}
	v.wants(v.get("/counter"), 200, "二组代办点")
	v.wants(v.get("/counter?counter="+models.ID32(s.counter.ID)), 200, "剩 10 袋")
	v.wants(v.get("/counter/stock"), 200, "青石村兑换点")
	if v.get("/counter?counter="+models.ID32(models.NewID())).code != 404 {
		t.Error("a counter that is none was entered")
	}
}

func TestTillGivesTheTenthItemTheKeyNought(t *testing.T) {
	s := newShop(t)
	for i := range 9 {
		s.item("商品"+strconv.Itoa(i), "件", market.Thing, 1000, 1)
	}
	v := s.as("xiaoli")
	page := v.scan("012")
	v.wants(page, 200, `data-key="0"`, `data-key=""`)
	if n := strings.Count(page.body, `data-key="0"`); n != 1 {
		t.Errorf("%d items have the key 0", n)
	}
}
