package village_test

import (
	"errors"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

// admin runs the whole instance; committee returns a committee member of one
// village.
var admin = models.Actor{Account: 1, Name: "管理员", Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}

func committee(v int64) models.Actor {
	return models.Actor{Account: 2, Name: "村委", Grants: []models.Grant{{Role: models.Committee, Area: v}}}
}

// stage is two neighbouring villages of one township.
type stage struct {
	*testing.T
	d         *db.DB
	k         *keys.Keys
	by        models.Actor
	county, v int64
	next      int64 // the village next door
	township  int64
	city      int64
}

func newStage(t *testing.T, d *db.DB) *stage {
	s := &stage{T: t, d: d, k: keys.Test()}
	add := func(parent int64, level, name string) int64 {
		t.Helper()
		a, err := village.AddArea(t.Context(), d, db.NewOpID(), admin, village.NewArea{Parent: parent, Level: level, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	s.city = add(0, village.City, "银川市")
	s.county = add(s.city, village.County, "贺兰县")
	s.township = add(s.county, village.Township, "洪广镇")
	s.v = add(s.township, village.Hamlet, "青石村")
	s.next = add(s.township, village.Hamlet, "白杨村")
	s.by = committee(s.v)
	return s
}

func (s *stage) home(f village.HomeForm) models.Household {
	s.Helper()
	f.Village = s.v
	h, err := village.AddHome(s.Context(), s.d, db.NewOpID(), s.by, f.With(s.k))
	if err != nil {
		s.Fatal(err)
	}
	return h
}

func (s *stage) get(h models.Household) village.Home {
	s.Helper()
	home, err := village.GetHome(s.Context(), s.d, h)
	if err != nil {
		s.Fatal(err)
	}
	return home
}

// names writes a household's members as 马少明(户主) 李花(配偶).
func (s *stage) names(h models.Household) string {
	s.Helper()
	all, err := village.Members(s.Context(), s.d, h)
	if err != nil {
		s.Fatal(err)
	}
	var out []string
	for _, m := range all {
		out = append(out, m.Name+"("+m.Relation+")")
	}
	return strings.Join(out, " ")
}

// say is the sentence of a refusal.
func say(err error) string {
	var e *models.Error
	if errors.As(err, &e) {
		return e.Say
	}
	return ""
}

func TestAreasHangInOneTree(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		at, err := village.PlaceOf(ctx, d, s.v)
		if want := (models.Place{City: s.city, County: s.county, Township: s.township, Village: s.v}); err != nil || at != want {
			t.Fatalf("%v, %v", at, err)
		}
		for _, area := range []int64{s.city, s.county, s.township} {
			if all, err := village.Under(ctx, d, area); err != nil || len(all) != 2 || all[0].ID != s.v {
				t.Errorf("under %d: %v %v", area, all, err)
			}
		}
		if kids, _ := village.Children(ctx, d, s.county); len(kids) != 1 || kids[0].ID != s.township {
			t.Errorf("children of the county: %v", kids)
		}
		if _, err := village.PlaceOf(ctx, d, s.township); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a township is no village: %v", err)
		}
		for _, bad := range []village.NewArea{
			{Parent: s.county, Level: village.Hamlet, Name: "跳级村"},
			{Parent: s.township, Level: village.Hamlet, Name: "青石村"},
			{Parent: 0, Level: village.Hamlet, Name: "孤村"},
			{Parent: s.township, Level: village.Hamlet, Name: "甲村", Class: "best"},
		} {
			if _, err := village.AddArea(ctx, d, db.NewOpID(), admin, bad); models.KindOf(err) != models.Input {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if _, err := village.AddArea(ctx, d, db.NewOpID(), s.by, village.NewArea{Parent: s.township, Level: village.Hamlet, Name: "乙村"}); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a committee member made a village: %v", err)
		}
	})
}

func TestSettingsOfTheCountyStayTheCountys(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		v, err := village.Get(t.Context(), d, s.v)
		if err != nil {
			t.Fatal(err)
		}
		set := v.Settings()
		set.SmallLimit, set.SmallDaily, set.RedList = 2000, 5000, true
		if err := village.SaveVillage(t.Context(), d, db.NewOpID(), s.by, set); err != nil {
			t.Fatal(err)
		}
		set.Class = "model"
		if err := village.SaveVillage(t.Context(), d, db.NewOpID(), s.by, set); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("the village classed itself: %v", err)
		}
		if err := village.SaveVillage(t.Context(), d, db.NewOpID(), admin, set); err != nil {
			t.Fatal(err)
		}
		v, err = village.Get(t.Context(), d, s.v)
		if err != nil || v.SmallLimit != 2000 || !v.RedList || v.Class != "model" || v.PointRate != 10000 {
			t.Errorf("%+v %v", v, err)
		}
	})
}
