// Package api is what other programs talk to: JSON over the same activities,
// behind the same doors, as the pages. docs/api.md describes it, and its examples
// are replayed by the tests.
package api

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/village"
)

// API answers programs.
type API struct {
	db   *db.DB
	keys *keys.Keys
}

// New makes the API.
func New(d *db.DB, k *keys.Keys) *API { return &API{d, k} }

// Routes declares every call with its door.
func (a *API) Routes(r web.Routes) {
	see, award, correct := web.Staff(models.SeeHouseholds), web.Staff(models.GrantPoints), web.Staff(models.CorrectEntry)
	till, slip, read := web.Staff(models.HandOverGoods), web.Staff(slipActions...), web.Staff(models.ReadReport)
	const at = "/api/v1/villages/:village"

	r.Post("/api/v1/session", web.Anybody, a.SignIn, web.Guessable, web.Tokenless)
	r.Delete("/api/v1/session", web.Known, a.SignOut, web.Early)
	r.Get("/api/v1/villages", web.Anybody, a.Villages)
	r.Get(at+"/households", see, a.Households)
	r.Get(at+"/households/:household/passbook", see, a.Passbook)
	r.Post(at+"/households/:household/lines/:seq/correction", correct, a.Correct)
	r.Get(at+"/rules", web.Anybody, a.Rules)
	r.Post(at+"/awards", award, a.Award)
	r.Get(at+"/goods", web.Anybody, a.Goods)
	r.Post(at+"/redemptions", till, a.Redeem)
	r.Get(at+"/redemptions/:receipt", slip, a.Receipt)
	r.Post(at+"/redemptions/:receipt/undo", slip, a.Undo)
	r.Get(at+"/notices", web.Anybody, a.Notices)
	r.Get("/api/v1/areas/:area/reports/:quarter", read, a.Report)
	r.Get("/api/v1/verify", web.Anybody, a.Verify, web.Guessable)
}

// page is the envelope of every list. Next is where to go on, as the parameter
// that the call names; empty at the end.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

func pageOf[T any](items []T, next string) page[T] {
	if items == nil {
		items = []T{}
	}
	return page[T]{items, next}
}

// id is an identifier as JSON carries it: base32 in a string, since a number of
// 63 bits does not survive JavaScript.
type id int64

// MarshalJSON implements json.Marshaler.
func (i id) MarshalJSON() ([]byte, error) { return json.Marshal(models.ID32(int64(i))) }

// instant is a moment as JSON carries it: RFC 3339 on the county's clock.
type instant models.Millis

// MarshalJSON implements json.Marshaler.
func (i instant) MarshalJSON() ([]byte, error) {
	return json.Marshal(models.Millis(i).Time().Format(time.RFC3339))
}

func quantity(q models.Qty) json.Number { return json.Number(q.Plain()) }

// made answers a call that wrote something down, the first time or again.
func made(c *fiber.Ctx, v any) error {
	c.Status(fiber.StatusCreated)
	return web.JSON(c, v)
}

var errNoHome = models.ErrNotFound.With("村里没有这一户，请核对后重新找")

// homeFor is the household in the path, for somebody who may do this there.
func (a *API) homeFor(c *fiber.Ctx, act models.Action) (village.Home, error) {
	v, err := web.VillageFor(c, act)
	if err != nil {
		return village.Home{}, err
	}
	h, err := web.ID(c, "household")
	if err != nil {
		return village.Home{}, errNoHome
	}
	home, err := village.GetHome(c.UserContext(), a.db, models.Household{Village: v.ID, ID: h})
	if models.KindOf(err) == models.NotFound {
		err = errNoHome
	}
	return home, err
}
