package village

import (
	"context"
	"strconv"

	"pointstore/models"
	"pointstore/models/db"
)

// SetHidden keeps a household's name off the public board, or lets it on again:
// the household decides for itself, or tells the committee. What it earns is
// counted there all the same.
func SetHidden(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, hidden bool) error {
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "home_hidden", Asked: hidden, By: by, Subject: h.ID}, func(tx *db.Tx) error {
		home, err := GetHome(ctx, tx, h)
		if err != nil {
			return err
		}
		if by.Household != h {
			if err := may(tx, by, models.SetUpVillage, h.Village); err != nil {
				return err
			}
		}
		if home.Hidden == hidden {
			return nil
		}
		if err := tx.Note(h.Village, db.Note{Field: "hidden", Old: strconv.FormatBool(home.Hidden), New: strconv.FormatBool(hidden)}); err != nil {
			return err
		}
		to := 0
		if hidden {
			to = 1
		}
		return tx.SQL.Must(1, db.ErrLost, "UPDATE households SET hidden = ?, version = version + 1 WHERE village_id = ? AND id = ? AND version = ?", to, h.Village, h.ID, home.Version)
	})
}
