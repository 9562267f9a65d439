package scheme_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

const village = 4100

// he is the committee member who looks after the rules.
var he = models.Actor{Account: 7, Name: "何主任", Grants: []models.Grant{{Role: models.Committee, Area: village}}}

// settle makes the village that the rules belong to.
func settle(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.Aside(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, city_id, county_id, township_id) VALUES (?, 'village', '青石村', 1, 2, 3)", village); err != nil {
			return err
		}
		_, err := tx.SQL.Exec("INSERT INTO villages (village_id) VALUES (?)", village)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func csv(t testing.TB, text string) sheet.Table {
	t.Helper()
	table, err := sheet.Read("细则.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func preview(t testing.TB, table sheet.Table, c scheme.Choice) scheme.RulePreview {
	t.Helper()
	p, err := scheme.PreviewRules(table, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Ready(); err != nil {
		t.Fatalf("not ready: %v %v", err, p.Problems)
	}
	return p
}

func adopt(t testing.TB, d *db.DB, text string, a scheme.Adoption) scheme.Version {
	t.Helper()
	v, err := scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, scheme.ImportAsk{Adoption: a, Table: csv(t, text)})
	if err != nil {
		t.Fatal(say(err))
	}
	return v
}

func say(err error) string {
	var e *models.Error
	if errors.As(err, &e) {
		return e.Code + ": " + e.Say
	}
	return fmt.Sprint(err)
}

func TestImportMakesVersionsThatNeverChange(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		settle(t, d)
		first := adopt(t, d, simple, scheme.Adoption{AdoptedOn: "2026-11-01", Present: 40, Voted: 36, PointRate: 5000})
		old, err := scheme.Rules(t.Context(), d, village, first.ID)
		if err != nil || len(old) != 3 || old[0].CapPoints != 4000 || old[2].PointsMax != 10000 {
			t.Fatalf("%v: %+v", err, old)
		}
		second, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, []scheme.Change{
			{Rule: old[0].ID, Draft: scheme.Draft{Category: "美丽庭院", Rule: scheme.Rule{Item: "庭院整洁", Direction: scheme.Plus, PointsMin: 600}}},
			{Rule: old[1].ID, Remove: true},
			{Draft: scheme.Draft{Category: "邻里互助", Rule: scheme.Rule{Item: "照看邻家老人", Direction: scheme.Plus, PointsMin: 1000}}},
		}, scheme.Adoption{AdoptedOn: "2026-11-20", InForceFrom: "2026-12-01", PointRate: 10000})
		if err != nil {
			t.Fatal(say(err))
		}
		now, err := scheme.Current(t.Context(), d, village, clock.Now().Day())
		if err != nil || now.ID != first.ID {
			t.Fatalf("before its day: %v %+v", err, now)
		}
		later, err := scheme.Current(t.Context(), d, village, "2026-12-01")
		if err != nil || later.ID != second.ID || later.Number != 2 || later.Posting != scheme.PostNotice {
			t.Fatalf("on its day: %v %+v", err, later)
		}
		rules, err := scheme.Rules(t.Context(), d, village, second.ID)
		if err != nil || len(rules) != 3 || rules[0].OriginID != old[0].OriginID || rules[0].PointsMin != 600 || rules[2].Item != "照看邻家老人" {
			t.Fatalf("%v: %+v", err, rules)
		}
		if again, _ := scheme.Rules(t.Context(), d, village, first.ID); len(again) != 3 || again[0].PointsMin != 500 {
			t.Errorf("the first version changed: %+v", again)
		}
		if rate(t, d) != 5000 {
			t.Errorf("a point is worth %d before the day", rate(t, d))
		}
		clock.Add(9 * 24 * time.Hour)
		for range 2 {
			if _, err := scheme.ComeIntoForce(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		if rate(t, d) != 10000 {
			t.Errorf("a point is worth %d on the day", rate(t, d))
		}
	})
}

func rate(t testing.TB, d *db.DB) (rate int64) {
	t.Helper()
	if err := d.Stmts(t.Context()).Row("SELECT point_rate FROM villages WHERE village_id = ?", village).Scan(&rate); err != nil {
		t.Fatal(err)
	}
	return rate
}

