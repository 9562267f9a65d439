package web_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
)

func TestEveryAnswerIsGuarded(t *testing.T) {
	s := newSite(t, func(r web.Routes) { r.Get("/fail", web.Anybody, failing(errPlain)) })
	for _, path := range []string{"/show", "/fail", "/nowhere", "/static/app.css", "/enter/x"} {
		h := s.browser().get(path).header
		for name, want := range map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("Cross-Origin-Embedder-Policy") != "" {
			t.Errorf("%s: %v", path, h)
		}
		if path != "/static/app.css" && h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %s", path, h.Get("Cache-Control"))
		}
	}
}

func TestCookiesAreClosedToScriptsAndOtherSites(t *testing.T) {
	s := newSite(t, nil, func(d *web.Deps) { d.Base = "https://jf.example.cn" })
	h := s.browser().get("/enter/x").header
	for _, k := range h["Set-Cookie"] {
		low := strings.ToLower(k)
		if !strings.Contains(low, "httponly") || !strings.Contains(low, "samesite=lax") || !strings.Contains(low, "secure") {
			t.Errorf("cookie %s", k)
		}
	}
	if h.Get("Strict-Transport-Security") == "" || len(h["Set-Cookie"]) == 0 {
		t.Errorf("%v", h)
	}
}

func TestBodyBeyondTheLimitIsRefused(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		r.Post("/small", web.Anybody, ok)
		r.Post("/large", web.Anybody, ok, web.Upload)
	})
	b := s.browser()
	b.get("/show")
	big := url.Values{"note": {strings.Repeat("x", 300<<10)}}
	b.want(b.post("/small", big), 413, "太大")
	b.want(b.post("/large", big), 200, "办好了")
	b.headers["Content-Encoding"] = "gzip"
	b.want(b.post("/small", nil), 415, "压缩")
}

func TestGuessesAreStoppedAndPeopleAreNot(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		r.Get("/c/:token", web.Anybody, func(c *fiber.Ctx) error {
			if c.Params("token") == "good" {
				return c.SendString("办好了")
			}
			return models.ErrNotFound.With("没有找到这张卡，请核对或换卡")
		}, web.Guessable)
	})
	b := s.browser()
	for range 200 {
		b.want(b.get("/c/good"), 200, "办好了")
	}
	refused := 0
	for i := range 40 {
		if a := b.get(fmt.Sprintf("/C/%d", i)); a.code == 429 {
			refused++
			b.want(a, 429, "请 30 秒后再试")
		}
	}
	if refused < 10 {
		t.Errorf("only %d of 40 guesses were refused", refused)
	}
	b.want(b.get("/c/good"), 429, "请 30 秒后再试")
	b.want(b.get("/show"), 200, "登录")
}

func TestAddressIsTheProxysWordOnlyWhenTheProxyIsKnown(t *testing.T) {
	who := func(r web.Routes) {
		r.Get("/who", web.Anybody, func(c *fiber.Ctx) error { return c.SendString(web.Addr(c)) })
	}
	for name, c := range map[string]struct {
		proxies []string
		want    string
	}{"a stranger": {nil, "0.0.0.0"}, "another proxy": {[]string{"10.0.0.1"}, "0.0.0.0"}, "our proxy": {[]string{"0.0.0.0"}, "203.0.113.9"}} {
		s := newSite(t, who, func(d *web.Deps) { d.Proxies = c.proxies })
		b := s.browser()
		b.headers["X-Forwarded-For"] = "198.51.100.7, 203.0.113.9"
		if a := b.get("/who"); a.body != c.want {
			t.Errorf("%s: got %s, want %s", name, a.body, c.want)
		}
	}
}

func TestAddressThatAsksTooFastWaits(t *testing.T) {
	s := newSite(t, nil, func(d *web.Deps) { d.Rate = 10 })
	b, refused := s.browser(), 0
	for range 60 {
		if b.get("/show").code == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("sixty requests at once were all answered")
	}
}

func TestLogTellsNothingOfPeople(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		till(r)
		r.Get("/c/:token", web.Anybody, func(c *fiber.Ctx) error { return models.ErrNotFound.With("没有 " + c.Params("token")) })
	})
	_, secret := s.clerk()
	b := s.signedIn(secret)
	b.headers["User-Agent"] = "CANARY-agent\n[ERROR] forged"
	b.headers["X-Forwarded-For"] = "CANARY"
	b.get("/c/CANARYTOKEN?q=CANARY")
	b.post("/counter/redeem", url.Values{"note": {"CANARY 马少明 13800138000"}, "pin": {"CANARY"}})
	b.post("/counter/redeem", url.Values{"csrf": {"CANARY"}})
	b.get("/counter?household=CANARY")
	log := s.log.String()
	for _, canary := range []string{"CANARY", "马少明", "13800138000", secret, b.csrf, "forged", "马丽"} {
		if strings.Contains(log, canary) {
			t.Errorf("the log has %s:\n%s", canary, log)
		}
	}
	for _, wanted := range []string{"route=/c/:token status=404", "route=/counter/redeem status=200", "route=/counter/redeem status=403"} {
		if !strings.Contains(log, wanted) {
			t.Errorf("the log lacks %s:\n%s", wanted, log)
		}
	}
}

