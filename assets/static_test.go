package assets_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"pointstore/assets"
)

func TestStaticFilesAreNamedByTheirContent(t *testing.T) {
	s, err := assets.NewStatic(assets.FS(""))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range s.Names() {
		href, err := s.Href(name)
		if err != nil {
			t.Fatal(err)
		}
		hashed := strings.TrimPrefix(href, "/static/")
		body, kind, immutable, ok := s.Open(hashed)
		if !ok || !immutable || kind == "" || len(body) == 0 {
			t.Errorf("%s: ok %v, immutable %v, kind %q, %d bytes", hashed, ok, immutable, kind, len(body))
		}
		if _, _, immutable, ok := s.Open(name); !ok || immutable {
			t.Errorf("%s: plain name ok %v, immutable %v", name, ok, immutable)
		}
		z, _ := s.Gzip(hashed)
		r, err := gzip.NewReader(bytes.NewReader(z))
		if err != nil {
			t.Fatal(err)
		}
		if back, _ := io.ReadAll(r); !bytes.Equal(back, body) {
			t.Errorf("%s: compressed differently", name)
		}
		if !regexp.MustCompile(`^"[0-9a-f]{8}"$`).MatchString(s.ETag(hashed)) {
			t.Errorf("%s: ETag %s", name, s.ETag(hashed))
		}
	}
}

func TestStaticOpensNothingElse(t *testing.T) {
	s, err := assets.NewStatic(assets.FS(""))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", ".", "app.00000000.css", "../assets.go", "app.css.gz", "views/layout.html", "static/app.css", "css"} {
		if _, _, _, ok := s.Open(name); ok {
			t.Errorf("%q was opened", name)
		}
		if _, ok := s.Gzip(name); ok || s.ETag(name) != "" {
			t.Errorf("%q was compressed", name)
		}
	}
}

// Old counters run Chromium 86; what it does not know it skips, which on a
// style sheet means a page in ruins.
func TestStylesKeepToWhatOldBrowsersKnow(t *testing.T) {
	s, _ := assets.NewStatic(assets.FS(""))
	newer := regexp.MustCompile(`.*(:has\(|@layer|@container|color-mix|\binset:|aspect-ratio|:is\(|:where\(|\ddvh\b|&[ :.]).*`)
	comment := regexp.MustCompile(`(?s)/\*.*?\*/`)
	for _, name := range []string{"app.css", "print.css"} {
		body, _, _, _ := s.Open(name)
		body = comment.ReplaceAll(body, nil)
		for _, line := range newer.FindAll(body, -1) {
			t.Errorf("%s: %s", name, line)
		}
		if bytes.Contains(body, []byte("url(")) || bytes.Contains(body, []byte("@import")) {
			t.Errorf("%s fetches something", name)
		}
	}
}