func TestImportRefusesTheSameFileTwiceAndRepeatsNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		settle(t, d)
		op, ask := db.NewOpID(), scheme.ImportAsk{Table: csv(t, simple)}
		first, err := scheme.ImportRules(t.Context(), d, op, he, village, ask)
		if err != nil {
			t.Fatal(say(err))
		}
		again, err := scheme.ImportRules(t.Context(), d, op, he, village, ask)
		if err != nil || again.ID != first.ID {
			t.Errorf("the same operation again: %v %+v", err, again)
		}
		_, err = scheme.ImportRules(t.Context(), d, db.NewOpID(), he, village, ask)
		if !errors.Is(err, db.ErrImported) {
			t.Errorf("the same file again: %v", err)
		}
		if all, _ := scheme.Versions(t.Context(), d, village); len(all) != 1 {
			t.Errorf("%d versions", len(all))
		}
	})
}

func TestImportKeepsWhereARuleCameFrom(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	first := adopt(t, d, simple, scheme.Adoption{AdoptedOn: "2026-11-01"})
	second := adopt(t, d, strings.Replace(simple, "庭院整洁,5", "庭院整洁,8", 1)+"公益,义务修渠,20,,\n", scheme.Adoption{AdoptedOn: "2026-11-20"})
	a, _ := scheme.Rules(t.Context(), d, village, first.ID)
	b, _ := scheme.Rules(t.Context(), d, village, second.ID)
	for i := range a {
		if b[i].OriginID != a[i].OriginID || b[i].ID == a[i].ID {
			t.Errorf("%s: origin %d, want %d", b[i].Item, b[i].OriginID, a[i].OriginID)
		}
	}
	if b[3].OriginID != b[3].ID {
		t.Errorf("a new rule is its own origin")
	}
}

func TestAdoptionNeedsAMajorityAndAnOrderOfDays(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	adopt(t, d, simple, scheme.Adoption{AdoptedOn: "2026-11-10"})
	for field, a := range map[string]scheme.Adoption{
		"voted":         {Present: 40, Voted: 20},
		"adopted_on":    {AdoptedOn: "2026-11-24"},
		"in_force_from": {AdoptedOn: "2026-11-01", InForceFrom: "2026-11-05"},
		"notice_days":   {NoticeDays: 1},
		"posting":       {Posting: "sometime"},
	} {
		_, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, nil, a)
		var e *models.Error
		if !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	stranger := models.Actor{Account: 9, Grants: []models.Grant{{Role: models.Committee, Area: 77}}}
	if _, err := scheme.Amend(t.Context(), d, db.NewOpID(), stranger, village, nil, scheme.Adoption{}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("the committee of another village: %v", err)
	}
}

func TestRulesBookComesBackAsTheSameRules(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	text := "类别,项目,分值,单位,上限,周期,方向,共用上限,证据,备注\n" +
		"移风易俗,婚事新办,50-100,,每年40分,,,红白事,证明,说明\n移风易俗,丧事简办,30,,每年40分,,,红白事,,\n" +
		"志愿服务,清扫,0.5,小时,,每人每月限2次,,,,\n荣誉,受表彰,200/300/500,,一次性,,,,,\n扣分,乱倒垃圾,10,,,,扣,,,\n其他,好事,不超过20,,\"最多2次，最多30分\",每季度,,,,\n基础,每月基础分,50,,,每月,基础分,,,\n"
	v := adopt(t, d, text, scheme.Adoption{AdoptedOn: "2026-11-01"})
	book, err := scheme.RulesBook(t.Context(), d, village, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, book); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read("导出.xlsx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	p := preview(t, table, scheme.Choice{})
	rules, _ := scheme.Rules(t.Context(), d, village, v.ID)
	if len(p.Rows) != len(rules) || p.Unclear() != 0 {
		t.Fatalf("%d rows of %d, %d unclear", len(p.Rows), len(rules), p.Unclear())
	}
	for i, r := range rules {
		got := p.Rows[i].Draft.Rule
		r.Village, r.ID, r.VersionID, r.OriginID, r.CategoryID, r.Position = 0, 0, 0, 0, 0, 0
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", r) {
			t.Errorf("came back as\n%+v, went out as\n%+v", got, r)
		}
	}
}

