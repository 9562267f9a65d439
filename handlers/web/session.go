package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
	"pointstore/models/account"
)

// The cookies: who is signed in, a visitor's form token, a word for the next
// page, and how large the type is.
const (
	sessionCookie = "ps"
	visitorCookie = "pa"
	flashCookie   = "pf"
	elderCookie   = "pe"
)

// Actor is who asks; the zero Actor when nobody is signed in.
func Actor(c *fiber.Ctx) models.Actor { return of(c).actor() }

func (q *request) actor() models.Actor {
	if q.signed == nil {
		return models.Actor{}
	}
	return q.signed.Actor
}

// Session is the sign-in behind the request; zero when there is none.
func Session(c *fiber.Ctx) account.Signed {
	if q := of(c); q.signed != nil {
		return *q.signed
	}
	return account.Signed{}
}

// Enter gives the browser the secret of a session that has just been opened.
// keep holds it beyond the browser's closing; how long it is good for is the
// session's own affair.
func Enter(c *fiber.Ctx, secret string, keep bool) {
	age := 0
	if keep {
		age = int((365 * 24 * time.Hour).Seconds())
	}
	q := of(c)
	q.web.cookie(c, sessionCookie, secret, age)
	q.web.cookie(c, visitorCookie, "", -1)
	q.signed, _ = q.web.Directory.Who(c.UserContext(), secret) // for a page drawn in this very answer
}

// Leave takes the session's secret away from the browser. The session itself
// ends by account.SignOut.
func Leave(c *fiber.Ctx) { of(c).web.cookie(c, sessionCookie, "", -1) }

// Secret is the session's secret, for ending it. A program's own header counts
// before the cookie, even when it is no longer good: what a request may do must
// not depend on which of the two happens to be alive.
func Secret(c *fiber.Ctx) string {
	if q := of(c); q.bearer != "" {
		return q.bearer
	}
	return c.Cookies(sessionCookie)
}

// bearer is the secret that a program sends along: Authorization: Bearer ….
// Other schemes are a reverse proxy's business.
func bearer(c *fiber.Ctx) string {
	scheme, secret, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}

// cookie sets a cookie; age in seconds, 0 until the browser closes, below 0
// removes it.
func (w *Web) cookie(c *fiber.Ctx, name, value string, age int) {
	k := &fiber.Cookie{Name: name, Value: value, Path: "/", HTTPOnly: true, Secure: w.secure, SameSite: fiber.CookieSameSiteLaxMode, MaxAge: age, SessionOnly: age == 0}
	if age < 0 {
		k.Expires = time.Unix(1, 0)
	}
	c.Cookie(k)
}

// visitor is the hash of the visitor's cookie, which is given one when it has
// none: forms that are filled before signing in need a token too.
func (q *request) visitor(c *fiber.Ctx) [32]byte {
	id := c.Cookies(visitorCookie)
	if len(id) != 43 {
		var b [32]byte
		rand.Read(b[:])
		id = base64.RawURLEncoding.EncodeToString(b[:])
		q.web.cookie(c, visitorCookie, id, 0)
	}
	return sha256.Sum256([]byte("visitor " + id))
}

// token is the form token of whoever looks at the page.
func (q *request) token(c *fiber.Ctx) string {
	if q.signed != nil {
		return q.signed.CSRF
	}
	if q.anon == "" {
		q.anon = q.web.Secrets.CSRF(q.visitor(c))
	}
	return q.anon
}

// Device names the browser and the machine coarsely, for the list of devices:
// 微信 · 安卓手机.
func Device(c *fiber.Ctx) string {
	ua := c.Get(fiber.HeaderUserAgent)
	return firstOf(ua, "浏览器", browsers) + " · " + firstOf(ua, "其他设备", machines)
}

var (
	browsers = []string{"MicroMessenger", "微信", "QQBrowser", "QQ 浏览器", "360", "360 浏览器", "Edg", "Edge", "Firefox", "火狐", "Chrome", "Chrome", "Safari", "Safari"}
	machines = []string{"HarmonyOS", "华为手机", "Android", "安卓手机", "iPhone", "苹果手机", "iPad", "苹果平板", "Windows", "Windows 电脑", "Macintosh", "苹果电脑", "Linux", "Linux 电脑"}
)

func firstOf(ua, otherwise string, pairs []string) string {
	for i := 0; i < len(pairs); i += 2 {
		if strings.Contains(ua, pairs[i]) {
			return pairs[i+1]
		}
	}
	return otherwise
}
