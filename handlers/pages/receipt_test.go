package pages_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

func (s *shop) sold(v *visitor) string {
	s.Helper()
	r := v.post("/counter/redeem", with(s.cart(s.ma, s.rice, s.soap), "pin", maPIN, "proxy", "马小军"))
	if r.code != 303 {
		s.Fatalf("not sold: %d\n%s", r.code, r.body)
	}
	return r.to
}

func TestReceiptIsPrintedOnEveryPaperWithoutTheFullName(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	path := s.sold(v)
	for paper, class := range map[string]string{"58": "paper r58", "80": "paper r80", "a4": "paper a4"} {
		sheet := v.get(path + "?paper=" + paper)
		v.wants(sheet, 200, class, "兑换小票", "012-2", "马*明 3组012", "大米 5公斤", "70 分", "换后还剩 58 分", "防伪码", "马小军", "李小丽", "签字或按手印", `class="qr-dark"`)
		v.lacks(sheet, "马少明")
	}
}

func TestReceiptBecomesVoidOnceAndSaysSo(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	path := s.sold(v)
	v.wants(v.post(path+"/undo", url.Values{"reason": {" "}}), 422, "请写明作废的原因，现在还没有作废")
	done := v.wants(v.follow(v.post(path+"/undo", url.Values{"reason": {"拿错了商品"}})), 200, "作废", "拿错了商品", "已作废，退回 70 分", "012-3")
	v.lacks(done, "换错了，作废这一笔")
	v.wants(v.post(path+"/undo", url.Values{"reason": {"再来一次"}}), 409, "这一笔已经作废过了，没有重复退分")
	v.wants(v.get(path+"?paper=80"), 200, `class="void-mark">作废`)
	s.wantPoints(s.ma, 12800)
	s.wantStock(s.rice, 10)
	v.wants(v.get("/counter/today"), 200, `tag bad">作废`, "012-2")
}

func TestReceiptIsLeftToTheCommitteeAfterHalfAnHour(t *testing.T) {
	s := newShop(t)
	clerk, committee := s.as("xiaoli"), s.as("chen")
	path := s.sold(clerk)
	s.clock.Add(31 * time.Minute)
	clerk.lacks(clerk.get(path), "换错了，作废这一笔")
	clerk.wants(clerk.post(path+"/undo", url.Values{"reason": {"拿错了"}}), 403, "已超过 30 分钟，经办人不能自己作废")
	s.Person("other", "王二", models.Clerk, s.village)
	other := s.as("other")
	other.wants(other.post(path+"/undo", url.Values{"reason": {"拿错了"}}), 403, "只有经办人能在 30 分钟内作废")
	committee.wants(committee.follow(committee.post(path+"/undo", url.Values{"reason": {"村民反映拿错"}})), 200, "作废", "村民反映拿错")
	s.wantPoints(s.ma, 12800)
}

func TestTodayAddsUpWhatStands(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	v.wants(v.get("/counter/today"), 200, "今天还没有人来换")
	void := s.sold(v)
	v.post(void+"/undo", url.Values{"reason": {"拿错了"}})
	s.sold(v)
	page := v.wants(v.get("/counter/today"), 200, "1<small>户次", "70<small>分", "1<small>张", "大米 5公斤 ×1、洗衣液 ×1", "马*明 3组012")
	v.lacks(page, "马少明")
	s.clock.Add(24 * time.Hour)
	v = s.anew("xiaoli")
	v.wants(v.get("/counter/today"), 200, "今天还没有人来换")
	v.wants(v.get("/counter/today?day=2026-11-23"), 200, "2026-11-23的兑换", "70<small>分")
}

func TestOpeningEndsWithARegisterToSign(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	here := url.Values{"village": {models.ID32(s.village)}, "counter": {models.ID32(s.counter.ID)}}
	v.wants(v.get("/counter/opening"), 200, "现在没有开场")
	v.wants(v.follow(v.post("/counter/opening/open", here)), 200, "第1场已开始", "青石村兑换点 · 第1场")
	v.wants(v.post("/counter/opening/open", here), 409, "正在兑换，没有重复开始")
	s.sold(v)
	void := v.post("/counter/redeem", with(s.cart(s.ma, s.soap), "pin", maPIN)).to
	v.post(void+"/undo", url.Values{"reason": {"拿错了"}})
	v.wants(v.get("/counter/opening"), 200, "正在兑换", "1<small>户次", "70<small>分")
	done := v.wants(v.follow(v.post("/counter/opening/close", here)), 200, "第1场已收场", "共 1 户次，70 分", "大米 5公斤", "1 袋")
	sheet := strings.Split(strings.Split(v.at, "?")[0], "/")
	register := v.wants(v.get("/counter/opening/"+sheet[3]+"/print"), 200, "兑换登记表", "马少明", "马小军 替领", "签字或按手印", `class="room">作废`)
	v.lacks(register, "没有人来换")
	v.lacks(done, "正在兑换")
	v.wants(v.post("/counter/opening/close", here), 409, "现在没有开始兑换")
	v.wants(v.get("/counter/opening"), 200, "第1场", "1 户次 · 70 分", "李小丽")
}

