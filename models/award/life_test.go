package award_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// tian is 田文书, the second of the committee, beside 何主任.
func (w *world) tian() models.Actor {
	return models.Actor{Account: 9, Name: "田文书", Grants: []models.Grant{{Role: models.Committee, Area: w.village}}}
}

// phone is a household at its own phone.
func (w *world) phone(home int) models.Actor { return models.Actor{Household: w.homes[home]} }

func (w *world) claim(home int, item string) award.Award {
	w.t.Helper()
	a, err := award.Claim(w.t.Context(), w.d, db.NewOpID(), w.phone(home), award.Ask{Rule: w.rules[item].ID, Note: "扫了巷子"})
	w.must(err)
	return a
}

func (w *world) check(by models.Actor, v ...award.Verdict) error {
	return award.Check(w.t.Context(), w.d, db.NewOpID(), by, w.village, v)
}

func (w *world) meet(by models.Actor, present ...award.Present) award.Meeting {
	w.t.Helper()
	m, err := award.OpenMeeting(w.t.Context(), w.d, db.NewOpID(), by, w.village, award.Meeting{Place: "村委会", Chair: "何主任", Present: present})
	w.must(err)
	return m
}

func (w *world) decide(by models.Actor, m award.Meeting, v ...award.Verdict) error {
	return award.Decide(w.t.Context(), w.d, db.NewOpID(), by, w.village, m.ID, v)
}

func pass(a award.Award) award.Verdict { return award.Verdict{Award: a.ID, Outcome: award.Pass} }

func refuse(a award.Award, why string) award.Verdict {
	return award.Verdict{Award: a.ID, Outcome: award.Refuse, Reason: why}
}

func (w *world) now(a award.Award) award.Award {
	w.t.Helper()
	now, err := award.Get(w.t.Context(), w.d, w.village, a.ID)
	w.must(err)
	return now
}

func (w *world) wantErr(err, want error, what string) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Errorf("%s: got %v, want %v", what, say(err), want)
	}
}

var (
	heHere   = award.Present{Account: 7, Name: "何主任"}
	tianHere = award.Present{Account: 9, Name: "田文书"}
	rep      = award.Present{Name: "村民代表李桂兰"}
)

