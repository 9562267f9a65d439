package assets

import (
	"math"
	"slices"
)

// Dot is one village on a strip from 0 to 100. Shape is circle, square or
// triangle, so that the classes differ without colour.
type Dot struct {
	Label string
	Value float64 // per cent
	Text  string
	Shape string
	Href  string
}

// StripChart is what the part strip draws.
type StripChart struct {
	Title, Note string
	Dots        []placed
	Ticks       []tickAt
	Target      *tickAt
	Base        int // the axis, in pixels from the top
	TickY       int
	Height      int
	Numbers     Table
}

type placed struct {
	Dot
	X string
	Y int
}

type tickAt struct {
	X, Text string
	Anchor  string // start, middle or end: where the lettering hangs on
}

const (
	dotPitch = 13  // pixels between the centres of stacked dots
	dotLeast = 4   // the same in the deepest piles: overlapping, yet each with its edge
	pileHigh = 130 // pixels a pile may take before its dots move together
	dotNear  = 3.6 // per cent of the width within which two dots would touch on a phone
	// The strip keeps this much free at both ends, so a dot at 0 or 100 is whole.
	stripFrom, stripTo = 3.0, 97.0
)

// Strip lays out one dot per village, stacked where dots meet. A target below
// zero draws none. Note stands right of the title: 14,902 / 22,310 户.
func Strip(title, note string, target float64, dots []Dot) StripChart {
	c := StripChart{Title: title, Note: note, Numbers: numbers(title, "数值")}
	sorted := slices.Clone(dots)
	slices.SortStableFunc(sorted, func(a, b Dot) int { return int(math.Copysign(1, b.Value-a.Value)) })
	levels := pile(sorted)
	deepest := slices.Max(append(levels, 0))
	pitch := max(dotLeast, min(dotPitch, pileHigh/max(deepest, 1)))
	c.Base = 26 + deepest*pitch
	for i, d := range sorted {
		c.Dots = append(c.Dots, placed{d, stripX(d.Value), c.Base - levels[i]*pitch})
		c.Numbers.Rows = append(c.Numbers.Rows, []Cell{{Text: d.Label, Href: d.Href}, {Text: d.Text}})
	}
	for _, v := range []float64{0, 25, 50, 75, 100} {
		c.Ticks = append(c.Ticks, tickAt{X: stripX(v), Text: plain(v), Anchor: "middle"})
	}
	c.Ticks[4].Text = "100%"
	if target >= 0 {
		c.Target = &tickAt{X: stripX(target), Text: "目标 " + plain(target) + "%", Anchor: "start"}
		if target > 70 {
			c.Target.Anchor = "end"
		}
	}
	c.TickY, c.Height = c.Base+22, c.Base+28
	return c
}

// pile gives every dot the lowest level on which nobody stands too near.
func pile(dots []Dot) []int {
	levels := make([]int, len(dots))
	for i, d := range dots {
		taken := map[int]bool{}
		for j := range i {
			if math.Abs(dots[j].Value-d.Value) < dotNear {
				taken[levels[j]] = true
			}
		}
		for taken[levels[i]] {
			levels[i]++
		}
	}
	return levels
}

func stripX(v float64) string {
	return percent((stripFrom + part(v, 100)*(stripTo-stripFrom)) / 100)
}
