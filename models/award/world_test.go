package award_test

import (
	"errors"
	"fmt"
	"testing"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
)

// world is 青石村 with a committee member, a grid worker and some households.
type world struct {
	t       testing.TB
	d       *db.DB
	village int64
	he      models.Actor // 何主任, committee
	ma      models.Actor // 小马, grid worker
	homes   []models.Household
	version scheme.Version
	rules   map[string]scheme.Rule
}

// newWorld settles a village with n households, numbered 001 and up; every
// third lives in group 1, 2, 3.
func newWorld(t testing.TB, d *db.DB, n int) *world {
	t.Helper()
	w := &world{t: t, d: d, village: models.NewID()}
	w.he = models.Actor{Account: 7, Name: "何主任", Grants: []models.Grant{{Role: models.Committee, Area: w.village}}}
	w.ma = models.Actor{Account: 8, Name: "小马", Grants: []models.Grant{{Role: models.GridWorker, Area: w.village}}}
	w.must(d.Aside(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, city_id, county_id, township_id) VALUES (?, 'village', '青石村', 1, 2, 3)", w.village); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("INSERT INTO villages (village_id) VALUES (?)", w.village); err != nil {
			return err
		}
		var args []any
		for i := range n {
			h := models.Household{Village: w.village, ID: models.NewID()}
			w.homes = append(w.homes, h)
			args = append(args, h.Village, h.ID, fmt.Sprintf("%03d", i+1), i%3+1, []string{"马少明", "李桂兰", "王建国", "丁力"}[i%4], "", int64(tx.Now))
		}
		return tx.SQL.Many("INSERT INTO households (village_id, id, number, group_no, head_name, search, created_at)", "", 7, args)
	}))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(say(err))
	}
}

func say(err error) string {
	var e *models.Error
	if errors.As(err, &e) && e.Cause == nil {
		return e.Code + ": " + e.Say
	}
	return fmt.Sprint(err)
}

// rule is short for a draft; points are whole points.
func rule(item, direction string, points int64, c ...scheme.Cap) scheme.Draft {
	d := scheme.Draft{Category: "美丽庭院", Rule: scheme.Rule{Item: item, Direction: direction, PointsMin: models.Points(points) * 100,
		Private: scheme.PrivateByDefault(direction, "", item)}}
	if len(c) > 0 {
		d.CapTimes, d.CapPoints, d.CapPeriod, d.CapPer, d.CapGroup = c[0].Times, c[0].Points, c[0].Period, c[0].Per, c[0].Group
	}
	return d
}

// adopt adds rules to what the village has.
func (w *world) adopt(a scheme.Adoption, drafts ...scheme.Draft) {
	w.t.Helper()
	var changes []scheme.Change
	for _, d := range drafts {
		changes = append(changes, scheme.Change{Draft: d})
	}
	if a.AdoptedOn == "" {
		a.AdoptedOn = "2025-01-01"
	}
	var err error
	w.version, err = scheme.Amend(w.t.Context(), w.d, db.NewOpID(), w.he, w.village, changes, a)
	w.must(err)
	w.rules = map[string]scheme.Rule{}
	rules, err := scheme.Rules(w.t.Context(), w.d, w.village, w.version.ID)
	w.must(err)
	for _, r := range rules {
		w.rules[r.Item] = r
	}
}

// ask is for one act of a household, by its place in w.homes.
func (w *world) ask(home int, item string, day models.Date) award.Ask {
	return award.Ask{Village: w.village, Household: w.homes[home].ID, Rule: w.rules[item].ID, ActDate: day}
}

func (w *world) record(asks ...award.Ask) ([]award.Award, error) {
	return award.Record(w.t.Context(), w.d, db.NewOpID(), w.he, asks...)
}

// give records and insists.
func (w *world) give(asks ...award.Ask) []award.Award {
	w.t.Helper()
	done, err := w.record(asks...)
	w.must(err)
	return done
}

func (w *world) wantBook(home int, balance, honour models.Points) {
	w.t.Helper()
	b, err := ledger.Balance(w.t.Context(), w.d, w.homes[home])
	w.must(err)
	if b.Balance != balance || b.Honour != honour {
		w.t.Errorf("household %d has %s and %s, want %s and %s", home, b.Balance, b.Honour, balance, honour)
	}
}

func (w *world) wantState(id int64, state string) {
	w.t.Helper()
	a, err := award.Get(w.t.Context(), w.d, w.village, id)
	w.must(err)
	if a.State != state {
		w.t.Errorf("award is %s, want %s", a.State, state)
	}
}

// wantSound recounts the village's books.
func (w *world) wantSound() {
	w.t.Helper()
	faults, err := ledger.Audit(w.t.Context(), w.d, w.village, nil)
	w.must(err)
	for _, f := range faults {
		w.t.Error(f)
	}
}

// member puts a person into a household.
func (w *world) member(home int, name string) int64 {
	w.t.Helper()
	id := models.NewID()
	w.must(w.d.Aside(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("INSERT INTO members (village_id, id, household_id, name, search) VALUES (?, ?, ?, ?, '')", w.village, id, w.homes[home].ID, name)
		return err
	}))
	return id
}

// set changes one column of a household.
func (w *world) set(home int, column string, value any) {
	w.t.Helper()
	w.must(w.d.Aside(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("UPDATE households SET "+column+" = ? WHERE village_id = ? AND id = ?", value, w.village, w.homes[home].ID)
		return err
	}))
}
