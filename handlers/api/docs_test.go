package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pointstore/handlers"
	"pointstore/models"
	"pointstore/models/db"
)

// example is one fenced block of docs/api.md: a request and what came back.
type example struct {
	method, path string
	headers      map[string]string
	body         string
	code         int
	answer       string
}

var (
	fence    = regexp.MustCompile("(?s)```http\n(.*?)```")
	response = regexp.MustCompile(`(?m)^HTTP/1\.1 (\d+) [\w ]+\n`)
)

func examples(t *testing.T) []example {
	t.Helper()
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		cut := response.FindStringSubmatchIndex(m[1])
		if cut == nil {
			t.Fatalf("an example without a response:\n%s", m[1])
		}
		e := example{headers: map[string]string{}, answer: strings.TrimSpace(m[1][cut[1]:])}
		e.code, _ = strconv.Atoi(m[1][cut[2]:cut[3]])
		head, body, _ := strings.Cut(strings.TrimSpace(m[1][:cut[0]])+"\n", "\n\n")
		e.body = strings.TrimSpace(body)
		for i, line := range strings.Split(strings.TrimSpace(head), "\n") {
			if i == 0 {
				e.method, e.path, _ = strings.Cut(line, " ")
				continue
			}
			name, value, _ := strings.Cut(line, ": ")
			e.headers[name] = value
		}
		all = append(all, e)
	}
	return all
}

// reader follows the documentation as its reader would. Ids, secrets and check
// codes differ every time; the first time an answer shows one, it learns which
// real one the documented one stands for, and holds the rest of the page to it.
type reader struct {
	*world
	real map[string]string // by what the page says
}

var passing = []*regexp.Regexp{
	regexp.MustCompile(`^[0-9a-z]{11,13}$`),         // ids
	regexp.MustCompile(`^[0-9A-Z]{4}-[0-9A-Z]{4}$`), // check codes
	regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`),       // secrets
}

// means says whether a documented text stands for a real one.
func (r *reader) means(doc, real string) bool {
	if known, ok := r.real[doc]; ok {
		return known == real
	}
	for _, shape := range passing {
		if shape.MatchString(doc) && shape.MatchString(real) && !slices.Contains(slices.Collect(maps.Values(r.real)), real) {
			r.real[doc] = real
			return true
		}
	}
	return doc == real
}

// actual puts the real ids into what the page says.
func (r *reader) actual(text string) string {
	for doc, real := range r.real {
		text = strings.ReplaceAll(text, doc, real)
	}
	return text
}

// same compares an answer with the documented one. A list that ends in "…" goes
// on, an object with a key "…" has more.
func (r *reader) same(at string, doc, real any) {
	r.Helper()
	switch doc := doc.(type) {
	case map[string]any:
		got, ok := real.(map[string]any)
		_, more := doc["…"]
		if !ok || !more && len(got) > len(doc) {
			r.Errorf("%s: the page says %v, the answer %v", at, doc, real)
			return
		}
		for k, v := range doc {
			if k == "…" {
				continue
			}
			value, ok := got[k]
			if !ok {
				r.Errorf("%s.%s is not in the answer", at, k)
				continue
			}
			r.same(at+"."+k, v, value)
		}
	case []any:
		got, ok := real.([]any)
		n := len(doc)
		if n > 0 && doc[n-1] == "…" {
			n--
			ok = ok && len(got) > n
		} else {
			ok = ok && len(got) == n
		}
		if !ok {
			r.Errorf("%s: the page says %v, the answer %v", at, doc, real)
			return
		}
		for i := range n {
			r.same(fmt.Sprintf("%s[%d]", at, i), doc[i], got[i])
		}
	case string:
		if got, ok := real.(string); !ok || !r.means(doc, got) {
			r.Errorf("%s: the page says %q, the answer %v", at, doc, real)
		}
	default:
		if doc != real {
			r.Errorf("%s: the page says %v, the answer %v", at, doc, real)
		}
	}
}

// docCard is 马少明's card in docs/api.md; no answer ever shows one.
const docCard = "7C4MQ2Z9T5KX8W3HA"

func TestDocsTellWhatTheAPIAnswers(t *testing.T) {
	w := newWorld(t)
	r := &reader{w, map[string]string{docCard: w.cardOf(w.ma)}}
	all := examples(t)
	if len(all) < 15 {
		t.Fatalf("only %d examples were found", len(all))
	}
	for _, e := range all {
		what := e.method + " " + e.path
		for k, v := range e.headers {
			e.headers[k] = r.actual(v)
		}
		got := r.send(e.method, r.actual(e.path), e.headers, r.actual(e.body))
		if got.code != e.code {
			t.Errorf("%s: the page says %d, the answer is %d %s", what, e.code, got.code, got.text)
			continue
		}
		if e.answer == "" && got.text == "" {
			continue
		}
		r.same(what, w.decode(e.answer), got.body)
	}
}

func TestDocsShowEveryCall(t *testing.T) {
	w := newWorld(t)
	table, err := handlers.Table(handlers.Deps{DB: w.d, Keys: w.k, Base: "https://jf.example.cn"})
	w.must(err)
	all, param := examples(t), regexp.MustCompile(`:\w+`)
	for _, route := range table {
		if !strings.HasPrefix(route.Path, "/api/") {
			continue
		}
		pattern := regexp.MustCompile("^" + param.ReplaceAllString(route.Path, "[^/?]+") + `(\?.*)?$`)
		shown := slices.ContainsFunc(all, func(e example) bool { return e.method == route.Method && e.code < 300 && pattern.MatchString(e.path) })
		if !shown {
			t.Errorf("docs/api.md has no example of %s %s going well", route.Method, route.Path)
		}
	}
}

// What the page does in 青石村 nobody can do from next door: there is no such
// village for them, and nothing in it changes.
func TestDocsDoNothingFromNextDoor(t *testing.T) {
	w := newWorld(t)
	r := &reader{w, map[string]string{docCard: w.cardOf(w.ma)}}
	guo, gao := w.as("guo"), w.as("gao")
	tried := 0
	for _, e := range examples(t) {
		path, body := r.actual(e.path), r.actual(e.body)
		_, private := e.headers["Authorization"]
		private = private && strings.Contains(path, models.ID32(w.village))
		for k, v := range e.headers {
			e.headers[k] = r.actual(v)
		}
		if private && e.code < 300 {
			unknown := false
			for _, p := range []program{guo, gao} {
				sent := map[string]any{}
				if body != "" {
					w.must(json.Unmarshal([]byte(body), &sent))
					sent["op"] = db.NewOpID().String()
				}
				fresh, err := json.Marshal(sent)
				w.must(err)
				a := w.send(e.method, path, map[string]string{"Authorization": "Bearer " + p.token, "Content-Type": "application/json"}, string(fresh))
				if a.code != 404 && a.code != 403 || a.code == 403 && !strings.Contains(a.text, `"forbidden"`) {
					t.Errorf("%s %s from next door: got %d %s", e.method, e.path, a.code, a.text)
				}
				unknown = unknown || a.code == 404
			}
			if !unknown {
				t.Errorf("%s %s: the door alone kept the neighbours out", e.method, e.path)
			}
			tried++
		}
		// Now do it, so that the next example has something to stand on.
		got := r.send(e.method, path, e.headers, body)
		if got.text != "" {
			r.same(e.path, w.decode(e.answer), got.body)
		}
	}
	if tried < 10 {
		t.Errorf("only %d calls were tried", tried)
	}
}
