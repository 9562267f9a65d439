package web_test

import (
	"log/slog"
	"net/url"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pointstore/handlers/web"
	"pointstore/models"
)

// BenchmarkSignedInPost is all that surrounds an activity: limits, who is
// asking, the form token, binding a till's cart, and leading on.
func BenchmarkSignedInPost(b *testing.B) {
	s := newSite(b, func(r web.Routes) {
		r.Post("/counter/redeem", web.Staff(models.HandOverGoods), func(c *fiber.Ctx) error {
			var f struct {
				Household int64                `form:"household,id32,required"`
				Qty       map[int64]models.Qty `form:"qty.*,id32"`
				PIN       string               `form:"pin,raw"`
			}
			if _, err := web.VillageFor(c, models.HandOverGoods); err != nil {
				return err
			}
			if _, err := web.Bind(c, &f); err != nil {
				return err
			}
			return web.See(c, "/counter")
		})
	}, func(d *web.Deps) { d.Log = slog.New(slog.DiscardHandler) })
	_, secret := s.clerk()
	clerk := s.signedIn(secret)
	form := url.Values{"csrf": {clerk.csrf}, "op": {web.NewOp()}, "household": {models.ID32(7_000_000_001)}, "qty." + models.ID32(7_000_000_002): {"2"}, "pin": {"739104"}}
	handle := s.app.Handler()
	ctx := &fasthttp.RequestCtx{}
	b.ReportAllocs()
	for b.Loop() {
		ctx.Request.Reset()
		ctx.Response.Reset()
		ctx.ResetUserValues()
		ctx.Request.Header.SetMethod("POST")
		ctx.Request.SetRequestURI("/counter/redeem")
		ctx.Request.Header.SetHost("example.com")
		ctx.Request.Header.SetContentType(fiber.MIMEApplicationForm)
		ctx.Request.Header.SetCookie("ps", secret)
		ctx.Request.SetBodyString(form.Encode())
		handle(ctx)
		if code := ctx.Response.StatusCode(); code != fiber.StatusSeeOther {
			b.Fatalf("got %d: %s", code, ctx.Response.Body())
		}
	}
}

// BenchmarkShow draws a small page and compresses it.
func BenchmarkShow(b *testing.B) {
	s := newSite(b, nil, func(d *web.Deps) { d.Log = slog.New(slog.DiscardHandler) })
	handle := s.app.Handler()
	ctx := &fasthttp.RequestCtx{}
	b.ReportAllocs()
	for b.Loop() {
		ctx.Request.Reset()
		ctx.Response.Reset()
		ctx.ResetUserValues()
		ctx.Request.SetRequestURI("/show")
		ctx.Request.Header.Set("Accept-Encoding", "gzip")
		handle(ctx)
		if code := ctx.Response.StatusCode(); code != fiber.StatusOK {
			b.Fatalf("got %d", code)
		}
	}
}
