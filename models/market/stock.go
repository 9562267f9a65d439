package market

import (
	"context"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Why stock moves.
const (
	MovedOpening  = "opening" // what was there when the books began
	MovedReceived = "receive" // goods in
	MovedRedeemed = "redeem"  // handed over
	MovedUndone   = "undo"    // handed back
)

// shelfLot is where everything lies that is not kept in lots.
const shelfLot = 0

// Movement is one change of stock. Movements are only ever added.
type Movement struct {
	Village    int64 `gorm:"column:village_id"`
	ID         int64
	Counter    int64 `gorm:"column:counter_id"`
	Goods      int64 `gorm:"column:goods_id"`
	Lot        int64 `gorm:"column:lot_id"` // 0 for what is not in a lot
	Kind       string
	Qty        models.Qty // signed
	Redemption int64      `gorm:"column:redemption_id"`
	Points     models.Points
	CostFen    models.Fen
	Note       string
	At         models.Millis
}

// StockLine is what a counter holds of one item.
type StockLine struct {
	Goods
	Qty     models.Qty
	Points  models.Points // of one piece today; 0 without a price
	CostFen models.Fen
}

// Delivery is goods coming in at a counter.
type Delivery struct {
	Village int64
	Counter int64
	Lines   []Incoming
	Note    string // where they come from
}

// Incoming is one item of a delivery.
type Incoming struct {
	Goods   int64
	Qty     models.Qty
	CostFen models.Fen // of one piece; 0 when unknown
	// What is on the package. With any of them the delivery is a lot of its own.
	LotNumber string
	MadeOn    models.Date
	ExpiresOn models.Date
}

func (dl Delivery) tidy() (Delivery, error) {
	dl.Note = strings.TrimSpace(dl.Note)
	if len(dl.Lines) == 0 || len(dl.Lines) > maxDelivery {
		return dl, models.ErrInput.With("请至少选一件商品、填上数量，一次最多 200 件；没有入库").At("lines")
	}
	for _, l := range dl.Lines {
		if l.Qty <= 0 || l.Qty > maxQty {
			return dl, models.ErrInput.With("“数量”要填大于 0 的数字，没有入库").At("qty")
		}
		if l.CostFen < 0 {
			return dl, models.ErrInput.With("“进价”不能小于 0，没有入库").At("cost")
		}
		if err := fits("lot", "批号", l.LotNumber, 32); err != nil {
			return dl, err
		}
	}
	return dl, fits("note", "备注", dl.Note, 120)
}

// maxDelivery bounds the lines of one delivery, maxQty what one line may hold.
const (
	maxDelivery = 200
	maxQty      = models.Qty(100_000 * 100)
)

// Receive takes a delivery in: stock goes up, with a movement for each line.
func Receive(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, dl Delivery) error {
	dl, err := dl.tidy()
	if err == nil {
		err = may(ctx, d, by, models.KeepStock, dl.Village)
	}
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: dl.Village, Kind: "receive", Asked: dl, By: by, Subject: dl.Counter}, func(tx *db.Tx) error {
		c, err := GetCounter(ctx, tx, dl.Village, dl.Counter)
		if err == nil && c.ClosedAt != 0 {
			err = ErrCounterClosed
		}
		if err != nil {
			return err
		}
		var moves []Movement
		for _, l := range dl.Lines {
			g, err := GetGoods(ctx, tx, dl.Village, l.Goods)
			if err != nil {
				return err
			}
			if !g.Counted() {
				return models.ErrInput.With("“" + g.Name + "”是服务，不计库存；没有入库").At("lines")
			}
			lot, err := l.lot(tx, g)
			if err != nil {
				return err
			}
			moves = append(moves, Movement{Village: dl.Village, Counter: dl.Counter, Goods: l.Goods, Lot: lot, Kind: MovedReceived, Qty: l.Qty, CostFen: l.CostFen, Note: dl.Note})
		}
		if err := writeMovements(tx, moves); err != nil {
			return err
		}
		return putStock(tx, moves)
	})
}

