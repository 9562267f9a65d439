package report

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// watched is an award or a redemption as a watcher counts it; of a redemption the
// recorder is the clerk, and limit what needs no confirming.
type watched struct {
	id, household, recorder int64
	group, grid             int64
	worth, limit            models.Points
	late                    bool
	hours, void, emptied    bool // of redemptions; see pattern.go
	at                      models.Millis
	op                      string
}

const (
	watchWorth = "ABS(CASE WHEN a.honour <> 0 THEN a.honour ELSE a.points END)"
	// taken back before anybody saw it is not watched; households record nothing
	watchWhere = "a.village_id = ? AND a.recorded_at >= ? AND a.recorded_at < ? AND a.state <> 'withdrawn' AND a.recorder_id <> 0"
)

// readWatched reads what was recorded in a village from a day until before
// another.
func readWatched(ctx context.Context, c db.Conn, village int64, from, until models.Date) (all []watched, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var w watched
		var op []byte
		err := row.Scan(&w.id, &w.household, &w.recorder, &w.group, &w.grid, &w.worth, &w.limit, &w.late, &w.at, &op)
		w.op = string(op)
		all = append(all, w)
		return err
	}, `SELECT a.id, a.household_id, a.recorder_id, h.group_no, h.grid_id, `+watchWorth+`, v.second_over, a.late, a.recorded_at, a.op_id
		FROM awards a JOIN households h ON h.village_id = a.village_id AND h.id = a.household_id JOIN versions v ON v.village_id = a.village_id AND v.id = a.version_id
		WHERE `+watchWhere+" ORDER BY a.id", village, int64(from.Start()), int64(until.Start()))
	return all, err
}

// families are the homes of those who record, and whom they are related to.
type families struct {
	own  map[int64][]int64 // account → its own households
	all  map[int64]bool    // anybody's, and those linked to them
	duty map[[2]int64]bool // account and group it looks after
	area map[[2]int64]bool // account and grid it looks after
}

func readFamilies(ctx context.Context, c db.Conn, village int64) (f families, err error) {
	f = families{own: map[int64][]int64{}, all: map[int64]bool{}, duty: map[[2]int64]bool{}, area: map[[2]int64]bool{}}
	type pair struct{ a, b int64 }
	var links []pair
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var h, other, account int64
		if err := row.Scan(&h, &other, &account); err != nil {
			return err
		}
		if account != 0 {
			f.own[account] = append(f.own[account], h)
		} else {
			links = append(links, pair{h, other})
		}
		return nil
	}, "SELECT household_id, other_id, account_id FROM links WHERE village_id = ?", village)
	for _, homes := range f.own {
		for _, h := range homes {
			f.all[h] = true
			for _, l := range links {
				if l.a == h || l.b == h {
					f.all[l.a], f.all[l.b] = true, true
				}
			}
		}
	}
	if err != nil {
		return f, err
	}
	return f, c.Stmts(ctx).Each(func(row db.Scanner) error {
		var account, grid, group int64
		err := row.Scan(&account, &grid, &group)
		f.duty[[2]int64{account, group}] = group != 0
		f.area[[2]int64{account, grid}] = grid != 0
		return err
	}, "SELECT account_id, grid_id, group_no FROM duties WHERE village_id = ?", village)
}

// ownGroup is the group and grid an account lives in; 0 when it is not known, or
// when looking after that very group or grid is the account's duty.
func (f families) ownGroup(account int64, homes map[int64][2]int64) int64 {
	for _, h := range f.own[account] {
		at := homes[h]
		if at[0] != 0 && !f.duty[[2]int64{account, at[0]}] && !f.area[[2]int64{account, at[1]}] {
			return at[0]
		}
	}
	return 0
}

// homesOf says in which group and grid some households are.
func homesOf(ctx context.Context, c db.Conn, village int64) (map[int64][2]int64, error) {
	out := map[int64][2]int64{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id, group, grid int64
		err := row.Scan(&id, &group, &grid)
		out[id] = [2]int64{group, grid}
		return err
	}, "SELECT h.id, h.group_no, h.grid_id FROM households h JOIN links l ON l.village_id = h.village_id AND l.household_id = h.id WHERE l.village_id = ? AND l.account_id <> 0", village)
	return out, err
}
