package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/village"
)

func (p *Pages) routesMe(r Routes) {
	for _, area := range []string{"me", "v", "verify"} { // a family keeps its bar on the village's pages
		r.Nav(area, meNav)
	}
	r.Get("/me", web.Household, p.Passbook)
	r.Get("/me/print", web.Household, p.PrintPassbook)
	r.Get("/me/code", web.Household, p.MyCode)
	r.Get("/me/code/qr.png", web.Household, p.MyCodePicture)
	r.Get("/me/goods", web.Household, p.PickGoods)
	r.Get("/me/vouchers", web.Household, p.Vouchers)
	r.Post("/me/vouchers", web.Household, p.MakeVoucher)
	r.Get("/me/vouchers/:voucher", web.Household, p.Voucher)
	r.Get("/me/vouchers/:voucher/qr.png", web.Household, p.VoucherPicture)
	r.Post("/me/vouchers/:voucher/cancel", web.Household, p.CancelVoucher)
	r.Get("/me/receipts/:receipt", web.Household, p.MyReceipt)
	r.Get("/me/data", web.Household, p.MyData)
	r.Post("/me/data/pin", web.Household, p.ChangePIN, web.Guessable)
	r.Post("/me/data/hidden", web.Household, p.ChangeHidden)
	r.Post("/me/data/leave", web.Household, p.LeavePhones)
}

func meNav(c *fiber.Ctx) []web.Link {
	if web.Actor(c).Household.ID == 0 {
		return nil
	}
	return []web.Link{
		{Href: "/me", Text: "存折", Icon: "passbook", Key: "passbook"},
		{Href: "/me/goods", Text: "换东西", Icon: "gift", Key: "goods"},
		{Href: "/me/code", Text: "我的码", Icon: "scan", Key: "code"},
		{Href: "/v/" + models.ID32(web.Actor(c).Household.Village), Text: "看榜", Icon: "bell", Key: "board"},
		{Href: "/me/data", Text: "我家", Icon: "home", Key: "data"},
	}
}

// family is the household that looks at its own pages, with its balance and the
// name of its village for the banner.
type family struct {
	village.Home
	Book ledger.Passbook
	Area web.Area
}

func (p *Pages) family(c *fiber.Ctx) (family, error) {
	area, err := web.Village(c)
	if err != nil {
		return family{}, err
	}
	h := web.Actor(c).Household
	home, err := village.GetHome(c.UserContext(), p.db, h)
	if err != nil {
		return family{}, err
	}
	book, err := ledger.Balance(c.UserContext(), p.db, h)
	return family{Home: home, Book: book, Area: area}, err
}

// Called is how the household is greeted: 马*明家 · 3组012. Masked, because a
// phone is read over the shoulder.
func (f family) Called() string { return models.MaskName(f.Head) + "家 · " + f.Mark() }

// linesAtOnce is how many lines of a passbook a phone shows.
const linesAtOnce = 20

// passbookPage is the family's passbook.
type passbookPage struct {
	family
	Coming      models.Points
	ComingUntil models.Millis
	Waiting     []comingLine
	Warned      []warnedLine
	Claims      int // of its own that are not settled yet
	Honour      *honourStrip
	Clearing    []myClearing
	Lines       []passLine
	Newest      bool
	First       string // the newest lines again
	Older       string
	Vouchers    int
}

// View implements web.Page.
func (passbookPage) View() (name, title string) { return "me/passbook", "积分存折" }

