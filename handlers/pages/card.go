package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/village"
)

func (p *Pages) routesCard(r Routes) {
	r.Get("/c/:token", web.Anybody, p.Card, web.Guessable)
	r.Get("/card", web.Anybody, p.CardHere)
	r.Post("/card", web.Anybody, p.TypeCard, web.Guessable)
	r.Post("/card/enter", web.Anybody, p.EnterHome, web.Guessable)
}

// Card answers GET /c/:token, wherever a card is scanned. Who scans decides what
// it opens, and the token leaves the address at once.
func (p *Pages) Card(c *fiber.Ctx) error {
	t, ok := keys.ParseToken(c.Params("token"))
	if !ok || t.Voucher() {
		return village.ErrNoCard
	}
	return p.openCard(c, t)
}

func (p *Pages) openCard(c *fiber.Ctx, t keys.Token) error {
	by := web.Actor(c)
	card, err := village.FindCard(c.UserContext(), p.db, t)
	if by.Account != 0 && (err == nil || errors.Is(err, village.ErrOldCard)) {
		return p.openCardAtWork(c, card, err)
	}
	if err != nil {
		return err
	}
	if by.Household == card.Household {
		return web.See(c, "/me")
	}
	p.rememberCard(c, card)
	return web.See(c, "/card")
}

// cardWaysPage asks somebody with several roles what the card is for.
type cardWaysPage struct {
	Village string
	Ways    []web.Link
}

// View implements web.Page.
func (cardWaysPage) View() (name, title string) { return "card/choose", "扫到一张积分卡" }

// openCardAtWork leads to the household's till or award page. A card of a
// village where they have no work is like no card at all.
func (p *Pages) openCardAtWork(c *fiber.Ctx, card village.Card, old error) error {
	place, err := village.PlaceOf(c.UserContext(), p.db, card.Village)
	if err != nil {
		return err
	}
	ways := waysOf(web.Actor(c), place, card.Household)
	if len(ways) == 0 {
		return village.ErrNoCard
	}
	if old != nil {
		return old
	}
	p.rememberCard(c, card)
	if len(ways) == 1 {
		return web.See(c, ways[0].Href)
	}
	area, err := village.GetArea(c.UserContext(), p.db, card.Village)
	if err != nil {
		return err
	}
	return web.Show(c, cardWaysPage{area.Name, ways})
}

// waysOf is what a member of staff may do with a household in front of them.
func waysOf(by models.Actor, at models.Place, h models.Household) []web.Link {
	v, home := models.ID32(h.Village), models.ID32(h.ID)
	var ways []web.Link
	if by.Can(models.HandOverGoods, at) {
		ways = append(ways, web.Link{Href: "/counter/h/" + home + "?village=" + v, Text: "换东西", Icon: "gift"})
	}
	if by.Can(models.GrantPoints, at) {
		ways = append(ways, web.Link{Href: "/committee/award?village=" + v + "&household=" + home, Text: "记一笔", Icon: "edit"})
	}
	return ways
}

// cardPage is what a stranger sees of a card: the village, and where to hand in
// a lost one. The family goes on with its 取货密码. Without a card in hand, it is
// the way in by short code or household number.
type cardPage struct {
	Village  web.Area // of the card, or of the goods that were chosen
	Counters []string
	Scanned  bool
	Asked    bool // the family is being asked for its PIN
	Villages []web.Option
	Number   string
	Code     string
	Chosen   *cartNote
	Errors   map[string]string
}

// View implements web.Page.
func (p cardPage) View() (name, title string) {
	if p.Scanned {
		return "card/card", "积分卡"
	}
	return "card/enter", "看存折"
}

// Frame names the village in the banner and asks in large type: it is mostly the
// old who are asked.
func (p cardPage) Frame(f *web.Frame) {
	f.Elder = true
	if p.Village.Name != "" {
		f.Site, f.SiteHref = p.Village.Name+"积分超市", "/v/"+models.ID32(p.Village.ID)
	}
}

