package market

import (
	"cmp"
	"slices"
	"strings"

	"pointstore/models"
)

// How a household confirms that it wants the goods.
const (
	ByPIN     = "pin"     // typed at the counter; the caller has had village.CheckPIN say yes
	BySmall   = "small"   // within the village's small amounts, without a PIN
	ByVoucher = "voucher" // chosen and shown on the household's own phone
	ByFace    = "face"    // two people know the holder, who signs; see witness.go
	BySlip    = "slip"    // signed on a numbered paper slip while there was no power
)

// ConfirmTitle is the way of confirming in the village's words.
func ConfirmTitle(confirm string) string {
	switch confirm {
	case ByPIN:
		return "取货密码"
	case BySmall:
		return "小额免密码"
	case ByVoucher:
		return "取货码"
	case ByFace:
		return "当面核对"
	case BySlip:
		return "停电纸单签字"
	}
	return ""
}

// Cart is what a household wants from a counter.
type Cart struct {
	Village   int64
	Counter   int64
	Household int64
	// Lines may be empty with a Voucher, whose own lines count.
	Lines []Line
	// Seen is the total the person saw before saying yes. Another total is
	// refused; with a Voucher it may be 0, the voucher knows.
	Seen    models.Points
	Confirm string
	Voucher int64
	Proxy   string // who fetches the goods for the household; empty for itself
	// ProxyID is one of the household's named proxies; its name then goes on the
	// receipt instead of Proxy.
	ProxyID int64 `json:",omitempty"`
	Face    Face  `json:",omitzero"`
	slip    slip
}

// Line is one item of a cart.
type Line struct {
	Goods int64
	Qty   models.Qty
}

// maxLines bounds the different items of one cart.
const maxLines = 20

// maxMoves bounds the movements of one redemption: a line may take from several
// lots, and all ids are minted together.
const maxMoves = 60

func (c Cart) household() models.Household {
	return models.Household{Village: c.Village, ID: c.Household}
}

// tidy folds equal items into one line, in key order: two carts never wait for
// each other in a ring.
func (c Cart) tidy() (Cart, error) {
	lines := slices.Clone(c.Lines)
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(a.Goods, b.Goods) })
	c.Lines = lines[:0]
	for _, l := range lines {
		if l.Qty <= 0 || l.Qty > maxQty {
			return c, models.ErrInput.With("“数量”要填大于 0 的数字，没有扣分").At("qty")
		}
		if n := len(c.Lines); n > 0 && c.Lines[n-1].Goods == l.Goods {
			c.Lines[n-1].Qty += l.Qty
			continue
		}
		c.Lines = append(c.Lines, l)
	}
	c.Proxy = strings.TrimSpace(c.Proxy)
	switch {
	case c.Household == 0:
		return c, models.ErrInput.With("还没有选是哪一户，没有扣分；请先扫存折卡或查户号").At("household")
	case len(c.Lines) == 0 && c.Voucher == 0:
		return c, models.ErrInput.With("还没有选商品，没有扣分").At("goods")
	case len(c.Lines) > maxLines:
		return c, models.ErrInput.With("一次最多兑换 20 种商品，没有扣分；请分两次办").At("goods")
	case c.Confirm != ByPIN && c.Confirm != BySmall && c.Confirm != ByVoucher && c.Confirm != ByFace && (c.Confirm != BySlip || c.slip.number == 0),
		(c.Confirm == ByVoucher) != (c.Voucher != 0):
		return c, models.ErrInput.With("还没有确认是本人要换，没有扣分；请输入取货密码，或扫取货码").At("confirm")
	}
	return c, fits("proxy", "替领人", c.Proxy, 64)
}
