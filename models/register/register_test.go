package register_test

import (
	"errors"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
	"pointstore/models/register"
	"pointstore/models/village"
)

// today is the day on which the tests' clock starts.
var today = modelstest.Start.Day()

// world is 青石村: 何主任 whose home is 002, and three households.
type world struct {
	t                 *testing.T
	d                 *db.DB
	v                 int64
	he, other         models.Actor
	ma, own, li, shut models.Household
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, v: models.NewID()}
	w.must(d.Aside(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, city_id, county_id, township_id) VALUES (?, 'village', '青石村', 1, 2, 3)", w.v); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("INSERT INTO villages (village_id, red_list) VALUES (?, 1)", w.v); err != nil {
			return err
		}
		var args []any
		for i, h := range []*models.Household{&w.ma, &w.own, &w.li, &w.shut} {
			*h = models.Household{Village: w.v, ID: models.NewID()}
			hidden := 0
			if h == &w.shut {
				hidden = 1
			}
			args = append(args, w.v, h.ID, []string{"012", "002", "003", "004"}[i], 3, []string{"马少明", "何建国", "李桂兰", "丁力"}[i], "清泉巷 8 号", hidden, "", int64(tx.Now))
		}
		return tx.SQL.Many("INSERT INTO households (village_id, id, number, group_no, head_name, lane, hidden, search, created_at)", "", 9, args)
	}))
	w.he = models.Actor{Account: 7, Name: "何主任", Grants: []models.Grant{{Role: models.Committee, Area: w.v}}, Kin: []models.Household{w.own}}
	w.other = models.Actor{Account: 8, Name: "杨文书", Grants: []models.Grant{{Role: models.Committee, Area: w.v}}}
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) want(err, code error) {
	w.t.Helper()
	if !errors.Is(err, code) {
		w.t.Errorf("got %v, want %v", err, code)
	}
}

func (w *world) suspension(h models.Household) register.Suspension {
	return register.Suspension{Household: h, Reason: "婚宴大操大办，劝过两次", Basis: "村规民约第 9 条，第 11 次两委会议", ToldOn: today, ToldHow: "送达告知单",
		AppealUntil: today.AddDays(7), From: today.AddDays(8), Until: today.AddDays(97)}
}

func (w *world) suspend(s register.Suspension, by models.Actor) (int64, error) {
	return register.Suspend(w.t.Context(), w.d, db.NewOpID(), by, s)
}

func (w *world) standing(id int64, day models.Date) register.Standing {
	w.t.Helper()
	s, err := register.GetSuspension(w.t.Context(), w.d, w.v, id)
	w.must(err)
	return s.StandingOn(day)
}

// object writes an objection about a suspension down, as its family does.
func (w *world) object(s int64, h models.Household) notice.Objection {
	w.t.Helper()
	o := notice.Objection{Village: w.v, ID: models.NewID(), About: notice.AboutHonour, Subject: s, Household: h.ID, For: h.ID, Way: "spoken", Text: "那天只请了本家", DueAt: w.d.Now().Add(7 * 24 * time.Hour)}
	w.must(w.d.Aside(w.t.Context(), func(tx *db.Tx) (err error) {
		o, err = notice.Object(tx, o, nil, nil)
		return err
	}))
	return o
}

func TestSuspensionBeginsAfterTheAppealAndEndsByItsDate(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d)
		id, err := w.suspend(w.suspension(w.ma), w.he)
		w.must(err)
		for day, want := range map[models.Date]register.Standing{today: register.Appealable, today.AddDays(7): register.Appealable, today.AddDays(8): register.InForce, today.AddDays(97): register.InForce, today.AddDays(98): register.Over} {
			if got := w.standing(id, day); got != want {
				t.Errorf("on %s it is %s, want %s", day, got, want)
			}
		}
		out, err := register.Suspended(t.Context(), d, w.v, today.AddDays(8))
		w.must(err)
		if !out[w.ma.ID] || len(out) != 1 {
			t.Errorf("suspended are %v, want the one household", out)
		}

		_, err = w.suspend(w.suspension(w.ma), w.he)
		w.want(err, register.ErrSuspended)
		w.want(register.Lift(t.Context(), d, db.NewOpID(), w.he, w.v, id, " "), models.ErrInput)
		w.must(register.Lift(t.Context(), d, db.NewOpID(), w.he, w.v, id, "查明是误会"))
		w.want(register.Lift(t.Context(), d, db.NewOpID(), w.he, w.v, id, "再来一次"), register.ErrNotLive)
		if got := w.standing(id, today.AddDays(9)); got != register.Lifted {
			t.Errorf("it is %s after being lifted", got)
		}
		_, err = w.suspend(w.suspension(w.ma), w.he)
		w.must(err)
	})
}

