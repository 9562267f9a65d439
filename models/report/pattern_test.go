package report_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/report"
)

// counterMonth is a village whose clerks handed goods over in October. 25 points
// need no PIN, 60 are handed over face to face.
type counterMonth struct {
	*testing.T
	d       *db.DB
	r       *rand.Rand
	village int64
	counter int64
	opening int64
	homes   []int64
	people  []int64
	seq     map[int64]int64
	entries []any
	sold    []any
}

const countyOfCounters = 9

func newCounterMonth(t *testing.T, d *db.DB, seed uint64, clerks int) *counterMonth {
	t.Helper()
	m := &counterMonth{T: t, d: d, r: rand.New(rand.NewPCG(seed, 8)), village: models.NewID(), counter: models.NewID(), opening: models.NewID(), seq: map[int64]int64{}}
	m.write(func(tx *db.Tx) error {
		insert := func(query string, args ...any) {
			if _, err := tx.SQL.Exec(query, args...); err != nil {
				t.Fatal(err)
			}
		}
		insert("INSERT INTO areas (id, level, name, county_id, township_id) VALUES (?, 'village', ?, ?, 3)", m.village, fmt.Sprintf("村%02d", seed), countyOfCounters)
		insert("INSERT INTO villages (village_id, small_limit, face_limit) VALUES (?, 2500, 6000)", m.village)
		insert("INSERT INTO counters (village_id, id, name, poster_hash) VALUES (?, ?, '中心兑换点', ?)", m.village, m.counter, []byte(models.ID32(m.counter)))
		insert("INSERT INTO openings (village_id, id, counter_id, number, opened_at, opened_by) VALUES (?, ?, ?, 1, 0, 0)", m.village, m.opening, m.counter)
		for i := range 300 {
			m.homes = append(m.homes, models.NewID())
			insert("INSERT INTO households (village_id, id, number, group_no, head_name, search, created_at) VALUES (?, ?, ?, ?, '马少明', '', 0)", m.village, m.homes[i], fmt.Sprintf("%03d", i+1), i/30+1)
		}
		for i := range clerks {
			m.people = append(m.people, models.NewID())
			insert("INSERT INTO accounts (id, login, name, password, created_at) VALUES (?, ?, ?, '', 0)", m.people[i], models.ID32(m.people[i]), fmt.Sprintf("店员%02d", i))
		}
		return nil
	})
	return m
}

func (m *counterMonth) write(fn func(*db.Tx) error) {
	m.Helper()
	if err := m.d.Aside(m.Context(), fn); err != nil {
		m.Fatal(err)
	}
}

// till is how somebody hands over: how often in each odd way.
type till struct{ few, hours, limit, void, emptied float64 }

// honest tills differ from person to person.
func (m *counterMonth) honest() till {
	return till{few: 0.05 * m.r.Float64(), hours: 0.05 * m.r.Float64(), limit: 0.03 + 0.12*m.r.Float64(), void: 0.05 * m.r.Float64(), emptied: 0.05 + 0.2*m.r.Float64()}
}

// work is a month of one clerk at the counter.
func (m *counterMonth) work(i int, h till) {
	by := func(share float64) bool { return m.r.Float64() < share }
	for range 20 + m.r.IntN(30) {
		home, opening, confirm, points := m.homes[m.r.IntN(len(m.homes))], m.opening, "pin", int64(500+m.r.IntN(5000))
		at := watchFrom.AddDays(m.r.IntN(28)).Start().Add(time.Duration(8*60+m.r.IntN(10*60)) * time.Minute)
		if by(h.few) {
			home = m.homes[i*3+m.r.IntN(3)]
		}
		if by(h.hours) {
			opening = 0
			if by(0.5) {
				opening, at = m.opening, at.Day().Start().Add(22*time.Hour)
			}
		}
		if by(h.limit) {
			confirm, points = "small", 2400
			if by(0.3) {
				confirm, points = "face", 5900
			}
		}
		m.hand(i, home, opening, confirm, points, at, by(h.void), by(h.emptied))
	}
}

