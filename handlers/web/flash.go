package web

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/assets"
)

// flashFor is how long a word waits for the next page.
const flashFor = 2 * time.Minute

type flash struct {
	assets.Flash
	At int64
}

// Flash says on the next page, once, what has been done. Kind is ok, wait or
// bad. It travels sealed in a cookie, so a restart or another instance between
// the two requests does no harm, and nobody else can put words there.
func Flash(c *fiber.Ctx, kind, text string, detail ...string) {
	f := flash{assets.Flash{Kind: kind, Text: text}, time.Now().Unix()}
	if len(detail) > 0 {
		f.Detail = detail[0]
	}
	w := of(c).web
	if sealed, err := w.seal("flash", f); err == nil {
		w.cookie(c, flashCookie, sealed, int(flashFor.Seconds()))
	}
}

// takeFlash reads what waits for this page, and takes it away.
func takeFlash(c *fiber.Ctx) *assets.Flash {
	sealed := c.Cookies(flashCookie)
	if sealed == "" {
		return nil
	}
	w := of(c).web
	w.cookie(c, flashCookie, "", -1)
	var f flash
	if !w.unseal("flash", sealed, &f) || time.Since(time.Unix(f.At, 0)) > flashFor {
		return nil
	}
	return &f.Flash
}

// seal writes a value so that only this instance's key file reads or makes it.
func (w *Web) seal(purpose string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sealed, err := w.Secrets.Seal(purpose, string(plain))
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

func (w *Web) unseal(purpose, text string, into any) bool {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	plain, err := w.Secrets.Unseal(purpose, sealed)
	return err == nil && json.Unmarshal([]byte(plain), into) == nil
}
