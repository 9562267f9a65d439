package pages_test

import (
	"bytes"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

// office is the program on an empty data directory.
type office struct {
	*testing.T
	d   *db.DB
	app *fiber.App
}

const (
	setupCode     = "7K2M-Q9XF"
	adminPassword = "qingshi-2026-kai"
)

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t}
	o.d, _ = modelstest.Open(t)
	var err error
	o.app, err = handlers.New(handlers.Deps{DB: o.d, Keys: keys.Test(), Base: "http://example.com", SetupCode: setupCode, Rate: 1e6, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	o.must(err)
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// furnished is an office with an administrator and two villages of one town,
// each with a committee member who is signed in.
type furnished struct {
	*office
	boss, chen, next *browser // administrator; committee of 青石村; committee of 红柳村
	qing, hong       int64
}

func furnish(t *testing.T) *furnished {
	t.Helper()
	f := &furnished{office: newOffice(t)}
	a, err := account.FirstAdmin(t.Context(), f.d, "zhang", "张主任", adminPassword)
	f.must(err)
	by := models.Actor{Account: a.ID, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	up := int64(0)
	for _, step := range []village.NewArea{{Level: village.County, Name: "永宁县"}, {Level: village.Township, Name: "望远镇"}} {
		step.Parent = up
		area, err := village.AddArea(t.Context(), f.d, db.NewOpID(), by, step)
		f.must(err)
		up = area.ID
	}
	f.boss = f.signedIn(a.ID)
	f.qing, f.chen = f.addVillage(by, up, "青石村", "chen")
	f.hong, f.next = f.addVillage(by, up, "红柳村", "next")
	return f
}

func (f *furnished) addVillage(by models.Actor, town int64, name, login string) (int64, *browser) {
	f.Helper()
	v, err := village.AddArea(f.Context(), f.d, db.NewOpID(), by, village.NewArea{Parent: town, Level: village.Hamlet, Name: name})
	f.must(err)
	return v.ID, f.staff(by, login, models.Committee, v.ID)
}

func (f *furnished) staff(by models.Actor, login string, role models.Role, area int64) *browser {
	f.Helper()
	a, err := account.AddAccount(f.Context(), f.d, db.NewOpID(), by, account.NewAccount{Login: login, Name: "陈" + login, Password: adminPassword, Role: role, Area: area, Chosen: true})
	f.must(err)
	return f.signedIn(a.ID)
}

func (o *office) signedIn(id int64) *browser {
	o.Helper()
	b := o.browser()
	secret, err := account.Open(o.Context(), o.d, id, "test", false)
	o.must(err)
	b.cookies["ps"] = secret
	return b
}

// browser is somebody at a screen: it keeps cookies and the page, and fills in
// the forms that stand on it.
type browser struct {
	*office
	cookies map[string]string
	page    screen
}

type screen struct {
	path string
	code int
	body string
}

func (o *office) browser() *browser { return &browser{office: o, cookies: map[string]string{}} }

// open goes to an address and follows where it is led.
func (b *browser) open(path string) {
	b.Helper()
	b.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) send(r *http.Request) {
	b.Helper()
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	resp, err := b.app.Test(r, -1)
	b.must(err)
	defer resp.Body.Close()
	for _, k := range resp.Cookies() {
		if b.cookies[k.Name] = k.Value; k.MaxAge < 0 || k.Value == "" {
			delete(b.cookies, k.Name)
		}
	}
	if to := resp.Header.Get("Location"); resp.StatusCode == http.StatusSeeOther {
		b.open(to)
		return
	}
	body, err := io.ReadAll(resp.Body)
	b.must(err)
	b.page = screen{r.URL.RequestURI(), resp.StatusCode, string(body)}
}

var (
	formTag   = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	inputTag  = regexp.MustCompile(`<input\b([^>]*)>`)
	selectTag = regexp.MustCompile(`(?s)<select\b([^>]*)>(.*?)</select>`)
	optionTag = regexp.MustCompile(`<option\b([^>]*)>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea\b([^>]*)>(.*?)</textarea>`)
	attribute = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
)

func attributes(tag string) map[string]string {
	m := map[string]string{}
	for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
		m[a[1]] = html.UnescapeString(a[2])
	}
	return m
}

// form reads what the page's form for an address would send, untouched.
func (b *browser) form(action string) url.Values {
	b.Helper()
	for _, f := range formTag.FindAllStringSubmatch(b.page.body, -1) {
		at := attributes(f[1])
		if at["method"] != "post" || at["action"] != action {
			continue
		}
		return fieldsOf(f[2])
	}
	b.Fatalf("no form for %s on %s (%d):\n%s", action, b.page.path, b.page.code, b.text())
	return nil
}

func fieldsOf(body string) url.Values {
	sent := url.Values{}
	for _, m := range inputTag.FindAllStringSubmatch(body, -1) {
		a := attributes(m[1])
		_, checked := a["checked"]
		switch a["type"] {
		case "checkbox", "radio":
			if checked {
				sent.Add(a["name"], a["value"])
			}
		case "file":
		default:
			sent.Add(a["name"], a["value"])
		}
	}
	for _, m := range selectTag.FindAllStringSubmatch(body, -1) {
		name, now := attributes(m[1])["name"], ""
		for i, o := range optionTag.FindAllStringSubmatch(m[2], -1) {
			a := attributes(o[1])
			if _, chosen := a["selected"]; chosen || i == 0 {
				now = a["value"]
			}
		}
		sent.Set(name, now)
	}
	for _, m := range areaTag.FindAllStringSubmatch(body, -1) {
		sent.Set(attributes(m[1])["name"], html.UnescapeString(m[2]))
	}
	return sent
}

// submit fills in the page's form for an address, pairs of name and value, and
// sends it.
func (b *browser) submit(action string, fill ...string) {
	b.Helper()
	sent := b.form(action)
	for i := 0; i+1 < len(fill); i += 2 {
		sent.Set(fill[i], fill[i+1])
	}
	b.post(action, sent)
}

func (b *browser) post(action string, sent url.Values) {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	b.send(r)
}

// upload chooses a file in the page's form for an address.
func (b *browser) upload(action, name, content string) {
	b.Helper()
	sent := b.form(action)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range sent {
		b.must(w.WriteField(k, v[0]))
	}
	part, err := w.CreateFormFile("file", name)
	b.must(err)
	_, err = part.Write([]byte(content))
	b.must(err)
	b.must(w.Close())
	r := httptest.NewRequest(http.MethodPost, action, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	b.send(r)
}

// finish waits for the import that the page shows at work.
func (b *browser) finish() {
	b.Helper()
	for range 400 {
		if !strings.Contains(b.page.body, "data-refresh") {
			return
		}
		time.Sleep(5 * time.Millisecond)
		b.open(b.page.path)
	}
	b.Fatal("the import never ended")
}

// confirm presses the button that starts the import on a preview.
func (b *browser) confirm(fill ...string) {
	b.Helper()
	here, _, _ := strings.Cut(b.page.path, "?")
	b.submit(here, append(fill, "go", "run")...)
	if b.page.code == http.StatusOK {
		b.finish()
	}
}

func (b *browser) want(code int, says ...string) {
	b.Helper()
	for _, s := range says {
		if b.page.code != code || !strings.Contains(b.text(), s) {
			b.Fatalf("%s: got %d, want %d with %q; the page says:\n%s", b.page.path, b.page.code, code, s, b.text())
		}
	}
	if b.page.code != code {
		b.Fatalf("%s: got %d, want %d; the page says:\n%s", b.page.path, b.page.code, code, b.text())
	}
}

func (b *browser) wantNot(says string) {
	b.Helper()
	if strings.Contains(b.text(), says) {
		b.Fatalf("%s says %q:\n%s", b.page.path, says, b.text())
	}
}

var anyTag = regexp.MustCompile(`(?s)<[^>]*>`)

// text is what a person reads of the page; its attributes stay out.
func (b *browser) text() string {
	plain := anyTag.ReplaceAllString(b.page.body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(plain)), " ")
}
