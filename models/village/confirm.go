package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// How a household wants to confirm at the counter. PIN and voucher refuse small
// amounts without a secret and 当面核对; face only opens the till that way.
const (
	ConfirmAny     = ""
	ConfirmPIN     = "pin"
	ConfirmVoucher = "voucher"
	ConfirmFace    = "face"
)

// Confirms are the ways offered, in words.
var Confirms = []Option{{ConfirmAny, "不指定，有什么用什么"}, {ConfirmPIN, "每次都输取货密码"}, {ConfirmVoucher, "用手机上的取货码"}, {ConfirmFace, "当面核对，签字或按手印"}}

// ConfirmOf reads how the household wants to confirm.
func ConfirmOf(ctx context.Context, c db.Conn, h models.Household) (way string, err error) {
	err = found(c.Stmts(ctx).Row("SELECT confirm FROM households WHERE village_id = ? AND id = ?", h.Village, h.ID).Scan(&way))
	return way, err
}

// SetConfirm changes how the household wants to confirm: itself, or the committee
// for it, but nobody for their own home at work.
func SetConfirm(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, way string) error {
	if way != ConfirmAny && TitleOf(Confirms, way) == "" {
		return models.ErrInput.With("请选一种确认方式，还没有保存").At("confirm")
	}
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "home_confirm", Asked: way, By: by, Subject: h.ID}, func(tx *db.Tx) error {
		home, err := GetHome(ctx, tx, h)
		if err != nil {
			return err
		}
		if by.Household != h {
			if err := mayFor(tx, by, models.SetUpVillage, h); err != nil {
				return err
			}
		}
		old, err := ConfirmOf(ctx, tx, h)
		if err != nil || old == way {
			return err
		}
		if err := tx.Note(h.ID, db.Note{Field: "confirm", Old: TitleOf(Confirms, old), New: TitleOf(Confirms, way)}); err != nil {
			return err
		}
		return tx.SQL.Must(1, db.ErrLost, "UPDATE households SET confirm = ?, version = version + 1 WHERE village_id = ? AND id = ? AND version = ?", way, h.Village, h.ID, home.Version)
	})
}
