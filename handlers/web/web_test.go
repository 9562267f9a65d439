package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/assets"
	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
)

// Two villages, of which the clerk works in the first.
const qingshi, languang = 40, 41

var areas = map[int64]web.Area{
	qingshi:  {ID: qingshi, Name: "青石村", Level: "village", Place: models.Place{Village: qingshi, County: 20}},
	languang: {ID: languang, Name: "兰光村", Level: "village", Place: models.Place{Village: languang, County: 20}},
	20:       {ID: 20, Name: "永宁县", Level: "county", Place: models.Place{County: 20}},
}

// site is a small program with pages of the test's own.
type site struct {
	testing.TB
	d     *db.DB
	clock *modelstest.Clock
	app   *fiber.App
	log   *lockedBuffer
	boss  models.Actor
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}
func (b *lockedBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

const password = "he-bin-lu-8hao"

func newSite(t testing.TB, routes func(web.Routes), change ...func(*web.Deps)) *site {
	t.Helper()
	s := &site{TB: t, log: &lockedBuffer{}}
	s.d, s.clock = modelstest.Open(t)
	views, err := assets.Parse(assets.FS(""), web.Funcs())
	s.must(err)
	deps := web.Deps{
		DB: s.d, Secrets: keys.Test(), Views: views, Base: "http://example.com", Rate: 1e6,
		Log:       slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Directory: account.NewDirectory(s.d, keys.Test(), func(context.Context, db.Conn, int64) ([]models.Household, error) { return nil, nil }),
		Area: func(_ context.Context, id int64) (web.Area, error) {
			if a, ok := areas[id]; ok {
				return a, nil
			}
			return web.Area{}, models.ErrNotFound
		},
	}
	for _, f := range change {
		f(&deps)
	}
	w := web.New(deps)
	s.app = fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, DisablePreParseMultipartForm: true, BodyLimit: web.UploadMost,
		EnableTrustedProxyCheck: true, TrustedProxies: deps.Proxies, ErrorHandler: w.Broken})
	s.app.Use(w.Guard)
	r := w.Routes(s.app)
	r.Get("/static/:name", web.Anybody, w.Static)
	r.Get("/show", web.Anybody, func(c *fiber.Ctx) error { return web.Show(c, web.SignInPage{}) })
	r.Get("/enter/:secret", web.Anybody, func(c *fiber.Ctx) error { web.Enter(c, c.Params("secret"), true); return web.See(c, "/show") })
	if routes != nil {
		routes(r)
	}
	return s
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// clerk makes a person who may hand over goods in Qingshi and gives their secret.
func (s *site) clerk() (id int64, secret string) {
	s.Helper()
	s.must(s.d.Aside(s.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, county_id) VALUES (?, 'village', '青石村', 20)", qingshi)
		return err
	}))
	a, err := account.FirstAdmin(s.Context(), s.d, "boss", "丁管理", password)
	s.must(err)
	s.boss = models.Actor{Account: a.ID, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	c, err := account.AddAccount(s.Context(), s.d, db.NewOpID(), s.boss, account.NewAccount{Login: "clerk", Name: "马丽", Password: password, Role: models.Clerk, Area: qingshi, Chosen: true})
	s.must(err)
	secret, err = account.Open(s.Context(), s.d, c.ID, "test", false)
	s.must(err)
	return c.ID, secret
}

// browser keeps cookies and the last page's form token.
type browser struct {
	*site
	cookies map[string]string
	headers map[string]string
	csrf    string
}

func (s *site) browser() *browser {
	return &browser{site: s, cookies: map[string]string{}, headers: map[string]string{}}
}

// signedIn is a browser whose session already is, having looked at a page.
func (s *site) signedIn(secret string) *browser {
	b := s.browser()
	b.get("/enter/" + secret)
	b.get("/show")
	return b
}

type answer struct {
	code   int
	body   string
	header http.Header
}

func (b *browser) get(path string) answer { b.Helper(); return b.do("GET", path, "", "") }

// post sends a form with the last page's token and a fresh operation id, unless
// it brings its own.
func (b *browser) post(path string, form url.Values) answer {
	b.Helper()
	sent := url.Values{"csrf": {b.csrf}, "op": {web.NewOp()}}
	for k, v := range form {
		sent[k] = v
	}
	return b.do("POST", path, fiber.MIMEApplicationForm, sent.Encode())
}

var hidden = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

func (b *browser) do(method, path, kind, body string) answer {
	b.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	for k, v := range b.headers {
		r.Header.Set(k, v)
	}
	resp, err := b.app.Test(r, -1)
	b.must(err)
	for _, k := range resp.Cookies() {
		if k.MaxAge < 0 || k.Value == "" {
			delete(b.cookies, k.Name)
		} else {
			b.cookies[k.Name] = k.Value
		}
	}
	text, err := io.ReadAll(resp.Body)
	b.must(err)
	if m := hidden.FindSubmatch(text); m != nil {
		b.csrf = string(m[1])
	}
	return answer{resp.StatusCode, string(text), resp.Header}
}

func (b *browser) want(a answer, code int, says string) {
	b.Helper()
	if a.code != code || !strings.Contains(a.body, says) {
		b.Fatalf("got %d, want %d with %q; the answer was:\n%s", a.code, code, says, a.body)
	}
}

func ok(c *fiber.Ctx) error { return c.SendString("办好了") }

func failing(err error) fiber.Handler { return func(*fiber.Ctx) error { return err } }

var errPlain = errors.New(`error 1406: Data too long for column 'name': SELECT "马少明" FROM households`)
