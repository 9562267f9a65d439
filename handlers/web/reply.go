package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
	"pointstore/models/db"
)

// See leads on after a form: 303, so that reloading does not post again.
func See(c *fiber.Ctx, path string) error { return c.Redirect(path, fiber.StatusSeeOther) }

// LocalPath is next when it is a path on this very site, else "/".
func LocalPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}

func escape(s string) string { return url.QueryEscape(s) }

// programs is where the JSON interface lives.
const programs = "/api/"

// WantsJSON says whether a program, not a person, reads the answer.
func WantsJSON(c *fiber.Ctx) bool {
	path := c.Path()
	return isJSON(c) || strings.HasPrefix(c.Get(fiber.HeaderAccept), fiber.MIMEApplicationJSON) ||
		len(path) >= len(programs) && strings.EqualFold(path[:len(programs)], programs)
}

// JSON answers a program.
func JSON(c *fiber.Ctx, v any) error { return c.JSON(v) }

// Base is the public address without a trailing slash.
func Base(c *fiber.Ctx) string { return of(c).web.Base }

// NewOp is a fresh operation id, for forms that need one of their own.
func NewOp() string { return db.NewOpID().String() }

// Next is the id of the nth further step of the same form, so that a form sent
// twice does none of its steps twice.
func Next(op db.OpID, n int64) db.OpID { return db.ErrandID(op.String(), 0, 0, n) }

// ID is a path parameter that names something; a broken one names nothing:
// models.ErrNotFound.
func ID(c *fiber.Ctx, name string) (int64, error) {
	return models.ParseID32(strings.ToLower(c.Params(name)))
}

// Download sends a file to be kept. The name may be Chinese.
func Download(c *fiber.Ctx, filename, contentType string, body []byte) error {
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="download`+ascii(extension(filename))+`"; filename*=UTF-8''`+strings.ReplaceAll(url.QueryEscape(filename), "+", "%20"))
	c.Set(fiber.HeaderContentType, contentType)
	return c.Send(body)
}

func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i:]
	}
	return ""
}

func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}
