package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
)

func till(r web.Routes) {
	r.Get("/counter", web.Staff(models.HandOverGoods), func(c *fiber.Ctx) error { return web.Show(c, web.SignInPage{Login: "柜台"}) })
	r.Post("/counter/redeem", web.Staff(models.HandOverGoods), func(c *fiber.Ctx) error {
		var f struct {
			Note string `form:"note"`
		}
		op, err := web.Bind(c, &f)
		if err != nil {
			return err
		}
		return c.SendString("办好了 " + f.Note + " " + op.String())
	})
	r.Get("/me", web.Household, ok)
	r.Get("/reports", web.Staff(models.ReadReport), ok)
	r.Get("/account", web.SignedIn, ok, web.Early)
}

func TestFormNeedsTheTokenOfItsSession(t *testing.T) {
	s := newSite(t, till)
	id, secret := s.clerk()
	other, err := account.Open(s.Context(), s.d, id, "other", false)
	s.must(err)
	b, elsewhere := s.signedIn(secret), s.signedIn(other)
	b.want(b.post("/counter/redeem", nil), 200, "办好了")
	mine := b.csrf
	for name, token := range map[string]string{"none": "", "another session's": elsewhere.csrf, "a mutilated one": mine[1:]} {
		a := b.post("/counter/redeem", url.Values{"csrf": {token}})
		if a.code != 403 || !strings.Contains(a.body, "页面放太久了") {
			t.Errorf("%s: got %d", name, a.code)
		}
	}
	b.csrf = mine
	for name, headers := range map[string]map[string]string{
		"the browser says so": {"Sec-Fetch-Site": "cross-site"}, "a neighbour of the domain": {"Sec-Fetch-Site": "same-site"},
		"another origin": {"Origin": "https://evil.example"}, "no origin": {"Origin": "null"},
	} {
		b.headers = headers
		a := b.post("/counter/redeem", nil)
		if a.code != 403 || !strings.Contains(a.body, "别的网站") {
			t.Errorf("%s: got %d %s", name, a.code, a.body)
		}
	}
	b.headers = map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://example.com"}
	b.want(b.post("/counter/redeem", nil), 200, "办好了")
}

func TestOldPageKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t, till)
	_, secret := s.clerk()
	b := s.signedIn(secret)
	op := web.NewOp()
	a := b.post("/counter/redeem", url.Values{"csrf": {"old"}, "note": {`两袋米 "<i>"`}, "op": {op}})
	b.want(a, 403, "您填的内容还在")
	b.want(a, 403, `name="note" value="两袋米 &#34;&lt;i&gt;&#34;"`)
	b.want(a, 403, `name="op" value="`+op+`"`)
	b.headers["Sec-Fetch-Site"] = "cross-site"
	a = b.post("/counter/redeem", url.Values{"note": {"别人写的"}})
	if strings.Contains(a.body, "别人写的") {
		t.Error("a form from another site is offered for a second try")
	}
	b.headers = map[string]string{}
	a = b.post("/counter/redeem", url.Values{"csrf": {"old"}, "pin": {"739104"}})
	if strings.Contains(a.body, "739104") {
		t.Error("a PIN is echoed")
	}
}

func TestSessionThatIsOverKeepsTheFormThroughSigningIn(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		till(r)
		r.Post("/resume", web.Anybody, func(c *fiber.Ctx) error {
			secret, err := account.SignIn(c.UserContext(), testDB, "clerk", password, "", "", false)
			if err != nil {
				return err
			}
			web.Enter(c, secret, false)
			if shown, err := web.Resume(c, c.FormValue("draft")); shown || err != nil {
				return err
			}
			return web.See(c, "/show")
		})
	})
	testDB = s.d
	_, secret := s.clerk()
	b := s.signedIn(secret)
	s.clock.Add(31 * time.Minute)
	if a := b.get("/counter?q=1"); a.code != 303 || a.header.Get("Location") != "/signin?next="+url.QueryEscape("/counter?q=1") {
		t.Fatalf("reading: got %d %s", a.code, a.header.Get("Location"))
	}
	op := web.NewOp()
	a := b.post("/counter/redeem", url.Values{"note": {"两袋米"}, "op": {op}})
	b.want(a, 401, "登录已过期")
	m := regexp.MustCompile(`name="draft" value="([^"]+)"`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("nothing is kept:\n%s", a.body)
	}
	a = b.post("/resume", url.Values{"draft": {m[1]}})
	b.want(a, 200, `name="note" value="两袋米"`)
	b.want(b.post("/counter/redeem", url.Values{"note": {"两袋米"}, "op": {op}}), 200, "办好了 两袋米 "+op)

	forged := s.browser()
	forged.get("/show")
	if a := forged.post("/resume", url.Values{"draft": {m[1][:len(m[1])-4] + "AAAA"}}); strings.Contains(a.body, "两袋米") {
		t.Error("a forged draft is shown")
	}
}

