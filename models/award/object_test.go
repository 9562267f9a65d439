package award_test

import (
	"errors"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
	"pointstore/models/scheme"
)

var (
	yes = notice.Ruling{Outcome: notice.Upheld, Heard: "两边都问过了", Reason: "那天没有来"}
	no  = notice.Ruling{Outcome: notice.Refused, Heard: "两边都问过了", Reason: "有签到表"}
)

// office gives the village accounts: 何主任 and 丁副主任 of its committee; hu is
// the township's.
func (w *world) office() (ding, hu models.Actor) {
	w.t.Helper()
	ding = models.Actor{Account: 17, Name: "丁副主任", Grants: []models.Grant{{Role: models.Committee, Area: w.village}}}
	hu = models.Actor{Account: 27, Name: "胡干事", Grants: []models.Grant{{Role: models.Publicity, Area: 3}}}
	w.must(w.d.Aside(w.t.Context(), func(tx *db.Tx) error {
		for id, role := range map[int64]models.Role{7: models.Committee, 8: models.GridWorker, 17: models.Committee} {
			if _, err := tx.SQL.Exec("INSERT INTO accounts (id, login, name, password, created_at) VALUES (?, ?, ?, '', ?)", id, models.ID32(id), models.ID32(id), int64(tx.Now)); err != nil {
				return err
			}
			if _, err := tx.SQL.Exec("INSERT INTO grants (account_id, role, area_id) VALUES (?, ?, ?)", id, string(role), w.village); err != nil {
				return err
			}
		}
		return nil
	}))
	return ding, hu
}

func (w *world) object(by models.Actor, ask award.ObjectAsk) (notice.Objection, string) {
	w.t.Helper()
	ask.Village = w.village
	if ask.Text == "" {
		ask.Text = "这一笔不对"
	}
	o, code, err := award.Object(w.t.Context(), w.d, db.NewOpID(), by, keys.Test(), ask)
	w.must(err)
	return o, code
}

func (w *world) answer(by models.Actor, o notice.Objection, r notice.Ruling) error {
	return award.Answer(w.t.Context(), w.d, db.NewOpID(), by, w.village, o.ID, r)
}

func (w *world) wantObjection(id int64, state string) notice.Objection {
	w.t.Helper()
	o, err := notice.GetObjection(w.t.Context(), w.d, w.village, id)
	w.must(err)
	if o.State != state {
		w.t.Errorf("the objection is %s, want %s", o.State, state)
	}
	return o
}

func (w *world) family(home int) models.Actor { return models.Actor{Household: w.homes[home]} }

// hung puts everything that waits on a notice and hangs it.
func (w *world) hung() notice.Notice {
	w.t.Helper()
	n, err := award.MakeNotice(w.t.Context(), w.d, db.NewOpID(), w.he, w.village)
	w.must(err)
	n, err = award.HangNotice(w.t.Context(), w.d, db.NewOpID(), w.he, w.village, n.ID, "村委会门口", 0)
	w.must(err)
	return n
}

func (w *world) turn(want int) {
	w.t.Helper()
	if k, err := award.EndNotices(w.t.Context(), w.d); k != want || err != nil {
		w.t.Fatalf("the clock posted %d, want %d: %v", k, want, err)
	}
}

func TestObjectionHoldsItsAwardAndNoOther(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 4)
		ding, _ := w.office()
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
		all := w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""), w.ask(2, "庭院整洁", ""))
		n := w.hung()
		kept, _ := w.object(w.family(3), award.ObjectAsk{About: notice.AboutAward, Award: all[0].ID})
		second, _ := w.object(models.Actor{}, award.ObjectAsk{About: notice.AboutAward, Award: all[0].ID})
		struck, _ := w.object(models.Actor{}, award.ObjectAsk{About: notice.AboutAward, Award: all[1].ID})
		w.wantState(all[0].ID, award.Frozen)
		w.wantState(all[1].ID, award.Frozen)
		w.wantState(all[2].ID, award.Noticed)
		clock.Set(n.EndsAt)
		w.turn(1)
		w.wantBook(0, 0, 0)
		w.wantBook(2, 500, 500)
		if err := w.answer(w.he, kept, no); !errors.Is(err, award.ErrAccused) {
			t.Errorf("the recorder judged his own award: %v", err)
		}
		w.must(w.answer(ding, kept, no))
		w.wantState(all[0].ID, award.Frozen) // the second objection is still being heard
		w.turn(0)
		w.must(w.answer(ding, second, no))
		w.wantState(all[0].ID, award.Noticed)
		w.must(w.answer(ding, struck, yes))
		w.wantState(all[1].ID, award.Refused)
		w.turn(1)
		w.turn(0)
		w.wantBook(0, 500, 500)
		w.wantBook(1, 0, 0)
		if got, _ := notice.Get(t.Context(), d, w.village, n.ID); got.State != notice.Closed {
			t.Errorf("the notice is %s", got.State)
		}
		w.wantSound()
	})
}

func TestUpheldAfterPostingIsReversedOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 3)
		ding, _ := w.office()
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
		a := w.give(w.ask(0, "庭院整洁", ""))[0]
		n := w.hung()
		clock.Set(n.EndsAt)
		w.turn(1)
		one, _ := w.object(w.family(0), award.ObjectAsk{About: notice.AboutAward, Award: a.ID})
		two, _ := w.object(w.family(0), award.ObjectAsk{About: notice.AboutAward, Award: a.ID})
		w.wantState(a.ID, award.Posted)
		w.wantBook(0, 500, 500)
		op := db.NewOpID()
		for range 2 {
			w.must(award.Answer(t.Context(), d, op, ding, w.village, one.ID, yes))
		}
		w.must(w.answer(ding, two, yes))
		w.wantState(a.ID, award.Reversed)
		w.wantBook(0, 0, 0)
		if err := w.answer(ding, one, no); !errors.Is(err, notice.ErrAnswered) {
			t.Errorf("answered twice: %v", err)
		}
		w.wantSound()
	})
}

func TestMissingActBecomesAClaimDueWithItsObjection(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 3)
		ding, hu := w.office()
		w.adopt(scheme.Adoption{ObjectionDays: 5, AppealDays: 4}, rule("庭院整洁", "+", 5), rule("乱倒垃圾", "-", 2))
		ask := award.ObjectAsk{About: notice.AboutMissing, Rule: w.rules["庭院整洁"].ID, ActDate: "2026-11-20"}
		o, _ := w.object(w.family(0), ask)
		if o.DueAt != clock.Now().Add(5*24*time.Hour) {
			t.Errorf("due %s", o.DueAt)
		}
		claim, err := award.Get(t.Context(), d, w.village, o.Result)
		w.must(err)
		if claim.State != award.Claimed || claim.Source != o.ID || claim.Way != award.WayObject || claim.DueAt != o.DueAt || claim.Household != w.homes[0] {
			t.Errorf("%+v", claim)
		}
		w.must(w.answer(ding, o, yes))
		w.wantState(claim.ID, award.Checked)

		minus, _ := w.object(w.family(0), award.ObjectAsk{About: notice.AboutMissing, Rule: w.rules["乱倒垃圾"].ID})
		if minus.Result != 0 {
			t.Error("a deduction was claimed as missing")
		}
		refused, _ := w.object(w.family(1), ask)
		w.must(w.answer(ding, refused, no))
		w.wantState(refused.Result, award.Refused)
		s := award.Standing{Village: w.village, ID: refused.ID}
		if err := award.Appeal(t.Context(), d, db.NewOpID(), w.family(2), keys.Test(), s, "我真的去了"); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("somebody else appealed: %v", err)
		}
		w.must(award.Appeal(t.Context(), d, db.NewOpID(), w.family(1), keys.Test(), s, "我真的去了"))
		if got := w.wantObjection(refused.ID, notice.Appealed); got.AppealDue != clock.Now().Add(4*24*time.Hour) {
			t.Errorf("the township has until %s", got.AppealDue)
		}
		w.must(award.JudgeAppeal(t.Context(), d, db.NewOpID(), hu, w.village, refused.ID, yes))
		again := w.wantObjection(refused.ID, notice.Settled)
		if again.Result == refused.Result {
			t.Fatal("the refused claim was not made anew")
		}
		w.wantState(again.Result, award.Claimed)
	})
}

