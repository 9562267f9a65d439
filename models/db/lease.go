package db

import (
	"context"
	"time"
)

// Lease takes an errand for a while, so that of several instances one runs it.
// It answers whether the errand is ours now; asking again before it runs out
// renews it. A program that dies loses it by time.
func (d *DB) Lease(ctx context.Context, name, holder string, lasts time.Duration) (bool, error) {
	ours := false
	err := d.Aside(ctx, func(tx *Tx) error {
		now := tx.Now
		if _, err := tx.SQL.Exec(tx.Ignore("leases", "name, holder, until", "?, ?, ?"), name, holder, int64(now)); err != nil {
			return err
		}
		n, err := tx.SQL.Exec("UPDATE leases SET holder = ?, until = ? WHERE name = ? AND (until <= ? OR holder = ?)",
			holder, int64(now.Add(lasts)), name, int64(now), holder)
		ours = n == 1
		return err
	})
	return ours, err
}
