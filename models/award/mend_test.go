package award_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
	"pointstore/models/photo"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// The claim of an objection that staff wrote down is theirs: they neither check
// nor decide it, however they go about it.
func TestClaimOfAnObjectionIsDecidedByOthersThanWhoWroteItDown(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 3)
		ding, _ := w.office()
		w.adopt(scheme.Adoption{}, rule("好人好事", "+", 5))
		o, _ := w.object(w.he, award.ObjectAsk{About: notice.AboutMissing, Household: w.homes[0].ID, Rule: w.rules["好人好事"].ID, Way: "spoken", Text: "扶老人过河没有记上"})
		claim := award.Award{ID: o.Result}
		w.wantErr(w.check(w.he, pass(claim)), award.ErrOwnEntry, "checking what one wrote down")
		w.must(w.check(ding, pass(claim)))
		alone := w.meet(w.he, award.Present{Account: w.he.Account, Name: w.he.Name})
		w.wantErr(w.decide(w.he, alone, pass(claim)), award.ErrNoOther, "deciding what one wrote down")
		w.wantState(claim.ID, award.Checked)

		mine, _ := w.object(w.phone(1), award.ObjectAsk{About: notice.AboutMissing, Rule: w.rules["好人好事"].ID, Text: "修路没有记上"})
		if a := w.now(award.Award{ID: mine.Result}); a.Recorder != 0 {
			t.Errorf("the family's own objection was recorded by %d", a.Recorder)
		}
	})
}

func TestObjectionIsEndedByItsMakerOnly(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 3)
		ding, _ := w.office()
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
		all := w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""))
		w.hung()
		back := func(by models.Actor, o notice.Objection, code string) error {
			return award.TakeBack(t.Context(), d, db.NewOpID(), by, keys.Test(), award.Standing{Village: w.village, ID: o.ID, Code: code})
		}
		web, code := w.object(models.Actor{}, award.ObjectAsk{About: notice.AboutAward, Award: all[0].ID})
		w.wantErr(back(ding, web, ""), award.ErrNotTakenDown, "ending what somebody wrote on their phone")
		w.wantState(all[0].ID, award.Frozen)
		w.must(back(models.Actor{}, web, code))
		w.wantState(all[0].ID, award.Noticed)

		told, _ := w.object(ding, award.ObjectAsk{About: notice.AboutAward, Award: all[1].ID, Way: "spoken"})
		kin := ding
		kin.Kin = []models.Household{w.homes[1]}
		w.wantErr(back(kin, told, ""), award.ErrKinside, "ending it for a relative")
		w.must(back(ding, told, ""))
		w.wantState(all[1].ID, award.Noticed)
	})
}

func TestWhoItIsAboutPointsAtNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 3)
		ding, _ := w.office()
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
		a := w.give(w.ask(0, "庭院整洁", ""))[0]
		w.hung()
		point := func(by models.Actor, o notice.Objection) error {
			return award.PointAt(t.Context(), d, db.NewOpID(), by, w.village, o.ID, a.ID)
		}
		person, _ := w.object(models.Actor{}, award.ObjectAsk{About: notice.AboutPerson, Subject: ding.Account, Text: "丁副主任办事不公"})
		if err := point(ding, person); err == nil {
			t.Error("whoever it is about made it somebody else's affair")
		}
		w.wantErr(w.answer(ding, person, no), award.ErrAccused, "answering about oneself")
		words, _ := w.object(w.phone(2), award.ObjectAsk{About: notice.AboutAward, Text: "001 那一笔不对"})
		kin := ding
		kin.Kin = []models.Household{w.homes[2]}
		w.wantErr(point(kin, words), award.ErrKinside, "pointing for a relative")
		w.must(point(ding, words))
		w.wantState(a.ID, award.Frozen)
	})
}

