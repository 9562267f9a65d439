package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// draft is a posted form kept for another try. It holds the operation id too, so
// that what did happen after all does not happen twice.
type draft struct {
	Action string
	Fields url.Values
	At     int64
}

// draftMost is the largest form kept, in bytes, and draftFor how long.
const (
	draftMost = 64 << 10
	draftFor  = 24 * time.Hour
)

// secretFields are never echoed; a form that has one is filled in anew.
var secretFields = []string{"pin", "password", "old", "again"}

// SignInPage is the sign-in page. Draft is a form that was posted after the
// session had ended.
type SignInPage struct {
	Login, Next, Draft string
	Remember           bool
	Kept               bool
}

// View implements Page.
func (SignInPage) View() (name, title string) { return "signin/signin", "登录" }

// toSignIn asks who it is and remembers where they were going.
func (q *request) toSignIn(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodGet {
		return See(c, "/signin?next="+escape(c.OriginalURL()))
	}
	p := SignInPage{Next: back(c)}
	if d := q.draft(c); d != nil {
		if sealed, err := q.web.seal("draft", d); err == nil {
			p.Draft, p.Kept = sealed, true
		}
	}
	c.Status(fiber.StatusUnauthorized)
	return q.refuse(c, models.ErrSignIn, p)
}

// draft is the posted form, if it can be posted again.
func (q *request) draft(c *fiber.Ctx) *draft {
	if c.Method() != fiber.MethodPost || contentType(c) != fiber.MIMEApplicationForm || len(c.Request().Body()) > draftMost || q.foreign(c) {
		return nil
	}
	d := &draft{Action: c.OriginalURL(), Fields: url.Values{}, At: time.Now().Unix()}
	for k, v := range c.Request().PostArgs().All() {
		d.Fields.Add(string(k), string(v))
	}
	for _, name := range secretFields {
		if d.Fields.Has(name) {
			return nil
		}
	}
	d.Fields.Del("csrf")
	return d
}

// retryPage offers a posted form once more.
type retryPage struct {
	Title, Text, Button string
	Action, Op          string
	Fields              []retryField
}

type retryField struct{ Name, Value string }

// View implements Page.
func (retryPage) View() (name, title string) { return "error/retry", "请再点一次" }

func (d *draft) page(title, text, button string) *retryPage {
	p := &retryPage{Title: title, Text: text, Button: button, Action: d.Action, Op: d.Fields.Get("op")}
	for name, values := range d.Fields {
		for _, v := range values {
			if name != "op" {
				p.Fields = append(p.Fields, retryField{name, v})
			}
		}
	}
	slices.SortStableFunc(p.Fields, func(a, b retryField) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// retry is the page for refusals that a second try may well mend, with
// everything that was typed.
func (q *request) retry(c *fiber.Ctx, e *models.Error) *retryPage {
	stale := errors.Is(e, errOldPage)
	if !stale && e.Kind != models.Busy && e.Kind != models.Unknown {
		return nil
	}
	d := q.draft(c)
	if d == nil {
		return nil
	}
	switch {
	case stale:
		return d.page("页面放太久了，这一笔还没有办", "您填的内容还在，请再点一次。", "再交一次")
	case e.Kind == models.Unknown:
		return d.page(e.Say, "已经办好的不会重复办。", "查看结果")
	}
	return d.page(e.Say, "您填的内容还在。", "再交一次")
}

// Resume shows the form that was posted when the session had ended, after
// signing in again; false when there is none.
func Resume(c *fiber.Ctx, sealed string) (shown bool, err error) {
	var d draft
	if sealed == "" || !of(c).web.unseal("draft", sealed, &d) || time.Since(time.Unix(d.At, 0)) > draftFor || LocalPath(d.Action) != d.Action {
		return false, nil
	}
	return true, Show(c, *d.page("已经登录，这一笔还没有办", "您刚才填的内容还在，请再点一次。", "再交一次"))
}
