package market

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// ExpirySoon is how many days ahead a lot's expiry is warned of.
const ExpirySoon = 30

// lowAtDefault is the stock from which an item is running out, where the village
// has not said otherwise.
const lowAtDefault = 5 * models.One

// LotLine is what a counter holds of one lot.
type LotLine struct {
	Lot
	Counter     int64
	CounterName string
	Name, Unit  string
	Qty         models.Qty
}

// Lots lists what a counter holds by lot, item by item in the order of the shelf
// and the first to expire first; counter 0 means all of them. What is not in a
// lot stands with lot 0. What is gone is left out.
func Lots(ctx context.Context, c db.Conn, v, counter int64) ([]LotLine, error) {
	return lotLines(ctx, c, " AND (s.counter_id = ? OR ? = 0)", v, counter, counter)
}

// LotsOfGoods is Lots for one item.
func LotsOfGoods(ctx context.Context, c db.Conn, v, counter, goods int64) ([]LotLine, error) {
	return lotLines(ctx, c, " AND (s.counter_id = ? OR ? = 0) AND s.goods_id = ?", v, counter, counter, goods)
}

// Expiring lists the lots in stock that may not be handed over after a day, or
// already not on an earlier one, in any counter of the village.
func Expiring(ctx context.Context, c db.Conn, v int64, day models.Date) ([]LotLine, error) {
	return lotLines(ctx, c, " AND l.expires_on <> '' AND l.expires_on <= ?", v, string(day))
}

func lotLines(ctx context.Context, c db.Conn, which string, args ...any) ([]LotLine, error) {
	var list []LotLine
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var l LotLine
		err := row.Scan(&l.Village, &l.Counter, &l.CounterName, &l.Goods, &l.Name, &l.Unit, &l.ID, &l.Qty,
			&l.Number, &l.MadeOn, &l.ExpiresOn, &l.CostFen, &l.Paper, &l.Fund, &l.Donor, &l.Received)
		list = append(list, l)
		return err
	}, `SELECT s.village_id, s.counter_id, k.name, s.goods_id, g.name, g.unit, s.lot_id, s.qty, COALESCE(l.number, ''), COALESCE(l.made_on, ''), COALESCE(l.expires_on, ''),
		COALESCE(l.cost_fen, 0), COALESCE(l.paper_id, 0), COALESCE(l.fund_id, 0), COALESCE(l.donor, ''), COALESCE(l.received, 0) `+stockLots+`
		JOIN goods g ON g.village_id = s.village_id AND g.id = s.goods_id
		JOIN counters k ON k.village_id = s.village_id AND k.id = s.counter_id
		WHERE s.village_id = ? AND s.qty <> 0`+which+`
		ORDER BY g.position, g.id, CASE WHEN COALESCE(l.expires_on, '') = '' THEN '9' ELSE l.expires_on END, s.lot_id, s.counter_id`, args...)
	return list, err
}

// LowLine is an item of which little is left in all the village's counters.
type LowLine struct {
	Goods
	Qty models.Qty // what may still be handed over
}

// Low lists the things on the shelf that are running out, or have.
func Low(ctx context.Context, c db.Conn, v int64) ([]LowLine, error) {
	items, err := Shelf(ctx, c, v, 0, c.Handle().Now().Day())
	var list []LowLine
	for _, it := range items {
		if it.RunsOut(it.Qty) {
			list = append(list, LowLine{it.Goods, it.Qty})
		}
	}
	return list, err
}

// RunsOut reports whether so much of the item is little.
func (g Goods) RunsOut(left models.Qty) bool {
	at := g.LowAt
	if at == 0 {
		at = lowAtDefault
	}
	return g.Counted() && left <= at
}
