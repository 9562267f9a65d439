package ledger

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// Fault is a place where the books do not add up.
type Fault struct {
	Village, Household, Seq int64
	What                    string
}

func (f Fault) String() string {
	return fmt.Sprintf("village %s household %s line %d: %s", models.ID32(f.Village), models.ID32(f.Household), f.Seq, f.What)
}

// auditPage is how many entries the audit holds in memory at once.
const auditPage = 1000

// Audit recounts a village from its entries: every chain to its head, every
// balance, the kept sums, the corrections, the seals. It returns what it found
// wrong, first faults first, at most a hundred. step is called as it goes, with
// the number of entries walked; it may be nil.
func Audit(ctx context.Context, c db.Conn, village int64, step func(entries int)) ([]Fault, error) {
	a := &audit{village: village, books: map[int64]Passbook{}, homes: map[householdMonth]counts{}, areas: map[villageMonth]counts{}}
	var err error
	if a.books, err = Balances(ctx, c, village); err != nil {
		return nil, err
	}
	if err := a.walk(ctx, c, step); err != nil {
		return nil, err
	}
	a.finishBooks()
	if err := a.compareSums(ctx, c); err != nil {
		return nil, err
	}
	if err := a.compareSeals(ctx, c); err != nil {
		return nil, err
	}
	return a.faults, nil
}

type audit struct {
	village int64
	books   map[int64]Passbook
	seen    map[int64]bool
	homes   map[householdMonth]counts
	areas   map[villageMonth]counts
	faults  []Fault

	// the passbook being walked
	at       Passbook
	kinds    map[int64]Kind
	reversed map[int64]bool
	broken   bool
}

func (a *audit) fault(h, seq int64, what string, args ...any) {
	if len(a.faults) < 100 {
		a.faults = append(a.faults, Fault{a.village, h, seq, fmt.Sprintf(what, args...)})
	}
}

func (a *audit) walk(ctx context.Context, c db.Conn, step func(int)) error {
	a.seen = map[int64]bool{}
	var after Key
	for n := 0; ; {
		page, err := EntriesOf(ctx, c, a.village, Filter{After: after, Limit: auditPage})
		if err != nil {
			return err
		}
		for i := range page {
			a.entry(&page[i])
		}
		if n += len(page); step != nil {
			step(n)
		}
		if len(page) < auditPage {
			a.endBook()
			return nil
		}
		last := page[len(page)-1]
		after = Key{last.Household.ID, last.Seq}
	}
}

// entry checks one line against the one before it.
func (a *audit) entry(e *Entry) {
	if e.Household.ID != a.at.ID {
		a.endBook()
		a.at = Passbook{Household: e.Household, Head: genesis(e.Household)}
		a.kinds, a.reversed, a.broken = map[int64]Kind{}, map[int64]bool{}, false
		a.seen[e.Household.ID] = true
	}
	if a.broken {
		return
	}
	h := e.Household.ID
	switch {
	case e.Seq != a.at.Seq+1:
		a.fault(h, e.Seq, "line %d is missing", a.at.Seq+1)
		a.broken = true
	case e.Balance != a.at.Balance+e.Points:
		a.fault(h, e.Seq, "balance says %s, the lines add up to %s", e.Balance, a.at.Balance+e.Points)
		a.broken = true
	case !bytes.Equal(e.Hash, e.link(a.at.Head)):
		a.fault(h, e.Seq, "hash does not follow from the line before: it was changed")
		a.broken = true
	}
	if e.Kind == Reversal {
		if e.undoes = a.kinds[e.Cause]; e.undoes == 0 || a.reversed[e.Cause] {
			a.fault(h, e.Seq, "corrects line %d, which is missing or already corrected", e.Cause)
		}
		a.reversed[e.Cause] = true
	}
	if e.Kind == Award && (a.at.First == 0 || e.Month < a.at.First) {
		a.at.First = e.Month
	}
	a.kinds[e.Seq] = e.Kind
	a.at.Seq, a.at.Balance, a.at.Honour, a.at.Head = e.Seq, a.at.Balance+e.Points, a.at.Honour+e.Honour, e.Hash
	count := countsOf(e)
	if count != (counts{}) {
		hk, vk := householdMonth{e.Month, h}, villageMonth{a.village, e.Month, e.Category}
		a.homes[hk] = a.homes[hk].plus(counts{earned: count.earned, deducted: count.deducted, spent: count.spent, acts: count.acts, visits: count.visits})
		a.areas[vk] = a.areas[vk].plus(count)
	}
}

