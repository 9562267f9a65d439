package report

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
)

// Covered holds what a village has in hand, money and goods at cost, against what
// the points that its households have not spent are worth.
type Covered struct {
	Village    int64
	Name       string
	AsOf       models.Millis
	Funds      []CoveredFund
	FundFen    models.Fen
	StockFen   models.Fen
	Uncosted   int // items in stock of which nobody knows the cost: they count as nothing
	Unspent    models.Points
	UnspentFen models.Fen
	Rate       models.Rate // yuan of a point
	Cap        models.Fen  // of unspent points, the village's own; 0 for none
	Pace       models.Fen  // of goods that went over the counter in a month, at what points are worth
	PaceMonths int         // full months it was taken from, 0 when there is none yet
}

// CoveredFund is what is left of one fund.
type CoveredFund struct {
	ID           int64
	Name, Source string
	Fen          models.Fen
}

// InHand is money and goods together.
func (c Covered) InHand() models.Fen { return c.FundFen + c.StockFen }

// Short is by how much the unspent points are worth more than what is in hand; 0
// when they are covered.
func (c Covered) Short() models.Fen { return max(c.UnspentFen-c.InHand(), 0) }

// OverCap reports whether more points are unspent than the village allows itself.
func (c Covered) OverCap() bool { return c.Cap > 0 && c.UnspentFen > c.Cap }

// coveredAhead is how far the forecast looks, in months.
const coveredAhead = 24

// DryMonth is the month in which money and goods run out at today's pace; 0 when
// they last longer than two years or nobody has exchanged anything yet.
func (c Covered) DryMonth() models.Month {
	if c.Pace <= 0 {
		return 0
	}
	for i, left := range c.Forecast(coveredAhead) {
		if left <= 0 {
			return c.AsOf.Month().Add(i)
		}
	}
	return 0
}

// Forecast is what is left at the end of this month and of the n-1 after it when
// every month takes what the last ones took; of this month the days that are left
// count.
func (c Covered) Forecast(n int) []models.Fen {
	today := c.AsOf.Time()
	days := models.Fen(today.AddDate(0, 1, -today.Day()).Day())
	left := c.InHand() - c.Pace*(days-models.Fen(today.Day()))/days
	list := make([]models.Fen, n)
	for i := range list {
		list[i] = max(left, 0)
		left -= c.Pace
	}
	return list
}

// CoverOf reads it for a village. It only reads, and asks nobody's permission.
func CoverOf(ctx context.Context, c db.Conn, village int64) (Covered, error) {
	v := Covered{Village: village, AsOf: c.Handle().Now()}
	on := c.Stmts(ctx)
	err := on.Row("SELECT a.name, v.point_rate, v.issue_cap FROM villages v JOIN areas a ON a.id = v.village_id WHERE v.village_id = ?", village).Scan(&v.Name, &v.Rate, &v.Cap)
	if errors.Is(err, sql.ErrNoRows) {
		return v, models.ErrNotFound
	}
	for _, step := range []func(*db.Statements) error{v.readFunds, v.readStock, v.readUnspent, v.readPace} {
		if err == nil {
			err = step(on)
		}
	}
	return v, err
}

func (v *Covered) readFunds(on *db.Statements) error {
	return on.Each(func(row db.Scanner) error {
		var f CoveredFund
		err := row.Scan(&f.ID, &f.Name, &f.Source, &f.Fen)
		v.Funds, v.FundFen = append(v.Funds, f), v.FundFen+f.Fen
		return err
	}, `SELECT f.id, f.name, f.source, b.fen FROM funds f JOIN fund_balances b ON b.village_id = f.village_id AND b.fund_id = f.id
		WHERE f.village_id = ? AND f.closed_at = 0 ORDER BY f.id`, v.Village)
}

// readStock values what lies on the shelves: at its lot's cost, else at that of
// the price in force. What has expired is worth nothing.
func (v *Covered) readStock(on *db.Statements) error {
	today, uncosted := string(v.AsOf.Day()), map[int64]bool{}
	err := on.Each(func(row db.Scanner) error {
		var goods int64
		var qty models.Qty
		var lot, price models.Fen
		err := row.Scan(&goods, &qty, &lot, &price)
		cost := lot
		if cost == 0 {
			cost = price
		}
		if cost == 0 {
			uncosted[goods] = true
		}
		v.StockFen += (cost*models.Fen(qty) + 50) / 100
		return err
	}, `SELECT s.goods_id, s.qty, COALESCE(l.cost_fen, 0),
		COALESCE((SELECT p.cost_fen FROM prices p WHERE p.village_id = s.village_id AND p.goods_id = s.goods_id AND p.from_day <= ? ORDER BY p.from_day DESC LIMIT 1), 0)
		FROM stock s LEFT JOIN lots l ON l.village_id = s.village_id AND l.id = s.lot_id
		WHERE s.village_id = ? AND s.qty > 0 AND (COALESCE(l.expires_on, '') = '' OR l.expires_on >= ?)`, today, v.Village, today)
	v.Uncosted = len(uncosted)
	return err
}

func (v *Covered) readUnspent(on *db.Statements) error {
	err := on.Row("SELECT COALESCE(SUM(balance), 0) FROM passbooks WHERE village_id = ? AND balance > 0", v.Village).Scan(&v.Unspent)
	v.UnspentFen = v.Rate.Fen(v.Unspent)
	return err
}

// paceMonths is how many full months the pace is taken from, fewer for a village
// that has not exchanged for so long.
const paceMonths = 3

func (v *Covered) readPace(on *db.Statements) error {
	now := v.AsOf.Month()
	var first sql.NullInt64
	if err := on.Row("SELECT MIN(month) FROM village_months WHERE village_id = ? AND spent > 0", v.Village).Scan(&first); err != nil || !first.Valid {
		return err
	}
	var sum models.Fen
	for i := 1; i <= paceMonths; i++ {
		m := now.Add(-i)
		if m < models.Month(first.Int64) {
			break
		}
		var spent models.Fen
		if err := on.Row("SELECT COALESCE(SUM(spent_fen), 0) FROM village_months WHERE village_id = ? AND month = ?", v.Village, int64(m)).Scan(&spent); err != nil {
			return err
		}
		sum, v.PaceMonths = sum+spent, i
	}
	if v.PaceMonths > 0 {
		v.Pace = sum / models.Fen(v.PaceMonths)
		return nil
	}
	// The first month of all is the only one there is.
	if err := on.Row("SELECT COALESCE(SUM(spent_fen), 0) FROM village_months WHERE village_id = ? AND month = ?", v.Village, int64(now)).Scan(&sum); err != nil {
		return err
	}
	v.Pace = sum * 30 / models.Fen(max(v.AsOf.Time().Day(), 1))
	return nil
}