func TestSuspensionWaitsForAnAppealAndFallsWithIt(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d)
		id, err := w.suspend(w.suspension(w.ma), w.he)
		w.must(err)
		w.object(id, w.li) // not theirs to appeal
		if got := w.standing(id, today.AddDays(9)); got != register.InForce {
			t.Errorf("a neighbour's objection makes it %s", got)
		}
		o := w.object(id, w.ma)
		if got := w.standing(id, today.AddDays(9)); got != register.Held {
			t.Errorf("with an open objection it is %s", got)
		}
		set := func(outcome, state string) {
			w.must(d.Aside(t.Context(), func(tx *db.Tx) error {
				_, err := tx.SQL.Exec("UPDATE objections SET outcome = ?, state = ? WHERE village_id = ? AND id = ?", outcome, state, w.v, o.ID)
				return err
			}))
		}
		set(notice.Refused, notice.Decided)
		if got := w.standing(id, today.AddDays(9)); got != register.InForce {
			t.Errorf("with a refused objection it is %s", got)
		}
		set(notice.Upheld, notice.Settled)
		if got := w.standing(id, today.AddDays(9)); got != register.Overturned {
			t.Errorf("with an upheld objection it is %s", got)
		}
	})
}

func TestSuspensionRefuses(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d)
	for name, spoil := range map[string]func(*register.Suspension){
		"without a reason":      func(s *register.Suspension) { s.Reason = "" },
		"without a basis":       func(s *register.Suspension) { s.Basis = " " },
		"told tomorrow":         func(s *register.Suspension) { s.ToldOn = today.AddDays(1) },
		"six days of appeal":    func(s *register.Suspension) { s.AppealUntil = today.AddDays(6) },
		"begun before":          func(s *register.Suspension) { s.From = s.AppealUntil },
		"ended before it began": func(s *register.Suspension) { s.Until = s.From.AddDays(-1) },
		"for his faith":         func(s *register.Suspension) { s.Reason = "参加宗教活动" },
		"for ever":              func(s *register.Suspension) { s.Until = s.From.AddDays(400) },
	} {
		s := w.suspension(w.ma)
		spoil(&s)
		if _, err := w.suspend(s, w.he); !errors.Is(err, models.ErrInput) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := w.suspend(w.suspension(w.own), w.he)
	w.want(err, models.ErrOwnHome)
	_, err = w.suspend(w.suspension(w.ma), models.Actor{Account: 9, Grants: []models.Grant{{Role: models.GridWorker, Area: w.v}}})
	w.want(err, models.ErrForbidden)
	id, err := w.suspend(w.suspension(w.own), w.other)
	w.must(err)
	w.want(register.Lift(t.Context(), d, db.NewOpID(), w.he, w.v, id, "没有这回事"), models.ErrOwnHome)
}

func (w *world) showing(h models.Household, list string) register.Showing {
	return register.Showing{Household: h, List: list, Title: "好公婆", Reason: "照顾老人十年", Consent: "书面签字", ConsentOn: today, From: today, Until: today.AddDays(20)}
}

func (w *world) show(s register.Showing) (int64, error) {
	return register.Show(w.t.Context(), w.d, db.NewOpID(), w.he, s)
}

func (w *world) board(day models.Date) (red, black []register.OnBoard) {
	w.t.Helper()
	red, black, err := register.Board(w.t.Context(), w.d, w.v, day)
	w.must(err)
	return red, black
}

