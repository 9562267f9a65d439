package handlers

import (
	"pointstore/handlers/pages"
	"pointstore/handlers/web"
)

// routes is every way in. Who may knock stands beside each route in the file of
// its page; testdata/routes.txt is the whole table.
func routes(r web.Routes, w *web.Web, p *pages.Pages) {
	r.Get("/healthz", web.Anybody, w.Health)
	r.Get("/static/:name", web.Anybody, w.Static)
	p.Routes(r)
}
