package market

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Price is what an item costs from a day on, until the next price begins.
type Price struct {
	Village int64 `gorm:"column:village_id"`
	Goods   int64 `gorm:"column:goods_id"`
	FromDay models.Date
	Points  models.Points // of one piece
	CostFen models.Fen    // what the village paid for one piece; 0 when unknown
	// UntilDay is the last day it holds; afterwards the item is off the list
	// until it has another price. Empty: until the next one begins.
	UntilDay models.Date
}

// checkPrice bounds a price: nothing is free, and one piece stays below what one
// entry may hold.
func checkPrice(p models.Points, cost models.Fen) error {
	if p <= 0 || p > models.PointsMax {
		return models.ErrInput.With("“积分”要填大于 0 的数字，最多两位小数，没有保存").At("points")
	}
	if cost < 0 {
		return models.ErrInput.With("“进价”不能小于 0，没有保存").At("cost")
	}
	return nil
}

// PriceForm asks for another price. Today when FromDay is empty; the past is
// never priced anew.
type PriceForm struct {
	Village  int64
	Goods    int64
	FromDay  models.Date
	Points   models.Points
	CostFen  models.Fen
	UntilDay models.Date // the last day; empty for no end
}

// SetPrice sets what an item costs from a day on.
func SetPrice(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, form PriceForm) error {
	if err := checkPrice(form.Points, form.CostFen); err != nil {
		return err
	}
	if err := may(ctx, d, by, models.KeepStock, form.Village); err != nil {
		return err
	}
	if _, err := GetGoods(ctx, d, form.Village, form.Goods); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: form.Village, Kind: "price", Asked: form, By: by, Subject: form.Goods}, func(tx *db.Tx) error {
		p := Price{FromDay: form.FromDay, Points: form.Points, CostFen: form.CostFen, UntilDay: form.UntilDay}
		if p.FromDay == "" {
			p.FromDay = tx.Now.Day()
		}
		if p.FromDay < tx.Now.Day() {
			return models.ErrInput.With("价格只能从今天或以后的日子改起，没有保存").At("from_day")
		}
		if p.UntilDay != "" && p.UntilDay < p.FromDay {
			return models.ErrInput.With("“到哪天为止”在开始的那天以前，没有保存；请核对").At("until_day")
		}
		return putPrice(tx, form.Village, form.Goods, p)
	})
}

func putPrice(tx *db.Tx, v, goods int64, p Price) error {
	_, err := tx.SQL.Exec(tx.Upsert("prices", "village_id, goods_id, from_day", "village_id, goods_id, from_day, points, cost_fen, until_day", "?, ?, ?, ?, ?, ?",
		"points = "+tx.Incoming("points")+", cost_fen = "+tx.Incoming("cost_fen")+", until_day = "+tx.Incoming("until_day")),
		v, goods, string(p.FromDay), int64(p.Points), int64(p.CostFen), string(p.UntilDay))
	return err
}

// Prices lists an item's prices, the newest first, with those still to come.
func Prices(ctx context.Context, c db.Conn, v, goods int64) ([]Price, error) {
	var list []Price
	err := c.Read(ctx).Raw("SELECT village_id, goods_id, from_day, points, cost_fen, until_day FROM prices WHERE village_id = ? AND goods_id = ? ORDER BY from_day DESC", v, goods).Scan(&list).Error
	return list, err
}

// priceOn joins an item g with the last price p that began by a day, the one
// hole; priceNow only while that price holds, the day twice.
const priceOn = `JOIN prices p ON p.village_id = g.village_id AND p.goods_id = g.id AND p.from_day =
	(SELECT MAX(q.from_day) FROM prices q WHERE q.village_id = g.village_id AND q.goods_id = g.id AND q.from_day <= ?)`

const priceNow = priceOn + " AND (p.until_day = '' OR p.until_day >= ?)"
