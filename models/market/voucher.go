package market

import (
	"context"
	"encoding/json"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
)

const (
	// VoucherLasts is how long a household may show a voucher.
	VoucherLasts = 10 * time.Minute
	// VouchersAtOnce is how many of them a household may have open.
	VouchersAtOnce = 3

	sealedVoucher = "voucher"
)

// The refusals about vouchers. What is used, cancelled or run out is Gone under
// one code; what is unknown, or another village's, is simply not found.
var (
	ErrNoVoucher    = models.ErrNotFound.With("没有找到这个取货码，没有扣分；请核对，或让村民刷新")
	ErrVoucherGone  = &models.Error{Kind: models.Gone, Code: "voucher_gone", Say: "这个码已用过或已过期，没有扣分；请让村民刷新"}
	ErrManyVouchers = &models.Error{Kind: models.Conflict, Code: "vouchers_open", Say: "最多同时开 3 个取货码，没有再开；请先用掉或取消一个"}
)

// Voucher is what a household wants, chosen on its own phone and shown at the
// counter. It holds nothing back: the guards decide at hand-over.
type Voucher struct {
	ID          int64
	Household   models.Household
	Mark        string // 3组012
	Masked      string // 马*明 3组012
	Counter     int64
	CounterName string
	Lines       []ReceiptLine // at the prices the household saw
	Points      models.Points
	MadeAt      models.Millis
	ExpiresAt   models.Millis
	Used        bool
	Cancelled   bool
	// Token and Code are for the household's own eyes, while the voucher is open.
	Token keys.Token
	Code  string
}

// Cart is what the till hands over for the voucher.
func (v Voucher) Cart() Cart {
	return Cart{Village: v.Household.Village, Counter: v.Counter, Household: v.Household.ID, Seen: v.Points, Confirm: ByVoucher, Voucher: v.ID}
}

// Gone says why a voucher can't be used any more; nil while it can.
func (v Voucher) Gone(now models.Millis) error {
	switch {
	case v.Used:
		return ErrVoucherGone.With("这个码已用过，没有扣分；请让村民刷新")
	case v.Cancelled:
		return ErrVoucherGone.With("这个码已取消，没有扣分；请让村民刷新")
	case now >= v.ExpiresAt:
		return ErrVoucherGone.With("这个码已过期，没有扣分；请让村民刷新")
	}
	return nil
}

// IssueVoucher makes a voucher for the household that asks, good at the cart's
// counter for ten minutes. Price, points and stock are looked at, so that nobody
// walks to the counter in vain; none of them is held.
func IssueVoucher(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, cart Cart) (Voucher, error) {
	h := by.Household
	if h.ID == 0 {
		return Voucher{}, models.ErrSignIn
	}
	if cart.Village != h.Village || cart.Household != 0 && cart.Household != h.ID {
		return Voucher{}, models.ErrForbidden
	}
	cart.Household, cart.Confirm, cart.Voucher, cart.Proxy = h.ID, ByPIN, 0, ""
	cart, err := cart.tidy()
	if err != nil {
		return Voucher{}, err
	}
	var v Voucher
	id := models.NewID()
	err = d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "voucher", Asked: cart, By: by, Subject: id,
		Again: func(tx *db.Tx, subject int64) (err error) {
			v, err = GetVoucher(ctx, tx, k, h, subject)
			return err
		}}, func(tx *db.Tx) error {
		s := sale{Cart: cart, id: id}
		if err := s.price(tx); err != nil {
			return err
		}
		if err := s.likely(ctx, tx); err != nil {
			return err
		}
		v = s.voucher(tx)
		return v.write(tx, k)
	})
	return v, err
}

// likely refuses now what would be refused at the counter.
func (s *sale) likely(ctx context.Context, tx *db.Tx) error {
	book, err := ledger.Balance(ctx, tx, s.household())
	if err != nil {
		return err
	}
	if missing := s.total - book.Balance; missing > 0 {
		return ledger.ErrShort.With("积分不够：还差 " + missing.String() + " 分，本次没有扣分")
	}
	if err := s.enough(book.Balance); err != nil {
		return err
	}
	if err := s.withinLimits(ctx, tx, tx.Now, true); err != nil {
		return err
	}
	left, err := quantities(ctx, tx, s.Village, s.Counter, tx.Now.Day())
	if err != nil {
		return err
	}
	for _, w := range s.wares {
		if w.counted && left[w.Goods] < w.Qty {
			return soldOut(tx, s, w)
		}
	}
	return nil
}

