package db_test

import (
	"strings"
	"testing"

	"pointstore/models/db"
	"pointstore/models/modelstest"
)

// Every key begins with the village; what a page asks about one household must
// not walk the whole village, on the readers' connections nor on the writer's.
func TestQueriesAboutAHouseholdUseItsIndex(t *testing.T) {
	d, _ := modelstest.Open(t)
	queries := map[string]string{
		"redemptions_household": "SELECT * FROM redemptions r WHERE r.village_id = 1 AND r.household_id = 2 AND (r.id < 3 OR 3 = 0) ORDER BY r.id DESC LIMIT 20",
		"members_household":     "SELECT * FROM members m WHERE m.village_id = 1 AND m.household_id = 3 ORDER BY m.id",
		"vouchers_household":    "SELECT * FROM vouchers v WHERE v.village_id = 1 AND v.household_id = 2 AND v.expires_at > 3 ORDER BY v.id",
		"links_household":       "SELECT * FROM links WHERE village_id = 1 AND household_id = 2",
		"awards_household":      "SELECT * FROM awards WHERE village_id = 1 AND household_id = 2 AND state IN ('noticed', 'frozen') ORDER BY id DESC LIMIT 200",
		"awards_notice":         "SELECT * FROM awards WHERE village_id = 1 AND notice_id = 2 AND state = 'noticed' ORDER BY household_id, id LIMIT 200",
		"entries_month":         "SELECT month, COUNT(*) FROM entries WHERE village_id = 1 AND month IN (1, 2, 3) GROUP BY month",
	}
	for index, query := range queries {
		var id, parent, unused int
		var plan string
		explain := "EXPLAIN QUERY PLAN " + query
		if err := d.Stmts(t.Context()).Row(explain).Scan(&id, &parent, &unused, &plan); err != nil || !strings.Contains(plan, index) {
			t.Errorf("a reader: %q, %v; want %s", plan, err, index)
		}
		err := d.Aside(t.Context(), func(tx *db.Tx) error { return tx.SQL.Row(explain).Scan(&id, &parent, &unused, &plan) })
		if err != nil || !strings.Contains(plan, index) {
			t.Errorf("the writer: %q, %v; want %s", plan, err, index)
		}
	}
}
