package main

import (
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/input"
)

// The counter, from both sides of the table: the clerk with a gun and a
// keyboard, the villager with a phone. 白凤英 has 126.5 points, 沙成 has 53; rice
// costs 50.
func TestRedeemByCardAndByVoucher(t *testing.T) {
	data, people := demoCopy(t)
	p := startSite(t, data, demoOpens)
	dian := people.person(t, "dian1")
	clerk := p.window(t, "redeem-clerk", onTill)
	clerk.signIn(dian.Login, dian.Password).see("请扫存折卡或取货码", "大米 5公斤")
	bai, sha := people.family(t, "白凤英"), people.family(t, "沙成")
	stock := func(goods, left string) {
		t.Helper()
		clerk.open("/counter/stock").see(goods)
		if got := clerk.row(goods)[3]; got != left {
			t.Errorf("%s: %s left, want %s", goods, got, left)
		}
	}
	scan := func(h demoHousehold) *screen {
		return clerk.open("/counter").gun(strings.ToUpper(p.base) + "/C/" + h.Token)
	}

	t.Run("the gun, a key, the PIN, Enter", func(t *testing.T) {
		clerk := clerk.of(t)
		scan(bai).see("白凤英", "126.5", "存折卡已刷").lacks(bai.PIN)
		clerk.key('1').see("共50 分").key('4').see("共75 分", "换后还剩 51.5 分")
		clerk.key(input.Enter).see("请村民输入取货密码").key(input.Digit0, input.Digit0, input.Digit0, input.Digit1).enter().see("密码不对，没有办理")
		clerk.see("共75 分").fill("取货密码", bai.PIN).press("确认兑换")
		clerk.see("已兑换，扣 75 分", "51.5", "防伪码", "取货密码", "白凤英")
		stock("大米 5公斤", "43")
		stock("香皂套装", "63")
	})

	t.Run("refusals stand where the clerk looks", func(t *testing.T) {
		clerk := clerk.of(t)
		scan(sha).see("沙成", "53").key('1').see("换后还剩 3 分").key('7').see("还差 57 分")
		clerk.fill("取货密码", sha.PIN).press("确认兑换").see("积分不够：还差 57 分，本次没有扣分", "共110 分")

		clerk.open("/counter/goods/new").fill("名称", "手电筒").fill("积分", "3").fill("库存", "1").press("添加").see("手电筒")
		other := p.window(t, "redeem-second", onTill)
		other.signIn(dian.Login, dian.Password).gun(bai.Card).see("白凤英")
		scan(sha).see("手电筒")
		lamp := func(s *screen) { s.tapGoods("手电筒").see("共 3 分") }
		lamp(other)
		lamp(clerk)
		other.fill("取货密码", bai.PIN).press("确认兑换").see("已兑换，扣 3 分")
		clerk.fill("取货密码", sha.PIN).press("确认兑换").see("没有扣分").see("手电筒")
		scan(sha).see("53", "换完了")
	})

	t.Run("poster, voucher, undo", func(t *testing.T) {
		clerk := clerk.of(t)
		clerk.open("/counter/poster").see("青石村积分超市")
		phone := p.window(t, "redeem-phone", onPhone)
		phone.open(phone.path(clerk.seen("figure.qr svg"))).see("大米 5公斤", "现在不扣分")
		phone.tapMore("大米 5公斤").see("共 50 分").press("选好了，说是哪一家").see("您选了", "共 50 分")
		phone.fill("户号", "1007").fill("取货密码", sha.PIN).press("确认是我家")
		if !strings.HasPrefix(phone.at(), "/me/vouchers/") {
			phone.press("拿取货码")
		}
		phone.see("取货码", "有效到", "换后还剩 3 分")
		code := phone.seen("figure.qr svg")

		clerk.open("/counter").gun(code).see("请交这些货", "大米 5公斤", "沙成", "共50 分")
		clerk.press("交货").see("已兑换，扣 50 分", "取货码", "还剩3")
		receipt := clerk.at()
		phone.see("已经换好了", "现在还剩 3 分")
		stock("大米 5公斤", "42")
		clerk.open("/counter").gun(code).see("这个码已用过")

		clerk.open(receipt).tap("换错了，作废这一笔")
		clerk.fill("原因", "拿错了商品").press("作废，退分退货").see("作废", "拿错了商品").lacks("换错了，作废这一笔")
		stock("大米 5公斤", "43")
		phone.open("/me").see("53", "拿错了商品")
	})
	p.proves(t)
}
