package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// How long a request may last, and how large it may be.
const (
	patience       = 30 * time.Second
	uploadPatience = 2 * time.Minute
	bodyMost       = 256 << 10
	// UploadMost is the largest body of all, in bytes.
	UploadMost = 12 << 20
)

// Guard stands before every route: it sets the headers, catches what breaks,
// turns errors into replies and keeps the log.
func (w *Web) Guard(c *fiber.Ctx) (err error) {
	q := w.begin(c)
	defer func() {
		if p := recover(); p != nil {
			err = Fail(c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
		q.end(c)
	}()
	if !w.people.take(q.who, q.begun) {
		return Fail(c, ErrTooFast)
	}
	if err := c.Next(); err != nil {
		return Fail(c, err)
	}
	return nil
}

// Broken is the router's error handler: for requests that never reached Guard,
// such as a body beyond every limit.
func (w *Web) Broken(c *fiber.Ctx, err error) error {
	if of(c) == nil {
		w.begin(c)
	}
	return Fail(c, err)
}

func (w *Web) begin(c *fiber.Ctx) *request {
	q := &request{web: w, begun: time.Now(), who: hashAddr(w.addr(c))}
	c.Locals(requestKey{}, q)
	w.headers(c)
	return q
}

// headers lets nothing run, frame, guess or leak. There is no COEP header,
// because WeChat's own scripts would be refused by it.
func (w *Web) headers(c *fiber.Ctx) {
	h := &c.Response().Header
	h.Set(fiber.HeaderContentSecurityPolicy, "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'")
	h.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	h.Set(fiber.HeaderXFrameOptions, "DENY")
	h.Set(fiber.HeaderReferrerPolicy, "same-origin")
	h.Set(fiber.HeaderCacheControl, "no-store")
	if w.secure {
		h.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// enter is a route's own way in: how much, who, how often, from where.
func (w *Web) enter(c *fiber.Ctx, rt *Route, h fiber.Handler) error {
	q := of(c)
	q.route = rt
	long := patience
	if rt.upload {
		long = uploadPatience
	} else if len(c.Request().Body()) > bodyMost {
		return errTooLarge
	}
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	c.SetUserContext(ctx)
	if err := q.identify(c); err != nil {
		return err
	}
	if err := q.slow(); err != nil {
		return err
	}
	if err := rt.Door.Lets(q.actor()); err != nil {
		return err
	}
	if q.signed != nil && q.signed.MustChange && !rt.early && rt.Door.kind != anybody {
		return errMustChange
	}
	if rt.Method != fiber.MethodGet {
		if err := q.genuine(c); err != nil {
			return err
		}
	}
	return h(c)
}

var (
	errTooLarge   = &models.Error{Kind: models.TooLarge, Code: "too_large", Say: "内容太大，没有保存；照片或表格最大 10 MB，请改小再交"}
	errEncoded    = &models.Error{Kind: models.WrongType, Code: "encoded_body", Say: "内容的压缩方式认不出来，没有保存"}
	errMustChange = &models.Error{Kind: models.Forbidden, Code: "must_change_password", Say: "第一次登录，请先换成自己的密码，再办别的事"}
)

// identify finds who is asking. A secret that says nothing any more is no error:
// the visitor is simply nobody.
func (q *request) identify(c *fiber.Ctx) error {
	q.bearer = bearer(c)
	secret := Secret(c)
	if secret == "" {
		return nil
	}
	signed, err := q.web.Directory.Who(c.UserContext(), secret)
	if err != nil {
		if errors.Is(err, models.ErrSignIn) {
			return nil
		}
		return err
	}
	q.signed = signed
	return nil
}
