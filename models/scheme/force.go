package scheme

import (
	"context"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// comeIntoForce makes the version the village's own: the scheme names it, and
// the till values points by it.
func comeIntoForce(tx *db.Tx, v Version) error {
	if _, err := tx.SQL.Exec("UPDATE schemes SET version_id = ? WHERE village_id = ? AND id = ?", v.ID, v.Village, v.SchemeID); err != nil {
		return err
	}
	_, err := tx.SQL.Exec("UPDATE villages SET point_rate = ? WHERE village_id = ?", int64(v.PointRate), v.Village)
	return err
}

// ComeIntoForce is an errand of the clock: versions adopted for a later day
// take effect on it. It returns how many did.
func ComeIntoForce(ctx context.Context, d *db.DB) (int, error) {
	today := d.Now().Day()
	var due []Version
	err := d.Stmts(ctx).Each(func(row db.Scanner) error {
		v, err := scanVersion(row)
		due = append(due, v)
		return err
	}, "SELECT v."+strings.ReplaceAll(versionColumns, ", ", ", v.")+` FROM schemes s JOIN versions v ON v.village_id = s.village_id AND v.scheme_id = s.id
		WHERE v.in_force_from <= ? AND v.number > COALESCE((SELECT n.number FROM versions n WHERE n.village_id = s.village_id AND n.id = s.version_id), 0)
		ORDER BY v.village_id, v.number`, string(today))
	if err != nil {
		return 0, err
	}
	for _, v := range due {
		op := db.Op{ID: db.ErrandID("rules-in-force", v.Village, v.ID, 0), Village: v.Village, Kind: "rules-in-force", Asked: v.ID, By: models.TheClock, Subject: v.ID}
		if err := d.InTx(ctx, op, func(tx *db.Tx) error { return comeIntoForce(tx, v) }); err != nil {
			return 0, fmt.Errorf("village %s: %w", models.ID32(v.Village), err)
		}
	}
	return len(due), nil
}
