package market

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

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
	err = may(ctx, c, by, models.HandOverGoods, v.Household.Village)
	if errors.Is(err, models.ErrForbidden) {
		err = ErrNoVoucher // a code from next door is like no code at all
	}
	if err != nil {
		return Voucher{}, err
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
