package api

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/village"
)

// redemptionForm is a cart and how the household confirms it: its PIN, the card
// on the table for small amounts, or a voucher, which knows household and goods.
type redemptionForm struct {
	Counter   int64                `form:"counter,id32,required" label:"兑换点"`
	Household int64                `form:"household,id32" label:"这一户"`
	Goods     map[int64]models.Qty `form:"goods.*,id32" label:"数量"`
	Seen      models.Points        `form:"seen" label:"总分"`
	PIN       string               `form:"pin,raw" label:"取货密码" max:"32"`
	Card      string               `form:"card,raw" label:"存折卡" max:"600"`
	Voucher   string               `form:"voucher,raw" label:"取货码" max:"600"`
	Proxy     string               `form:"proxy" label:"替领人" max:"64"`
}

// receiptJSON is a redemption as it is printed.
type receiptJSON struct {
	ID        id              `json:"id"`
	Number    string          `json:"number"`
	CheckCode string          `json:"check_code"`
	Household id              `json:"household"`
	Mark      string          `json:"mark"`
	Counter   id              `json:"counter"`
	Lines     []goodsLineJSON `json:"lines"`
	Points    models.Points   `json:"points"`
	Balance   models.Points   `json:"balance"`
	Confirm   string          `json:"confirm"`
	Proxy     string          `json:"proxy,omitempty"`
	Clerk     string          `json:"clerk"`
	At        instant         `json:"at"`
	Undone    *undoneJSON     `json:"undone,omitempty"`
}

type goodsLineJSON struct {
	Goods    id            `json:"goods"`
	Name     string        `json:"name"`
	Quantity json.Number   `json:"quantity"`
	Unit     string        `json:"unit"`
	Price    models.Points `json:"price"`
	Points   models.Points `json:"points"`
}

type undoneJSON struct {
	At     instant `json:"at"`
	Reason string  `json:"reason"`
	Number string  `json:"number"`
}

func receiptOf(r market.Receipt) receiptJSON {
	j := receiptJSON{ID: id(r.ID), Number: r.Number, CheckCode: r.CheckCode, Household: id(r.Household.ID), Mark: r.Mark, Counter: id(r.Counter),
		Lines: []goodsLineJSON{}, Points: r.Points, Balance: r.Balance, Confirm: r.Confirm, Proxy: r.Proxy, Clerk: r.Clerk, At: instant(r.At)}
	for _, l := range r.Lines {
		j.Lines = append(j.Lines, goodsLineJSON{id(l.Goods), l.Name, quantity(l.Qty), l.Unit, l.Price, l.Points})
	}
	if r.Undone() {
		j.Undone = &undoneJSON{instant(r.UndoneAt), r.UndoneReason, r.UndoneNumber}
	}
	return j
}

// Redeem answers POST …/redemptions.
func (a *API) Redeem(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.HandOverGoods)
	if err != nil {
		return err
	}
	var f redemptionForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	ctx, by := c.UserContext(), web.Actor(c)
	// Wrong PINs are counted by counter: nobody may invent counters to get more
	// guesses.
	if _, err := market.GetCounter(ctx, a.db, v.ID, f.Counter); err != nil {
		return err
	}
	cart, err := a.cart(ctx, by, v.ID, f)
	if err != nil {
		return err
	}
	r, err := market.Redeem(ctx, a.db, op, by, cart)
	if err != nil {
		return err
	}
	return made(c, receiptOf(r))
}

// cart is what is to be handed over, confirmed by the household.
func (a *API) cart(ctx context.Context, by models.Actor, v int64, f redemptionForm) (market.Cart, error) {
	if f.Voucher != "" {
		return a.voucherCart(ctx, by, v, f)
	}
	cart := market.Cart{Village: v, Counter: f.Counter, Household: f.Household, Seen: f.Seen, Proxy: f.Proxy}
	for goods, qty := range f.Goods {
		cart.Lines = append(cart.Lines, market.Line{Goods: goods, Qty: qty})
	}
	if f.Card != "" {
		card, err := a.card(ctx, v, f.Card)
		if err != nil {
			return cart, err
		}
		if cart.Household != 0 && cart.Household != card.ID {
			return cart, models.ErrInput.With("这张卡不是这一户的，没有扣分；请核对后再办").At("card")
		}
		cart.Household, cart.Confirm = card.ID, market.BySmall
	}
	if f.PIN != "" && cart.Household != 0 {
		cart.Confirm = market.ByPIN
		return cart, village.CheckPIN(ctx, a.db, a.keys, models.Household{Village: v, ID: cart.Household}, models.ID32(f.Counter), f.PIN)
	}
	return cart, nil // Redeem refuses a cart that nobody confirmed
}

// card finds the household of a card in force. A card of another village is no
// card here.
func (a *API) card(ctx context.Context, v int64, text string) (village.Card, error) {
	t, ok := keys.ParseToken(text)
	if !ok {
		return village.Card{}, village.ErrNoCard.At("card")
	}
	card, err := village.FindCard(ctx, a.db, t)
	if card.Village != v && (err == nil || errors.Is(err, village.ErrOldCard)) {
		err = village.ErrNoCard.At("card")
	}
	return card, err
}

// voucherCart is the cart of a voucher. One that is used goes on to the activity:
// the same operation sent twice gets its receipt there.
func (a *API) voucherCart(ctx context.Context, by models.Actor, v int64, f redemptionForm) (market.Cart, error) {
	var voucher market.Voucher
	var err error
	if t, ok := keys.ParseToken(f.Voucher); ok && t.Voucher() {
		voucher, err = market.FindVoucher(ctx, a.db, by, t)
	} else {
		voucher, err = market.FindVoucherCode(ctx, a.db, by, a.keys, v, f.Counter, f.Voucher)
	}
	if err != nil && !errors.Is(err, market.ErrVoucherGone) {
		return market.Cart{}, err
	}
	if voucher.Household.Village != v {
		return market.Cart{}, market.ErrNoVoucher
	}
	cart := voucher.Cart()
	cart.Counter, cart.Proxy = f.Counter, f.Proxy
	return cart, nil
}

// slipActions are the rights of which any opens a receipt.
var slipActions = []models.Action{models.HandOverGoods, models.KeepStock, models.UndoRedemption}

// receiptFor is the receipt in the path.
func (a *API) receiptFor(c *fiber.Ctx) (market.Receipt, error) {
	var v web.Area
	var err error
	for _, act := range slipActions {
		if v, err = web.VillageFor(c, act); !errors.Is(err, models.ErrForbidden) {
			break
		}
	}
	if err != nil {
		return market.Receipt{}, err
	}
	receipt, err := web.ID(c, "receipt")
	if err != nil {
		return market.Receipt{}, err
	}
	return market.GetReceipt(c.UserContext(), a.db, v.ID, receipt)
}

// Receipt answers GET …/redemptions/:receipt.
func (a *API) Receipt(c *fiber.Ctx) error {
	r, err := a.receiptFor(c)
	if err != nil {
		return err
	}
	return web.JSON(c, receiptOf(r))
}

// Undo answers POST …/redemptions/:receipt/undo: points and goods go back where
// they came from.
func (a *API) Undo(c *fiber.Ctx) error {
	r, err := a.receiptFor(c)
	if err != nil {
		return err
	}
	var f struct {
		Reason string `form:"reason,required,text" label:"原因" max:"120"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	if r, err = market.Undo(c.UserContext(), a.db, op, web.Actor(c), r.Household.Village, r.ID, f.Reason); err != nil {
		return err
	}
	return made(c, receiptOf(r))
}
