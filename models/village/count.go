package village

import (
	"context"

	"pointstore/models/db"
)

// Counts are how many there are in a village, without those who have left.
type Counts struct {
	Homes   int
	Members int
	Joined  int // households that take part
	PINs    int // households with a 取货密码
}

// Count counts a village's households and members.
func Count(ctx context.Context, c db.Conn, village int64) (Counts, error) {
	var n Counts
	err := c.Stmts(ctx).Row(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN joining = 'in' THEN 1 ELSE 0 END), 0), COUNT(pin)
		FROM households WHERE village_id = ? AND left_at = 0`, village).Scan(&n.Homes, &n.Joined, &n.PINs)
	if err != nil {
		return n, err
	}
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM members WHERE village_id = ? AND left_at = 0", village).Scan(&n.Members)
	return n, err
}
