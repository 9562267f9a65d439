package sheet

import (
	"bytes"
	"encoding/xml"
	"path"
	"strings"
)

// workbook is what the parts of an xlsx file say about its worksheets. The
// reading is our own, streaming, because a library that builds the whole
// worksheet lets one small file claim all memory, and because it should yield
// what was typed (13800001234), not what a narrow column shows (1.38E+10).
type workbook struct {
	*book
	sheets  []worksheet
	date04  bool // days count from 1904
	strings []string
	styles  []style
}

type worksheet struct {
	name   string
	rel    string
	part   string
	hidden bool
}

// readBook fills the table from one worksheet; index -1 takes the first visible
// one that holds anything.
func (t *Table) readBook(b []byte, index int) error {
	k, err := openBook(b)
	if err != nil {
		return err
	}
	w := workbook{book: k}
	if err := w.open(); err != nil {
		return err
	}
	for _, s := range w.sheets {
		t.Sheets = append(t.Sheets, s.name)
	}
	if index >= len(w.sheets) {
		return ErrNoSheet
	}
	if index >= 0 {
		return t.readSheet(&w, w.sheets[index])
	}
	for _, s := range w.sheets {
		if s.hidden {
			continue
		}
		if err := t.readSheet(&w, s); err != nil || !t.grid.empty() {
			return err
		}
	}
	return ErrEmpty
}

func (t *Table) readSheet(w *workbook, s worksheet) error {
	t.Sheet = s.name
	var err error
	t.grid, err = w.read(s)
	return err
}

// open reads what all worksheets share.
func (w *workbook) open() error {
	base, err := w.main()
	if err != nil {
		return err
	}
	err = w.walk(base, func(tok xml.Token) error {
		e, ok := tok.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "sheet":
			w.sheets = append(w.sheets, worksheet{name: attr(e, "name"), rel: attr(e, "id"), hidden: strings.HasSuffix(strings.ToLower(attr(e, "state")), "hidden")})
		case ok && e.Name.Local == "workbookPr":
			w.date04 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		}
		if len(w.sheets) > 255 {
			return ErrTooLarge
		}
		return nil
	})
	if err != nil {
		return err
	}
	var shared, styles string
	err = w.relations(base, func(id, kind, target string) {
		switch kind {
		case "worksheet":
			for i := range w.sheets {
				if w.sheets[i].rel == id {
					w.sheets[i].part = target
				}
			}
		case "sharedStrings":
			shared = target
		case "styles":
			styles = target
		}
	})
	if err != nil {
		return err
	}
	var usable []worksheet
	for _, s := range w.sheets {
		if s.part != "" { // charts and dialogs are listed among the sheets too
			usable = append(usable, s)
		}
	}
	if w.sheets = usable; len(usable) == 0 {
		return ErrUnreadable
	}
	if w.styles, err = w.readStyles(styles); err != nil {
		return err
	}
	w.strings, err = w.readStrings(shared)
	return err
}

// main is the part that lists the worksheets; nearly always xl/workbook.xml.
func (w *workbook) main() (string, error) {
	found := ""
	err := w.relations("", func(_, kind, target string) {
		if kind == "officeDocument" {
			found = target
		}
	})
	if err == nil && w.parts[found] == nil {
		err = ErrUnreadable
	}
	return found, err
}

// relations tells what a part refers to, with the targets as part names.
func (w *workbook) relations(part string, see func(id, kind, target string)) error {
	dir, file := path.Split(part)
	return w.walk(dir+"_rels/"+file+".rels", func(tok xml.Token) error {
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = "/" + dir + target
			}
			see(attr(e, "Id"), path.Base(attr(e, "Type")), strings.TrimPrefix(path.Clean(target), "/"))
		}
		return nil
	})
}

// readStrings reads the texts that cells refer to by number.
func (w *workbook) readStrings(part string) ([]string, error) {
	var out []string
	var text collector
	size := 0
	err := w.walk(part, func(tok xml.Token) error {
		text.see(tok)
		e, ok := tok.(xml.EndElement)
		if !ok || e.Name.Local != "si" {
			return nil
		}
		s := text.take()
		out = append(out, s)
		if size += len(s); size > maxText || len(out) > maxCells {
			return ErrTooLarge
		}
		return nil
	})
	return out, err
}

// collector gathers the text of a cell: its runs, without the readings that
// East Asian workbooks keep beside them.
type collector struct {
	b       bytes.Buffer
	inText  bool
	reading bool
}

func (c *collector) see(tok xml.Token) {
	switch x := tok.(type) {
	case xml.StartElement:
		switch x.Name.Local {
		case "t":
			c.inText = true
		case "rPh":
			c.reading = true
		}
	case xml.EndElement:
		switch x.Name.Local {
		case "t":
			c.inText = false
		case "rPh":
			c.reading = false
		}
	case xml.CharData:
		// Far beyond a cell's limit nothing more is kept: it is refused anyway.
		if c.inText && !c.reading && c.b.Len() < 8*MaxCell {
			c.b.Write(x)
		}
	}
}

func (c *collector) take() string {
	s := escapes(c.b.String())
	c.b.Reset()
	return s
}
