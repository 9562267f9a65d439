package pages

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/village"
)

// matchesMost is how many households a search at the till lists; with more, the
// clerk asks for another character.
const matchesMost = 12

var (
	errMisread = models.ErrInput.With("没有读清这个码，没有扣分；请再扫一次，或输入户号、姓名").At("q")
	errPoster  = models.ErrInput.With("这是兑换点墙上的海报码，没有扣分；请扫村民的存折卡或取货码").At("q")
	errNobody  = models.ErrNotFound.With("没有找到这一户，没有扣分；请核对户号、姓名，或换个写法")
)

type scanForm struct {
	Q string `form:"q" label:"扫码或输入" max:"600"`
}

// Scan answers POST /counter/scan: what the gun, the camera or the clerk put in
// the scan field. Codes are posted so that none of them stays in an address.
func (p *Pages) Scan(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return astray(c, err)
	}
	var f scanForm
	if _, err := web.Bind(c, &f); err != nil {
		return p.emptyTill(c, s, "", err)
	}
	return p.lead(c, s, f.Q)
}

// lead goes to whatever the text stands for, or says why there is no such thing.
func (p *Pages) lead(c *fiber.Ctx, s station, text string) error {
	to, err := p.resolve(c, s, text)
	if err != nil {
		return p.emptyTill(c, s, "", err)
	}
	return web.See(c, to)
}

// resolve finds the clean address behind a card, a voucher or some words.
func (p *Pages) resolve(c *fiber.Ctx, s station, text string) (string, error) {
	if t, ok := keys.ParseToken(text); ok && t.Voucher() {
		_, err := market.FindVoucher(c.UserContext(), p.db, web.Actor(c), t)
		return p.voucherPath(c, string(t), err)
	} else if ok {
		return p.cardPath(c, s, t)
	}
	if code, ok := keys.ParseCode(text); ok {
		_, err := market.FindVoucherCode(c.UserContext(), p.db, web.Actor(c), p.keys, s.Village.ID, s.Counter.ID, code)
		if !errors.Is(err, models.ErrNotFound) { // eight characters may as well be a name in pinyin
			return p.voucherPath(c, code, err)
		}
	}
	if misread(text) {
		return "", errMisread
	}
	if text == "" {
		return "/counter", nil
	}
	return "/counter?q=" + url.QueryEscape(text), nil
}

// voucherPath remembers the voucher. One that is used up or run out leads to
// nowhere, and says so.
func (p *Pages) voucherPath(c *fiber.Ctx, code string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	p.remember(c, scannedVoucher, code)
	return "/counter/voucher", nil
}

// cardPath remembers that the card lies on the table.
func (p *Pages) cardPath(c *fiber.Ctx, s station, t keys.Token) (string, error) {
	card, err := village.FindCard(c.UserContext(), p.db, t)
	if errors.Is(err, models.ErrNotFound) {
		if _, lost := market.FindPoster(c.UserContext(), p.db, t); lost == nil {
			err = errPoster
		}
		return "", err
	}
	path := tillPath(card.ID)
	if card.Village != s.Village.ID {
		at, lost := village.PlaceOf(c.UserContext(), p.db, card.Village)
		if lost != nil || !web.Actor(c).Can(models.HandOverGoods, at) {
			return "", village.ErrNoCard // next door's card is like none at all, old or new
		}
		path += "?village=" + models.ID32(card.Village)
	}
	if err != nil {
		return "", err
	}
	p.rememberCard(c, card)
	return path, nil
}

func tillPath(household int64) string { return "/counter/h/" + models.ID32(household) }

// misread tells a spoiled code from words: no household is called so.
func misread(text string) bool {
	text = strings.ToUpper(text)
	if strings.Contains(text, "://") || strings.Contains(text, "/C/") || strings.Contains(text, "/Q/") || strings.Contains(text, "/P/") {
		return true
	}
	letters := strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
	return letters == "" && len(strings.ReplaceAll(text, "-", "")) >= 15 && strings.ContainsAny(text, "0123456789")
}

// search finds the households that words may mean, the very number first.
func (p *Pages) search(c *fiber.Ctx, v int64, q string) ([]village.Home, error) {
	homes, err := village.Search(c.UserContext(), p.db, v, q, matchesMost)
	if err != nil || len(homes) < 2 {
		return homes, err
	}
	short := func(s string) string { return strings.TrimLeft(s, "0") }
	var same []village.Home
	for _, h := range homes {
		if h.Number == q || short(q) != "" && short(h.Number) == short(q) {
			same = append(same, h)
		}
	}
	if len(same) == 1 {
		return same, nil
	}
	return homes, nil
}

// nobody is the refusal when a search found no household; goods on the table
// instead of a card are worth a word of their own.
func (p *Pages) nobody(c *fiber.Ctx, v int64, q string) error {
	g, err := market.FindBarcode(c.UserContext(), p.db, v, q)
	if err == nil {
		return models.ErrInput.With("这是商品“" + g.Name + "”的条码，没有扣分；请先扫村民的存折卡，再扫商品").At("q")
	}
	return errNobody
}
