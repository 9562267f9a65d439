package village

import (
	"context"
	"errors"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// ErrNumberTaken refuses a household number that another household has.
var ErrNumberTaken = &models.Error{Kind: models.Conflict, Code: "number_taken", Field: "number", Say: "这个户号已经有一户在用（离开的户也算），没有保存；请换一个户号"}

func numberTaken(number string) error {
	return ErrNumberTaken.With("户号 " + number + " 已经有一户在用（离开的户也算），没有保存；请换一个户号")
}

// AddHome puts a household on the roll: with its head as first member, the
// members named, and card number 1 if the form has the keys. Its passbook opens
// with its first entry.
func AddHome(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, f HomeForm) (models.Household, error) {
	h := models.Household{Village: f.Village, ID: models.NewID()}
	f.ID = 0
	if err := f.tidy(); err != nil {
		return models.Household{}, err
	}
	again := func(_ *db.Tx, first int64) error { h.ID = first; return nil }
	err := d.InTx(ctx, db.Op{ID: op, Village: f.Village, Kind: "home_add", Asked: f, By: by, Subject: h.ID, Again: again}, func(tx *db.Tx) error {
		if err := may(tx, by, models.SetUpVillage, f.Village); err != nil {
			return err
		}
		if err := ownGrid(tx, f.Village, f.GridID); err != nil {
			return err
		}
		row, err := f.row(h)
		if err != nil {
			return err
		}
		if err := writeHomes(tx, []homeRow{row}); errors.Is(err, ErrNumberTaken) {
			return numberTaken(f.Number)
		} else if err != nil {
			return err
		}
		if f.keys == nil {
			return nil
		}
		return EnsureCards(tx, f.keys, []models.Household{h})
	})
	return h, err
}

// SaveHome changes a household's own fields; its members have calls of their
// own. The form's version guards it: ErrStale when somebody was faster. A new
// name of the head corrects the head's name, unless it is another member's:
// then that member becomes the head.
func SaveHome(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, f HomeForm) error {
	f.Members = nil
	if err := f.tidy(); err != nil {
		return err
	}
	h := models.Household{Village: f.Village, ID: f.ID}
	return d.InTx(ctx, db.Op{ID: op, Village: f.Village, Kind: "home_save", Asked: f, By: by, Subject: f.ID}, func(tx *db.Tx) error {
		was, err := GetHome(ctx, tx, h)
		if err != nil {
			return err
		}
		if err := may(tx, by, models.SetUpVillage, f.Village); err != nil {
			return err
		}
		if was.Version != f.Version {
			return models.ErrStale
		}
		if err := ownGrid(tx, f.Village, f.GridID); err != nil {
			return err
		}
		if err := f.update(tx); err != nil {
			return err
		}
		if err := tx.Note(f.Village, f.diff(was)...); err != nil {
			return err
		}
		return renameHead(tx, h, was.Head, f.Head)
	})
}

func (f HomeForm) update(tx *db.Tx) error {
	err := tx.SQL.Must(1, models.ErrStale, `UPDATE households SET number = ?, group_no = ?, grid_id = ?, lane = ?, lane_order = ?, head_name = ?,
		residence = ?, origin = ?, joining = ?, party = ?, under14 = ?, hidden = ?, version = version + 1 WHERE village_id = ? AND id = ? AND version = ?`,
		f.Number, f.Group, f.GridID, f.Lane, f.LaneOrder, f.Head, f.Residence, f.Origin, f.Joining, flag(f.Party), f.Under14, flag(f.Hidden),
		f.Village, f.ID, f.Version)
	if db.IsDuplicate(err) {
		return numberTaken(f.Number)
	}
	if err != nil {
		return err
	}
	return f.updatePhone(tx)
}

func (f HomeForm) updatePhone(tx *db.Tx) error {
	if f.Phone == "" && !f.DropPhone {
		return nil
	}
	var sealed, find any
	if f.Phone != "" {
		b, err := f.keys.Seal(phonePurpose, f.Phone)
		if err != nil {
			return err
		}
		sealed, find = b, f.PhoneFind
	}
	_, err := tx.SQL.Exec("UPDATE households SET phone_sealed = ?, phone_find = ? WHERE village_id = ? AND id = ?", sealed, find, f.Village, f.ID)
	return err
}

// Leave marks that a household has left the village or withdrawn. Nothing is
// deleted: its entries stay, and it can come back.
func Leave(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, reason string) error {
	reason = models.Normal(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 200 {
		return models.ErrInput.With("“原因”要填 1 到 200 个字，还没有登记").At("reason")
	}
	refusal := &models.Error{Kind: models.Conflict, Code: "has_left", Say: "这一户已经登记离开，没有重复登记"}
	return moveOut(ctx, d, db.Op{ID: op, Village: h.Village, Kind: "home_leave", Asked: []any{h, reason}, By: by, Subject: h.ID}, h, func(tx *db.Tx) error {
		if err := tx.SQL.Must(1, refusal, "UPDATE households SET left_at = ?, version = version + 1 WHERE village_id = ? AND id = ? AND left_at = 0", int64(tx.Now), h.Village, h.ID); err != nil {
			return err
		}
		return tx.Note(h.Village, db.Note{Field: "left", Old: "", New: reason})
	})
}

// ComeBack takes Leave back: the same household, with everything it had.
func ComeBack(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household) error {
	refusal := &models.Error{Kind: models.Conflict, Code: "has_not_left", Say: "这一户没有登记离开，不用恢复"}
	return moveOut(ctx, d, db.Op{ID: op, Village: h.Village, Kind: "home_back", Asked: h, By: by, Subject: h.ID}, h, func(tx *db.Tx) error {
		return tx.SQL.Must(1, refusal, "UPDATE households SET left_at = 0, version = version + 1 WHERE village_id = ? AND id = ? AND left_at <> 0", h.Village, h.ID)
	})
}

// moveOut is what leaving and coming back share: the household is the
// village's, and the actor may.
func moveOut(ctx context.Context, d *db.DB, op db.Op, h models.Household, change func(*db.Tx) error) error {
	return d.InTx(ctx, op, func(tx *db.Tx) error {
		if _, err := GetHome(ctx, tx, h); err != nil {
			return err
		}
		if err := may(tx, op.By, models.SetUpVillage, h.Village); err != nil {
			return err
		}
		return change(tx)
	})
}

// ownGrid refuses a grid of another village.
func ownGrid(tx *db.Tx, village, grid int64) error {
	if grid == 0 {
		return nil
	}
	var n int
	err := tx.SQL.Row("SELECT COUNT(*) FROM grids WHERE village_id = ? AND id = ?", village, grid).Scan(&n)
	if err == nil && n == 0 {
		err = models.ErrInput.With("村里没有这个网格，还没有保存；请重新选").At("grid")
	}
	return err
}
