package market

import (
	"cmp"
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// The refusals at the till. ErrNeedPIN is a Forbidden for an amount that is
// never small, and a Conflict when only this day's allowance is used up.
var (
	ErrSoldOut    = &models.Error{Kind: models.Conflict, Code: "sold_out", Say: "这件商品刚被兑完，没有扣分，请选别的"}
	ErrOffShelf   = &models.Error{Kind: models.Conflict, Code: "off_shelf", Say: "这件商品已下架，没有扣分，请选别的"}
	ErrPriceMoved = &models.Error{Kind: models.Conflict, Code: "price_moved", Say: "价格刚调整过，没有扣分；请核对新的总分再确认"}
	ErrNeedPIN    = &models.Error{Kind: models.Forbidden, Code: "needs_pin", Field: "pin", Say: "超过免密码额度，没有扣分；请输入取货密码"}
	ErrLeft       = &models.Error{Kind: models.Conflict, Code: "household_left", Say: "这一户已经迁出，不能再兑换，没有扣分；有疑问请找村委"}
	ErrStaysOut   = &models.Error{Kind: models.Conflict, Code: "household_out", Say: "这一户暂不参加积分超市，没有扣分；想参加请找村委登记"}
)

// Redeem hands goods over: the voucher is spent, the points are charged, the
// receipt is written and the stock goes down, or none of it happens. Asked twice
// under one operation id, it answers with the first receipt.
func Redeem(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, cart Cart) (Receipt, error) {
	cart, err := cart.tidy()
	if err != nil {
		return Receipt{}, err
	}
	at, err := village.PlaceOf(ctx, d, cart.Village)
	if err == nil {
		err = by.MayFor(models.HandOverGoods, at, cart.household())
	}
	if err != nil {
		return Receipt{}, err
	}
	var r Receipt
	id := models.NewIDs(1 + maxMoves) // the ids of what moves follow it
	err = d.InTx(ctx, db.Op{ID: op, Village: cart.Village, Kind: "redeem", Asked: cart, By: by, Subject: id,
		Again: func(tx *db.Tx, subject int64) (err error) {
			r, err = GetReceipt(ctx, tx, cart.Village, subject)
			return err
		}}, func(tx *db.Tx) error {
		s := &sale{Cart: cart, id: id, clerk: by}
		if err := redeem(tx, []*sale{s})[0]; err != nil {
			return err
		}
		r = s.receipt(tx)
		return nil
	})
	return r, err
}

// sale is a cart on its way over the counter.
type sale struct {
	Cart
	id    int64 // of the redemption
	clerk models.Actor
	desk
	wares []ware
	total models.Points
	entry ledger.Entry
	err   error
}

// redeem takes carts of one village over the counter: it reads, decides and
// writes, in the one order of writes. It returns a refusal, or nil, for each; one
// that cannot be laid at a single cart's door goes to all. If there is a refusal
// the transaction has to be rolled back, and the others may go again without it.
func redeem(tx *db.Tx, sales []*sale) []error {
	steps := []func() error{
		func() error { return each(sales, func(s *sale) error { return s.spendVoucher(tx) }) },
		func() error { return each(sales, func(s *sale) error { return s.price(tx) }) },
		func() error { return each(sales, func(s *sale) error { return s.vouch(tx) }) },
		func() error { return charge(tx, sales) },
		func() error { return each(sales, func(s *sale) error { return s.enough(s.entry.Balance + s.total) }) },
		func() error { return pickLots(tx, sales) },
		func() error { return writeRedemptions(tx, sales) },
		func() error { return each(sales, func(s *sale) error { return s.withinDay(tx) }) },
		func() error {
			return each(sales, func(s *sale) error { return s.withinLimits(tx.Statement.Context, tx, tx.Now, false) })
		},
		func() error { return takeStock(tx, sales) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return blame(sales, err)
		}
	}
	return make([]error, len(sales))
}

func blame(sales []*sale, err error) []error {
	out, known := make([]error, len(sales)), false
	for i, s := range sales {
		out[i] = s.err
		known = known || s.err != nil
	}
	for i := range out {
		if !known {
			out[i] = err
		}
	}
	return out
}

// each runs a step for every sale and keeps every sale's own refusal.
func each(sales []*sale, step func(*sale) error) (refused error) {
	for _, s := range sales {
		if s.err = step(s); s.err != nil {
			refused = s.err
		}
	}
	return refused
}

// price reads who wants what, and refuses what cannot be handed over or was
// seen at another price.
func (s *sale) price(tx *db.Tx) (err error) {
	if s.desk, s.wares, err = readDesk(tx, s.household(), s.Counter, s.Lines, s.slip.priced(tx)); err != nil {
		return err
	}
	if s.total, err = addUp(s.wares); err != nil {
		return err
	}
	if s.total != s.Seen {
		return ErrPriceMoved.With("价格刚调整过，现在一共 " + s.total.String() + " 分，没有扣分；请核对后再确认")
	}
	if s.Confirm == BySmall && s.total > s.smallLimit {
		return ErrNeedPIN
	}
	return nil
}

// charge takes the points out of the passbooks.
func charge(tx *db.Tx, sales []*sale) error {
	entries := make([]ledger.Entry, len(sales))
	for i, s := range sales {
		entries[i] = ledger.Entry{Household: s.household(), Kind: ledger.Redeem, Points: -s.total, Cause: s.id, ActDate: s.slip.day, Late: s.slip.late(tx)}
	}
	posted, err := ledger.Post(tx, sales[0].rate, entries...)
	for i := range posted {
		sales[i].entry = posted[i]
	}
	return err
}

var redemptionRows = db.NewRows("INSERT INTO redemptions (village_id, id, household_id, counter_id, opening_id, seq, points, fen, confirm, proxy, voucher_id, clerk_id, month, at, witness_id, read_out, proxy_id, slip_no, late)", "", 19)

// writeRedemptions puts the receipts down: a redemption each, with its lines.
func writeRedemptions(tx *db.Tx, sales []*sale) error {
	args := make([]any, 0, len(sales)*redemptionRows.Width())
	var moves []Movement
	for _, s := range sales {
		args = append(args, s.Village, s.id, s.Household, s.Counter, s.opening, s.entry.Seq, int64(s.total), int64(-s.entry.Fen),
			s.Confirm, s.Proxy, s.Voucher, s.clerk.Account, int64(s.entry.Month), int64(tx.Now),
			s.Face.Witness, flag(s.Face.ReadOut), s.ProxyID, s.slip.number, flag(s.slip.late(tx)))
		id := s.id
		for _, w := range s.wares {
			w.each(func(lot int64, qty models.Qty) {
				id++
				moves = append(moves, Movement{ID: id, Village: s.Village, Counter: s.Counter, Goods: w.Goods, Lot: lot, Kind: MovedRedeemed, Qty: -qty, Redemption: s.id, Points: w.price, CostFen: w.cost})
			})
		}
	}
	if err := tx.SQL.Put(redemptionRows, args); err != nil {
		return err
	}
	return writeMovements(tx, moves)
}

// withinDay bounds what a household takes on one day without a PIN. It counts
// behind the charge: the passbook's row is held by then, so that two tills
// cannot each see the other's redemption missing.
func (s *sale) withinDay(tx *db.Tx) error {
	if s.Confirm != BySmall {
		return nil
	}
	var today models.Points
	err := tx.SQL.Row("SELECT COALESCE(SUM(points), 0) FROM redemptions WHERE village_id = ? AND household_id = ? AND at >= ? AND confirm = ? AND undone_op IS NULL",
		s.Village, s.Household, int64(tx.Now.Day().Start()), BySmall).Scan(&today)
	if err == nil && today > s.smallDaily {
		refusal := ErrNeedPIN.With("超过免密码额度：今天已免密码兑换 " + (today - s.total).String() + " 分，本次没有扣分；请输入取货密码")
		refusal.Kind = models.Conflict
		return refusal
	}
	return err
}

const takeSQL = "UPDATE stock SET qty = qty - ? WHERE village_id = ? AND counter_id = ? AND goods_id = ? AND lot_id = ? AND qty >= ?"

// takeStock takes the goods off the counters. The WHERE clause is the guard: of
// two clerks after the last bag, one changes a row and the other none.
func takeStock(tx *db.Tx, sales []*sale) error {
	type take struct {
		*sale
		ware
		pick
	}
	var takes []take
	for _, s := range sales {
		for _, w := range s.wares {
			if w.counted {
				w.each(func(lot int64, qty models.Qty) { takes = append(takes, take{s, w, pick{lot, qty}}) })
			}
		}
	}
	slices.SortStableFunc(takes, func(a, b take) int {
		return cmp.Or(cmp.Compare(a.Counter, b.Counter), cmp.Compare(a.Goods, b.Goods), cmp.Compare(a.lot, b.lot))
	})
	for _, t := range takes {
		n, err := tx.SQL.Exec(takeSQL, int64(t.qty), t.Village, t.Counter, t.Goods, t.lot, int64(t.qty))
		switch {
		case err == nil && n == 0 && t.lots:
			err = db.ErrLost // another till took from this lot; there may be others
		case err == nil && n == 0:
			err = soldOut(tx, t.sale, t.ware)
		}
		if err != nil {
			t.sale.err = err
			return err
		}
	}
	return nil
}

// soldOut says which item is gone, or how little of it is left.
func soldOut(tx *db.Tx, s *sale, w ware) error {
	left, err := quantities(tx.Statement.Context, tx, s.Village, s.Counter, tx.Now.Day())
	if err != nil {
		return err
	}
	if q := left[w.Goods]; q > 0 {
		return ErrSoldOut.With("“" + w.name + "”只剩 " + q.String() + " " + w.unit + "，没有扣分，请改数量或选别的")
	}
	return ErrSoldOut.With("“" + w.name + "”刚被兑完，没有扣分，请选别的")
}