func TestOverdueObjectionGoesUpOnceHoweverOftenTheClockTurns(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 2)
		ding, hu := w.office()
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
		a := w.give(w.ask(0, "庭院整洁", ""))[0]
		n := w.hung()
		late, _ := w.object(w.family(1), award.ObjectAsk{About: notice.AboutAward, Award: a.ID})
		lapsed, _ := w.object(w.family(1), award.ObjectAsk{About: notice.AboutRule})
		mind := func(want int) {
			t.Helper()
			if k, err := award.MindObjections(t.Context(), d); k != want || err != nil {
				t.Fatalf("the clock moved %d objections, want %d: %v", k, want, err)
			}
		}
		w.must(w.answer(ding, lapsed, no))
		if err := w.answer(hu, late, no); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("the township answered before it was its turn: %v", err)
		}
		clock.Set(late.DueAt - 1)
		mind(0)
		w.turn(0) // the notice has ended, its only award is frozen
		clock.Set(late.DueAt)
		mind(2)
		mind(0)
		// Another instance, or the same one after a restart, that had read the list before.
		w.must(d.InTx(t.Context(), db.Op{ID: db.ErrandID("objection-late", w.village, late.ID, 0), Village: w.village, Kind: "objection-late", Asked: late.ID, By: models.TheClock, Subject: late.ID},
			func(*db.Tx) error { t.Error("the errand ran twice"); return nil }))
		got := w.wantObjection(late.ID, notice.Open)
		course, err := notice.Course(t.Context(), d, got)
		w.must(err)
		if !got.Above || !got.Late(clock.Now()) || len(course) != 2 || course[1].Kind != notice.NoteUp {
			t.Errorf("%+v %+v", got, course)
		}
		w.wantObjection(lapsed.ID, notice.Settled)
		if up, _ := notice.WithTownship(t.Context(), d, 3); len(up) != 1 || up[0].ID != late.ID {
			t.Errorf("the township sees %+v", up)
		}
		if next, _ := notice.WithTownship(t.Context(), d, 4); len(next) != 0 {
			t.Error("another township sees it")
		}
		w.must(w.answer(hu, late, no))
		w.wantObjection(late.ID, notice.Settled)
		clock.Set(max(clock.Now(), n.EndsAt))
		w.turn(1)
		w.wantBook(0, 500, 500)
	})
}

func TestVillageWithNobodyLeftPassesTheObjectionUp(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 3)
	_, hu := w.office()
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	a := w.give(w.ask(0, "庭院整洁", ""))[0]
	w.hung()
	w.must(d.Aside(t.Context(), func(tx *db.Tx) error { // 丁副主任 lives at the household in question
		_, err := tx.SQL.Exec("INSERT INTO links (village_id, id, household_id, account_id, relation) VALUES (?, 1, ?, 17, '本人家')", w.village, w.homes[0].ID)
		return err
	}))
	o, _ := w.object(models.Actor{}, award.ObjectAsk{About: notice.AboutAward, Award: a.ID})
	if !o.Above {
		t.Fatal("the village has nobody who may decide, and it was not passed up")
	}
	w.must(w.answer(hu, o, yes))
	w.wantObjection(o.ID, notice.Settled)
	w.wantState(a.ID, award.Refused)
}

func TestObjectionKeepsItsMakerOutOfTheTrail(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 3)
	w.office()
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5), rule("乱倒垃圾", "-", 5))
	all := w.give(w.ask(0, "庭院整洁", ""))
	w.hung()
	o, _ := w.object(w.family(2), award.ObjectAsk{About: notice.AboutAward, Award: all[0].ID, Contact: "13800138000"})
	w.must(award.TakeBack(t.Context(), d, db.NewOpID(), w.family(2), keys.Test(), award.Standing{Village: w.village, ID: o.ID}))
	w.wantState(all[0].ID, award.Noticed)
	done, err := db.Trail(t.Context(), d, w.village, "", db.Done{}, 50)
	w.must(err)
	steps, err := award.StepsOf(t.Context(), d, w.village, all[0].ID)
	w.must(err)
	for _, o := range done {
		if o.Actor == w.homes[2].ID {
			t.Errorf("the trail tells who objected: %s", o.Kind)
		}
	}
	for _, s := range steps {
		if s.Role == award.Family || s.Actor == w.homes[2].ID {
			t.Errorf("the award's steps tell who objected: %+v", s)
		}
	}
	if got, err := notice.OfHousehold(t.Context(), d, w.homes[2]); err != nil || len(got) != 1 {
		t.Errorf("the family does not find its own: %v", err)
	}
}

func TestObjectToHidesWhatIsNotOnTheWall(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 3)
	w.office()
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	all := w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""))
	w.set(1, "hidden", 1)
	see := func(by models.Actor, id int64, want bool) {
		t.Helper()
		if _, err := award.ObjectTo(t.Context(), d, by, w.village, id); (err == nil) != want {
			t.Errorf("seen: %v, want %v", err, want)
		}
	}
	see(models.Actor{}, all[0].ID, false)
	n := w.hung()
	see(models.Actor{}, all[0].ID, true)
	see(models.Actor{}, all[1].ID, false)
	see(w.family(2), all[1].ID, false)
	see(w.family(1), all[1].ID, true)
	clock.Set(n.EndsAt)
	see(models.Actor{}, all[0].ID, false)
	see(w.family(0), all[0].ID, true)
}
