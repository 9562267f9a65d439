package market

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// desk is everything about a household, its village and a counter that a
// redemption or a voucher has to know, read at once.
type desk struct {
	number     string // the household's
	group      int
	head       string
	joining    string
	leftAt     models.Millis
	rate       models.Rate
	smallLimit models.Points
	smallDaily models.Points
	counter    string
	closedAt   models.Millis
	opening    int64
	isCounter  int64
}

const deskSQL = `SELECT h.number, h.group_no, h.head_name, h.joining, h.left_at, v.point_rate, v.small_limit, v.small_daily,
	COALESCE(c.id, 0), COALESCE(c.name, ''), COALESCE(c.opening_id, 0), COALESCE(c.closed_at, 0)
FROM households h JOIN villages v ON v.village_id = h.village_id LEFT JOIN counters c ON c.village_id = h.village_id AND c.id = ?
WHERE h.village_id = ? AND h.id = ?`

func readDesk(tx *db.Tx, h models.Household, counter int64) (desk, error) {
	var k desk
	err := tx.SQL.Row(deskSQL, counter, h.Village, h.ID).Scan(&k.number, &k.group, &k.head, &k.joining, &k.leftAt, &k.rate, &k.smallLimit, &k.smallDaily,
		&k.isCounter, &k.counter, &k.opening, &k.closedAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound.With("没有找到这一户，没有扣分；请核对后再试")
	}
	return k, err
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

// ware is a line of a cart with what the village says about the item today.
type ware struct {
	Line
	name, unit string
	counted    bool
	price      models.Points // of one piece
	cost       models.Fen
	points     models.Points // of the line
}

var waresSQL = func() (q [maxLines + 1]string) {
	for n := range q {
		q[n] = "SELECT g.id, g.name, g.unit, g.kind, g.off_at, p.points, p.cost_fen FROM goods g " + priceOn +
			" WHERE g.village_id = ? AND g.id IN (" + db.Holes(n) + ")"
	}
	return q
}()

// readWares reads today's price of every line inside the transaction, and adds
// up. Each line is rounded once; the total is the sum of the lines.
func readWares(tx *db.Tx, v int64, lines []Line) ([]ware, models.Points, error) {
	wares := make([]ware, len(lines))
	args := make([]any, 2, 2+len(lines))
	args[0], args[1] = string(tx.Now.Day()), v
	for i, l := range lines {
		wares[i].Line = l
		args = append(args, l.Goods)
	}
	found := 0
	err := tx.SQL.Each(func(row db.Scanner) error {
		var w ware
		var kind string
		var off int64
		if err := row.Scan(&w.Goods, &w.name, &w.unit, &kind, &off, &w.price, &w.cost); err != nil {
			return err
		}
		if off != 0 {
			return ErrOffShelf.With("“" + w.name + "”已下架，没有扣分，请选别的")
		}
		i := slices.IndexFunc(lines, func(l Line) bool { return l.Goods == w.Goods })
		w.Line, w.counted = lines[i], kind != Service
		wares[i] = w
		found++
		return nil
	}, waresSQL[len(lines)], args...)
	if err == nil && found != len(lines) {
		err = ErrNoGoods
	}
	if err != nil {
		return nil, 0, err
	}
	total, err := addUp(wares)
	return wares, total, err
}

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
