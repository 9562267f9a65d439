package market

import (
	"cmp"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// desk is everything about a household, its village and a counter that a
// redemption or a voucher has to know.
type desk struct {
	number     string // the household's
	group      int64
	head       string
	joining    string
	prefers    string // how the household wants to confirm; empty: whatever it has
	leftAt     models.Millis
	rate       models.Rate
	smallLimit models.Points
	smallDaily models.Points
	isCounter  int64 // its id, 0 when the village has no such counter
	counter    string
	opening    int64
	closedAt   models.Millis
}

// ware is a line of a cart with what the village says about the item today.
type ware struct {
	Line
	name, unit string
	counted    bool
	Limit
	lots   bool          // take from lots, as picks says
	picks  []pick        // by lot; decided behind the charge
	price  models.Points // of one piece
	cost   models.Fen
	points models.Points // of the line
}

// deskSQL reads household, village, counter and the items with today's prices in
// one statement, by the number of items: round trips are what a redemption costs
// on MySQL, and rows joined by their keys cost SQLite next to nothing.
var deskSQL = func() (q [maxLines + 1]string) {
	for n := range q {
		q[n] = `SELECT h.number, h.group_no, h.head_name, h.joining, h.confirm, h.left_at, v.point_rate, v.small_limit, v.small_daily,
	COALESCE(c.id, 0), COALESCE(c.name, ''), COALESCE(c.opening_id, 0), COALESCE(c.closed_at, 0),
	g.id, g.name, g.unit, g.kind, g.off_at, g.min_balance, g.limit_qty, g.limit_period, g.limit_per, g.lots, p.points, p.cost_fen, p.until_day
FROM households h JOIN villages v ON v.village_id = h.village_id
LEFT JOIN counters c ON c.village_id = h.village_id AND c.id = ?
JOIN goods g ON g.village_id = h.village_id ` + priceOn + `
WHERE h.village_id = ? AND h.id = ? AND g.id IN (` + db.Holes(n) + ")"
	}
	return q
}()

// readDesk reads who wants what, and refuses what cannot be handed over. Prices
// are read inside the transaction, for the day it began, or for a paper slip's own.
func readDesk(tx *db.Tx, h models.Household, counter int64, lines []Line, day models.Date) (k desk, wares []ware, err error) {
	wares = make([]ware, len(lines))
	args := make([]any, 0, 4+len(lines))
	args = append(args, counter, string(day), h.Village, h.ID)
	for _, l := range lines {
		args = append(args, l.Goods)
	}
	var offShelf error
	found := 0
	err = tx.SQL.Each(func(row db.Scanner) error {
		var w ware
		var kind string
		var off models.Millis
		var until models.Date
		if err := row.Scan(&k.number, &k.group, &k.head, &k.joining, &k.prefers, &k.leftAt, &k.rate, &k.smallLimit, &k.smallDaily, &k.isCounter, &k.counter, &k.opening, &k.closedAt,
			&w.Goods, &w.name, &w.unit, &kind, &off, &w.MinBalance, &w.LimitQty, &w.Period, &w.Per, &w.lots, &w.price, &w.cost, &until); err != nil {
			return err
		}
		if off != 0 {
			offShelf = ErrOffShelf.With("“" + w.name + "”已下架，没有扣分，请选别的")
		}
		if until != "" && until < day {
			offShelf = ErrOffShelf.With("“" + w.name + "”的价格只到 " + until.Short() + "，现在不在兑换单上，没有扣分；请选别的，或请村委定新价")
		}
		i := slices.IndexFunc(lines, func(l Line) bool { return l.Goods == w.Goods })
		w.Qty, w.counted = lines[i].Qty, kind != Service
		wares[i] = w
		found++
		return nil
	}, deskSQL[len(lines)], args...)
	switch {
	case err != nil:
	case found == 0:
		err = nobodyHome(tx, h)
	default:
		err = cmp.Or(k.fit(), offShelf)
	}
	if err == nil && found != len(lines) {
		err = ErrNoGoods
	}
	return k, wares, err
}

// nobodyHome says whether it was the household or the goods that is missing.
func nobodyHome(tx *db.Tx, h models.Household) error {
	var n int
	err := tx.SQL.Row("SELECT COUNT(*) FROM households WHERE village_id = ? AND id = ?", h.Village, h.ID).Scan(&n)
	if err == nil && n == 0 {
		return models.ErrNotFound.With("没有找到这一户，没有扣分；请核对后再试")
	}
	return err
}

// fit refuses households that do not take part and counters that are given up.
func (k desk) fit() error {
	switch {
	case k.leftAt != 0:
		return ErrLeft
	case k.joining == "out":
		return ErrStaysOut
	case k.isCounter == 0:
		return ErrNoCounter
	case k.closedAt != 0:
		return ErrCounterClosed
	}
	return nil
}

// addUp rounds each line once; the total is the sum of the lines.
func addUp(wares []ware) (total models.Points, err error) {
	for i := range wares {
		w := &wares[i]
		var ok bool
		if w.points, ok = w.price.Times(w.Qty); !ok {
			return 0, models.ErrInput.With("“" + w.name + "”数量太大，没有扣分，请核对").At("qty")
		}
		total += w.points
	}
	if total <= 0 || total > models.PointsMax {
		return 0, models.ErrInput.With("总分太大或太小，没有扣分，请核对数量").At("qty")
	}
	return total, nil
}

// several is the list of holes for n values, and the values repeated to fill
// them: only powers of two, so that few texts are ever prepared.
func several(ids []int64) (holes string, args []any) {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	for i := range n {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", "), args
}
