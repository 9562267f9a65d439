package award_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
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

func TestRecordPostsAtOnceWhereTheVillageSaysSo(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 3)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("庭院整洁", "+", 5), rule("基础分", "base", 50), rule("开户赠送", "gift", 10))
		op := db.NewOpID()
		ask := w.ask(0, "庭院整洁", "2026-11-20")
		ask.Quantity, ask.Note = 250, "两个半院子"
		done, err := award.Record(t.Context(), d, op, w.he, ask)
		w.must(err)
		a := done[0]
		if a.State != award.Posted || a.Points != 1250 || a.Honour != 1250 || a.Balance != 1250 || a.EntrySeq != 1 || a.Late || a.RecorderRole != models.Committee || a.Item != "庭院整洁" {
			t.Errorf("got %+v", a)
		}
		again, err := award.Record(t.Context(), d, op, w.he, ask)
		if err != nil || len(again) != 1 || again[0].ID != a.ID || again[0].EntrySeq != 1 {
			t.Errorf("the same operation again: %v %+v", err, again)
		}
		w.give(w.ask(0, "基础分", ""), w.ask(0, "开户赠送", ""))
		w.wantBook(0, 2250, 6250)
		e, err := ledger.GetEntry(t.Context(), d, w.homes[0], 1)
		if err != nil || e.Cause != a.ID || e.Month != 202611 || len(e.Digest) != 16 {
			t.Errorf("%v: %+v", err, e)
		}
		w.wantSound()
	})
}

func TestAwardWaitsForItsNoticeToHangAndEnd(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 4)
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5), rule("乱倒垃圾", "-", 10))
		first := w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""))
		w.wantBook(0, 0, 0)
		n, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village)
		w.must(err)
		if n.Title != "青石村积分公示" || n.Days != 3 || n.Code() == "" {
			t.Errorf("%+v", n)
		}
		if _, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village); !errors.Is(err, award.ErrNoneWaiting) {
			t.Errorf("a second notice of nothing: %v", err)
		}
		later := w.give(w.ask(2, "庭院整洁", ""))
		clock.Add(400 * 24 * time.Hour)
		if k, err := award.EndNotices(t.Context(), d); k != 0 || err != nil {
			t.Fatalf("posted %d from a notice that never hung: %v", k, err)
		}
		hung, err := award.HangNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID, "村委会门口", 0)
		w.must(err)
		clock.Set(hung.EndsAt - 1)
		if k, err := award.EndNotices(t.Context(), d); k != 0 || err != nil {
			t.Fatalf("posted %d a millisecond early: %v", k, err)
		}
		e, err := award.Provisional(t.Context(), d, w.homes[0])
		if err != nil || e.Points != 500 || len(e.Awards) != 1 || e.Awards[0].EndsAt != hung.EndsAt {
			t.Errorf("%v: %+v", err, e)
		}
		clock.Set(hung.EndsAt)
		for _, want := range []int{2, 0} {
			if k, err := award.EndNotices(t.Context(), d); k != want || err != nil {
				t.Fatalf("posted %d, want %d: %v", k, want, err)
			}
		}
		w.wantBook(0, 500, 500)
		w.wantBook(1, 500, 500)
		w.wantBook(2, 0, 0)
		w.wantState(first[0].ID, award.Posted)
		w.wantState(later[0].ID, award.Noticed)
		if n, _ := notice.Get(t.Context(), d, w.village, n.ID); n.State != notice.Closed {
			t.Errorf("the notice is %s", n.State)
		}
		if digest, _ := award.Digest(t.Context(), d, w.village, n.ID); string(digest) != string(n.Digest) {
			t.Error("the check code changed when the notice was posted")
		}
		w.wantSound()
	})
}

