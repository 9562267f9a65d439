package assets

import (
	"fmt"
	"math"
	"strings"
)

// Point is one month of a line.
type Point struct {
	Label string
	Value float64
	Text  string
	Href  string
}

// LineChart is what the part line draws: a plot lineHigh pixels high.
type LineChart struct {
	Title, Unit string
	Marks       []mark
	Now, Before string // paths in a 100×100 square stretched over the plot
	Grid        []gridLine
	Numbers     Table
}

type mark struct {
	Point
	X      string
	Y      int
	TextY  int
	Key    bool // the highest, the lowest and the last: still lettered where room is short
	Second bool // every other label: dropped where room is short
}

type gridLine struct {
	Y, TextY int
	Text     string
}

const (
	lineTop, lineHigh   = 24, 150 // the plot lies between these heights, in pixels
	lineFrom, lineRight = 7.0, 95.0
)

// Line lays out a line from zero. Before is the same months a year earlier,
// drawn dashed; it may be nil or shorter.
func Line(title, unit string, now, before []Point) LineChart {
	c := LineChart{Title: title, Unit: unit, Numbers: lineNumbers(title, now, before)}
	top, step := scale(now, before)
	for v := 0.0; v <= top*1.001; v += step {
		y := lineY(v, top)
		c.Grid = append(c.Grid, gridLine{y, y - 3, plain(v)})
	}
	high, low := ends(now)
	for i, p := range now {
		y := lineY(p.Value, top)
		c.Marks = append(c.Marks, mark{Point: p, X: percent(lineX(i, len(now)) / 100), Y: y, TextY: y - 10,
			Key: i == high || i == low || i == len(now)-1, Second: (len(now)-1-i)%2 == 1})
	}
	c.Now, c.Before = polyline(now, len(now), top), polyline(before, len(now), top)
	return c
}

func lineNumbers(title string, now, before []Point) Table {
	t := numbers(title, "数值")
	if len(before) > 0 {
		t = numbers(title, "数值", "去年同期")
	}
	for i, p := range now {
		row := []Cell{{Text: p.Label, Href: p.Href}, {Text: p.Text}}
		if i < len(before) {
			row = append(row, Cell{Text: before[i].Text})
		} else if len(before) > 0 {
			row = append(row, Cell{Text: "—"})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// scale finds a round top above every value and the step between its lines:
// one, two or five times a power of ten, three to five lines.
func scale(series ...[]Point) (top, step float64) {
	var most float64
	for _, s := range series {
		for _, p := range s {
			most = math.Max(most, p.Value)
		}
	}
	if most <= 0 {
		return 1, 1
	}
	power := math.Pow(10, math.Floor(math.Log10(most/3)))
	for _, m := range []float64{1, 2, 5, 10} {
		if step = m * power; most/step <= 4 {
			break
		}
	}
	return math.Ceil(most/step) * step, step
}

func ends(points []Point) (high, low int) {
	for i, p := range points {
		if p.Value > points[high].Value {
			high = i
		}
		if p.Value < points[low].Value {
			low = i
		}
	}
	return
}

func lineX(i, n int) float64 {
	if n < 2 {
		return (lineFrom + lineRight) / 2
	}
	return lineFrom + float64(i)*(lineRight-lineFrom)/float64(n-1)
}

func lineY(v, top float64) int {
	return lineTop + lineHigh - int(math.Round(part(v, top)*lineHigh))
}

// polyline joins the points in a square of 100 by 100; n is how many months the
// plot holds, which may be more than there are points.
func polyline(points []Point, n int, top float64) string {
	var b strings.Builder
	for i, p := range points[:min(len(points), n)] {
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		fmt.Fprintf(&b, "%s%.2f %.2f", verb, lineX(i, n), 100-part(p.Value, top)*100)
	}
	return b.String()
}
