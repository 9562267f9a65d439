package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"
)

func (s *screen) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("%s: %v", s.name, err)
	}
}

func (s *screen) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

// js answers what a function says about the page; arguments travel as JSON.
func (s *screen) js(code string, args ...any) string {
	r, err := s.Timeout(patience).Eval(code, args...)
	if err != nil {
		return "error: " + err.Error()
	}
	return r.Value.String()
}

// open opens an address, as a scan or a typed address does.
func (s *screen) open(path string) *screen {
	s.Helper()
	s.must(s.Timeout(patience).Navigate(s.p.base + path))
	return s.arrived()
}

// turn does something that leads to another page, and waits for that page.
func (s *screen) turn(what string, act func()) *screen {
	s.Helper()
	s.js(`() => { window.before = true }`)
	act()
	ok := eventually(func() bool { return s.js(`() => !window.before && document.readyState === "complete"`) == "true" })
	if !ok {
		s.Fatalf("%s: %s led nowhere", s.name, what)
	}
	return s.arrived()
}

// press clicks the button or link of that face and waits for the next page.
func (s *screen) press(face string) *screen {
	s.Helper()
	return s.turn(face, func() { s.tap(face) })
}

// findByFace finds what can be pressed by what stands on it. What is exactly so
// comes before what begins so; what is hidden is not there.
const findByFace = `(face) => {
	const bare = (t) => t.replace(/\s+/g, "");
	const can = Array.from(document.querySelectorAll("button, a[href], summary, label, input[type=submit]")).filter((e) => e.offsetParent !== null || e.getClientRects().length);
	const want = bare(face);
	const says = (e) => bare(e.innerText || e.value || e.getAttribute("aria-label") || "");
	return can.find((e) => says(e) === want && !e.disabled) || can.find((e) => says(e).startsWith(want) && !e.disabled) || can.find((e) => says(e).includes(want) && !e.disabled) || null;
}`

// tap clicks the button, link or label of that face and stays.
func (s *screen) tap(face string) {
	s.Helper()
	ok := eventually(func() bool {
		return s.js(`(face) => { const e = (`+findByFace+`)(face); if (!e) return false; e.scrollIntoView({block: "center"}); return true; }`, face) == "true"
	})
	if !ok {
		s.Fatalf("%s: there is nothing to press that says %q", s.name, face)
	}
	el, err := s.Timeout(patience).ElementByJS(rod.Eval(findByFace, face))
	s.must(err)
	s.must(el.CancelTimeout().Timeout(patience).Click(proto.InputMouseButtonLeft, 1))
}

// fill writes into the field of that label, and replaces what was there.
func (s *screen) fill(label, text string) *screen {
	s.Helper()
	ok := eventually(func() bool {
		return s.js(`(label, text) => {
			const bare = (t) => t.replace(/\s+/g, "").replace(/必填$/, "");
			const of = (l) => l.control || document.getElementById(l.htmlFor) || l.querySelector("input, select, textarea");
			const labels = Array.from(document.querySelectorAll("label")).filter((l) => of(l));
			const l = labels.find((l) => bare(l.innerText || l.textContent) === bare(label)) || labels.find((l) => bare(l.innerText || l.textContent).startsWith(bare(label)));
			if (!l) return false;
			const f = of(l);
			f.scrollIntoView({block: "center"});
			f.focus();
			if (f.tagName === "SELECT") {
				const o = Array.from(f.options).find((o) => bare(o.text) === bare(text)) || Array.from(f.options).find((o) => bare(o.text).startsWith(bare(text)));
				if (!o) return false;
				f.value = o.value;
			} else {
				f.value = text;
			}
			f.dispatchEvent(new Event("input", {bubbles: true}));
			f.dispatchEvent(new Event("change", {bubbles: true}));
			return true;
		}`, label, text) == "true"
	})
	if !ok {
		s.Fatalf("%s: no field %q takes %q", s.name, label, text)
	}
	return s
}

// see waits until every text is on the page, white space aside.
func (s *screen) see(texts ...string) *screen {
	s.Helper()
	for _, t := range texts {
		if !eventually(func() bool { return strings.Contains(plainText(s.text()), plainText(t)) }) {
			s.Fatalf("%s: %q is not on the page:\n%s", s.name, t, s.text())
		}
	}
	return s
}

// lacks wants none of the texts on the page as it is.
func (s *screen) lacks(texts ...string) *screen {
	s.Helper()
	for _, t := range texts {
		if strings.Contains(plainText(s.text()), plainText(t)) {
			s.Errorf("%s: %q should not be on the page", s.name, t)
		}
	}
	return s
}

func (s *screen) text() string { return s.js(`() => document.body ? document.body.innerText : ""`) }

// read is the text of one element.
func (s *screen) read(selector string) string {
	s.Helper()
	el, err := s.Timeout(patience).Element(selector)
	s.must(err)
	text, err := el.Text()
	s.must(err)
	return strings.TrimSpace(text)
}

// row is the cells of the table row that begins with, or contains, that name.
func (s *screen) row(name string) []string {
	s.Helper()
	cells := s.js(`(name) => Array.from(document.querySelectorAll("tr")).filter((r) => Array.from(r.cells).some((c) => c.innerText.trim() === name)).map((r) => Array.from(r.cells).map((c) => c.innerText.trim()).join("\t"))[0] || ""`, name)
	if cells == "" {
		s.Fatalf("%s: no row of a table is called %q:\n%s", s.name, name, s.text())
	}
	return strings.Split(cells, "\t")
}

