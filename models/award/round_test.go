package award_test

import (
	"errors"
	"slices"
	"testing"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

// roundWalk is a round in 青石村: six households, 小马 walks, household 1 is 小马's own.
type roundWalk struct {
	*world
	round award.Round
}

func newWalk(t *testing.T, d *db.DB) *roundWalk {
	t.Helper()
	w := &roundWalk{world: newWorld(t, d, 6)}
	w.ma.Kin = []models.Household{w.homes[1]}
	w.adopt(scheme.Adoption{Posting: scheme.PostNotice, NoticeDays: 3, PointRate: 10000},
		rule("庭院整洁", scheme.Plus, 5, scheme.Cap{Times: 2, Period: "month", Per: "household"}), rule("庭院一般", scheme.Plus, 2))
	w.round = w.start("第1轮")
	return w
}

func (w *roundWalk) start(name string) award.Round {
	w.t.Helper()
	r, err := award.StartRound(w.t.Context(), w.d, db.NewOpID(), w.he, award.NewRound{Village: w.village, Name: name,
		Worths: []award.Worth{{Result: award.Clean, Rule: w.rules["庭院整洁"].ID}, {Result: award.Fair, Rule: w.rules["庭院一般"].ID}}})
	w.must(err)
	return r
}

func (w *roundWalk) mark(home int, result string) award.Mark {
	return award.Mark{Household: w.homes[home].ID, Result: result, Op: db.NewOpID(), MarkedAt: w.d.Now()}
}

func (w *roundWalk) send(by models.Actor, marks ...award.Mark) []award.Sent {
	w.t.Helper()
	sent, err := award.SendMarks(w.t.Context(), w.d, db.NewOpID(), by, w.village, w.round.ID, marks)
	w.must(err)
	return sent
}

func (w *roundWalk) want(sent []award.Sent, outcomes ...string) {
	w.t.Helper()
	var got []string
	for _, s := range sent {
		got = append(got, s.Outcome)
	}
	if !slices.Equal(got, outcomes) {
		w.t.Fatalf("got %v, want %v: %+v", got, outcomes, sent)
	}
}

// given lists what the round has left standing for a household.
func (w *roundWalk) given(home int) (points []models.Points) {
	w.t.Helper()
	all, err := award.ByHousehold(w.t.Context(), w.d, w.homes[home], models.Cursor{})
	w.must(err)
	for _, a := range all {
		if a.Stands() {
			points = append(points, a.Shown())
		}
	}
	return points
}

func (w *roundWalk) wantGiven(home int, points ...models.Points) {
	w.t.Helper()
	if got := w.given(home); !slices.Equal(got, points) {
		w.t.Errorf("household %d has %v, want %v", home, got, points)
	}
}

func (w *roundWalk) missing() (n []int) {
	w.t.Helper()
	doors, err := award.Missing(w.t.Context(), w.d, w.round)
	w.must(err)
	for _, d := range doors {
		n = append(n, slices.Index(w.homes, d.Household))
	}
	slices.Sort(n)
	return n
}

func TestMarksAreTakenOnceHoweverTheyCome(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWalk(t, d)
		op, batch := db.NewOpID(), []award.Mark{w.mark(0, award.Clean), w.mark(2, award.Fair), w.mark(3, award.Poor), w.mark(4, award.Away)}
		for range 2 { // the answer was lost after the commit, so the phone sends the batch again
			sent, err := award.SendMarks(t.Context(), d, op, w.ma, w.village, w.round.ID, batch)
			w.must(err)
			w.want(sent, "saved", "saved", "saved", "saved")
			if sent[0].Points != 500 || sent[1].Points != 200 || sent[2].Points != 0 {
				t.Errorf("%+v", sent)
			}
		}
		if _, err := award.SendMarks(t.Context(), d, op, w.ma, w.village, w.round.ID, batch[:1]); !errors.Is(err, models.ErrReused) {
			t.Error("the same operation with other doors:", err)
		}
		w.want(w.send(w.ma, batch[0], w.mark(5, award.Clean)), "saved", "saved") // the same tap in another batch
		w.wantGiven(0, 500)
		w.wantGiven(2, 200)
		w.wantGiven(3)
		w.wantGiven(5, 500)
		if got := w.missing(); !slices.Equal(got, []int{1, 4}) {
			t.Error("missing", got)
		}
	})
}

func TestMarksRefusedKeepNoOtherBack(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWalk(t, d)
		w.set(2, "joining", "out")
		w.set(3, "left_at", 5)
		stranger := award.Mark{Household: models.NewID(), Result: award.Clean, Op: db.NewOpID()}
		sent := w.send(w.ma, w.mark(0, award.Clean), w.mark(1, award.Clean), w.mark(2, award.Clean), w.mark(3, award.Clean), stranger, w.mark(4, "sparkling"), w.mark(5, award.Fair))
		w.want(sent, "saved", "refused", "refused", "refused", "refused", "refused", "saved")
		w.wantGiven(0, 500)
		w.wantGiven(5, 200)
		w.want(w.send(w.ma, w.mark(1, award.Handed)), "saved")
		if got := w.missing(); !slices.Equal(got, []int{1, 4}) {
			t.Error("a handed door is still to be seen; missing", got)
		}
		w.want(w.send(w.he, w.mark(1, award.Clean)), "saved")
		w.wantGiven(1, 500)
		w.must(award.CloseRound(t.Context(), d, db.NewOpID(), w.ma, w.village, w.round.ID))
		late := w.mark(4, award.Clean)
		if _, err := award.SendMarks(t.Context(), d, db.NewOpID(), w.ma, w.village, w.round.ID, []award.Mark{late}); !errors.Is(err, award.ErrRoundOver) {
			t.Error(err)
		}
		w.must(award.ReopenRound(t.Context(), d, db.NewOpID(), w.he, w.village, w.round.ID))
		w.want(w.send(w.ma, late), "saved")
	})
}

