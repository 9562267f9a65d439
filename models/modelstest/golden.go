package modelstest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var rewrite = flag.Bool("golden", false, "rewrite golden files instead of comparing with them")

// passing are the parts of a page that differ every time it is drawn: form
// tokens, operation ids, ids in addresses, hashes of static files, check codes
// and drawn codes.
var passing = []struct {
	what *regexp.Regexp
	name string
}{
	{regexp.MustCompile(`(name="(?:csrf|op)" value=")[^"]*`), "${1}…"},
	{regexp.MustCompile(`(/static/\w+\.)[0-9a-f]{8}\.`), "${1}…."},
	{regexp.MustCompile(`([/=".])[0-9a-z]{12}\b`), "${1}…"},
	{regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`), "…-…"},
	{regexp.MustCompile(` d="M[^"]*"`), ` d="…"`},
}

// Golden compares a page with testdata/<name>, leaving out what passes. Run the
// test with -golden to rewrite the file, and read the difference.
func Golden(t testing.TB, name, page string) {
	t.Helper()
	for _, p := range passing {
		page = p.what.ReplaceAllString(page, p.name)
	}
	file := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != page {
		t.Errorf("%s has changed; run the test with -golden and read the difference. It is now:\n%s", file, page)
	}
}
