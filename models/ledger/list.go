package ledger

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Filter narrows a list of a village's entries. Empty fields do not narrow.
type Filter struct {
	Months    []models.Month
	Kinds     []Kind
	Category  int64
	ByCat     bool // Category counts, also when it is 0
	Household int64
	After     Key // go on behind this entry
	Limit     int // at most 1,000; 200 when 0
}

// Key is an entry's place in a village's list.
type Key struct{ Household, Seq int64 }

// EntriesOf lists a village's entries in the order of household and line.
func EntriesOf(ctx context.Context, c db.Conn, village int64, f Filter) ([]Entry, error) {
	where, args := "village_id = ?", []any{village}
	and := func(cond string, values ...any) {
		where += " AND " + cond
		args = append(args, values...)
	}
	if len(f.Months) > 0 {
		ms := make([]any, len(f.Months))
		for i, m := range f.Months {
			ms[i] = int64(m)
		}
		and("month IN ("+db.Holes(len(ms))+")", ms...)
	}
	if len(f.Kinds) > 0 {
		ks := make([]any, len(f.Kinds))
		for i, k := range f.Kinds {
			ks[i] = int64(k)
		}
		and("kind IN ("+db.Holes(len(ks))+")", ks...)
	}
	if f.ByCat {
		and("category_id = ?", f.Category)
	}
	if f.Household != 0 {
		and("household_id = ?", f.Household)
	}
	if f.After != (Key{}) {
		and("(household_id > ? OR household_id = ? AND seq > ?)", f.After.Household, f.After.Household, f.After.Seq)
	}
	limit := f.Limit
	if limit <= 0 || limit > 1000 {
		limit = 200
	}
	var list []Entry
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		e, err := scan(row)
		list = append(list, e)
		return err
	}, "SELECT "+entryColumns+" FROM entries WHERE "+where+" ORDER BY household_id, seq LIMIT ?", append(args, limit)...)
	return list, err
}
