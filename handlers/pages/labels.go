package pages

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

func (p *Pages) routesLabels(r Routes) {
	r.Get("/counter/labels", web.Staff(models.HandOverGoods, models.KeepStock), p.ShelfLabels)
}

// labelsPage is the labels of a counter's shelf, ten to an A4 sheet. The QR code
// opens the shelf on a household's own phone, the bars are the item's own for the
// gun at the till.
type labelsPage struct {
	counterFrame
	Shop   string
	Sheets [][]shelfLabel
	Trial  bool
}

type shelfLabel struct {
	Name, Unit, Barcode string
	Points              models.Points
	Halal               bool
	QR, Bars            Code
}

// View implements web.Page.
func (labelsPage) View() (name, title string) { return "counter/labels", "货架标签" }

// ShelfLabels answers GET /counter/labels.
func (p *Pages) ShelfLabels(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	shelf, err := market.Shelf(c.UserContext(), p.db, s.Village.ID, s.Counter.ID, p.db.Now().Day())
	if err != nil {
		return err
	}
	page := labelsPage{counterFrame: s.frame("", "stock"), Shop: s.Village.Name + "积分超市", Trial: p.trial}
	var labels []shelfLabel
	for _, it := range shelf {
		l, err := p.shelfLabel(s.Counter, it)
		if err != nil {
			return err
		}
		labels = append(labels, l)
	}
	page.Sheets = slices.Collect(slices.Chunk(labels, cardsPerSheet))
	return web.Show(c, page)
}

func (p *Pages) shelfLabel(k market.Counter, it market.Item) (l shelfLabel, err error) {
	l = shelfLabel{Name: it.Name, Unit: it.Unit, Barcode: it.Barcode, Points: it.Points, Halal: it.Halal}
	if l.QR, err = qrCode(p.base + shopPath(k)); err == nil && it.Barcode != "" {
		l.Bars, err = code128Code(it.Barcode)
	}
	return l, err
}