func TestRedListShowsWhoAgreedMaskedUntilADay(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d)
		id, err := w.show(w.showing(w.ma, register.Red))
		w.must(err)
		_, err = w.show(w.showing(w.ma, register.Red))
		w.want(err, register.ErrShown)
		_, err = w.show(w.showing(w.li, register.Red))
		w.must(err)
		red, black := w.board(today)
		want := []register.OnBoard{{"李*兰 3组003", "好公婆", "照顾老人十年", today.AddDays(20)}, {"马*明 3组012", "好公婆", "照顾老人十年", today.AddDays(20)}}
		if len(red) != 2 || red[0] != want[0] || red[1] != want[1] || len(black) != 0 {
			t.Errorf("the board shows %v and %v", red, black)
		}
		if red, _ := w.board(today.AddDays(21)); len(red) != 0 {
			t.Errorf("after its day the board still shows %v", red)
		}

		// Who asks not to be shown is off at once, and so is who takes consent back.
		w.must(village.SetHidden(t.Context(), d, db.NewOpID(), models.Actor{Household: w.li}, w.li, true))
		if red, _ := w.board(today); len(red) != 1 {
			t.Errorf("a hidden household is shown: %v", red)
		}
		w.want(register.Drop(t.Context(), d, db.NewOpID(), models.Actor{Household: w.li}, w.v, id), models.ErrForbidden)
		w.must(register.Drop(t.Context(), d, db.NewOpID(), models.Actor{Household: w.ma}, w.v, id))
		if red, _ := w.board(today); len(red) != 0 {
			t.Errorf("the board shows %v after consent was taken back", red)
		}

		_, err = w.show(w.showing(w.shut, register.Red))
		w.want(err, register.ErrHidden)
		_, err = w.show(w.showing(w.own, register.Red))
		w.want(err, models.ErrOwnHome)
		none := w.showing(w.ma, register.Red)
		none.Consent = ""
		_, err = w.show(none)
		w.want(err, models.ErrInput)
	})
}

func TestRedListLeavesTheSuspendedOut(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d)
	_, err := w.show(w.showing(w.ma, register.Red))
	w.must(err)
	_, err = w.suspend(w.suspension(w.ma), w.he)
	w.must(err)
	if red, _ := w.board(today.AddDays(7)); len(red) != 1 {
		t.Errorf("off the board before the suspension began: %v", red)
	}
	if red, _ := w.board(today.AddDays(8)); len(red) != 0 {
		t.Errorf("on the board while suspended: %v", red)
	}
	clock.Set(today.AddDays(8).Start())
	s := w.showing(w.ma, register.Red)
	s.Title, s.From, s.Until = "示范户", today.AddDays(8), today.AddDays(30)
	_, err = w.show(s)
	w.want(err, register.ErrNoHonour)
}

func TestBlackListIsThereOnlyWhereSwitchedOn(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d)
		s := w.showing(w.ma, register.Black)
		s.Title, s.Reason, s.Consent, s.ConsentOn = "乱倒垃圾", "三次提醒没有清理", "", ""
		_, err := w.show(s)
		w.want(err, register.ErrNoBlack)
		w.want(village.SetBlackList(t.Context(), d, db.NewOpID(), w.he, w.v, true, ""), models.ErrInput)
		w.must(village.SetBlackList(t.Context(), d, db.NewOpID(), w.he, w.v, true, "第4次村民代表会议"))
		long := s
		long.Until = today.AddDays(30)
		_, err = w.show(long)
		w.want(err, models.ErrInput)
		_, err = w.show(s)
		w.must(err)
		if _, black := w.board(today); len(black) != 1 || black[0].Household != "马*明 3组012" {
			t.Errorf("the black list shows %v", black)
		}
		w.must(village.SetBlackList(t.Context(), d, db.NewOpID(), w.he, w.v, false, ""))
		if _, black := w.board(today); len(black) != 0 {
			t.Errorf("switched off, the black list shows %v", black)
		}
	})
}
