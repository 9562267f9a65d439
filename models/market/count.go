package market

import (
	"cmp"
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// CountLine is one item of an opening's closing sheet.
type CountLine struct {
	Goods      int64
	Name, Unit string
	Service    bool
	Opened     models.Qty    // on the shelf when it began
	Handed     models.Qty    // redeemed in it, void ones left out
	Points     models.Points // what that came to
	Expected   models.Qty    // what the books say is left, when it was counted
	Counted    models.Qty    // what somebody counted
	Known      bool          // it has been counted
	position   int
}

// Other is what came and went besides: deliveries, transfers, damage.
func (l CountLine) Other() models.Qty { return l.Expected - l.Opened + l.Handed }

// Difference is what was counted beyond the books, below zero when something is
// missing.
func (l CountLine) Difference() models.Qty {
	if !l.Known {
		return 0
	}
	return l.Counted - l.Expected
}

// The refusals of a closing.
var (
	ErrCountState   = &models.Error{Kind: models.Conflict, Code: "count_state", Say: "这一场已经办过这一步，没有重复办理；请看最新的情况"}
	ErrCountMissing = &models.Error{Kind: models.Input, Code: "count_missing", Field: "count", Say: "还有没点的货，没有保存；没有了的请填 0"}
	ErrCountHand    = &models.Error{Kind: models.Forbidden, Code: "count_same_hand", Say: "点货的人不能自己签字、自己批准，没有改动；请换一位同事"}
)

// writeOpened puts down what lies on the shelf as the opening begins.
func writeOpened(tx *db.Tx, o Opening) error {
	_, err := tx.SQL.Exec(`INSERT INTO opening_counts (village_id, opening_id, goods_id, lot_id, opened)
		SELECT village_id, ?, goods_id, 0, SUM(qty) FROM stock WHERE village_id = ? AND counter_id = ? GROUP BY village_id, goods_id HAVING SUM(qty) <> 0`, o.ID, o.Village, o.Counter)
	return err
}

// Counts lists an opening's items in the order of the shelf: as they were frozen
// when it was counted, before that as they stand.
func Counts(ctx context.Context, c db.Conn, o Opening) ([]CountLine, error) {
	lines, err := frozenCounts(ctx, c, o)
	if err == nil && o.CountedAt == 0 {
		err = addStanding(ctx, c, o, lines)
	}
	list := make([]CountLine, 0, len(lines))
	for _, l := range lines {
		if o.CountedAt != 0 || l.Opened != 0 || l.Handed != 0 || l.Expected != 0 {
			list = append(list, *l)
		}
	}
	if err == nil && o.CountedAt == 0 {
		err = nameCounts(ctx, c, o.Village, list)
	}
	slices.SortFunc(list, func(a, b CountLine) int {
		return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(a.Goods, b.Goods))
	})
	return list, err
}

func frozenCounts(ctx context.Context, c db.Conn, o Opening) (map[int64]*CountLine, error) {
	lines := map[int64]*CountLine{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		l := &CountLine{}
		var kind string
		err := row.Scan(&l.Goods, &l.Opened, &l.Handed, &l.Points, &l.Expected, &l.Counted, &l.Name, &l.Unit, &kind, &l.position)
		l.Service, l.Known = kind == Service, l.Counted >= 0
		lines[l.Goods] = l
		return err
	}, `SELECT n.goods_id, n.opened, n.handed, n.points, n.expected, n.counted, COALESCE(g.name, ''), COALESCE(g.unit, ''), COALESCE(g.kind, ''), COALESCE(g.position, 0)
		FROM opening_counts n LEFT JOIN goods g ON g.village_id = n.village_id AND g.id = n.goods_id WHERE n.village_id = ? AND n.opening_id = ?`, o.Village, o.ID)
	return lines, err
}

// addStanding fills in what was handed over in the opening and what the books say
// is left at its counter now.
func addStanding(ctx context.Context, c db.Conn, o Opening, lines map[int64]*CountLine) error {
	at := func(goods int64) *CountLine {
		if lines[goods] == nil {
			lines[goods] = &CountLine{Goods: goods, Counted: -1}
		}
		return lines[goods]
	}
	list, err := ReceiptsOfOpening(ctx, c, o)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.Undone() {
			continue
		}
		for _, l := range r.Lines {
			n := at(l.Goods)
			n.Handed += l.Qty
			n.Points += l.Points
		}
	}
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var goods int64
		var qty models.Qty
		err := row.Scan(&goods, &qty)
		at(goods).Expected += qty
		return err
	}, "SELECT goods_id, qty FROM stock WHERE village_id = ? AND counter_id = ? AND qty <> 0", o.Village, o.Counter)
}

func nameCounts(ctx context.Context, c db.Conn, v int64, list []CountLine) error {
	all, err := AllGoods(ctx, c, v)
	for i := range list {
		l := &list[i]
		if at := slices.IndexFunc(all, func(g Goods) bool { return g.ID == l.Goods }); at >= 0 {
			l.Name, l.Unit, l.Service, l.position = all[at].Name, all[at].Unit, !all[at].Counted(), all[at].Position
		}
	}
	return err
}
