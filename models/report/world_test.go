package report_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
)

// failer is a test or a rapid run.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is a city of two counties, three townships and five villages.
type world struct {
	f       failer
	ctx     context.Context
	d       *db.DB
	clock   *modelstest.Clock
	city    int64
	county  [2]int64
	town    [3]int64
	village [5]int64
	homes   map[int64][]int64 // by village
	kinds   map[int64][]int64 // categories by village
	serial  int
}

var (
	countyOf  = [3]int{0, 0, 1}
	townOf    = [5]int{0, 0, 1, 2, 2}
	classes   = [5]string{"model", "improve", "fix", "improve", ""}
	sponsors  = [5]string{"region", "city", "county", "city", ""}
	rates     = [5]models.Rate{10000, 10000, 50000, 100, 3333}
	rhythms   = [5]int{1, 3, 1, 2, 12}
	committee = models.Actor{Account: 7, Name: "马主任"}
)

func at(s string) models.Millis {
	t, err := time.ParseInLocation("2006-01-02 15:04:05.000", s, models.China)
	if err != nil {
		panic(err)
	}
	return models.MillisOf(t)
}

func newWorld(f failer, d *db.DB, clock *modelstest.Clock) *world {
	w := &world{f: f, ctx: context.Background(), d: d, clock: clock, homes: map[int64][]int64{}, kinds: map[int64][]int64{}}
	area := func(level, name string, city, county, town int64) int64 {
		id := models.NewID()
		w.exec("INSERT INTO areas (id, level, name, city_id, county_id, township_id) VALUES (?, ?, ?, ?, ?, ?)", id, level, name, city, county, town)
		return id
	}
	w.city = area("city", "银川市", 0, 0, 0)
	for i := range w.county {
		w.county[i] = area("county", []string{"永宁县", "贺兰县"}[i], w.city, 0, 0)
	}
	for i := range w.town {
		w.town[i] = area("township", []string{"闽宁镇", "望远镇", "洪广镇"}[i], w.city, w.county[countyOf[i]], 0)
	}
	for i := range w.village {
		town := townOf[i]
		id := area("village", []string{"红柳村", "北塔村", "三桥村", "青石村", "沙湖村"}[i], w.city, w.county[countyOf[town]], w.town[town])
		w.exec("INSERT INTO villages (village_id, class, sponsor, point_rate, rhythm_months) VALUES (?, ?, ?, ?, ?)", id, classes[i], sponsors[i], int64(rates[i]), rhythms[i])
		w.village[i] = id
		for j, key := range []string{"courtyard", "customs", "courtyard", ""} {
			c := models.NewID()
			w.exec("INSERT INTO categories (village_id, id, name, county_key) VALUES (?, ?, ?, ?)", id, c, []string{"门前三包", "红白事", "垃圾分类", "杂项"}[j], key)
			w.kinds[id] = append(w.kinds[id], c)
		}
	}
	return w
}

func (w *world) must(err error) {
	w.f.Helper()
	if err != nil {
		w.f.Fatalf("%v", err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.f.Helper()
	w.must(w.d.Aside(w.ctx, func(tx *db.Tx) error {
		_, err := tx.SQL.Exec(query, args...)
		return err
	}))
}

func (w *world) index(village int64) int {
	for i, v := range w.village {
		if v == village {
			return i
		}
	}
	return -1
}

func (w *world) home(village int64, residence string) int64 {
	w.serial++
	id := models.NewID()
	w.exec(`INSERT INTO households (village_id, id, number, group_no, head_name, search, residence, hidden, created_at) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?)`,
		village, id, fmt.Sprintf("%04d", w.serial), w.serial%5, "马少明", residence, w.serial%7/6, int64(w.clock.Now()))
	w.homes[village] = append(w.homes[village], id)
	return id
}

func (w *world) post(village int64, e ledger.Entry) (ledger.Entry, error) {
	e.Household.Village = village
	var posted []ledger.Entry
	err := w.d.InTx(w.ctx, db.Op{ID: db.NewOpID(), Village: village, Kind: "test", By: committee}, func(tx *db.Tx) error {
		var err error
		posted, err = ledger.Post(tx, rates[w.index(village)], e)
		return err
	})
	if err != nil {
		return e, err
	}
	return posted[0], nil
}

func (w *world) award(village, home int64, points models.Points, category int, act models.Date) ledger.Entry {
	w.f.Helper()
	e, err := w.post(village, ledger.Entry{Household: models.Household{ID: home}, Kind: ledger.Award, Points: points, Honour: points, Category: w.kinds[village][category], ActDate: act})
	w.must(err)
	return e
}

func (w *world) redeem(village, home int64, points models.Points) (ledger.Entry, error) {
	return w.post(village, ledger.Entry{Household: models.Household{ID: home}, Kind: ledger.Redeem, Points: -points, Cause: models.NewID()})
}

func (w *world) reverse(village, home, seq int64) error {
	return w.d.InTx(w.ctx, db.Op{ID: db.NewOpID(), Village: village, Kind: "test", By: committee}, func(tx *db.Tx) error {
		_, err := ledger.Reverse(tx, models.Household{Village: village, ID: home}, seq, "记错了")
		return err
	})
}

func (w *world) rules(village int64, from models.Date) {
	w.serial++
	w.exec("INSERT INTO versions (village_id, id, scheme_id, number, adopted_on, in_force_from, created_at) VALUES (?, ?, 1, ?, ?, ?, 0)",
		village, models.NewID(), w.serial, string(from), string(from))
}

func (w *world) notice(village int64, hung models.Millis) {
	w.serial++
	w.exec(`INSERT INTO notices (village_id, id, number, year, title, days, state, made_at, hung_at) VALUES (?, ?, ?, ?, '公示', 3, 'hung', ?, ?)`,
		village, models.NewID(), w.serial, hung.Time().Year(), int64(hung), int64(hung))
}

func (w *world) price(village int64, from models.Date) {
	w.serial++
	id := models.NewID()
	w.exec("INSERT INTO goods (village_id, id, name) VALUES (?, ?, ?)", village, id, fmt.Sprintf("大米%d", w.serial))
	w.exec("INSERT INTO prices (village_id, goods_id, from_day, points) VALUES (?, ?, ?, 3000)", village, id, string(from))
}

func (w *world) opening(village int64, opened models.Millis) {
	w.serial++
	w.exec("INSERT INTO openings (village_id, id, counter_id, number, opened_at, opened_by) VALUES (?, ?, 1, ?, ?, 1)", village, models.NewID(), w.serial, int64(opened))
}

// mayIn is a person with a role in an area.
func mayIn(role models.Role, area int64) models.Actor {
	a := committee
	a.Grants = []models.Grant{{Role: role, Area: area}}
	return a
}

func openWorld(t *testing.T) *world {
	d, clock := modelstest.Open(t)
	return newWorld(t, d, clock)
}
