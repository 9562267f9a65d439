package main

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
)

// spoilt is what people, spreadsheets and programs put into a field.
var spoilt = map[string]string{
	"nothing":      "",
	"spaces":       " 　 ",
	"below zero":   "-3",
	"full width":   "１２３４５６７８９０１２３４５６７８９０",
	"words":        "一百五",
	"spreadsheet":  "1.38E+10",
	"emoji":        "🙂👨‍👩‍👧‍👦",
	"tomorrow":     "2099-12-31",
	"no such day":  "2026-02-30",
	"unknown id":   models.ID32(987654321),
	"markup":       `"><script>x</script>`,
	"control":      "a\x00b\n\r\tc",
	"broken bytes": "\xff\xfe",
	"ten thousand": strings.Repeat("字", 10_000),
}

// kept is what somebody wrote beside the field that is wrong.
const kept = "写了半天的这句话"

// written are the fields in which people write sentences.
var written = regexp.MustCompile(`^(note|text|reason|heard|resolution|said|where|title|basis|effect|place)(\.|$)`)

// Every form of the committee, the households, the township and whoever sets up
// takes whatever is typed: each field is spoilt alone, all are spoilt at once, and
// fields come twice. The answer is never a fault of the program and never English,
// and what was written beside the wrong field is still there.
func TestFormsAnswerBadInputInPlainWords(t *testing.T) {
	a := newAccess(t)
	boss := visitor{name: "boss", account: a.boss.Account, actor: a.boss}
	people := append([]visitor{boss}, a.cast...)
	forms := map[string]url.Values{}
	for _, v := range people {
		for _, r := range a.table {
			if r.Method != fiber.MethodGet || strings.HasPrefix(r.Path, "/setup") {
				continue
			}
			if got := a.ask(v, "GET", a.address(r.Path, a.own), nil); got.code == 200 {
				a.collect(forms, got.body)
			}
		}
	}
	tried, refused := 0, 0
	for _, r := range a.table {
		if r.Method != fiber.MethodPost || !a.filled(r.Path) {
			continue
		}
		who := slices.IndexFunc(people, func(v visitor) bool { return v.name != "stranger" && r.Door.Lets(v.actor) == nil })
		if slices.Contains([]string{"/me", "/say", "/v/"}, r.Path[:3]) || strings.HasPrefix(r.Path, "/say") {
			who = slices.IndexFunc(people, func(v visitor) bool { return v.name == "household" })
		} else if c := slices.IndexFunc(people, func(v visitor) bool { return v.name == string(models.Committee) }); r.Door.Lets(people[c].actor) == nil {
			who = c
		}
		if who < 0 {
			t.Errorf("nobody may send %s", r.Path)
			continue
		}
		n, no := a.spoil(people[who], r, forms)
		tried, refused = tried+n, refused+no
	}
	t.Logf("%d forms sent, %d refused", tried, refused)
	if tried < 2000 || refused < tried/3 {
		t.Errorf("%d forms sent and %d refused: too few to prove anything", tried, refused)
	}
}

// filled reports whether people fill a route's form in at work or at home; signing
// in, signing out and files have tests of their own.
func (a *access) filled(path string) bool {
	for _, not := range []string{"/api/", "/setup", "/signin", "/signout", "/account/", "/card", "/counter/", "/admin/people", "/admin/areas", "/reports/"} {
		if strings.HasPrefix(path, not) {
			return false
		}
	}
	return !strings.Contains(path, "/import/") && path != "/me/data/leave"
}

// drawn finds the fullest form that anybody was shown for a route; where nobody
// was shown one today, it makes something up.
func (a *access) drawn(route string, forms map[string]url.Values) (path string, fields url.Values, seen bool) {
	shape := regexp.MustCompile("^" + parameter.ReplaceAllString(route, `[^/?]+`) + `(\?|$)`)
	path, fields = a.address(route, a.own), url.Values{}
	for action, f := range forms {
		if shape.MatchString(action) && (len(f) > len(fields) || len(f) == len(fields) && action < path) {
			path, fields = action, f
		}
	}
	if seen = len(fields) > 0; !seen {
		for _, name := range []string{"reason", "note", "text", "points", "qty", "rule", "household", "act_date", "award", "from", "until"} {
			fields.Set(name, "1")
		}
	}
	return path, fields, seen
}