// hand writes an award, the exchange and the lines of both.
func (m *counterMonth) hand(i int, home, opening int64, confirm string, points int64, at models.Millis, void, emptied bool) {
	left, since := points*2, 9*24*time.Hour
	if emptied {
		left, since = points/20, 5*time.Hour
	}
	line := func(kind int, points, balance int64, at models.Millis) int64 {
		m.seq[home]++
		m.entries = append(m.entries, m.village, home, m.seq[home], kind, points, points, balance, 0, 0, int(at.Month()), string(at.Day()), 0, int64(at), 0, []byte("op"), []byte("hash"))
		return m.seq[home]
	}
	line(1, points+left, points+left, at.Add(-since))
	undone := int64(0)
	if void {
		undone = int64(at) + 1
	}
	m.sold = append(m.sold, m.village, models.NewID(), home, m.counter, opening, line(3, -points, left, at), points, 0, confirm, m.people[i], int(at.Month()), int64(at), undone)
}

func (m *counterMonth) save() {
	m.Helper()
	m.write(func(tx *db.Tx) error {
		err := tx.SQL.Many("INSERT INTO entries (village_id, household_id, seq, kind, points, honour, balance, fen, category_id, month, act_date, late, posted_at, cause, op_id, hash)", "", 16, m.entries)
		if err != nil {
			return err
		}
		return tx.SQL.Many("INSERT INTO redemptions (village_id, id, household_id, counter_id, opening_id, seq, points, fen, confirm, clerk_id, month, at, undone_at)", "", 13, m.sold)
	})
}

func (m *counterMonth) asked() (list []report.Clerk, asked map[int64][]string) {
	m.Helper()
	list, err := report.Clerks(m.Context(), m.d, m.village, watchFrom, watchUntil)
	if err != nil {
		m.Fatal(err)
	}
	asked = map[int64][]string{}
	for _, k := range list {
		for _, s := range k.Odd() {
			asked[k.Account] = append(asked[k.Account], s.Key)
		}
	}
	return list, asked
}

// crookedTills are one clerk's, each in a month of their own.
var crookedTills = map[string]till{
	report.WatchFew:     {few: 0.7, hours: 0.02, limit: 0.08, void: 0.02, emptied: 0.1},
	report.WatchHours:   {few: 0.02, hours: 0.5, limit: 0.08, void: 0.02, emptied: 0.1},
	report.WatchLimit:   {few: 0.02, hours: 0.02, limit: 0.6, void: 0.02, emptied: 0.1},
	report.WatchVoid:    {few: 0.02, hours: 0.02, limit: 0.08, void: 0.4, emptied: 0.1},
	report.WatchEmptied: {few: 0.02, hours: 0.02, limit: 0.08, void: 0.02, emptied: 0.9},
}

func TestClerksFindsOneCrookedAmongTwenty(t *testing.T) {
	d, _ := modelstest.Open(t)
	const crooked = 13
	for key, way := range crookedTills {
		for seed := range uint64(3) {
			m := newCounterMonth(t, d, seed, 20)
			for i := range 20 {
				if i != crooked {
					m.work(i, m.honest())
				}
			}
			m.work(crooked, way)
			m.save()
			_, asked := m.asked()
			if !slices.Contains(asked[m.people[crooked]], key) {
				t.Errorf("%s, month %d: the crooked one is asked about %v", key, seed, asked[m.people[crooked]])
			}
			delete(asked, m.people[crooked])
			if len(asked) >= 2 {
				t.Errorf("%s, month %d: %d honest clerks are asked: %v", key, seed, len(asked), asked)
			}
		}
	}
}

func TestClerksAsksNobodyInMostHonestMonths(t *testing.T) {
	d, _ := modelstest.Open(t)
	asked := 0
	for seed := range uint64(8) {
		clerks := []int{20, 20, 20, 1, 1, 2, 2, 3}[seed]
		m := newCounterMonth(t, d, 50+seed, clerks)
		for i := range clerks {
			m.work(i, m.honest())
		}
		m.save()
		_, odd := m.asked()
		asked += len(odd)
	}
	if asked > 2 {
		t.Errorf("%d clerks are asked in eight honest months", asked)
	}
}

