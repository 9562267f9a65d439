package assets

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/template/parse"
)

// Views is every view, parsed. It is safe for many callers at once.
type Views struct {
	fsys  fs.FS
	extra template.FuncMap
	live  bool // on disk: read again at every drawing
	now   atomic.Pointer[parsed]
}

type parsed struct {
	static *Static
	sheets map[string]*sheet
}

// sheet is one view with the layout it asked for.
type sheet struct {
	set    *template.Template
	layout string
}

// layouts names the file behind each word a view may define as its layout.
var layouts = map[string]string{"": "layout.html", "screen": "layout.html", "bare": "bare.html", "print": "print.html"}

// Parse reads every layout, part and view of fsys. The functions in extra are
// added to the package's own and may replace them. The first broken view is
// the error.
func Parse(fsys fs.FS, extra template.FuncMap) (*Views, error) {
	_, inside := fsys.(embed.FS)
	v := &Views{fsys: fsys, extra: extra, live: !inside}
	p, err := readAll(fsys, extra)
	if err != nil {
		return nil, err
	}
	v.now.Store(p)
	return v, nil
}

func readAll(fsys fs.FS, extra template.FuncMap) (*parsed, error) {
	static, err := NewStatic(fsys)
	if err != nil {
		return nil, err
	}
	base, err := template.New("views").Funcs(funcs(fsys, static, extra)).ParseFS(fsys, "views/*.html", "views/parts/*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, "views/*/*.html")
	if err != nil {
		return nil, err
	}
	p := &parsed{static: static, sheets: map[string]*sheet{}}
	for _, file := range names {
		if path.Dir(file) == "views/parts" {
			continue
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "views/"), ".html")
		if p.sheets[name], err = parseView(base, fsys, file); err != nil {
			return nil, fmt.Errorf("view %s: %w", name, err)
		}
	}
	return p, nil
}

// slots are the names a layout leaves open for the view to fill.
var slots = []string{"page", "head", "layout", "paper", "back"}

// parseView lays one view over a copy of layouts and parts. A define that
// carries a part's name would quietly replace the part, so it is refused.
func parseView(base *template.Template, fsys fs.FS, file string) (*sheet, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	own, err := defines(file, string(text))
	if err != nil {
		return nil, err
	}
	if own["page"] == nil {
		return nil, fmt.Errorf(`defines no "page"`)
	}
	for name := range own {
		if base.Lookup(name) != nil && !slices.Contains(slots, name) {
			return nil, fmt.Errorf("defines %q, which is a part's name", name)
		}
	}
	var word string
	if own["layout"] != nil {
		word = strings.TrimSpace(own["layout"].Root.String())
	}
	layout, ok := layouts[word]
	if !ok {
		return nil, fmt.Errorf("asks for an unknown layout %q", word)
	}
	set, err := base.Clone()
	if err != nil {
		return nil, err
	}
	set, err = set.New(file).Parse(string(text))
	return &sheet{set: set, layout: layout}, err
}

// defines reads the names a view file defines, without its functions.
func defines(file, text string) (map[string]*parse.Tree, error) {
	trees := map[string]*parse.Tree{}
	t := parse.New(file)
	t.Mode = parse.SkipFuncCheck
	_, err := t.Parse(text, "", "", trees)
	return trees, err
}

// Render draws the view called name whole before the first byte leaves, so a
// failure half way down never reaches a reader.
func (v *Views) Render(w io.Writer, name string, s Screen) error {
	p, err := v.current()
	if err != nil {
		return err
	}
	view, ok := p.sheets[name]
	if !ok {
		return fmt.Errorf("no view %q", name)
	}
	b := buffers.Get().(*bytes.Buffer)
	defer keep(b)
	b.Reset()
	if err := view.set.ExecuteTemplate(b, view.layout, s); err != nil {
		return fmt.Errorf("view %s: %w", name, err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keepMost is the largest buffer kept for the next page: a sheet of a thousand
// cards would otherwise stay in memory for good.
const keepMost = 1 << 20

func keep(b *bytes.Buffer) {
	if b.Cap() <= keepMost {
		buffers.Put(b)
	}
}

// current is what was parsed, or what lies on disk now while developing.
func (v *Views) current() (*parsed, error) {
	if !v.live {
		return v.now.Load(), nil
	}
	p, err := readAll(v.fsys, v.extra)
	if err == nil {
		v.now.Store(p)
	}
	return p, err
}

// Static is the files the views refer to.
func (v *Views) Static() *Static { return v.now.Load().static }

// Has tells whether there is a view of that name.
func (v *Views) Has(name string) bool { return v.now.Load().sheets[name] != nil }

// Names lists every view in order.
func (v *Views) Names() []string { return slices.Sorted(maps.Keys(v.now.Load().sheets)) }