func TestVillageNextDoorIsAsUnknownAsNone(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		read := func(act models.Action) fiber.Handler {
			return func(c *fiber.Ctx) error {
				v, err := web.VillageFor(c, act)
				if err != nil {
					return err
				}
				return c.SendString(v.Name)
			}
		}
		r.Get("/till/:village", web.SignedIn, read(models.HandOverGoods))
		r.Get("/till", web.SignedIn, read(models.HandOverGoods))
		r.Get("/close/:village", web.SignedIn, read(models.CloseQuarter))
		r.Get("/area", web.SignedIn, func(c *fiber.Ctx) error {
			a, err := web.AreaFor(c, models.HandOverGoods)
			if err != nil {
				return err
			}
			return c.SendString(a.Name)
		})
	})
	_, secret := s.clerk()
	b := s.signedIn(secret)
	b.want(b.get("/till/"+strings.ToUpper(models.ID32(qingshi))), 200, "青石村")
	b.want(b.get("/till"), 200, "青石村")
	b.want(b.get("/area"), 200, "青石村")
	b.want(b.get("/close/"+models.ID32(qingshi)), 403, "没有权限")
	foreign, missing, broken := b.get("/till/"+models.ID32(languang)), b.get("/till/"+models.ID32(9999)), b.get("/till/uuu")
	same := func(page string) string {
		return regexp.MustCompile(`name="op" value="\w+"`).ReplaceAllString(page, "")
	}
	if foreign.code != 404 || same(foreign.body) != same(missing.body) || missing.code != 404 || broken.code != 404 {
		t.Errorf("%d, %d and %d; bodies equal: %v", foreign.code, missing.code, broken.code, same(foreign.body) == same(missing.body))
	}
	b.want(b.get("/area?area="+models.ID32(20)), 404, "没有找到")
}

func TestPublicPageIsDrawnOncePerChange(t *testing.T) {
	drawn, tag, login := 0, "1", "第一版"
	s := newSite(t, func(r web.Routes) {
		r.Get("/board", web.Anybody, func(c *fiber.Ctx) error {
			return web.ShowPublic(c, tag, func() (web.Page, error) { drawn++; return web.SignInPage{Login: login}, nil })
		})
	})
	b := s.browser()
	a := b.get("/board")
	b.want(a, 200, "第一版")
	if len(a.header["Set-Cookie"]) != 0 || strings.Contains(a.body, `name="csrf" value="x`) {
		t.Error("a page for everybody carries somebody's token")
	}
	b.want(b.get("/board"), 200, "第一版")
	if drawn != 1 {
		t.Errorf("drawn %d times", drawn)
	}
	b.headers["If-None-Match"] = a.header.Get("ETag")
	b.want(b.get("/board"), 304, "")
	tag, login = "2", "第二版"
	b.want(b.get("/board"), 200, "第二版")
	_, secret := s.clerk()
	b.want(s.signedIn(secret).get("/board"), 200, "马丽")
	if a := s.browser().get("/board"); strings.Contains(a.body, "马丽") {
		t.Error("a clerk's page is shown to everybody")
	}
}

func TestPagesAreSentSmall(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser()
	b.headers["Accept-Encoding"] = "gzip, br"
	a := b.get("/show")
	if a.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v", a.header)
	}
	z, err := gzip.NewReader(strings.NewReader(a.body))
	s.must(err)
	text, err := io.ReadAll(z)
	s.must(err)
	if !strings.Contains(string(text), "登录名") || len(text) <= len(a.body) {
		t.Errorf("%d bytes became %d", len(text), len(a.body))
	}
}

func TestDownloadKeepsAChineseName(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		r.Get("/file", web.Anybody, func(c *fiber.Ctx) error {
			return web.Download(c, "青石村 季报.xlsx", "application/vnd.ms-excel", []byte("x"))
		})
	})
	h := s.browser().get("/file").header.Get("Content-Disposition")
	if h != `attachment; filename="download.xlsx"; filename*=UTF-8''%E9%9D%92%E7%9F%B3%E6%9D%91%20%E5%AD%A3%E6%8A%A5.xlsx` {
		t.Error(h)
	}
}
