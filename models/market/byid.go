package market

import (
	"context"
	"slices"

	"pointstore/models/db"
)

// ReceiptsByID reads the named receipts, for the lines of a passbook; ids that
// the village does not have are missing from the answer.
func ReceiptsByID(ctx context.Context, c db.Conn, v int64, ids []int64) (map[int64]Receipt, error) {
	out := make(map[int64]Receipt, len(ids))
	for chunk := range slices.Chunk(ids, 200) {
		holes, in := several(chunk)
		list, err := receipts(ctx, c, v, "WHERE r.village_id = ? AND r.id IN ("+holes+")", append([]any{v}, in...)...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out[r.ID] = r
		}
	}
	return out, nil
}
