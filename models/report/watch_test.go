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

// The month that is watched.
var (
	watchFrom  = models.Date("2026-10-01")
	watchUntil = models.Date("2026-11-01")
)

// watchedMonth is a village whose twenty recorders wrote down October as people
// do; some live in a group they look after, some look after nothing.
type watchedMonth struct {
	t       *testing.T
	d       *db.DB
	r       *rand.Rand
	village int64
	version int64
	rules   []int64
	homes   []models.Household // 30 to a group, ten groups
	people  []int64
	awards  []any
}

const (
	groupSize   = 30
	watchGroups = 10
)

func newWatchedMonth(t *testing.T, d *db.DB, seed uint64) *watchedMonth {
	m := &watchedMonth{t: t, d: d, r: rand.New(rand.NewPCG(seed, 3)), village: models.NewID(), version: models.NewID()}
	m.write(func(tx *db.Tx) error {
		v := m.village
		for _, s := range []struct {
			sql  string
			args []any
		}{
			{"INSERT INTO areas (id, level, name, city_id, county_id, township_id) VALUES (?, 'village', '青石村', 1, 2, ?)", []any{v, 3 + seed/4}},
			{"INSERT INTO villages (village_id) VALUES (?)", []any{v}},
			{"INSERT INTO versions (village_id, id, scheme_id, number, adopted_on, in_force_from, created_at, second_over) VALUES (?, ?, 1, 1, '2026-01-01', '2026-01-01', 0, 2000)", []any{v, m.version}},
		} {
			if _, err := tx.SQL.Exec(s.sql, s.args...); err != nil {
				return err
			}
		}
		for i := range 3 {
			m.rules = append(m.rules, models.NewID())
			if _, err := tx.SQL.Exec("INSERT INTO rules (village_id, id, version_id, category_id, position, item, direction, unit, points_min, points_max, cap_period, cap_per) VALUES (?, ?, ?, 1, ?, ?, 'plus', 'once', 100, 100, 'none', 'household')",
				v, m.rules[i], m.version, i, []string{"庭院整洁", "清扫巷道", "帮助邻里"}[i]); err != nil {
				return err
			}
		}
		for i := range groupSize * watchGroups {
			h := models.Household{Village: v, ID: models.NewID()}
			m.homes = append(m.homes, h)
			if _, err := tx.SQL.Exec("INSERT INTO households (village_id, id, number, group_no, head_name, search, created_at) VALUES (?, ?, ?, ?, '马少明', '', 0)", v, h.ID, fmt.Sprintf("%03d", i+1), i/groupSize+1); err != nil {
				return err
			}
		}
		for i := range 20 {
			id := models.NewID()
			m.people = append(m.people, id)
			if _, err := tx.SQL.Exec("INSERT INTO accounts (id, login, name, password, created_at) VALUES (?, ?, ?, '', 0)", id, fmt.Sprintf("p%d-%d", i, id), fmt.Sprintf("干事%02d", i)); err != nil {
				return err
			}
			home := m.homes[(i%watchGroups)*groupSize+i]
			if _, err := tx.SQL.Exec("INSERT INTO links (village_id, id, household_id, account_id, relation) VALUES (?, ?, ?, ?, '本人家')", v, models.NewID(), home.ID, id); err != nil {
				return err
			}
			if i < watchGroups { // a group leader looks after the group it lives in
				if _, err := tx.SQL.Exec("INSERT INTO duties (village_id, account_id, group_no) VALUES (?, ?, ?)", v, id, i+1); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return m
}

func (m *watchedMonth) write(fn func(*db.Tx) error) {
	m.t.Helper()
	if err := m.d.Aside(m.t.Context(), fn); err != nil {
		m.t.Fatal(err)
	}
}

// habit is how somebody records.
type habit struct {
	own, late, night, rush, limit float64
	few                           bool
}

// honest habits differ from person to person.
func (m *watchedMonth) honest(i int) habit {
	h := habit{own: 0.1, late: 0.02 + 0.16*m.r.Float64(), night: 0.05 * m.r.Float64(), rush: 0.05 + 0.15*m.r.Float64(), limit: 0.08 * m.r.Float64()}
	if i < watchGroups {
		h.own = 0.5 + 0.4*m.r.Float64()
	}
	return h
}

// record writes down a month's work of one person: visits to a door, and a batch
// now and then.
func (m *watchedMonth) record(i int, h habit) {
	group := i % watchGroups
	for range 15 + m.r.IntN(25) {
		size := 1
		if m.r.IntN(8) == 0 {
			size = 5 + m.r.IntN(20)
		}
		op := db.NewOpID()
		day := watchFrom.AddDays(m.r.IntN(28))
		if m.r.Float64() < h.rush {
			day = watchFrom.AddDays(28 + m.r.IntN(3))
		}
		at := day.Start().Add(time.Duration(7*60+m.r.IntN(15*60)) * time.Minute)
		if m.r.Float64() < h.night {
			at = day.Start().Add(time.Duration(m.r.IntN(5*60)) * time.Minute)
		}
		late := m.r.Float64() < h.late
		for range size {
			g := m.r.IntN(watchGroups)
			if m.r.Float64() < h.own {
				g = group
			}
			home := m.homes[g*groupSize+m.r.IntN(groupSize)]
			if h.few && m.r.Float64() < 0.7 {
				home = m.homes[group*groupSize+m.r.IntN(3)]
			}
			worth := []int64{100, 200, 500, 1000}[m.r.IntN(4)]
			if m.r.Float64() < h.limit {
				worth = 1900
			}
			m.add(home, m.people[i], worth, late, day, at, op)
		}
	}
}

func (m *watchedMonth) add(home models.Household, who, worth int64, late bool, day models.Date, at models.Millis, op db.OpID) {
	l := 0
	if late {
		l = 1
	}
	m.awards = append(m.awards, m.village, models.NewID(), home.ID, m.version, m.rules[m.r.IntN(3)], 1, string(day), worth, worth, "noticed", l, who, int64(at), op[:])
}

func (m *watchedMonth) save() {
	m.t.Helper()
	m.write(func(tx *db.Tx) error {
		return tx.SQL.Many("INSERT INTO awards (village_id, id, household_id, version_id, rule_id, category_id, act_date, points, honour, state, late, recorder_id, recorded_at, op_id)", "", 14, m.awards)
	})
}

// watch answers who is asked about what.
func (m *watchedMonth) watch() (list []report.Recorder, asked map[int64][]string) {
	m.t.Helper()
	list, err := report.Recorders(m.t.Context(), m.d, m.village, watchFrom, watchUntil)
	if err != nil {
		m.t.Fatal(err)
	}
	asked = map[int64][]string{}
	for _, r := range list {
		for _, s := range r.Odd() {
			asked[r.Account] = append(asked[r.Account], s.Key)
		}
	}
	return list, asked
}

// crookedWays are one person's, each in another month.
var crookedWays = map[string]habit{
	report.WatchOwn:   {own: 0.8, late: 0.1, rush: 0.1, limit: 0.04},
	report.WatchFew:   {own: 0.1, late: 0.1, rush: 0.1, limit: 0.04, few: true},
	report.WatchLimit: {own: 0.1, late: 0.1, rush: 0.1, limit: 0.6},
	report.WatchLate:  {own: 0.1, late: 0.8, rush: 0.1, limit: 0.04},
	report.WatchNight: {own: 0.1, late: 0.1, night: 0.6, rush: 0.1, limit: 0.04},
	report.WatchRush:  {own: 0.1, late: 0.1, rush: 0.9, limit: 0.04},
}

func TestWatchFindsOneCrookedRecorderAmongTwenty(t *testing.T) {
	d, _ := modelstest.Open(t)
	const crooked = 14 // looks after no group
	for key, habit := range crookedWays {
		for seed := range uint64(3) {
			m := newWatchedMonth(t, d, seed)
			for i := range 20 {
				if i != crooked {
					m.record(i, m.honest(i))
				}
			}
			m.record(crooked, habit)
			m.save()
			_, asked := m.watch()
			if !slices.Contains(asked[m.people[crooked]], key) {
				t.Errorf("%s, month %d: the crooked one is asked about %v", key, seed, asked[m.people[crooked]])
			}
			delete(asked, m.people[crooked])
			if len(asked) >= 2 {
				t.Errorf("%s, month %d: %d honest people are asked about: %v", key, seed, len(asked), asked)
			}
		}
	}
}

func TestWatchAsksNobodyInMostHonestMonths(t *testing.T) {
	d, _ := modelstest.Open(t)
	asked := 0
	for seed := range uint64(6) {
		m := newWatchedMonth(t, d, 100+seed)
		for i := range 20 {
			m.record(i, m.honest(i))
		}
		m.save()
		_, odd := m.watch()
		asked += len(odd)
	}
	if asked > 3 {
		t.Errorf("%d people in six honest months of twenty are asked about", asked)
	}
}

func TestWatchOpensTheEntriesBehindAQuestion(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		m := newWatchedMonth(t, d, 7)
		for i := range 19 {
			m.record(i, m.honest(i))
		}
		m.record(19, crookedWays[report.WatchNight])
		m.save()
		list, _ := m.watch()
		if len(list) != 20 || list[19].Name != "干事19" {
			t.Fatalf("watched are %d, the last %v", len(list), list[len(list)-1].Name)
		}
		for _, r := range list {
			for _, s := range r.Seen {
				rows, err := report.BehindRecorder(t.Context(), d, m.village, r.Account, s.Key, watchFrom, watchUntil)
				if err != nil {
					t.Fatal(err)
				}
				want := s.Num
				if s.Key == report.WatchShare {
					want = r.Awards
				}
				if int64(len(rows)) != want {
					t.Errorf("%s, %s: %d awards lie behind %d", r.Name, s.Key, len(rows), want)
				}
				for _, b := range rows {
					if b.Recorder != r.Account {
						t.Fatalf("%s, %s: shows what %d recorded", r.Name, s.Key, b.Recorder)
					}
				}
			}
		}
		last := list[19]
		if odd := last.Odd(); len(odd) == 0 || !strings.HasPrefix(odd[0].Question, "干事19记的") || !strings.HasSuffix(odd[0].Question, "？") {
			t.Errorf("the question is %+v", odd)
		}
	})
}

func TestWatchVillagesAsksAboutTheOddOneAndNamesNobody(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		q := models.Quarter(20264)
		var months []*watchedMonth
		for i := range uint64(7) {
			m := newWatchedMonth(t, d, i)
			h := m.honest(15)
			h.rush = 0
			if i == 3 {
				h.late = 0.9
			}
			for who := range 4 {
				m.record(who, h)
			}
			for range 150 { // in the last days of December in the sixth village
				day := q.Start().AddDays(10)
				if i == 5 {
					day = q.End().AddDays(-2)
				}
				m.add(m.homes[m.r.IntN(len(m.homes))], m.people[0], 100, false, day, day.Start().Add(10*time.Hour), db.NewOpID())
			}
			m.save()
			months = append(months, m)
		}
		list, err := report.WatchVillages(t.Context(), d, 2, q)
		if err != nil || len(list) != 7 {
			t.Fatalf("%d villages: %v", len(list), err)
		}
		// A township of three villages is compared with all of the county.
		town, err := report.WatchVillages(t.Context(), d, 4, q)
		if err != nil || len(town) != 3 || town[1].ID != months[5].village || len(town[1].Odd()) != 1 {
			t.Fatalf("the township's villages are %+v: %v", town, err)
		}
		for i, v := range list {
			var want []string
			switch v.ID {
			case months[3].village:
				want = []string{report.WatchLate}
			case months[5].village:
				want = []string{report.WatchRush}
			}
			var got []string
			for _, s := range v.Odd() {
				got = append(got, s.Key)
				if strings.Contains(s.Question, "干事") {
					t.Errorf("a question above the village names somebody: %s", s.Question)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("village %d is asked about %v, want %v", i, got, want)
			}
			for _, s := range v.Seen {
				rows, err := report.BehindVillage(t.Context(), d, v.ID, s.Key, q)
				if err != nil {
					t.Fatal(err)
				}
				if int64(len(rows)) != min(s.Num, 200) {
					t.Errorf("village %d, %s: %d awards lie behind %d", i, s.Key, len(rows), s.Num)
				}
			}
		}
	})
}
