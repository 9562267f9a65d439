package pages_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

// A month of a private shop: drawn, disputed, answered, signed, paid.
func TestSettlementIsDrawnSignedAndPaid(t *testing.T) {
	s := newShop(t)
	s.must(s.d.Aside(t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("UPDATE counters SET kind = 'allied', name = '老马商店', keeper = '马老板' WHERE village_id = ?", s.village)
		return err
	}))
	_, err := market.Redeem(t.Context(), s.d, db.NewOpID(), s.chenHandsOver(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID, Lines: []market.Line{{Goods: s.soap, Qty: 2 * models.One}}, Seen: 4000, Confirm: market.ByPIN})
	s.must(err)
	month := s.clock.Now().Month()
	s.clock.Set(month.Add(1).First().Start().Add(9 * time.Hour))
	v, chen := s.anew("xiaoli"), s.anew("chen")
	here := models.ID32(s.village)
	ask := url.Values{"village": {here}, "counter": {models.ID32(s.counter.ID)}, "month": {"209901"}}
	v.wants(v.get("/counter/settlements?village="+here), 200, "还没有结算单", "老马商店", month.String())
	v.wants(v.post("/counter/settlements", ask), 409, "这个月还没过完")
	ask.Set("month", strconv.Itoa(int(month)))
	made := v.post("/counter/settlements", ask)
	page := v.wants(v.follow(made), 200, "老马商店", "等商户核对、签字", "40<small>元", "合计 1 户次")
	v.lacks(page, "已签字</button>")
	at := made.to[:len("/counter/settlements/")+len(here)]
	v.wants(v.follow(v.post(at+"/dispute", url.Values{"village": {here}, "text": {"少一瓶"}})), 200, "商户有异议", "少一瓶")
	v.wants(v.post(at+"/sign", url.Values{"village": {here}}), 403)
	chen.wants(chen.post(at+"/sign", url.Values{"village": {here}}), 409, "异议还没有答复")
	chen.wants(chen.follow(chen.post(at+"/answer", url.Values{"village": {here}, "text": {"核对过，两瓶"}})), 200, "异议已答复", "核对过，两瓶")
	chen.wants(chen.get(at+"/print?village="+here), 200, "商户结算单", "店主 马老板", "商户签字", "洗衣液")
	chen.wants(chen.follow(chen.post(at+"/sign", url.Values{"village": {here}})), 200, "已签字，等付款", "还没有登记资金")
	fund, err := market.AddFund(t.Context(), s.d, db.NewOpID(), s.chen, market.FundForm{Village: s.village, Name: "村集体收益", Source: market.FromVillage})
	s.must(err)
	pay := url.Values{"village": {here}, "day": {string(s.clock.Now().Day())}, "how": {"转账"}, "fund": {models.ID32(fund.ID)}}
	chen.wants(chen.post(at+"/pay", pay), 409, "只剩 0 元", `value="转账"`)
	_, err = market.MoveFund(t.Context(), s.d, db.NewOpID(), s.chen, market.FundAsk{Village: s.village, Fund: fund.ID, Kind: market.FundIn, Fen: 100_00, Purpose: "分红"})
	s.must(err)
	chen.wants(chen.follow(chen.post(at+"/pay", pay)), 200, "已付款", "村集体收益", "转账")
	chen.wants(chen.post("/counter/settlements", ask), 409, "结算单已经有了")
	s.Person("next", "邻村", models.Clerk, s.next)
	next := s.as("next")
	next.wants(next.get(at), 404)
}
