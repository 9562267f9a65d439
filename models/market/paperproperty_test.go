package market_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// TestStockAndMoneyAreTheirMovements plays random purchases, donations, sales,
// undoings, transfers, counts, damage, expiry and money, good and refused, and
// recounts the shop after each.
func TestStockAndMoneyAreTheirMovements(t *testing.T) {
	d, clock := modelstest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		clock.Set(modelstest.Start)
		w := newWorld(rt, d, clock)
		monitor := w.person("马监督", models.Monitor)
		second, err := market.AddCounter(w.ctx, d, db.NewOpID(), w.chen, w.k, w.village, "二组兑换点")
		w.must(err)
		fund := w.fund(market.FundForm{Name: "闽宁协作", Source: market.FromFujian}, 500_00)
		money, counters := models.Fen(500_00), []int64{w.counter, second.ID}
		w.give(w.wang, 900_000_00)
		var open []market.Paper
		var sales []int64
		goods := func(rt *rapid.T) int64 { return rapid.SampledFrom([]int64{w.soap, w.rice}).Draw(rt, "goods") }
		propose := func(rt *rapid.T, kind string, l market.PaperLine) {
			from := rapid.IntRange(0, 1).Draw(rt, "counter")
			ask := market.PaperAsk{Kind: kind, Counter: counters[from], Note: "试", Lines: []market.PaperLine{l}}
			switch kind {
			case market.PaperTransfer:
				ask.Other = counters[1-from]
			case market.PaperPurchase:
				ask.Fund = fund.ID
			}
			open = append(open, w.paper(ask))
		}
		known := func(err error) bool {
			// bad input: what was ordered has expired before it was taken in
			return err == nil || errors.Is(err, models.ErrInput) || errors.Is(err, market.ErrPaperShort) || errors.Is(err, market.ErrPaperState) || errors.Is(err, market.ErrFundShort) || errors.Is(err, market.ErrSameHand)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) {
				w.wantSound()
				w.wantFund(fund.ID, money)
			},
			"buy, be given": func(rt *rapid.T) {
				l := pieces(goods(rt), rapid.IntRange(1, 9).Draw(rt, "pieces"), models.Fen(rapid.IntRange(0, 20_00).Draw(rt, "cost")))
				if days := rapid.IntRange(0, 20).Draw(rt, "keeps"); days > 0 {
					l.ExpiresOn = clock.Now().Day().AddDays(days)
				}
				propose(rt, rapid.SampledFrom([]string{market.PaperPurchase, market.PaperDonation}).Draw(rt, "kind"), l)
			},
			"carry over, break": func(rt *rapid.T) {
				propose(rt, rapid.SampledFrom([]string{market.PaperTransfer, market.PaperDamage}).Draw(rt, "kind"), pieces(goods(rt), rapid.IntRange(1, 9).Draw(rt, "pieces"), 0))
			},
			"count": func(rt *rapid.T) {
				propose(rt, market.PaperCount, counted(goods(rt), rapid.IntRange(0, 25).Draw(rt, "found")))
			},
			"expire": func(rt *rapid.T) {
				lots, err := market.Expiring(w.ctx, d, w.village, clock.Now().Day().AddDays(-1))
				w.must(err)
				for _, l := range lots {
					open = append(open, w.paper(market.PaperAsk{Kind: market.PaperExpiry, Counter: l.Counter, Note: "过期", Lines: []market.PaperLine{{Goods: l.Goods, Lot: l.ID, Qty: l.Qty}}}))
				}
			},
			"go on": func(rt *rapid.T) {
				if len(open) == 0 {
					return
				}
				p := &open[rapid.IntRange(0, len(open)-1).Draw(rt, "paper")]
				took, err := w.take(w.zhao, *p)
				if err == nil {
					*p = took
				}
				done, signed := w.sign(monitor, *p, "核对过")
				if signed == nil {
					*p = done
					if p.Kind == market.PaperPurchase {
						money -= p.Fen
					}
				}
				if !known(err) || !known(signed) {
					rt.Fatalf("%s: %v, %v", p.Label(), err, signed)
				}
			},
			"pay in": func(rt *rapid.T) {
				fen := models.Fen(rapid.IntRange(1, 100_00).Draw(rt, "fen"))
				_, err := w.moveFund(market.FundAsk{Fund: fund.ID, Kind: market.FundIn, Fen: fen, Purpose: "拨入"})
				w.must(err)
				money += fen
			},
			"sell": func(rt *rapid.T) {
				c := w.cart(w.wang, market.Line{Goods: goods(rt), Qty: models.Qty(rapid.IntRange(1, 800).Draw(rt, "qty"))})
				r, err := w.redeem(w.zhao, c)
				if err == nil {
					sales = append(sales, r.ID)
				} else if !errors.Is(err, market.ErrSoldOut) {
					rt.Fatal(err)
				}
			},
			"undo": func(rt *rapid.T) {
				if len(sales) == 0 {
					return
				}
				_, err := market.Undo(w.ctx, d, db.NewOpID(), w.chen, w.village, rapid.SampledFrom(sales).Draw(rt, "sale"), "拿错了")
				if err != nil && !errors.Is(err, market.ErrUndone) {
					rt.Fatal(err)
				}
			},
			"wait": func(rt *rapid.T) { clock.Add(time.Duration(rapid.IntRange(1, 9).Draw(rt, "days")) * 24 * time.Hour) },
		})
	})
}