// count is how many elements hold all of the texts.
func (s *screen) count(selector string, texts ...string) (n int) {
	fmt.Sscan(s.js(`(selector, texts) => Array.from(document.querySelectorAll(selector)).filter((e) => texts.every((t) => e.innerText.includes(t))).length`, selector, append([]string{}, texts...)), &n)
	return n
}

// tapGoods puts one of an item into the till's cart with the mouse.
func (s *screen) tapGoods(name string) *screen {
	s.Helper()
	if s.js(`(name) => { const g = Array.from(document.querySelectorAll("[data-good]")).find((g) => g.dataset.name === name); if (g) g.click(); return !!g; }`, name) != "true" {
		s.Fatalf("%s: %q is not on the shelf", s.name, name)
	}
	return s
}

// tapMore presses the + beside an item on a phone.
func (s *screen) tapMore(name string) *screen {
	s.Helper()
	if s.js(`(name) => { const b = Array.from(document.querySelectorAll("button.step")).find((b) => b.getAttribute("aria-label") === "多一个 " + name); if (b) b.click(); return !!b; }`, name) != "true" {
		s.Fatalf("%s: no + beside %q", s.name, name)
	}
	return s
}

// of is the same window for a part of the story.
func (s *screen) of(t testing.TB) *screen {
	s.TB = t
	return s
}

// at is where the window is, behind the host.
func (s *screen) at() string { return s.js(`() => location.pathname + location.search`) }

// gun types as a barcode gun does: in a burst, with Enter behind it.
func (s *screen) gun(text string) *screen {
	s.Helper()
	keys := make([]input.Key, 0, len(text)+1)
	for _, r := range text {
		keys = append(keys, input.Key(r))
	}
	return s.turn("the gun", func() { s.must(s.Timeout(patience).Keyboard.Type(append(keys, input.Enter)...)) })
}

// key presses keys one by one.
func (s *screen) key(keys ...input.Key) *screen {
	s.Helper()
	for _, k := range keys {
		s.must(s.Timeout(patience).Keyboard.Type(k))
	}
	return s
}

// enter is the Enter that sends.
func (s *screen) enter() *screen {
	s.Helper()
	return s.turn("Enter", func() { s.key(input.Enter) })
}

// signIn signs a member of the staff in.
func (s *screen) signIn(login, password string) *screen {
	s.Helper()
	return s.open("/signin").fill("登录名", login).fill("密码", password).press("登录")
}

// What a page may weigh on the wire, in bytes, with its style and script; a page
// that lists every household of a village to be ticked may add so much for each.
const (
	lightMost  = 30 << 10
	tickWeighs = 40
)

// arrived looks at a page as it opened: what every page promises.
func (s *screen) arrived() *screen {
	s.Helper()
	eventually(func() bool { return s.js(`() => document.readyState`) == "complete" })
	s.shot(strings.Map(func(r rune) rune {
		if r == '/' || r == '?' || r == '&' || r == '=' {
			return '-'
		}
		return r
	}, s.js(`() => location.pathname.slice(0, 40)`)))
	where := s.at()
	s.mu.Lock()
	wrong := s.wrong
	s.wrong = nil
	s.mu.Unlock()
	for _, w := range wrong {
		s.Errorf("%s, %s: the browser complains: %s", s.name, where, w)
	}
	if said := s.js(`() => {
		const wrong = [];
		const wide = document.scrollingElement.scrollWidth;
		if (wide > innerWidth && !document.body.classList.contains("paper")) wrong.push("is " + wide + " wide in " + innerWidth + ": " + Array.from(document.querySelectorAll("main *")).filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 3).map((e) => e.tagName + "." + e.className).join(" "));
		const heads = document.querySelectorAll("h1").length; // of paper, each sheet has its own
		if (heads < 1 || heads > 1 && !document.body.classList.contains("paper")) wrong.push("has " + heads + " h1");
		if (document.documentElement.lang !== "zh-CN") wrong.push("is in " + document.documentElement.lang);
		return wrong.join("; ");
	}`); said != "" {
		s.Errorf("%s, %s: the page %s", s.name, where, said)
	}
	s.weigh(where)
	return s
}

// weigh adds up the page and what it cannot do without. Sheets for paper hold a
// whole village and are fetched by a desk.
func (s *screen) weigh(where string) {
	s.Helper()
	if s.js(`() => document.body.classList.contains("paper")`) == "true" {
		return
	}
	var bytes int
	fmt.Sscan(s.js(`() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource").filter((e) => /\.(css|js)/.test(e.name))).reduce((n, e) => n + e.encodedBodySize, 0)`), &bytes)
	if most := lightMost + tickWeighs*s.count(".tick-list .tick"); bytes > most {
		s.Errorf("%s, %s: weighs %d bytes, want at most %d", s.name, where, bytes, most)
	}
}

// shot keeps a picture of every step where POINTSTORE_SHOTS says.
func (s *screen) shot(step string) {
	dir := os.Getenv("POINTSTORE_SHOTS")
	if dir == "" {
		return
	}
	s.step++
	picture, err := s.Timeout(patience).Screenshot(true, nil)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%02d%s.png", s.name, s.step, step)), picture, 0o644)
	}
	if err != nil {
		s.Logf("no picture of %s: %v", step, err)
	}
}
