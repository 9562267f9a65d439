package ledger

import (
	"cmp"
	"maps"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// counts are what an entry adds to the kept sums. A reversal adds the negative
// of what it takes back, in its own month.
type counts struct {
	earned, deducted, spent int64 // hundredths of points
	acts, late, visits      int64
	earnedFen, spentFen     int64
}

func (c counts) plus(o counts) counts {
	return counts{c.earned + o.earned, c.deducted + o.deducted, c.spent + o.spent,
		c.acts + o.acts, c.late + o.late, c.visits + o.visits, c.earnedFen + o.earnedFen, c.spentFen + o.spentFen}
}

// countsOf says what one entry counts as. Opening balances, base points, gifts and
// cleared points are no conduct, no participation, no issue and no exchange.
func countsOf(e *Entry) (c counts) {
	kind, sign := e.Kind, int64(1)
	if kind == Reversal {
		kind, sign = e.undoes, -1
	}
	switch kind {
	case Award:
		c.earned, c.acts, c.earnedFen = int64(e.Points), sign, int64(e.Fen)
		if e.Late {
			c.late = sign
		}
	case Deduct:
		c.deducted = -int64(e.Honour)
	case Redeem:
		c.spent, c.visits, c.spentFen = -int64(e.Points), sign, -int64(e.Fen)
	}
	return c
}

var (
	addHouseholdMonth = db.Adding("household_months", []string{"village_id", "month", "household_id"},
		[]string{"earned", "deducted", "spent", "acts", "visits"})
	addVillageMonth = db.Adding("village_months", []string{"village_id", "month", "category_id", "slot"},
		[]string{"earned", "deducted", "acts", "late", "earned_fen", "spent", "spent_fen", "visits"})
)

type householdMonth struct {
	month     models.Month
	household int64
}

type villageMonth struct {
	village  int64
	month    models.Month
	category int64
}

type sumsKey struct{}

// addSums adds the entries to the kept sums: household × month now, village ×
// month × category at the very end, because everybody touches those rows.
func addSums(tx *db.Tx, entries []Entry) error {
	homes := map[householdMonth]counts{}
	first := false
	areas := db.Keep(tx, sumsKey{}, func() map[villageMonth]counts { first = true; return map[villageMonth]counts{} })
	if first {
		tx.Last(saveVillageMonths)
	}
	for i := range entries {
		e := &entries[i]
		c := countsOf(e)
		if c == (counts{}) {
			continue
		}
		hk := householdMonth{e.Month, e.Household.ID}
		homes[hk] = homes[hk].plus(c)
		vk := villageMonth{e.Household.Village, e.Month, e.Category}
		areas[vk] = areas[vk].plus(c)
	}
	keys := slices.SortedFunc(maps.Keys(homes), func(a, b householdMonth) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.household, b.household))
	})
	args := make([]any, 0, len(keys)*8)
	for _, k := range keys {
		c := homes[k]
		args = append(args, entries[0].Household.Village, int64(k.month), k.household, c.earned, c.deducted, c.spent, c.acts, c.visits)
	}
	return tx.SQL.Put(addHouseholdMonth[tx.Dialect], args)
}

// saveVillageMonths writes the village's sums in key order, into this
// instance's own slot, so that instances of a cluster never meet in a row.
func saveVillageMonths(tx *db.Tx) error {
	areas := db.Keep(tx, sumsKey{}, func() map[villageMonth]counts { return nil })
	keys := slices.SortedFunc(maps.Keys(areas), func(a, b villageMonth) int {
		return cmp.Or(cmp.Compare(a.village, b.village), cmp.Compare(a.month, b.month), cmp.Compare(a.category, b.category))
	})
	args := make([]any, 0, len(keys)*12)
	for _, k := range keys {
		c := areas[k]
		args = append(args, k.village, int64(k.month), k.category, models.Instance(), c.earned, c.deducted, c.acts, c.late, c.earnedFen, c.spent, c.spentFen, c.visits)
	}
	return tx.SQL.Put(addVillageMonth[tx.Dialect], args)
}
