package pages

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models/market"
)

// sampleSheetPage is the paper to walk with: a line for each receipt, with boxes
// and room to sign.
type sampleSheetPage struct {
	samplePage
	Shop string
	Back string
}

// View implements web.Page.
func (sampleSheetPage) View() (name, title string) {
	return "committee/samplesheet", "兑换抽查问询单"
}

// SampleSheet answers GET /committee/checks/:check/sheet.
func (p *Pages) SampleSheet(c *fiber.Ctx) error {
	at, k, err := p.sampleIn(c)
	if err != nil {
		return err
	}
	page, err := p.samplePage(c, at, k)
	if err != nil {
		return err
	}
	return web.Show(c, sampleSheetPage{page, at.Area.Name + "积分超市", at.Href(samplePath(k))})
}

// sampleOrderPage draws once more, before everybody's eyes.
type sampleOrderPage struct {
	committeeAt
	Sample market.Check
	Shop   string
	Back   string
	Rows   []sampleTicket
	More   int64 // that are not listed
	Now    int64 // to draw from now
	Same   bool  // as what was drawn
}

type sampleTicket struct {
	market.Ticket
	Nth   int
	Drawn bool
}

// sampleListed bounds the list; those behind it were not drawn.
const sampleListed = 400

// View implements web.Page.
func (sampleOrderPage) View() (name, title string) { return "committee/sampleorder", "重抽一次" }

// SampleOrder answers GET /committee/checks/:check/order.
func (p *Pages) SampleOrder(c *fiber.Ctx) error {
	at, k, err := p.sampleIn(c)
	if err != nil {
		return err
	}
	order, err := k.Order(c.UserContext(), p.db)
	if err != nil {
		return err
	}
	lines, err := market.CheckLines(c.UserContext(), p.db, k)
	if err != nil {
		return err
	}
	drawn := map[int64]bool{}
	for _, l := range lines {
		drawn[l.ID] = true
	}
	page := sampleOrderPage{committeeAt: at, Sample: k, Shop: at.Area.Name + "积分超市", Back: at.Href(samplePath(k)), Now: int64(len(order))}
	first := order[:min(int(k.Size), len(order))]
	page.Same = len(first) == len(drawn) && !slices.ContainsFunc(first, func(t market.Ticket) bool { return !drawn[t.Redemption] })
	for i, t := range order[:min(sampleListed, len(order))] {
		page.Rows = append(page.Rows, sampleTicket{t, i + 1, drawn[t.Redemption]})
	}
	page.More = page.Now - int64(len(page.Rows))
	return web.Show(c, page)
}
