package market

import (
	"context"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
)

// Fault is a place where the shop does not add up.
type Fault struct {
	Village                    int64
	Counter, Goods, Redemption int64 // 0 where it does not apply
	What                       string
}

func (f Fault) String() string {
	return fmt.Sprintf("village %s counter %s goods %s redemption %s: %s",
		models.ID32(f.Village), models.ID32(f.Counter), models.ID32(f.Goods), models.ID32(f.Redemption), f.What)
}

// Audit recounts a village's shop: the stock from its movements, every
// redemption against its passbook line, its goods and its undoing, and every fund
// from its movements. It returns what it found wrong, at most a hundred.
func Audit(ctx context.Context, c db.Conn, v int64) ([]Fault, error) {
	a := &audit{village: v, stock: map[place]models.Qty{}, lines: map[int64]models.Points{}, back: map[int64]models.Points{}}
	for _, step := range []func(context.Context, db.Conn) error{a.movements, a.compareStock, a.redemptions, a.strayEntries, a.funds} {
		if err := step(ctx, c); err != nil {
			return nil, err
		}
	}
	return a.faults, nil
}

type place struct{ counter, goods, lot int64 }

type audit struct {
	village int64
	stock   map[place]models.Qty
	lines   map[int64]models.Points // redemption → what its goods come to
	back    map[int64]models.Points // redemption → what its goods came back at
	faults  []Fault
}

func (a *audit) fault(f Fault, what string, args ...any) {
	if len(a.faults) < 100 {
		f.Village, f.What = a.village, fmt.Sprintf(what, args...)
		a.faults = append(a.faults, f)
	}
}

// handed is one item of a receipt, whatever lots it came from: it was rounded once.
type handed struct {
	redemption, goods int64
	kind              string
	price             models.Points
}

func (a *audit) movements(ctx context.Context, c db.Conn) error {
	lines := map[handed]models.Qty{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var p place
		var id int64
		var kind, goodsKind string
		var qty models.Qty
		var price models.Points
		if err := row.Scan(&p.counter, &p.goods, &p.lot, &kind, &qty, &id, &price, &goodsKind); err != nil {
			return err
		}
		if goodsKind != Service {
			a.stock[p] += qty
		}
		if kind == MovedRedeemed || kind == MovedUndone {
			lines[handed{id, p.goods, kind, price}] += max(qty, -qty)
		}
		return nil
	}, `SELECT m.counter_id, m.goods_id, m.lot_id, m.kind, m.qty, m.redemption_id, m.points, COALESCE(g.kind, '')
		FROM movements m LEFT JOIN goods g ON g.village_id = m.village_id AND g.id = m.goods_id WHERE m.village_id = ?`, a.village)
	for l, qty := range lines {
		points, _ := l.price.Times(qty)
		if l.kind == MovedRedeemed {
			a.lines[l.redemption] += points
		} else {
			a.back[l.redemption] += points
		}
	}
	return err
}

func (a *audit) compareStock(ctx context.Context, c db.Conn) error {
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var p place
		var qty models.Qty
		var lotGoods int64
		err := row.Scan(&p.counter, &p.goods, &p.lot, &qty, &lotGoods)
		at := Fault{Counter: p.counter, Goods: p.goods}
		if qty < 0 {
			a.fault(at, "stock is below zero: %s", qty)
		}
		if p.lot != shelfLot && lotGoods != p.goods {
			a.fault(at, "lot %s is not one of this item", models.ID32(p.lot))
		}
		if qty != a.stock[p] {
			a.fault(at, "stock of lot %s says %s, the movements add up to %s", models.ID32(p.lot), qty, a.stock[p])
		}
		delete(a.stock, p)
		return err
	}, "SELECT s.counter_id, s.goods_id, s.lot_id, s.qty, COALESCE(l.goods_id, 0) "+stockLots+" WHERE s.village_id = ?", a.village)
	for p, qty := range a.stock {
		if qty != 0 {
			a.fault(Fault{Counter: p.counter, Goods: p.goods}, "movements add up to %s, there is no stock", qty)
		}
	}
	return err
}

// redemptions holds every redemption against the passbook and its goods.
func (a *audit) redemptions(ctx context.Context, c db.Conn) error {
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id, undoneSeq, bySeq, cause int64
		var points, entry models.Points
		var fen, entryFen models.Fen
		var kind ledger.Kind
		var undoneAt models.Millis
		if err := row.Scan(&id, &points, &fen, &undoneSeq, &undoneAt, &kind, &entry, &entryFen, &cause, &bySeq); err != nil {
			return err
		}
		at := Fault{Redemption: id}
		if kind != ledger.Redeem || cause != id || entry != -points || entryFen != -fen {
			a.fault(at, "the passbook's line says %s, the receipt %s", entry, points)
		}
		if a.lines[id] != points {
			a.fault(at, "the goods come to %s, the receipt says %s", a.lines[id], points)
		}
		switch undone := undoneAt != 0; {
		case undone && (undoneSeq == 0 || bySeq != undoneSeq):
			a.fault(at, "void, but the points have not come back by line %d", undoneSeq)
		case undone && a.back[id] != points:
			a.fault(at, "void, but the goods have not all come back")
		case !undone && (bySeq != 0 || a.back[id] != 0):
			a.fault(at, "points or goods have come back, but the receipt is not void")
		}
		delete(a.lines, id)
		return nil
	}, `SELECT r.id, r.points, r.fen, r.undone_seq, r.undone_at, COALESCE(e.kind, 0), COALESCE(e.points, 0), COALESCE(e.fen, 0), COALESCE(e.cause, 0), COALESCE(x.by_seq, 0)
		FROM redemptions r
		LEFT JOIN entries e ON e.village_id = r.village_id AND e.household_id = r.household_id AND e.seq = r.seq
		LEFT JOIN reversals x ON x.village_id = r.village_id AND x.household_id = r.household_id AND x.seq = r.seq
		WHERE r.village_id = ?`, a.village)
}

// strayEntries looks for points or goods that were taken without a receipt.
func (a *audit) strayEntries(ctx context.Context, c db.Conn) error {
	for id := range a.lines {
		a.fault(Fault{Redemption: id}, "goods were handed over without a receipt")
	}
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var cause int64
		err := row.Scan(&cause)
		a.fault(Fault{Redemption: cause}, "points were taken without a receipt")
		return err
	}, `SELECT e.cause FROM entries e LEFT JOIN redemptions r ON r.village_id = e.village_id AND r.id = e.cause
		WHERE e.village_id = ? AND e.kind = ? AND r.id IS NULL`, a.village, int(ledger.Redeem))
}
