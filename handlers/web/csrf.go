package web

import (
	"crypto/subtle"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

var (
	errCrossSite = &models.Error{Kind: models.Forbidden, Code: "cross_site", Say: "这个请求是从别的网站发来的，没有办理；请从积分超市的页面重新打开"}
	errOldPage   = &models.Error{Kind: models.Forbidden, Code: "old_page", Say: "页面放太久了，这一笔还没有办，请刷新再交"}
)

// genuine answers whether a request that changes something comes from a page of
// ours, drawn for this very session, or from a program that holds the session's
// secret itself: browsers add cookies by themselves, but never a bearer token.
func (q *request) genuine(c *fiber.Ctx) error {
	own := q.bearer != "" && q.signed != nil
	if !own && q.foreign(c) {
		return errCrossSite
	}
	if len(c.Request().Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return errEncoded
	}
	if own || q.route.tokenless && isJSON(c) {
		return nil
	}
	token := c.Request().Header.Peek("X-CSRF-Token")
	if len(token) == 0 {
		token = []byte(formValue(c, "csrf"))
	}
	if q.signed != nil {
		if subtle.ConstantTimeCompare(token, []byte(q.signed.CSRF)) == 1 {
			return nil
		}
	} else if c.Cookies(visitorCookie) != "" && q.web.Secrets.CheckCSRF(q.visitor(c), string(token)) {
		return nil
	}
	return errOldPage
}

// foreign tells by the browser's own word whether another site sent the request.
// Old browsers say nothing; then the token alone decides.
func (q *request) foreign(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return true
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return false
	}
	if origin == q.web.origin {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, c.Hostname())
}

// formValue is one value of the posted form, however it was posted.
func formValue(c *fiber.Ctx, name string) string {
	if isMultipart(c) {
		if f, err := c.MultipartForm(); err == nil && len(f.Value[name]) > 0 {
			return f.Value[name][0]
		}
		return ""
	}
	return string(c.Request().PostArgs().Peek(name))
}

func contentType(c *fiber.Ctx) string {
	t, _, _ := strings.Cut(string(c.Request().Header.ContentType()), ";")
	return strings.ToLower(strings.TrimSpace(t))
}

func isMultipart(c *fiber.Ctx) bool { return contentType(c) == fiber.MIMEMultipartForm }

func isJSON(c *fiber.Ctx) bool { return contentType(c) == fiber.MIMEApplicationJSON }
