package market

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
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
	left, err := quantities(ctx, tx, s.Village, s.Counter)
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

// GetVoucher reads a household's own voucher, with token and code while it is
// open.
func GetVoucher(ctx context.Context, c db.Conn, k *keys.Keys, h models.Household, id int64) (Voucher, error) {
	return scanVoucher(c.Stmts(ctx).Row(voucherSQL+"WHERE v.village_id = ? AND v.id = ? AND v.household_id = ?", h.Village, id, h.ID), k)
}

// OpenVouchers lists the vouchers a household may still show, the oldest first.
func OpenVouchers(ctx context.Context, c db.Conn, k *keys.Keys, h models.Household) ([]Voucher, error) {
	var list []Voucher
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		v, err := scanVoucher(row, k)
		list = append(list, v)
		return err
	}, voucherSQL+"WHERE v.village_id = ? AND v.household_id = ? AND v.slot IS NOT NULL AND v.expires_at > ? ORDER BY v.id", h.Village, h.ID, int64(c.Handle().Now()))
	return list, err
}

// FindVoucher finds the voucher whose QR code was scanned, for somebody who may
// hand over goods in its village. One that can't be used any more comes back
// with the reason as the error.
func FindVoucher(ctx context.Context, c db.Conn, by models.Actor, t keys.Token) (Voucher, error) {
	hash := t.Hash()
	return atTill(ctx, c, by, c.Stmts(ctx).Row(voucherSQL+"WHERE v.token_hash = ?", hash[:]))
}

// FindVoucherCode finds a voucher by the short code that was typed; it is good
// at its own counter only.
func FindVoucherCode(ctx context.Context, c db.Conn, by models.Actor, k *keys.Keys, v, counter int64, code string) (Voucher, error) {
	code, ok := keys.ParseCode(code)
	if !ok {
		return Voucher{}, ErrNoVoucher
	}
	return atTill(ctx, c, by, c.Stmts(ctx).Row(voucherSQL+"WHERE v.village_id = ? AND v.counter_id = ? AND v.code_hash = ? ORDER BY v.id DESC LIMIT 1", v, counter, k.CodeHash(v, counter, code)))
}

func atTill(ctx context.Context, c db.Conn, by models.Actor, row db.Scanner) (Voucher, error) {
	v, err := scanVoucher(row, nil)
	if err != nil {
		return Voucher{}, err
	}
	if err := may(ctx, c, by, models.HandOverGoods, v.Household.Village); err != nil {
		return Voucher{}, ErrNoVoucher // a code from next door is like no code at all
	}
	return v, v.Gone(c.Handle().Now())
}

const voucherSQL = `SELECT v.id, v.village_id, v.household_id, v.counter_id, c.name, h.number, h.group_no, h.head_name, v.cart, v.points, v.made_at, v.expires_at,
	v.used_op, v.cancelled_at, v.sealed
FROM vouchers v
JOIN households h ON h.village_id = v.village_id AND h.id = v.household_id
JOIN counters c ON c.village_id = v.village_id AND c.id = v.counter_id `

// scanVoucher reads a voucher; the secrets only with the key.
func scanVoucher(row db.Scanner, k *keys.Keys) (Voucher, error) {
	var v Voucher
	var number, head, cart string
	var group int64
	var usedOp, sealed []byte
	var cancelled models.Millis
	err := row.Scan(&v.ID, &v.Household.Village, &v.Household.ID, &v.Counter, &v.CounterName, &number, &group, &head, &cart, &v.Points, &v.MadeAt, &v.ExpiresAt,
		&usedOp, &cancelled, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoVoucher
	}
	if err != nil {
		return Voucher{}, err
	}
	v.Used, v.Cancelled = len(usedOp) > 0, cancelled != 0
	v.Mark, v.Masked = marks(head, group, number)
	if err := json.Unmarshal([]byte(cart), &v.Lines); err != nil {
		return Voucher{}, err
	}
	if k == nil || len(sealed) == 0 {
		return v, nil
	}
	plain, err := k.Unseal(sealedVoucher, sealed)
	if err != nil {
		return Voucher{}, err
	}
	token, code, _ := strings.Cut(plain, " ")
	v.Token, v.Code = keys.Token(token), code
	return v, nil
}
