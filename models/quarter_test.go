package models_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
)

func TestParseDateReadsEveryWayOfWritingADay(t *testing.T) {
	for _, typed := range []string{
		"2026-03-05", "2026-3-5", "2026/3/5", "2026.3.5", "2026年3月5日", "2026年03月05日", "20260305", "２０２６－０３－０５", "　2026/03/05 ", "2026—3—5",
	} {
		if d, err := models.ParseDate(typed); err != nil || d != "2026-03-05" {
			t.Errorf("%q is %q (%v)", typed, d, err)
		}
	}
	for _, typed := range []string{"", "2026-02-29", "2026-13-01", "2026-4-31", "3-5", "昨天", "26-3-5", "1899-12-31", "2201-01-01", "2026-03-05 08:00", "46086", "<script>"} {
		if d, err := models.ParseDate(typed); !errors.Is(err, models.ErrInput) || d != "" {
			t.Errorf("%q became %q with %v, want a refusal", typed, d, err)
		}
	}
}

// The county's day ends at 16:00 UTC, whatever zone the computer is in.
func TestDaysAndQuartersEndAtMidnightInChina(t *testing.T) {
	for _, c := range []struct {
		utc     time.Time
		day     models.Date
		month   models.Month
		quarter models.Quarter
	}{
		{time.Date(2026, 3, 31, 15, 59, 59, 999_600_000, time.UTC), "2026-03-31", 202603, 20261},
		{time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC), "2026-04-01", 202604, 20262},
		{time.Date(2026, 12, 31, 15, 59, 59, 0, time.UTC), "2026-12-31", 202612, 20264},
		{time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC), "2027-01-01", 202701, 20271},
		{time.Date(2028, 2, 28, 16, 0, 0, 0, time.UTC), "2028-02-29", 202802, 20281},
		{time.Date(1969, 12, 31, 15, 59, 59, 999_600_000, time.UTC), "1969-12-31", 196912, 19694}, // before the epoch it is cut downward too
	} {
		m := models.MillisOf(c.utc)
		if m.Day() != c.day || m.Month() != c.month || m.Month().Quarter() != c.quarter || m.Day().Month() != c.month {
			t.Errorf("%v falls on %s, %d, %d, want %s, %d, %d", c.utc, m.Day(), m.Month(), m.Month().Quarter(), c.day, c.month, c.quarter)
		}
		if start := c.day.Start(); start > m || start.Add(24*time.Hour) <= m {
			t.Errorf("%v lies outside the day %s, which begins at %v", c.utc, c.day, start)
		}
	}
	if s := models.MillisOf(time.Date(2026, 11, 23, 7, 4, 59, 0, time.UTC)).String(); s != "2026-11-23 15:04" {
		t.Errorf("an instant prints %s", s)
	}
	if s := models.Millis(0).String(); s != "" {
		t.Errorf("no instant prints %q", s)
	}
}

func TestQuartersHoldTheirThreeMonths(t *testing.T) {
	for _, c := range []struct {
		q          models.Quarter
		months     [3]models.Month
		start, end models.Date
		key, name  string
		next, prev models.Quarter
	}{
		{20261, [3]models.Month{202601, 202602, 202603}, "2026-01-01", "2026-04-01", "2026Q1", "2026年第一季度", 20262, 20254},
		{20263, [3]models.Month{202607, 202608, 202609}, "2026-07-01", "2026-10-01", "2026Q3", "2026年第三季度", 20264, 20262},
		{20264, [3]models.Month{202610, 202611, 202612}, "2026-10-01", "2027-01-01", "2026Q4", "2026年第四季度", 20271, 20263},
	} {
		if c.q.Months() != c.months || c.q.Start() != c.start || c.q.End() != c.end || c.q.Key() != c.key || c.q.String() != c.name || c.q.Add(1) != c.next || c.q.Add(-1) != c.prev {
			t.Errorf("%d: %v, %s to %s, %s, %s, then %d, before %d", c.q, c.q.Months(), c.q.Start(), c.q.End(), c.q.Key(), c.q, c.q.Add(1), c.q.Add(-1))
		}
		if back, err := models.ParseQuarter(c.key); err != nil || back != c.q {
			t.Errorf("%s is %d (%v)", c.key, back, err)
		}
	}
	for _, typed := range []string{"", "2026", "2026Q0", "2026Q5", "1999Q4", "2201Q1", "Q3", "2026Q3x", "2026Q31", "2026Q-1", "第三季度", "9999999999999999999Q1"} {
		if q, err := models.ParseQuarter(typed); !errors.Is(err, models.ErrInput) || q != 0 {
			t.Errorf("%q became %d with %v, want a refusal", typed, q, err)
		}
	}
}

func TestDaysMonthsAndQuartersAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		day := models.Date(first.AddDate(0, 0, rapid.IntRange(0, 36_500).Draw(t, "day")).Format(time.DateOnly))
		n := rapid.IntRange(-2_000, 2_000).Draw(t, "by")

		if back, err := models.ParseDate(string(day)); err != nil || back != day {
			t.Fatalf("%s came back as %s (%v)", day, back, err)
		}
		if day.Start().Day() != day {
			t.Fatalf("%s begins on %s", day, day.Start().Day())
		}
		if moved := day.AddDays(n); moved.AddDays(-n) != day || (n > 0) != (moved > day) && n != 0 {
			t.Fatalf("%s moved by %d is %s, and back %s", day, n, moved, moved.AddDays(-n))
		}
		m := day.Month()
		if m.First() > day || m.Add(1).First() <= day || m.Add(n).Add(-n) != m {
			t.Fatalf("%s is not in month %d", day, m)
		}
		q := m.Quarter()
		if q.Start() > day || q.End() <= day || q.Add(n).Add(-n) != q || q.Add(1).Start() != q.End() {
			t.Fatalf("%s is not in quarter %s", day, q.Key())
		}
		if back, err := models.ParseQuarter(q.Key()); err != nil || back != q {
			t.Fatalf("%s came back as %d (%v)", q.Key(), back, err)
		}
	})
}
