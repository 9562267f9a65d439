package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/village"
)

// redeemForm is a cart as the till posts it. Price is what the clerk saw of each
// item, so that the page needs no script to say which total was agreed to.
type redeemForm struct {
	Counter   int64                   `form:"counter,id32,required" label:"兑换点"`
	Household int64                   `form:"household,id32" label:"这一户"`
	Qty       map[int64]models.Qty    `form:"qty.*,id32" label:"数量"`
	Price     map[int64]models.Points `form:"price.*,id32" label:"价格"`
	Seen      models.Points           `form:"seen" label:"总分"` // for programs, instead of Price
	PIN       string                  `form:"pin,raw" label:"取货密码" max:"32"`
	Proxy     string                  `form:"proxy" label:"替领人" max:"64"`
	ProxyID   int64                   `form:"proxy_id,id32" label:"替领人"`
	tillFace
	Voucher bool   `form:"voucher"` // the voucher that was scanned
	Code    string `form:"code,raw" label:"取货码" max:"600"`
}

func (f redeemForm) cart(v int64) market.Cart {
	cart := market.Cart{Village: v, Counter: f.Counter, Household: f.Household, Seen: f.Seen, Proxy: f.Proxy, ProxyID: f.ProxyID, Confirm: market.BySmall}
	if f.PIN != "" {
		cart.Confirm = market.ByPIN
	}
	for id, qty := range f.Qty {
		cart.Lines = append(cart.Lines, market.Line{Goods: id, Qty: qty})
		if f.Seen == 0 {
			points, _ := f.Price[id].Times(qty)
			cart.Seen += points
		}
	}
	return cart
}

// redeemed is what a program gets for a receipt.
type redeemed struct {
	Receipt string        `json:"receipt"`
	Number  string        `json:"number"`
	Code    string        `json:"code"`
	Balance models.Points `json:"balance"`
}

// Redeem answers POST /counter/redeem: the one confirmation at the till. It is
// the busiest thing a counter does, so it reads nothing that the activity does
// not need, and leaves the drawing to the receipt.
func (p *Pages) Redeem(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.HandOverGoods)
	if err != nil {
		return err
	}
	var f redeemForm
	op, err := web.Bind(c, &f)
	var r market.Receipt
	if err == nil {
		r, err = p.sell(c, op, v.ID, f)
	}
	if err != nil {
		return p.notSold(c, op, f, err)
	}
	if web.WantsJSON(c) {
		return web.JSON(c, redeemed{models.ID32(r.ID), r.Number, r.CheckCode, r.Balance})
	}
	return web.See(c, receiptPath(c, r))
}

// sell makes sure that the household wants it, and hands over.
func (p *Pages) sell(c *fiber.Ctx, op db.OpID, v int64, f redeemForm) (r market.Receipt, err error) {
	if err := p.isCounter(c.UserContext(), v, f.Counter); err != nil {
		return r, err
	}
	cart := f.cart(v)
	if f.Voucher || f.Code != "" {
		cart, err = p.voucherCart(c, v, f)
	} else {
		cart.Face, err = p.confirm(c, &cart, f)
	}
	if err != nil {
		return r, err
	}
	return market.Redeem(c.UserContext(), p.db, op, web.Actor(c), cart)
}

// confirm asks for what the household confirms with: two people who know it, its
// PIN, or the card on the table for small amounts. A name called out is no card.
func (p *Pages) confirm(c *fiber.Ctx, cart *market.Cart, f redeemForm) (market.Face, error) {
	if f.asked() && len(cart.Lines) > 0 && cart.Household != 0 {
		cart.Confirm = market.ByFace
		return p.witness(c, f.tillFace)
	}
	return market.Face{}, p.confirmAlone(c, *cart, f.PIN)
}

func (p *Pages) confirmAlone(c *fiber.Ctx, cart market.Cart, pin string) error {
	h := models.Household{Village: cart.Village, ID: cart.Household}
	switch {
	case len(cart.Lines) == 0:
		return models.ErrInput.With("还没有选商品，没有扣分；请按数字键或点一样商品").At("goods")
	case h.ID == 0:
		return models.ErrInput.With("还没有选是哪一户，没有扣分；请先扫存折卡或查户号").At("household")
	case pin != "":
		return village.CheckPIN(c.UserContext(), p.db, p.keys, h, models.ID32(cart.Counter), pin)
	}
	home, err := village.GetHome(c.UserContext(), p.db, h)
	if err == nil && !p.onTable(c, home) {
		err = market.ErrNeedPIN.With("没有刷存折卡，没有扣分；请村民输入取货密码，或先扫卡")
	}
	return err
}