// CardHere answers GET /card.
func (p *Pages) CardHere(c *fiber.Ctx) error {
	page, err := p.cardPage(c, enterForm{}, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) cardPage(c *fiber.Ctx, f enterForm, refused error) (page cardPage, err error) {
	ctx := c.UserContext()
	page = cardPage{Number: f.Number, Errors: web.Errors(refused), Asked: refused != nil}
	card, scanned := p.recallCard(c)
	note, chosen := p.recallCart(c)
	at := f.Village
	if scanned && f.Number == "" {
		page.Scanned, at = true, card.Village
	} else if chosen && at == 0 {
		at = note.Village
	}
	if chosen && note.Village == at {
		if err := note.tell(ctx, p.db); err == nil && len(note.Lines) > 0 {
			page.Chosen, page.Asked = note, true
		}
	}
	if at == 0 {
		at, _ = models.ParseID32(c.Query("village"))
	}
	if page.Villages, err = p.villageOptions(ctx, at); err != nil || at == 0 {
		return page, err
	}
	area, err := village.GetArea(ctx, p.db, at)
	if err != nil {
		return page, err
	}
	page.Village = web.Area{ID: area.ID, Name: area.Name, Level: area.Level, Place: area.Place()}
	counters, err := market.Counters(ctx, p.db, at)
	for _, k := range counters {
		page.Counters = append(page.Counters, k.Name)
	}
	return page, err
}

// TypeCard answers POST /card: the short code below the QR code, typed.
func (p *Pages) TypeCard(c *fiber.Ctx) error {
	var f struct {
		Code string `form:"code,required" label:"卡上的短码"`
	}
	again := func(refused error) error {
		page, err := p.cardPage(c, enterForm{}, refused)
		if err != nil {
			return err
		}
		page.Code, page.Scanned = f.Code, false
		return web.Again(c, page, refused)
	}
	if _, err := web.Bind(c, &f); err != nil {
		return again(err)
	}
	t, ok := keys.ParseToken(f.Code)
	if !ok || t.Voucher() {
		return again(village.ErrNoCard.At("code"))
	}
	if err := p.openCard(c, t); err != nil {
		return again(atField(err, "code"))
	}
	return nil
}

type enterForm struct {
	Village int64  `form:"village,id32"`
	Number  string `form:"number" label:"户号" max:"64"`
	PIN     string `form:"pin,raw" label:"取货密码" max:"32"`
	Keep    bool   `form:"keep"`
}

var (
	errNoNumber = models.ErrInput.With("请填户号，或重新扫卡").At("number")
	errNoPIN    = models.ErrInput.With("请输入取货密码，4 到 6 位数字").At("pin")
)

// EnterHome answers POST /card/enter: the family shows with its 取货密码 that the
// card, or the number, is its own.
func (p *Pages) EnterHome(c *fiber.Ctx) error {
	var f enterForm
	again := func(refused error) error {
		page, err := p.cardPage(c, f, refused)
		if err != nil {
			return err
		}
		return web.Again(c, page, refused)
	}
	if _, err := web.Bind(c, &f); err != nil {
		return again(err)
	}
	h, err := p.whoseHome(c, f)
	if err != nil {
		return again(err)
	}
	if err := p.enterHousehold(c, h, f.Keep); err != nil {
		return err
	}
	p.forget(c, scannedCard)
	if note, ok := p.recallCart(c); ok && note.Village == h.Village {
		return web.See(c, "/me/goods?counter="+models.ID32(note.Counter))
	}
	return web.See(c, "/me")
}

// whoseHome checks the PIN of the card that was scanned, or of the number that
// was typed.
func (p *Pages) whoseHome(c *fiber.Ctx, f enterForm) (models.Household, error) {
	ctx := c.UserContext()
	card, scanned := p.recallCard(c)
	switch {
	case f.Number == "" && !scanned:
		return models.Household{}, errNoNumber
	case f.PIN == "":
		return models.Household{}, errNoPIN
	case f.Number != "":
		if f.Village == 0 {
			return models.Household{}, models.ErrInput.With("请先选是哪个村").At("village")
		}
		return village.Enter(ctx, p.db, p.keys, f.Village, f.Number, f.PIN)
	}
	home, err := village.GetHome(ctx, p.db, card.Household)
	if err != nil {
		return models.Household{}, err
	}
	if home.CardNo != card.CardNo {
		return models.Household{}, village.ErrOldCard
	}
	return card.Household, village.CheckPIN(ctx, p.db, p.keys, card.Household, village.OnPhone, f.PIN)
}

// enterHousehold signs a household in on this phone, under a fresh secret.
func (p *Pages) enterHousehold(c *fiber.Ctx, h models.Household, keep bool) error {
	if err := p.leave(c); err != nil {
		return err
	}
	secret, err := account.SignInHousehold(c.UserContext(), p.db, h, web.Device(c))
	if err != nil {
		return err
	}
	web.Enter(c, secret, keep)
	return nil
}
