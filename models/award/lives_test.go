package award_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
	"pointstore/models/scheme"
)

// walk is a random life of a village, beside a model that knows only what the
// words say.
type walk struct {
	*world
	clock   *modelstest.Clock
	ding    models.Actor
	meeting award.Meeting
	awards  map[int64]award.Award
	state   map[int64]string
	due     map[int64]models.Millis // deduction → until when the household may object
	on      map[int64]int64         // award → notice
	notices map[int64]models.Millis // notice → end; 0 while it does not hang
	held    map[int64]hold          // frozen award → what holds it
}

type hold struct {
	objection int64
	was       string
}

func TestRandomLivesLeaveBalancesAndNeverPostTheUnhung(t *testing.T) {
	d, clock := modelstest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{world: newWorld(t, d, 3), clock: clock, awards: map[int64]award.Award{}, state: map[int64]string{}, due: map[int64]models.Millis{},
			on: map[int64]int64{}, notices: map[int64]models.Millis{}, held: map[int64]hold{}}
		w.ding = models.Actor{Account: 17, Name: "丁副主任", Grants: []models.Grant{{Role: models.Committee, Area: w.village}}}
		w.adopt(scheme.Adoption{DeductFrom: rapid.SampledFrom([]string{scheme.FromHonour, scheme.FromSpend}).Draw(rt, "deduct"), SecondOver: 1000},
			rule("庭院整洁", "+", 5), rule("见义勇为", "+", 40), rule("乱倒垃圾", "-", 7), rule("基础分", "base", 8), rule("赠送", "gift", 3))
		w.meeting = w.meet(w.ding, heHere, award.Present{Account: 17, Name: "丁副主任"})
		for range rapid.IntRange(1, 50).Draw(rt, "steps") {
			w.step(rt)
		}
		w.check(rt)
	})
}

// deeds are what can happen, and how often.
var deeds = []string{"record", "record", "claim", "claim", "deduct", "check", "check", "meet", "meet", "second", "effect", "withdraw", "make", "hang", "object", "answer", "clock", "end", "end", "correct"}

func (w *walk) step(rt *rapid.T) {
	home := rapid.IntRange(0, 2).Draw(rt, "home")
	switch rapid.SampledFrom(deeds).Draw(rt, "step") {
	case "record":
		item := rapid.SampledFrom([]string{"庭院整洁", "庭院整洁", "见义勇为", "基础分", "赠送"}).Draw(rt, "item")
		a := w.give(w.ask(home, item, ""))[0]
		w.keep(a, map[bool]string{true: award.Pending, false: award.Noticed}[item == "见义勇为"])
	case "claim":
		w.keep(w.claim(home, rapid.SampledFrom([]string{"庭院整洁", "见义勇为"}).Draw(rt, "item")), award.Claimed)
	case "deduct":
		a := w.deduct(home, "乱倒垃圾")
		w.keep(a, award.Warned)
		w.due[a.ID] = a.DueAt
	case "check":
		w.judge(rt, award.Claimed, award.Checked, func(v award.Verdict) error { return w.world.check(w.ma, v) })
	case "meet":
		w.judge(rt, award.Checked, "", func(v award.Verdict) error { return w.decide(w.he, w.meeting, v) })
	case "second":
		w.judge(rt, award.Pending, award.Noticed, func(v award.Verdict) error {
			return award.Approve(rt.Context(), w.d, db.NewOpID(), w.ding, w.village, []award.Verdict{v})
		})
	case "effect":
		if _, err := award.TakeEffect(rt.Context(), w.d); err != nil {
			rt.Fatal(err)
		}
		for id, s := range w.state {
			if s == award.Warned && w.due[id] <= w.clock.Now() {
				w.state[id] = award.Noticed
			}
		}
	case "clock":
		w.clock.Add(time.Duration(rapid.IntRange(1, 50).Draw(rt, "hours")) * time.Hour)
	case "withdraw":
		w.withdraw(rt)
	case "make", "hang", "end":
		w.notice(rt)
	case "object":
		w.objectTo(rt)
	case "answer":
		w.answerOne(rt)
	case "correct":
		if a, ok := w.pick(award.Posted); ok {
			now, err := award.Get(rt.Context(), w.d, w.village, a.ID)
			if err == nil {
				err = award.Correct(rt.Context(), w.d, db.NewOpID(), w.he, a.Household, now.EntrySeq, "记错了")
			}
			if err != nil {
				rt.Fatal(say(err))
			}
			w.state[a.ID] = award.Reversed
		}
	}
}

func (w *walk) keep(a award.Award, state string) { w.awards[a.ID], w.state[a.ID] = a, state }

// pick is the first award in a state.
func (w *walk) pick(state string) (award.Award, bool) {
	for _, id := range slices.Sorted(maps.Keys(w.state)) {
		if w.state[id] == state {
			return w.awards[id], true
		}
	}
	return award.Award{}, false
}

