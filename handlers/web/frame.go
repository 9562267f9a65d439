package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// areas of the site, by the first part of the path, and how they are used: on a
// phone, at the counter or at a desk.
var postures = map[string]string{
	"me": "phone", "committee": "phone", "counter": "counter", "reports": "desk", "admin": "desk", "setup": "desk", "above": "desk",
}

// frame is what surrounds a page: who is looking, where one is, what was done.
func (q *request) frame(c *fiber.Ctx, title string) Frame {
	area, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(c.Path()), "/"), "/")
	f := Frame{Title: title, Site: q.site(c), Area: area, Posture: postures[area], Path: c.Path(), NoIndex: true, Elder: Elder(c)}
	if postures[area] == "" {
		f.Area = ""
	}
	f.Footer = q.footer(area)
	if q.public {
		f.Corner = []Link{{Href: "/signin", Text: "登录"}}
		return f
	}
	f.CSRF = q.token(c)
	f.Flash = takeFlash(c)
	if links := q.web.navs[area]; links != nil && q.signed != nil {
		f.Nav = links(c)
		f.Active = active(f.Nav, c.Path())
	}
	a := q.actor()
	switch {
	case a.Account != 0:
		f.SignedIn, f.Person = true, a.Name
		if len(f.Nav) > 0 {
			f.SiteHref = f.Nav[0].Href // where this person's work in this part of the house begins
		}
		f.Corner = []Link{{Href: "/account", Text: "账号"}, {Href: "/signout", Text: "退出", Post: true}}
	case a.Household.ID != 0:
		f.SignedIn = true
		f.Corner = []Link{q.sizes(c), {Href: "/signout", Text: "退出", Post: true}}
	case area != "signin":
		f.Corner = []Link{{Href: "/signin", Text: "登录"}}
	}
	return f
}

// footer leads from every page that is not somebody's workplace to where one may
// object, and to what came of it.
func (q *request) footer(area string) []Link {
	if postures[area] != "" && area != "me" {
		return nil
	}
	home := q.actor().Household.Village
	at := home
	if q.place != nil && q.place.Level == "village" {
		at = q.place.ID
	}
	say, answers := Link{Href: "/say", Text: "提意见"}, Link{Href: "/say", Text: "查意见的答复"}
	if at != 0 {
		say.Href = "/v/" + models.ID32(at) + "/say"
	}
	if home != 0 {
		answers.Href = "/me/say"
	}
	if say.Href == answers.Href {
		return []Link{say}
	}
	return []Link{say, answers}
}

// sizes leads to the other of the two sizes of type.
func (q *request) sizes(c *fiber.Ctx) Link {
	if Elder(c) {
		return Link{Href: "/view?size=standard&next=" + escape(c.OriginalURL()), Text: "标准版"}
	}
	return Link{Href: "/view?size=elder&next=" + escape(c.OriginalURL()), Text: "长辈版"}
}

// site is the name in the banner: the village's in hand, or the only one the
// person belongs to.
func (q *request) site(c *fiber.Ctx) string {
	a := q.place
	if a == nil && !q.public {
		if v, err := q.own(c); err == nil {
			a = &v
		}
	}
	if a == nil || a.Level != "village" {
		return "积分超市"
	}
	return a.Name + "积分超市"
}

// active is the Key of the entry whose Href goes furthest along the path.
func active(nav []Link, path string) (key string) {
	best := 0
	for _, l := range nav {
		href, _, _ := strings.Cut(l.Href, "?")
		on := path == href || strings.HasPrefix(path, strings.TrimSuffix(href, "/")+"/")
		if on && len(href) > best {
			best, key = len(href), l.Key
		}
	}
	return key
}

// Elder says whether pages are drawn in the large size: what the person chose,
// else yes for households.
func Elder(c *fiber.Ctx) bool {
	switch c.Cookies(elderCookie) {
	case "elder":
		return true
	case "standard":
		return false
	}
	return of(c).actor().Household != models.Household{}
}

// Resize answers GET /view: it keeps the chosen size in the browser and goes back.
func Resize(c *fiber.Ctx) error {
	size := "standard"
	if c.Query("size") == "elder" {
		size = "elder"
	}
	of(c).web.cookie(c, elderCookie, size, 365*24*3600)
	return See(c, LocalPath(c.Query("next")))
}