// A deduction whose objection the village refused waits until the time for the
// township is over, and takes effect then, once.
func TestRefusedDeductionWaitsForItsAppeal(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 2)
		ding, hu := w.office()
		w.adopt(scheme.Adoption{}, rule("乱倒垃圾", scheme.Minus, 5))
		effect := func() {
			_, err := award.TakeEffect(t.Context(), d)
			w.must(err)
		}
		a := w.deduct(0, "乱倒垃圾")
		clock.Set(w.now(a).DueAt.Add(-time.Hour))
		o, _ := w.object(w.phone(0), award.ObjectAsk{About: notice.AboutAward, Award: a.ID, Text: "不是我家倒的"})
		clock.Set(w.now(a).DueAt.Add(time.Hour))
		effect()
		w.wantState(a.ID, award.Frozen)
		w.must(w.answer(ding, o, no))
		effect()
		w.wantState(a.ID, award.Warned)
		due := w.wantObjection(o.ID, notice.Decided).AppealDue
		if got := w.now(a).DueAt; got != due {
			t.Fatalf("it takes effect at %v, the appeal is open until %v", got.Time(), due.Time())
		}
		w.must(award.Appeal(t.Context(), d, db.NewOpID(), w.phone(0), keys.Test(), award.Standing{Village: w.village, ID: o.ID}, "请镇上再看一遍"))
		clock.Set(due.Add(time.Hour))
		effect()
		w.wantState(a.ID, award.Frozen)
		w.wantBook(0, 0, 0)
		w.must(award.JudgeAppeal(t.Context(), d, db.NewOpID(), hu, w.village, o.ID, no))
		effect()
		effect()
		if s := w.now(a).State; s != award.Noticed && s != award.Posted {
			t.Errorf("after the last word it is %s", s)
		}
		w.wantSound()
	})
}

// The township upholds what the village had refused, whatever the claim's rule and
// caps say by now.
func TestUpheldOnAppealMakesItsClaimAnew(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 3)
		ding, hu := w.office()
		banded := rule("志愿服务", "+", 0)
		banded.BandBy, banded.Unit, banded.Bands = scheme.ByAmount, "小时", []scheme.Band{{At: 4 * models.One, Points: 100}, {At: 10 * models.One, Points: 200}}
		w.adopt(scheme.Adoption{}, banded, rule("开会", "+", 1, scheme.Cap{Times: 1, Period: "month", Per: "household"}))
		lost := func(home int, item string, qty models.Qty) notice.Objection {
			o, _ := w.object(w.phone(home), award.ObjectAsk{About: notice.AboutMissing, Rule: w.rules[item].ID, Quantity: qty, Text: item + "没有记上"})
			if o.Result == 0 {
				t.Fatalf("%s: no claim", item)
			}
			w.must(w.answer(ding, o, no))
			w.wantState(o.Result, award.Refused)
			w.must(award.Appeal(t.Context(), d, db.NewOpID(), w.phone(home), keys.Test(), award.Standing{Village: w.village, ID: o.ID}, "签到表上有"))
			return o
		}
		hours, meeting := lost(0, "志愿服务", 5*models.One), lost(1, "开会", 0)
		w.give(w.ask(1, "开会", "")) // uses the cap up
		for _, o := range []notice.Objection{hours, meeting} {
			w.must(award.JudgeAppeal(t.Context(), d, db.NewOpID(), hu, w.village, o.ID, yes))
		}
		anew := w.wantObjection(hours.ID, notice.Settled).Result
		if a := w.now(award.Award{ID: anew}); anew == hours.Result || a.State != award.Claimed || a.Shown() != 100 || a.Quantity != 5*models.One {
			t.Errorf("the claim anew is %s of %s for %s", a.State, a.Shown(), a.Quantity)
		}
		if got := w.wantObjection(meeting.ID, notice.Settled).Result; got != meeting.Result {
			t.Error("a claim over the cap was made anew")
		}
	})
}

// A family's claim takes the place of what it was granted for the same act only
// when the meeting passes it.
func TestClaimReplacesTheLowerOneWhenItIsPassed(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 2)
		ding, _ := w.office()
		third, first := rule("县级表彰", "+", 5), rule("省级表彰", "+", 20)
		third.OnceGroup, first.OnceGroup = "表彰", "表彰"
		w.adopt(scheme.Adoption{}, third, first)
		for home, outcome := range []award.Verdict{{Outcome: award.Refuse, Reason: "没有证书"}, {Outcome: award.Pass}} {
			lower := w.give(w.ask(home, "县级表彰", ""))[0]
			higher := w.claim(home, "省级表彰")
			w.wantState(lower.ID, award.Noticed)
			w.must(w.check(ding, pass(higher)))
			outcome.Award = higher.ID
			m := w.meet(w.he, award.Present{Account: w.he.Account, Name: w.he.Name}, award.Present{Account: ding.Account, Name: ding.Name})
			w.must(w.decide(w.he, m, outcome))
			if home == 0 {
				w.wantState(lower.ID, award.Noticed)
				continue
			}
			w.wantState(lower.ID, award.Withdrawn)
			w.wantState(higher.ID, award.Noticed)
		}
	})
}

