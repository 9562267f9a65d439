package award_test

import (
	"errors"
	"strings"
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

func TestDeductionLowersHonourAndNeverGoesBelowZero(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("庭院整洁", "+", 5), rule("乱倒垃圾", "-", 10))
		w.give(w.ask(0, "庭院整洁", ""))
		a := w.deduct(0, "乱倒垃圾")
		w.takeEffect(clock)
		if !a.Private || a.Shown() != -1000 {
			t.Errorf("%+v", a)
		}
		w.wantBook(0, 500, -500)
		w.adopt(scheme.Adoption{DeductFrom: scheme.FromSpend})
		w.deduct(0, "乱倒垃圾")
		w.takeEffect(clock)
		w.wantBook(0, 0, -1500)
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
	w.deduct(0, "乱倒垃圾")
	w.takeEffect(clock)
	w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""), w.ask(2, "婚事不收彩礼", ""))
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
	if p.Kept != (award.Kept{Awards: 3, Points: 2500}) || p.Awards != 1 || p.Households != 1 || p.Points != 500 || p.All != (award.Sum{Awards: 4, Households: 3, Points: 3000}) {
		t.Errorf("%+v", p)
	}
	if len(p.Categories) != 1 || p.Categories[0] != (award.CategorySum{Name: "美丽庭院", Awards: 1, Points: 500}) {
		t.Errorf("%+v", p.Categories)
	}
	clock.Set(hung.EndsAt)
	if all, _ := award.Board(t.Context(), d, w.village); len(all) != 0 {
		t.Error("the names stay when the notice has ended")
	}
}
