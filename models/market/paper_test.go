package market_test

import (
	"errors"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// paper opens a document at the counter as the clerk.
func (w *world) paper(ask market.PaperAsk) market.Paper {
	w.Helper()
	p, err := w.propose(ask)
	w.must(err)
	return p
}

func (w *world) propose(ask market.PaperAsk) (market.Paper, error) {
	ask.Village = w.village
	if ask.Counter == 0 {
		ask.Counter = w.counter
	}
	return market.ProposePaper(w.ctx, w.d, db.NewOpID(), w.clerk, ask)
}

func (w *world) take(by models.Actor, p market.Paper) (market.Paper, error) {
	return market.ReceivePaper(w.ctx, w.d, db.NewOpID(), by, market.Delivered{Village: w.village, Paper: p.ID, Party: "惠农超市", Invoice: "No.0031", Lines: p.Lines})
}

func (w *world) sign(by models.Actor, p market.Paper, reason string) (market.Paper, error) {
	return market.SignPaper(w.ctx, w.d, db.NewOpID(), by, w.village, p.ID, reason)
}

func pieces(goods int64, n int, cost models.Fen) market.PaperLine {
	return market.PaperLine{Goods: goods, Qty: models.Qty(n) * models.One, CostFen: cost}
}

func counted(goods int64, n int) market.PaperLine {
	return market.PaperLine{Goods: goods, Counted: models.Qty(n) * models.One}
}

func TestPurchaseMovesNothingUntilTheMonitorSigns(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		monitor := w.person("马监督", models.Monitor)
		f := w.fund(market.FundForm{Name: "闽宁协作", Source: market.FromFujian}, 1000_00)
		p := w.paper(market.PaperAsk{Kind: market.PaperPurchase, Fund: f.ID, Lines: []market.PaperLine{pieces(w.soap, 20, 12_50), pieces(w.rice, 5, 60_00)}})
		if p.Label() != "购2026-001" || p.Fen != 550_00 {
			t.Fatalf("opened %s over %s", p.Label(), p.Fen)
		}
		_, err := w.sign(monitor, p, "")
		w.refuses(err, market.ErrPaperState, models.Conflict, "这张单据已经办过这一步，没有重复办理；请看最新的情况")
		_, err = w.take(w.clerk, p)
		w.refuses(err, market.ErrSameHand, models.Forbidden, "开单的人不能自己收货，没有改动库存；请换一位同事来点收")
		p.Lines[1].Qty = 4 * models.One // one bag did not come
		p, err = w.take(w.zhao, p)
		w.must(err)
		w.wantStock(w.soap, 10)
		w.wantFund(f.ID, 1000_00)
		for _, no := range []models.Actor{w.clerk, w.zhao, w.chen} {
			if _, err := w.sign(no, p, ""); models.KindOf(err) != models.Forbidden {
				t.Fatalf("%s heard %v", no.Name, err)
			}
		}
		for range 2 {
			op := db.OpID{1, 2, 3}
			_, err = market.SignPaper(w.ctx, d, op, monitor, w.village, p.ID, "")
			w.must(err)
		}
		w.wantStock(w.soap, 30)
		w.wantStock(w.rice, 14)
		w.wantFund(f.ID, 510_00)
		_, err = w.sign(monitor, p, "")
		w.refuses(err, market.ErrPaperState, models.Conflict, "这张单据已经办过这一步，没有重复办理；请看最新的情况")
		w.give(w.wang, 100000)
		for range 3 { // old stock and new lots are both for sale
			w.sold(w.cart(w.wang, market.Line{Goods: w.soap, Qty: 10 * models.One}))
		}
		w.wantStock(w.soap, 0)
		w.wantSound()
	})
}

func TestPurchaseThatNoMoneyCoversMovesNothing(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	f := w.fund(market.FundForm{Name: "村集体", Source: market.FromVillage}, 100_00)
	p := w.paper(market.PaperAsk{Kind: market.PaperPurchase, Fund: f.ID, Lines: []market.PaperLine{pieces(w.soap, 20, 12_50)}})
	p, err := w.take(w.zhao, p)
	w.must(err)
	_, err = w.sign(w.person("马监督", models.Monitor), p, "")
	if !errors.Is(err, market.ErrFundShort) {
		t.Fatalf("got %v", err)
	}
	w.wantStock(w.soap, 10)
	w.wantFund(f.ID, 100_00)
	if p, _ = market.GetPaper(w.ctx, d, w.village, p.ID); p.State != market.PaperReceived {
		t.Fatalf("the document stands as %s", p.State)
	}
	w.must(market.RefusePaper(w.ctx, d, db.NewOpID(), w.chen, w.village, p.ID, "钱不够，退货"))
	if next := w.paper(market.PaperAsk{Kind: market.PaperDamage, Note: "摔破", Lines: []market.PaperLine{pieces(w.soap, 1, 0)}}); next.Number != 2 {
		t.Fatalf("a number was given twice: %s", next.Label())
	}
	w.wantSound()
}

