package notice_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
	"pointstore/models/notice"
)

const week = 7 * 24 * time.Hour

func object(t testing.TB, d *db.DB, clock *modelstest.Clock) (o notice.Objection) {
	t.Helper()
	k := keys.Test()
	o = notice.Objection{Village: village, ID: models.NewID(), About: notice.AboutGoods, Way: "web", Text: "洗衣液少了半瓶", DueAt: clock.Now().Add(week)}
	look, err := k.LookHash(k.LookCode(village, o.ID))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := notice.SealContact(k, "13800138000")
	if err != nil {
		t.Fatal(err)
	}
	id := o.ID
	err = in(t, d, func(tx *db.Tx) (err error) {
		o.ID = id
		o, err = notice.Object(tx, o, look, sealed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestObjectionIsFoundByItsCodeOnly(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		k := keys.Test()
		o := object(t, d, clock)
		object(t, d, clock)
		code := k.LookCode(village, o.ID)
		for _, typed := range []string{code, strings.ToLower(strings.ReplaceAll(code, "-", " "))} {
			got, err := notice.ByLookCode(t.Context(), d, k, typed)
			if err != nil || got.ID != o.ID || got.Text != o.Text {
				t.Errorf("%q: %v %+v", typed, err, got)
			}
		}
		other := k.LookCode(village+1, o.ID)
		for _, wrong := range []string{"", code[:len(code)-1], other, strings.Repeat("A", 900)} {
			if _, err := notice.ByLookCode(t.Context(), d, k, wrong); !errors.Is(err, keys.ErrLookCode) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		got, err := notice.GetObjection(t.Context(), d, village, o.ID)
		if err != nil {
			t.Fatal(err)
		}
		if contact, err := got.Contact(k); err != nil || contact != "13800138000" {
			t.Errorf("contact %q: %v", contact, err)
		}
		if _, err := notice.GetObjection(t.Context(), d, village+1, o.ID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("seen from next door: %v", err)
		}
		var plain int
		if err := d.Stmts(t.Context()).Row("SELECT COUNT(*) FROM objections WHERE contact_sealed LIKE '%138001%'").Scan(&plain); err != nil || plain != 0 {
			t.Errorf("the contact lies open in the database: %v", err)
		}
	})
}

func TestObjectionsAreNumberedOnceEach(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { object(t, d, clock) })
		}
		all.Wait()
		list, err := notice.InYear(t.Context(), d, village, 2026)
		if err != nil || len(list) != 6 {
			t.Fatalf("%v: %d objections", err, len(list))
		}
		for i, o := range list {
			if o.Number != i+1 {
				t.Errorf("number %d stands in place %d", o.Number, i+1)
			}
		}
	})
}

func TestRefusalGoesUpOnceAndInTime(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		no := notice.Ruling{Outcome: notice.Refused, Heard: "村民说少半瓶；管理员说当面验过", Reason: "监控里是满的"}
		decide := func(o notice.Objection) error {
			return in(t, d, func(tx *db.Tx) error { return notice.Decide(tx, o, no, 7, tx.Now.Add(week)) })
		}
		appeal := func(o notice.Objection) error {
			return in(t, d, func(tx *db.Tx) error { return notice.Appeal(tx, o, "监控看不清", tx.Now.Add(week)) })
		}
		o, late := object(t, d, clock), object(t, d, clock)
		if err := appeal(o); !errors.Is(err, notice.ErrNoAppeal) {
			t.Errorf("appealed before the village answered: %v", err)
		}
		for _, x := range []notice.Objection{o, late} {
			if err := decide(x); err != nil {
				t.Fatal(err)
			}
			if err := decide(x); !errors.Is(err, notice.ErrAnswered) {
				t.Errorf("decided twice: %v", err)
			}
		}
		clock.Add(week - time.Millisecond)
		if err := appeal(o); err != nil {
			t.Fatal(err)
		}
		if err := appeal(o); !errors.Is(err, notice.ErrNoAppeal) {
			t.Errorf("appealed twice: %v", err)
		}
		clock.Add(time.Millisecond)
		if err := appeal(late); !errors.Is(err, notice.ErrNoAppeal) {
			t.Errorf("appealed too late: %v", err)
		}
		if gone, _ := notice.Unappealed(t.Context(), d, clock.Now()); len(gone) != 1 || gone[0].ID != late.ID {
			t.Errorf("to be closed: %+v", gone)
		}
		got, _ := notice.GetObjection(t.Context(), d, village, o.ID)
		if got.Late(clock.Now()) || !got.Late(got.AppealDue) {
			t.Error("an appeal is late when the township's days are over, and not before")
		}
		yes := notice.Ruling{Outcome: notice.Upheld, Heard: "两边都问了", Reason: "退换一瓶"}
		if err := in(t, d, func(tx *db.Tx) error { return notice.JudgeAppeal(tx, o, yes, 9) }); err != nil {
			t.Fatal(err)
		}
		got, _ = notice.GetObjection(t.Context(), d, village, o.ID)
		if outcome, reason, _ := got.Final(); outcome != notice.Upheld || reason != "退换一瓶" || got.Outcome != notice.Refused || got.State != notice.Settled {
			t.Errorf("%+v", got)
		}
	})
}

func TestRulingWantsBothSidesAndAReason(t *testing.T) {
	for _, r := range []notice.Ruling{{}, {Outcome: "maybe", Heard: "都问了", Reason: "有理"}, {Outcome: notice.Upheld, Reason: "有理有据"}, {Outcome: notice.Refused, Heard: "都问了"},
		{Outcome: notice.Upheld, Heard: "都问了", Reason: strings.Repeat("长", 501)}} {
		if models.KindOf(r.Check()) != models.Input {
			t.Errorf("%+v passes", r)
		}
	}
}
