package market

import (
	"context"
	"slices"
	"sync"

	"pointstore/models"
	"pointstore/models/db"
)

// Item is what lies on the shelf, or did.
type Item struct {
	Goods
	Points  models.Points // of one piece, today
	CostFen models.Fen
	Qty     models.Qty // 0 for services, which are never sold out
	SoldOut bool
}

// Shelf lists what a counter offers on a day in the order of the number keys,
// with what is left; counter 0 adds all counters up, for the public list. Items
// off the shelf, or without a price yet, are not on it. The list is shared:
// readers leave it as it is.
//
// On SQLite a list is kept until the village's next operation.
func Shelf(ctx context.Context, c db.Conn, v, counter int64, day models.Date) ([]Item, error) {
	d, whole := c.(*db.DB)
	if !whole || d.Dialect != db.SQLite {
		return readShelf(ctx, c, v, counter, day)
	}
	key, now := shelfKey{d, v, counter}, d.ChangesIn(v)
	if kept, ok := shelves.Load(key); ok && kept.(keptShelf).changes == now && kept.(keptShelf).day == day {
		return kept.(keptShelf).items, nil
	}
	items, err := readShelf(ctx, c, v, counter, day)
	if err == nil {
		shelves.Store(key, keptShelf{now, day, items})
	}
	return items, err
}

var shelves sync.Map // shelfKey → keptShelf

type shelfKey struct {
	d          *db.DB
	v, counter int64
}

type keptShelf struct {
	changes uint64
	day     models.Date
	items   []Item
}

func readShelf(ctx context.Context, c db.Conn, v, counter int64, day models.Date) ([]Item, error) {
	var items []Item
	err := c.Stmts(ctx).Each(func(row db.Scanner) (err error) {
		var it Item
		it.Goods, err = scanGoods(row, &it.Points, &it.CostFen)
		items = append(items, it)
		return err
	}, "SELECT "+goodsColumns+", p.points, p.cost_fen FROM goods g "+priceNow+
		" WHERE g.village_id = ? AND g.off_at = 0 ORDER BY g.position, g.id", string(day), string(day), v)
	if err != nil {
		return nil, err
	}
	left, err := quantities(ctx, c, v, counter, day)
	for i := range items {
		it := &items[i]
		it.Qty = left[it.ID]
		it.SoldOut = it.Counted() && it.Qty <= 0
	}
	return items, err
}

// quantities reads what is in stock and may still be handed over on a day, by
// item; counter 0 means all of them. On the empty day everything counts.
func quantities(ctx context.Context, c db.Conn, v, counter int64, day models.Date) (map[int64]models.Qty, error) {
	left := map[int64]models.Qty{}
	each := func(row db.Scanner) error {
		var goods int64
		var qty models.Qty
		err := row.Scan(&goods, &qty)
		left[goods] += qty
		return err
	}
	if counter == 0 {
		return left, c.Stmts(ctx).Each(each, "SELECT s.goods_id, s.qty "+stockLots+" WHERE s.village_id = ?"+notExpired, v, string(day))
	}
	return left, c.Stmts(ctx).Each(each, "SELECT s.goods_id, s.qty "+stockLots+" WHERE s.village_id = ? AND s.counter_id = ?"+notExpired, v, counter, string(day))
}

// AllGoods lists everything the village has ever offered, what is off the shelf
// last, for the goods page.
func AllGoods(ctx context.Context, c db.Conn, v int64) ([]Goods, error) {
	var list []Goods
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		g, err := scanGoods(row)
		list = append(list, g)
		return err
	}, "SELECT "+goodsColumns+" FROM goods g WHERE g.village_id = ? ORDER BY g.position, g.id", v)
	slices.SortStableFunc(list, func(a, b Goods) int { return number(a.Off()) - number(b.Off()) })
	return list, err
}
