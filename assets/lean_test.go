package assets

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing"
)

func TestLeanLeavesOutRemarksOnly(t *testing.T) {
	js := "\"use strict\";\n// of no use\n(() => {\n  const a = \"http://x\"; // why\n\tlet b = 'a // b';\n\n  if (a) return b // \"quoted\"\n})();\n"
	if got, want := string(lean(".js", []byte(js))), "\"use strict\";\n(() => {\nconst a = \"http://x\";\nlet b = 'a // b';\nif (a) return b // \"quoted\"\n})();\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := string(lean(".css", []byte("/* of\n no use */\n.a {\n  color: red; /* so */\n}\n"))), ".a {\ncolor: red;\n}\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := string(lean(".svg", []byte("  <svg/>  "))); got != "  <svg/>  " {
		t.Errorf("got %q", got)
	}
}

// What lean may not meet in the files that are served: a text over several lines,
// and a remark's opening inside one.
func TestLeanMeetsOnlyWhatItUnderstands(t *testing.T) {
	names, err := fs.Glob(embedded, "static/*.*")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		body, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(body), "\n") {
			if path.Ext(name) == ".js" && (strings.Count(line, "`")%2 != 0 || strings.Contains(line, "/*") && !strings.Contains(line, "*/") || strings.HasSuffix(line, `\`)) {
				t.Errorf("%s:%d: %s", name, i+1, line)
			}
		}
		if path.Ext(name) == ".css" && (bytes.Count(body, []byte("/*")) != bytes.Count(body, []byte("*/")) || strings.Contains(string(body), `content: "/*`)) {
			t.Errorf("%s: a remark is not closed", name)
		}
	}
}
