package market

import (
	"cmp"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

const spendSQL = `UPDATE vouchers SET used_op = ?, slot = NULL, sealed = NULL
WHERE village_id = ? AND id = ? AND household_id = ? AND counter_id = ? AND used_op IS NULL AND cancelled_at = 0 AND expires_at > ?`

// spendVoucher uses the cart's voucher up and takes its lines for the cart's.
// The UPDATE is the guard: twenty scans of one code change one row once.
func (s *sale) spendVoucher(tx *db.Tx) error {
	if s.Voucher == 0 {
		return nil
	}
	n, err := tx.SQL.Exec(spendSQL, tx.Op[:], s.Village, s.Voucher, s.Household, s.Counter, int64(tx.Now))
	if err != nil {
		return err
	}
	v, err := scanVoucher(tx.SQL.Row(voucherSQL+"WHERE v.village_id = ? AND v.id = ? AND v.household_id = ?", s.Village, s.Voucher, s.Household), nil)
	switch {
	case err != nil:
		return err
	case v.Counter != s.Counter:
		return ErrNoVoucher.With("这个取货码要在“" + v.CounterName + "”用，这里没有扣分；请让村民在这里重新选")
	case n == 0:
		return cmp.Or(v.Gone(tx.Now), error(ErrVoucherGone))
	}
	return s.takeLines(v)
}

// takeLines puts what the household chose into the cart, and refuses a cart
// that says otherwise.
func (s *sale) takeLines(v Voucher) error {
	lines := make([]Line, len(v.Lines))
	for i, l := range v.Lines {
		lines[i] = Line{l.Goods, l.Qty}
	}
	if len(s.Lines) > 0 && !slices.Equal(s.Lines, lines) {
		return models.ErrInput.With("商品和取货码里的不一样，没有扣分；请重新扫码").At("goods")
	}
	if s.Seen != 0 && s.Seen != v.Points {
		return ErrPriceMoved
	}
	s.Lines, s.Seen = lines, v.Points
	return nil
}