// endBook compares the walked lines with the passbook's own figures.
func (a *audit) endBook() {
	if a.at.ID == 0 || a.broken {
		return
	}
	b, ok := a.books[a.at.ID]
	switch {
	case !ok:
		a.fault(a.at.ID, 0, "entries without a passbook")
	case b.Seq != a.at.Seq:
		a.fault(a.at.ID, b.Seq, "passbook says %d lines, there are %d", b.Seq, a.at.Seq)
	case b.Balance != a.at.Balance || b.Honour != a.at.Honour:
		a.fault(a.at.ID, b.Seq, "passbook says %s and %s, the lines add up to %s and %s", b.Balance, b.Honour, a.at.Balance, a.at.Honour)
	case b.First != a.at.First:
		a.fault(a.at.ID, b.Seq, "passbook says its first award was in %d, the lines say %d", b.First, a.at.First)
	case !bytes.Equal(b.Head, a.at.Head):
		a.fault(a.at.ID, b.Seq, "passbook's head is not its last line")
	}
}

// finishBooks looks for passbooks whose lines are all gone.
func (a *audit) finishBooks() {
	for _, id := range slices.Sorted(maps.Keys(a.books)) {
		if b := a.books[id]; !a.seen[id] && (b.Seq != 0 || b.Balance != 0 || b.Honour != 0) {
			a.fault(id, 0, "passbook says %d lines, there are none", b.Seq)
		}
	}
}

// compareSums compares the kept sums with the recount.
func (a *audit) compareSums(ctx context.Context, c db.Conn) error {
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var k householdMonth
		var s counts
		if err := row.Scan(&k.month, &k.household, &s.earned, &s.deducted, &s.spent, &s.acts, &s.visits); err != nil {
			return err
		}
		if s != a.homes[k] {
			a.fault(k.household, 0, "kept sums of %s differ from the entries", k.month)
		}
		delete(a.homes, k)
		return nil
	}, "SELECT month, household_id, earned, deducted, spent, acts, visits FROM household_months WHERE village_id = ?", a.village)
	if err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(a.homes), func(x, y householdMonth) int {
		return cmp.Or(cmp.Compare(x.month, y.month), cmp.Compare(x.household, y.household))
	}) {
		if a.homes[k] != (counts{}) {
			a.fault(k.household, 0, "kept sums of %s are missing", k.month)
		}
	}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		k := villageMonth{village: a.village}
		var s counts
		if err := row.Scan(&k.month, &k.category, &s.earned, &s.deducted, &s.acts, &s.late, &s.earnedFen, &s.spent, &s.spentFen, &s.visits); err != nil {
			return err
		}
		if s != a.areas[k] {
			a.fault(0, 0, "village sums of %s, category %s differ from the entries", k.month, models.ID32(k.category))
		}
		delete(a.areas, k)
		return nil
	}, `SELECT month, category_id, SUM(earned), SUM(deducted), SUM(acts), SUM(late), SUM(earned_fen), SUM(spent), SUM(spent_fen), SUM(visits)
		FROM village_months WHERE village_id = ? GROUP BY month, category_id`, a.village)
	if err != nil {
		return err
	}
	for k, s := range a.areas {
		if s != (counts{}) {
			a.fault(0, 0, "village sums of %s, category %s are missing", k.month, models.ID32(k.category))
		}
	}
	return nil
}

// compareSeals works the seals out again from the first day on.
func (a *audit) compareSeals(ctx context.Context, c db.Conn) error {
	kept, err := Seals(ctx, c, a.village, "")
	if err != nil || len(kept) == 0 {
		return err
	}
	again, err := computeSeals(ctx, c, a.village, DaySeal{Village: a.village}, kept[len(kept)-1].Day.AddDays(1))
	if err != nil {
		return err
	}
	for i, s := range kept {
		if i >= len(again) || again[i].Day != s.Day {
			a.fault(0, 0, "seal of %s: days before it are missing or too many", s.Day)
			return nil
		}
		if !bytes.Equal(again[i].Hash, s.Hash) {
			a.fault(0, 0, "seal of %s does not match that day's operations and passbooks", s.Day)
			return nil
		}
	}
	return nil
}