func TestLastClaimSentAgainGetsItsFirstAnswer(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 1)
	w.adopt(scheme.Adoption{}, rule("好人好事", "+", 1))
	ask := award.Ask{Rule: w.rules["好人好事"].ID}
	for range award.ClaimsMost - 1 {
		w.claim(0, "好人好事")
	}
	op := db.NewOpID()
	last, err := award.Claim(t.Context(), d, op, w.phone(0), ask)
	w.must(err)
	again, err := award.Claim(t.Context(), d, op, w.phone(0), ask)
	if err != nil || again.ID != last.ID {
		t.Errorf("sent again: %s, %v", models.ID32(again.ID), err)
	}
	if _, err := award.Claim(t.Context(), d, db.NewOpID(), w.phone(0), ask); models.KindOf(err) != models.TooMany {
		t.Errorf("one more: %v", err)
	}
}

// A new result that its rule refuses leaves the old one, and what it earned, alone.
func TestMarkThatIsRefusedLeavesTheOldOneAlone(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWalk(t, d)
		poor := rule("柴草乱堆", scheme.Minus, 2)
		poor.Recorders = []string{string(models.Committee)}
		w.adopt(scheme.Adoption{Posting: scheme.PostNotice, NoticeDays: 3}, poor)
		var err error
		w.round, err = award.StartRound(t.Context(), d, db.NewOpID(), w.he, award.NewRound{Village: w.village, Name: "第2轮",
			Worths: []award.Worth{{Result: award.Clean, Rule: w.rules["庭院整洁"].ID}, {Result: award.Poor, Rule: w.rules["柴草乱堆"].ID}}})
		w.must(err)
		w.want(w.send(w.ma, w.mark(0, award.Clean), w.mark(2, award.Clean)), "saved", "saved")
		bad := w.mark(0, award.Poor)
		bad.Note = "门口一堆"
		w.want(w.send(w.ma, bad, w.mark(2, award.Fair), w.mark(3, award.Clean)), "refused", "changed", "saved")
		w.wantGiven(0, 500)
		w.wantGiven(2)
		w.wantGiven(3, 500)
	})
}

func TestSlipStandsForOneHousehold(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 3)
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	w.he.Grants = append(w.he.Grants, models.Grant{Role: models.Admin, Area: w.village})
	printed, err := award.PrintSlips(t.Context(), d, db.NewOpID(), w.he, w.village, 1)
	w.must(err)
	ask := w.ask(0, "庭院整洁", "")
	ask.Households = []int64{w.homes[1].ID, w.homes[2].ID}
	a, err := award.UseSlip(t.Context(), d, db.NewOpID(), w.he, printed.From, ask)
	w.must(err)
	all, err := award.List(t.Context(), d, w.village, award.Filter{})
	if err != nil || len(all) != 1 || all[0].ID != a.ID {
		t.Errorf("one slip gave %d awards: %v", len(all), err)
	}
	if _, err := award.UseSlip(t.Context(), d, db.NewOpID(), w.he, printed.From, w.ask(1, "庭院整洁", "")); !errors.Is(err, award.ErrSlipUsed) {
		t.Errorf("used twice: %v", err)
	}
}

func TestLookCodeOpensItsOwnObjectionOnly(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 2)
	w.office()
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	all := w.give(w.ask(0, "庭院整洁", ""), w.ask(1, "庭院整洁", ""))
	w.hung()
	mine, code := w.object(models.Actor{}, award.ObjectAsk{About: notice.AboutAward, Award: all[0].ID})
	other, _ := w.object(models.Actor{}, award.ObjectAsk{About: notice.AboutAward, Award: all[1].ID})
	back := func(o notice.Objection, code string) error {
		return award.TakeBack(t.Context(), d, db.NewOpID(), models.Actor{}, keys.Test(), award.Standing{Village: w.village, ID: o.ID, Code: code})
	}
	for what, err := range map[string]error{"another's": back(other, code), "no": back(other, ""), "a made-up": back(mine, "7K2M-Q9XF-3ABC")} {
		if models.KindOf(err) != models.NotFound {
			t.Errorf("%s code: %v", what, err)
		}
	}
	w.wantState(all[0].ID, award.Frozen)
	w.wantState(all[1].ID, award.Frozen)
	w.must(back(mine, code))
	w.wantState(all[0].ID, award.Noticed)
}