func TestClaimIsCheckedReviewedHungAndPosted(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 3)
		w.adopt(scheme.Adoption{}, rule("清扫巷道", "+", 2), rule("捡垃圾", "+", 1))
		good, bad, more := w.claim(0, "清扫巷道"), w.claim(1, "捡垃圾"), w.claim(2, "清扫巷道")
		w.wantState(good.ID, award.Claimed)
		w.must(w.check(w.ma, pass(good), pass(bad), award.Verdict{Award: more.ID, Outcome: award.Back, Reason: "写清楚哪一天"}))
		w.wantState(more.ID, award.Claimed)
		w.must(award.Complete(t.Context(), d, db.NewOpID(), w.phone(2), w.village, more.ID, "星期三上午"))
		w.must(w.check(w.ma, pass(more)))

		m := w.meet(w.he, heHere, rep)
		g, err := award.GetAgenda(t.Context(), d, w.village, m.ID, w.he)
		w.must(err)
		if g.Waiting != 3 || len(g.Groups) != 2 || len(g.Groups[0].Lines) != 2 {
			t.Fatalf("agenda: %+v", g)
		}
		w.must(w.decide(w.he, m, award.Verdict{Award: good.ID, Outcome: award.Pass, Quantity: 200}, refuse(bad, "没有人看见"), pass(more)))
		m, err = award.CloseMeeting(t.Context(), d, db.NewOpID(), w.he, w.village, m.ID, "")
		w.must(err)
		if m.Resolution == "" || w.now(good).Meeting != m.ID {
			t.Errorf("the batch is not tied together: %+v", m)
		}
		w.wantErr(w.decide(w.he, m, pass(bad)), award.ErrMeetingClosed, "deciding after the end")
		w.wantState(bad.ID, award.Refused)
		if now := w.now(good); now.State != award.Noticed || now.Points != 400 || now.Quantity != 200 {
			t.Errorf("passed with twice the quantity: %+v", now)
		}

		steps, err := award.StepsOf(t.Context(), d, w.village, bad.ID)
		w.must(err)
		if last := steps[len(steps)-1]; last.Outcome != award.Refuse || last.Reason != "按“捡垃圾”：没有人看见" || last.Meeting != m.ID {
			t.Errorf("the refusal says %+v", last)
		}
		n, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village)
		w.must(err)
		n, err = award.HangNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID, "村口", 0)
		w.must(err)
		clock.Set(n.EndsAt)
		if k, err := award.EndNotices(t.Context(), d); k != 2 || err != nil {
			t.Fatal(k, err)
		}
		w.wantBook(0, 400, 400)
		w.wantBook(1, 0, 0)
		w.wantBook(2, 200, 200)
		steps, err = award.StepsOf(t.Context(), d, w.village, more.ID)
		w.must(err)
		var names []string
		for _, s := range steps {
			names = append(names, s.Step+s.Outcome)
		}
		if want := []string{"record", "checkback", "checkpass", "reviewpass", "notice", "post"}; !equal(names, want) {
			t.Errorf("its life: %v, want %v", names, want)
		}
		w.wantSound()
	})
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestClaimIsNobodysOwnToCheck(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 3)
		closed := rule("庭院评比", "+", 3)
		closed.Recorders = []string{"committee"}
		w.adopt(scheme.Adoption{}, rule("清扫巷道", "+", 2), rule("乱倒垃圾", "-", 5), closed)
		kin := w.ma
		kin.Kin = []models.Household{w.homes[0]}

		own := w.claim(0, "清扫巷道")
		w.wantErr(w.check(kin, pass(own)), models.ErrOwnHome, "a relative checks")
		spoken := w.ask(1, "清扫巷道", "")
		spoken.Way = award.WaySpoken
		a, err := award.Record(t.Context(), d, db.NewOpID(), w.ma, spoken)
		w.must(err)
		if a[0].State != award.Checked {
			t.Errorf("a claim entered by who may check it is %s", a[0].State)
		}
		spoken.Household = w.homes[0].ID
		a, err = award.Record(t.Context(), d, db.NewOpID(), kin, spoken)
		w.must(err)
		if a[0].State != award.Claimed {
			t.Errorf("a claim entered by a relative is %s", a[0].State)
		}
		w.wantErr(w.check(w.ma, pass(a[0])), award.ErrOwnEntry, "the one who entered it checks")

		for item, why := range map[string]string{"乱倒垃圾": "a deduction", "庭院评比": "a rule for the committee"} {
			_, err := award.Claim(t.Context(), d, db.NewOpID(), w.phone(2), award.Ask{Rule: w.rules[item].ID, Note: "我"})
			w.wantErr(err, models.ErrInput, "claiming "+why)
		}
		_, err = award.Record(t.Context(), d, db.NewOpID(), w.ma, w.ask(2, "庭院评比", ""))
		w.wantErr(err, models.ErrForbidden, "a grid worker under the committee's rule")
		w.give(w.ask(2, "庭院评比", ""))
		_, err = award.Record(t.Context(), d, db.NewOpID(), w.phone(2), w.ask(1, "清扫巷道", ""))
		if err == nil {
			t.Error("a family records for another one")
		}
		w.must(award.Withdraw(t.Context(), d, db.NewOpID(), w.phone(0), w.village, own.ID))
		w.wantState(own.ID, award.Withdrawn)
		if err := award.Withdraw(t.Context(), d, db.NewOpID(), w.phone(1), w.village, a[0].ID); err == nil {
			t.Error("a family takes another one's claim back")
		}
	})
}