func (s *sale) voucher(tx *db.Tx) Voucher {
	v := Voucher{ID: s.id, Household: s.household(), Counter: s.Counter, CounterName: s.counter, Points: s.total,
		MadeAt: tx.Now, ExpiresAt: tx.Now.Add(VoucherLasts)}
	v.Mark, v.Masked = marks(s.head, s.group, s.number)
	for _, w := range s.wares {
		v.Lines = append(v.Lines, w.line())
	}
	return v
}

// write finds a free slot, draws a secret nobody at the counter holds, and puts
// the voucher down. The slot's key bounds how many are open.
func (v *Voucher) write(tx *db.Tx, k *keys.Keys) error {
	h := v.Household
	slot, err := freeSlot(tx, h)
	if err != nil {
		return err
	}
	var code []byte
	for taken := 1; taken > 0; {
		v.Token, v.Code = keys.NewVoucher()
		code = k.CodeHash(h.Village, v.Counter, v.Code)
		if err := tx.SQL.Row("SELECT COUNT(*) FROM vouchers WHERE village_id = ? AND counter_id = ? AND code_hash = ? AND slot IS NOT NULL", h.Village, v.Counter, code).Scan(&taken); err != nil {
			return err
		}
	}
	sealed, err := k.Seal(sealedVoucher, string(v.Token)+" "+v.Code)
	if err != nil {
		return err
	}
	cart, err := json.Marshal(v.Lines)
	if err != nil {
		return err
	}
	token := v.Token.Hash()
	_, err = tx.SQL.Exec("INSERT INTO vouchers (village_id, id, household_id, counter_id, token_hash, code_hash, cart, points, made_at, expires_at, slot, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		h.Village, v.ID, h.ID, v.Counter, token[:], code, string(cart), int64(v.Points), int64(v.MadeAt), int64(v.ExpiresAt), slot, sealed)
	if db.IsDuplicate(err) {
		return db.ErrLost // another of the household's phones took the slot
	}
	return err
}

func freeSlot(tx *db.Tx, h models.Household) (int, error) {
	_, err := tx.SQL.Exec("UPDATE vouchers SET slot = NULL, sealed = NULL WHERE village_id = ? AND household_id = ? AND slot IS NOT NULL AND expires_at <= ?", h.Village, h.ID, int64(tx.Now))
	if err != nil {
		return 0, err
	}
	var taken [VouchersAtOnce]bool
	err = tx.SQL.Each(func(row db.Scanner) error {
		var n int
		err := row.Scan(&n)
		taken[n] = true
		return err
	}, "SELECT slot FROM vouchers WHERE village_id = ? AND household_id = ? AND slot IS NOT NULL", h.Village, h.ID)
	if err != nil {
		return 0, err
	}
	for n, t := range taken {
		if !t {
			return n, nil
		}
	}
	return 0, ErrManyVouchers
}

// CancelVoucher takes a voucher back; only the household that made it may.
func CancelVoucher(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, voucher int64) error {
	h := by.Household
	if h.ID == 0 {
		return models.ErrSignIn
	}
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "voucher_cancel", Asked: voucher, By: by, Subject: voucher}, func(tx *db.Tx) error {
		n, err := tx.SQL.Exec("UPDATE vouchers SET cancelled_at = ?, slot = NULL, sealed = NULL WHERE village_id = ? AND id = ? AND household_id = ? AND used_op IS NULL AND cancelled_at = 0",
			int64(tx.Now), h.Village, voucher, h.ID)
		if err != nil || n == 1 {
			return err
		}
		v, err := scanVoucher(tx.SQL.Row(voucherSQL+"WHERE v.village_id = ? AND v.id = ? AND v.household_id = ?", h.Village, voucher, h.ID), nil)
		if err != nil {
			return err
		}
		return v.Gone(tx.Now)
	})
}
