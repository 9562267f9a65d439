package scheme_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

func TestNoteStepKeepsTheSixStepsInOrder(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		settle(t, d)
		v := adopt(t, d, simple, scheme.Adoption{AdoptedOn: "2026-11-10", Present: 40, Voted: 36})
		note := func(s scheme.Step) error {
			return scheme.NoteStep(t.Context(), d, db.NewOpID(), he, village, v.ID, s)
		}
		op := db.NewOpID()
		for range 2 {
			if err := scheme.NoteStep(t.Context(), d, op, he, village, v.ID, scheme.Step{Step: scheme.StepBranch, Day: "2026-11-01", Place: "村部", Note: "提议"}); err != nil {
				t.Fatal(say(err))
			}
		}
		if err := note(scheme.Step{Step: scheme.StepParty, Day: "2026-11-05", Present: 20, Voted: 19}); err != nil {
			t.Fatal(say(err))
		}
		if err := note(scheme.Step{Step: scheme.StepOpen, Day: "2026-11-11", Photo: 9}); err != nil {
			t.Fatal(say(err))
		}
		for what, s := range map[string]scheme.Step{
			"after the meeting": {Step: scheme.StepCouncil, Day: "2026-11-12"}, "tomorrow": {Step: scheme.StepResult, Day: "2026-11-30"},
			"without a majority": {Step: scheme.StepCouncil, Day: "2026-11-03", Present: 7, Voted: 3}, "no such step": {Step: "seventh", Day: "2026-11-03"},
			"without a day": {Step: scheme.StepCouncil}, "before the resolution": {Step: scheme.StepOpen, Day: "2026-11-09"},
		} {
			if models.KindOf(note(s)) != models.Input {
				t.Errorf("%s: taken down", what)
			}
		}
		if err := note(scheme.Step{Step: scheme.StepMeeting, Day: "2026-12-01", Present: 99, Photo: 5}); err != nil {
			t.Fatal(say(err))
		}
		steps, err := scheme.StepsOf(t.Context(), d, village, v.ID)
		if err != nil || len(steps) != 6 || steps[0].Place != "村部" || steps[1].Day != "" || steps[2].Voted != 19 || steps[4].Photo != 9 {
			t.Fatalf("%v: %+v", err, steps)
		}
		if m := steps[3]; m.Day != "2026-11-10" || m.Present != 40 || m.Voted != 36 || m.Photo != 5 || m.NotedBy != he.Account {
			t.Errorf("the meeting's own day and votes changed: %+v", m)
		}
		if err := scheme.NoteStep(t.Context(), d, db.NewOpID(), models.Actor{Account: 1}, village, v.ID, scheme.Step{Step: scheme.StepCouncil, Day: "2026-11-03"}); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a stranger: %v", err)
		}
	})
}

func TestSetParentMovesACategoryAndLeavesAdoptedCapsAlone(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		settle(t, d)
		v := adopt(t, d, simple, scheme.Adoption{AdoptedOn: "2026-11-01", Caps: []scheme.CategoryDraft{{Category: "公益", Cap: scheme.Cap{Points: 9000, Period: "month"}}}})
		all, _ := scheme.Categories(t.Context(), d, village)
		yard, public := all[0].ID, all[1].ID
		move := func(category, parent int64) error {
			return scheme.SetParent(t.Context(), d, db.NewOpID(), he, village, category, parent)
		}
		if err := move(yard, public); err != nil {
			t.Fatal(say(err))
		}
		if err := move(public, yard); models.KindOf(err) != models.Input {
			t.Errorf("a ring: %v", err)
		}
		if err := move(yard, 999); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("below nothing: %v", err)
		}
		b, _ := scheme.Load(t.Context(), d, village, v.ID)
		if len(b.CategoryCaps(yard)) != 0 || len(b.CategoryCaps(public)) != 1 {
			t.Error("a version changed after its adoption")
		}
		next, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, nil, scheme.Adoption{})
		if err != nil {
			t.Fatal(say(err))
		}
		b, _ = scheme.Load(t.Context(), d, village, next.ID)
		if caps := b.CategoryCaps(yard); len(caps) != 1 || caps[0].Text() != "每户每月最多 90 分" {
			t.Errorf("the next version: %+v", caps)
		}
		none, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, nil, scheme.Adoption{Complete: true})
		if err != nil {
			t.Fatal(say(err))
		}
		if b, _ = scheme.Load(t.Context(), d, village, none.ID); len(b.Caps()) != 0 {
			t.Errorf("caps that the meeting dropped: %+v", b.Caps())
		}
	})
}

func TestDiffTellsWhatTheMeetingChanged(t *testing.T) {
	d, _ := modelstest.Open(t)
	settle(t, d)
	first := adopt(t, d, simple, scheme.Adoption{})
	rules, _ := scheme.Rules(t.Context(), d, village, first.ID)
	dearer := scheme.Draft{Category: "美丽庭院", Rule: rules[0]}
	dearer.PointsMin, dearer.PointsMax = 600, 600
	second, err := scheme.Amend(t.Context(), d, db.NewOpID(), he, village, []scheme.Change{
		{Rule: rules[0].ID, Draft: dearer}, {Rule: rules[1].ID, Remove: true}, {Draft: draft("邻里互助", "照看老人", 3)},
	}, scheme.Adoption{Review: scheme.ReviewAll, Caps: []scheme.CategoryDraft{{Category: "美丽庭院", Cap: scheme.Cap{Times: 4, Period: "month"}}}})
	if err != nil {
		t.Fatal(say(err))
	}
	list, err := scheme.Diff(t.Context(), d, village, first.ID, second.ID)
	if err != nil || len(list) != 4 {
		t.Fatalf("%v: %+v", err, list)
	}
	terms := list[0].Fields
	if len(terms) != 2 || terms[0] != (scheme.FieldChange{Name: "评议", Old: "各户报的才评议", New: "记的分都要评议"}) || terms[1] != (scheme.FieldChange{Name: "类别上限：美丽庭院", New: "每户每月最多 4 次"}) {
		t.Errorf("terms %+v", terms)
	}
	if f := list[1].Fields; len(f) != 1 || f[0] != (scheme.FieldChange{Name: "分值", Old: "5 分", New: "6 分"}) {
		t.Errorf("changed %+v", f)
	}
	if list[2].Was != nil || list[2].Rule != "照看老人" || list[3].Now != nil || list[3].Rule != "门前三包" {
		t.Errorf("added and removed %+v", list[2:])
	}
}
