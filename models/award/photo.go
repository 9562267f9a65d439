package award

import (
	"context"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/photo"
	"pointstore/models/village"
)

// photoSubjects says where the subject of each kind of photo stands, and who of
// the village's people may add to it.
var photoSubjects = map[string]struct {
	table string
	add   []models.Action
}{
	photo.Award:     {"awards", []models.Action{models.GrantPoints, models.CheckClaims}},
	photo.Meeting:   {"meetings", []models.Action{models.ReviewAwards}},
	photo.Notice:    {"notices", []models.Action{models.HangNotice}},
	photo.Round:     {"rounds", []models.Action{models.GrantPoints}},
	photo.Version:   {"versions", []models.Action{models.SetUpVillage, models.RunInstance}},
	photo.Objection: {"objections", []models.Action{models.HearObjections, models.AnswerObjections}},
	photo.Paper:     {"papers", []models.Action{models.KeepStock, models.SignStock}},
	photo.Opening:   {"openings", []models.Action{models.HandOverGoods, models.KeepStock}},
}

// KeepPhotos attaches prepared photos to something of the village: by those who
// may write it down, or by the family whose award or objection it is. The area
// may be a county, for the meeting behind its template.
func KeepPhotos(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, area int64, kind string, subject int64, photos ...photo.Prepared) ([]int64, error) {
	if err := mayAddPhoto(ctx, d, by, area, kind, subject); err != nil {
		return nil, err
	}
	asked := struct {
		Kind    string
		Subject int64
		Photos  []photo.Prepared
	}{kind, subject, photos}
	var ids []int64
	err := d.InTx(ctx, db.Op{ID: op, Village: area, Kind: "photo", Asked: asked, By: by, Subject: subject, Answer: &ids}, func(tx *db.Tx) (err error) {
		ids, err = photo.Save(tx, area, kind, subject, by, photos...)
		return err
	})
	return ids, err
}

func mayAddPhoto(ctx context.Context, c db.Conn, by models.Actor, area int64, kind string, subject int64) error {
	of, known := photoSubjects[kind]
	if !known {
		return errors.New("no such kind of photo: " + kind)
	}
	var n int
	if err := c.Stmts(ctx).Row("SELECT COUNT(*) FROM "+of.table+" WHERE village_id = ? AND id = ?", area, subject).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return models.ErrNotFound
	}
	if by.Account == 0 {
		return theirs(ctx, c, by, area, kind, subject)
	}
	at, err := village.GetArea(ctx, c, area)
	if err != nil {
		return err
	}
	for _, act := range of.add {
		if by.Can(act, at.Place()) {
			return nil
		}
	}
	return models.ErrForbidden
}

// theirs answers whether a photo's subject is the family's own: ErrNotFound when
// it is not, as if there were none.
func theirs(ctx context.Context, c db.Conn, by models.Actor, v int64, kind string, subject int64) error {
	if by.Household.ID == 0 {
		return models.ErrSignIn
	}
	column := map[string]string{photo.Award: "household_id", photo.Objection: "household_id"}[kind]
	if column == "" || by.Household.Village != v {
		return models.ErrNotFound
	}
	var n int
	err := c.Stmts(ctx).Row("SELECT COUNT(*) FROM "+photoSubjects[kind].table+" WHERE village_id = ? AND id = ? AND "+column+" = ?", v, subject, by.Household.ID).Scan(&n)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	return err
}

// SeePhoto reads a photo for somebody who may see what it belongs to: the
// village's people who see full names, the township in what was put before it,
// the family in what is its own. For anybody else there is none.
func SeePhoto(ctx context.Context, c db.Conn, by models.Actor, area, id int64) (photo.Photo, []byte, error) {
	p, err := photo.Get(ctx, c, area, id)
	if err != nil {
		return p, nil, err
	}
	if err := maySeePhoto(ctx, c, by, p); err != nil {
		return photo.Photo{}, nil, err
	}
	body, err := photo.Body(ctx, c, area, id)
	return p, body, err
}

func maySeePhoto(ctx context.Context, c db.Conn, by models.Actor, p photo.Photo) error {
	if by.Account == 0 {
		return theirs(ctx, c, by, p.Village, p.Kind, p.Subject)
	}
	at, err := village.GetArea(ctx, c, p.Village)
	if err != nil {
		return err
	}
	see := models.SeeHouseholds
	if p.Kind == photo.Objection {
		see = models.HearObjections
	}
	if by.Can(see, at.Place()) {
		return nil
	}
	// What a village could not decide alone came up with its photos.
	up := map[string]string{photo.Award: "above = 1", photo.Objection: "appealed_at > 0", photo.Paper: "kind = 'purchase'"}[p.Kind]
	if up == "" || !by.Can(models.DecideAbove, at.Place()) {
		return models.ErrNotFound
	}
	var n int
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM "+photoSubjects[p.Kind].table+" WHERE village_id = ? AND id = ? AND "+up, p.Village, p.Subject).Scan(&n)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	return err
}

// RemovePhoto takes a photo away for good: by whoever added it, a family at its own
// phone among them, or by the committee when somebody asks.
func RemovePhoto(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, area, id int64) error {
	return d.InTx(ctx, db.Op{ID: op, Village: area, Kind: "photo-remove", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		p, err := photo.Get(ctx, tx, area, id)
		if err != nil {
			return err
		}
		if err := mayRemovePhoto(ctx, tx, by, p); err != nil {
			return err
		}
		if err := tx.Note(area, db.Note{Field: "photo", Old: p.Kind + " " + models.ID32(p.Subject)}); err != nil {
			return err
		}
		return photo.Remove(tx, area, id)
	})
}

func mayRemovePhoto(ctx context.Context, c db.Conn, by models.Actor, p photo.Photo) error {
	if err := maySeePhoto(ctx, c, by, p); err != nil || p.MadeBy == by.Account {
		return err
	}
	if by.Account == 0 { // else the evidence of a deduction would be gone at a tap
		return models.ErrForbidden.With("这张照片是村里登记时拍的，没有删；想删请找村委，由村委来删")
	}
	at, err := village.GetArea(ctx, c, p.Village)
	if err != nil {
		return err
	}
	return by.May(models.SetUpVillage, at.Place())
}
