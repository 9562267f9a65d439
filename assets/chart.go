package assets

import (
	"fmt"
	"hash/fnv"
	"math"
	"strconv"
)

// Charts are built here and only drawn by the parts. Positions across are per
// cent of the drawing's width and heights are pixels, so that one drawing fits
// a phone and a desk while its lettering keeps its size. Every chart starts at
// zero, and carries its own numbers as a table.

// Bar is one bar. Text is printed at the mark; a Value below zero is drawn as
// zero, and a Strong bar is the one the title speaks of.
type Bar struct {
	Label  string
	Value  float64
	Text   string
	Href   string
	Strong bool
}

// BarChart is what the part bars draws.
type BarChart struct {
	Title   string
	Rows    []barRow
	Numbers Table
}

type barRow struct {
	Bar
	Width string
}

// Bars lays out horizontal bars. A full of 0 takes the largest value as the full
// width; give 100 for percentages.
func Bars(title string, full float64, rows []Bar) BarChart {
	for _, r := range rows {
		full = math.Max(full, r.Value)
	}
	c := BarChart{Title: title, Numbers: numbers(title, "数值")}
	for _, r := range rows {
		c.Rows = append(c.Rows, barRow{r, percent(part(r.Value, full))})
		c.Numbers.Rows = append(c.Numbers.Rows, []Cell{{Text: r.Label, Href: r.Href}, {Text: r.Text}})
	}
	return c
}

// Stack is one bar made of several values, in the order of the chart's names.
type Stack struct {
	Label  string
	Values []float64
	Text   string // printed at the end: the sum, as a rule
	Href   string
}

// StackedChart is what the part stacked draws.
type StackedChart struct {
	Title   string
	ID      string // sets this chart's patterns apart from its neighbours'
	Names   []string
	Rows    []stackRow
	Numbers Table
}

type stackRow struct {
	Stack
	Pieces []piece
}

type piece struct {
	Kind     int // which of the patterns
	X, Width string
	Title    string
}

// Stacked lays out bars made of pieces, all to one scale. Unit follows each
// value where it is read out.
func Stacked(title, unit string, names []string, rows []Stack) StackedChart {
	c := StackedChart{Title: title, ID: chartID(title), Names: names, Numbers: numbers(title, append(append([]string{}, names...), "合计")...)}
	var most float64
	for _, r := range rows {
		most = math.Max(most, sum(r.Values))
	}
	for _, r := range rows {
		row, cells, x := stackRow{Stack: r}, []Cell{{Text: r.Label, Href: r.Href}}, 0.0
		for i, name := range names {
			var v float64
			if i < len(r.Values) {
				v = math.Max(r.Values[i], 0)
			}
			cells = append(cells, Cell{Text: plain(v)})
			if v > 0 {
				row.Pieces = append(row.Pieces, piece{i % patterns, percent(part(x, most)), percent(part(v, most)), name + " " + plain(v) + unit})
			}
			x += v
		}
		c.Rows = append(c.Rows, row)
		c.Numbers.Rows = append(c.Numbers.Rows, append(cells, Cell{Text: r.Text}))
	}
	return c
}

// Share is one part of a whole.
type Share struct {
	Label string
	Value float64
	Text  string
	Href  string
}

// RingChart is what the part ring draws.
type RingChart struct {
	Title, Middle, Unit string
	ID                  string
	Arcs                []arc
	Numbers             Table
}

type arc struct {
	Share
	Kind int
	Pct  string
	Path string // empty when there is nothing to draw
}

// Ring lays out the shares of a whole. Middle is printed in the ring, with unit
// below it.
func Ring(title, middle, unit string, shares []Share) RingChart {
	c := RingChart{Title: title, Middle: middle, Unit: unit, ID: chartID(title), Numbers: numbers(title, "数值", "占比")}
	var all, from float64
	for _, s := range shares {
		all += math.Max(s.Value, 0)
	}
	for i, s := range shares {
		p := part(math.Max(s.Value, 0), all)
		a := arc{s, i % patterns, percent(p), arcPath(from, from+p)}
		from += p
		c.Arcs = append(c.Arcs, a)
		c.Numbers.Rows = append(c.Numbers.Rows, []Cell{{Text: s.Label, Href: s.Href}, {Text: s.Text}, {Text: a.Pct}})
	}
	return c
}

// arcPath draws a piece of a ring around (60,60), radii 56 and 36, from and to
// being fractions of the turn from twelve o'clock.
func arcPath(from, to float64) string {
	if to-from <= 0 {
		return ""
	}
	to = math.Min(to, from+0.9999) // a whole turn would begin where it ends and vanish
	at := func(turn, r float64) string {
		sin, cos := math.Sincos(turn * 2 * math.Pi)
		return fmt.Sprintf("%.2f %.2f", 60+r*sin, 60-r*cos)
	}
	long := 0
	if to-from > 0.5 {
		long = 1
	}
	return fmt.Sprintf("M%s A56 56 0 %d 1 %s L%s A36 36 0 %d 0 %s Z", at(from, 56), long, at(to, 56), at(to, 36), long, at(from, 36))
}

// patterns is how many fills part "patterns" offers; a chart with more pieces
// begins again.
const patterns = 6

// numbers is the table under a chart, with its columns after the label.
func numbers(title string, columns ...string) Table {
	t := Table{Caption: title, Heads: []Head{{Text: "项目"}}}
	for _, c := range columns {
		t.Heads = append(t.Heads, Head{Text: c, Num: true})
	}
	return t
}

func chartID(title string) string {
	h := fnv.New32a()
	h.Write([]byte(title))
	return fmt.Sprintf("c%08x", h.Sum32())
}

func sum(values []float64) (s float64) {
	for _, v := range values {
		s += math.Max(v, 0)
	}
	return s
}

// part is v of whole as a fraction from 0 to 1; of nothing it is 0.
func part(v, whole float64) float64 {
	if whole <= 0 || math.IsNaN(v) {
		return 0
	}
	return math.Min(math.Max(v/whole, 0), 1)
}

func percent(fraction float64) string { return strconv.FormatFloat(fraction*100, 'f', 1, 64) + "%" }

// plain prints a value with at most two decimals and none that say nothing.
func plain(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}
