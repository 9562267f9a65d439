package pages

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/sheet"
)

func (p *Pages) routesGoodsSheet(r Routes) {
	r.Get("/counter/stock/goods.xlsx", web.Staff(models.KeepStock), p.GoodsSheet)
}

// GoodsSheet answers GET /counter/stock/goods.xlsx: what is on the counter's
// shelf, in the columns that the import reads.
func (p *Pages) GoodsSheet(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	items, err := market.Shelf(c.UserContext(), p.db, s.Village.ID, s.Counter.ID, p.db.Now().Day())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, sheet.Book{Title: s.Village.Name + "价目表", Sheets: []sheet.Sheet{market.GoodsSheet(items)}}); err != nil {
		return err
	}
	return web.Download(c, s.Village.Name+" 价目表.xlsx", xlsxType, b.Bytes())
}
