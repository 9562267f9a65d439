package web_test

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
)

func TestBearerNeedsNoFormTokenAndCookiesStillDo(t *testing.T) {
	s := newSite(t, till)
	_, secret := s.clerk()
	redeem := func(b *browser) answer {
		b.headers["Idempotency-Key"] = web.NewOp()
		return b.do("POST", "/counter/redeem", fiber.MIMEApplicationJSON, `{"note":"两袋米"}`)
	}
	program := s.browser()
	program.headers["Authorization"] = "Bearer " + secret
	program.want(redeem(program), 200, "办好了 两袋米")
	program.headers["Origin"] = "https://another.example" // a program may be somebody else's page, if it holds the secret
	program.want(redeem(program), 200, "办好了")

	b := s.signedIn(secret)
	b.want(redeem(b), 403, "old_page")
	b.headers["X-CSRF-Token"] = b.csrf
	b.want(redeem(b), 200, "办好了")

	// A dead token must not fall back on the cookie, which any site can make a
	// browser send.
	for _, dead := range []string{strings.Repeat("A", 43), "short"} {
		b.headers["Authorization"] = "bearer " + dead
		b.want(redeem(b), 401, "sign_in")
	}
	b.headers["Authorization"] = "Basic dGlsbDp0aWxs" // a reverse proxy's
	b.want(redeem(b), 200, "办好了")
}

func TestTokenlessRouteTakesJSONOfOursOnly(t *testing.T) {
	s := newSite(t, func(r web.Routes) { r.Post("/open", web.Anybody, ok, web.Tokenless) })
	b := s.browser()
	b.want(b.do("POST", "/open", fiber.MIMEApplicationJSON, `{}`), 200, "办好了")
	for _, kind := range []string{fiber.MIMEApplicationForm, fiber.MIMETextPlain, ""} {
		if a := b.do("POST", "/open", kind, `{}`); a.code != 403 {
			t.Errorf("%q: got %d", kind, a.code)
		}
	}
	b.headers["Origin"] = "https://evil.example"
	b.want(b.do("POST", "/open", fiber.MIMEApplicationJSON, `{}`), 403, "cross_site")
}

func TestEveryAnswerBelowAPIIsJSON(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		r.Get("/api/v1/closed", web.SignedIn, ok)
		r.Delete("/api/v1/closed", web.SignedIn, ok)
	})
	b := s.browser()
	b.want(b.get("/api/v1/closed"), 401, `{"error":{"code":"sign_in"`)
	b.want(b.do("DELETE", "/API/v1/closed", "", ""), 401, `{"error":{"code":"sign_in"`)
	b.want(b.get("/api/v1/nowhere"), 404, `{"error":{"code":"not_found"`)
	_, secret := s.clerk()
	in := s.signedIn(secret)
	in.want(in.do("DELETE", "/api/v1/closed", "", ""), 403, "old_page")
	in.headers["X-CSRF-Token"] = in.csrf
	in.want(in.do("DELETE", "/api/v1/closed", "", ""), 200, "办好了")
}
