package pages_test

import (
	"bytes"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

func modelstestOpen(t testing.TB) (*db.DB, *modelstest.Clock) { return modelstest.Open(t) }

func TestPassbookTellsEveryLineAndWhatTookItBack(t *testing.T) {
	s := newShop(t)
	rules := s.adopt()
	s.record(s.ma, rules["庭院整洁"])
	s.hang()
	s.clock.Add(73 * time.Hour)
	_, err := award.EndNotices(t.Context(), s.d)
	s.must(err)
	s.must(award.Correct(t.Context(), s.d, db.NewOpID(), s.chen, s.ma, 2, "记重了"))
	_, err = market.Redeem(t.Context(), s.d, db.NewOpID(), s.clerk(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID,
		Lines: []market.Line{{Goods: s.soap, Qty: 2 * models.One}}, Seen: 4000, Confirm: market.ByPIN})
	s.must(err)
	s.record(s.ma, rules["零彩礼"])
	s.hang()
	v := s.family(s.ma, maPIN)

	page := v.wants(v.get("/me"), 200, "马*明家 · 3组012", "88", "换了 洗衣液 × 2", "小票 012-4", "余 88 分",
		"庭院整洁", "村委记", "已更正", "更正：记重了（012-3，−5）", "更正 012-2：记重了", "零彩礼", "已贴榜", "11月29日到账")
	v.lacks(page, "马少明")
	last, err := ledger.GetEntry(t.Context(), s.d, s.ma, 4)
	s.must(err)
	v.wants(v.get("/me/print?span=all"), 200, "马少明", "户号 012", "换了 洗衣液 × 2", last.CheckCode(), "这一段加")
	receipts, err := market.ReceiptsOf(t.Context(), s.d, s.ma, models.Cursor{})
	s.must(err)
	v.wants(v.get("/me/receipts/"+models.ID32(receipts[0].ID)), 200, "小票 012-4", last.CheckCode(), "换后还剩")
	s.must(village.SetPIN(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.yang, "903817"))
	neighbour := s.family(s.yang, "903817")
	neighbour.wants(neighbour.get("/me/receipts/"+models.ID32(receipts[0].ID)), 404)
}

func TestPassbookLooksAsAgreed(t *testing.T) {
	s := newShop(t)
	rules := s.adopt()
	s.record(s.ma, rules["庭院整洁"])
	s.hang()
	_, err := market.Redeem(t.Context(), s.d, db.NewOpID(), s.clerk(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID,
		Lines: []market.Line{{Goods: s.soap, Qty: models.One}}, Seen: 2000, Confirm: market.ByPIN})
	s.must(err)
	v := s.family(s.ma, maPIN)
	modelstest.Golden(t, "passbook.golden.html", v.wants(v.get("/me"), 200).body)
	modelstest.Golden(t, "board.golden.html", s.stranger().wants(s.stranger().get(s.board()), 200).body)
}

func TestPassbookTurnsPages(t *testing.T) {
	s := newShop(t)
	for range 24 {
		s.give(s.ma, 100)
	}
	v := s.family(s.ma, maPIN)
	page := v.wants(v.get("/me"), 200, "012-25", "012-6", "下一页")
	v.lacks(page, ">012-5 ·")
	v.wants(v.get("/me?before=6"), 200, "012-5", "012-1", "上一页")
	v.wants(v.get("/me?before=x"), 422)
}

func TestPosterLeadsFromGoodsToAVoucherThatTheClerkTakes(t *testing.T) {
	s := newShop(t)
	poster := string(market.PosterToken(s.k, s.counter))
	shop := s.board() + "/shop/" + models.ID32(s.counter.ID)
	v := s.stranger()
	if r := v.get("/P/" + poster); r.code != 303 || r.to != shop {
		t.Fatalf("the poster leads to %d %s", r.code, r.to)
	}
	v.wants(v.get(shop), 200, "青石村兑换点", "洗衣液", "选好了，说是哪一家")
	v.wants(v.post(shop, url.Values{}), 422, "还没有选东西")
	asked := v.follow(v.post(shop, url.Values{"qty." + models.ID32(s.soap): {"2"}, "qty." + models.ID32(s.rice): {"0"}}))
	v.wants(asked, 200, "您选了", "洗衣液", "40 分", "是哪一家来换")
	in := v.post("/card/enter", url.Values{"village": {models.ID32(s.village)}, "number": {"012"}, "pin": {maPIN}})
	page := v.wants(v.follow(in), 200, "换东西", "128")
	v.wantsQty(page, s.soap, "2")

	form := url.Values{"counter": {models.ID32(s.counter.ID)}, "qty." + models.ID32(s.soap): {"2"}, "price." + models.ID32(s.soap): {"20"}}
	made := v.post("/me/vouchers", form)
	shown := v.wants(v.follow(made), 200, "给管理员扫", "有效到 09:10", "换后还剩 88 分", `data-refresh="3"`)
	open, err := market.OpenVouchers(t.Context(), s.d, s.k, s.ma)
	s.must(err)
	if len(open) != 1 || !strings.Contains(shown.body, keys.Pretty(open[0].Code)) {
		t.Fatalf("%d vouchers are open, or the code is not on the page", len(open))
	}
	picture := v.get(made.to + "/qr.png")
	img, err := png.Decode(bytes.NewReader([]byte(picture.body)))
	s.must(err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	s.must(err)
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	s.must(err)
	if read.GetText() != keys.VoucherText("https://jf.example.cn", open[0].Token) {
		t.Fatalf("the code reads %s", read.GetText())
	}

	v.wants(v.get("/q/"+string(open[0].Token)), 200, "请到兑换点给管理员扫")
	if r := s.as("xiaoli").get("/Q/" + string(open[0].Token)); r.code != 303 || r.to != "/counter/voucher" {
		t.Fatalf("the clerk scans it: got %d %s", r.code, r.to)
	}
	_, err = market.Redeem(t.Context(), s.d, db.NewOpID(), s.clerk(), open[0].Cart())
	s.must(err)
	v.lacks(v.wants(v.get(made.to), 200, "已经换好了", "现在还剩 88 分", "012-2"), "data-refresh")
	v.wants(v.get(made.to+"/qr.png"), 410)
}

func TestVoucherKeepsWhatWasChosenWhenItIsRefused(t *testing.T) {
	s := newShop(t)
	v := s.family(s.ma, maPIN)
	v.get("/me/goods")
	form := url.Values{"counter": {models.ID32(s.counter.ID)}, "qty." + models.ID32(s.rice): {"3"}, "price." + models.ID32(s.rice): {"50"}}
	again := v.wants(v.post("/me/vouchers", form), 409, "积分不够：还差 22 分")
	v.wantsQty(again, s.rice, "3")
	form.Set("qty."+models.ID32(s.rice), "1")
	form.Set("price."+models.ID32(s.rice), "45")
	v.wants(v.post("/me/vouchers", form), 409, "价格刚调整过")
	v.wants(v.post("/me/vouchers", url.Values{"counter": {models.ID32(s.counter.ID)}}), 422, "还没有选商品")
}

func TestVoucherIsCancelledOrRunsOut(t *testing.T) {
	s := newShop(t)
	v := s.family(s.ma, maPIN)
	v.get("/me/goods")
	make := func() string {
		r := v.post("/me/vouchers", url.Values{"counter": {models.ID32(s.counter.ID)}, "qty." + models.ID32(s.soap): {"1"}, "price." + models.ID32(s.soap): {"20"}})
		v.wants(v.follow(r), 200, "给管理员扫")
		return r.to
	}
	one := make()
	v.wants(v.get("/me/vouchers"), 200, "有效到")
	v.wants(v.follow(v.post(one+"/cancel", nil)), 200, "取货码已取消", "没有扣分")
	two := make()
	s.clock.Add(11 * time.Minute)
	v.wants(v.get(two), 200, "过期了", "再选东西")
	v.wants(v.get("/me/vouchers"), 200, "没有开着的取货码")
	s.must(village.SetPIN(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.yang, "903817"))
	neighbour := s.family(s.yang, "903817")
	neighbour.wants(neighbour.get(two), 404)
	neighbour.get("/me/data")
	neighbour.wants(neighbour.post(two+"/cancel", nil), 404)
}

func TestFamilySeesAndChangesItsOwnData(t *testing.T) {
	s := newShop(t)
	v, other := s.family(s.ma, maPIN), s.family(s.ma, maPIN)
	v.lacks(v.wants(v.get("/me/data"), 200, "马少明", "没有留", "不想让名字上榜"), maPIN)
	v.wants(v.post("/me/data/pin", url.Values{"old": {"111222"}, "pin": {"730164"}, "again": {"730164"}}), 401, "密码不对")
	v.wants(v.post("/me/data/pin", url.Values{"old": {maPIN}, "pin": {"123456"}, "again": {"123456"}}), 422, "连着的数字")
	v.wants(v.post("/me/data/pin", url.Values{"old": {maPIN}, "pin": {"730164"}, "again": {"730165"}}), 422, "不一样")
	v.wants(v.follow(v.post("/me/data/pin", url.Values{"old": {maPIN}, "pin": {"730164"}, "again": {"730164"}})), 200, "取货密码已改好")
	if r := other.get("/me"); r.code != 303 {
		t.Errorf("the other phone is still in: %d", r.code)
	}
	if err := village.CheckPIN(t.Context(), s.d, s.k, s.ma, "2", "730164"); err != nil {
		t.Errorf("the new PIN: %v", err)
	}
	v.wants(v.follow(v.post("/me/data/hidden", url.Values{"hidden": {"1"}})), 200, "您家的名字不上榜", "可以上榜")
	home, err := village.GetHome(t.Context(), s.d, s.ma)
	s.must(err)
	if !home.Hidden {
		t.Error("the household is still on the board")
	}
	v.wants(v.follow(v.post("/me/data/leave", nil)), 200, "所有手机都已退出")
	if r := v.get("/me"); r.code != 303 {
		t.Errorf("still in after leaving: %d", r.code)
	}
}

func TestFamilyIsAskedForItsCardOnceItsSessionIsOver(t *testing.T) {
	s := newShop(t)
	v := s.family(s.ma, maPIN)
	v.get("/me")
	v.wants(v.follow(v.post("/signout", nil)), 200, "已退出", "青石村公开榜")
	v.wants(v.follow(v.get("/me/goods?counter=1")), 200, "看我家的存折", "户号")
}

func TestMyCodeIsTheCard(t *testing.T) {
	s := newShop(t)
	v := s.family(s.ma, maPIN)
	v.wants(v.get("/me/code"), 200, s.cardOf(s.ma).Pretty(), "128")
	img, err := png.Decode(strings.NewReader(v.get("/me/code/qr.png").body))
	s.must(err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	s.must(err)
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	s.must(err)
	if read.GetText() != keys.CardText("https://jf.example.cn", s.cardOf(s.ma)) {
		t.Fatalf("the code reads %s", read.GetText())
	}
	chen := s.as("chen")
	chen.wants(chen.get("/me"), 403)
}

func TestPosterPrintsForThoseWhoKeepTheStock(t *testing.T) {
	s := newShop(t)
	clerk := s.as("xiaoli")
	clerk.lacks(clerk.wants(clerk.get("/counter/poster"), 200, "青石村积分超市", "青石村兑换点", "微信扫一扫"), "试印")
	s.Person("wang", "王网格", models.GridWorker, s.village)
	wang := s.as("wang")
	wang.wants(wang.get("/counter/poster"), 403)
	clerk.wants(clerk.get("/counter/poster?village="+models.ID32(s.next)), 404)
}