// A grid worker records, enters, checks and marks in their own part of the village
// only, whatever way they try.
func TestGridWorkerStaysWithinTheirDuties(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWalk(t, d)
		w.ma.Kin = nil
		w.office()
		boss := models.Actor{Account: 7, Grants: []models.Grant{{Role: models.Admin, Area: w.village}}}
		w.must(village.SetDuties(t.Context(), d, db.NewOpID(), boss, w.village, w.ma.Account, []village.Duty{{Group: 1}}))
		printed, err := award.PrintSlips(t.Context(), d, db.NewOpID(), boss, w.village, 1)
		w.must(err)
		theirs := w.claim(1, "庭院一般")
		paper := w.ask(1, "庭院一般", "")
		paper.Way = award.WayPaper
		record := func(by models.Actor, a award.Ask) error {
			_, err := award.Record(t.Context(), d, db.NewOpID(), by, a)
			return err
		}
		w.wantErr(record(w.ma, w.ask(1, "庭院整洁", "")), village.ErrNotMyGrid, "recording next door")
		w.wantErr(record(w.ma, paper), village.ErrNotMyGrid, "entering a claim next door")
		w.wantErr(w.check(w.ma, pass(theirs)), village.ErrNotMyGrid, "checking a claim next door")
		_, err = award.UseSlip(t.Context(), d, db.NewOpID(), w.ma, printed.From, w.ask(1, "庭院整洁", ""))
		w.wantErr(err, village.ErrNotMyGrid, "keying a slip in next door")
		w.want(w.send(w.ma, w.mark(1, award.Clean), w.mark(0, award.Clean)), "refused", "saved")
		w.must(record(w.ma, w.ask(3, "庭院整洁", "")))
		w.must(record(w.he, w.ask(1, "庭院整洁", "")))
	})
}

// Whoever asks for a notice to be posted before its days are over gets nothing,
// and leaves nothing behind that would keep the clock from posting it later.
func TestNoticeIsPostedByNobodyBeforeItsEnd(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
		a := w.give(w.ask(0, "庭院整洁", ""))[0]
		n, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village)
		w.must(err)
		early := func(what string, n notice.Notice) {
			if k, err := award.EndNotice(t.Context(), d, n); err == nil || k != 0 {
				t.Errorf("%s posted %d: %v", what, k, err)
			}
			w.wantState(a.ID, award.Noticed)
			w.wantBook(0, 0, 0)
		}
		early("a draft", n)
		n, err = award.HangNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID, "村委会门口", 0)
		w.must(err)
		clock.Set(n.EndsAt - 1)
		early("a notice that still hangs", n)
		clock.Set(n.EndsAt)
		w.turn(1)
		w.wantBook(0, 500, 500)
	})
}

// What a clearing leaves each household is not cleared a second time by the next
// chunk, nor by a start after a stop in the middle.
func TestClearingTakesFromEachHouseholdOnce(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 205)
	w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("义务修渠", "+", 10))
	var asks []award.Ask
	for h := range w.homes {
		asks = append(asks, w.ask(h, "义务修渠", ""))
	}
	w.give(asks...)
	k := w.announce(300)
	w.hangClearing(k)
	clock.Set(k.SessionUntil.AddDays(1).Start())
	err := award.RunClearings(&stopAfter{Context: t.Context(), checks: 1}, d, exchanged(true))
	if err == nil {
		t.Error("nobody was told that it stopped")
	}
	if got := w.clearing(k.ID); got.State != award.ClearRunning || got.Households != 200 {
		t.Errorf("stopped after one chunk: %+v", got)
	}
	for range 2 {
		w.must(award.RunClearings(t.Context(), d, exchanged(true)))
	}
	if got := w.clearing(k.ID); got.State != award.ClearDone || got.Households != 205 || got.Points != 205*700 {
		t.Errorf("%+v", got)
	}
	w.wantBook(0, 300, 1000)
	w.wantBook(199, 300, 1000)
	w.wantBook(204, 300, 1000)
	w.wantSound()
}

func TestFamilyRemovesItsOwnPhotosOnly(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 1)
	w.adopt(scheme.Adoption{}, rule("乱倒垃圾", scheme.Minus, 5))
	a := w.deduct(0, "乱倒垃圾")
	keep := func(by models.Actor, width int) int64 {
		var b bytes.Buffer
		w.must(jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, 40)), nil))
		one, err := photo.Prepare(t.Context(), b.Bytes())
		w.must(err)
		ids, err := award.KeepPhotos(t.Context(), d, db.NewOpID(), by, w.village, photo.Award, a.ID, one)
		w.must(err)
		return ids[0]
	}
	remove := func(by models.Actor, id int64) error {
		return award.RemovePhoto(t.Context(), d, db.NewOpID(), by, w.village, id)
	}
	evidence, mine := keep(w.he, 60), keep(w.phone(0), 80)
	w.wantErr(remove(w.phone(0), evidence), models.ErrForbidden, "removing the evidence against oneself")
	w.must(remove(w.phone(0), mine))
	w.must(remove(w.he, evidence))
}