func TestRecordRefusesInPlainWords(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 6)
	other := newWorld(t, d, 1)
	other.adopt(scheme.Adoption{}, rule("别村的事", "+", 5))
	w.adopt(scheme.Adoption{AdoptedOn: "2025-09-01"}, rule("庭院整洁", "+", 5))
	w.set(1, "left_at", int64(clock.Now()))
	w.set(2, "joining", "out")
	stranger := w.member(3, "马小红")
	w.he.Kin = []models.Household{w.homes[4], w.homes[5]}
	change := func(f func(a *award.Ask)) award.Ask {
		a := w.ask(0, "庭院整洁", "2026-11-20")
		f(&a)
		return a
	}
	for name, c := range map[string]struct {
		ask        award.Ask
		kind       models.Kind
		say, field string
	}{
		"left":           {w.ask(1, "庭院整洁", ""), models.Conflict, "已经不在村里", ""},
		"stays out":      {w.ask(2, "庭院整洁", ""), models.Conflict, "暂不参加", ""},
		"own":            {w.ask(4, "庭院整洁", ""), models.Forbidden, "请换一位同事", ""},
		"future":         {w.ask(0, "庭院整洁", "2026-11-24"), models.Input, "日期还没到", "act_date"},
		"long ago":       {w.ask(0, "庭院整洁", "2025-10-18"), models.Input, "400 天", "act_date"},
		"no date":        {w.ask(0, "庭院整洁", "昨天"), models.Input, "2026-11-23", "act_date"},
		"nobody":         {change(func(a *award.Ask) { a.Household = 12345 }), models.NotFound, "没有找到这一户", ""},
		"next door":      {change(func(a *award.Ask) { a.Household = other.homes[0].ID }), models.NotFound, "没有找到这一户", ""},
		"foreign rule":   {change(func(a *award.Ask) { a.Rule = other.rules["别村的事"].ID }), models.NotFound, "", ""},
		"points":         {change(func(a *award.Ask) { a.Points = 600 }), models.Input, "“庭院整洁”是 5 分", "points"},
		"quantity":       {change(func(a *award.Ask) { a.Quantity = -100 }), models.Input, "数量要大于 0", "quantity"},
		"foreign member": {change(func(a *award.Ask) { a.Member = stranger }), models.Input, "家里没有找到这一位", "member"},
		"long note":      {change(func(a *award.Ask) { a.Note = strings.Repeat("好", 201) }), models.Input, "200 个字", "note"},
	} {
		_, err := w.record(c.ask)
		var e *models.Error
		if !errors.As(err, &e) || e.Kind != c.kind || !strings.Contains(e.Say, c.say) || e.Field != c.field {
			t.Errorf("%s: %v", name, say(err))
		}
	}
	_, err := w.record(award.Ask{Village: w.village, Households: []int64{w.homes[0].ID, w.homes[4].ID, w.homes[5].ID}, Rule: w.rules["庭院整洁"].ID})
	if !errors.Is(err, models.ErrOwnHome) || !strings.Contains(say(err), "马少明 2组005") || !strings.Contains(say(err), "李桂兰 3组006") {
		t.Errorf("a batch with the recorder's own: %s", say(err))
	}
	for _, by := range []models.Actor{{}, {Account: 9, Grants: []models.Grant{{Role: models.Clerk, Area: w.village}}}, {Account: 9, Grants: []models.Grant{{Role: models.Committee, Area: other.village}}}} {
		if _, err := award.Record(t.Context(), d, db.NewOpID(), by, w.ask(0, "庭院整洁", "")); err == nil {
			t.Errorf("%+v recorded an award", by)
		}
	}
	if all, _ := award.Recent(t.Context(), d, w.village, models.Cursor{}); len(all) != 0 {
		t.Errorf("%d awards are left behind", len(all))
	}
}

func TestRecordTakesABatchWholeOrNotAtAll(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 250)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("开会", "+", 2, scheme.Cap{Times: 1, Period: "day"}))
		var ids []int64
		for _, h := range w.homes {
			ids = append(ids, h.ID)
		}
		op := db.NewOpID()
		all := award.Ask{Village: w.village, Households: ids, Rule: w.rules["开会"].ID}
		done, err := award.Record(t.Context(), d, op, w.he, all)
		if err != nil || len(done) != 250 || done[249].Household != w.homes[249] {
			t.Fatalf("%v: %d", err, len(done))
		}
		again, err := award.Record(t.Context(), d, op, w.he, all)
		if err != nil || len(again) != 250 || again[249].ID != done[249].ID {
			t.Fatalf("again: %v: %d", err, len(again))
		}
		w.wantBook(249, 200, 200)
		_, err = w.record(award.Ask{Village: w.village, Households: []int64{ids[3], ids[1]}, Rule: w.rules["开会"].ID, ActDate: "2026-11-22"}, w.ask(7, "开会", ""))
		if !errors.Is(err, award.ErrCap) || !strings.HasPrefix(say(err), "cap_reached: 丁力 2组008：“开会”每户每天最多 1 次，已记 1 次") {
			t.Errorf("got %s", say(err))
		}
		w.wantBook(3, 200, 200)
		w.wantSound()
	})
}

