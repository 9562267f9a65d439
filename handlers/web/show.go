package web

import (
	"bytes"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pointstore/assets"
)

// Page is everything a view may show. View names the view and gives the title.
// A page may also have Frame(*web.Frame), to say more about its surroundings.
type Page interface {
	View() (name, title string)
}

type framer interface{ Frame(*Frame) }

// Show draws a page, whole, before any of it is sent.
func Show(c *fiber.Ctx, page Page) error { return Status(c, fiber.StatusOK, page) }

// Status is Show with another status.
func Status(c *fiber.Ctx, status int, page Page) error {
	return draw(c, status, page, nil)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func draw(c *fiber.Ctx, status int, page Page, refusal *assets.Say) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := render(c, b, page, refusal); err != nil {
		return err
	}
	c.Status(status)
	send(c, b.Bytes())
	return nil
}

func render(c *fiber.Ctx, b *bytes.Buffer, page Page, refusal *assets.Say) error {
	q := of(c)
	name, title := page.View()
	f := q.frame(c, title)
	f.Error = refusal
	if p, ok := page.(framer); ok {
		p.Frame(&f)
	}
	return q.web.Views.Render(b, name, assets.Screen{Frame: f, Page: page})
}

// squeezeFrom is the size from which compressing pays, in bytes.
const squeezeFrom = 1024

// send answers with a page, compressed at the fastest level for who can read it:
// a page of 20 KB takes a tenth of a millisecond and leaves as 4 KB.
func send(c *fiber.Ctx, body []byte) {
	h := &c.Response().Header
	h.SetContentType(fiber.MIMETextHTMLCharsetUTF8)
	h.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if len(body) >= squeezeFrom && gzips(c) {
		h.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestSpeed))
		return
	}
	c.Response().SetBody(body)
}

func gzips(c *fiber.Ctx) bool {
	return strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip")
}
