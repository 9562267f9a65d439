package village_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

func TestDutiesBoundWhatAGridWorkerCovers(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		place, err := village.PlaceOf(ctx, d, s.v)
		if err != nil {
			t.Fatal(err)
		}
		worker := s.worker(31, models.GridWorker)
		both := s.worker(31, models.GridWorker)
		both.Grants = append(both.Grants, models.Grant{Role: models.Committee, Area: s.v})
		home := s.get(s.home(village.HomeForm{Number: "1", Head: "马少明", Group: 3}))
		covers := func(by models.Actor) bool {
			t.Helper()
			ok, err := village.Covers(ctx, d, by, place, home)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !covers(worker) {
			t.Error("a village without grids and duties is one piece")
		}
		east, err := village.AddGrid(ctx, d, db.NewOpID(), s.by, s.v, "东网格")
		if err != nil {
			t.Fatal(err)
		}
		if covers(worker) || !covers(s.by) || !covers(both) || !covers(models.TheClock) {
			t.Error("only the committee covers a village whose grids nobody was given")
		}
		cover, err := village.CoverOf(ctx, d, worker, place)
		if err != nil || !errors.Is(cover.Refuse(home.GridID, home.Group), village.ErrNoDuties) {
			t.Error("a worker without a grid is told so", err)
		}
		op := db.NewOpID()
		group3 := []village.Duty{{Group: 3}}
		for range 2 {
			if err := village.SetDuties(ctx, d, op, s.by, s.v, 31, group3); err != nil {
				t.Fatal(err)
			}
		}
		if all, err := village.Duties(ctx, d, s.v); len(all) != 1 || all[0] != (village.Duty{Account: 31, Group: 3}) || err != nil {
			t.Errorf("%v %v", all, err)
		}
		if !covers(worker) || covers(s.worker(32, models.GridWorker)) {
			t.Error("group 3 is its worker's and nobody else's")
		}
		for _, c := range []struct {
			grid  int64
			group int
			want  bool
		}{{0, 3, false}, {east.ID, 3, true}, {east.ID, 4, false}} {
			if err := village.SetDuties(ctx, d, db.NewOpID(), s.by, s.v, 31, []village.Duty{{Grid: east.ID, Group: 3}}); err != nil {
				t.Fatal(err)
			}
			cover, err := village.CoverOf(ctx, d, worker, place)
			if err != nil || cover.Has(c.grid, c.group) != c.want {
				t.Errorf("grid %d group %d: %v %v", c.grid, c.group, !c.want, err)
			}
			if refusal := cover.Refuse(c.grid, c.group); !c.want && !errors.Is(refusal, village.ErrNotMyGrid) {
				t.Error(refusal)
			}
		}
	})
}

func TestDutiesAreTheCommitteesToGive(t *testing.T) {
	d, _ := modelstest.Open(t)
	s := newStage(t, d)
	worker := s.worker(31, models.GridWorker)
	set := func(by models.Actor, v, account int64, duties ...village.Duty) error {
		return village.SetDuties(t.Context(), d, db.NewOpID(), by, v, account, duties)
	}
	for name, err := range map[string]error{
		"by oneself":             set(worker, s.v, 31, village.Duty{Group: 1}),
		"by the village's next":  set(s.by, s.next, 31, village.Duty{Group: 1}),
		"to a stranger":          set(s.by, s.v, 99, village.Duty{Group: 1}),
		"a grid of nowhere":      set(s.by, s.v, 31, village.Duty{Grid: 77}),
		"neither grid nor group": set(s.by, s.v, 31, village.Duty{}),
	} {
		if err == nil {
			t.Error(name + " was taken")
		}
	}
	if all, _ := village.Duties(t.Context(), d, s.v); len(all) != 0 {
		t.Error(all)
	}
}

// worker puts a role in the village down for an account and returns who acts.
func (s *stage) worker(account int64, role models.Role) models.Actor {
	s.Helper()
	err := s.d.Aside(s.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec(tx.Ignore("grants", "account_id, role, area_id", "?, ?, ?"), account, string(role), s.v)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return models.Actor{Account: account, Name: "网格员", Grants: []models.Grant{{Role: role, Area: s.v}}}
}
