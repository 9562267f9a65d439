package api

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// goodsJSON is what lies on the shelf. Left is missing for services, which are
// never sold out.
type goodsJSON struct {
	ID      id            `json:"id"`
	Number  int           `json:"number"` // the key to type at the till
	Name    string        `json:"name"`
	Unit    string        `json:"unit"`
	Kind    string        `json:"kind"`
	Points  models.Points `json:"points"`
	Left    json.Number   `json:"left,omitempty"`
	SoldOut bool          `json:"sold_out"`
	Halal   bool          `json:"halal"`
}

type counterJSON struct {
	ID     id     `json:"id"`
	Name   string `json:"name"`
	Open   bool   `json:"open"`
	Closed bool   `json:"closed"` // given up for good
}

type shelfJSON struct {
	Counters []counterJSON `json:"counters"`
	page[goodsJSON]
}

// Goods answers GET …/goods: today's prices and what is left, at one counter or
// at all of them together.
func (a *API) Goods(c *fiber.Ctx) error {
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	var f struct {
		Counter int64 `form:"counter,id32" label:"兑换点"`
	}
	if err := web.Read(c, &f); err != nil {
		return err
	}
	ctx := c.UserContext()
	if f.Counter != 0 {
		if _, err := market.GetCounter(ctx, a.db, v.ID, f.Counter); err != nil {
			return err
		}
	}
	counters, err := market.Counters(ctx, a.db, v.ID)
	if err != nil {
		return err
	}
	items, err := market.Shelf(ctx, a.db, v.ID, f.Counter, a.db.Now().Day())
	if err != nil {
		return err
	}
	shelf := shelfJSON{Counters: []counterJSON{}}
	for _, k := range counters {
		shelf.Counters = append(shelf.Counters, counterJSON{id(k.ID), k.Name, k.Opening != 0, k.ClosedAt != 0})
	}
	list := make([]goodsJSON, len(items))
	for i, it := range items {
		list[i] = goodsJSON{ID: id(it.ID), Number: it.Position, Name: it.Name, Unit: it.Unit, Kind: it.Kind, Points: it.Points, SoldOut: it.SoldOut, Halal: it.Halal}
		if it.Counted() {
			list[i].Left = quantity(it.Qty)
		}
	}
	shelf.page = pageOf(list, "")
	return web.JSON(c, shelf)
}
