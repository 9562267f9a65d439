package report

import (
	"slices"
	"testing"

	"pointstore/models"
)

func TestWindowsEndWhereTheRhythmEnds(t *testing.T) {
	for _, c := range []struct {
		rhythm int
		q      models.Quarter
		want   []window
	}{
		{1, 20261, []window{{202601, 202601}, {202602, 202602}, {202603, 202603}}},
		{2, 20261, []window{{202601, 202602}}},
		{2, 20262, []window{{202603, 202604}, {202605, 202606}}},
		{3, 20264, []window{{202610, 202612}}},
		{6, 20261, nil},
		{12, 20264, []window{{202601, 202612}}},
		{0, 20263, []window{{202607, 202607}, {202608, 202608}, {202609, 202609}}},
	} {
		if got := windows(c.rhythm, c.q); !slices.Equal(got, c.want) {
			t.Errorf("every %d months in %s: %v, want %v", c.rhythm, c.q.Key(), got, c.want)
		}
	}
}

func TestKeptRhythmAsksOnlyForWhatIsOver(t *testing.T) {
	for _, c := range []struct {
		name   string
		rhythm int
		at     models.Month
		held   []models.Month
		want   bool
	}{
		{"every month, all three", 1, 202611, []models.Month{202607, 202608, 202609}, true},
		{"every month, one missed", 1, 202611, []models.Month{202607, 202609}, false},
		{"every month, the last one still runs", 1, 202609, []models.Month{202607, 202608}, true},
		{"every month, the quarter has just begun", 1, 202607, []models.Month{202606}, true},
		{"every month, just begun and none lately", 1, 202607, []models.Month{202605}, false},
		{"every quarter, one month of it", 3, 202611, []models.Month{202608}, true},
		{"every quarter, only the one before", 3, 202611, []models.Month{202606}, false},
		{"every two months, ends outside are not asked", 2, 202611, []models.Month{202608}, true},
		{"once a year, this spring", 12, 202611, []models.Month{202603}, true},
		{"once a year, the spring before", 12, 202611, []models.Month{202508}, false},
		{"not begun", 1, 202606, []models.Month{202605, 202606}, false},
	} {
		held := func(m models.Month) bool { return slices.Contains(c.held, m) }
		if got := keptRhythm(c.rhythm, 20263, c.at, held); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestPostingsCountToTheMillisecond(t *testing.T) {
	due := models.Date("2026-08-11").Start() // July's notice hangs by the end of 10 August
	for _, c := range []struct {
		name         string
		at           models.Millis
		rules        models.Date
		hung         []models.Millis
		inTime, late int
	}{
		{"at the last moment", due, "2026-01-01", []models.Millis{due - 1}, 1, 0},
		{"a moment late counts for August", due, "2026-01-01", []models.Millis{due}, 1, 1},
		{"not due yet", due - 1, "2026-01-01", nil, 0, 0},
		{"due", due, "2026-01-01", nil, 0, 1},
		{"before there were rules", due + 1, "2026-08-01", nil, 0, 0},
		{"rules on the last day of the month", due, "2026-07-31", nil, 0, 1},
		{"without rules", due, "", []models.Millis{due - 1}, 0, 0},
	} {
		inTime, late := 0, 0
		for _, p := range postings(1, 20263, c.at, c.rules, c.hung) {
			if p.hung != 0 {
				inTime++
			} else {
				late++
			}
		}
		if inTime != c.inTime || late != c.late {
			t.Errorf("%s: %d in time, %d late", c.name, inTime, late)
		}
	}
}

func TestSealSpanBeginsWithTheRollAndEndsYesterday(t *testing.T) {
	noon := models.Date("2026-08-10").Start() + 12*60*60*1000
	for _, c := range []struct {
		roll models.Date
		at   models.Millis
		want int64
	}{
		{"2026-01-01", noon, 40}, {"2026-08-01", noon, 9}, {"2026-08-10", noon, 0}, {"", noon, 0}, {"2026-11-01", noon, 0},
		{"2026-01-01", models.Date("2027-01-01").Start(), 92},
	} {
		if from, to := sealSpan(20263, c.at, c.roll); days(from, to) != c.want {
			t.Errorf("roll from %q: %d days, want %d", c.roll, days(from, to), c.want)
		}
	}
}
