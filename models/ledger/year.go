package ledger

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Year is what one household did in a year, from its kept sums.
type Year struct {
	Year                    int
	Earned, Deducted, Spent models.Points
	Acts, Visits            int64
}

// Years sums a household's passbook by year, the newest first.
func Years(ctx context.Context, c db.Conn, h models.Household) ([]Year, error) {
	var list []Year
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var m int
		var y Year
		if err := row.Scan(&m, &y.Earned, &y.Deducted, &y.Spent, &y.Acts, &y.Visits); err != nil {
			return err
		}
		if y.Year = m / 100; len(list) == 0 || list[len(list)-1].Year != y.Year {
			list = append(list, Year{Year: y.Year})
		}
		sum := &list[len(list)-1]
		sum.Earned, sum.Deducted, sum.Spent = sum.Earned+y.Earned, sum.Deducted+y.Deducted, sum.Spent+y.Spent
		sum.Acts, sum.Visits = sum.Acts+y.Acts, sum.Visits+y.Visits
		return nil
	}, "SELECT month, earned, deducted, spent, acts, visits FROM household_months WHERE village_id = ? AND household_id = ? ORDER BY month DESC", h.Village, h.ID)
	return list, err
}
