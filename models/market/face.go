package market

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// FaceLimits are how much a village hands over face to face: per redemption, and
// per opening. 0 per redemption: not at all.
type FaceLimits struct{ Limit, Session models.Points }

func (f FaceLimits) check() error {
	switch {
	case f.Limit < 0 || f.Limit > models.PointsMax:
		return models.ErrInput.With("“当面核对一次最多”要填 0 或更大的数，还没有保存；填 0 就是不开").At("face_limit")
	case f.Session < f.Limit || f.Session > models.PointsMax:
		return models.ErrInput.With("“当面核对一场最多”不能比一次的少，还没有保存").At("face_session")
	}
	return nil
}

// GetFaceLimits reads how much the village hands over face to face.
func GetFaceLimits(ctx context.Context, c db.Conn, v int64) (f FaceLimits, err error) {
	err = c.Stmts(ctx).Row("SELECT face_limit, face_session FROM villages WHERE village_id = ?", v).Scan(&f.Limit, &f.Session)
	return f, err
}

// SaveFaceLimits changes how much the village hands over face to face.
func SaveFaceLimits(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, f FaceLimits) error {
	if err := f.check(); err != nil {
		return err
	}
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "face_limits", Asked: f, By: by, Subject: v}, func(tx *db.Tx) error {
		old, err := GetFaceLimits(ctx, tx, v)
		if err != nil {
			return err
		}
		if err := tx.Note(v, db.Note{Field: "face_limit", Old: old.Limit.Plain(), New: f.Limit.Plain()},
			db.Note{Field: "face_session", Old: old.Session.Plain(), New: f.Session.Plain()}); err != nil {
			return err
		}
		_, err = tx.SQL.Exec("UPDATE villages SET face_limit = ?, face_session = ? WHERE village_id = ?", int64(f.Limit), int64(f.Session), v)
		return err
	})
}