func TestRosterServesAPowerCut(t *testing.T) {
	s := newShop(t)
	s.must(s.d.Aside(t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("UPDATE households SET joining = 'out' WHERE village_id = ? AND id = ?", s.village, s.li.ID)
		return err
	}))
	v := s.as("xiaoli")
	page := v.wants(v.get("/counter/roster"), 200, "兑换名册（3组）", "马少明", "128", "杨桂兰", "截至 2026-11-23 09:00", "大米 5公斤 50 分/袋", "签字或按手印")
	v.lacks(page, "李强")
	v.lacks(v.get("/counter/roster?group=9"), "马少明")
}

func TestStockIsReceivedPricedAndShelved(t *testing.T) {
	s := newShop(t)
	v := s.as("chen") // the committee keeps stock without standing at the till
	here := url.Values{"village": {models.ID32(s.village)}, "counter": {models.ID32(s.counter.ID)}}
	v.wants(v.get("/counter/stock"), 200, "大米 5公斤", `<td class="n">10</td><td>袋</td>`, "在架", "理发一次")

	refused := v.post("/counter/stock/in", with(here, "qty."+models.ID32(s.rice), "两袋", "note", "供销社"))
	v.wants(refused, 422, "“数量”", "两袋", "供销社")
	v.wants(v.post("/counter/stock/in", here), 422, "请至少选一件商品")
	v.wants(v.follow(v.post("/counter/stock/in", with(here, "qty."+models.ID32(s.rice), "5", "cost."+models.ID32(s.rice), "32.5", "note", "供销社"))), 200, "已入库 1 种商品", `<td class="n">15</td>`)
	s.wantStock(s.rice, 15)

	added := v.follow(v.post("/counter/goods/new", with(here, "name", "白酒一瓶", "points", "80")))
	v.wants(added, 422, "是酒，积分不能兑换", "白酒一瓶")
	v.wants(v.follow(v.post("/counter/goods/new", with(here, "name", "盐 5袋", "unit", "份", "points", "10"))), 200, "已添加“盐 5袋”，10 分", "还没有库存")
	v.wants(v.post("/counter/goods/new", with(here, "name", "盐 5袋", "points", "10", "stock", "3")), 409, "村里已有同名的商品", `name="stock" type="text" value="3"`)
	v.wants(v.post("/counter/goods/new", with(here, "name", "修鞋", "kind", "service", "points", "10", "stock", "3")), 422, "服务不计库存，没有保存")
	lamp := with(here, "name", "手电筒", "unit", "个", "points", "3", "stock", "4", "op", "00112233445566778899aabbccddeeff")
	v.wants(v.follow(v.post("/counter/goods/new", lamp)), 200, "库存 4 个，今天起可以兑换", "快没了")
	v.wants(v.follow(v.post("/counter/goods/new", lamp)), 200, `<td class="n">4</td><td>个</td>`)
	v.wants(v.get("/counter/stock"), 200, "盐 5袋", "换完了")

	goods := "/counter/goods/" + models.ID32(s.rice)
	v.wants(v.get(goods), 200, "供销社", "&#43;5<", "&#43;10<", "进货")
	v.wants(v.post(goods+"/price", with(here, "points", "60", "from", "2026-11-20")), 422, "价格只能从今天或以后的日子改起")
	v.wants(v.follow(v.post(goods+"/price", with(here, "points", "60", "from", "2026-12-01"))), 200, "12月1日起 60 分", "到时生效")
	v.wants(v.get("/counter/stock"), 200, `<td class="n">50</td>`)
	s.clock.Add(9 * 24 * time.Hour)
	v = s.anew("chen")
	v.wants(v.get("/counter/stock"), 200, `<td class="n">60</td>`)

	v.wants(v.follow(v.post(goods, with(here, "name", "宁夏大米 5公斤", "unit", "袋", "barcode", "6901234567892", "position", "1"))), 200, "已保存“宁夏大米 5公斤”", "6901234567892")
	v.wants(v.post(goods, with(here, "name", "宁夏大米 5公斤", "barcode", "6901234567890")), 422, "条码")
	v.wants(v.follow(v.post(goods+"/shelf", with(here, "on", "0"))), 200, "已下架", "重新上架")
	clerk := s.anew("xiaoli")
	clerk.lacks(clerk.get("/counter"), "宁夏大米")
	clerk.wants(clerk.scan("6901234567892"), 404, "没有找到这一户")
	v.wants(v.follow(v.post(goods+"/shelf", with(here, "on", "1"))), 200, "已重新上架")
	clerk.wants(clerk.scan("6901234567892"), 422, "这是商品“宁夏大米 5公斤”的条码", "请先扫村民的存折卡")
}

func TestCounterIsAddedByTheCommittee(t *testing.T) {
	s := newShop(t)
	v := s.as("chen")
	v.wants(v.follow(v.post("/counter/choose/add", url.Values{"village": {models.ID32(s.village)}, "name": {"二组代办点"}})), 200, "已添加“二组代办点”")
	v.wants(v.post("/counter/choose/add", url.Values{"village": {models.ID32(s.village)}, "name": {""}}), 422, "“名称”不能空着")
	all, err := market.Counters(t.Context(), s.d, s.village)
	s.must(err)
	if len(all) != 2 || all[1].Name != "二组代办点" {
		t.Fatalf("the counters are %v", all)
	}
	clerk := s.as("xiaoli")
	clerk.wants(clerk.post("/counter/choose/add", url.Values{"village": {models.ID32(s.village)}, "name": {"我家"}}), 403)
}
