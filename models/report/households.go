package report

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"pointstore/models"
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

// counted is a village's quarter, counted: households per own category and per
// county category.
type counted struct {
	lines    int64  // of the village's passbooks when it was counted
	kinds    string // how its categories counted under the county's
	own      map[int64]int64
	gathered map[string]int64
}

// countedHouseholds keeps what was counted, as crowds does: every entry adds a
// line, and the mark is read before the counting.
var countedHouseholds sync.Map // crowdKey → counted

func (v *VillageRow) countHouseholds(ctx context.Context, c db.Conn, s *Sheet) error {
	shared, _ := c.(*db.DB)
	key, kinds := crowdKey{shared, v.ID, s.Quarter}, v.kinds()
	kept, _ := countedHouseholds.Load(key)
	n, ok := kept.(counted)
	if !ok || shared == nil || n.lines != v.lines || n.kinds != kinds {
		var err error
		if n, err = v.count(ctx, c, s.Quarter); err != nil {
			return err
		}
		if n.lines, n.kinds = v.lines, kinds; shared != nil {
			countedHouseholds.Store(key, n)
		}
	}
	for i := range v.Own {
		v.Own[i].Households = n.own[v.Own[i].ID]
	}
	v.Gathered = gather(v.Own)
	for key, households := range n.gathered {
		v.Gathered[countyIndex(key)].Households += households
	}
	v.Counted = true
	return nil
}

// kinds is how the village's categories count under the county's, as text.
func (v *VillageRow) kinds() string {
	var b strings.Builder
	for _, c := range v.Own {
		fmt.Fprint(&b, c.ID, c.Key, ",")
	}
	return b.String()
}

// count reads the entries of the quarter.
func (v *VillageRow) count(ctx context.Context, c db.Conn, q models.Quarter) (counted, error) {
	n := counted{own: map[int64]int64{}, gathered: map[string]int64{}}
	months := q.Months()
	args := []any{v.ID, int64(months[0]), int64(months[1]), int64(months[2])}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id, households int64
		err := row.Scan(&id, &households)
		n.own[id] = households
		return err
	}, "SELECT category_id, COUNT(*) FROM (SELECT e.category_id, e.household_id"+acting+" GROUP BY e.category_id, e.household_id"+net+") x GROUP BY category_id", args...)
	if err != nil {
		return n, err
	}
	return n, c.Stmts(ctx).Each(func(row db.Scanner) error {
		var key string
		var households int64
		err := row.Scan(&key, &households)
		n.gathered[key] = households
		return err
	}, "SELECT county_key, COUNT(*) FROM (SELECT COALESCE(c.county_key, '') AS county_key, e.household_id"+acting+
		" GROUP BY COALESCE(c.county_key, ''), e.household_id"+net+") x GROUP BY county_key", args...)
}
