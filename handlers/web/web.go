// Package web is what pages and the JSON interface share: who is asking, what
// they typed, how a screen is drawn and how a refusal is said. It keeps three
// promises: a route cannot exist without saying who may knock; nothing a person
// typed is lost to a refusal; and no address, body or name reaches the log.
package web

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/assets"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
)

// Secrets are the parts of the key file that the web needs; *keys.Keys is one.
type Secrets interface {
	CSRF(sessionHash [32]byte) string
	CheckCSRF(sessionHash [32]byte, token string) bool
	Seal(purpose, plain string) ([]byte, error)
	Unseal(purpose string, sealed []byte) (string, error)
}

// Area is a place on the map of the house: a village, or what it lies in.
type Area struct {
	ID    int64
	Name  string
	Level string // city, county, township, village; empty for everywhere
	Place models.Place
}

// Deps is everything the web stands on.
type Deps struct {
	DB        *db.DB
	Secrets   Secrets
	Directory *account.Directory
	Views     *assets.Views
	// Area finds an area by its id; models.ErrNotFound when there is none.
	Area func(ctx context.Context, id int64) (Area, error)
	// Base is the public address without a trailing slash.
	Base string
	Log  *slog.Logger // nil is slog's default
	// Rate is how many requests a second one address may make in the long run;
	// 0 is 300. A village shares one address.
	Rate float64
	// Proxies are the addresses and networks of reverse proxies whose
	// X-Forwarded-… headers are believed.
	Proxies []string
}

// Web serves requests; make one with New.
type Web struct {
	Deps
	origin  string // scheme and host of Base
	secure  bool   // Base is https
	routes  []*Route
	navs    map[string]func(*fiber.Ctx) []Link
	people  *limiter // by address
	account *limiter // by person
	guesses *limiter // misses at guessable addresses, by address
	seldom  *limiter // seldom things done, by address
	areas   sync.Map // id → known area
	shown   pageCache
	build   string // changes with every start, so no page outlives its program
}

// New makes a Web.
func New(d Deps) *Web {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.Rate == 0 {
		d.Rate = 300
	}
	d.Base = strings.TrimRight(d.Base, "/")
	w := &Web{
		Deps:    d,
		navs:    map[string]func(*fiber.Ctx) []Link{},
		people:  newLimiter(d.Rate, 2*d.Rate),
		account: newLimiter(d.Rate/2, d.Rate),
		guesses: newLimiter(guessRate, guessBurst),
		seldom:  newLimiter(seldomRate, seldomBurst),
		build:   models.ID32(models.NewID()),
	}
	if u, err := url.Parse(d.Base); err == nil {
		w.origin, w.secure = u.Scheme+"://"+u.Host, u.Scheme == "https"
	}
	return w
}

// request is what is known about the request in hand.
type request struct {
	web    *Web
	begun  time.Time
	who    uint64 // the address, hashed for counting
	route  *Route
	signed *account.Signed // nil when nobody is signed in
	bearer string          // the session's secret, when the Authorization header brought it
	anon   string          // form token of a visitor who is not
	number string          // what one reads out on the telephone, once it is needed
	public bool            // drawn alike for everybody
	place  *Area           // the village in hand, once it is known
}

type requestKey struct{}

func of(c *fiber.Ctx) *request {
	q, _ := c.Locals(requestKey{}).(*request)
	return q
}
