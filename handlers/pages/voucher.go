package pages

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/keys"
	"pointstore/models/market"
)

// myVouchersPage lists what the family may still show.
type myVouchersPage struct {
	family
	Vouchers []market.Voucher
}

// View implements web.Page.
func (myVouchersPage) View() (name, title string) { return "me/vouchers", "取货码" }

// Frame keeps the bar lit where vouchers are made.
func (myVouchersPage) Frame(f *web.Frame) { f.Active = "goods" }

// Vouchers answers GET /me/vouchers.
func (p *Pages) Vouchers(c *fiber.Ctx) error {
	f, err := p.family(c)
	if err != nil {
		return err
	}
	open, err := market.OpenVouchers(c.UserContext(), p.db, p.keys, f.Household)
	if err != nil {
		return err
	}
	return web.Show(c, myVouchersPage{f, open})
}

// myVoucherPage is a voucher to be shown at the counter; it asks again by itself
// until it has been used.
type myVoucherPage struct {
	family
	market.Voucher
	State   string // open, used, expired, cancelled
	QR      Code
	Code    string // grouped
	Seconds int64  // left to show it
	Receipt *market.Receipt
}

// View implements web.Page.
func (myVoucherPage) View() (name, title string) { return "me/voucher", "取货码" }

// Until is the time of day at which it runs out.
func (p myVoucherPage) Until() string { return p.ExpiresAt.Time().Format("15:04") }

// Left is what there will be after the goods have been handed over.
func (p myVoucherPage) Left() models.Points { return p.Book.Balance - p.Points }

// Frame keeps the bar lit where vouchers are made.
func (myVoucherPage) Frame(f *web.Frame) { f.Active = "goods" }

// Voucher answers GET /me/vouchers/:voucher.
func (p *Pages) Voucher(c *fiber.Ctx) error {
	id, err := web.ID(c, "voucher")
	if err != nil {
		return err
	}
	f, err := p.family(c)
	if err != nil {
		return err
	}
	page, err := p.myVoucherPage(c.UserContext(), f, id)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) myVoucherPage(ctx context.Context, f family, id int64) (myVoucherPage, error) {
	v, err := market.GetVoucher(ctx, p.db, p.keys, f.Household, id)
	if err != nil {
		return myVoucherPage{}, err
	}
	page := myVoucherPage{family: f, Voucher: v, State: voucherState(v, p.db.Now())}
	switch page.State {
	case "used":
		page.Receipt, err = p.receiptFor(ctx, f.Household, id)
	case "open":
		page.Code, page.Seconds = keys.Pretty(v.Code), int64(v.ExpiresAt-p.db.Now())/1000
		page.QR, err = qrCode(keys.VoucherText(p.base, v.Token))
	}
	return page, err
}

func voucherState(v market.Voucher, now models.Millis) string {
	switch {
	case v.Used:
		return "used"
	case v.Cancelled:
		return "cancelled"
	case now >= v.ExpiresAt || v.Token == "":
		return "expired"
	}
	return "open"
}

// receiptFor finds what the clerk made of a voucher among the latest receipts.
func (p *Pages) receiptFor(ctx context.Context, h models.Household, voucher int64) (*market.Receipt, error) {
	all, err := market.ReceiptsOf(ctx, p.db, h, models.Cursor{Limit: 20})
	for i := range all {
		if all[i].Voucher == voucher {
			return &all[i], err
		}
	}
	return nil, err
}

// VoucherPicture answers GET /me/vouchers/:voucher/qr.png.
func (p *Pages) VoucherPicture(c *fiber.Ctx) error {
	id, err := web.ID(c, "voucher")
	if err != nil {
		return err
	}
	v, err := market.GetVoucher(c.UserContext(), p.db, p.keys, web.Actor(c).Household, id)
	if err != nil {
		return err
	}
	if err := v.Gone(p.db.Now()); err != nil {
		return err
	}
	return sendPicture(c, keys.VoucherText(p.base, v.Token))
}

// CancelVoucher answers POST /me/vouchers/:voucher/cancel. One that was used
// meanwhile says so on its own page.
func (p *Pages) CancelVoucher(c *fiber.Ctx) error {
	var f struct {
		Voucher int64 `form:"voucher,id32,required" label:"取货码"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	path := "/me/vouchers/" + models.ID32(f.Voucher)
	err = market.CancelVoucher(c.UserContext(), p.db, op, web.Actor(c), f.Voucher)
	if errors.Is(err, market.ErrVoucherGone) {
		return web.See(c, path)
	}
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "取货码已取消", "没有扣分，可以重新选。")
	return web.See(c, path)
}
