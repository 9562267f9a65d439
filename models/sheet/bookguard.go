package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// What a workbook may unpack to. A full table of 50,000 rows stays below; a
// bomb is refused while it is being read, before it is in memory.
const (
	maxParts  = 2_000
	maxUnpack = 96 << 20  // bytes of all parts that are read, each as often as it is read
	maxRun    = 128 << 10 // bytes between two "<": longer than any cell with its tag
	maxTags   = 5_000_000 // a cell is two or three
	maxDepth  = 32
)

// book is an opened workbook file.
type book struct {
	parts map[string]*zip.File
	left  int // bytes that may still be unpacked
	tags  int // tags that have been read
}

func openBook(b []byte) (*book, error) {
	// Counted before the directory is read, which would already cost the memory.
	if bytes.Count(b, []byte("PK\x01\x02")) > maxParts {
		return nil, ErrTooLarge
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, ErrUnreadable.Because(err)
	}
	k := &book{parts: map[string]*zip.File{}, left: maxUnpack}
	for _, f := range z.File {
		k.parts[f.Name] = f
	}
	return k, nil
}

// walk hands every tag and text of a part to see, and checks nothing else about
// it. A part that does not exist has no tags.
func (k *book) walk(name string, see func(xml.Token) error) error {
	f := k.parts[name]
	if f == nil {
		return nil
	}
	if f.UncompressedSize64 > uint64(k.left) {
		return ErrTooLarge
	}
	r, err := f.Open()
	if err != nil {
		return ErrUnreadable.Because(err)
	}
	defer r.Close()
	d, depth := xml.NewDecoder(&guard{r: r, left: &k.left}), 0
	for {
		// RawToken would not notice tags closed in the wrong order, and Token
		// keeps a stack: hence the depth.
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, ErrTooLarge) {
			return ErrTooLarge
		}
		if err != nil {
			return ErrUnreadable.Because(err)
		}
		switch tok.(type) {
		case xml.StartElement:
			depth++
			k.tags++
		case xml.EndElement:
			depth--
		case xml.Directive: // a document type, the door to entity bombs
			return ErrUnreadable
		}
		if depth > maxDepth {
			return ErrUnreadable
		}
		if k.tags > maxTags {
			return ErrTooLarge
		}
		if err := see(tok); err != nil {
			return err
		}
	}
}

// guard lets XML pass in which no single text or tag is huge: the decoder keeps
// those in memory whole.
type guard struct {
	r    io.Reader
	left *int
	run  int
	tag  bool // the last byte was "<"
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if *g.left -= n; *g.left < 0 {
		return 0, ErrTooLarge
	}
	for _, c := range p[:n] {
		switch {
		case c == '<':
			g.run = 0
		case g.tag && c == '!': // comments and CDATA may hold any number of "<"; no spreadsheet writes them
			return 0, ErrUnreadable
		default:
			if g.run++; g.run > maxRun {
				return 0, ErrTooLarge
			}
		}
		g.tag = c == '<'
	}
	return n, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
