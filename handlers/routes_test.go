package handlers_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers"
	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
)

var update = flag.Bool("update", false, "rewrite testdata")

func TestRoutesAreTheTable(t *testing.T) {
	d, _ := modelstest.Open(t)
	table, err := handlers.Table(handlers.Deps{DB: d, Keys: keys.Test(), Base: "http://127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range table {
		lines = append(lines, fmt.Sprintf("%-4s %-48s %s\n", r.Method, r.Path, r.Door))
	}
	slices.Sort(lines)
	for i := 1; i < len(lines); i++ {
		if fields(lines[i])[0] == fields(lines[i-1])[0] && fields(lines[i])[1] == fields(lines[i-1])[1] {
			t.Errorf("declared twice: %s", lines[i])
		}
	}
	got := strings.Join(lines, "")
	const file = "testdata/routes.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("the route table has changed (go test ./handlers -update):\n%s%v", got, err)
	}
}

func fields(line string) []string { return strings.Fields(line) }

// door is the whole front door over a database, with one clerk.
type door struct {
	*testing.T
	d     *db.DB
	clock *modelstest.Clock
	app   *fiber.App
	log   bytes.Buffer
	boss  models.Actor
	clerk account.Account
}

const village = 40
const password = "he-bin-lu-8hao"

func newDoor(t *testing.T) *door {
	t.Helper()
	w := &door{T: t}
	w.d, w.clock = modelstest.Open(t)
	var err error
	w.app, err = handlers.New(handlers.Deps{DB: w.d, Keys: keys.Test(), Base: "http://example.com", Rate: 1e6, Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	w.must(err)
	w.must(w.d.Aside(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, county_id) VALUES (20, 'county', '永宁县', 0), (?, 'village', '青石村', 20)", village); err != nil {
			return err
		}
		_, err := tx.SQL.Exec("INSERT INTO villages (village_id) VALUES (?)", village)
		return err
	}))
	a, err := account.FirstAdmin(t.Context(), w.d, "boss", "丁管理", password)
	w.must(err)
	w.boss = models.Actor{Account: a.ID, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	w.clerk = w.add("clerk", models.Clerk, true)
	return w
}

func (w *door) add(login string, role models.Role, chosen bool) account.Account {
	w.Helper()
	a, err := account.AddAccount(w.Context(), w.d, db.NewOpID(), w.boss, account.NewAccount{Login: login, Name: "马丽", Password: password, Role: role, Area: village, Chosen: chosen})
	w.must(err)
	return a
}

func (w *door) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// phone is a browser: it keeps cookies and the form token of the last page.
type phone struct {
	*door
	cookies map[string]string
	headers map[string]string
	csrf    string
}

func (w *door) phone() *phone {
	return &phone{door: w, cookies: map[string]string{}, headers: map[string]string{}}
}

type answer struct {
	code           int
	body, location string
}

var token = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

func (p *phone) get(path string) answer {
	p.Helper()
	return p.send(httptest.NewRequest("GET", path, nil))
}

func (p *phone) post(path string, form url.Values) answer {
	p.Helper()
	sent := url.Values{"csrf": {p.csrf}, "op": {web.NewOp()}}
	for k, v := range form {
		sent[k] = v
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	return p.send(r)
}

func (p *phone) send(r *http.Request) answer {
	p.Helper()
	for k, v := range p.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	for k, v := range p.headers {
		r.Header.Set(k, v)
	}
	resp, err := p.app.Test(r, -1)
	p.must(err)
	for _, k := range resp.Cookies() {
		p.cookies[k.Name] = k.Value
		if k.MaxAge < 0 || k.Value == "" {
			delete(p.cookies, k.Name)
		}
	}
	body, err := io.ReadAll(resp.Body)
	p.must(err)
	if m := token.FindSubmatch(body); m != nil {
		p.csrf = string(m[1])
	}
	return answer{resp.StatusCode, string(body), resp.Header.Get("Location")}
}

func (p *phone) signIn(login, password string, more ...string) answer {
	p.Helper()
	p.get("/signin?next=/account") // whoever is signed in is led back to work, unless going somewhere
	form := url.Values{"login": {login}, "password": {password}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return p.post("/signin", form)
}

func (p *phone) want(a answer, code int, says string) {
	p.Helper()
	if a.code != code || !strings.Contains(a.body+a.location, says) {
		p.Fatalf("got %d %s, want %d with %q; the page was:\n%s", a.code, a.location, code, says, a.body)
	}
}

// Nobody gets past a door that is not for anybody, and nobody changes anything
// without a form of ours.
func TestRoutesAreClosedToStrangers(t *testing.T) {
	w := newDoor(t)
	table, err := handlers.Table(handlers.Deps{DB: w.d, Keys: keys.Test(), Base: "http://example.com"})
	w.must(err)
	at, err := account.SignInHousehold(t.Context(), w.d, models.Household{Village: village, ID: 7}, "")
	w.must(err)
	params := regexp.MustCompile(`:\w+\??`)
	for _, r := range table {
		path := params.ReplaceAllString(r.Path, "1")
		stranger, family := w.phone(), w.phone()
		family.cookies["ps"] = at
		if r.Method != "GET" {
			for name, p := range map[string]*phone{"a stranger": stranger, "a family": family} {
				if a := p.send(httptest.NewRequest(r.Method, path, nil)); a.code != 401 && a.code != 403 {
					t.Errorf("%s %s by %s without a form token: got %d", r.Method, r.Path, name, a.code)
				}
			}
			continue
		}
		want, leads := 303, "/signin"
		if strings.HasPrefix(path, "/api/") {
			want, leads = 401, ""
		}
		if a := stranger.get(path); r.Door.Lets(models.Actor{}) != nil && (a.code != want || !strings.HasPrefix(a.location, leads)) {
			t.Errorf("GET %s by a stranger: got %d %s", r.Path, a.code, a.location)
		}
		home := models.Actor{Household: models.Household{Village: village, ID: 7}}
		if a := family.get(path); r.Door.Lets(home) != nil && a.code == 200 {
			t.Errorf("GET %s by a family: got %d", r.Path, a.code)
		}
	}
}
