package market

import (
	"cmp"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// paperMove is one change of stock by a document.
type paperMove struct {
	counter, goods, lot int64
	qty                 models.Qty // signed
	cost                models.Fen
	name                string
}

// applyPaper lets a document take effect: fund, then movements, then stock in key
// order. The document's row has been written, and stands as done.
func applyPaper(tx *db.Tx, by models.Actor, p *Paper) error {
	var moves []paperMove
	var err error
	switch p.Kind {
	case PaperPurchase, PaperDonation:
		moves, err = paperIn(tx, p)
	case PaperTransfer:
		moves, err = paperOver(tx, p)
	case PaperCount:
		moves, err = paperDifference(tx, p)
	default:
		moves, err = paperOut(tx, p)
	}
	if err != nil {
		return err
	}
	if p.Kind == PaperPurchase && p.Fen > 0 {
		pay := &FundMovement{Village: p.Village, Fund: p.Fund, Kind: FundPurchase, Fen: -p.Fen, Purpose: "采购 " + p.Label() + " " + p.Party, Paper: p.ID, Day: tx.Now.Day()}
		if err := moveFunds(tx, by, pay); err != nil {
			return err
		}
	}
	return movePaper(tx, p, moves)
}

// paperIn brings goods in: each line is a lot of its own, with its expiry, its
// cost and where it came from.
func paperIn(tx *db.Tx, p *Paper) ([]paperMove, error) {
	var moves []paperMove
	for i := range p.Lines {
		l := &p.Lines[i]
		if l.Qty == 0 {
			continue // ordered, not delivered
		}
		lot := Lot{Village: p.Village, Goods: l.Goods, Number: l.LotNumber, MadeOn: l.MadeOn, ExpiresOn: l.ExpiresOn, CostFen: l.CostFen, Paper: p.ID, Fund: p.Fund, Donor: p.Giver(), Received: l.Qty}
		if err := openLot(tx, &lot); err != nil {
			return nil, err
		}
		l.Lot = lot.ID
		if _, err := tx.SQL.Exec("UPDATE paper_lines SET lot_id = ? WHERE village_id = ? AND paper_id = ? AND n = ?", l.Lot, p.Village, p.ID, l.N); err != nil {
			return nil, err
		}
		moves = append(moves, paperMove{p.Counter, l.Goods, l.Lot, l.Qty, l.CostFen, l.Name})
	}
	return moves, nil
}

// paperOut takes goods away for good.
func paperOut(tx *db.Tx, p *Paper) (moves []paperMove, err error) {
	for _, l := range p.Lines {
		picks, err := paperPicks(tx, p, l, l.Qty)
		if err != nil {
			return nil, err
		}
		for _, k := range picks {
			moves = append(moves, paperMove{p.Counter, l.Goods, k.lot, -k.qty, l.CostFen, l.Name})
		}
	}
	return moves, nil
}

// paperOver carries goods from one counter to another, lot by lot.
func paperOver(tx *db.Tx, p *Paper) ([]paperMove, error) {
	moves, err := paperOut(tx, p)
	for _, m := range moves[:len(moves):len(moves)] {
		m.counter, m.qty = p.Other, -m.qty
		moves = append(moves, m)
	}
	return moves, err
}

// paperDifference posts what a count found beyond the books as they stood when it
// was handed in: what was sold since then moved both. What is missing comes off
// the lots that expire first; what is more has no lot.
func paperDifference(tx *db.Tx, p *Paper) (moves []paperMove, err error) {
	for _, l := range p.Lines {
		switch d := l.Difference(); {
		case d > 0:
			moves = append(moves, paperMove{p.Counter, l.Goods, shelfLot, d, l.CostFen, l.Name})
		case d < 0:
			picks, err := paperPicks(tx, p, l, -d)
			if err != nil {
				return nil, err
			}
			for _, k := range picks {
				moves = append(moves, paperMove{p.Counter, l.Goods, k.lot, -k.qty, l.CostFen, l.Name})
			}
		}
	}
	return moves, nil
}

// paperPicks decides which lots a quantity comes from: the line's own, else the
// first to expire first. Unlike the till it reaches what has expired.
func paperPicks(tx *db.Tx, p *Paper, l PaperLine, qty models.Qty) ([]pick, error) {
	if l.Lot != 0 {
		return []pick{{l.Lot, qty}}, nil
	}
	var have []lotted
	var all models.Qty
	err := tx.SQL.Each(func(row db.Scanner) error {
		var h lotted
		err := row.Scan(&h.lot, &h.qty, &h.expires)
		have, all = append(have, h), all+h.qty
		return err
	}, "SELECT s.lot_id, s.qty, COALESCE(l.expires_on, '') FROM stock s LEFT JOIN lots l ON l.village_id = s.village_id AND l.id = s.lot_id WHERE s.village_id = ? AND s.counter_id = ? AND s.goods_id = ? AND s.qty > 0",
		p.Village, p.Counter, l.Goods)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(have, lotted.before)
	picks := takeFirst(have, qty)
	if picks == nil {
		return nil, paperShort(l.Name, all)
	}
	return picks, nil
}

func paperShort(name string, left models.Qty) error {
	return ErrPaperShort.With("“" + name + "”只剩 " + left.String() + "，不够单据上的数；单据没有生效，库存没有变动，请先盘点或改数量")
}

var paperMoveRows = db.NewRows("INSERT INTO movements (village_id, id, counter_id, goods_id, lot_id, kind, qty, cost_fen, note, at, op_id, paper_id)", "", 12)

// movePaper writes a document's movements under its own kind, and the stock they change in the order
// of its key. The guard on what is taken is in the statement.
func movePaper(tx *db.Tx, p *Paper, moves []paperMove) error {
	moves = foldMoves(moves)
	args := make([]any, 0, len(moves)*paperMoveRows.Width())
	for _, m := range moves {
		args = append(args, p.Village, models.NewID(), m.counter, m.goods, m.lot, p.Kind, int64(m.qty), int64(m.cost), p.Label(), int64(tx.Now), tx.Op[:], p.ID)
	}
	if err := tx.SQL.Put(paperMoveRows, args); err != nil {
		return err
	}
	add := tx.Upsert("stock", "village_id, counter_id, goods_id, lot_id", "village_id, counter_id, goods_id, lot_id, qty", "?, ?, ?, ?, ?", "qty = stock.qty + "+tx.Incoming("qty"))
	for _, m := range moves {
		if m.qty > 0 {
			if _, err := tx.SQL.Exec(add, p.Village, m.counter, m.goods, m.lot, int64(m.qty)); err != nil {
				return err
			}
			continue
		}
		n, err := tx.SQL.Exec("UPDATE stock SET qty = qty + ? WHERE village_id = ? AND counter_id = ? AND goods_id = ? AND lot_id = ? AND qty + ? >= 0",
			int64(m.qty), p.Village, m.counter, m.goods, m.lot, int64(m.qty))
		if err == nil && n == 0 {
			err = paperTaken(tx, p, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// paperTaken says how little there is of what a document wants.
func paperTaken(tx *db.Tx, p *Paper, m paperMove) error {
	var left models.Qty
	if err := tx.SQL.Row("SELECT COALESCE(SUM(qty), 0) FROM stock WHERE village_id = ? AND counter_id = ? AND goods_id = ? AND lot_id = ?", p.Village, m.counter, m.goods, m.lot).Scan(&left); err != nil {
		return err
	}
	return paperShort(m.name, left)
}

// foldMoves brings moves into the order of the stock's key and adds up those of
// one place.
func foldMoves(moves []paperMove) []paperMove {
	slices.SortStableFunc(moves, func(a, b paperMove) int {
		return cmp.Or(cmp.Compare(a.counter, b.counter), cmp.Compare(a.goods, b.goods), cmp.Compare(a.lot, b.lot))
	})
	var out []paperMove
	for _, m := range moves {
		if n := len(out); n > 0 && out[n-1].counter == m.counter && out[n-1].goods == m.goods && out[n-1].lot == m.lot {
			out[n-1].qty += m.qty
			continue
		}
		out = append(out, m)
	}
	return slices.DeleteFunc(out, func(m paperMove) bool { return m.qty == 0 })
}