var testDB *db.DB

func TestSignInIgnoresTheSecretThatSomebodyPlanted(t *testing.T) {
	s := newSite(t, till)
	_, secret := s.clerk()
	b := s.browser()
	b.cookies["ps"] = strings.Repeat("A", 43)
	if a := b.get("/counter"); a.code != 303 {
		t.Fatalf("a made-up secret: got %d", a.code)
	}
	b.get("/enter/" + secret)
	if b.cookies["ps"] != secret {
		t.Fatal("signing in kept the planted secret")
	}
	b.want(b.get("/counter"), 200, "柜台")
}

func TestDisabledPersonIsOutWithTheNextRequest(t *testing.T) {
	s := newSite(t, till)
	id, secret := s.clerk()
	b := s.signedIn(secret)
	b.want(b.get("/counter"), 200, "柜台")
	s.must(account.Disable(s.Context(), s.d, db.NewOpID(), s.boss, id))
	if a := b.get("/counter"); a.code != 303 {
		t.Errorf("a page: got %d", a.code)
	}
	b.headers["Accept"] = "application/json"
	b.want(b.get("/counter"), 401, "sign_in")
}

func TestDoorsLetInWhomTheyName(t *testing.T) {
	s := newSite(t, till)
	_, secret := s.clerk()
	clerk := s.signedIn(secret)
	at, err := account.SignInHousehold(s.Context(), s.d, models.Household{Village: qingshi, ID: 7}, "")
	s.must(err)
	family, stranger := s.signedIn(at), s.browser()
	for _, c := range []struct {
		who  *browser
		path string
		code int
	}{
		{clerk, "/counter", 200}, {clerk, "/reports", 403}, {clerk, "/me", 403}, {clerk, "/account", 200},
		{family, "/counter", 303}, {family, "/me", 200}, {family, "/account", 303},
		{stranger, "/counter", 303}, {stranger, "/me", 303}, {stranger, "/show", 200},
	} {
		if a := c.who.get(c.path); a.code != c.code {
			t.Errorf("%s: got %d, want %d", c.path, a.code, c.code)
		}
	}
}

func TestOneTimePasswordOpensOnlyTheAccountPage(t *testing.T) {
	s := newSite(t, till)
	_, secret := s.clerk()
	b := s.signedIn(secret)
	s.must(s.d.Aside(s.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("UPDATE accounts SET must_change = 1")
		return err
	}))
	s.clock.Add(2 * time.Second)
	if a := b.get("/counter"); a.code != 303 || a.header.Get("Location") != "/account" {
		t.Errorf("got %d %s", a.code, a.header.Get("Location"))
	}
	b.want(b.post("/counter/redeem", nil), 403, "先换成自己的密码")
	b.want(b.get("/account"), 200, "办好了")
}

func TestRouteWithoutADoorCannotBeDeclared(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it was declared")
		}
	}()
	newSite(t, func(r web.Routes) { r.Get("/open", web.Door{}, ok) })
}

func TestFlashIsSaidOnce(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		r.Post("/do", web.Anybody, func(c *fiber.Ctx) error {
			web.Flash(c, "ok", "已兑换，扣 65 分", "还剩 63 分")
			return web.See(c, "/show")
		})
	})
	b := s.browser()
	b.get("/show")
	if a := b.post("/do", nil); a.code != 303 {
		t.Fatalf("got %d", a.code)
	}
	kept := b.cookies["pf"]
	b.want(b.get("/show"), 200, "还剩 63 分")
	if a := b.get("/show"); strings.Contains(a.body, "还剩 63 分") {
		t.Error("it is said twice")
	}
	b.cookies["pf"] = kept[:len(kept)-4] + "AAAA"
	if a := b.get("/show"); strings.Contains(a.body, "还剩 63 分") {
		t.Error("a forged word is said")
	}
}

func TestLocalPathStaysOnThisSite(t *testing.T) {
	for next, want := range map[string]string{
		"/counter?q=1": "/counter?q=1", "": "/", "counter": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example/": "/",
		"javascript:alert(1)": "/", "/a\r\nSet-Cookie: x": "/", "/\t/evil.example": "/", "http:/evil": "/",
	} {
		if got := web.LocalPath(next); got != want {
			t.Errorf("%q: got %q, want %q", next, got, want)
		}
	}
}
