package report

import (
	"pointstore/models"
	"pointstore/models/db"
)

// dueDay is the day of the month after a period by which its notice must hang:
// the day on which villages hand in.
const dueDay = 10

// now is the county's clock, as the connection knows it.
func now(c db.Conn) models.Millis {
	if tx, ok := c.(*db.Tx); ok {
		return tx.Now
	}
	return c.(interface{ Now() models.Millis }).Now()
}

// window is one of a village's own periods, both months included.
type window struct{ first, last models.Month }

// opens is the first instant at which a notice hangs for this period and no
// longer for the one before; due the instant from which it is late.
func (w window) opens() models.Millis { return w.first.First().AddDays(dueDay).Start() }
func (w window) due() models.Millis   { return w.last.Add(1).First().AddDays(dueDay).Start() }

func (w window) String() string {
	if w.first == w.last {
		return w.last.String()
	}
	return w.first.String() + "至" + w.last.String()
}

// windows are the periods of a rhythm that end in the quarter. They are counted
// from January, so that a rhythm of two months ends in February and April.
func windows(rhythm int, q models.Quarter) []window {
	rhythm = clampRhythm(rhythm)
	var list []window
	for _, m := range q.Months() {
		if (int(m)/100*12+int(m)%100)%rhythm == 0 {
			list = append(list, window{m.Add(1 - rhythm), m})
		}
	}
	return list
}

func clampRhythm(months int) int { return min(max(months, 1), 12) }

// reach is the earliest month that any rhythm up to that many months asks about.
func reach(rhythm int, q models.Quarter) models.Month {
	return q.Months()[0].Add(-clampRhythm(rhythm))
}

// keptRhythm reports whether a village held its exchanges: one in every period
// that ended in the quarter and is over, and where none is over yet, one lately.
// A quarter that has not begun keeps nothing.
func keptRhythm(rhythm int, q models.Quarter, at models.Month, held func(models.Month) bool) bool {
	any := func(from, to models.Month) bool {
		for m := from; m <= to; m = m.Add(1) {
			if held(m) {
				return true
			}
		}
		return false
	}
	judged := false
	if at < q.Months()[0] {
		return false
	}
	for _, w := range windows(rhythm, q) {
		kept := any(w.first, w.last)
		if !kept && w.last < at {
			return false
		}
		judged = judged || kept
	}
	last := min(at, q.Months()[2])
	return judged || any(last.Add(-clampRhythm(rhythm)), last)
}

// judged is a period whose notice was due: hung is when it hung in time, 0 when
// it did not.
type judged struct {
	window
	hung models.Millis
}

// postings judges a village's notices. A period counts from the first rules on,
// once its day has come or its notice hangs already.
func postings(rhythm int, q models.Quarter, at models.Millis, rules models.Date, hung []models.Millis) []judged {
	var list []judged
	for _, w := range windows(rhythm, q) {
		if rules == "" || rules >= w.last.Add(1).First() {
			continue
		}
		j := judged{window: w}
		for _, h := range hung {
			if h >= w.opens() && h < w.due() && (j.hung == 0 || h < j.hung) {
				j.hung = h
			}
		}
		if j.hung != 0 || at >= w.due() {
			list = append(list, j)
		}
	}
	return list
}
