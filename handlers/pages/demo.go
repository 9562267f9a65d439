package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
)

// Demo is the cast of a demonstration county: its passwords are made anew each
// time and shown to whoever opens the page, so it is served for throwaway data
// only.
type Demo struct {
	People     []DemoPerson
	Households []DemoHousehold
}

// DemoPerson is somebody to sign in as.
type DemoPerson struct{ Role, Area, Name, Login, Password string }

// DemoHousehold is a family to be: the address of its card and its PIN.
type DemoHousehold struct{ Household, Village, Card, Path, PIN string }

// routesDemo lists the cast; without a cast there is no such page.
func (p *Pages) routesDemo(r Routes) {
	if len(p.demo.People) > 0 {
		r.Get("/demo", web.Anybody, p.Demo)
	}
}

// demoPage is the list of people.
type demoPage struct{ Demo }

func (demoPage) View() (name, title string) { return "home/demo", "演示县：用谁的身份看" }

// Frame widens the page: it is a table.
func (demoPage) Frame(f *web.Frame) { f.Posture, f.NoIndex = "desk", true }

// Demo answers GET /demo.
func (p *Pages) Demo(c *fiber.Ctx) error {
	if len(p.demo.People) == 0 {
		return models.ErrNotFound
	}
	return web.Show(c, demoPage{p.demo})
}
