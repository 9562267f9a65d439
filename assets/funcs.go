package assets

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// funcs is what templates may call. Whatever knows the house's own words (mask,
// date, id32) comes in extra, because this package knows none of them.
func funcs(fsys fs.FS, static *Static, extra template.FuncMap) template.FuncMap {
	m := template.FuncMap{
		"args":  args,
		"asset": static.Href,
		"dict":  dict,
		"list":  func(v ...any) []any { return v },
		"join":  join,
		"add":   func(a, b int) int { return a + b },
		"sub":   func(a, b int) int { return a - b },
		"mul":   func(a, b int) int { return a * b },
		"mod":   mod,
		"seq":   seq,
		"num":   num,
		"pct":   pct,
		"share": share,
		"tone":  tone,
		"query": query,
		"icon":  icons(fsys, static),
		"op":    newOp,
	}
	maps.Copy(m, extra)
	m["hidden"] = hiddenFrom(m["op"])
	return m
}

// dict pairs keys with values, for handing several arguments to a part.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a key without a value")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is not text", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// args is how a part receives its arguments: a dict holding no other keys than
// these, or a single value, which stands for the first key. A key written with
// an exclamation mark must be given. Keys that were not given are empty text,
// so a part need not guard against nil.
func args(given any, keys ...string) (map[string]any, error) {
	m := make(map[string]any, len(keys))
	for _, k := range keys {
		m[strings.TrimSuffix(k, "!")] = ""
	}
	d, ok := given.(map[string]any)
	if !ok {
		d = map[string]any{strings.TrimSuffix(keys[0], "!"): given}
	}
	for k, v := range d {
		if _, known := m[k]; !known {
			return nil, fmt.Errorf("unknown argument %q; known are %s", k, strings.Join(keys, " "))
		}
		if v != nil {
			m[k] = v
		}
	}
	for _, k := range keys {
		if name, must := strings.CutSuffix(k, "!"); must {
			if _, given := d[name]; !given {
				return nil, fmt.Errorf("argument %q is missing", name)
			}
		}
	}
	return m, nil
}

// join puts sep between the printed items of any slice, leaving out empty ones.
func join(sep string, items any) (string, error) {
	v := reflect.ValueOf(items)
	if v.Kind() != reflect.Slice {
		return "", fmt.Errorf("join: %T is no list", items)
	}
	var words []string
	for i := range v.Len() {
		if s := fmt.Sprint(v.Index(i).Interface()); s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, sep), nil
}

func mod(a, b int) (int, error) {
	if b == 0 {
		return 0, fmt.Errorf("mod: division by zero")
	}
	return a % b, nil
}

// seq counts from 1 to n.
func seq(n int) []int {
	s := make([]int, max(n, 0))
	for i := range s {
		s[i] = i + 1
	}
	return s
}

// num prints a whole number with thousands separated: 14,902.
func num(n any) (string, error) {
	f, err := float(n)
	if err != nil {
		return "", err
	}
	s := strconv.FormatFloat(math.Abs(f), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if f < 0 && s != "0" {
		s = "−" + s
	}
	return s, nil
}

// pct prints a rate with one decimal, 66.8%, or a dash when there is nothing to
// divide by: no weddings is not a rate of nought.
func pct(num, den any) (string, error) {
	n, err := float(num)
	if err != nil {
		return "", err
	}
	d, err := float(den)
	if err != nil {
		return "", err
	}
	if d == 0 {
		return "—", nil
	}
	return strconv.FormatFloat(n/d*100, 'f', 1, 64) + "%", nil
}

// share prints both sides of a rate: 14,902 / 22,310.
func share(n, den any) (string, error) {
	a, err := num(n)
	if err != nil {
		return "", err
	}
	b, err := num(den)
	return a + " / " + b, err
}

func float(v any) (float64, error) {
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return float64(r.Int()), nil
	case r.CanUint():
		return float64(r.Uint()), nil
	case r.CanFloat():
		return r.Float(), nil
	}
	return 0, fmt.Errorf("%v (%T) is no number", v, v)
}

// tone reads the sign of a printed amount: gain, spend or nothing.
func tone(v any) string {
	s := strings.TrimSpace(fmt.Sprint(v))
	switch {
	case strings.HasPrefix(s, "+"):
		return "gain"
	case strings.HasPrefix(s, "−"), strings.HasPrefix(s, "-"):
		return "spend"
	}
	return ""
}

// query writes an address with its parameters encoded; empty ones are left out.
func query(path string, pairs ...any) (string, error) {
	d, err := dict(pairs...)
	if err != nil {
		return "", err
	}
	q := url.Values{}
	for k, v := range d {
		if s := fmt.Sprint(v); s != "" && v != nil {
			q.Set(k, s)
		}
	}
	if len(q) == 0 {
		return path, nil
	}
	return path + "?" + q.Encode(), nil
}

var symbol = regexp.MustCompile(`<symbol id="([a-z]+)"`)

// icons draws a picture of the sprite. Only names found in the sprite pass, so
// nothing a villager typed can become markup.
func icons(fsys fs.FS, static *Static) func(string) (template.HTML, error) {
	sprite, _ := fs.ReadFile(fsys, "static/icons.svg")
	known := map[string]bool{}
	for _, m := range symbol.FindAllSubmatch(sprite, -1) {
		known[string(m[1])] = true
	}
	href, _ := static.Href("icons.svg")
	return func(name string) (template.HTML, error) {
		if !known[name] {
			return "", fmt.Errorf("no icon %q", name)
		}
		return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` + href + `#` + name + `"></use></svg>`), nil
	}
}

// newOp is a fresh operation id: 16 random bytes, in hexadecimal.
func newOp() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// hiddenFrom makes what the form part draws: from a Frame a fresh operation id,
// from a dict the one it names.
func hiddenFrom(op any) func(any) (hidden, error) {
	return func(from any) (hidden, error) {
		fresh := func() string { return fmt.Sprint(reflect.ValueOf(op).Call(nil)[0].Interface()) }
		switch f := from.(type) {
		case Frame:
			return hidden{f.CSRF, fresh()}, nil
		case map[string]any:
			m, err := args(f, "csrf", "op")
			if err != nil {
				return hidden{}, err
			}
			h := hidden{fmt.Sprint(m["csrf"]), fmt.Sprint(m["op"])}
			if h.Op == "" {
				h.Op = fresh()
			}
			return h, nil
		}
		return hidden{}, fmt.Errorf("form wants .Frame, not %T", from)
	}
}