func TestRecordMarksWhatComesLate(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 1)
	w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("庭院整洁", "+", 5))
	for day, late := range map[models.Date]bool{"2026-11-16": false, "2026-11-15": true} {
		if a := w.give(w.ask(0, "庭院整洁", day))[0]; a.Late != late {
			t.Errorf("an act of %s: late %v", day, a.Late)
		}
	}
}

func TestCapSaysWhatIsUsedAndLeavesAPartOnlyWhenAsked(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 2)
	w.adopt(scheme.Adoption{}, rule("捐款", "+", 5, scheme.Cap{Points: 1200, Period: "year"}), rule("开会", "+", 2, scheme.Cap{Times: 2, Period: "month", Per: "member"}))
	w.give(w.ask(0, "捐款", "2026-03-01"), w.ask(0, "捐款", "2026-05-01"))
	_, err := w.record(w.ask(0, "捐款", ""))
	if want := "cap_reached: “捐款”每户每年最多 12 分，已记 10 分，这次没有记分；还可以记 2 分"; say(err) != want {
		t.Errorf("got %s, want %s", say(err), want)
	}
	w.give(w.ask(0, "捐款", "2025-12-31"))
	part := w.ask(0, "捐款", "")
	part.Part = true
	if a := w.give(part)[0]; a.Points != 200 {
		t.Errorf("took %s of what was left", a.Points)
	}
	if _, err := w.record(part); !errors.Is(err, award.ErrCap) {
		t.Errorf("took a part of nothing: %v", err)
	}
	if _, err := w.record(w.ask(0, "开会", "")); !strings.Contains(say(err), "请选是家里哪一位") {
		t.Errorf("got %s", say(err))
	}
	a, b := w.ask(0, "开会", ""), w.ask(0, "开会", "")
	a.Member, b.Member = w.member(0, "马少明"), w.member(0, "马小红")
	a.Quantity = 200
	w.give(a, b)
	a.Quantity = 100
	if _, err := w.record(a); !errors.Is(err, award.ErrCap) {
		t.Errorf("a third time: %v", err)
	}
	b.Quantity, b.Part = 300, true
	if got := w.give(b)[0]; got.Quantity != models.One || got.Points != 200 {
		t.Errorf("took %s times, %s points", got.Quantity, got.Points)
	}
}

func TestTwoRecordersAtOnceCannotOverrunACap(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{}, rule("捐款", "+", 5, scheme.Cap{Times: 3, Period: "year", Group: "公益"}), rule("捐物", "+", 3, scheme.Cap{Times: 3, Period: "year", Group: "公益"}))
		for round := range 4 {
			var all sync.WaitGroup
			var won, full atomic.Int64
			for i := range 12 {
				ask := w.ask(0, []string{"捐款", "捐物"}[i%2], models.Date([]string{"2026-01-05", "2026-06-05", "2025-12-20", "2026-11-05"}[round]))
				all.Go(func() {
					switch _, err := award.Record(t.Context(), d, db.NewOpID(), w.he, ask); {
					case err == nil:
						won.Add(1)
					case errors.Is(err, award.ErrCap):
						full.Add(1)
					case !errors.Is(err, models.ErrBusy):
						t.Error(say(err))
					}
				})
			}
			all.Wait()
			want := int64(3)
			if round == 1 || round == 3 { // the year was used up in round 0
				want = 0
			}
			if won.Load() > want || full.Load() == 0 {
				t.Errorf("round %d: %d recorded, %d refused, at most %d may be", round, won.Load(), full.Load(), want)
			}
			if have, _ := award.ByHousehold(t.Context(), d, w.homes[0], models.Cursor{}); int64(len(have)) != map[int]int64{0: 3, 1: 3, 2: 6, 3: 6}[round] {
				t.Errorf("round %d: %d awards", round, len(have))
			}
		}
	})
}

