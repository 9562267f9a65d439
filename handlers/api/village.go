package api

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// areaJSON is a place on any level.
type areaJSON struct {
	ID    id     `json:"id"`
	Level string `json:"level"`
	Name  string `json:"name"`
}

// villageJSON is a village, what it lies in from the top, and what the caller
// may do there through this API.
type villageJSON struct {
	ID   id              `json:"id"`
	Name string          `json:"name"`
	In   []areaJSON      `json:"in"`
	May  []models.Action `json:"may"`
}

// offered are the actions that this API has calls for.
var offered = []models.Action{models.SeeHouseholds, models.GrantPoints, models.CorrectEntry, models.HandOverGoods, models.UndoRedemption, models.ReadReport}

// Villages answers GET /api/v1/villages. Like the front page it lists all of
// them to everybody.
func (a *API) Villages(c *fiber.Ctx) error {
	all, err := village.Areas(c.UserContext(), a.db)
	if err != nil {
		return err
	}
	known := map[int64]areaJSON{}
	var list []villageJSON
	for _, area := range all { // upper levels come first
		known[area.ID] = areaJSON{id(area.ID), area.Level, area.Name}
		if area.Level != village.Hamlet {
			continue
		}
		v := villageJSON{ID: id(area.ID), Name: area.Name, In: []areaJSON{}, May: []models.Action{}}
		for _, up := range []int64{area.CityID, area.CountyID, area.TownshipID} {
			if k, ok := known[up]; ok {
				v.In = append(v.In, k)
			}
		}
		for _, act := range offered {
			if web.Actor(c).Can(act, area.Place()) {
				v.May = append(v.May, act)
			}
		}
		list = append(list, v)
	}
	return web.JSON(c, pageOf(list, ""))
}

// homeJSON is a household for those who may see full names.
type homeJSON struct {
	ID        id            `json:"id"`
	Number    string        `json:"number"`
	Group     int           `json:"group"`
	Head      string        `json:"head"`
	Mark      string        `json:"mark"`
	Residence string        `json:"residence"`
	Joining   string        `json:"joining"`
	HasPIN    bool          `json:"has_pin"`
	Balance   models.Points `json:"balance"`
	Honour    models.Points `json:"honour"`
	Members   []memberJSON  `json:"members"`
}

type memberJSON struct {
	ID       id     `json:"id"`
	Name     string `json:"name"`
	Relation string `json:"relation"`
}

func homeOf(h village.Home, book ledger.Passbook, people []village.Member) homeJSON {
	j := homeJSON{ID: id(h.ID), Number: h.Number, Group: h.Group, Head: h.Head, Mark: h.Mark(), Residence: h.Residence, Joining: h.Joining,
		HasPIN: h.HasPIN, Balance: book.Balance, Honour: book.Honour, Members: []memberJSON{}}
	for _, m := range people {
		j.Members = append(j.Members, memberJSON{id(m.ID), m.Name, m.Relation})
	}
	return j
}

// Households answers GET …/households: all of them page by page in the order of
// their numbers, or with q the closest matches.
func (a *API) Households(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.SeeHouseholds)
	if err != nil {
		return err
	}
	var f struct {
		Q     string `form:"q" label:"查找" max:"100"`
		After string `form:"after" label:"页码" max:"64"`
		Limit int    `form:"limit" label:"条数" min:"0" max:"200"`
	}
	if err := web.Read(c, &f); err != nil {
		return err
	}
	size, next := models.Cursor{Limit: f.Limit}.Size(), ""
	var homes []village.Home
	if f.Q != "" {
		homes, err = village.Search(c.UserContext(), a.db, v.ID, f.Q, size)
	} else if homes, err = village.Homes(c.UserContext(), a.db, v.ID, village.Filter{After: f.After, Limit: size + 1}); len(homes) > size {
		homes, next = homes[:size], homes[size-1].Number
	}
	if err != nil {
		return err
	}
	list, err := a.tellHomes(c, v.ID, homes)
	if err != nil {
		return err
	}
	return web.JSON(c, pageOf(list, next))
}

func (a *API) tellHomes(c *fiber.Ctx, v int64, homes []village.Home) ([]homeJSON, error) {
	books, err := ledger.Balances(c.UserContext(), a.db, v)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(homes))
	for i, h := range homes {
		ids[i] = h.ID
	}
	people, err := village.MembersOf(c.UserContext(), a.db, v, ids)
	list := make([]homeJSON, len(homes))
	for i, h := range homes {
		list[i] = homeOf(h, books[h.ID], people[h.ID])
	}
	return list, err
}
