package api

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
)

// noticeJSON is a notice on the village's wall, masked as it is printed there.
type noticeJSON struct {
	ID         id               `json:"id"`
	Name       string           `json:"name"`
	Title      string           `json:"title"`
	HungAt     instant          `json:"hung_at"`
	HungWhere  string           `json:"hung_where"`
	EndsAt     instant          `json:"ends_at"`
	CheckCode  string           `json:"check_code"`
	Awards     int              `json:"awards"`
	Households int              `json:"households"`
	Points     models.Points    `json:"points"`
	Categories []sumJSON        `json:"categories"`
	Lines      []noticeLineJSON `json:"lines"`
	Kept       keptJSON         `json:"kept"`
}

type sumJSON struct {
	Name   string        `json:"name"`
	Awards int           `json:"awards"`
	Points models.Points `json:"points"`
}

type noticeLineJSON struct {
	Household string        `json:"household"`
	Item      string        `json:"item"`
	ActDate   models.Date   `json:"act_date"`
	Quantity  json.Number   `json:"quantity"`
	Unit      string        `json:"unit"`
	Points    models.Points `json:"points"`
}

// keptJSON counts what is on the notice and not listed.
type keptJSON struct {
	Awards int           `json:"awards"`
	Points models.Points `json:"points"`
}

// Notices answers GET …/notices with what hangs now.
func (a *API) Notices(c *fiber.Ctx) error {
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	board, err := award.Board(c.UserContext(), a.db, v.ID)
	if err != nil {
		return err
	}
	list := make([]noticeJSON, len(board))
	for i, p := range board {
		list[i] = noticeOf(p)
	}
	return web.JSON(c, pageOf(list, ""))
}

func noticeOf(p award.Poster) noticeJSON {
	j := noticeJSON{ID: id(p.ID), Name: p.Name(), Title: p.Title, HungAt: instant(p.HungAt), HungWhere: p.HungWhere, EndsAt: instant(p.EndsAt), CheckCode: p.Code(),
		Awards: p.Awards, Households: p.Households, Points: p.Points, Categories: []sumJSON{}, Lines: []noticeLineJSON{}, Kept: keptJSON(p.Kept)}
	for _, k := range p.Categories {
		j.Categories = append(j.Categories, sumJSON(k))
	}
	for _, l := range p.Lines {
		j.Lines = append(j.Lines, noticeLineJSON{l.Household, l.Item, l.ActDate, quantity(l.Quantity), l.Unit, l.Points})
	}
	return j
}