// Passbook answers GET /me.
func (p *Pages) Passbook(c *fiber.Ctx) error {
	var f struct {
		Before int64 `form:"before" label:"页码" min:"0"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.passbookPage(c, f.Before)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) passbookPage(c *fiber.Ctx, before int64) (page passbookPage, err error) {
	ctx := c.UserContext()
	page.Newest = before == 0
	if page.family, err = p.family(c); err != nil {
		return page, err
	}
	entries, err := ledger.Statement(ctx, p.db, page.Household, before, linesAtOnce)
	if err != nil {
		return page, err
	}
	if page.Lines, err = passLines(ctx, p.db, page.Home, entries); err != nil {
		return page, err
	}
	if n := len(entries); n == linesAtOnce && entries[n-1].Seq > 1 {
		page.Older = pageAfter("/me", entries[n-1].Seq)
	}
	if page.Newest {
		if page.Clearing, err = p.myClearings(ctx, page.family); err != nil {
			return page, err
		}
	}
	if !page.Newest {
		page.First = "/me"
		return page, nil
	}
	if page.Waiting, page.Coming, page.ComingUntil, err = comingLines(ctx, p.db, page.Home); err != nil {
		return page, err
	}
	if page.Warned, page.Claims, err = p.ownMatters(ctx, page.Home); err != nil {
		return page, err
	}
	if page.Honour, err = honourStripOf(ctx, p.db, page.Household, p.db.Now().Day()); err != nil {
		return page, err
	}
	open, err := market.OpenVouchers(ctx, p.db, p.keys, page.Household)
	page.Vouchers = len(open)
	return page, err
}

// codePage is the family's own card on its phone.
type codePage struct {
	family
	QR, Bars Code
	Text     string // the short code, grouped
	Trial    bool
}

// View implements web.Page.
func (codePage) View() (name, title string) { return "me/code", "我的码" }

// MyCode answers GET /me/code: the same code as on the printed card.
func (p *Pages) MyCode(c *fiber.Ctx) error {
	f, err := p.family(c)
	if err != nil {
		return err
	}
	page := codePage{family: f, Trial: p.trial}
	if f.CardNo > 0 {
		token := village.CardToken(p.keys, f.Home)
		if page.QR, err = qrCode(keys.CardText(p.base, token)); err != nil {
			return err
		}
		if page.Bars, err = code128Code(string(token)); err != nil {
			return err
		}
		page.Text = token.Pretty()
	}
	return web.Show(c, page)
}

// MyCodePicture answers GET /me/code/qr.png, for browsers that keep pictures
// only.
func (p *Pages) MyCodePicture(c *fiber.Ctx) error {
	home, err := village.GetHome(c.UserContext(), p.db, web.Actor(c).Household)
	if err != nil {
		return err
	}
	if home.CardNo == 0 {
		return models.ErrNotFound
	}
	return sendPicture(c, keys.CardText(p.base, village.CardToken(p.keys, home)))
}

// sendPicture answers with a QR code as PNG.
func sendPicture(c *fiber.Ctx, text string) error {
	png, err := qrPNG(text, 600)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/png")
	return c.Send(png)
}

// myReceiptPage is one of the family's receipts.
type myReceiptPage struct {
	market.Receipt
	Village string
	QR      Code
}

// View implements web.Page.
func (p myReceiptPage) View() (name, title string) { return "me/receipt", "小票 " + p.Number }

// MyReceipt answers GET /me/receipts/:receipt.
func (p *Pages) MyReceipt(c *fiber.Ctx) error {
	id, err := web.ID(c, "receipt")
	if err != nil {
		return err
	}
	area, err := web.Village(c)
	if err != nil {
		return err
	}
	r, err := p.ownReceipt(c.UserContext(), web.Actor(c).Household, id)
	if err != nil {
		return err
	}
	page := myReceiptPage{Receipt: r, Village: area.Name}
	if page.QR, err = qrCode(p.verifyAddress(area.ID, r.Number, r.CheckCode)); err != nil {
		return err
	}
	return web.Show(c, page)
}

// ownReceipt is a receipt of this very household; another's is not found.
func (p *Pages) ownReceipt(ctx context.Context, h models.Household, id int64) (market.Receipt, error) {
	r, err := market.GetReceipt(ctx, p.db, h.Village, id)
	if err == nil && r.Household != h {
		err = models.ErrNotFound.With("没有找到这张小票，请核对单号")
	}
	return r, err
}