// Most villages have one clerk, and nobody to compare them with.
func TestClerksAsksACrookedOneWithoutColleagues(t *testing.T) {
	d, _ := modelstest.Open(t)
	for key, way := range crookedTills {
		m := newCounterMonth(t, d, 90, 1)
		m.work(0, way)
		m.save()
		if list, asked := m.asked(); !slices.Equal(asked[m.people[0]], []string{key}) || strings.Contains(list[0].Odd()[0].Question, "同事") {
			t.Errorf("%s: the only clerk is asked about %v", key, asked[m.people[0]])
		}
	}
}

func TestClerksOpensTheReceiptsBehindAQuestion(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		m := newCounterMonth(t, d, 7, 5)
		for i := range 4 {
			m.work(i, m.honest())
		}
		m.work(4, till{few: 0.5, hours: 0.5, limit: 0.5, void: 0.5, emptied: 0.5})
		// Keyed in at night from a slip of the day: no odd hour.
		m.hand(4, m.homes[200], 0, "face", 1000, watchFrom.Start().Add(2*time.Hour), false, false)
		m.save()
		m.write(func(tx *db.Tx) error {
			_, err := tx.SQL.Exec("UPDATE redemptions SET late = 1 WHERE village_id = ? AND household_id = ?", m.village, m.homes[200])
			return err
		})
		list, asked := m.asked()
		if len(list) != 5 || list[4].Name != "店员04" || len(asked[m.people[4]]) < 3 {
			t.Fatalf("asked are %v among %d", asked, len(list))
		}
		for _, k := range list {
			for _, s := range k.Seen {
				rows, err := report.BehindClerk(t.Context(), d, m.village, k.Account, s.Key, watchFrom, watchUntil)
				if err != nil || int64(len(rows)) != s.Num {
					t.Errorf("%s, %s: %d receipts lie behind %d: %v", k.Name, s.Key, len(rows), s.Num, err)
				}
				for _, h := range rows {
					if h.Clerk != k.Account || s.Key == report.WatchVoid && h.UndoneAt == 0 || s.Key == report.WatchHours && h.Household == m.homes[200] {
						t.Fatalf("%s, %s: shows %+v", k.Name, s.Key, h)
					}
				}
			}
		}
		for _, s := range list[4].Odd() {
			if !strings.HasPrefix(s.Question, "店员04经手的 ") || !strings.HasSuffix(s.Question, "？") {
				t.Errorf("the question is %q", s.Question)
			}
		}
	})
}

func TestWatchCountersAsksAboutTheOddVillageAndNamesNobody(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		var months []*counterMonth
		for i := range uint64(6) {
			m := newCounterMonth(t, d, i, 3)
			for who := range 3 {
				way := m.honest()
				if i == 4 {
					way.void = 0.5
				}
				m.work(who, way)
			}
			m.save()
			months = append(months, m)
		}
		list, err := report.WatchCounters(t.Context(), d, countyOfCounters, watchFrom.Month().Quarter())
		if err != nil || len(list) != 6 {
			t.Fatalf("%d villages: %v", len(list), err)
		}
		for i, v := range list {
			var got []string
			for _, s := range v.Odd() {
				got = append(got, s.Key)
				if strings.Contains(s.Question, "店员") {
					t.Errorf("a question above the village names somebody: %s", s.Question)
				}
			}
			var want []string
			if v.ID == months[4].village {
				want = []string{report.WatchVoid}
			}
			if !slices.Equal(got, want) {
				t.Errorf("village %d is asked about %v, want %v", i, got, want)
			}
			for _, s := range v.Seen {
				rows, err := report.BehindCounters(t.Context(), d, v.ID, s.Key, watchFrom.Month().Quarter())
				if err != nil || int64(len(rows)) != min(s.Num, 200) {
					t.Errorf("village %d, %s: %d receipts lie behind %d: %v", i, s.Key, len(rows), s.Num, err)
				}
			}
		}
	})
}
