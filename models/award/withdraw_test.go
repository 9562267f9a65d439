package award_test

import (
	"errors"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
	"pointstore/models/scheme"
)

func TestWithdrawIsForAMomentOrUntilTheNoticeHangs(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 2)
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5, scheme.Cap{Times: 1, Period: "life"}), rule("捡垃圾", "+", 1))
		by := func(who models.Actor, id int64) error {
			return award.Withdraw(t.Context(), d, db.NewOpID(), who, w.village, id)
		}
		recorded, err := award.Record(t.Context(), d, db.NewOpID(), w.ma, w.ask(0, "庭院整洁", ""))
		w.must(err)
		clock.Add(20 * time.Second)
		w.must(by(w.ma, recorded[0].ID))
		w.wantState(recorded[0].ID, award.Withdrawn)
		recorded, err = award.Record(t.Context(), d, db.NewOpID(), w.ma, w.ask(0, "庭院整洁", "")) // and the cap is free again
		w.must(err)
		clock.Add(time.Minute)
		if err := by(w.ma, recorded[0].ID); !errors.Is(err, award.ErrTooLate) {
			t.Errorf("the grid worker a minute later: %v", err)
		}
		w.give(w.ask(1, "捡垃圾", ""))
		n, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village)
		w.must(err)
		w.must(by(w.he, recorded[0].ID))
		if now, _ := notice.Get(t.Context(), d, w.village, n.ID); string(now.Digest) == string(n.Digest) {
			t.Error("the draft keeps its check code without the line")
		}
		left, _ := award.ByNotice(t.Context(), d, w.village, n.ID)
		if len(left) != 1 {
			t.Fatalf("%d lines on the draft", len(left))
		}
		_, err = award.HangNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID, "村口", 0)
		w.must(err)
		if err := by(w.he, left[0].ID); !errors.Is(err, award.ErrTooLate) {
			t.Errorf("from the wall: %v", err)
		}
	})
}

func TestWithdrawAtOnceReversesWhatWasPostedAtOnce(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 1)
	w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("庭院整洁", "+", 5))
	first, second := w.give(w.ask(0, "庭院整洁", ""))[0], w.give(w.ask(0, "庭院整洁", ""))[0]
	for range 2 {
		w.must(award.Withdraw(t.Context(), d, db.NewOpID(), w.he, w.village, first.ID))
	}
	clock.Add(time.Minute)
	if err := award.Withdraw(t.Context(), d, db.NewOpID(), w.he, w.village, second.ID); !errors.Is(err, award.ErrTooLate) {
		t.Errorf("a minute later: %v", err)
	}
	w.wantState(first.ID, award.Reversed)
	w.wantBook(0, 500, 500)
	w.wantSound()
}

func TestDropNoticeGivesItsAwardsBack(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 2)
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""))
	n, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village)
	w.must(err)
	w.must(award.DropNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID))
	if b, _ := award.CountWaiting(t.Context(), d, w.village); b.Awards != 2 || b.Households != 2 {
		t.Errorf("%+v wait", b)
	}
	if _, err := award.HangNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID, "村口", 0); !errors.Is(err, notice.ErrDropped) {
		t.Errorf("hung what was given up: %v", err)
	}
	if _, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.ma, w.village); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a grid worker made a notice: %v", err)
	}
}

func TestCorrectTakesBackOnceWithAReason(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 2)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("庭院整洁", "+", 5, scheme.Cap{Times: 1, Period: "year"}))
		a := w.give(w.ask(0, "庭院整洁", ""))[0]
		correct := func(by models.Actor, reason string) error {
			return award.Correct(t.Context(), d, db.NewOpID(), by, w.homes[0], a.EntrySeq, reason)
		}
		kin := w.he
		kin.Kin = []models.Household{w.homes[0]}
		for name, c := range map[string]struct {
			err  error
			kind models.Kind
		}{"no reason": {correct(w.he, " "), models.Input}, "a relative": {correct(kin, "记错"), models.Forbidden}, "a grid worker": {correct(w.ma, "记错"), models.Forbidden}} {
			if models.KindOf(c.err) != c.kind {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		w.must(correct(w.he, "记错了人"))
		if err := correct(w.he, "再来一次"); !errors.Is(err, ledger.ErrReversed) {
			t.Errorf("twice: %v", err)
		}
		w.wantState(a.ID, award.Reversed)
		w.wantBook(0, 0, 0)
		w.give(w.ask(0, "庭院整洁", "")) // and the cap is free again
		w.wantSound()
	})
}
