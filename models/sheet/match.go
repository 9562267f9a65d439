package sheet

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"pointstore/models"
)

// Want is something the reader of a table looks for.
type Want struct {
	Key      string
	Title    string // what our own tables call it
	Aliases  []string
	Required bool
	Help     string
}

// Mapping says in which column each want was found.
type Mapping struct {
	Columns map[string]int // key → column, -1 for none
	Missing []Want         // required and not found
	Unused  []Column       // columns nobody asked for

	titles map[string]string
}

// Match finds the columns for the wants: what the person chose, by key (-1 for
// none), then by heading. When another line fits the wants better than the one
// taken for the header, the table is laid out anew under it: read Rows after.
func (t *Table) Match(wants []Want, chosen map[string]int) Mapping {
	best, most := -1, 0
	if t.Header > 0 {
		best = t.head[0]
		most = fit(wants, t.titles())
	}
	for i := range t.grid.lines[:min(len(t.grid.lines), headerSpan)] {
		if i == best || !t.grid.headingLike(i) {
			continue
		}
		if n := fit(wants, t.grid.headings(t.grid.headerRows(i))); n > most {
			best, most = i, n
		}
	}
	if best >= 0 && (t.Header == 0 || best != t.head[0]) {
		t.understand(best)
	}
	return t.assign(wants, chosen)
}

// titles is the headings by position, without those of dropped columns.
func (t *Table) titles() []string {
	out := make([]string, t.grid.width)
	for _, c := range t.Columns {
		out[c.Index] = c.Title
	}
	return out
}

func (t *Table) assign(wants []Want, chosen map[string]int) Mapping {
	m := Mapping{Columns: map[string]int{}, titles: map[string]string{}}
	titles := t.titles()
	used := map[int]bool{}
	for _, w := range wants {
		m.Columns[w.Key], m.titles[w.Key] = -1, w.Title
		if col, ok := chosen[w.Key]; ok && col >= 0 && col < len(titles) && titles[col] != "" {
			m.Columns[w.Key] = col
			used[col] = true
		}
	}
	for _, p := range pairs(wants, titles) {
		_, decided := chosen[p.want.Key]
		if !decided && m.Columns[p.want.Key] < 0 && !used[p.col] {
			m.Columns[p.want.Key] = p.col
			used[p.col] = true
		}
	}
	for _, w := range wants {
		if col := m.Columns[w.Key]; col >= 0 {
			m.titles[w.Key] = titles[col]
		} else if w.Required {
			m.Missing = append(m.Missing, w)
		}
	}
	for _, c := range t.Columns {
		if !used[c.Index] {
			m.Unused = append(m.Unused, c)
		}
	}
	return m
}

// Has reports whether the table has such a column.
func (m Mapping) Has(key string) bool { col, ok := m.Columns[key]; return ok && col >= 0 }

// Get is the cell's text with full-width letters and odd blanks made plain;
// empty when there is no such column.
func (m Mapping) Get(row Row, key string) string {
	if !m.Has(key) {
		return ""
	}
	return models.Normal(row.Cell(m.Columns[key]))
}

// pair is a possible answer to a want; the score is 0 to 100.
type pair struct {
	want  Want
	col   int
	score int
}

// pairs lists the possible answers, best first.
func pairs(wants []Want, titles []string) []pair {
	var out []pair
	for _, w := range wants {
		for col, title := range titles {
			if n := likeness(w, title); n > 0 {
				out = append(out, pair{w, col, n})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	return out
}

// fit is how well headings answer the wants altogether.
func fit(wants []Want, titles []string) int {
	sum, used, met := 0, map[int]bool{}, map[string]bool{}
	for _, p := range pairs(wants, titles) {
		if !used[p.col] && !met[p.want.Key] {
			used[p.col], met[p.want.Key] = true, true
			sum += p.score
		}
	}
	return sum
}

// likeness compares a heading with all names of a want.
func likeness(w Want, title string) int {
	if title == "" {
		return 0
	}
	full, plain := fold(title), fold(bare(title))
	last := fold(bare(title[strings.LastIndexByte(title, '/')+1:]))
	best := 0
	for _, name := range append([]string{w.Title, w.Key}, w.Aliases...) {
		name = fold(name)
		switch {
		case name == "":
		case name == full:
			return 100
		case name == plain:
			best = max(best, 96)
		case name == last:
			best = max(best, 92)
		default:
			best = max(best, near(plain, name))
		}
	}
	return best
}

// near scores headings that are not equal: one within the other (Chinese puts
// the noun last, so an ending counts more), or much the same characters.
func near(title, name string) int {
	t, n := []rune(title), []rune(name)
	if len(n) < 2 || len(t) < 2 {
		return 0
	}
	switch {
	case strings.HasSuffix(title, name):
		return 66 + 20*len(n)/len(t)
	case strings.Contains(title, name):
		return 60 + 20*len(n)/len(t)
	case strings.Contains(name, title):
		return 50 + 20*len(t)/len(n)
	}
	if d := dice(t, n); d >= 60 {
		return d * 60 / 100
	}
	return 0
}

// dice is the share of neighbouring character pairs two texts have in common,
// in percent.
func dice(a, b []rune) int {
	have := map[[2]rune]int{}
	for i := 1; i < len(a); i++ {
		have[[2]rune{a[i-1], a[i]}]++
	}
	same := 0
	for i := 1; i < len(b); i++ {
		if k := [2]rune{b[i-1], b[i]}; have[k] > 0 {
			have[k]--
			same++
		}
	}
	return 200 * same / (len(a) + len(b) - 2)
}

// fold makes headings comparable: no blanks, marks or capitals.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\r\t*:.、,;/\\-_()[]{}【】“”\"'#?!", r) {
			return -1
		}
		return r
	}, strings.ToLower(models.Normal(s)))
}

// bare is a heading without what stands in brackets: 分值（分） is 分值.
func bare(s string) string {
	s = models.Normal(s)
	if out := brackets.ReplaceAllString(s, ""); !blank(out) {
		return out
	}
	return s
}

var brackets = regexp.MustCompile(`[(\[【][^)\]】]*[)\]】]?`)
