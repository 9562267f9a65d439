package pages

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/keys"
	"pointstore/models/market"
)

func (p *Pages) routesPoster(r Routes) {
	r.Get("/p/:token", web.Anybody, p.ScanPoster, web.Guessable)
	r.Get("/q/:token", web.Anybody, p.ScanVoucher, web.Guessable)
	r.Get("/v/:village/shop/:counter", web.Anybody, p.Shop)
	r.Post("/v/:village/shop/:counter", web.Anybody, p.Choose)
	r.Get("/counter/poster", web.Staff(models.KeepStock), p.Poster)
}

// ScanPoster answers GET /p/:token: the poster at a counter, scanned with WeChat.
func (p *Pages) ScanPoster(c *fiber.Ctx) error {
	t, ok := keys.ParseToken(c.Params("token"))
	if !ok || t.Voucher() {
		return market.ErrNoCounter
	}
	k, err := market.FindPoster(c.UserContext(), p.db, t)
	if err != nil {
		return err
	}
	return web.See(c, shopPath(k))
}

func shopPath(k market.Counter) string {
	return "/v/" + models.ID32(k.Village) + "/shop/" + models.ID32(k.ID)
}

// forClerkPage tells whoever scans a voucher that it is the clerk's to scan.
type forClerkPage struct{}

// View implements web.Page.
func (forClerkPage) View() (name, title string) { return "card/forclerk", "取货码" }

// ScanVoucher answers GET /q/:token. For the clerk the till opens with it; for
// anybody else it is not even looked up.
func (p *Pages) ScanVoucher(c *fiber.Ctx) error {
	t, ok := keys.ParseToken(c.Params("token"))
	if !ok || !t.Voucher() {
		return market.ErrNoVoucher
	}
	if !web.Actor(c).Any(models.HandOverGoods) {
		return web.Show(c, forClerkPage{})
	}
	p.remember(c, scannedVoucher, string(t))
	return web.See(c, "/counter/voucher")
}

// shopPage is a counter's goods for somebody who has not said who they are.
type shopPage struct {
	Village  web.Area
	Counter  market.Counter
	Items    []shopItem
	Errors   map[string]string
	Stranger bool // a household of another village, or somebody at work
}

// View implements web.Page.
func (p shopPage) View() (name, title string) { return "me/shop", p.Called() }

// Called is the counter with its village, which its own name often begins with.
func (p shopPage) Called() string {
	if strings.HasPrefix(p.Counter.Name, p.Village.Name) {
		return p.Counter.Name
	}
	return p.Village.Name + p.Counter.Name
}

// Frame leads back to the village's board.
func (p shopPage) Frame(f *web.Frame) { f.SiteHref = "/v/" + models.ID32(p.Village.ID) }

// Shop answers GET /v/:village/shop/:counter.
func (p *Pages) Shop(c *fiber.Ctx) error {
	page, err := p.shopPage(c)
	if err != nil {
		return err
	}
	if by := web.Actor(c); by.Household.Village == page.Village.ID {
		return web.See(c, "/me/goods?counter="+models.ID32(page.Counter.ID))
	}
	if note, ok := p.recallCart(c); ok && note.Counter == page.Counter.ID {
		if page.Items, err = p.shelf(c, page.Counter, note.Qty); err != nil {
			return err
		}
	}
	return web.Show(c, page)
}

func (p *Pages) shopPage(c *fiber.Ctx) (page shopPage, err error) {
	if page.Village, err = web.Village(c); err != nil {
		return page, err
	}
	id, err := web.ID(c, "counter")
	if err != nil {
		return page, err
	}
	if page.Counter, err = market.GetCounter(c.UserContext(), p.db, page.Village.ID, id); err != nil {
		return page, err
	}
	if page.Counter.ClosedAt != 0 {
		return page, market.ErrCounterClosed
	}
	by := web.Actor(c)
	page.Stranger = by.Account != 0 || by.Household.ID != 0
	page.Items, err = p.shelf(c, page.Counter, nil)
	return page, err
}

func (p *Pages) shelf(c *fiber.Ctx, k market.Counter, chosen map[int64]models.Qty) ([]shopItem, error) {
	items, err := market.Shelf(c.UserContext(), p.db, k.Village, k.ID, p.db.Now().Day())
	return shopItems(items, chosen), err
}

var errNothingChosen = models.ErrInput.With("还没有选东西，请先选要换什么").At("goods")

// Choose answers POST /v/:village/shop/:counter: the goods wait in the browser
// until the family has said who it is.
func (p *Pages) Choose(c *fiber.Ctx) error {
	page, err := p.shopPage(c)
	if err != nil {
		return err
	}
	var f struct {
		Qty map[int64]models.Qty `form:"qty.*,id32" label:"数量"`
	}
	_, err = web.Bind(c, &f)
	if err == nil && len(f.Qty) == 0 {
		err = errNothingChosen
	}
	if err == nil && len(f.Qty) > 20 {
		err = models.ErrInput.With("一次最多换 20 种东西，请分两次").At("goods")
	}
	if err != nil {
		var again error
		if page.Items, again = p.shelf(c, page.Counter, f.Qty); again != nil {
			return again
		}
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	p.rememberCart(c, cartNote{Village: page.Village.ID, Counter: page.Counter.ID, Qty: f.Qty})
	return web.See(c, "/card?village="+models.ID32(page.Village.ID))
}

// posterPage is the sheet that hangs at a counter.
type posterPage struct {
	Village  string
	Counter  market.Counter
	Counters []web.Link
	QR       Code
	Trial    bool
	Host     string
}

// View implements web.Page.
func (p posterPage) View() (name, title string) { return "me/poster", p.Counter.Name + "海报" }

// Poster answers GET /counter/poster, for printing.
func (p *Pages) Poster(c *fiber.Ctx) error {
	area, err := web.VillageFor(c, models.KeepStock)
	if err != nil {
		return err
	}
	var f struct {
		Counter int64 `form:"counter,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	all, err := market.Counters(c.UserContext(), p.db, area.ID)
	if err != nil {
		return err
	}
	page := posterPage{Village: area.Name, Trial: p.trial, Host: strings.TrimPrefix(strings.TrimPrefix(p.base, "https://"), "http://")}
	for i, k := range all {
		if i == 0 && f.Counter == 0 || k.ID == f.Counter {
			page.Counter = k
		}
		page.Counters = append(page.Counters, web.Link{Href: "/counter/poster?village=" + models.ID32(area.ID) + "&counter=" + models.ID32(k.ID), Text: k.Name})
	}
	if page.Counter.ID == 0 {
		return market.ErrNoCounter
	}
	if page.QR, err = qrCode(keys.CounterText(p.base, market.PosterToken(p.keys, page.Counter))); err != nil {
		return err
	}
	return web.Show(c, page)
}
