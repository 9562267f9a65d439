package web

import (
	"github.com/gofiber/fiber/v2"
)

// Static answers GET /static/:name: for ever when the name carries the hash of
// the content, else asking again each time.
func (w *Web) Static(c *fiber.Ctx) error {
	s, name := w.Views.Static(), c.Params("name")
	body, kind, immutable, ok := s.Open(name)
	if !ok {
		return errNoPage
	}
	h := &c.Response().Header
	h.SetContentType(kind)
	h.Set(fiber.HeaderETag, s.ETag(name))
	h.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if immutable {
		h.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	} else {
		h.Set(fiber.HeaderCacheControl, "no-cache")
	}
	if c.Get(fiber.HeaderIfNoneMatch) == s.ETag(name) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	if gz, ok := s.Gzip(name); ok && gzips(c) {
		h.Set(fiber.HeaderContentEncoding, "gzip")
		body = gz
	}
	c.Response().SetBodyRaw(body)
	return nil
}

// Health answers GET /healthz for whoever watches the program: whether it
// serves, and whether its database answers.
func (w *Web) Health(c *fiber.Ctx) error {
	if err := w.DB.Ping(c.UserContext()); err != nil {
		w.Log.Error("the database does not answer", "err", redact(err))
		return c.Status(fiber.StatusServiceUnavailable).JSON(fiber.Map{"ok": false})
	}
	return c.JSON(fiber.Map{"ok": true})
}