func TestMeetingStandsAsideForRelatives(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 3)
		w.adopt(scheme.Adoption{Review: scheme.ReviewAll}, rule("清扫巷道", "+", 2))
		_, err := village.AddLink(t.Context(), d, db.NewOpID(), w.tian(), w.village, village.Link{Household: w.homes[0].ID, Account: w.he.Account})
		w.must(err)
		_, err = village.AddLink(t.Context(), d, db.NewOpID(), w.tian(), w.village, village.Link{Household: w.homes[0].ID, Other: w.homes[1].ID, Relation: "兄弟姐妹家"})
		w.must(err)
		he := w.he
		he.Kin, err = village.Kin(t.Context(), d, he.Account)
		w.must(err)
		brother, err := award.Record(t.Context(), d, db.NewOpID(), w.ma, w.ask(1, "清扫巷道", ""))
		w.must(err)
		stranger := w.give(w.ask(2, "清扫巷道", "")) // entered by 何主任
		w.wantState(brother[0].ID, award.Checked)

		m := w.meet(he, heHere, rep)
		w.wantErr(w.decide(he, m, pass(brother[0])), award.ErrNoOther, "the brother beside a name")
		w.wantErr(w.decide(he, m, pass(stranger[0])), award.ErrNoOther, "the recorder beside a name")
		w.wantErr(w.decide(w.tian(), w.meet(w.tian(), heHere), pass(brother[0])), award.ErrNoOther, "nobody but the brother there")
		g, err := award.GetAgenda(t.Context(), d, w.village, m.ID, he)
		w.must(err)
		for _, l := range g.Groups[0].Lines {
			if !l.Stuck || len(l.Aside) != 1 || l.Aside[0] != "何主任" {
				t.Errorf("%s: stuck %v, aside %v", l.Home.Number, l.Stuck, l.Aside)
			}
		}
		full := w.meet(he, heHere, tianHere)
		w.must(w.decide(he, full, pass(brother[0]), pass(stranger[0])))
		steps, err := award.StepsOf(t.Context(), d, w.village, brother[0].ID)
		w.must(err)
		if last := steps[len(steps)-1]; last.Step != award.StepAside || last.Actor != he.Account {
			t.Errorf("nobody stood aside: %+v", steps)
		}
		w.must(w.decide(w.tian(), full, refuse(stranger[0], "看错了"))) // thinks again while it is open
		w.wantState(stranger[0].ID, award.Refused)
		w.wantErr(w.decide(w.tian(), m, pass(stranger[0])), award.ErrMoved, "another meeting")
	})
}

func TestSecondApprovalIsSomebodyElses(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 2)
		w.adopt(scheme.Adoption{SecondOver: 1000, SecondLate: true}, rule("见义勇为", "+", 50), rule("捡垃圾", "+", 1))
		big := w.give(w.ask(0, "见义勇为", ""))[0]
		late := w.give(w.ask(1, "捡垃圾", "2026-11-01"))[0]
		small := w.give(w.ask(1, "捡垃圾", ""))[0]
		for a, want := range map[int64]string{big.ID: award.Pending, late.ID: award.Pending, small.ID: award.Noticed} {
			w.wantState(a, want)
		}
		second := func(by models.Actor, v ...award.Verdict) error {
			return award.Approve(t.Context(), d, db.NewOpID(), by, w.village, v)
		}
		w.wantErr(second(w.he, pass(big)), award.ErrOwnEntry, "who entered it")
		w.wantErr(second(w.ma, pass(big)), models.ErrForbidden, "a grid worker")
		w.must(second(w.tian(), pass(big), refuse(late, "太久了")))
		w.wantState(big.ID, award.Noticed)
		w.wantState(late.ID, award.Refused)
		w.wantErr(second(w.tian(), pass(big)), award.ErrMoved, "twice")

		claimed := w.claim(0, "见义勇为")
		w.must(w.check(w.ma, pass(claimed)))
		w.must(w.decide(w.tian(), w.meet(w.tian(), heHere, tianHere), pass(claimed)))
		w.wantState(claimed.ID, award.Pending)
		w.wantErr(second(w.tian(), pass(claimed)), award.ErrDecided, "who wrote the meeting's decision down")
		w.must(second(w.he, pass(claimed)))
		w.wantState(claimed.ID, award.Noticed)
	})
}

