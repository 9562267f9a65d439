package assets_test

import (
	"bytes"
	"compress/gzip"
	"html/template"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"pointstore/assets"
)

func parseGallery(t testing.TB) *assets.Views {
	t.Helper()
	return parse(t, gallery(t))
}

// parse stands in for whatever functions handlers/web adds, so that the
// house's own views can be parsed here; web's tests draw them with the real ones.
func parse(t testing.TB, fsys fs.FS) *assets.Views {
	t.Helper()
	added := template.FuncMap{}
	for {
		v, err := assets.Parse(fsys, added)
		if err == nil {
			return v
		}
		m := undefined.FindStringSubmatch(err.Error())
		if m == nil || added[m[1]] != nil {
			t.Fatal(err)
		}
		added[m[1]] = func(...any) string { return "" }
	}
}

var undefined = regexp.MustCompile(`function "([A-Za-z0-9_]+)" not defined`)

func draw(t testing.TB, v *assets.Views, name string, s assets.Screen) string {
	t.Helper()
	var b bytes.Buffer
	if err := v.Render(&b, name, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every view is drawn under a policy that allows no inline style or script, so
// one that slips in would silently do nothing.
var forbidden = regexp.MustCompile(`(?i)<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(\s[^>]*)?>[^<]|javascript:|https?://[^"' ]+\.(js|css)`)

func TestViewsHoldNoInlineStyleOrScript(t *testing.T) {
	err := fs.WalkDir(gallery(t), "views", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(gallery(t), name)
		if bad := forbidden.Find(body); bad != nil {
			t.Errorf("%s holds %q", name, bad)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestInlineStyleIsNoticed(t *testing.T) {
	for _, bad := range []string{`<p style="color:red">`, `<a onclick='x()'>`, `<script>x()</script>`, `<style>`} {
		if !forbidden.MatchString(bad) {
			t.Errorf("%s passes", bad)
		}
	}
}

// part finds what the pages' own templates and the parts' make.
var (
	control = regexp.MustCompile(`<(input|select|textarea)\b[^>]*>`)
	press   = regexp.MustCompile(`(?s)<button\b[^>]*>(.*?)</button>`)
	attr    = regexp.MustCompile(`\b([a-z-]+)="([^"]*)"`)
	markup  = regexp.MustCompile(`(?s)<[^>]*>`)
)

func attrs(tag string) map[string]string {
	m := map[string]string{}
	for _, a := range attr.FindAllStringSubmatch(tag, -1) {
		m[a[1]] = a[2]
	}
	return m
}

// labelled tells whether the control at index i of page is named by a label
// with its id or lies within a label.
func labelled(page string, i int, a map[string]string) bool {
	if a["type"] == "hidden" || a["aria-label"] != "" {
		return true
	}
	if a["id"] != "" && strings.Contains(page, `for="`+a["id"]+`"`) {
		return true
	}
	return strings.LastIndex(page[:i], "<label") > strings.LastIndex(page[:i], "</label>")
}

func TestGalleryNamesEveryControl(t *testing.T) {
	v := parseGallery(t)
	for _, name := range v.Names() {
		if !strings.HasPrefix(name, "gallery/") {
			continue
		}
		page := draw(t, v, name, screen(name))
		for _, at := range control.FindAllStringIndex(page, -1) {
			if tag := page[at[0]:at[1]]; !labelled(page, at[0], attrs(tag)) {
				t.Errorf("%s: no label for %s", name, tag)
			}
		}
		for _, b := range press.FindAllStringSubmatch(page, -1) {
			if strings.TrimSpace(markup.ReplaceAllString(b[1], "")) == "" && attrs(b[0])["aria-label"] == "" {
				t.Errorf("%s: a button without words: %s", name, b[0])
			}
		}
		if !strings.Contains(page, "<h1") {
			t.Errorf("%s has no h1", name)
		}
		for _, wrong := range []string{"ZgotmplZ", "no value", "<nil>", "%!"} {
			if strings.Contains(page, wrong) {
				t.Errorf("%s shows %q", name, wrong)
			}
		}
	}
}

func TestGalleryDrawsEveryPart(t *testing.T) {
	var views, parts strings.Builder
	g := gallery(t)
	all, _ := fs.Glob(g, "views/*.html")
	drawn, _ := fs.Glob(g, "views/*/*.html")
	for _, name := range append(all, drawn...) {
		body, _ := fs.ReadFile(g, name)
		views.Write(body)
		if path.Dir(name) == "views/parts" {
			parts.Write(body)
		}
	}
	for _, m := range regexp.MustCompile(`{{define "([^"]+)"}}`).FindAllStringSubmatch(parts.String(), -1) {
		if !strings.Contains(views.String(), `{{template "`+m[1]+`"`) && !strings.Contains(views.String(), `{{- template "`+m[1]+`"`) {
			t.Errorf("part %q is drawn nowhere", m[1])
		}
	}
}

func TestFormsCarryTokenAndAFreshOperation(t *testing.T) {
	v := parseGallery(t)
	page := draw(t, v, "gallery/door", screen("gallery/door"))
	ops := regexp.MustCompile(`name="op" value="([0-9a-f]{32})"`).FindAllStringSubmatch(page, -1)
	posts := strings.Count(page, `method="post"`)
	if len(ops) != posts || strings.Count(page, `name="csrf" value="token"`) != posts {
		t.Fatalf("%d POST forms, %d operations", posts, len(ops))
	}
	seen := map[string]bool{}
	for _, op := range ops {
		if seen[op[1]] {
			t.Fatal("two forms share an operation")
		}
		seen[op[1]] = true
	}
}

func TestRenderEscapesWhatPeopleTyped(t *testing.T) {
	v := parseGallery(t)
	s := screen("gallery/phone")
	s.Frame.Site = `<script>alert(1)</script>`
	s.Frame.Nav[0].Href = "javascript:alert(1)"
	defer func() { s.Frame.Nav[0].Href = "/me" }()
	page := draw(t, v, "gallery/phone", s)
	if strings.Contains(page, "<script>alert") || strings.Contains(page, `"javascript:`) {
		t.Fatal("typed markup reached the page")
	}
}

func TestRenderSendsNothingWhenAViewFails(t *testing.T) {
	g := gallery(t).(fstest.MapFS)
	g["views/x/half.html"] = &fstest.MapFile{Data: []byte(`{{define "page"}}<h1>half</h1>{{.Page.Missing}}{{end}}`)}
	v := parse(t, g)
	var b bytes.Buffer
	if err := v.Render(&b, "x/half", assets.Screen{Page: struct{}{}}); err == nil || b.Len() > 0 {
		t.Fatalf("err %v, %d bytes sent", err, b.Len())
	}
	if v.Render(&b, "x/none", assets.Screen{}) == nil {
		t.Fatal("an unknown view was drawn")
	}
}

// bones is layouts, parts and static files without any view.
func bones(t *testing.T) fstest.MapFS {
	g := gallery(t).(fstest.MapFS)
	for name := range g {
		if strings.Count(name, "/") > 1 && !strings.HasPrefix(name, "views/parts/") {
			delete(g, name)
		}
	}
	return g
}

func TestParseRefusesBrokenViews(t *testing.T) {
	for name, text := range map[string]string{
		"no page":         `{{define "head"}}x{{end}}`,
		"takes a part":    `{{define "page"}}x{{end}}{{define "button"}}x{{end}}`,
		"unknown layout":  `{{define "layout"}}paper{{end}}{{define "page"}}x{{end}}`,
		"unknown func":    `{{define "page"}}{{nosuch 1}}{{end}}`,
		"unclosed action": `{{define "page"}}{{if}}`,
	} {
		g := bones(t)
		g["views/x/bad.html"] = &fstest.MapFile{Data: []byte(text)}
		if _, err := assets.Parse(g, nil); err == nil || !strings.Contains(err.Error(), "x/bad") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPartsRefuseUnknownArguments(t *testing.T) {
	for _, call := range []string{
		`{{template "button" dict "text" "好" "colour" "red"}}`,
		`{{template "field" dict "name" "x"}}`,
		`{{template "button" dict "text"}}`,
		`{{icon "<b>"}}`,
		`{{asset "none.css"}}`,
	} {
		g := bones(t)
		g["views/x/call.html"] = &fstest.MapFile{Data: []byte(`{{define "page"}}` + call + `{{end}}`)}
		v, err := assets.Parse(g, nil)
		if err == nil {
			err = v.Render(io.Discard, "x/call", assets.Screen{})
		}
		if err == nil {
			t.Errorf("%s was drawn", call)
		}
	}
}

func TestEditedFilesShowAtTheNextDrawing(t *testing.T) {
	g := bones(t)
	g["views/x/now.html"] = &fstest.MapFile{Data: []byte(`{{define "page"}}before{{end}}`)}
	v := parse(t, g)
	g["views/x/now.html"] = &fstest.MapFile{Data: []byte(`{{define "page"}}after{{end}}`)}
	if page := draw(t, v, "x/now", assets.Screen{}); !strings.Contains(page, "after") {
		t.Fatal("the old view was drawn")
	}
}

func TestFirstVisitStaysSmall(t *testing.T) {
	v := parseGallery(t)
	page := draw(t, v, "gallery/door", screen("gallery/door"))
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, page)
	w.Close()
	total := b.Len()
	for _, name := range []string{"app.css", "app.js", "icons.svg"} {
		z, ok := v.Static().Gzip(name)
		if !ok {
			t.Fatal("no", name)
		}
		total += len(z)
	}
	if total > 20<<10 {
		t.Fatalf("%d bytes compressed for one page, more than 20 KB", total)
	}
}

func BenchmarkRender(b *testing.B) {
	v := parse(b, assets.FS(""))
	s := assets.Screen{Frame: frame, Page: map[string]any{"Title": "没有找到", "Text": "请核对", "Number": "", "Back": ""}}
	for b.Loop() {
		if err := v.Render(io.Discard, "error/error", s); err != nil {
			b.Fatal(err)
		}
	}
}
