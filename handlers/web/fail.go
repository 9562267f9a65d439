package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/assets"
	"pointstore/models"
)

// status is what each kind of refusal becomes.
var status = map[models.Kind]int{
	models.Bug: http.StatusInternalServerError, models.Input: http.StatusUnprocessableEntity, models.NotFound: http.StatusNotFound,
	models.Forbidden: http.StatusForbidden, models.SignIn: http.StatusUnauthorized, models.Conflict: http.StatusConflict,
	models.Gone: http.StatusGone, models.Locked: http.StatusLocked, models.TooMany: http.StatusTooManyRequests,
	models.TooLarge: http.StatusRequestEntityTooLarge, models.WrongType: http.StatusUnsupportedMediaType,
	models.Busy: http.StatusServiceUnavailable, models.Unknown: http.StatusServiceUnavailable,
	models.DiskFull: http.StatusInsufficientStorage, models.Unhealthy: http.StatusServiceUnavailable,
}

var (
	errNoPage    = models.ErrNotFound.With("没有这一页，请核对地址，或从首页重新进入")
	errBadHTTP   = models.ErrInput.With("这个请求看不懂，没有办理；请刷新页面再试")
	errBug       = &models.Error{Kind: models.Bug, Code: "bug", Say: "出了点问题，没有保存"}
	errCancelled = models.ErrBusy.With("系统忙，等得太久了；请再点一次（不会重复）")
)

// errorPage is what a refusal looks like when its page cannot be shown again.
type errorPage struct {
	Title, Text, Number, Back, BackText string
}

// View implements Page.
func (errorPage) View() (name, title string) { return "error/error", "没有办成" }

// Fail is the one place an error becomes a reply.
func Fail(c *fiber.Ctx, err error) error {
	q, e := of(c), declared(err)
	if e.Kind == models.SignIn && errors.Is(e, models.ErrSignIn) && !WantsJSON(c) {
		return q.toSignIn(c)
	}
	if errors.Is(e, errMustChange) && c.Method() == fiber.MethodGet && !WantsJSON(c) {
		return See(c, "/account")
	}
	q.report(c, e, err)
	if WantsJSON(c) {
		return q.refuseJSON(c, e)
	}
	if again := q.retry(c, e); again != nil {
		return q.refuse(c, e, *again)
	}
	p := errorPage{Title: e.Say, Number: q.number, Back: back(c), BackText: "回到上一页"}
	switch {
	case e.Kind == models.Bug:
		p.Text = "请截图或记下编号告诉管理员。"
	case c.Method() == fiber.MethodPost && e.Kind != models.Unknown:
		p.Text = "没有改动任何内容。"
	}
	return q.refuse(c, e, p)
}

// refuse draws a page about a refusal, and plain words should even that fail.
func (q *request) refuse(c *fiber.Ctx, e *models.Error, p Page) error {
	q.public = false
	if q.route == nil && e.Kind != models.TooMany {
		_ = q.identify(c) // a page nobody declared has no door; its banner still knows who looks
	}
	c.Response().Header.Del(fiber.HeaderETag)
	c.Set(fiber.HeaderCacheControl, "no-store")
	wait(c, e)
	if err := draw(c, status[e.Kind], p, nil); err != nil {
		q.web.Log.Error("the error page cannot be drawn", "err", err)
		c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		return c.Status(status[e.Kind]).SendString(e.Say)
	}
	return nil
}

// declared finds the refusal in an error: a rule's own, the router's, or, for
// what nobody declared, an apology.
func declared(err error) *models.Error {
	var e *models.Error
	var lost *fiber.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &lost) && lost.Code == fiber.StatusRequestEntityTooLarge:
		return errTooLarge
	case errors.As(err, &lost) && (lost.Code == fiber.StatusNotFound || lost.Code == fiber.StatusMethodNotAllowed):
		return errNoPage
	case errors.As(err, &lost) && lost.Code < fiber.StatusInternalServerError:
		return errBadHTTP
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errCancelled.Because(err)
	}
	return errBug.Because(err)
}

// Again shows the page once more with what was typed and why it was refused.
// Without a page, and for what is our own fault, it is Fail.
func Again(c *fiber.Ctx, page Page, err error) error {
	e := declared(err)
	if page == nil || WantsJSON(c) || e.Kind == models.Bug || e.Kind == models.Busy || e.Kind == models.Unknown || errors.Is(e, models.ErrSignIn) {
		return err
	}
	q := of(c)
	q.report(c, e, err)
	wait(c, e)
	return draw(c, status[e.Kind], page, &assets.Say{Text: e.Say, Code: e.Code, Number: q.number})
}

// Errors gives the sentence to the field it is about, for a page shown again.
func Errors(err error) map[string]string {
	var e *models.Error
	if errors.As(err, &e) && e.Field != "" {
		return map[string]string{e.Field: e.Say}
	}
	return nil
}

// refusal is what the program at the other end reads.
type refusal struct {
	Code   string `json:"code"`
	Say    string `json:"say"`
	Field  string `json:"field,omitempty"`
	Number string `json:"number,omitempty"`
}

func (q *request) refuseJSON(c *fiber.Ctx, e *models.Error) error {
	wait(c, e)
	return c.Status(status[e.Kind]).JSON(map[string]refusal{"error": {e.Code, e.Say, e.Field, q.number}})
}

// wait tells a program when to come back.
func wait(c *fiber.Ctx, e *models.Error) {
	switch e.Kind {
	case models.TooMany:
		c.Set(fiber.HeaderRetryAfter, "30")
	case models.Busy, models.Unknown:
		c.Set(fiber.HeaderRetryAfter, "1")
	}
}

// back is the page on this site that the person came from, if any.
func back(c *fiber.Ctx) string {
	from := c.Get(fiber.HeaderReferer)
	base := of(c).web.origin
	if rest, ok := strings.CutPrefix(from, base); ok && base != "" && rest != c.OriginalURL() {
		return LocalPath(rest)
	}
	return ""
}

const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// newNumber is short enough to be read out on the telephone.
func newNumber() string {
	var b [4]byte
	rand.Read(b[:])
	for i, v := range b {
		b[i] = letters[int(v)%len(letters)]
	}
	return string(b[:])
}