func TestWhatNobodyMayDecideGoesToTheTownship(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 2)
		w.adopt(scheme.Adoption{SecondOver: 1000}, rule("见义勇为", "+", 50))
		w.staff(w.he, models.Committee)
		big := w.give(w.ask(0, "见义勇为", ""))[0]
		for want := range []int{1, 0} { // once, however often the clock comes
			if k, err := award.Escalate(t.Context(), d); k != 1-want || err != nil {
				t.Fatalf("%d went up: %v", k, err)
			}
		}
		other := w.give(w.ask(1, "见义勇为", ""))[0]
		w.staff(w.tian(), models.Committee)
		if k, err := award.Escalate(t.Context(), d); k != 0 || err != nil {
			t.Fatalf("%d went up although 田文书 is there: %v", k, err)
		}
		lines, err := award.Above(t.Context(), d, 3)
		if err != nil || len(lines) != 1 || lines[0].Village != "青石村" || lines[0].Overdue {
			t.Fatalf("%v: %+v", err, lines)
		}
		clock.Add(8 * 24 * time.Hour)
		if lines, _ = award.Above(t.Context(), d, 3); !lines[0].Overdue || lines[0].State != award.Pending {
			t.Errorf("after eight days: %+v", lines[0])
		}
		township := models.Actor{Account: 30, Grants: []models.Grant{{Role: models.Publicity, Area: 3}}}
		decide := func(by models.Actor, a award.Award) error {
			return award.DecideAbove(t.Context(), d, db.NewOpID(), by, w.village, []award.Verdict{pass(a)})
		}
		w.wantErr(decide(w.tian(), big), models.ErrForbidden, "the village decides for the township")
		w.wantErr(decide(township, other), award.ErrMoved, "the township decides the village's own")
		w.must(decide(township, big))
		if now := w.now(big); now.State != award.Noticed || now.Above || now.DueAt != 0 {
			t.Errorf("%+v", now)
		}
	})
}

func TestDecidingMoreThanACapLeavesIsRefusedWithinOneBatch(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{}, rule("清扫巷道", "+", 2, scheme.Cap{Times: 4, Period: "month"}))
		a, b := w.claim(0, "清扫巷道"), w.claim(0, "清扫巷道")
		three := func(a award.Award) award.Verdict {
			return award.Verdict{Award: a.ID, Outcome: award.Pass, Quantity: 300}
		}
		w.wantErr(w.check(w.ma, three(a), three(b)), award.ErrCap, "six of four")
		w.must(w.check(w.ma, three(a), pass(b)))
		m := w.meet(w.he, heHere)
		w.must(w.decide(w.he, m, refuse(a, "只扫了一次"), pass(b)))
		w.claim(0, "清扫巷道")
		w.give(w.ask(0, "清扫巷道", ""), w.ask(0, "清扫巷道", ""))
		w.wantErr(w.decide(w.he, m, pass(a)), award.ErrCap, "passing again what others have used up")

		ahead, err := award.OpenMeeting(t.Context(), d, db.NewOpID(), w.he, w.village, award.Meeting{HeldOn: clock.Now().Day().AddDays(3), Present: []award.Present{heHere}})
		w.must(err)
		w.wantErr(w.decide(w.he, ahead, pass(b)), models.ErrInput, "before the day of the meeting")
	})
}

// staff gives an account its role in the village.
func (w *world) staff(who models.Actor, role models.Role) {
	w.t.Helper()
	w.must(w.d.Aside(w.t.Context(), func(tx *db.Tx) error {
		if _, err := tx.SQL.Exec("INSERT INTO accounts (id, login, name, password, created_at) VALUES (?, ?, ?, '', ?)", who.Account, who.Name, who.Name, int64(tx.Now)); err != nil {
			return err
		}
		_, err := tx.SQL.Exec("INSERT INTO grants (account_id, role, area_id) VALUES (?, ?, ?)", who.Account, string(role), w.village)
		return err
	}))
}

