package scheme_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

const county = 2

// she looks after the county's rules.
var she = models.Actor{Account: 8, Name: "马科长", Grants: []models.Grant{{Role: models.Admin, Area: county}}}

func settleCounty(t testing.TB, d *db.DB) {
	t.Helper()
	settle(t, d)
	err := d.Aside(t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, city_id, county_id, township_id) VALUES (?, 'county', '银川县', 1, 0, 0)", county)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func draft(category, item string, points int64) scheme.Draft {
	return scheme.Draft{Category: category, Rule: scheme.Rule{Item: item, Direction: scheme.Plus, PointsMin: models.Points(points) * 100}}
}

// templateOf adopts the county's rules: two items, a cap over a branch, and room
// for two own items of at most two points.
func templateOf(t testing.TB, d *db.DB) scheme.Version {
	t.Helper()
	yard := draft("美丽庭院", "庭院整洁", 5)
	yard.Parent = "人居环境"
	v, err := scheme.Amend(t.Context(), d, db.NewOpID(), she, county,
		[]scheme.Change{{Draft: yard}, {Draft: draft("移风易俗", "婚事新办", 50)}},
		scheme.Adoption{OwnMost: 2, OwnPoints: 200, SecondOver: 4000, Meeting: "县文明委会议",
			Caps: []scheme.CategoryDraft{{Category: "人居环境", Cap: scheme.Cap{Points: 6000, Period: "year"}}}})
	if err != nil {
		t.Fatal(say(err))
	}
	return v
}

func TestInheritCopiesTheCountysRulesAndBoundsTheVillagesOwn(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		settleCounty(t, d)
		if _, err := scheme.Inherit(t.Context(), d, db.NewOpID(), he, village, nil, scheme.Adoption{}); !errors.Is(err, scheme.ErrNoTemplate) {
			t.Fatalf("from a county without rules: %v", err)
		}
		if _, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, county, nil, scheme.Adoption{}); !errors.Is(err, models.ErrForbidden) {
			t.Fatalf("a village's committee at the county's rules: %v", err)
		}
		before := adopt(t, d, simple, scheme.Adoption{PointRate: 5000})
		old, _ := scheme.Rules(t.Context(), d, village, before.ID)
		base := templateOf(t, d)
		for what, own := range map[string][]scheme.Draft{
			"县里规定自加的一条最多 2 分": {draft("本村", "敬老", 3)},
			"最多自加 2 条":        {draft("本村", "甲", 1), draft("本村", "乙", 1), draft("本村", "丙", 1)},
		} {
			if _, err := scheme.Inherit(t.Context(), d, db.NewOpID(), he, village, own, scheme.Adoption{}); err == nil || !strings.Contains(say(err), what) {
				t.Errorf("%s: %s", what, say(err))
			}
		}
		v, err := scheme.Inherit(t.Context(), d, db.NewOpID(), he, village, []scheme.Draft{draft("本村", "敬老", 2)}, scheme.Adoption{})
		if err != nil {
			t.Fatal(say(err))
		}
		b, err := scheme.Load(t.Context(), d, village, v.ID)
		if err != nil || v.TemplateID != base.ID || v.Number != 2 || v.PointRate != 5000 || v.OwnMost != 2 || len(b.Rules) != 3 {
			t.Fatalf("%v: %+v %+v", err, v, b.Rules)
		}
		if b.Rules[0].TemplateID == 0 || b.Rules[0].OriginID != old[0].OriginID || b.Rules[2].TemplateID != 0 {
			t.Errorf("the courtyard's history got lost, or an own rule became the county's: %+v", b.Rules)
		}
		if caps := b.CategoryCaps(b.Rules[0].CategoryID); len(caps) != 1 || caps[0].Points != 6000 {
			t.Errorf("caps %+v", caps)
		}
		clock.Add(time.Hour)
		if newer, err := scheme.Behind(t.Context(), d, village); err != nil || newer != nil {
			t.Errorf("behind itself: %v %+v", err, newer)
		}
	})
}

