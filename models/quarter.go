package models

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the host may have none, and its own zone is ignored
)

// China is the zone in which days begin and end.
var China = func() *time.Location {
	l, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // tzdata is linked in
	}
	return l
}()

// Millis is an instant: milliseconds since 1970 in UTC.
type Millis int64

// MillisOf converts a time, cutting below the millisecond (never rounding: a
// rounded 23:59:59.9996 would fall in the next quarter).
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time is the instant on the county's clock.
func (m Millis) Time() time.Time { return time.UnixMilli(int64(m)).In(China) }

// Day is the county's day the instant falls in.
func (m Millis) Day() Date { return Date(m.Time().Format(time.DateOnly)) }

// Month is the county's month the instant falls in.
func (m Millis) Month() Month { t := m.Time(); return Month(t.Year()*100 + int(t.Month())) }

// String prints for people, to the minute: 2026-11-23 15:04.
func (m Millis) String() string {
	if m == 0 {
		return ""
	}
	return m.Time().Format("2006-01-02 15:04")
}

// Add moves the instant by d.
func (m Millis) Add(d time.Duration) Millis { return m + Millis(d.Milliseconds()) }

// Date is a day as plain text, YYYY-MM-DD. Comparing the text compares the days.
type Date string

// ParseDate reads 2026-11-23, 2026/11/23, 2026.11.23, 2026年11月23日 and the same
// with one-digit months and full-width digits.
func ParseDate(s string) (Date, error) {
	n := Normal(s)
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"} {
		if t, err := time.Parse(layout, n); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return Date(t.Format(time.DateOnly)), nil
		}
	}
	return "", ErrInput.With("“日期”要像 2026-11-23 这样填；您填的是“" + clip(s) + "”")
}

// Month is the month of the day.
func (d Date) Month() Month {
	if len(d) != 10 {
		return 0
	}
	y, _ := strconv.Atoi(string(d[:4]))
	m, _ := strconv.Atoi(string(d[5:7]))
	return Month(y*100 + m)
}

// Start is the first instant of the day in China.
func (d Date) Start() Millis {
	t, _ := time.ParseInLocation(time.DateOnly, string(d), China)
	return MillisOf(t)
}

// AddDays moves the day.
func (d Date) AddDays(n int) Date {
	t, _ := time.Parse(time.DateOnly, string(d))
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// Short is the day without its year: 11月23日.
func (d Date) Short() string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d月%d日", t.Month(), t.Day())
}

// Month is yyyymm: 202611.
type Month int

// Add moves the month.
func (m Month) Add(n int) Month {
	i := int(m)/100*12 + int(m)%100 - 1 + n
	return Month(i/12*100 + i%12 + 1)
}

// First is the first day of the month.
func (m Month) First() Date { return Date(fmt.Sprintf("%04d-%02d-01", int(m)/100, int(m)%100)) }

// Quarter is the quarter the month lies in.
func (m Month) Quarter() Quarter { return Quarter(int(m)/100*10 + (int(m)%100+2)/3) }

// String prints 2026年11月.
func (m Month) String() string { return fmt.Sprintf("%d年%d月", int(m)/100, int(m)%100) }

// Quarter is year × 10 + 1…4: 20263 is the third quarter of 2026.
type Quarter int

// ParseQuarter reads 2026Q3.
func ParseQuarter(s string) (Quarter, error) {
	year, part, _ := strings.Cut(Normal(s), "Q")
	y, err := strconv.Atoi(year)
	if err != nil || y < 2000 || y > 2200 || len(part) != 1 || part < "1" || part > "4" {
		return 0, ErrInput.With("“季度”要像 2026Q3 这样填；您填的是“" + clip(s) + "”")
	}
	return Quarter(y*10 + int(part[0]-'0')), nil
}

// Key is the form used in addresses: 2026Q3.
func (q Quarter) Key() string { return fmt.Sprintf("%dQ%d", int(q)/10, int(q)%10) }

// String prints 2026年第三季度.
func (q Quarter) String() string {
	return fmt.Sprintf("%d年第%s季度", int(q)/10, []string{"", "一", "二", "三", "四"}[int(q)%10])
}

// Months are the three months of the quarter.
func (q Quarter) Months() [3]Month {
	first := Month(int(q)/10*100 + int(q)%10*3 - 2)
	return [3]Month{first, first + 1, first + 2}
}

// Start and End bound the quarter half-open: Start ≤ day < End.
func (q Quarter) Start() Date { return q.Months()[0].First() }

// End is the first day after the quarter.
func (q Quarter) End() Date { return q.Months()[2].Add(1).First() }

// Add moves the quarter.
func (q Quarter) Add(n int) Quarter {
	i := int(q)/10*4 + int(q)%10 - 1 + n
	return Quarter(i/4*10 + i%4 + 1)
}
