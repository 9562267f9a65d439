package award

import (
	"context"
	"slices"

	"pointstore/models/db"
)

// ByID reads the named awards, for the lines of a passbook; ids that the village
// does not have are missing from the answer.
func ByID(ctx context.Context, c db.Conn, village int64, ids []int64) (map[int64]Award, error) {
	out := make(map[int64]Award, len(ids))
	for chunk := range slices.Chunk(ids, atOnce) {
		// Repeating the last id keeps the number of different texts small.
		size := 1
		for size < len(chunk) {
			size *= 2
		}
		args := []any{village}
		for i := range size {
			args = append(args, chunk[min(i, len(chunk)-1)])
		}
		all, err := list(ctx, c, "village_id = ? AND id IN ("+db.Holes(size)+")", args...)
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			out[a.ID] = a
		}
	}
	return out, nil
}
