package sheet

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// grid is a worksheet as written: only lines that hold something, and the
// merges over them.
type grid struct {
	lines  []line
	merges []merge
	broken []broken
	width  int
	size   int // bytes of text
	cells  int
}

// line is one worksheet row; cells end with the last filled one.
type line struct {
	number int // as Excel shows it
	cells  []string
}

// broken is a cell that holds nothing of use, and why.
type broken struct {
	row, col int
	why      string
}

// merge is a rectangle shown as one cell; rows are Excel's numbers, columns
// count from 0, all bounds are inside.
type merge struct{ top, left, bottom, right int }

// add takes a line in, if it holds anything, within the limits.
func (g *grid) add(number int, cells []string) error {
	for len(cells) > 0 && blank(cells[len(cells)-1]) {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	if len(cells) > MaxColumns || len(g.lines) >= MaxRows {
		return ErrTooLarge
	}
	for i, s := range cells {
		if len(s) > MaxCell && utf8.RuneCountInString(s) > MaxCell {
			return tooLong(number, i)
		}
		g.size += len(s)
	}
	g.cells += len(cells)
	g.width = max(g.width, len(cells))
	if g.size > maxText || g.cells > maxCells {
		return ErrTooLarge
	}
	g.lines = append(g.lines, line{number, cells})
	return nil
}

func (g *grid) empty() bool { return len(g.lines) == 0 }

// clear blanks a column for good, but for its headings.
func (g *grid) clear(col int, head []int) {
	for i, l := range g.lines {
		if col < len(l.cells) && !slices.Contains(head, i) {
			l.cells[col] = ""
		}
	}
}

// tidy orders the merges and forgets those that overlap another in their first
// column, which no spreadsheet makes: so filling them costs at most the table.
func (g *grid) tidy() {
	slices.SortFunc(g.merges, func(a, b merge) int { return cmp.Or(a.left-b.left, a.top-b.top) })
	kept := g.merges[:0]
	for _, m := range g.merges {
		if n := len(kept); n == 0 || kept[n-1].left != m.left || kept[n-1].bottom < m.top {
			kept = append(kept, m)
		}
	}
	g.merges = kept
	slices.SortFunc(g.merges, func(a, b merge) int { return cmp.Or(a.top-b.top, a.left-b.left) })
}

// from lists the merges that begin in a row.
func (g *grid) from(number int) []merge {
	i, _ := slices.BinarySearchFunc(g.merges, number, func(m merge, n int) int { return m.top - n })
	j := i
	for j < len(g.merges) && g.merges[j].top == number {
		j++
	}
	return g.merges[i:j]
}

func (l line) cell(i int) string {
	if i < 0 || i >= len(l.cells) {
		return ""
	}
	return l.cells[i]
}

// filled is the texts of the cells that hold any.
func (l line) filled() []string {
	var out []string
	for _, s := range l.cells {
		if !blank(s) {
			out = append(out, strings.TrimSpace(s))
		}
	}
	return out
}

func blank(s string) bool { return strings.Trim(s, " \t\r\n\u3000\u00a0\u200b\ufeff") == "" }