// onTable says whether this browser has just scanned the household's card in
// force.
func (p *Pages) onTable(c *fiber.Ctx, home village.Home) bool {
	card, ok := p.recallCard(c)
	return ok && card.Household == home.Household && card.CardNo == home.CardNo
}

// voucherCart is the cart of the voucher whose code came with the request, else
// of the one scanned last. One that is used goes on to the activity: the same
// form sent twice gets its receipt there.
func (p *Pages) voucherCart(c *fiber.Ctx, v int64, f redeemForm) (market.Cart, error) {
	voucher, err := p.findVoucher(c, v, f.Counter, f.Code)
	if err != nil && !errors.Is(err, market.ErrVoucherGone) {
		return market.Cart{}, err
	}
	cart := voucher.Cart()
	if voucher.Household.Village != v {
		return cart, market.ErrNoVoucher
	}
	cart.Counter, cart.Proxy, cart.ProxyID = f.Counter, f.Proxy, f.ProxyID
	return cart, nil
}

func (p *Pages) findVoucher(c *fiber.Ctx, v, counter int64, code string) (market.Voucher, error) {
	if code == "" {
		code = p.recall(c, scannedVoucher)
	}
	if t, ok := keys.ParseToken(code); ok && t.Voucher() {
		return market.FindVoucher(c.UserContext(), p.db, web.Actor(c), t)
	}
	return market.FindVoucherCode(c.UserContext(), p.db, web.Actor(c), p.keys, v, counter, code)
}

// notSold shows the till again with the cart and the reason, both where they
// were. When nobody knows the outcome it shows the way to find out instead.
func (p *Pages) notSold(c *fiber.Ctx, op db.OpID, f redeemForm, err error) error {
	kind := models.KindOf(err)
	if web.WantsJSON(c) || kind == models.Bug || errors.Is(err, models.ErrSignIn) {
		return err
	}
	s, lost := p.station(c, models.HandOverGoods)
	if lost != nil {
		return err
	}
	if kind == models.Unknown {
		page := resultPage{counterFrame: s.frame("desk", "till"), Op: op.String(), Waiting: true}
		return web.Status(c, fiber.StatusServiceUnavailable, page)
	}
	var page tillPage
	switch {
	case f.Voucher || f.Code != "":
		page, lost = p.voucherTill(c, s, f.Code)
	case f.Household != 0:
		page, lost = p.homeTill(c, s, f.Household)
	default:
		page, lost = p.bareTill(c, s)
	}
	if lost != nil {
		return p.emptyTill(c, s, "", err)
	}
	page.keep(f)
	if errors.Is(err, market.ErrNeedPIN) {
		err = page.needPIN(err)
	}
	return page.again(c, op, err)
}

// needPIN asks for the PIN, of a household that has one.
func (t *tillPage) needPIN(err error) error {
	if t.PINOver != "" {
		t.PINOver = "0"
		return err
	}
	var e *models.Error
	errors.As(err, &e)
	return e.With("超过免密码额度，没有扣分；这一户还没设取货密码，请少换一点，或先到村委设好密码")
}

// RedeemResult answers GET /counter/result?op=…: what became of a confirmation
// whose answer was lost.
func (p *Pages) RedeemResult(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return astray(c, err)
	}
	op, err := db.ParseOpID(c.Query("op"))
	if err != nil {
		return models.ErrNotFound
	}
	r, err := market.ReceiptOfOp(c.UserContext(), p.db, s.Village.ID, op)
	if err == nil {
		return web.See(c, receiptPath(c, r))
	}
	if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return web.Show(c, resultPage{counterFrame: s.frame("desk", "till"), Op: op.String()})
}

// resultPage stands where the outcome of a confirmation is not known yet
// (Waiting), or where it turned out not to have happened.
type resultPage struct {
	counterFrame
	Op      string
	Waiting bool
}

// View implements web.Page.
func (resultPage) View() (name, title string) { return "counter/result", "查看结果" }
