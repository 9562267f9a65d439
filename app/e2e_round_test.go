package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/village"
)

// What the line does to a batch of doors on its way.
const (
	linePass   = ""
	lineCut    = "cut"    // it never reaches the server
	lineLost   = "lost"   // the server has committed, and the answer is lost
	lineDouble = "double" // it reaches the server twice
	lineBusy   = "busy"   // somebody on the way says to come back later
)

// badLine stands between a window and the server and spoils what the window
// posts to a round, one step of its plan for each post.
type badLine struct {
	*screen
	mu    sync.Mutex
	plan  []string
	now   string // what happens to the post that is on its way
	posts int
}

func (s *screen) badLine() *badLine {
	s.Helper()
	l := &badLine{screen: s}
	pattern := "*/committee/rounds/*"
	s.must(proto.FetchEnable{Patterns: []*proto.FetchRequestPattern{{URLPattern: pattern, RequestStage: proto.FetchRequestStageRequest}, {URLPattern: pattern, RequestStage: proto.FetchRequestStageResponse}}}.Call(s.Page))
	go s.Page.EachEvent(func(e *proto.FetchRequestPaused) { go l.paused(e) })()
	return l
}

func (l *badLine) then(steps ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.plan = append(l.plan, steps...)
}

func (l *badLine) paused(e *proto.FetchRequestPaused) {
	answered := e.ResponseStatusCode != nil || e.ResponseErrorReason != ""
	step := linePass
	if e.Request.Method == http.MethodPost && strings.Contains(e.Request.Headers["Accept"].Str(), "json") {
		l.mu.Lock()
		if !answered {
			l.now, l.posts = linePass, l.posts+1
			if len(l.plan) > 0 {
				l.now, l.plan = l.plan[0], l.plan[1:]
			}
		}
		step = l.now
		l.mu.Unlock()
	}
	switch {
	case step == lineCut, step == lineLost && answered:
		proto.FetchFailRequest{RequestID: e.RequestID, ErrorReason: proto.NetworkErrorReasonConnectionAborted}.Call(l.Page)
		return
	case step == lineBusy && !answered:
		proto.FetchFulfillRequest{RequestID: e.RequestID, ResponseCode: 503, Body: []byte("later")}.Call(l.Page)
		return
	case step == lineDouble && !answered:
		l.again(e.Request)
	}
	proto.FetchContinueRequest{RequestID: e.RequestID}.Call(l.Page)
}

// again posts what the window posts, before it does.
func (l *badLine) again(q *proto.NetworkRequest) {
	r, err := http.NewRequest(q.Method, strings.Replace(q.URL, l.p.base, "http://"+l.p.addr, 1), bytes.NewReader([]byte(q.PostData)))
	if err != nil {
		l.Error(err)
		return
	}
	for k, v := range q.Headers {
		r.Header.Set(k, v.Str())
	}
	r.Host = strings.TrimPrefix(l.p.base, "http://")
	cookies, err := l.Page.Cookies([]string{l.p.base})
	if err != nil {
		l.Error(err)
		return
	}
	for _, c := range cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		l.Error(err)
		return
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		l.Errorf("the doubled post got %d", resp.StatusCode)
	}
}

// door is the id of the door on the screen; empty after the last.
func (s *screen) door() string {
	return s.js(`() => document.getElementById("round-form").dataset.door`)
}

// mark taps a result and waits for the next door.
func (s *screen) mark(result string) (door string) {
	s.Helper()
	door = s.door()
	s.js(`(r) => document.querySelector('#round-form [data-result="' + r + '"]').click()`, result)
	if !eventually(func() bool { return s.door() != door }) {
		s.Fatalf("%s: after %s the page stays at the same door", s.name, result)
	}
	return door
}

// signal lets the phone believe that the line is back.
func (s *screen) signal() { s.js(`() => window.dispatchEvent(new Event("online"))`) }