func TestMarksOfTwoPhonesKeepTheFirst(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWalk(t, d)
		other := w.ma
		other.Account, other.Kin = 9, nil
		w.want(w.send(w.ma, w.mark(0, award.Clean)), "saved")
		sent := w.send(other, w.mark(0, award.Fair))
		w.want(sent, "already")
		if sent[0].Result != award.Clean || sent[0].Account != w.ma.Account || sent[0].Points != 500 {
			t.Errorf("%+v", sent)
		}
		w.wantGiven(0, 500)
		w.want(w.send(w.ma, w.mark(0, award.Fair)), "changed")
		w.wantGiven(0, 200)
		w.want(w.send(w.he, w.mark(0, award.Poor)), "changed")
		w.wantGiven(0)
		w.want(w.send(w.ma, w.mark(2, award.Away)), "saved")
		w.want(w.send(other, w.mark(2, award.Fair)), "saved")
		w.wantGiven(2, 200)
	})
}

func TestMarkStandsWhenTheCapIsUsedUp(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWalk(t, d)
		for _, name := range []string{"第2轮", "第3轮"} {
			w.want(w.send(w.ma, w.mark(0, award.Clean)), "saved")
			w.round = w.start(name)
		}
		sent := w.send(w.ma, w.mark(0, award.Clean), w.mark(2, award.Clean))
		w.want(sent, "saved", "saved")
		if sent[0].Points != 0 || sent[0].Say == "" || sent[1].Points != 500 {
			t.Errorf("%+v", sent)
		}
		w.wantGiven(0, 500, 500)
		w.wantGiven(2, 500)
	})
}

func TestMarkOfFullMarksCountsFaults(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWalk(t, d)
	yard := rule("庭院百分制", scheme.Plus, 10)
	yard.FullPoints, yard.FaultPoints, yard.Faults = 1000, 50, []scheme.Fault{{Name: "柴草乱堆"}, {Name: "污水外流", Points: 200}}
	yard.PointsMin, yard.PointsMax = 0, 1000
	w.adopt(scheme.Adoption{AdoptedOn: "2025-02-01", Posting: scheme.PostNotice, NoticeDays: 3, PointRate: 10000}, yard)
	var err error
	w.round, err = award.StartRound(t.Context(), d, db.NewOpID(), w.he, award.NewRound{Village: w.village, Name: "打分", Full: w.rules["庭院百分制"].ID})
	w.must(err)
	scored := func(home int, faults ...int) award.Mark {
		m := w.mark(home, award.Scored)
		m.Faults, m.Score = faults, 99999 // the server counts for itself
		return m
	}
	var all []int
	for range 5 {
		all = append(all, 1)
	}
	sent := w.send(w.ma, scored(0), scored(2, 0, 1, award.OtherFault), scored(3, all...), scored(4, 7))
	w.want(sent, "saved", "saved", "saved", "refused")
	w.wantGiven(0, 1000)
	w.wantGiven(2, 700)
	w.wantGiven(3)
	doors, err := award.Route(t.Context(), d, w.round)
	w.must(err)
	passed, inspected := 0, 0
	for _, g := range award.ByGroup(award.RoundRates(w.round, doors)) {
		passed, inspected = passed+g.Passed, inspected+g.Inspected
	}
	if passed != 1 || inspected != 3 {
		t.Errorf("%d of %d passed, want 1 of 3: 8 points make a pass", passed, inspected)
	}
}

func TestLastMarksCountEachHouseholdOnce(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWalk(t, d)
	w.set(0, "lane", "东巷")
	w.set(3, "lane", "东巷")
	w.want(w.send(w.he, w.mark(0, award.Clean), w.mark(3, award.Poor), w.mark(1, award.Clean), w.mark(2, award.Away), w.mark(4, award.Vacant)), "saved", "saved", "saved", "saved", "saved")
	w.round = w.start("第2轮")
	w.want(w.send(w.he, w.mark(3, award.Clean), w.mark(0, award.Away), w.mark(1, award.Fair)), "saved", "saved", "saved")
	day := w.round.Day
	rates, err := award.LastMarks(t.Context(), d, w.village, day, day.AddDays(1))
	w.must(err)
	want := []award.Rate{{Group: 1, Lane: "东巷", Passed: 2, Inspected: 2}, {Group: 2, Passed: 0, Inspected: 1}}
	if !slices.Equal(rates, want) {
		t.Errorf("got %+v, want %+v", rates, want)
	}
	if rates, err := award.LastMarks(t.Context(), d, w.village, day.AddDays(1), day.AddDays(9)); len(rates) != 0 || err != nil {
		t.Errorf("%+v %v", rates, err)
	}
	doors, err := award.Route(t.Context(), d, w.round)
	w.must(err)
	for _, door := range doors {
		if door.Household == w.homes[0] && (door.Last.Result != award.Clean || door.LastDay != day || door.Mark.Result != award.Away) {
			t.Errorf("%+v", door)
		}
	}
}