// judge decides one award at random; passed is empty where its size tells.
func (w *walk) judge(rt *rapid.T, from, passed string, decide func(award.Verdict) error) {
	a, ok := w.pick(from)
	if !ok {
		return
	}
	v := award.Verdict{Award: a.ID, Outcome: rapid.SampledFrom([]string{award.Pass, award.Pass, award.Refuse, award.Back}).Draw(rt, "outcome"), Reason: "大家看过"}
	err := decide(v)
	if v.Outcome == award.Back && a.Way == award.WayDoor {
		if !errors.Is(err, models.ErrInput) {
			rt.Fatalf("sending back what staff recorded: %v", err)
		}
		return
	}
	if err != nil {
		rt.Fatalf("%s from %s: %s", v.Outcome, from, say(err))
	}
	switch v.Outcome {
	case award.Refuse:
		w.state[a.ID] = award.Refused
	case award.Back:
		w.state[a.ID] = award.Claimed
	default:
		if passed == "" {
			passed = map[bool]string{true: award.Pending, false: award.Noticed}[a.Points > 1000]
		}
		w.state[a.ID] = passed
	}
}

func (w *walk) withdraw(rt *rapid.T) {
	from := rapid.SampledFrom([]string{award.Claimed, award.Checked, award.Pending, award.Warned, award.Noticed}).Draw(rt, "from")
	a, ok := w.pick(from)
	if !ok {
		return
	}
	err := award.Withdraw(rt.Context(), w.d, db.NewOpID(), w.he, w.village, a.ID)
	if n := w.on[a.ID]; (err == nil) != (n == 0 || w.notices[n] == 0) {
		rt.Fatalf("withdrawing: %v", err)
	}
	if err == nil {
		w.state[a.ID] = award.Withdrawn
	}
}

// notice makes, hangs and ends notices.
func (w *walk) notice(rt *rapid.T) {
	switch rapid.SampledFrom([]string{"make", "hang", "end"}).Draw(rt, "notice") {
	case "make":
		n, err := award.MakeNotice(rt.Context(), w.d, db.NewOpID(), w.he, w.village)
		if err != nil {
			return
		}
		w.notices[n.ID] = 0
		for id, s := range w.state {
			if s == award.Noticed && w.on[id] == 0 {
				w.on[id] = n.ID
			}
		}
	case "hang":
		for _, id := range slices.Sorted(maps.Keys(w.notices)) {
			if w.notices[id] == 0 {
				if n, err := award.HangNotice(rt.Context(), w.d, db.NewOpID(), w.he, w.village, id, "村口", 0); err == nil {
					w.notices[id] = n.EndsAt
				}
				return
			}
		}
	case "end":
		if _, err := award.EndNotices(rt.Context(), w.d); err != nil {
			rt.Fatal(err)
		}
		for id, s := range w.state {
			if ends := w.notices[w.on[id]]; s == award.Noticed && w.on[id] != 0 && ends != 0 && ends <= w.clock.Now() {
				w.state[id] = award.Posted
			}
		}
	}
}

func (w *walk) objectTo(rt *rapid.T) {
	from := rapid.SampledFrom([]string{award.Noticed, award.Noticed, award.Warned}).Draw(rt, "objected")
	a, ok := w.pick(from)
	if !ok {
		return
	}
	o, _, err := award.Object(rt.Context(), w.d, db.NewOpID(), models.Actor{Household: a.Household}, keys.Test(),
		award.ObjectAsk{Village: w.village, About: notice.AboutAward, Award: a.ID, Text: "不是这样的"})
	if err != nil {
		rt.Fatal(say(err))
	}
	w.state[a.ID], w.held[a.ID] = award.Frozen, hold{o.ID, from}
}

func (w *walk) answerOne(rt *rapid.T) {
	a, ok := w.pick(award.Frozen)
	if !ok {
		return
	}
	r := rapid.SampledFrom([]notice.Ruling{yes, no}).Draw(rt, "ruling")
	if err := award.Answer(rt.Context(), w.d, db.NewOpID(), w.ding, w.village, w.held[a.ID].objection, r); err != nil {
		rt.Fatal(say(err))
	}
	w.state[a.ID] = award.Refused
	if r.Outcome == notice.Refused {
		w.state[a.ID] = w.held[a.ID].was
	}
}

func (w *walk) check(rt *rapid.T) {
	sums, honour := map[int64]models.Points{}, map[int64]models.Points{}
	for _, h := range w.homes {
		lines, err := ledger.Statement(rt.Context(), w.d, h, 0, 1000)
		if err != nil {
			rt.Fatal(err)
		}
		for _, e := range lines {
			sums[h.ID] += e.Points
			honour[h.ID] += e.Honour
			if s := w.state[e.Cause]; e.Kind != ledger.Reversal && s != award.Posted && s != award.Reversed {
				rt.Fatalf("line %d posts an award that is %s", e.Seq, s)
			}
		}
		b, err := ledger.Balance(rt.Context(), w.d, h)
		if err != nil || b.Balance != sums[h.ID] || b.Honour != honour[h.ID] {
			rt.Fatalf("%v: balance %s and %s, entries %s and %s", err, b.Balance, b.Honour, sums[h.ID], honour[h.ID])
		}
	}
	want := map[int64]models.Points{}
	for id, s := range w.state {
		if a, err := award.Get(rt.Context(), w.d, w.village, id); err != nil || a.State != s {
			rt.Fatalf("%v: award is %s, want %s", err, a.State, s)
		}
		if s == award.Posted {
			want[w.awards[id].Household.ID] += w.awards[id].Honour
		}
	}
	for h, p := range honour {
		if p != want[h] {
			rt.Fatalf("honour %s, the posted awards add up to %s", p, want[h])
		}
	}
	faults, err := ledger.Audit(rt.Context(), w.d, w.village, nil)
	if err != nil || len(faults) > 0 {
		rt.Fatalf("%v: %v", err, faults)
	}
}
