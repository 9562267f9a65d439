package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
)

// visible is what a person reads of a page: its words, without tags.
func visible(page string) string {
	page = regexp.MustCompile(`(?s)<(head|script|svg).*?</(head|script|svg)>`).ReplaceAllString(page, "")
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")
}

var english = regexp.MustCompile(`[A-Za-z]{5,}`)

func TestFailSaysEachKindInChinese(t *testing.T) {
	kinds := []struct {
		err  error
		code int
		says string
	}{
		{models.ErrInput, 422, "有一处填得不对"}, {models.ErrNotFound, 404, "没有找到"}, {models.ErrForbidden, 403, "没有权限"},
		{&models.Error{Kind: models.SignIn, Code: "wrong_pin", Say: "密码不对，还可试 2 次"}, 401, "还可试 2 次"},
		{models.ErrStale, 409, "别人刚改过"}, {&models.Error{Kind: models.Gone, Code: "used", Say: "这个码已用过"}, 410, "这个码已用过"},
		{&models.Error{Kind: models.Locked, Code: "locked", Say: "请 15 分钟后再试"}, 423, "15 分钟后再试"}, {web.ErrTooFast, 429, "请 30 秒后再试"},
		{&models.Error{Kind: models.TooLarge, Code: "big", Say: "照片最大 10 兆"}, 413, "照片最大"}, {&models.Error{Kind: models.WrongType, Code: "type", Say: "文件类型不对"}, 415, "文件类型不对"},
		{models.ErrBusy, 503, "系统忙"}, {models.ErrUnknown, 503, "正在确认这一笔"}, {models.ErrDiskFull, 507, "磁盘满了"}, {models.ErrClock, 503, "电脑时间不对"},
		{fmt.Errorf("reading: %w", models.ErrStale), 409, "别人刚改过"}, {context.DeadlineExceeded, 503, "系统忙"},
		{errPlain, 500, "出了点问题，没有保存"}, {fiber.ErrBadRequest, 422, "看不懂"}, {fiber.ErrRequestEntityTooLarge, 413, "太大"},
	}
	s := newSite(t, func(r web.Routes) {
		for i, k := range kinds {
			r.Get(fmt.Sprintf("/fail/%d", i), web.Anybody, failing(k.err))
		}
		r.Get("/panic", web.Anybody, func(*fiber.Ctx) error { panic("secret word") })
	})
	for i, k := range kinds {
		b := s.browser()
		a := b.get(fmt.Sprintf("/fail/%d", i))
		b.want(a, k.code, k.says)
		if m := english.FindString(visible(a.body)); m != "" {
			t.Errorf("%v: a person reads %q", k.err, m)
		}
		if strings.Contains(a.body, "SELECT") || strings.Contains(a.body, "马少明") {
			t.Errorf("%v: the page tells of the database", k.err)
		}
		b.headers["Accept"] = "application/json"
		j := b.get(fmt.Sprintf("/fail/%d", i))
		var got struct {
			Error struct{ Code, Say, Number string }
		}
		s.must(json.Unmarshal([]byte(j.body), &got))
		if j.code != k.code || !strings.Contains(got.Error.Say, k.says) || got.Error.Code == "" {
			t.Errorf("%v as JSON: %d %s", k.err, j.code, j.body)
		}
		if (k.code == 429 || k.err == models.ErrBusy) && j.header.Get("Retry-After") == "" {
			t.Errorf("%v does not say when to come back", k.err)
		}
	}
	b := s.browser()
	b.want(b.get("/nowhere"), 404, "没有这一页")
	b.want(b.post("/show", nil), 404, "没有这一页")
	b.want(b.get("/panic"), 500, "出了点问题")
}

func TestFailGivesABugANumberThatTheLogKnows(t *testing.T) {
	s := newSite(t, func(r web.Routes) { r.Get("/bug/:token", web.Anybody, failing(errPlain)) })
	a := s.browser().get("/bug/TOKENCANARY")
	m := regexp.MustCompile(`编号 <b class="code">([0-9A-Z]{4})</b>`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no number on the page:\n%s", a.body)
	}
	log := s.log.String()
	if !strings.Contains(log, "number="+m[1]) || !strings.Contains(log, "route=/bug/:token") || !strings.Contains(log, "error 1406") {
		t.Errorf("the log does not know number %s:\n%s", m[1], log)
	}
	if strings.Contains(log, "马少明") || strings.Contains(log, "TOKENCANARY") {
		t.Errorf("the log tells of people:\n%s", log)
	}
}

func TestAgainKeepsThePageAndSaysWhy(t *testing.T) {
	s := newSite(t, func(r web.Routes) {
		r.Get("/again", web.Anybody, func(c *fiber.Ctx) error {
			return web.Again(c, web.SignInPage{Login: "ma.li"}, models.ErrStale.At("login"))
		})
		r.Get("/bug", web.Anybody, func(c *fiber.Ctx) error { return web.Again(c, web.SignInPage{Login: "ma.li"}, errPlain) })
	})
	b := s.browser()
	a := b.get("/again")
	b.want(a, 409, "别人刚改过")
	b.want(a, 409, `value="ma.li"`)
	b.want(a, 409, `role="alert"`)
	b.want(b.get("/bug"), 500, "编号")
}