func TestDeductionIsToldBeforeItTakesEffect(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow, DeductFrom: scheme.FromSpend, AppealDays: 7}, rule("庭院整洁", "+", 5), rule("乱倒垃圾", "-", 10))
		w.give(w.ask(0, "庭院整洁", ""))
		_, err := w.record(w.ask(0, "乱倒垃圾", ""))
		w.wantErr(err, models.ErrInput, "without a reason")
		a := w.deduct(0, "乱倒垃圾")
		told, err := award.GetTelling(t.Context(), d, w.village, a.ID)
		w.must(err)
		if a.State != award.Warned || told.Until != clock.Now().Add(7*24*time.Hour) || told.Home.ID != w.homes[0].ID || told.Note == "" {
			t.Errorf("%s, told %+v", a.State, told)
		}
		clock.Set(told.Until - 1)
		if k, err := award.TakeEffect(t.Context(), d); k != 0 || err != nil {
			t.Fatal("too early", k, err)
		}
		w.wantBook(0, 500, 500)
		clock.Set(told.Until)
		for i := range 2 {
			if k, err := award.TakeEffect(t.Context(), d); k != 1-i || err != nil {
				t.Fatal(k, err)
			}
		}
		w.wantState(a.ID, award.Posted)
		w.wantBook(0, 0, -500) // never below zero
		w.wantSound()
	})
}

// deduct records a deduction with its reason.
func (w *world) deduct(home int, item string) award.Award {
	w.t.Helper()
	ask := w.ask(home, item, "")
	ask.Note = "两次提醒后仍倒在路边"
	return w.give(ask)[0]
}

func TestOneActScoresOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 1)
		var drafts []scheme.Draft
		for i, item := range []string{"村级表彰", "县级表彰", "省级表彰"} {
			r := rule(item, "+", int64(10*(i+1)))
			r.OnceGroup = "表彰"
			drafts = append(drafts, r)
		}
		w.adopt(scheme.Adoption{}, drafts...)
		low := w.give(w.ask(0, "村级表彰", ""))[0]
		high := w.give(w.ask(0, "县级表彰", ""))[0]
		w.wantState(low.ID, award.Withdrawn)
		_, err := w.record(w.ask(0, "村级表彰", ""))
		w.wantErr(err, award.ErrSameAct, "the lower one afterwards")
		w.give(w.ask(0, "村级表彰", "2026-11-20")) // another day, another act
		_, err = w.record(w.ask(0, "村级表彰", "2026-11-19"), w.ask(0, "省级表彰", "2026-11-19"))
		w.wantErr(err, award.ErrSameAct, "both at once")

		n, err := award.MakeNotice(t.Context(), d, db.NewOpID(), w.he, w.village)
		w.must(err)
		_, err = award.HangNotice(t.Context(), d, db.NewOpID(), w.he, w.village, n.ID, "村口", 0)
		w.must(err)
		_, err = w.record(w.ask(0, "省级表彰", ""))
		w.wantErr(err, award.ErrSameAct, "when the lower one is on the wall")
		w.wantState(high.ID, award.Noticed)
	})
}

// takeEffect lets the days pass in which a household may object to a deduction.
func (w *world) takeEffect(clock *modelstest.Clock) {
	w.t.Helper()
	clock.Add(8 * 24 * time.Hour)
	if _, err := award.TakeEffect(w.t.Context(), w.d); err != nil {
		w.t.Fatal(err)
	}
}

func TestDecidingAtOnceHappensOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 1)
		w.adopt(scheme.Adoption{Posting: scheme.PostNow}, rule("清扫巷道", "+", 2))
		a := w.claim(0, "清扫巷道")
		w.must(w.check(w.ma, pass(a)))
		var all sync.WaitGroup
		var won atomic.Int64
		for range 6 {
			m := w.meet(w.he, heHere)
			all.Go(func() {
				switch err := w.decide(w.he, m, pass(a)); {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, award.ErrMoved):
					t.Error(say(err))
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d meetings passed it", won.Load())
		}
		w.wantBook(0, 200, 200)
		w.wantSound()
	})
}
