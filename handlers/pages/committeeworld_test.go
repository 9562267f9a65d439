package pages_test

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers"
	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

// hall is 青石村's committee room, seen through the program's front door. 何主任
// and 小马 the grid worker work there, 小马 lives at 李桂兰's; awards hang three
// days. 兰光村 next door has a committee of its own.
type hall struct {
	*modelstest.County
	d             *db.DB
	clock         *modelstest.Clock
	k             *keys.Keys
	app           *fiber.App
	village, next int64
	ma, li, wang  models.Household
	other         models.Household // of 兰光村
	rules         map[string]scheme.Rule
	he, boss      models.Actor
	tokens        map[string]string
}

func newHall(t *testing.T) *hall {
	t.Helper()
	c := modelstest.NewCounty(t)
	w := &hall{County: c, d: c.DB, clock: c.Clock, k: c.Keys, boss: c.Boss, village: c.Village("青石村"), next: c.Village("兰光村"),
		tokens: map[string]string{}, rules: map[string]scheme.Rule{}}
	w.he = c.Person("he", "何主任", models.Committee, w.village)
	grid := c.Person("xiaoma", "小马", models.GridWorker, w.village)
	c.Person("next", "邻村主任", models.Committee, w.next)
	c.Person("clerk", "李店员", models.Clerk, w.village)
	w.ma, w.li, w.wang, w.other = c.Home(w.village, "012", "马少明"), c.Home(w.village, "018", "李桂兰"), c.Home(w.village, "031", "王建国"), c.Home(w.next, "001", "苏德林")
	c.LivesAt(grid, w.li)
	w.adopt()
	var err error
	w.app, err = handlers.New(handlers.Deps{DB: w.d, Keys: w.k, Base: "https://jf.example.cn", Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Rate: 1e6})
	w.must(err)
	return w
}

func (w *hall) must(err error) { w.Helper(); w.Must(err) }

// later moves the clock; who had signed in signs in again.
func (w *hall) later(by time.Duration, login string, who models.Actor) {
	w.Helper()
	w.clock.Add(by)
	w.SignIn(login, who.Account)
	w.tokens[login] = ""
}

// adopt gives 青石村 three rules: one to tap, one with a range, one that is kept
// to two times a year.
func (w *hall) adopt() {
	w.Helper()
	rule := func(item string, least, most models.Points) scheme.Change {
		return scheme.Change{Draft: scheme.Draft{Category: "美丽庭院", Rule: scheme.Rule{Item: item, Direction: scheme.Plus, PointsMin: least, PointsMax: most}}}
	}
	capped := rule("参加村民议事会", 200, 200)
	capped.Draft.CapTimes, capped.Draft.CapPeriod, capped.Draft.CapPer = 2, "year", "household"
	_, err := scheme.Amend(w.Context(), w.d, db.NewOpID(), w.he, w.village, []scheme.Change{rule("庭院整洁", 500, 500), rule("婚事新办", 3000, 10000), capped},
		scheme.Adoption{AdoptedOn: "2026-01-01", Posting: scheme.PostNotice, NoticeDays: 3, PointRate: 10000})
	w.must(err)
	v, err := scheme.Current(w.Context(), w.d, w.village, w.d.Now().Day())
	w.must(err)
	rules, err := scheme.Rules(w.Context(), w.d, w.village, v.ID)
	w.must(err)
	for _, r := range rules {
		w.rules[r.Item] = r
	}
}

func (w *hall) rule(item string) string { return models.ID32(w.rules[item].ID) }

// answer is what a browser saw.
type hallAnswer struct {
	code           int
	body, location string
}

var hallToken = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

func (w *hall) get(who, path string) hallAnswer {
	w.Helper()
	return w.send(who, httptest.NewRequest("GET", path, nil))
}

// post sends a form with a fresh operation id unless it has one.
func (w *hall) post(who, path string, pairs ...string) hallAnswer {
	w.Helper()
	return w.postAs(who, path, "", pairs...)
}

func (w *hall) postAs(who, path, accept string, pairs ...string) hallAnswer {
	w.Helper()
	if w.tokens[who] == "" {
		w.get(who, "/account")
	}
	if w.tokens[who] == "" { // a family has no account page
		w.get(who, "/me/data")
	}
	form := url.Values{"csrf": {w.tokens[who]}, "op": {web.NewOp()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "op" {
			form.Set("op", pairs[i+1])
			continue
		}
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	return w.send(who, r)
}

func (w *hall) send(who string, r *http.Request) hallAnswer {
	w.Helper()
	r.AddCookie(&http.Cookie{Name: "ps", Value: w.Secrets[who]})
	resp, err := w.app.Test(r, -1)
	w.must(err)
	body, err := io.ReadAll(resp.Body)
	w.must(err)
	if m := hallToken.FindSubmatch(body); m != nil {
		w.tokens[who] = string(m[1])
	}
	return hallAnswer{resp.StatusCode, html.UnescapeString(string(body)), resp.Header.Get("Location")}
}

// see insists on a status and on words of the page or its redirect.
func (w *hall) see(a hallAnswer, code int, says ...string) hallAnswer {
	w.Helper()
	if a.code != code {
		w.Fatalf("got %d %s, want %d; the page was:\n%s", a.code, a.location, code, a.body)
	}
	for _, s := range says {
		if !strings.Contains(a.body+a.location, s) {
			w.Fatalf("the page (%d %s) does not say %q:\n%s", a.code, a.location, s, a.body)
		}
	}
	return a
}

func (w *hall) hides(a hallAnswer, words ...string) {
	w.Helper()
	for _, s := range words {
		if strings.Contains(a.body+a.location, s) {
			w.Errorf("%q must not be there:\n%s", s, a.body)
		}
	}
}

func (w *hall) balance(h models.Household) models.Points {
	w.Helper()
	b, err := ledger.Balance(w.Context(), w.d, h)
	w.must(err)
	return b.Balance
}

func (w *hall) awards(h models.Household) (n int) {
	w.Helper()
	w.must(w.d.Stmts(w.Context()).Row("SELECT COUNT(*) FROM awards WHERE village_id = ? AND household_id = ? AND state NOT IN ('withdrawn', 'reversed')", h.Village, h.ID).Scan(&n))
	return n
}

// postJSON posts a form as the page's script does.
func (w *hall) postJSON(who, path string, pairs ...string) hallAnswer {
	w.Helper()
	return w.postAs(who, path, fiber.MIMEApplicationJSON, pairs...)
}
