package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// Static holds the files under static/, each known by its plain name and by
// one that carries a hash of its content. The hashed name can be kept for ever
// by browsers, because other content would have another name.
type Static struct {
	fsys  fs.FS
	files map[string]*file // by plain name
}

type file struct {
	name string // with the hash
	hash string
	body []byte
	kind string
	gzip func() []byte
}

// NewStatic reads the static/ folder of fsys.
func NewStatic(fsys fs.FS) (*Static, error) {
	s := &Static{fsys: fsys, files: map[string]*file{}}
	names, err := fs.Glob(fsys, "static/*.*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("static file %s: %w", name, err)
		}
		s.add(path.Base(name), lean(path.Ext(name), body))
	}
	return s, nil
}

func (s *Static) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:4])
	ext := path.Ext(name)
	s.files[name] = &file{
		name: strings.TrimSuffix(name, ext) + "." + hash + ext,
		hash: hash,
		body: body,
		kind: kinds[ext],
		gzip: sync.OnceValue(func() []byte { return squeeze(body) }),
	}
}

// kinds lists every kind of file served; the content type is never guessed
// from the machine's own tables, which differ on Windows.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func squeeze(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	w.Write(body)
	w.Close()
	return b.Bytes()
}

// find knows a file by its plain name or by its current hashed one.
func (s *Static) find(name string) (f *file, hashed, ok bool) {
	if f, ok = s.files[name]; ok {
		return f, false, true
	}
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	f, ok = s.files[strings.TrimSuffix(stem, path.Ext(stem))+ext]
	if !ok || f.name != name {
		return nil, false, false
	}
	return f, true, true
}

// Open answers a request for /static/<name>. It is immutable when the name
// carries the content's hash; a hash of other days is not found.
func (s *Static) Open(name string) (body []byte, contentType string, immutable, ok bool) {
	f, hashed, ok := s.find(name)
	if !ok {
		return nil, "", false, false
	}
	return f.body, f.kind, hashed, true
}

// Gzip is the same file compressed, made once; not ok when there is no such file.
func (s *Static) Gzip(name string) ([]byte, bool) {
	f, _, ok := s.find(name)
	if !ok {
		return nil, false
	}
	return f.gzip(), true
}

// ETag is the file's entity tag with its quotes, or empty.
func (s *Static) ETag(name string) string {
	f, _, ok := s.find(name)
	if !ok {
		return ""
	}
	return `"` + f.hash + `"`
}

// Href is the lasting address of a file named plainly: app.css.
func (s *Static) Href(name string) (string, error) {
	f, ok := s.files[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return "/static/" + f.name, nil
}

// Names lists the files plainly.
func (s *Static) Names() []string {
	names := make([]string, 0, len(s.files))
	for name := range s.files {
		names = append(names, name)
	}
	return names
}
