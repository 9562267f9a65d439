package handlers_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
)

func TestSignInLeadsToOnesWork(t *testing.T) {
	w := newDoor(t)
	for i, c := range []struct {
		role models.Role
		to   string
	}{{models.Clerk, "/counter"}, {models.Committee, "/committee"}, {models.GridWorker, "/committee"}, {models.Monitor, "/reports"}, {models.FirstSec, "/reports"}, {models.Inspector, "/reports"}, {models.Publicity, "/reports"}} {
		login := fmt.Sprintf("p%d", i)
		w.add(login, c.role, true)
		w.phone().want(w.phone().signIn(login, password), 303, c.to)
		if a := w.phone().signIn(login, password, "next", "/account?x=1"); a.location != "/account?x=1" {
			t.Errorf("next: got %s", a.location)
		}
		if a := w.phone().signIn(login, password, "next", "https://evil.example/"); a.location != c.to {
			t.Errorf("a foreign next: got %s", a.location)
		}
	}
	w.phone().want(w.phone().signIn("boss", password), 303, "/admin")
}

func TestSignInSaysTheSameOfUnknownPeople(t *testing.T) {
	w := newDoor(t)
	known, unknown := w.phone().signIn("clerk", "not-the-password"), w.phone().signIn("nobody", "not-the-password")
	strip := func(a answer) string {
		page := regexp.MustCompile(`name="(op|csrf)" value="[^"]*"`).ReplaceAllString(a.body, "")
		return strings.NewReplacer("nobody", "", "clerk", "").Replace(page)
	}
	if known.code != 401 || unknown.code != 401 || strip(known) != strip(unknown) {
		t.Errorf("%d and %d:\n%s\n%s", known.code, unknown.code, strip(known), strip(unknown))
	}
	if !strings.Contains(known.body, `value="clerk"`) || strings.Contains(known.body, "not-the-password") {
		t.Error("the login should be kept and the password not")
	}
}

func TestSignInLocksHoweverTheAddressIsSpelt(t *testing.T) {
	w := newDoor(t)
	p := w.phone()
	for i := range 5 {
		p.headers["X-Forwarded-For"] = fmt.Sprintf("198.51.100.%d", i)
		p.want(p.signIn("clerk", "not-the-password"), 401, "登录名或密码不对")
	}
	p.want(p.signIn("clerk", password), 423, "15 分钟后再试")
	for i := range 15 {
		p.headers["X-Forwarded-For"] = fmt.Sprintf("203.0.113.%d", i)
		w.phone().signIn(fmt.Sprintf("guess%d", i), "not-the-password")
	}
	p.headers["X-Forwarded-For"] = "192.0.2.77"
	if a := p.signIn("boss", password); a.code != 423 && a.code != 429 {
		t.Errorf("the address goes on guessing behind made-up headers: got %d", a.code)
	}
}

func TestSignInMakesANewSecretAndEndsTheOldSession(t *testing.T) {
	w := newDoor(t)
	p := w.phone()
	p.cookies["ps"] = strings.Repeat("A", 43)
	p.want(p.signIn("clerk", password), 303, "/counter")
	first := p.cookies["ps"]
	if first == strings.Repeat("A", 43) || len(first) != 43 {
		t.Fatalf("the secret is %q", first)
	}
	p.want(p.signIn("clerk", password), 303, "/counter")
	old := w.phone()
	old.cookies["ps"] = first
	old.want(old.get("/account"), 303, "/signin")
}

func TestFirstSignInAsksForAPasswordOfOnesOwn(t *testing.T) {
	w := newDoor(t)
	w.add("new", models.Clerk, false)
	p := w.phone()
	p.want(p.signIn("new", password), 303, "/account")
	p.want(p.get("/account"), 200, "请先换成自己的密码")
	change := func(old, new, again string) answer {
		return p.post("/account/password", url.Values{"old": {old}, "password": {new}, "again": {again}})
	}
	p.want(change(password, "another-good-one", "another-bad-one"), 422, "两遍新密码不一样")
	p.want(change("not-the-password", "another-good-one", "another-good-one"), 422, "原密码不对")
	p.want(change(password, "12345678", "12345678"), 422, "用的人太多")
	p.want(change(password, "another-good-one", "another-good-one"), 303, "/counter")
	p.want(p.get("/account"), 200, "密码已改好")
}

func TestDevicesAreListedAndSignedOut(t *testing.T) {
	w := newDoor(t)
	desk, phone := w.phone(), w.phone()
	desk.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/86.0 Safari/537.36"
	phone.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0"
	desk.signIn("clerk", password)
	phone.signIn("clerk", password)
	phone.want(phone.get("/account"), 200, "这个账号还在另一台设备上登录着")
	a := desk.get("/account")
	desk.want(a, 200, "微信 · 安卓手机")
	desk.want(a, 200, "Chrome · Windows 电脑")
	m := regexp.MustCompile(`action="(/account/devices/\w+)"`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatal("no button to sign the other device out")
	}
	other := w.phone()
	w.add("other", models.Clerk, true)
	other.signIn("other", password)
	other.get("/account")
	other.post(m[1], nil)
	phone.want(phone.get("/account"), 200, "我的账号")
	desk.want(desk.post(m[1], nil), 303, "/account")
	phone.want(phone.get("/account"), 303, "/signin")
	desk.want(desk.post("/signout", nil), 303, "/signin")
	desk.want(desk.get("/signin"), 200, "已退出")
	desk.want(desk.get("/account"), 303, "/signin")
}

func TestDisabledMidSessionIsOut(t *testing.T) {
	w := newDoor(t)
	p := w.phone()
	p.signIn("clerk", password)
	p.want(p.get("/account"), 200, "马丽")
	w.must(account.Disable(t.Context(), w.d, db.NewOpID(), w.boss, w.clerk.ID))
	p.want(p.get("/account"), 303, "/signin")
	p.headers["Accept"] = "application/json"
	p.want(p.get("/account"), 401, "sign_in")
}

func TestHealthAnswers(t *testing.T) {
	w := newDoor(t)
	w.phone().want(w.phone().get("/healthz"), 200, `{"ok":true}`)
	w.must(w.d.Close())
	w.phone().want(w.phone().get("/healthz"), 503, `{"ok":false}`)
}
