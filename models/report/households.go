package report

import (
	"context"

	"pointstore/models/db"
)

// acting are the households with more acts posted than taken back, per whatever
// stands in front of household_id: the entries of three months, a reversal
// counting as what it takes back.
const acting = ` FROM entries e LEFT JOIN entries o ON e.kind = 4 AND o.village_id = e.village_id AND o.household_id = e.household_id AND o.seq = e.cause
	LEFT JOIN categories c ON c.village_id = e.village_id AND c.id = e.category_id
	WHERE e.village_id = ? AND e.month IN (?, ?, ?) AND (e.kind = 1 OR o.kind = 1)`

// net is positive where acts remain.
const net = " HAVING SUM(CASE e.kind WHEN 1 THEN 1 ELSE -1 END) > 0"

// CountHouseholds fills in the households per category, from the entries of
// every village that has not closed; closed ones carry the count.
func (s *Sheet) CountHouseholds(ctx context.Context, c db.Conn) error {
	for i := range s.Villages {
		if v := &s.Villages[i]; !v.Counted {
			if err := v.countHouseholds(ctx, c, s); err != nil {
				return err
			}
		}
	}
	below := map[int64]string{}
	for _, g := range s.Groups {
		below[g.Area] = g.Name
	}
	s.addUp(below)
	return nil
}

func (v *VillageRow) countHouseholds(ctx context.Context, c db.Conn, s *Sheet) error {
	months := s.Quarter.Months()
	args := []any{v.ID, int64(months[0]), int64(months[1]), int64(months[2])}
	own := map[int64]int64{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id, n int64
		err := row.Scan(&id, &n)
		own[id] = n
		return err
	}, "SELECT category_id, COUNT(*) FROM (SELECT e.category_id, e.household_id"+acting+" GROUP BY e.category_id, e.household_id"+net+") x GROUP BY category_id", args...)
	if err != nil {
		return err
	}
	for i := range v.Own {
		v.Own[i].Households = own[v.Own[i].ID]
	}
	v.Gathered = gather(v.Own)
	v.Counted = true
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var key string
		var n int64
		err := row.Scan(&key, &n)
		v.Gathered[countyIndex(key)].Households += n
		return err
	}, "SELECT county_key, COUNT(*) FROM (SELECT COALESCE(c.county_key, '') AS county_key, e.household_id"+acting+
		" GROUP BY COALESCE(c.county_key, ''), e.household_id"+net+") x GROUP BY county_key", args...)
}
