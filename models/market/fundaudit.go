package market

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// funds holds every fund's balance against its movements, and every purchase
// against the money it cost.
func (a *audit) funds(ctx context.Context, c db.Conn) error {
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		var kept, sum models.Fen
		err := row.Scan(&id, &kept, &sum)
		if kept < 0 {
			a.fault(Fault{}, "fund %s is below zero: %s", models.ID32(id), kept)
		}
		if kept != sum {
			a.fault(Fault{}, "fund %s says %s, its movements add up to %s", models.ID32(id), kept, sum)
		}
		return err
	}, `SELECT f.id, COALESCE(b.fen, 0), COALESCE((SELECT SUM(m.fen) FROM fund_movements m WHERE m.village_id = f.village_id AND m.fund_id = f.id), 0)
		FROM funds f LEFT JOIN fund_balances b ON b.village_id = f.village_id AND b.fund_id = f.id WHERE f.village_id = ?`, a.village)
	if err != nil {
		return err
	}
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var fund int64
		err := row.Scan(&fund)
		a.fault(Fault{}, "money moved in fund %s, which does not exist", models.ID32(fund))
		return err
	}, `SELECT m.fund_id FROM fund_movements m LEFT JOIN funds f ON f.village_id = m.village_id AND f.id = m.fund_id WHERE m.village_id = ? AND f.id IS NULL`, a.village)
}
