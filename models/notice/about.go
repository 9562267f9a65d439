package notice

import (
	"context"

	"pointstore/models/db"
)

// About lists a village's objections of one kind by what they are about, oldest
// first.
func About(ctx context.Context, c db.Conn, village int64, about string) (map[int64][]Objection, error) {
	all, err := objections(ctx, c, "village_id = ? AND about = ? ORDER BY id", village, about)
	by := map[int64][]Objection{}
	for _, o := range all {
		by[o.Subject] = append(by[o.Subject], o)
	}
	return by, err
}
