// Package handlers is the front door: it puts what guards a request before the
// pages and the JSON interface, and every route on one table.
package handlers

import (
	"io/fs"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/assets"
	"pointstore/handlers/api"
	"pointstore/handlers/pages"
	"pointstore/handlers/web"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// Deps is everything the front door stands on.
type Deps struct {
	DB   *db.DB
	Keys *keys.Keys
	// Base is the public address, as codes carry it: https://jf.example.cn.
	Base string
	// SetupCode opens the set-up pages while there is no administrator.
	SetupCode string
	// Demo is whom one can sign in as in a demonstration.
	Demo pages.Demo
	// Assets is where templates and static files are; nil is inside the binary.
	Assets fs.FS
	Log    *slog.Logger // nil is slog's default
	// Proxies are the addresses and networks of reverse proxies that may say for
	// whom they speak.
	Proxies []string
	// Rate is how many requests a second one address may make; 0 is 300.
	Rate float64
}

// New makes the program's handler. The error is a view that cannot be parsed.
func New(d Deps) (*fiber.App, error) {
	app, _, err := build(d)
	return app, err
}

// Table is every route with its door, in the order of declaration.
func Table(d Deps) ([]web.Route, error) {
	_, table, err := build(d)
	return table, err
}

func build(d Deps) (*fiber.App, []web.Route, error) {
	if d.Assets == nil {
		d.Assets = assets.FS("")
	}
	views, err := assets.Parse(d.Assets, web.Funcs())
	if err != nil {
		return nil, nil, err
	}
	w := web.New(web.Deps{
		DB: d.DB, Secrets: d.Keys, Directory: pages.Directory(d.DB, d.Keys), Views: views, Area: pages.AreaOf(d.DB),
		Base: d.Base, Log: d.Log, Proxies: d.Proxies, Rate: d.Rate,
	})
	app := fiber.New(fiber.Config{
		// Strings taken from a request would otherwise become the next one's.
		Immutable:                    true,
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true,
		BodyLimit:                    web.UploadMost,
		ReadTimeout:                  30 * time.Second,
		WriteTimeout:                 2 * time.Minute,
		IdleTimeout:                  75 * time.Second,
		ReadBufferSize:               16 << 10,
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               d.Proxies,
		ErrorHandler:                 w.Broken,
	})
	leaveSilently(app)
	app.Use(w.Guard)
	r := w.Routes(app)
	routes(r, w, pages.New(pages.Deps{DB: d.DB, Keys: d.Keys, Base: d.Base, SetupCode: d.SetupCode, Demo: d.Demo}), api.New(d.DB, d.Keys))
	return app, r.List(), nil
}
