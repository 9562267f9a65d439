package award

import (
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
)

// Why a household is not cleared.
const (
	ClearNewer   = "newer"   // all it has came after the day, or is kept
	ClearClaim   = "claim"   // a claim, a review or a deduction is not decided yet
	ClearDispute = "dispute" // an objection is being heard
	clearTaken   = "undone"  // was cleared and given back
)

// ClearLine is what a clearing does to one household.
type ClearLine struct {
	Household models.Household
	Balance   models.Points // before
	Points    models.Points // that go; 0 when it is left out
	Why       string        // why nothing goes

	seq int64
}

// Forecast says what the clearing would do if it were due now, in the order of
// households that have anything to spend.
func Forecast(ctx context.Context, c db.Conn, k Clearing) ([]ClearLine, error) {
	books, err := ledger.Balances(ctx, c, k.Village)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for id, b := range books {
		if b.Balance > 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var all []ClearLine
	for some := range slices.Chunk(ids, atOnce) {
		lines, err := clearLines(ctx, c, k, some)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
}

// ForecastOf is Forecast for one household.
func ForecastOf(ctx context.Context, c db.Conn, k Clearing, household int64) (ClearLine, error) {
	lines, err := clearLines(ctx, c, k, []int64{household})
	if err != nil || len(lines) == 0 {
		return ClearLine{Household: models.Household{Village: k.Village, ID: household}}, err
	}
	return lines[0], nil
}

// ClearedIn lists what a clearing did, in the order of households.
func ClearedIn(ctx context.Context, c db.Conn, k Clearing) ([]ClearLine, error) {
	var all []ClearLine
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		l := ClearLine{Household: models.Household{Village: k.Village}}
		err := row.Scan(&l.Household.ID, &l.Points, &l.seq, &l.Why)
		if l.Why == clearTaken {
			l.Why = ""
		}
		all = append(all, l)
		return err
	}, "SELECT household_id, points, entry_seq, skipped FROM cleared WHERE village_id = ? AND clearing_id = ? ORDER BY household_id", k.Village, k.ID)
	return all, err
}

// clearLines decides about some households. What is spent goes from the oldest
// points first, so what came in after the day is what stays.
func clearLines(ctx context.Context, c db.Conn, k Clearing, ids []int64) ([]ClearLine, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	holes, args := db.Holes(len(ids)), []any{k.Village}
	for _, id := range ids {
		args = append(args, id)
	}
	newer, err := sumsBy(ctx, c, `SELECT e.household_id, SUM(e.points) FROM entries e
		LEFT JOIN entries o ON e.kind = 4 AND o.village_id = e.village_id AND o.household_id = e.household_id AND o.seq = e.cause
		WHERE e.village_id = ? AND e.household_id IN (`+holes+`) AND e.posted_at >= ?
		AND (e.kind IN (1, 5, 7) OR o.kind IN (1, 5, 7) AND o.posted_at >= ?) GROUP BY e.household_id`,
		append(slices.Clone(args), int64(k.AsOf.AddDays(1).Start()), int64(k.AsOf.AddDays(1).Start()))...)
	if err != nil {
		return nil, err
	}
	claims, err := sumsBy(ctx, c, "SELECT household_id, COUNT(*) FROM awards WHERE village_id = ? AND household_id IN ("+holes+") AND state IN ('claimed', 'checked', 'pending', 'warned') GROUP BY household_id", args...)
	if err != nil {
		return nil, err
	}
	disputes, err := k.disputes(ctx, c, holes, args)
	if err != nil {
		return nil, err
	}
	var lines []ClearLine
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		l := ClearLine{Household: models.Household{Village: k.Village}}
		err := row.Scan(&l.Household.ID, &l.Balance)
		h := l.Household.ID
		switch old := l.Balance - max(newer[h], 0) - k.Keep; {
		case disputes[h] > 0:
			l.Why = ClearDispute
		case claims[h] > 0:
			l.Why = ClearClaim
		case old <= 0:
			l.Why = ClearNewer
		default:
			l.Points = old
		}
		lines = append(lines, l)
		return err
	}, "SELECT household_id, balance FROM passbooks WHERE village_id = ? AND household_id IN ("+holes+") ORDER BY household_id", args...)
	return lines, err
}

// disputes counts, by household, frozen awards and objections that may still
// change something: being heard, at the township, or still in time to go there.
func (k Clearing) disputes(ctx context.Context, c db.Conn, holes string, args []any) (map[int64]models.Points, error) {
	all, err := sumsBy(ctx, c, "SELECT household_id, COUNT(*) FROM awards WHERE village_id = ? AND household_id IN ("+holes+") AND state = 'frozen' GROUP BY household_id", args...)
	if err != nil {
		return nil, err
	}
	now := int64(c.Handle().Now())
	for _, whose := range []string{"household_id", "for_household"} {
		some, err := sumsBy(ctx, c, "SELECT "+whose+", COUNT(*) FROM objections WHERE village_id = ? AND "+whose+" IN ("+holes+
			") AND (state IN ('open', 'appealed') OR state = 'decided' AND appeal_due > ?) GROUP BY "+whose, append(slices.Clone(args), now)...)
		if err != nil {
			return nil, err
		}
		for h, n := range some {
			all[h] += n
		}
	}
	return all, nil
}

func sumsBy(ctx context.Context, c db.Conn, query string, args ...any) (map[int64]models.Points, error) {
	sums := map[int64]models.Points{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var h int64
		var n models.Points
		err := row.Scan(&h, &n)
		sums[h] = n
		return err
	}, query, args...)
	return sums, err
}
