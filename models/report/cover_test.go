package report_test

import (
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/report"
)

// A village with 1,000 yuan in a fund, 20 pieces at 10 yuan of which 5 have
// expired and 3 without a known cost, 2,000 points at one yuan, and 600, 300 and
// 300 yuan of exchanges in the last three months.
func coveredVillage(w *world) int64 {
	v := w.village[0]
	w.exec("INSERT INTO funds (village_id, id, name, source, made_at) VALUES (?, 1, '闽宁协作', 'fujian', 0)", v)
	w.exec("INSERT INTO fund_balances (village_id, fund_id, fen) VALUES (?, 1, 100000)", v)
	w.exec("INSERT INTO lots (village_id, id, goods_id, expires_on, cost_fen) VALUES (?, 11, 5, '2026-11-01', 1000)", v)
	w.exec("INSERT INTO lots (village_id, id, goods_id, expires_on, cost_fen) VALUES (?, 12, 5, '2027-11-01', 1000)", v)
	w.exec("INSERT INTO prices (village_id, goods_id, from_day, points, cost_fen) VALUES (?, 6, '2026-01-01', 500, 1000)", v)
	for _, s := range [][3]int{{5, 11, 500}, {5, 12, 1000}, {6, 0, 500}, {7, 0, 300}} {
		w.exec("INSERT INTO stock (village_id, counter_id, goods_id, lot_id, qty) VALUES (?, 1, ?, ?, ?)", v, s[0], s[1], s[2])
	}
	w.exec("INSERT INTO passbooks (village_id, household_id, balance, head) VALUES (?, 1, 250000, ?)", v, []byte("x"))
	w.exec("INSERT INTO passbooks (village_id, household_id, balance, head) VALUES (?, 2, -50000, ?)", v, []byte("x"))
	for m, fen := range map[int]int{202611: 99900, 202610: 60000, 202609: 30000, 202608: 30000, 202607: 9900000} {
		w.exec("INSERT INTO village_months (village_id, month, category_id, slot, earned, deducted, acts, late, earned_fen, spent, spent_fen, visits) VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0, ?, ?, 1)", v, m, fen, fen)
	}
	return v
}

func TestCoverHoldsMoneyAndGoodsAgainstUnspentPoints(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		clock.Set(at("2026-11-30 12:00:00.000"))
		w := newWorld(t, d, clock)
		v := coveredVillage(w)
		c, err := report.CoverOf(t.Context(), d, v)
		if err != nil {
			t.Fatal(err)
		}
		if c.FundFen != 1000_00 || c.StockFen != 150_00 || c.Uncosted != 1 {
			t.Errorf("in hand: %s in funds, %s in goods, %d without a cost", c.FundFen, c.StockFen, c.Uncosted)
		}
		if c.Unspent != 250000 || c.UnspentFen != 2500_00 || c.Short() != 1350_00 {
			t.Errorf("unspent %s worth %s, short by %s", c.Unspent, c.UnspentFen, c.Short())
		}
		if c.Pace != 400_00 || c.PaceMonths != 3 {
			t.Errorf("the pace is %s over %d months", c.Pace, c.PaceMonths)
		}
		// 1150 at the end of November; 750, 350, then less than a month's worth.
		if got := c.DryMonth(); got != 202702 {
			t.Errorf("it runs dry in %d", got)
		}
		if f := c.Forecast(4); f[0] != 1150_00 || f[2] != 350_00 || f[3] != 0 {
			t.Errorf("the forecast is %v", f)
		}
	})
}

func TestCoverWarnsBeyondTheVillagesOwnCap(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	v := coveredVillage(w)
	for limit, over := range map[models.Fen]bool{0: false, 2500_00: false, 2499_99: true} {
		w.exec("UPDATE villages SET issue_cap = ? WHERE village_id = ?", int64(limit), v)
		if c, err := report.CoverOf(t.Context(), d, v); err != nil || c.OverCap() != over {
			t.Errorf("with a cap of %s: over %v, %v", limit, c.OverCap(), err)
		}
	}
	if c, err := report.CoverOf(t.Context(), d, w.village[1]); err != nil || c.DryMonth() != 0 || c.InHand() != 0 {
		t.Errorf("an empty village: %+v, %v", c, err)
	}
}
