package market_test

import (
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// fund opens a fund and pays money into it.
func (w *world) fund(form market.FundForm, fen models.Fen) market.Fund {
	w.Helper()
	form.Village = w.village
	f, err := market.AddFund(w.ctx, w.d, db.NewOpID(), w.chen, form)
	w.must(err)
	if fen > 0 {
		_, err = w.moveFund(market.FundAsk{Fund: f.ID, Kind: market.FundIn, Fen: fen, Purpose: "拨入"})
		w.must(err)
	}
	return f
}

func (w *world) moveFund(ask market.FundAsk) (market.FundMovement, error) {
	w.Helper()
	ask.Village = w.village
	return market.MoveFund(w.ctx, w.d, db.NewOpID(), w.chen, ask)
}

func (w *world) wantFund(id int64, want models.Fen) {
	w.Helper()
	f, err := market.GetFund(w.ctx, w.d, w.village, id)
	w.must(err)
	if f.Fen != want {
		w.Fatalf("the fund holds %s, want %s", f.Fen, want)
	}
}

func TestFundNeverGivesMoreThanItHolds(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		f := w.fund(market.FundForm{Name: "2026年闽宁协作资金", Source: market.FromFujian}, 100_00)
		errs := race(4, func(int) error {
			_, err := market.MoveFund(w.ctx, d, db.NewOpID(), w.chen, market.FundAsk{Village: w.village, Fund: f.ID, Kind: market.FundOut, Fen: 60_00, Purpose: "做货架"})
			return err
		})
		w.oneWinner(errs, market.ErrFundShort)
		w.wantFund(f.ID, 40_00)
		_, err := w.moveFund(market.FundAsk{Fund: f.ID, Kind: market.FundFix, Fen: -41_00, Purpose: "多记了"})
		w.refuses(err, market.ErrFundShort, models.Conflict, "“2026年闽宁协作资金”只剩 40 元，不够 41 元；没有记账，请核对金额或换一笔资金")
		list, err := market.FundMovements(w.ctx, d, w.village, f.ID)
		w.must(err)
		if len(list) != 2 || list[1].After != 40_00 {
			t.Fatalf("the register says %+v", list)
		}
		w.wantSound()
	})
}

func TestFundMovesOnceHoweverOftenAsked(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	f := w.fund(market.FundForm{Name: "村集体收益", Source: market.FromVillage}, 0)
	op := db.NewOpID()
	for range 3 {
		_, err := market.MoveFund(w.ctx, d, op, w.chen, market.FundAsk{Village: w.village, Fund: f.ID, Kind: market.FundIn, Fen: 500_00, Purpose: "分红"})
		w.must(err)
	}
	w.wantFund(f.ID, 500_00)
}

func TestFundWithAPurposeIsSpentOnNothingElse(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	f := w.fund(market.FundForm{Name: "王先生捐款", Source: market.FromGift, Directed: true, Purpose: "给老人买米", Donor: "王先生"}, 300_00)
	_, err := w.moveFund(market.FundAsk{Fund: f.ID, Kind: market.FundOut, Fen: 10_00, Purpose: "买灯泡"})
	w.refuses(err, market.ErrDirected, models.Input, "这笔钱说好只用在“给老人买米”，没有记账；确实符合就打上勾")
	_, err = w.moveFund(market.FundAsk{Fund: f.ID, Kind: market.FundOut, Fen: 10_00, Purpose: "给李奶奶买米", Fits: true})
	w.must(err)
	w.wantFund(f.ID, 290_00)
	if got, _ := market.GetFund(w.ctx, d, w.village, f.ID); got.Giver() != "爱心人士（不愿留名）" || got.SourceTitle() != "捐赠（定向）" {
		t.Fatalf("papers would say %q, %q", got.Giver(), got.SourceTitle())
	}
}

func TestFundIsTheCommitteesToKeep(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	f := w.fund(market.FundForm{Name: "社会帮扶", Source: market.FromSociety}, 100_00)
	_, err := market.MoveFund(w.ctx, d, db.NewOpID(), w.clerk, market.FundAsk{Village: w.village, Fund: f.ID, Kind: market.FundOut, Fen: 1, Purpose: "x"})
	if models.KindOf(err) != models.Forbidden {
		t.Fatalf("the clerk heard %v", err)
	}
	w.refuses(market.CloseFund(w.ctx, d, db.NewOpID(), w.chen, w.village, f.ID), market.ErrFundMoney, models.Conflict, "这笔资金里还有钱，没有停用；请先用完或更正")
	w.wantFund(f.ID, 100_00)
}

func TestAuditFindsMoneyThatWasTamperedWith(t *testing.T) {
	for what, tamper := range map[string]string{
		"a balance":               "UPDATE fund_balances SET fen = fen + 1 WHERE village_id = ?",
		"a movement taken away":   "DELETE FROM fund_movements WHERE village_id = ?",
		"a fund taken away":       "DELETE FROM funds WHERE village_id = ?",
		"a balance taken away":    "DELETE FROM fund_balances WHERE village_id = ?",
		"a movement made smaller": "UPDATE fund_movements SET fen = fen - 100 WHERE village_id = ?",
	} {
		t.Run(what, func(t *testing.T) {
			d, clock := modelstest.Open(t)
			w := newWorld(t, d, clock)
			w.fund(market.FundForm{Name: "衔接资金", Source: market.FromLink}, 100_00)
			w.wantSound()
			w.exec(tamper, w.village)
			faults, err := market.Audit(w.ctx, d, w.village)
			w.must(err)
			if len(faults) == 0 {
				t.Fatal("nothing was found")
			}
		})
	}
}