// lot opens the lot that a line of a delivery is, 0 for one that is none. The
// expiry follows from the day it was made where the item has a shelf life.
func (l Incoming) lot(tx *db.Tx, g Goods) (int64, error) {
	if l.LotNumber == "" && l.MadeOn == "" && l.ExpiresOn == "" {
		return shelfLot, nil
	}
	lot := Lot{Village: g.Village, Goods: g.ID, Number: l.LotNumber, MadeOn: l.MadeOn, ExpiresOn: l.ExpiresOn, CostFen: l.CostFen, Received: l.Qty}
	if lot.ExpiresOn == "" && lot.MadeOn != "" && g.ShelfLife > 0 {
		lot.ExpiresOn = lot.MadeOn.AddDays(g.ShelfLife)
	}
	switch {
	case lot.Expired(tx.Now.Day()):
		return 0, models.ErrInput.With("“" + g.Name + "”到 " + string(lot.ExpiresOn) + " 就过期了，一件都没有入库；请核对日期").At("expires")
	case lot.MadeOn > tx.Now.Day():
		return 0, models.ErrInput.With("“" + g.Name + "”的生产日期还没有到，一件都没有入库；请核对日期").At("made")
	}
	err := openLot(tx, &lot)
	return lot.ID, err
}

var movementRows = db.NewRows("INSERT INTO movements (village_id, id, counter_id, goods_id, lot_id, kind, qty, redemption_id, points, cost_fen, note, at, op_id)", "", 13)

// writeMovements adds movements to the record; those without an id get one.
func writeMovements(tx *db.Tx, moves []Movement) error {
	args := make([]any, 0, len(moves)*movementRows.Width())
	for i := range moves {
		m := &moves[i]
		if m.ID == 0 {
			m.ID = models.NewID()
		}
		args = append(args, m.Village, m.ID, m.Counter, m.Goods, m.Lot, m.Kind, int64(m.Qty), m.Redemption, int64(m.Points), int64(m.CostFen), m.Note, int64(tx.Now), tx.Op[:])
	}
	return tx.SQL.Put(movementRows, args)
}

// putStock adds to the stock what the movements bring, in key order like
// everybody who touches it.
func putStock(tx *db.Tx, moves []Movement) error {
	add := tx.Upsert("stock", "village_id, counter_id, goods_id, lot_id", "village_id, counter_id, goods_id, lot_id, qty", "?, ?, ?, ?, ?", "qty = stock.qty + "+tx.Incoming("qty"))
	for _, m := range byKey(moves) {
		if _, err := tx.SQL.Exec(add, m.Village, m.Counter, m.Goods, m.Lot, int64(m.Qty)); err != nil {
			return err
		}
	}
	return nil
}

// Stock lists what a counter holds, off the shelf or on it; services are not
// in it.
func Stock(ctx context.Context, c db.Conn, v, counter int64, day models.Date) ([]StockLine, error) {
	left, err := quantities(ctx, c, v, counter, "")
	if err != nil {
		return nil, err
	}
	var list []StockLine
	err = c.Stmts(ctx).Each(func(row db.Scanner) (err error) {
		var l StockLine
		l.Goods, err = scanGoods(row, &l.Points, &l.CostFen)
		l.Qty = left[l.ID]
		list = append(list, l)
		return err
	}, "SELECT "+goodsColumns+", COALESCE(p.points, 0), COALESCE(p.cost_fen, 0) FROM goods g LEFT "+priceNow+
		" WHERE g.village_id = ? AND g.kind <> ? ORDER BY g.position, g.id", string(day), string(day), v, Service)
	return list, err
}

// Movements lists what moved an item's stock, the newest first; counter 0 means
// all of them.
func Movements(ctx context.Context, c db.Conn, v, counter, goods int64, page models.Cursor) ([]Movement, error) {
	var list []Movement
	err := c.Read(ctx).Raw(`SELECT village_id, id, counter_id, goods_id, lot_id, kind, qty, redemption_id, points, cost_fen, note, at FROM movements
		WHERE village_id = ? AND goods_id = ? AND (counter_id = ? OR ? = 0) AND (id < ? OR ? = 0) ORDER BY id DESC LIMIT ?`,
		v, goods, counter, counter, page.Before, page.Before, page.Size()).Scan(&list).Error
	return list, err
}