func TestPurchaseGoesToTheTownshipOnlyWithoutAMonitor(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	f := w.fund(market.FundForm{Name: "村集体", Source: market.FromVillage}, 1000_00)
	town := w.person("镇上", models.Publicity)
	p, err := w.take(w.zhao, w.paper(market.PaperAsk{Kind: market.PaperPurchase, Fund: f.ID, Lines: []market.PaperLine{pieces(w.soap, 2, 10_00)}}))
	w.must(err)
	monitor := w.person("马监督", models.Monitor)
	w.exec("INSERT INTO grants (account_id, role, area_id) VALUES (?, 'monitor', ?)", monitor.Account, w.village)
	_, err = w.sign(town, p, "")
	w.refuses(err, models.ErrForbidden, models.Forbidden, "村里有监督员，采购单由监督员签字，没有改动库存")
	w.exec("UPDATE grants SET until_day = '2020-01-01' WHERE account_id = ?", monitor.Account)
	_, err = w.sign(town, p, "")
	w.must(err)
	w.wantStock(w.soap, 12)
}

func TestCountPostsWhatItFoundWhateverWasSoldSince(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		w.give(w.wang, 10000)
		p := w.paper(market.PaperAsk{Kind: market.PaperCount, Lines: []market.PaperLine{counted(w.soap, 8), counted(w.rice, 11)}})
		w.sold(w.cart(w.wang, one(w.soap)))
		w.wantStock(w.soap, 9)
		_, err := w.sign(w.clerk, p, "")
		if !errors.Is(err, market.ErrSameHand) {
			t.Fatalf("the counter approved: %v", err)
		}
		_, err = w.sign(w.chen, p, "")
		w.refuses(err, models.ErrInput, models.Input, "点到的数和账上不一样，请写明原因，没有生效")
		p, err = w.sign(w.chen, p, "上月漏登两瓶，多的一袋是赠品")
		w.must(err)
		w.wantStock(w.soap, 7)
		w.wantStock(w.rice, 11)
		if p.SignedBy != w.chen.Account {
			t.Fatal("nobody approved")
		}
		w.wantSound()
	})
}

func TestTransferCarriesGoodsToTheOtherCounterOnce(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	other, err := market.AddCounter(w.ctx, d, db.NewOpID(), w.chen, w.k, w.village, "二组兑换点")
	w.must(err)
	p := w.paper(market.PaperAsk{Kind: market.PaperTransfer, Other: other.ID, Lines: []market.PaperLine{pieces(w.soap, 6, 0)}})
	q := w.paper(market.PaperAsk{Kind: market.PaperTransfer, Other: other.ID, Lines: []market.PaperLine{pieces(w.soap, 6, 0)}})
	w.wantStock(w.soap, 10)
	_, err = w.take(w.zhao, p)
	w.must(err)
	_, err = w.take(w.zhao, q)
	w.refuses(err, market.ErrPaperShort, models.Conflict, "“洗衣液”只剩 4，不够单据上的数；单据没有生效，库存没有变动，请先盘点或改数量")
	w.wantStock(w.soap, 4)
	held, err := market.Stock(w.ctx, d, w.village, other.ID, clock.Now().Day())
	w.must(err)
	for _, l := range held {
		if l.ID == w.soap && l.Qty != 6*models.One {
			t.Fatalf("there are %s at the other counter", l.Qty)
		}
	}
	w.wantSound()
}

func TestDonorIsNamedOnlyByConsent(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	for consent, want := range map[bool]string{true: "海原商会", false: "爱心人士（不愿留名）"} {
		p, err := w.take(w.zhao, w.paper(market.PaperAsk{Kind: market.PaperDonation, Party: "海原商会", Consent: consent, Lines: []market.PaperLine{pieces(w.soap, 3, 10_00)}}))
		w.must(err)
		var named string
		w.must(d.Stmts(w.ctx).Row("SELECT donor FROM lots WHERE village_id = ? AND paper_id = ?", w.village, p.ID).Scan(&named))
		if p.Giver() != want || named != want {
			t.Errorf("consent %v: the sheet names %q, the lot %q", consent, p.Giver(), named)
		}
	}
	w.wantStock(w.soap, 16)
	w.wantSound()
}

func TestExpiredGoodsLeaveFromTheirOwnLot(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	l := pieces(w.soap, 5, 10_00)
	l.ExpiresOn = clock.Now().Day().AddDays(3)
	p, err := w.take(w.zhao, w.paper(market.PaperAsk{Kind: market.PaperDonation, Lines: []market.PaperLine{l}}))
	w.must(err)
	p, err = market.GetPaper(w.ctx, d, w.village, p.ID)
	w.must(err)
	clock.Add(5 * 24 * time.Hour)
	gone := market.PaperLine{Goods: w.soap, Lot: p.Lines[0].Lot, Qty: 5 * models.One}
	e := w.paper(market.PaperAsk{Kind: market.PaperExpiry, Note: "过期，已销毁", Lines: []market.PaperLine{gone}})
	_, err = w.sign(w.chen, e, "")
	w.must(err)
	w.wantStock(w.soap, 10)
	again := w.paper(market.PaperAsk{Kind: market.PaperExpiry, Note: "过期，已销毁", Lines: []market.PaperLine{gone}})
	_, err = w.sign(w.chen, again, "")
	if !errors.Is(err, market.ErrPaperShort) {
		t.Fatalf("expired goods left twice: %v", err)
	}
	w.wantSound()
}
