package award

import (
	"context"

	"pointstore/models/db"
)

// aMinute is how far apart the ids of one operation's awards can be: they are
// minted together, and an id counts milliseconds above its 22nd bit.
const aMinute = 60_000 << 22

// Together lists the awards recorded in one operation with this one, its first,
// in the order in which they were asked for.
func Together(ctx context.Context, c db.Conn, village, first int64) ([]Award, error) {
	a, err := Get(ctx, c, village, first)
	if err != nil {
		return nil, err
	}
	return list(ctx, c, "village_id = ? AND id >= ? AND id < ? AND op_id = ? ORDER BY id LIMIT ?", village, first, first+aMinute, a.Op[:], Most)
}

// habit is how many of a village's latest awards tell which rules it uses most.
const habit = 500

// RuleUse counts how often the village has lately used which rule. A rule of an
// older version counts under its own id.
func RuleUse(ctx context.Context, c db.Conn, village int64) (map[int64]int, error) {
	out := map[int64]int{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var rule int64
		var n int
		err := row.Scan(&rule, &n)
		out[rule] = n
		return err
	}, "SELECT rule_id, COUNT(*) FROM (SELECT rule_id FROM awards WHERE village_id = ? ORDER BY id DESC LIMIT ?) latest GROUP BY rule_id", village, habit)
	return out, err
}