// spoil sends a route's form in every spoilt way.
func (a *access) spoil(v visitor, r web.Route, forms map[string]url.Values) (tried, refused int) {
	path, fields, seen := a.drawn(r.Path, forms)
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 10 {
		names = names[:10] // rows alike
	}
	send := func(path, what string, change func(url.Values)) {
		form := url.Values{"op": {web.NewOp()}}
		for k, vs := range fields {
			form[k] = slices.Clone(vs)
			if seen && written.MatchString(k) {
				form[k] = []string{kept}
			}
		}
		change(form)
		tried++
		got := a.ask(v, "POST", path, form)
		if got.code >= 400 {
			refused++
		}
		a.plain(r.Path+", "+what, form, got)
		if seen {
			a.keeps(r.Path+", "+what, path, form, got)
		}
	}
	ways := make([]string, 0, len(spoilt))
	for way := range spoilt {
		ways = append(ways, way)
	}
	slices.Sort(ways)
	for n, way := range ways {
		send(path, "all "+way, func(f url.Values) {
			for _, name := range names {
				f.Set(name, spoilt[way])
			}
		})
		for i, name := range names {
			if (i+n)%2 == 0 { // every second way for each field: all of them took too long
				send(path, name+" "+way, func(f url.Values) { f.Set(name, spoilt[way]) })
			}
		}
		odd := map[string]string{}
		for k := range a.own {
			odd[k] = "x" + url.PathEscape(strings.ToValidUTF8(firstOf(spoilt[way], 40), "")) // an empty one is another route
		}
		send(a.address(r.Path, odd), "address "+way, func(url.Values) {})
	}
	unknown := map[string]string{}
	for k := range a.own {
		unknown[k] = models.ID32(987654321)
	}
	send(a.address(r.Path, unknown), "unknown address", func(url.Values) {})
	send(path, "fields twice", func(f url.Values) {
		for _, name := range names {
			f[name] = append(f[name], f[name]...)
			f.Add(name, "-1")
		}
	})
	send(path, "unasked fields", func(f url.Values) {
		for _, name := range []string{"state", "role", "village", "village_id", "approved", "actor", "recorder"} {
			f.Add(name, "1")
		}
	})
	return tried, refused
}

func firstOf(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

var (
	alertTag = regexp.MustCompile(`(?s)<[^>]*(?:class="[^"]*\b(?:error|say|wrong)\b[^"]*"|role="alert")[^>]*>(.*?)</(?:b|div|p|span|section|li)>`)
	anyTag   = regexp.MustCompile(`<[^>]*>`)
	english  = regexp.MustCompile(`[a-z]{4,} [a-z]{2,}|sql|SQL|nil|invalid|must be|cannot`)
	han      = regexp.MustCompile(`\p{Han}`)
)

// plain wants Chinese for whatever was sent, and the sentence beside it kept.
func (a *access) plain(what string, sent url.Values, got answered) {
	a.Helper()
	if got.code < 400 {
		return
	}
	if !han.MatchString(got.body) {
		a.Errorf("%s: %d says nothing in Chinese: %.200s", what, got.code, got.body)
	}
	for _, m := range alertTag.FindAllStringSubmatch(got.body, -1) {
		said := html.UnescapeString(anyTag.ReplaceAllString(m[1], ""))
		for _, vs := range sent {
			for _, v := range vs {
				if len(v) > 2 {
					said = strings.ReplaceAll(said, v, "")
				}
			}
		}
		if e := english.FindString(said); e != "" {
			a.Errorf("%s: %d speaks English (%s): %.200s", what, got.code, e, said)
		}
	}
}

// unseen are fields that nobody types into: spoilt, they name another thing.
var unseen = regexp.MustCompile(`, (award|version|from|on|outcome|all|address|fields|unasked|unknown)\b`)

// keeps wants what was written beside a wrong field to stand in the form that
// comes back.
func (a *access) keeps(what, path string, sent url.Values, got answered) {
	a.Helper()
	if got.code != 422 || unseen.MatchString(what) {
		return
	}
	if sent.Has("award") && !strings.Contains(got.body, `value="`+sent.Get("award")+`"`) {
		return // it is settled by now, and has no form any more
	}
	back := map[string]url.Values{}
	a.collect(back, got.body)
	for name, vs := range sent {
		if written.MatchString(name) && vs[0] == kept && back[path].Has(name) && !strings.Contains(got.body, kept) {
			a.Errorf("%s: %d lost what was written in %s", what, got.code, name)
		}
	}
}
