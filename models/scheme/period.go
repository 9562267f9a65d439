package scheme

import (
	"time"

	"pointstore/models"
)

// Window is the span of days, half-open, that a cap's period has around the day
// of an act: from ≤ day < until. A week begins on Monday; a life has no ends.
func Window(period string, day models.Date) (from, until models.Date) {
	m := day.Month()
	switch period {
	case "day":
		return day, day.AddDays(1)
	case "week":
		t, _ := time.Parse(time.DateOnly, string(day))
		from = day.AddDays(-(int(t.Weekday()) + 6) % 7)
		return from, from.AddDays(7)
	case "month":
		return m.First(), m.Add(1).First()
	case "quarter":
		return m.Quarter().Start(), m.Quarter().End()
	case "year":
		first := models.Month(int(m)/100*100 + 1)
		return first.First(), first.Add(12).First()
	}
	return "0000-01-01", "9999-12-31"
}
