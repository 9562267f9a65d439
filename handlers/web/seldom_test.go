package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
)

func TestSeldomBoundsWhatOneAddressGetsDoneWithoutSigningIn(t *testing.T) {
	refuse := false
	s := newSite(t, func(r web.Routes) {
		r.Post("/said", web.Anybody, func(c *fiber.Ctx) error {
			if refuse {
				return models.ErrInput
			}
			return web.See(c, "/show")
		}, web.Seldom)
	})
	_, secret := s.clerk()
	b := s.browser()
	b.get("/show")
	said := func(b *browser) int { return b.post("/said", url.Values{}).code }
	refuse = true
	for range 40 {
		if code := said(b); code != 422 {
			t.Fatalf("what was not done counted: %d", code)
		}
	}
	refuse = false
	done := 0
	for said(b) == 303 {
		if done++; done > 100 {
			t.Fatal("nothing bounds it")
		}
	}
	if done < 10 {
		t.Errorf("a village that shares an address may say only %d things", done)
	}
	b.want(b.post("/said", nil), 429, "找村监督员")
	if code := said(s.signedIn(secret)); code != 303 {
		t.Errorf("somebody signed in is refused at the same address: %d", code)
	}
}

func TestFooterLeadsToObjectingFromPagesThatAreNobodysWorkplace(t *testing.T) {
	s := newSite(t, func(r web.Routes) {})
	if a := s.browser().get("/nowhere"); !strings.Contains(a.body, `<footer class="end"><a href="/say">提意见</a>`) {
		t.Errorf("no way to object from:\n%s", a.body)
	}
	if a := s.browser().get("/admin/nowhere"); strings.Contains(a.body, `href="/say"`) {
		t.Error("a workplace carries the villagers' footer")
	}
}
