package market

import (
	"context"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/photo"
	"pointstore/models/village"
)

// PictureKind is what photos of goods are kept as.
const PictureKind = "goods"

// SetPicture gives an item its picture; the village's one before it is gone for
// good. The photo has been drawn anew by photo.PrepareSmall.
func SetPicture(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, goods int64, p photo.Prepared) error {
	asked := struct {
		Goods int64
		Hash  []byte
	}{goods, p.Hash}
	return setPicture(ctx, d, op, by, v, goods, asked, func(tx *db.Tx) (int64, error) {
		ids, err := photo.Save(tx, v, PictureKind, goods, by, p)
		if err != nil {
			return 0, err
		}
		return ids[0], nil
	})
}

// DropPicture takes an item's picture away.
func DropPicture(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, goods int64) error {
	return setPicture(ctx, d, op, by, v, goods, goods, func(*db.Tx) (int64, error) { return 0, nil })
}

func setPicture(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, goods int64, asked any, save func(tx *db.Tx) (int64, error)) error {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "goods_picture", Asked: asked, By: by, Subject: goods}, func(tx *db.Tx) error {
		g, err := GetGoods(ctx, tx, v, goods)
		if err != nil {
			return err
		}
		id, err := save(tx)
		if err == nil {
			err = tx.SQL.Must(1, ErrNoGoods, "UPDATE goods SET picture_id = ? WHERE village_id = ? AND id = ? AND picture_id = ?", id, v, goods, g.Picture)
		}
		if err != nil || g.Picture == 0 || g.Picture == id {
			return err
		}
		if err := photo.Remove(tx, v, g.Picture); !errors.Is(err, models.ErrNotFound) {
			return err
		}
		return nil // it is the county's, which keeps it
	})
}

// Picture reads an item's picture, a JPEG: the village's own, or that of the
// county's item it was taken from. Anybody may see it.
func Picture(ctx context.Context, c db.Conn, v, goods int64) ([]byte, error) {
	g, err := GetGoods(ctx, c, v, goods)
	if err != nil {
		return nil, err
	}
	if g.Picture == 0 {
		return nil, models.ErrNotFound.With("这件商品还没有图片")
	}
	body, err := photo.Body(ctx, c, v, g.Picture)
	if !errors.Is(err, models.ErrNotFound) || g.Catalogue == 0 {
		return body, err
	}
	at, err := village.PlaceOf(ctx, c, v)
	if err != nil {
		return nil, err
	}
	return photo.Body(ctx, c, at.County, g.Picture)
}
