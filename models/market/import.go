package market

import (
	"context"
	"crypto/sha256"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
)

// ErrBadFile refuses a price list that has rows nobody can use.
var ErrBadFile = &models.Error{Kind: models.Input, Code: "file_rows", Say: "表里有看不懂的行，一行都没有导入；请改好再选一次"}

// GoodsImported says what an import did.
type GoodsImported struct {
	Added     int // new items
	Repriced  int
	Stocked   int // items whose stock went up
	Rewritten int // what is written about them, besides the price
	Unchanged int
}

// ImportGoods takes a village's price list in, all of it or nothing; the same
// file only once. New items get their price from today and their opening stock;
// known ones get the new price from today, and stock only if that was asked.
func ImportGoods(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, file string, body []byte, choice GoodsChoice) (GoodsImported, error) {
	var done GoodsImported
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return done, err
	}
	asked := struct {
		Hash   [32]byte
		Choice GoodsChoice
	}{sha256.Sum256(body), choice}
	// Read before the transaction, which does no work on files; what the rows
	// are compared with is read again inside.
	p, err := PreviewGoods(ctx, d, v, file, body, choice)
	if err != nil {
		return done, err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "goods_import", Asked: asked, By: by, Answer: &done}, func(tx *db.Tx) error {
		if err := db.Imported(tx, v, "goods", asked.Hash, file, len(p.Rows), by); err != nil {
			return err
		}
		if !p.Fine() {
			return p.refusal()
		}
		have, err := knownGoods(ctx, tx, v)
		if err != nil {
			return err
		}
		if err := checkCounter(ctx, tx, v, choice.Counter, p.Rows); err != nil {
			return err
		}
		done, err = takeIn(tx, v, choice, p.Rows, have)
		return err
	})
	return done, err
}

func (p GoodsPreview) refusal() error {
	if len(p.Mapping.Missing) > 0 {
		return ErrBadFile.With("没有找到“" + p.Mapping.Missing[0].Title + "”这一列，一行都没有导入；请指明是哪一列")
	}
	if len(p.Rows) == 0 {
		return sheet.ErrEmpty
	}
	return ErrBadFile.With(p.Summary() + "；可下载标红的表")
}

func checkCounter(ctx context.Context, tx *db.Tx, v, counter int64, rows []GoodsRow) error {
	for _, r := range rows {
		if r.Stock > 0 && counter != 0 {
			_, err := GetCounter(ctx, tx, v, counter)
			return err
		}
	}
	return nil
}

// takeIn writes the rows: items, prices, then the stock with its movements.
func takeIn(tx *db.Tx, v int64, choice GoodsChoice, rows []GoodsRow, have map[string]known) (GoodsImported, error) {
	var done GoodsImported
	position, err := lastPosition(tx, v)
	if err != nil {
		return done, err
	}
	var moves []Movement
	for _, r := range rows {
		r.compare(have, choice.AddStock)
		kind := MovedReceived
		switch r.Change {
		case "新增":
			position++
			kind = MovedOpening
			r.Goods = models.NewID()
			r.Form.Goods, r.Form.Position = r.Goods, position
			err = insertGoods(tx, r.Form)
			done.Added++
		case "改价":
			done.Repriced++
		case "更新":
			done.Rewritten++
		case "不变":
			done.Unchanged++
		}
		if err == nil && (r.Change == "新增" || r.Change == "改价") {
			err = putPrice(tx, v, r.Goods, Price{FromDay: tx.Now.Day(), Points: r.Form.Points, CostFen: r.Form.CostFen})
		}
		if err != nil {
			return done, err
		}
		if r.Change != "新增" {
			if err := r.rewrite(tx, have[r.Form.Name].Goods); err != nil {
				return done, err
			}
		}
		if r.Adds > 0 && choice.Counter == 0 {
			return done, ErrNoCounter
		}
		if r.Adds > 0 {
			done.Stocked++
			moves = append(moves, Movement{Village: v, Counter: choice.Counter, Goods: r.Goods, Kind: kind, Qty: r.Adds, CostFen: r.Form.CostFen})
		}
	}
	if err := writeMovements(tx, moves); err != nil {
		return done, err
	}
	return done, putStock(tx, moves)
}