func TestValueStaysWithinTheRule(t *testing.T) {
	one := scheme.Rule{Item: "清扫", Direction: scheme.Plus, PointsMin: 50, PointsMax: 50}
	span := scheme.Rule{Item: "见义勇为", Direction: scheme.Plus, PointsMin: 5000, PointsMax: 10000}
	pick := scheme.Rule{Item: "受表彰", Direction: scheme.Plus, PointsMin: 20000, PointsMax: 50000, Choices: []models.Points{20000, 30000, 50000}}
	for _, c := range []struct {
		r      scheme.Rule
		qty    models.Qty
		chosen models.Points
		want   models.Points
		field  string
	}{
		{one, 100, 0, 50, ""}, {one, 333, 0, 167, ""}, {one, 100, 50, 50, ""}, {one, 100, 51, 0, "points"}, {one, 0, 0, 0, "quantity"}, {one, 1, 0, 1, ""},
		{span, 100, 0, 0, "points"}, {span, 100, 7000, 7000, ""}, {span, 100, 4999, 0, "points"}, {span, 100, -7000, 0, "points"},
		{pick, 100, 30000, 30000, ""}, {pick, 200, 20000, 40000, ""}, {pick, 100, 25000, 0, "points"}, {span, 100 * 100_000, 10000, 0, "quantity"},
	} {
		got, err := c.r.Value(c.qty, c.chosen)
		var e *models.Error
		if errors.As(err, &e) && !strings.Contains(e.Say, c.r.Item) {
			t.Errorf("the refusal does not name the rule: %s", e.Say)
		}
		if (err == nil) != (c.field == "") || err == nil && got != c.want || err != nil && e.Field != c.field {
			t.Errorf("%s × %s at %s: %s, %v", c.r.Item, c.qty, c.chosen, got, err)
		}
	}
}

func TestWindowHoldsTheDay(t *testing.T) {
	for _, c := range []struct{ period, day, from, until string }{
		{"day", "2026-12-31", "2026-12-31", "2027-01-01"}, {"week", "2026-11-23", "2026-11-23", "2026-11-30"}, {"week", "2026-11-22", "2026-11-16", "2026-11-23"},
		{"month", "2026-12-09", "2026-12-01", "2027-01-01"}, {"quarter", "2026-11-23", "2026-10-01", "2027-01-01"}, {"year", "2028-02-29", "2028-01-01", "2029-01-01"},
	} {
		from, until := scheme.Window(c.period, models.Date(c.day))
		if string(from) != c.from || string(until) != c.until {
			t.Errorf("%s around %s: %s to %s", c.period, c.day, from, until)
		}
	}
}

func TestMapCategoryMovesItUnderAnotherHeading(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	adopt(t, d, simple, scheme.Adoption{})
	all, err := scheme.Categories(t.Context(), d, village)
	if err != nil || len(all) != 2 || all[0].CountyKey != "courtyard" || all[1].CountyKey != "volunteer" {
		t.Fatalf("%v: %+v", err, all)
	}
	to := func(category int64, key string) error {
		return scheme.MapCategory(t.Context(), d, db.NewOpID(), he, village, category, key)
	}
	if err := to(all[1].ID, "affairs"); err != nil {
		t.Fatal(say(err))
	}
	if models.KindOf(to(all[1].ID, "nonsense")) != models.Input || !errors.Is(to(12345, "law"), models.ErrNotFound) {
		t.Error("took a heading or a category that is not there")
	}
	if all, _ = scheme.Categories(t.Context(), d, village); all[1].CountyKey != "affairs" {
		t.Errorf("%+v", all[1])
	}
}

func TestAmendRefusesChangesToAnOlderVersion(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	v := adopt(t, d, simple, scheme.Adoption{})
	rules, _ := scheme.Rules(t.Context(), d, village, v.ID)
	remove := []scheme.Change{{Rule: rules[0].ID, Remove: true}}
	for i, want := range []error{nil, models.ErrStale} {
		if _, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, remove, scheme.Adoption{}); !errors.Is(err, want) {
			t.Errorf("time %d: %v", i+1, err)
		}
	}
}