func TestRulesOfTheDayCountAndCapsOutliveThem(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 1)
	w.adopt(scheme.Adoption{AdoptedOn: "2026-11-01", Posting: scheme.PostNow}, rule("庭院整洁", "+", 5, scheme.Cap{Times: 3, Period: "year"}))
	old := w.rules["庭院整洁"]
	clock.Set(models.Date("2026-11-20").Start().Add(9 * time.Hour))
	w.give(w.ask(0, "庭院整洁", "2026-11-02"))
	changed := scheme.Draft{Category: "美丽庭院", Rule: old}
	changed.PointsMin, changed.PointsMax = 800, 800
	_, err := scheme.Amend(t.Context(), d, db.NewOpID(), w.he, w.village, []scheme.Change{{Rule: old.ID, Draft: changed}}, scheme.Adoption{AdoptedOn: "2026-11-20"})
	w.must(err)
	w.adopt(scheme.Adoption{AdoptedOn: "2026-11-20"}, rule("新条目", "+", 1))
	// A page drawn before the change, and one drawn after it, both record by the
	// day of the act.
	if a := w.give(award.Ask{Village: w.village, Household: w.homes[0].ID, Rule: old.ID, ActDate: "2026-11-20"})[0]; a.Points != 800 {
		t.Errorf("an act of the new rules earned %s", a.Points)
	}
	if a := w.give(w.ask(0, "庭院整洁", "2026-11-19"))[0]; a.Points != 500 {
		t.Errorf("an act of the old rules earned %s", a.Points)
	}
	if _, err := w.record(w.ask(0, "庭院整洁", "")); !errors.Is(err, award.ErrCap) {
		t.Errorf("the renewed rule forgot its cap: %v", err)
	}
	if _, err := w.record(w.ask(0, "新条目", "2026-11-19")); !errors.Is(err, scheme.ErrNoRules) {
		t.Errorf("an act before its rule: %v", err)
	}
	if _, err := w.record(w.ask(0, "庭院整洁", "2026-10-31")); !errors.Is(err, scheme.ErrNoRules) {
		t.Errorf("an act before all rules: %v", err)
	}
}

func TestDeductionLowersHonourAndNeverGoesBelowZero(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("庭院整洁", "+", 5), rule("乱倒垃圾", "-", 10))
		w.give(w.ask(0, "庭院整洁", ""))
		a := w.give(w.ask(0, "乱倒垃圾", ""))[0]
		if !a.Private || a.Shown() != -1000 {
			t.Errorf("%+v", a)
		}
		w.wantBook(0, 500, -500)
		w.adopt(scheme.Adoption{DeductFrom: scheme.FromSpend})
		w.give(w.ask(0, "乱倒垃圾", ""))
		w.wantBook(0, 0, -1500)
		w.wantSound()
	})
}

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

func TestBoardMasksAndCountsWhatItDoesNotList(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 3)
	private := rule("婚事不收彩礼", "+", 30)
	private.Private = true
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5), private, rule("乱倒垃圾", "-", 10))
	w.set(1, "hidden", 1)
	w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""), w.ask(2, "婚事不收彩礼", ""), w.ask(0, "乱倒垃圾", ""))
	n, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village)
	w.must(err)
	if all, _ := award.Board(t.Context(), d, w.village); len(all) != 0 {
		t.Error("a draft is on the board")
	}
	hung, err := award.HangNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID, "村口", 0)
	w.must(err)
	all, err := award.Board(t.Context(), d, w.village)
	if err != nil || len(all) != 1 {
		t.Fatalf("%v: %d posters", err, len(all))
	}
	p := all[0]
	if len(p.Lines) != 1 || p.Lines[0].Household != "马*明 1组001" || p.Lines[0].Points != 500 {
		t.Errorf("lines: %+v", p.Lines)
	}
	if p.Kept != (award.Kept{Awards: 3, Points: 2500}) || p.Awards != 4 || p.Households != 3 || p.Points != 3000 {
		t.Errorf("%+v", p)
	}
	if len(p.Categories) != 1 || p.Categories[0] != (award.CategorySum{Name: "美丽庭院", Awards: 4, Points: 3000}) {
		t.Errorf("%+v", p.Categories)
	}
	clock.Set(hung.EndsAt)
	if all, _ := award.Board(t.Context(), d, w.village); len(all) != 0 {
		t.Error("the names stay when the notice has ended")
	}
}