func TestAmendLeavesTheCountysTermsAlone(t *testing.T) {
	d, _ := modelstest.Open(t)
	settleCounty(t, d)
	templateOf(t, d)
	v, err := scheme.Inherit(t.Context(), d, db.NewOpID(), he, village, []scheme.Draft{draft("本村", "敬老", 2)}, scheme.Adoption{})
	if err != nil || v.SecondOver != 4000 {
		t.Fatalf("%s: %+v", say(err), v)
	}
	change := func(i int, edit func(*scheme.Draft)) error {
		rules, _ := scheme.Rules(t.Context(), d, village, v.ID)
		categories, _ := scheme.Categories(t.Context(), d, village)
		c := scheme.Change{Rule: rules[i].ID, Draft: scheme.Draft{Rule: rules[i]}}
		for _, k := range categories {
			if k.ID == rules[i].CategoryID {
				c.Draft.Category = k.Name
			}
		}
		if edit == nil {
			c.Remove = true
		} else {
			edit(&c.Draft)
		}
		now, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, []scheme.Change{c}, scheme.Adoption{})
		if err == nil {
			v = now
		}
		return err
	}
	for what, edit := range map[string]func(*scheme.Draft){
		"points":  func(d *scheme.Draft) { d.PointsMin, d.PointsMax = 600, 600 },
		"cap":     func(d *scheme.Draft) { d.CapTimes, d.CapPeriod = 9, "month" },
		"bands":   func(d *scheme.Draft) { d.BandBy, d.Bands = scheme.ByAmount, []scheme.Band{{At: 100, Points: 100}} },
		"removal": nil,
	} {
		if models.KindOf(change(0, edit)) != models.Input {
			t.Errorf("the county's %s could be changed", what)
		}
	}
	if err := change(0, func(d *scheme.Draft) { d.Private, d.Evidence, d.Recorders = true, "照片", []string{"grid"} }); err != nil {
		t.Errorf("what is the village's to say: %s", say(err))
	}
	if err := change(2, func(d *scheme.Draft) { d.PointsMin, d.PointsMax = 100, 100 }); err != nil {
		t.Errorf("an own rule: %s", say(err))
	}
	if err := change(2, func(d *scheme.Draft) { d.PointsMin, d.PointsMax = 300, 300 }); models.KindOf(err) != models.Input {
		t.Errorf("an own rule beyond its bound: %v", err)
	}
	w, err := scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Table: csv(t, "类别,项目,分值\n本村,修渠,2\n本村,敬老,1\n")})
	if err != nil {
		t.Fatal(say(err))
	}
	rules, _ := scheme.Rules(t.Context(), d, village, w.ID)
	if len(rules) != 4 || w.TemplateID == 0 {
		t.Errorf("a table of own rules pushed the county's out: %+v", rules)
	}
	if _, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, nil, scheme.Adoption{Leave: true}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("left the county's rules alone: %v", err)
	}
	if w, err = scheme.Amend(t.Context(), d, db.NewOpID(), she, village, nil, scheme.Adoption{Leave: true}); err != nil || w.TemplateID != 0 {
		t.Errorf("with the county: %s", say(err))
	}
}

func TestBehindFindsTheCountysNewerVersionAndInheritKeepsOwnRules(t *testing.T) {
	d, clock := modelstest.Open(t)
	settleCounty(t, d)
	base := templateOf(t, d)
	v, err := scheme.Inherit(t.Context(), d, db.NewOpID(), he, village, []scheme.Draft{draft("本村", "敬老", 2)}, scheme.Adoption{})
	if err != nil {
		t.Fatal(say(err))
	}
	was, _ := scheme.Rules(t.Context(), d, village, v.ID)
	rules, _ := scheme.Rules(t.Context(), d, county, base.ID)
	dearer := draft("美丽庭院", "庭院整洁", 8)
	next, err := scheme.Amend(t.Context(), d, db.NewOpID(), she, county, []scheme.Change{{Rule: rules[0].ID, Draft: dearer}, {Rule: rules[1].ID, Remove: true}}, scheme.Adoption{})
	if err != nil {
		t.Fatal(say(err))
	}
	clock.Add(time.Hour)
	newer, err := scheme.Behind(t.Context(), d, village)
	if err != nil || newer == nil || newer.ID != next.ID {
		t.Fatalf("%v: %+v", err, newer)
	}
	if v, err = scheme.Inherit(t.Context(), d, db.NewOpID(), he, village, nil, scheme.Adoption{}); err != nil {
		t.Fatal(say(err))
	}
	now, _ := scheme.Rules(t.Context(), d, village, v.ID)
	if len(now) != 2 || now[0].PointsMin != 800 || now[0].OriginID != was[0].OriginID || now[1].Item != "敬老" || now[1].OriginID != was[2].OriginID {
		t.Errorf("%+v", now)
	}
	later, err := scheme.Amend(t.Context(), d, db.NewOpID(), she, county, nil, scheme.Adoption{InForceFrom: clock.Now().Day().AddDays(5)})
	if err != nil {
		t.Fatal(say(err))
	}
	clock.Add(time.Hour)
	if newer, err := scheme.Behind(t.Context(), d, village); err != nil || newer != nil {
		t.Errorf("behind a version that is not in force yet: %v %+v", err, newer)
	}
	clock.Add(6 * 24 * time.Hour)
	if _, err := scheme.ComeIntoForce(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if newer, err := scheme.Behind(t.Context(), d, village); err != nil || newer == nil || newer.ID != later.ID {
		t.Errorf("on its day: %v %+v", err, newer)
	}
}
