package scheme_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/scheme"
)

var (
	hours  = scheme.Rule{Item: "志愿服务", Direction: scheme.Plus, Unit: "小时", BandBy: scheme.ByAmount, Bands: []scheme.Band{{At: 400, Points: 100}, {At: 1000, Points: 200}, {At: 2000, Points: 500}}}
	honour = scheme.Rule{Item: "受表彰", Direction: scheme.Plus, BandBy: scheme.ByLevel, PointsMin: 3000, PointsMax: 5000, Choices: []models.Points{3000, 5000},
		Bands: []scheme.Band{{Name: "国家级", Points: 5000}, {Name: "省级", Points: 3000}}}
	bonus = scheme.Rule{Item: "月度奖励", Direction: scheme.Plus, BandBy: scheme.ByMonth, Bands: []scheme.Band{{At: 8000, Points: 20000}, {At: 9000, Points: 30000}}}
	yard  = scheme.Rule{Item: "庭院整洁", Direction: scheme.Plus, PointsMax: 1000, FullPoints: 1000, FaultPoints: 50,
		Faults: []scheme.Fault{{Name: "门前有垃圾", Points: 100}, {Name: "杂物乱堆"}}}
)

func TestValueTakesTheBandThatIsReached(t *testing.T) {
	for _, c := range []struct {
		r      scheme.Rule
		qty    models.Qty
		chosen models.Points
		want   models.Points
		field  string
	}{
		{hours, 399, 0, 0, "quantity"}, {hours, 400, 0, 100, ""}, {hours, 999, 0, 100, ""}, {hours, 1000, 0, 200, ""}, {hours, 10_000, 0, 500, ""},
		{hours, 1000, 200, 200, ""}, {hours, 1000, 500, 0, "points"}, {hours, 0, 0, 0, "quantity"},
		{honour, 100, 5000, 5000, ""}, {honour, 100, 4000, 0, "points"}, {honour, 100, 0, 0, "points"}, {honour, 200, 3000, 6000, ""},
		{bonus, 7999, 0, 0, "quantity"}, {bonus, 8950, 0, 20000, ""}, {bonus, 9000, 0, 30000, ""},
		{yard, 100, 850, 850, ""}, {yard, 100, 1000, 1000, ""}, {yard, 100, 1001, 0, "points"}, {yard, 100, 0, 0, "points"},
	} {
		got, err := c.r.Value(c.qty, c.chosen)
		field := ""
		if e, ok := err.(*models.Error); ok {
			field = e.Field
			if !strings.Contains(e.Say, c.r.Item) {
				t.Errorf("the refusal does not name the rule: %s", e.Say)
			}
		}
		if field != c.field || got != c.want {
			t.Errorf("%s %s at %s: %s (%v), want %s", c.r.Item, c.qty, c.chosen, got, err, c.want)
		}
	}
	if n := hours.Times(1000); n != 1 {
		t.Errorf("ten hours are %d occasions", n)
	}
	if p, ok := honour.Level("省级"); !ok || p != 3000 {
		t.Errorf("省级: %s %v", p, ok)
	}
	if _, ok := honour.Level("村级"); ok {
		t.Error("a level that is not in the table")
	}
}

// More is never worth less, and no quantity below the first band is worth
// anything.
func TestValueNeverFallsAsTheAmountGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := models.Qty(rapid.Int64Range(1, 5000).Draw(t, "a"))
		b := a + models.Qty(rapid.Int64Range(0, 5000).Draw(t, "more"))
		low, err := hours.Value(a, 0)
		high, _ := hours.Value(b, 0)
		if low > high || (err == nil) != (a >= 400) {
			t.Fatalf("%s is worth %s, %s is worth %s", a, low, b, high)
		}
	})
}

func TestScoreTakesFaultsOffAFullMark(t *testing.T) {
	for _, c := range []struct {
		faults []int
		want   models.Points
	}{
		{nil, 1000}, {[]int{0}, 900}, {[]int{1}, 950}, {[]int{0, 1, 1}, 800}, {[]int{-1}, 950}, {[]int{7}, 950}, {[]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0},
	} {
		if got := yard.Score(c.faults); got != c.want {
			t.Errorf("%v leaves %s, want %s", c.faults, got, c.want)
		}
	}
}

func TestRecordedByKeepsToThoseTheTableNames(t *testing.T) {
	open := scheme.Rule{Direction: scheme.Plus}
	grid := scheme.Rule{Direction: scheme.Plus, Recorders: []string{"grid"}}
	family := scheme.Rule{Direction: scheme.Plus, Recorders: []string{"committee", "household"}}
	cost := scheme.Rule{Direction: scheme.Minus}
	for _, c := range []struct {
		r                          scheme.Rule
		committee, worker, claimed bool
	}{{open, true, true, true}, {grid, false, true, false}, {family, true, false, true}, {cost, true, true, false}, {bonus, true, true, false}} {
		if c.r.RecordedBy(models.Committee) != c.committee || c.r.RecordedBy(models.GridWorker) != c.worker || c.r.Claimable() != c.claimed {
			t.Errorf("%v %s", c.r.Recorders, c.r.Direction)
		}
	}
}

func TestTextTellsBandsAndFaults(t *testing.T) {
	for want, r := range map[string]scheme.Rule{
		"满 4 小时 1 分、满 10 小时 2 分、满 20 小时 5 分": hours,
		"国家级 50 分、省级 30 分":                   honour, "当月满 80 分 200 分、当月满 90 分 300 分": bonus,
		"满分 10 分，每处扣 0.5 分（门前有垃圾扣 1 分）": yard,
	} {
		if got := r.Text(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
