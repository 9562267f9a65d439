package handlers

import (
	"pointstore/handlers/api"
	"pointstore/handlers/pages"
	"pointstore/handlers/web"
)

// routes is every way in. Who may knock stands beside each route in the file of
// its page; testdata/routes.txt is the whole table.
func routes(r web.Routes, w *web.Web, p *pages.Pages, a *api.API) {
	r.Get("/healthz", web.Anybody, w.Health)
	r.Get("/static/:name", web.Anybody, w.Static)
	p.Routes(r)
	a.Routes(r)
}
