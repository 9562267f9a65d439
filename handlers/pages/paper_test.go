package pages_test

import (
	"net/url"
	"regexp"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

func TestPaperPagesTellAPurchaseFromMoneyToShelf(t *testing.T) {
	s := newShop(t)
	s.Person("jiandu", "马监督", models.Monitor, s.village)
	f, err := market.AddFund(t.Context(), s.d, db.NewOpID(), s.chen, market.FundForm{Village: s.village, Name: "闽宁协作", Source: market.FromFujian})
	s.must(err)
	chen, clerk, monitor := s.as("chen"), s.as("xiaoli"), s.as("jiandu")
	fund := "/committee/funds/" + models.ID32(f.ID)
	chen.wants(chen.follow(chen.post(fund+"/move", url.Values{"kind": {"in"}, "fen": {"1000"}, "purpose": {"拨款"}})), 200, "已记收入 1,000 元")
	soap := models.ID32(s.soap)
	opened := clerk.follow(clerk.post("/counter/papers/new", url.Values{"kind": {"purchase"}, "fund": {models.ID32(f.ID)}, "qty." + soap: {"20"}, "cost." + soap: {"12.5"}, "until." + soap: {"2027-06-01"}}))
	clerk.wants(opened, 200, "购2026-001", "等点收", "库存还没有变")
	clerk.lacks(opened, "点收，交监督员签字")
	path := regexp.MustCompile(`^[^?]*`).FindString(clerk.at)
	clerk.wants(clerk.get("/counter/papers"), 200, "购2026-001", "还没办完的")
	chen.wants(chen.post(path+"/receive", url.Values{"qty.1": {"19"}, "cost.1": {"12.5"}}), 422, "请填供货人和发票号")
	chen.wants(chen.follow(chen.post(path+"/receive", url.Values{"qty.1": {"19"}, "cost.1": {"12.5"}, "until.1": {"2027-06-01"}, "party": {"惠农超市"}, "invoice": {"No.31"}})), 200, "等监督员签字")
	s.wantStock(s.soap, 10)
	chen.wants(chen.post(path+"/sign", nil), 403, "没有")
	monitor.wants(monitor.follow(monitor.post(path+"/sign", nil)), 200, "已生效", "从资金里付了 237.50 元")
	s.wantStock(s.soap, 29)
	monitor.wants(monitor.get(path+"/print"), 200, "积分超市采购单", "发票 No.31", "马监督", "填报单位（盖章）")
	monitor.wants(monitor.get(fund+"/print"), 200, "收支登记册", "采购 购2026-001 惠农超市", "762.50")
	monitor.wants(monitor.get("/committee/cover"), 200, "钱和货够不够换", "762.50")
}

func TestPaperPagesHideTheBooksFromWhoeverCounts(t *testing.T) {
	s := newShop(t)
	clerk, chen := s.as("xiaoli"), s.as("chen")
	form := clerk.wants(clerk.get("/counter/papers/new?kind=count"), 200, "点到多少")
	clerk.lacks(form, "10 瓶", "现有")
	page := clerk.follow(clerk.post("/counter/papers/new", url.Values{"kind": {"count"}, "counted." + models.ID32(s.soap): {"0"}, "counted." + models.ID32(s.rice): {"10"}}))
	clerk.wants(page, 200, "盘2026-001", "核对的人才看得到账上的数")
	clerk.lacks(page, "10 瓶", "少 10", "账上</th>")
	path := regexp.MustCompile(`^[^?]*`).FindString(clerk.at)
	clerk.lacks(clerk.get(path+"/print"), "10 瓶", "少 10")
	chen.wants(chen.get(path), 200, "10 瓶", "少 10", "相符")
	chen.wants(chen.post(path+"/sign", nil), 422, "请写明原因")
	chen.wants(chen.follow(chen.post(path+"/sign", url.Values{"reason": {"被鼠咬"}})), 200, "已生效")
	s.wantStock(s.soap, 0)
}

func TestFeedbackTellsADonorWhatBecameOfTheGift(t *testing.T) {
	s := newShop(t)
	chen, clerk := s.as("chen"), s.as("xiaoli")
	id := models.ID32(s.soap)
	clerk.follow(clerk.post("/counter/papers/new", url.Values{"kind": {"donation"}, "party": {"海原商会"}, "qty." + id: {"6"}, "cost." + id: {"9"}}))
	path := regexp.MustCompile(`^[^?]*`).FindString(clerk.at)
	chen.wants(chen.follow(chen.post(path+"/receive", nil)), 200, "已生效", "捐赠反馈单")
	_, err := market.Redeem(t.Context(), s.d, db.NewOpID(), s.clerkFromAway(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID, Seen: 8000, Confirm: market.ByPIN, Lines: []market.Line{{Goods: s.soap, Qty: 4 * models.One}}})
	s.must(err)
	paper := url.Values{"paper": {regexp.MustCompile(`[^/]*$`).FindString(path)}}
	chen.wants(chen.get("/committee/feedback?"+paper.Encode()), 200, "1 户")
	sheet := chen.wants(chen.post("/committee/feedback", paper), 200, "捐赠反馈单", "爱心人士（不愿留名）", "<td class=\"n\">4</td>", "受益农户：<b>1 户</b>")
	chen.lacks(sheet, "海原商会", "马少明")
	code := regexp.MustCompile(`防伪码 <b class="code">([^<]+)`).FindStringSubmatch(sheet.body)
	if code == nil {
		t.Fatal("there is no check code")
	}
	chen.wants(chen.get("/verify?k="+code[1]), 200, "受益 1 户")
}

// clerkFromAway is a clerk without a home here.
func (s *shop) clerkFromAway() models.Actor {
	return models.Actor{Account: s.chen.Account, Grants: []models.Grant{{Role: models.Clerk, Area: s.village}}}
}
