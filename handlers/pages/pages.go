// Package pages is what people see: one screen per function. A handler listens,
// asks an activity and answers; what a screen shows is a struct beside it.
package pages

import (
	"context"
	"net"
	"net/url"
	"strings"

	"pointstore/handlers/web"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/village"
)

// Deps is what the pages stand on.
type Deps struct {
	DB   *db.DB
	Keys *keys.Keys
	// Base is the public address that codes carry, without a trailing slash.
	Base string
	// SetupCode opens the set-up pages while there is no administrator.
	SetupCode string
	// Demo is whom one can sign in as in a demonstration; empty otherwise.
	Demo Demo
}

// Pages are the screens.
type Pages struct {
	db    *db.DB
	keys  *keys.Keys
	base  string
	setup string
	demo  Demo
	trial bool // nobody else's phone can reach base: cards print as 试印
	kept  kept
}

// Routes is where pages declare theirs; each comes with its door.
type Routes = web.Routes

// New makes the pages.
func New(d Deps) *Pages {
	base := strings.TrimRight(d.Base, "/")
	return &Pages{db: d.DB, keys: d.Keys, base: base, setup: d.SetupCode, demo: d.Demo, trial: Trial(base)}
}

// Routes declares every page. A new screen adds its line in its own file.
func (p *Pages) Routes(r Routes) {
	p.routesAccount(r)
	p.routesDemo(r)
	p.routesSetup(r)
	p.routesImport(r)
	p.routesAdmin(r)
	p.routesHome(r)
	p.routesMe(r)
	p.routesCounter(r)
	p.routesCommittee(r)
	p.routesLife(r)
	p.routesReport(r)
	p.routesHousehold(r)
	p.routesHonour(r)
	p.routesPattern(r)
	p.routesWatch(r)
	p.routesSample(r)
	p.routesPeriods(r)
	p.routesDuty(r)
	p.routesRound(r)
	p.routesSlip(r)
	p.routesSay(r)
	p.routesObjection(r)
	p.routesAbove(r)
	p.routesPhotos(r)
	p.routesGoodsPicture(r)
	p.routesProxies(r)
	p.routesSlipSales(r)
	p.routesLabels(r)
	p.routesFace(r)
	p.routesCounters(r)
	p.routesPlans(r)
	p.routesOpening(r)
	p.routesSettlements(r)
	p.routesFund(r)
	p.routesPaper(r)
	p.routesCover(r)
	p.routesFeedback(r)
}

// Trial says whether an address is good for trying out only: this machine, or a
// bare number, which WeChat does not open.
func Trial(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return true
	}
	host := u.Hostname()
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil
}

// Directory knows who is signed in, and for whom they may not decide.
func Directory(d *db.DB, k *keys.Keys) *account.Directory {
	return account.NewDirectory(d, k, village.Kin)
}

// AreaOf finds areas for package web.
func AreaOf(d *db.DB) func(context.Context, int64) (web.Area, error) {
	return func(ctx context.Context, id int64) (web.Area, error) {
		a, err := village.GetArea(ctx, d, id)
		return web.Area{ID: a.ID, Name: a.Name, Level: a.Level, Place: a.Place()}, err
	}
}