func TestRoundSurvivesACutAndDoubledNetwork(t *testing.T) {
	data, people := demoCopy(t)
	own := giveHome(t, data, "wangge1")
	p := startSite(t, data, demoOpens)
	boss, walker := people.person(t, "cun1"), people.person(t, "wangge1")

	desk := p.window(t, "round-desk", onDesk)
	desk.signIn(boss.Login, boss.Password)
	desk.open("/committee/rounds/new").fill("走哪里", "1组").press("开始走")
	path := desk.at()

	phone := p.window(t, "round-phone", onPhone)
	phone.signIn(walker.Login, walker.Password)
	phone.open(path)
	line := phone.badLine()
	total := phone.count("#round-doors li")
	if total < 30 {
		t.Fatalf("only %d doors to walk", total)
	}
	want := map[string]string{}
	results := []string{award.Clean, award.Fair, award.Poor, award.Vacant}
	walk := func(n int) {
		t.Helper()
		for ; n > 0 && phone.door() != ""; n-- {
			r := results[len(want)%len(results)]
			want[phone.mark(r)] = r
		}
	}
	saved := func() { phone.see(fmt.Sprintf("记过的 %d 户都已存到村里的系统", len(want))) }

	walk(5)
	phone.see("6 户记在手机里") // and the walker's own door, for a colleague
	line.then(lineCut, lineCut, lineLost, linePass)
	phone.tap("现在上传")
	phone.see("没有信号：6 户已记在手机里")
	walk(3) // the page goes on without the line
	for range 3 {
		phone.signal()
		time.Sleep(300 * time.Millisecond) // each signal is its own try to send, as a phone between two houses
	}
	saved()

	line.then(lineDouble, lineBusy, lineLost, lineDouble)
	walk(6)
	phone.tap("现在上传")
	saved()
	walk(4)
	phone.tap("现在上传") // busy
	phone.see("没有信号：4 户")
	phone.signal() // committed, but the answer is lost
	phone.see("没有信号：4 户")
	phone.open(path) // the page is opened again and finds what was left
	saved()

	walk(2)
	phone.js(`() => { document.querySelectorAll("input[name=csrf]").forEach((i) => { i.value = "0".repeat(i.value.length) }) }`)
	phone.tap("现在上传")
	saved()

	walk(2)
	phone.must(proto.NetworkClearBrowserCookies{}.Call(phone.Page))
	phone.tap("现在上传")
	phone.see("登录已过期：2 户还在手机里，没有丢")
	phone.press("重新登录").fill("登录名", walker.Login).fill("密码", walker.Password).press("登录")
	saved()

	undone := phone.door()
	phone.js(`() => document.querySelector('#round-form [data-result="clean"]').click()`)
	phone.tap("撤回")
	if got := phone.door(); got != undone {
		t.Errorf("after taking back the page is at %s, want %s", got, undone)
	}
	walk(total)
	line.then(lineLost, lineDouble)
	phone.tap("现在上传")
	phone.see("没有信号")
	phone.signal()
	saved()
	phone.see("自家、亲属家 1 户要请同事记")
	if line.posts < 10 {
		t.Errorf("only %d posts went over the line", line.posts)
	}

	desk.open(path + "/sum").see("回避，请同事记")
	desk.open(path+"?door="+own).turn("整洁", func() {
		desk.tap("整洁")
		desk.tap("现在上传")
		eventually(func() bool { return strings.Contains(desk.text(), "都已存到村里的系统") })
		desk.js(`(path) => { location.href = path }`, path+"/sum")
	})
	want[own] = award.Clean
	p.proves(t)
	wantRound(t, data, path, want)
}

// giveHome makes a household of group 1 the home of somebody, and answers it.
func giveHome(t *testing.T, data, login string) (door string) {
	t.Helper()
	o, err := open(t.Context(), settings{Data: data, Clock: demoOpens})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	people, err := account.List(t.Context(), o.db, models.Everywhere)
	if err != nil {
		t.Fatal(err)
	}
	boss := models.Actor{Account: people[0].ID, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	for _, a := range people {
		if a.Login != login {
			continue
		}
		v := a.Grants[0].Area
		homes, err := village.Homes(t.Context(), o.db, v, village.Filter{Group: 1, ByDoor: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range homes[3:] {
			if h.Joining == "out" || h.Residence == "empty" {
				continue
			}
			if _, err := village.AddLink(t.Context(), o.db, db.NewOpID(), boss, v, village.Link{Household: h.ID, Account: a.ID}); err != nil {
				t.Fatal(err)
			}
			return models.ID32(h.ID)
		}
	}
	t.Fatalf("nobody is called %s", login)
	return ""
}

// wantRound compares what the database holds of a round, door by door.
func wantRound(t *testing.T, data, path string, want map[string]string) {
	t.Helper()
	o, err := open(t.Context(), settings{Data: data, Clock: demoOpens})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	text, _, _ := strings.Cut(strings.TrimPrefix(path, "/committee/rounds/"), "?")
	round, err := models.ParseID32(text)
	if err != nil {
		t.Fatal(err)
	}
	var v int64
	if err := o.db.SQL().QueryRowContext(t.Context(), "SELECT village_id FROM rounds WHERE id = ?", round).Scan(&v); err != nil {
		t.Fatal(err)
	}
	marks, err := award.Marks(t.Context(), o.db, v, round)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range marks {
		door := models.ID32(m.Household)
		if want[door] != m.Result {
			t.Errorf("door %s is %q, want %q", door, m.Result, want[door])
		}
		delete(want, door)
		var n int
		err := o.db.SQL().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM awards WHERE village_id = ? AND household_id = ? AND way = 'round' AND source_id = ?", v, m.Household, round).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if earns := m.Result == award.Clean || m.Result == award.Fair; n > 1 || n == 1 != (m.Award != 0) || n == 1 && !earns {
			t.Errorf("door %s, %s, has %d awards", door, m.Result, n)
		}
	}
	if len(want) > 0 {
		t.Errorf("never saved: %v", want)
	}
}
