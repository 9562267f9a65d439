package ledger

import (
	"maps"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

type heldKey struct{}

// holdMonths makes sure, at the end of the transaction, that no month before the
// current one was closed since the passbooks were read. SQLite's one writer
// leaves no room for that; elsewhere it could put an entry into a sheet already
// kept.
func holdMonths(tx *db.Tx, entries []Entry) {
	if tx.Dialect == db.SQLite {
		return
	}
	first := false
	held := db.Keep(tx, heldKey{}, func() map[int64]models.Month { first = true; return map[int64]models.Month{} })
	if first {
		tx.Last(keepOpen)
	}
	for i := range entries {
		e := &entries[i]
		if v := e.Household.Village; e.Month < tx.Now.Month() && (held[v] == 0 || e.Month < held[v]) {
			held[v] = e.Month
		}
	}
}

// keepOpen takes the lock that CloseMonth takes, and reads behind it.
func keepOpen(tx *db.Tx) error {
	held := db.Keep(tx, heldKey{}, func() map[int64]models.Month { return nil })
	lock := tx.Upsert("periods", "village_id", "village_id, closed_month", "?, 0", "closed_month = closed_month")
	for _, v := range slices.Sorted(maps.Keys(held)) {
		if _, err := tx.SQL.Exec(lock, v); err != nil {
			return err
		}
		closed, err := Closed(tx.Statement.Context, tx, v)
		if err != nil {
			return err
		}
		if closed >= held[v] {
			return db.ErrLost
		}
	}
	return nil
}
