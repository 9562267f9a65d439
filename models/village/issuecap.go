package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// issueCapMost bounds the cap: a hundred million yuan.
const issueCapMost = models.Fen(100_000_000 * 100)

// SetIssueCap says how many yuan of unspent points a village allows itself; 0 for
// no limit. Beyond it the village is warned.
func SetIssueCap(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, limit models.Fen) error {
	if limit < 0 || limit > issueCapMost {
		return models.ErrInput.With("“上限”要填 0 到 1 亿元，没有保存；填 0 就是不设上限").At("cap")
	}
	return d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "issue_cap", Asked: limit, By: by, Subject: village}, func(tx *db.Tx) error {
		at, err := PlaceOf(ctx, tx, village)
		if err == nil {
			err = by.May(models.SetUpVillage, at)
		}
		if err != nil {
			return err
		}
		var was models.Fen
		if err := tx.SQL.Row("SELECT issue_cap FROM villages WHERE village_id = ?", village).Scan(&was); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("UPDATE villages SET issue_cap = ? WHERE village_id = ?", int64(limit), village); err != nil {
			return err
		}
		return tx.Note(village, db.Note{Field: "issue_cap", Old: was.Plain(), New: limit.Plain()})
	})
}
