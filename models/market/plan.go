package market

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Where an announced opening stands.
const (
	PlanPlanned = "planned"
	PlanOpened  = "opened"
	PlanDropped = "dropped"
)

// Plan is an opening that is announced (兑换日): people know the day before they
// set out.
type Plan struct {
	Village     int64
	ID          int64
	Counter     int64
	CounterName string
	Day         models.Date
	From, Until string // times of day: 09:00
	Place       string
	Note        string
	State       string
	Opening     int64 // the opening that came of it
}

// When is the plan's time in words: 12月5日 09:00–11:30.
func (p Plan) When() string { return p.Day.Short() + " " + p.From + "–" + p.Until }

// PlanForm announces an opening.
type PlanForm struct {
	Village int64
	Counter int64
	Day     models.Date
	From    string
	Until   string
	Place   string // the counter's when empty
	Note    string
}

// The refusals about plans.
var (
	ErrNoPlan    = models.ErrNotFound.With("没有找到这次兑换日，可能已经取消；没有改动")
	ErrPlanGone  = &models.Error{Kind: models.Conflict, Code: "plan_gone", Say: "这次兑换日已经开过或取消了，没有改动"}
	ErrPlanTwice = &models.Error{Kind: models.Conflict, Code: "plan_twice", Field: "day", Say: "这个兑换点那天已有安排，时间重叠，没有保存；请改时间"}
)

// planDays is how far ahead an opening may be announced.
const planDays = 400

var timeOfDay = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

func (f PlanForm) tidy(today models.Date) (PlanForm, error) {
	f.Place, f.Note = models.Normal(f.Place), strings.TrimSpace(f.Note)
	f.From, f.Until = models.Normal(f.From), models.Normal(f.Until)
	switch {
	case f.Counter == 0:
		return f, models.ErrInput.With("请选哪个兑换点，没有保存").At("counter")
	case f.Day < today:
		return f, models.ErrInput.With("“日期”要填今天或以后，没有保存").At("day")
	case f.Day > today.AddDays(planDays):
		return f, models.ErrInput.With("“日期”太远了，没有保存；请核对").At("day")
	case !timeOfDay.MatchString(f.From):
		return f, models.ErrInput.With("“开始”要填时间，如 09:00，没有保存").At("from")
	case !timeOfDay.MatchString(f.Until) || f.Until <= f.From:
		return f, models.ErrInput.With("“结束”要晚于开始，如 11:30，没有保存").At("until")
	}
	if err := fits("place", "地点", f.Place, 64); err != nil {
		return f, err
	}
	return f, fits("note", "说明", f.Note, 120)
}

// AddPlan announces an opening on the village's board.
func AddPlan(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, form PlanForm) (p Plan, err error) {
	form, err = form.tidy(d.Now().Day())
	if err == nil {
		err = may(ctx, d, by, models.KeepStock, form.Village)
	}
	if err != nil {
		return p, err
	}
	v, id := form.Village, models.NewID()
	again := func(tx *db.Tx, subject int64) (err error) { p, err = GetPlan(ctx, tx, v, subject); return err }
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "plan_add", Asked: form, By: by, Subject: id, Again: again}, func(tx *db.Tx) error {
		c, err := GetCounter(ctx, tx, v, form.Counter)
		if err == nil && c.ClosedAt != 0 {
			err = ErrCounterClosed.With("这个兑换点已停用，没有保存；请选别的")
		}
		if err != nil {
			return err
		}
		if form.Place == "" {
			form.Place = c.Place
		}
		var n int
		if err := tx.SQL.Row("SELECT COUNT(*) FROM plans WHERE village_id = ? AND day = ? AND counter_id = ? AND state = 'planned' AND from_time < ? AND until_time > ?",
			v, string(form.Day), c.ID, form.Until, form.From).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return ErrPlanTwice
		}
		p = Plan{Village: v, ID: id, Counter: c.ID, CounterName: c.Name, Day: form.Day, From: form.From, Until: form.Until, Place: form.Place, Note: form.Note, State: PlanPlanned}
		_, err = tx.SQL.Exec("INSERT INTO plans (village_id, id, counter_id, day, from_time, until_time, place, note, state, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?)",
			v, id, c.ID, string(p.Day), p.From, p.Until, p.Place, p.Note, int64(tx.Now), by.Account)
		return err
	})
	return p, err
}

// DropPlan takes an announcement back before it has come to an opening.
func DropPlan(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, plan int64) error {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "plan_drop", Asked: plan, By: by, Subject: plan}, func(tx *db.Tx) error {
		if _, err := GetPlan(ctx, tx, v, plan); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrPlanGone, "UPDATE plans SET state = 'dropped' WHERE village_id = ? AND id = ? AND state = 'planned'", v, plan)
	})
}

const planSQL = `SELECT p.village_id, p.id, p.counter_id, c.name, p.day, p.from_time, p.until_time, p.place, p.note, p.state, p.opening_id
	FROM plans p JOIN counters c ON c.village_id = p.village_id AND c.id = p.counter_id `

// GetPlan reads one announcement of the village.
func GetPlan(ctx context.Context, c db.Conn, v, id int64) (Plan, error) {
	p, err := scanPlan(c.Stmts(ctx).Row(planSQL+"WHERE p.village_id = ? AND p.id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoPlan
	}
	return p, err
}

func scanPlan(row db.Scanner) (p Plan, err error) {
	err = row.Scan(&p.Village, &p.ID, &p.Counter, &p.CounterName, &p.Day, &p.From, &p.Until, &p.Place, &p.Note, &p.State, &p.Opening)
	return p, err
}

// Plans lists what is announced from a day on and has not come to an opening, the
// next one first, at most 60.
func Plans(ctx context.Context, c db.Conn, v int64, from models.Date) ([]Plan, error) {
	var list []Plan
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		p, err := scanPlan(row)
		list = append(list, p)
		return err
	}, planSQL+"WHERE p.village_id = ? AND p.day >= ? AND p.state = 'planned' ORDER BY p.day, p.from_time, p.id LIMIT 60", v, string(from))
	return list, err
}

// takePlan turns an announcement into the opening that begins.
func takePlan(tx *db.Tx, o *Opening) error {
	if o.Plan == 0 {
		return nil
	}
	p, err := GetPlan(tx.Statement.Context, tx, o.Village, o.Plan)
	if err != nil {
		return err
	}
	if p.Counter != o.Counter {
		return ErrNoPlan
	}
	if p.Day > tx.Now.Day() {
		return ErrPlanGone.With("这次兑换日定在" + p.Day.Short() + "，还没到，没有开场；今天要开就直接开场")
	}
	return tx.SQL.Must(1, ErrPlanGone, "UPDATE plans SET state = 'opened', opening_id = ? WHERE village_id = ? AND id = ? AND state = 'planned'", o.ID, o.Village, o.Plan)
}
