package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// Door says who may knock at a route. Whether the person may do the thing to the
// village in hand is asked again inside, by VillageFor or by the activity.
type Door struct {
	kind    doorKind
	actions []models.Action
}

type doorKind int

const (
	nobody doorKind = iota // the zero Door lets nobody in
	anybody
	known
	household
	signedIn
	staff
)

// The doors. Known is a household or a member of staff; SignedIn is any member
// of staff.
var (
	Anybody   = Door{kind: anybody}
	Known     = Door{kind: known}
	Household = Door{kind: household}
	SignedIn  = Door{kind: signedIn}
)

// Staff is the door for people who may do any of these things somewhere.
func Staff(actions ...models.Action) Door { return Door{kind: staff, actions: actions} }

// String names the door as the route table prints it: staff:redeem,stock.
func (d Door) String() string {
	name := [...]string{"nobody", "anybody", "known", "household", "signed-in", "staff"}[d.kind]
	if d.kind != staff {
		return name
	}
	var acts []string
	for _, a := range d.actions {
		acts = append(acts, string(a))
	}
	return name + ":" + strings.Join(acts, ",")
}

// Lets answers whether an actor may knock: nil, models.ErrSignIn when signing in
// would help, or models.ErrForbidden.
func (d Door) Lets(a models.Actor) error {
	isStaff, isHome := a.Account != 0, a.Household.ID != 0
	switch d.kind {
	case anybody:
		return nil
	case known:
		if isStaff || isHome {
			return nil
		}
	case household:
		if isHome {
			return nil
		}
		if isStaff {
			return errHouseholdOnly
		}
	case signedIn:
		if isStaff {
			return nil
		}
	case staff:
		for _, act := range d.actions {
			if isStaff && a.Any(act) {
				return nil
			}
		}
		if isStaff {
			return models.ErrForbidden
		}
	default:
		return models.ErrForbidden
	}
	return models.ErrSignIn
}

var errHouseholdOnly = models.ErrForbidden.With("这一页是给村民自己看的；请先退出工作账号，再扫卡进入")

// Route is one line of the route table.
type Route struct {
	Method, Path string
	Door         Door

	upload, guessable, early, tokenless, seldom bool
}

// Trait is what sets a route apart from others.
type Trait func(*Route)

// Upload lets the body be 12 MB instead of 256 KB, and the work last two minutes.
func Upload(r *Route) { r.upload = true }

// Guessable marks an address that somebody might try out: misses count, and too
// many are refused.
func Guessable(r *Route) { r.guessable = true }

// Seldom bounds how often an address may get this done without signing in.
func Seldom(r *Route) { r.seldom = true }

// Early keeps a route open to people who must change their password first.
func Early(r *Route) { r.early = true }

// Tokenless lets JSON in without a form token, for signing in by a program that
// has seen no page: another site's form cannot send JSON.
func Tokenless(r *Route) { r.tokenless = true }

// Routes takes routes, each with its door.
type Routes struct {
	app fiber.Router
	web *Web
}

// Routes begins the route table on app.
func (w *Web) Routes(app fiber.Router) Routes { return Routes{app, w} }

// Get declares a route that only reads.
func (r Routes) Get(path string, d Door, h fiber.Handler, traits ...Trait) {
	r.app.Get(path, r.enter(fiber.MethodGet, path, d, h, traits))
}

// Post declares a route that changes something; the form token is checked.
func (r Routes) Post(path string, d Door, h fiber.Handler, traits ...Trait) {
	r.app.Post(path, r.enter(fiber.MethodPost, path, d, h, traits))
}

// Delete declares a route that ends something; the form token is checked.
func (r Routes) Delete(path string, d Door, h fiber.Handler, traits ...Trait) {
	r.app.Delete(path, r.enter(fiber.MethodDelete, path, d, h, traits))
}

// Nav sets the bar that the pages of an area show: me, committee, counter,
// reports or admin. At most five links; an entry's Key is lit on pages whose
// path begins with its Href.
func (r Routes) Nav(area string, links func(*fiber.Ctx) []Link) { r.web.navs[area] = links }

// List is the route table in the order of declaration.
func (r Routes) List() []Route {
	list := make([]Route, len(r.web.routes))
	for i, rt := range r.web.routes {
		list[i] = *rt
	}
	return list
}

func (r Routes) enter(method, path string, d Door, h fiber.Handler, traits []Trait) fiber.Handler {
	if d.kind == nobody {
		panic("route " + path + " has no door")
	}
	rt := &Route{Method: method, Path: path, Door: d}
	for _, t := range traits {
		t(rt)
	}
	r.web.routes = append(r.web.routes, rt)
	return func(c *fiber.Ctx) error { return r.web.enter(c, rt, h) }
}
