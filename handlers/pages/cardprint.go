package pages

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/keys"
	"pointstore/models/village"
)

// cardAsk says whose cards are printed: those chosen, or a bundle of a group.
type cardAsk struct {
	Group int     `form:"group" label:"组" min:"0" max:"99"`
	Set   int     `form:"set" label:"第几叠" min:"0" max:"1000"`
	Homes []int64 `form:"h,id32" label:"选中的户"`
}

var errNoCardChosen = models.ErrInput.With("还没有选要打印哪些户，请先点选，或者按组打印").At("h")

// cardHomes are the households asked for, in the order of doors.
func (p *Pages) cardHomes(c *fiber.Ctx, at committeeAt) ([]village.Home, cardAsk, error) {
	var f cardAsk
	if _, err := web.Bind(c, &f); err != nil {
		return nil, f, err
	}
	if f.Set == 0 && len(f.Homes) == 0 {
		return nil, f, errNoCardChosen
	}
	if len(f.Homes) > cardsAtOnce {
		return nil, f, models.ErrInput.With(fmt.Sprintf("一次最多打印 %d 户，请分几次选，或者按组打印", cardsAtOnce)).At("h")
	}
	all, err := village.Homes(c.UserContext(), p.db, at.Area.ID, village.Filter{ByDoor: true})
	if err != nil {
		return nil, f, err
	}
	homes := slices.DeleteFunc(all, func(h village.Home) bool {
		if f.Set == 0 {
			return !slices.Contains(f.Homes, h.ID)
		}
		return h.Group != f.Group
	})
	if f.Set > 0 {
		from := min((f.Set-1)*cardsAtOnce, len(homes))
		homes = homes[from:min(from+cardsAtOnce, len(homes))]
	}
	if len(homes) == 0 {
		return nil, f, errNoHome
	}
	return homes, f, nil
}

// printCardsPage is sheets of household cards, ten to a sheet.
type printCardsPage struct {
	committeeAt
	Sheets [][]printCard
	Trial  bool
	Back   string
	Blank  int // households without a card, left out
}

type printCard struct {
	Village  string
	Home     village.Home
	Name     string // masked
	Short    string
	QR, Bars Code
}

// View implements web.Page.
func (p printCardsPage) View() (name, title string) { return "committee/cardsprint", "积分卡" }

// PrintCards answers GET /committee/cards/print.
func (p *Pages) PrintCards(c *fiber.Ctx) error {
	at, homes, err := p.cardsInHand(c)
	if err != nil {
		return p.cardsAgain(c, at, err)
	}
	page := printCardsPage{committeeAt: at, Trial: p.trial, Back: at.Href("/committee/cards")}
	var cards []printCard
	for _, h := range homes {
		if h.CardNo == 0 {
			page.Blank++
			continue
		}
		card, err := p.printCard(at.Area.Name, h)
		if err != nil {
			return err
		}
		cards = append(cards, card)
	}
	page.Sheets = slices.Collect(slices.Chunk(cards, cardsPerSheet))
	return web.Show(c, page)
}

func (p *Pages) cardsInHand(c *fiber.Ctx) (committeeAt, []village.Home, error) {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return at, nil, err
	}
	homes, _, err := p.cardHomes(c, at)
	return at, homes, err
}

// cardsAgain shows where cards are chosen, with why nothing was printed.
func (p *Pages) cardsAgain(c *fiber.Ctx, at committeeAt, refused error) error {
	if at.Area.ID == 0 || models.KindOf(refused) != models.Input {
		return p.committeeAstray(c, refused, models.SetUpVillage)
	}
	page, err := p.cardsPage(c.UserContext(), at)
	if err != nil {
		return err
	}
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

func (p *Pages) printCard(villageName string, h village.Home) (card printCard, err error) {
	token := village.CardToken(p.keys, h)
	card = printCard{Village: villageName, Home: h, Name: models.MaskName(h.Head), Short: token.Pretty()}
	if card.QR, err = qrCode(keys.CardText(p.base, token)); err != nil {
		return card, err
	}
	card.Bars, err = code128Code(string(token))
	return card, err
}

// cardListPage is 发卡签收表: full names and room to sign.
type cardListPage struct {
	committeeAt
	Homes []village.Home
	Title string
	Back  string
}

// View implements web.Page.
func (cardListPage) View() (name, title string) { return "committee/cardsign", "发卡签收表" }

// PrintCardList answers GET /committee/cards/sign.
func (p *Pages) PrintCardList(c *fiber.Ctx) error {
	at, homes, err := p.cardsInHand(c)
	if err != nil {
		return p.cardsAgain(c, at, err)
	}
	return web.Show(c, cardListPage{committeeAt: at, Homes: homes, Title: at.Area.Name + "积分卡发卡签收表", Back: at.Href("/committee/cards")})
}

// pinSlipsPage is the first 取货密码, one slip a household, to be folded. It can
// be shown once only.
type pinSlipsPage struct {
	committeeAt
	Sheets [][]village.Slip
	Homes  int
	Back   string
}

// View implements web.Page.
func (pinSlipsPage) View() (name, title string) { return "committee/pinslips", "首次取货密码条" }

// PrintFirstPINs answers POST /committee/cards/pins.
func (p *Pages) PrintFirstPINs(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err != nil {
		return err
	}
	slips, err := village.FirstPINs(c.UserContext(), p.db, op, at.Actor, p.keys, at.Area.ID)
	if err != nil {
		return err
	}
	return web.Show(c, pinSlipsPage{committeeAt: at, Sheets: slices.Collect(slices.Chunk(slips, slipsPerSheet)), Homes: len(slips), Back: at.Href("/committee/cards")})
}
