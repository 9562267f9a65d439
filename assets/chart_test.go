package assets

import (
	"math"
	"testing"
)

func TestPileKeepsNeighboursApart(t *testing.T) {
	dots := []Dot{{Value: 100}, {Value: 100}, {Value: 98}, {Value: 60}, {Value: 59}, {Value: 0}}
	levels := pile(dots)
	for i := range dots {
		for j := range i {
			if levels[i] == levels[j] && math.Abs(dots[i].Value-dots[j].Value) < dotNear {
				t.Errorf("dots %d and %d lie on each other", i, j)
			}
		}
	}
	if levels[5] != 0 || levels[3] != 0 {
		t.Errorf("a dot that meets nobody was lifted: %v", levels)
	}
}

func TestStripHoldsAnyNumberOfVillages(t *testing.T) {
	var dots []Dot
	for range 300 {
		dots = append(dots, Dot{Value: 100})
	}
	c := Strip("都按时", "", -1, dots)
	for _, d := range c.Dots {
		if d.Y < 0 || d.Y > c.Base {
			t.Fatalf("a dot at height %d of %d", d.Y, c.Base)
		}
	}
	if c.Target != nil || len(Strip("空", "", 60, nil).Dots) != 0 {
		t.Error("drew what was not given")
	}
}

func TestStripKeepsToItsEnds(t *testing.T) {
	for v, want := range map[float64]string{-5: "3.0%", 0: "3.0%", 50: "50.0%", 100: "97.0%", 140: "97.0%", math.NaN(): "3.0%"} {
		if got := stripX(v); got != want {
			t.Errorf("%v stands at %s, want %s", v, got, want)
		}
	}
}

func TestBarsBeginAtZero(t *testing.T) {
	c := Bars("", 0, []Bar{{Value: 50}, {Value: 200}, {Value: -3}})
	for i, want := range []string{"25.0%", "100.0%", "0.0%"} {
		if c.Rows[i].Width != want {
			t.Errorf("bar %d is %s wide, want %s", i, c.Rows[i].Width, want)
		}
	}
	if c := Bars("", 100, []Bar{{Value: 50}}); c.Rows[0].Width != "50.0%" {
		t.Errorf("against 100 it is %s wide", c.Rows[0].Width)
	}
	if c := Bars("", 0, []Bar{{}}); c.Rows[0].Width != "0.0%" {
		t.Errorf("of nothing it is %s wide", c.Rows[0].Width)
	}
}

func TestStackedPiecesStandInARow(t *testing.T) {
	c := Stacked("", "分", []string{"甲", "乙"}, []Stack{{Values: []float64{30, 10}}, {Values: []float64{0, 20}}})
	p := c.Rows[0].Pieces
	if p[0].Width != "75.0%" || p[1].X != "75.0%" || p[1].Width != "25.0%" {
		t.Errorf("got %+v", p)
	}
	if len(c.Rows[1].Pieces) != 1 || c.Rows[1].Pieces[0].Kind != 1 || c.Rows[1].Pieces[0].X != "0.0%" {
		t.Errorf("got %+v", c.Rows[1].Pieces)
	}
}

func TestRingSharesAddUp(t *testing.T) {
	c := Ring("", "", "", []Share{{Value: 1}, {Value: 3}, {Value: 0}})
	for i, want := range []string{"25.0%", "75.0%", "0.0%"} {
		if c.Arcs[i].Pct != want {
			t.Errorf("share %d is %s, want %s", i, c.Arcs[i].Pct, want)
		}
	}
	if c.Arcs[2].Path != "" {
		t.Error("nothing was drawn as something")
	}
	if Ring("", "", "", []Share{{Value: 5}}).Arcs[0].Path == "" {
		t.Error("a single share has no arc")
	}
}

func TestScaleIsRoundAndHoldsEveryValue(t *testing.T) {
	for _, most := range []float64{0, .4, 1, 7, 99, 100, 101, 4999, 1e6} {
		top, step := scale([]Point{{Value: most}})
		if top < most || step <= 0 || top/step > 5.001 {
			t.Errorf("for %v: top %v, step %v", most, top, step)
		}
	}
}

func TestLineIsAsWideAsItsMonths(t *testing.T) {
	now := []Point{{Value: 10, Label: "1月"}, {Value: 0, Label: "2月"}, {Value: 5, Label: "3月"}}
	c := Line("", "", now, []Point{{Value: 4}})
	if c.Marks[0].X != "7.0%" || c.Marks[2].X != "95.0%" || c.Marks[1].Y != lineTop+lineHigh {
		t.Errorf("got %+v", c.Marks)
	}
	if got := c.Numbers.Rows[2][2].Text; got != "—" {
		t.Errorf("a month without a last year shows %q", got)
	}
	if c := Line("", "", nil, nil); c.Now != "" || len(c.Marks) != 0 {
		t.Error("drew a line through nothing")
	}
}
