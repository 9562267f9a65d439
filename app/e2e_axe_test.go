package main

import (
	"os"
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/proto"
)

// Pages are read by axe-core where POINTSTORE_AXE names its axe.min.js; what it
// calls serious or critical is a fault. It is nobody's dependency: install it
// with npm anywhere.
func TestPagesAreAccessible(t *testing.T) {
	file := os.Getenv("POINTSTORE_AXE")
	if file == "" {
		t.Skip("SKIPPED: POINTSTORE_AXE does not name an axe.min.js (npm install axe-core@4)")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data, people := demoCopy(t)
	p := startSite(t, data, demoOpens)
	look := func(s *screen, paths ...string) {
		s.must(proto.PageSetBypassCSP{Enabled: true}.Call(s.Page))
		for _, path := range paths {
			s.open(path)
			if said := s.axe(string(axe)); said != "" {
				t.Errorf("%s: %s", path, said)
			}
		}
	}
	phone := p.window(t, "axe-phone", onPhone)
	look(phone, "/", "/signin", "/card", "/verify")
	bai := people.family(t, "白凤英")
	phone.open("/c/" + bai.Token).tap("这是我家的卡")
	phone.fill("取货密码", bai.PIN).press("看我家的存折")
	look(phone, "/me", "/me/goods", "/me/code", "/me/data", "/me/claims", "/me/claims/new")
	staff := func(login string, size [2]int, paths ...string) *screen {
		who := people.person(t, login)
		s := p.window(t, "axe-"+login, size)
		s.signIn(who.Login, who.Password)
		look(s, append([]string{s.at()}, paths...)...)
		return s
	}
	staff("cun1", onPhone, "/committee/award", "/committee/batch", "/committee/notices", "/committee/households", "/committee/cards",
		"/committee/check", "/committee/meetings", "/committee/meetings/new", "/committee/second", "/committee/deductions")
	till := staff("dian1", onTill, "/counter/stock", "/counter/today", "/counter/opening", "/counter/goods/new")
	till.open("/counter").gun(bai.Card)
	look(till, till.at())
	staff("xcb-xian", onDesk)
	staff("admin", onDesk, "/admin/people", "/admin/settings", "/admin/log")
}

// axe answers what axe-core finds serious on the page as it is.
func (s *screen) axe(script string) string {
	s.Helper()
	if _, err := s.Timeout(patience).Eval("() => {" + script + "}"); err != nil {
		s.Fatalf("%s: axe-core does not run: %v", s.name, err)
	}
	return strings.TrimSpace(s.js(`async () => { const said = await axe.run(document); if (said.passes.length < 5) return "hardly anything was looked at"; return said.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + (n.any[0] ? n.any[0].message : "")).join(" | ")).join("\n"); }`))
}
