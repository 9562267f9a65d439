package market

import (
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// Lot is a delivery of one item with one expiry and one giver.
type Lot struct {
	Village   int64
	ID        int64 // 0: what was there before lots were kept, and what has none
	Goods     int64
	Number    string // printed on the package; empty for none
	MadeOn    models.Date
	ExpiresOn models.Date // the last day it may be handed over; empty for never
	CostFen   models.Fen  // of one piece
	Paper     int64       // the stock document that brought it
	Fund      int64
	Donor     string
	Received  models.Qty
}

// Expired reports whether the lot may not be handed over on a day any more.
func (l Lot) Expired(day models.Date) bool { return l.ExpiresOn != "" && l.ExpiresOn < day }

// openLot writes a new lot down and gives it its id. Its stock comes with the
// movements that name it.
func openLot(tx *db.Tx, l *Lot) error {
	l.ID = models.NewID()
	_, err := tx.SQL.Exec("INSERT INTO lots (village_id, id, goods_id, number, made_on, expires_on, cost_fen, paper_id, fund_id, donor, received) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		l.Village, l.ID, l.Goods, l.Number, string(l.MadeOn), string(l.ExpiresOn), int64(l.CostFen), l.Paper, l.Fund, l.Donor, int64(l.Received))
	if err == nil {
		_, err = tx.SQL.Exec("UPDATE goods SET lots = 1 WHERE village_id = ? AND id = ? AND lots = 0", l.Village, l.Goods)
	}
	return err
}

// pick is what a line takes from one lot.
type pick struct {
	lot int64
	qty models.Qty
}

// lotted is what a counter holds of an item in one lot.
type lotted struct {
	lot     int64
	qty     models.Qty
	expires models.Date
}

// pickLots decides for items kept in lots which lots a cart takes from: the
// first to expire first, what never expires after it, lot 0 last. It only reads;
// takeStock's guards hold it to what it saw.
func pickLots(tx *db.Tx, sales []*sale) error {
	var left map[place][]lotted
	for _, s := range sales {
		moves := 0
		for i := range s.wares {
			w := &s.wares[i]
			if moves++; !w.lots {
				continue
			}
			at := place{counter: s.Counter, goods: w.Goods}
			if left == nil {
				left = map[place][]lotted{}
			}
			if _, read := left[at]; !read {
				have, err := lotsOf(tx, s.Village, at, tx.Now.Day())
				if err != nil {
					return err
				}
				left[at] = have
			}
			if w.picks = takeFirst(left[at], w.Qty); w.picks == nil {
				s.err = soldOut(tx, s, *w)
				return s.err
			}
			moves += len(w.picks) - 1
		}
		if moves > maxMoves {
			s.err = models.ErrInput.With("这些商品分在太多批次里，一次办不完，没有扣分；请分两次兑换").At("goods")
			return s.err
		}
	}
	return nil
}

// lotsOf reads what may be handed over of an item, in the order it is taken.
func lotsOf(tx *db.Tx, v int64, at place, day models.Date) ([]lotted, error) {
	have := []lotted{}
	err := tx.SQL.Each(func(row db.Scanner) error {
		var l lotted
		err := row.Scan(&l.lot, &l.qty, &l.expires)
		have = append(have, l)
		return err
	}, "SELECT s.lot_id, s.qty, COALESCE(l.expires_on, '') "+stockLots+" WHERE s.village_id = ? AND s.counter_id = ? AND s.goods_id = ? AND s.qty > 0"+notExpired, v, at.counter, at.goods, string(day))
	slices.SortFunc(have, lotted.before)
	return have, err
}

// stockLots joins stock with its lots; notExpired keeps what may still be handed
// over on a day, its one hole.
const (
	stockLots  = "FROM stock s LEFT JOIN lots l ON l.village_id = s.village_id AND l.id = s.lot_id"
	notExpired = " AND (l.id IS NULL OR l.expires_on = '' OR l.expires_on >= ?)"
)

func (l lotted) before(m lotted) int {
	switch {
	case l.lot == 0 || m.lot == 0:
		return number(l.lot == 0) - number(m.lot == 0)
	case l.expires == m.expires:
		return int(max(min(l.lot-m.lot, 1), -1))
	case l.expires == "":
		return 1
	case m.expires == "" || l.expires < m.expires:
		return -1
	}
	return 1
}

// takeFirst takes a quantity from the front of what is left; nil, and nothing
// taken, when there is not enough.
func takeFirst(left []lotted, qty models.Qty) (picks []pick) {
	var all models.Qty
	for _, l := range left {
		all += l.qty
	}
	if all < qty {
		return nil
	}
	for i := range left {
		n := min(left[i].qty, qty)
		if n == 0 {
			continue
		}
		left[i].qty -= n
		qty -= n
		picks = append(picks, pick{left[i].lot, n})
	}
	return picks
}

// each calls for every lot the line takes from; one without lots takes from lot 0.
func (w ware) each(take func(lot int64, qty models.Qty)) {
	if !w.lots {
		take(shelfLot, w.Qty)
	}
	for _, p := range w.picks {
		take(p.lot, p.qty)
	}
}
