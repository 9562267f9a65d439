package register

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// Suspension takes a household out of honours (评优评先、红榜) from a day until a
// day, both included. Points, exchange and rights stay as they are. It begins
// only after the household could appeal, and waits while an appeal is heard.
type Suspension struct {
	ID           int64
	Household    models.Household
	Home         village.Home
	Reason       string // what happened
	Basis        string // the article of the village's rules, or the resolution
	From, Until  models.Date
	AppealUntil  models.Date
	ToldOn       models.Date
	ToldHow      string
	MadeAt       models.Millis
	MadeBy       int64
	LiftedAt     models.Millis
	LiftedBy     int64
	LiftedReason string
	Objections   []notice.Objection // about it, oldest first
}

// How a household can be told; the last leaves the paper in its hands.
var Tellings = []string{"当面告知", "电话告知", "送达告知单"}

// AppealDays is the least time a household has between being told and the last
// day of its appeal.
const AppealDays = 7

// longest is how many days a suspension may last.
const longest = 366

const textMost = 200

// Standing is where a suspension stands on a day.
type Standing string

// The standings. Only InForce has an effect.
const (
	Appealable Standing = "appealable" // told; not begun
	Held       Standing = "held"       // an appeal is not answered yet
	InForce    Standing = "in_force"
	Over       Standing = "over"
	Lifted     Standing = "lifted"
	Overturned Standing = "overturned" // an appeal was upheld
)

// StandingOn says where the suspension stands on a day.
func (s Suspension) StandingOn(day models.Date) Standing {
	held := false
	for _, o := range s.Objections {
		if outcome, _, _ := o.Final(); outcome == notice.Upheld {
			return Overturned
		}
		// Only the family's own, and in time: else anybody could put it off for ever.
		held = held || o.Pending() && o.Household == s.Household.ID && o.MadeAt.Day() <= s.AppealUntil
	}
	switch {
	case s.LiftedAt != 0:
		return Lifted
	case day > s.Until:
		return Over
	case held:
		return Held
	case day < s.From:
		return Appealable
	}
	return InForce
}

// Live reports whether the suspension has an effect on the day or may get one.
func (s Suspension) Live(day models.Date) bool {
	at := s.StandingOn(day)
	return at == Appealable || at == Held || at == InForce
}

// The refusals.
var (
	ErrSuspended = &models.Error{Kind: models.Conflict, Code: "suspended", Say: "这一户已经有一条没到期的暂停评优，没有重复登记；要改日期，请先解除再登记"}
	ErrNotLive   = &models.Error{Kind: models.Conflict, Code: "not_suspended", Say: "这一条已经到期或者解除了，没有改动"}
)

func (s *Suspension) check(today models.Date) error {
	err := written(words{"reason", "事由", &s.Reason, textMost}, words{"basis", "依据", &s.Basis, textMost}, words{"told_how", "怎样告知", &s.ToldHow, 12})
	if err != nil {
		return err
	}
	if err := lawful("reason", s.Reason); err != nil {
		return err
	}
	for _, d := range []struct {
		field, title string
		d            *models.Date
	}{{"told_on", "告知日期", &s.ToldOn}, {"appeal_until", "申诉截止", &s.AppealUntil}, {"from", "从哪天起", &s.From}, {"until", "到哪天止", &s.Until}} {
		if err := day(d.field, d.title, d.d); err != nil {
			return err
		}
	}
	switch {
	case s.ToldOn > today:
		return wrong("told_on", "要先告知这一户，再登记")
	case s.AppealUntil < s.ToldOn.AddDays(AppealDays) || s.AppealUntil < today:
		return wrong("appeal_until", "告知以后至少留 7 天让这一户申诉，最后一天也不能已经过去")
	case s.From <= s.AppealUntil:
		return wrong("from", "申诉截止以后才能开始，请把开始日期往后放")
	case s.Until < s.From:
		return wrong("until", "截止日期不能早于开始日期")
	case s.Until > s.From.AddDays(longest-1):
		return wrong("until", "最多暂停一年")
	}
	return nil
}

// Suspend writes a suspension down. The household has been told before; nobody
// suspends their own household or a linked one.
func Suspend(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, s Suspension) (id int64, err error) {
	s = Suspension{ID: models.NewID(), Household: s.Household, Reason: s.Reason, Basis: s.Basis, From: s.From, Until: s.Until, AppealUntil: s.AppealUntil, ToldOn: s.ToldOn, ToldHow: s.ToldHow}
	if err := s.check(today(d)); err != nil {
		return 0, err
	}
	h, asked := s.Household, s
	asked.ID = 0
	id = s.ID
	again := func(_ *db.Tx, first int64) error { id = first; return nil }
	err = d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "suspend", Asked: asked, By: by, Subject: s.ID, Again: again}, func(tx *db.Tx) error {
		home, err := mayFor(tx, by, models.ReviewAwards, h)
		if err != nil {
			return err
		}
		if home.Left() {
			return errGone
		}
		// The household's row is the guard: of two who suspend at once, one starts
		// again and then sees the other's.
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE households SET version = version + 1 WHERE village_id = ? AND id = ? AND version = ?", h.Village, h.ID, home.Version); err != nil {
			return err
		}
		all, err := Suspensions(ctx, tx, h.Village, h.ID)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Live(tx.Now.Day()) {
				return ErrSuspended
			}
		}
		return s.write(tx, by)
	})
	return id, err
}

var errGone = &models.Error{Kind: models.Conflict, Code: "household_left", Say: "这一户已经不在村里，没有登记"}

func (s Suspension) write(tx *db.Tx, by models.Actor) error {
	_, err := tx.SQL.Exec(`INSERT INTO suspensions (village_id, id, household_id, reason, basis, from_day, until_day, appeal_until, told_on, told_how, made_at, made_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Household.Village, s.ID, s.Household.ID, s.Reason, s.Basis, string(s.From), string(s.Until), string(s.AppealUntil), string(s.ToldOn), s.ToldHow, int64(tx.Now), by.Account)
	if err != nil {
		return err
	}
	return tx.Note(s.Household.Village, db.Note{Field: "suspended", New: string(s.From) + " — " + string(s.Until)}, db.Note{Field: "reason", New: s.Reason})
}

// Lift ends a suspension early, with a reason. Nobody lifts their own
// household's.
func Lift(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, reason string) error {
	if err := written(words{"reason", "解除的理由", &reason, textMost}); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "suspend_lift", Asked: []any{id, reason}, By: by, Subject: id}, func(tx *db.Tx) error {
		s, err := GetSuspension(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if _, err := mayFor(tx, by, models.ReviewAwards, s.Household); err != nil {
			return err
		}
		if !s.Live(tx.Now.Day()) {
			return ErrNotLive
		}
		if err := tx.SQL.Must(1, ErrNotLive, "UPDATE suspensions SET lifted_at = ?, lifted_by = ?, lifted_reason = ? WHERE village_id = ? AND id = ? AND lifted_at = 0",
			int64(tx.Now), by.Account, reason, v, id); err != nil {
			return err
		}
		return tx.Note(v, db.Note{Field: "suspended", Old: string(s.From) + " — " + string(s.Until)}, db.Note{Field: "lifted", New: reason})
	})
}
