package award

import (
	"context"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// TakeEffect is the clock's errand: a deduction whose household was told, and
// had its days to object, goes on to a notice or into the passbook as the rules
// say. A frozen one waits for its answer. It returns how many took effect.
func TakeEffect(ctx context.Context, d *db.DB) (int, error) {
	var due []Award
	err := d.Stmts(ctx).Each(func(row db.Scanner) error {
		a, err := scan(row)
		due = append(due, a)
		return err
	}, "SELECT "+prefixed("a")+" FROM villages v JOIN awards a ON a.village_id = v.village_id WHERE a.notice_id = 0 AND a.state = 'warned' AND a.due_at <= ? ORDER BY a.village_id, a.id", int64(d.Now()))
	if err != nil {
		return 0, err
	}
	n := 0
	var failed []error
	for _, a := range due {
		done, err := takeEffect(ctx, d, a)
		if err != nil {
			failed = append(failed, fmt.Errorf("award %s of village %s: %w", models.ID32(a.ID), models.ID32(a.Household.Village), err))
		}
		if done {
			n++
		}
	}
	return n, errors.Join(failed...)
}

func takeEffect(ctx context.Context, d *db.DB, a Award) (done bool, err error) {
	v := a.Household.Village
	// An objection that was heard gives it another day, and that another operation.
	op := db.Op{ID: db.ErrandID("award-effect", v, a.ID, int64(a.DueAt)), Village: v, Kind: "award-effect", Asked: a.ID, By: models.TheClock, Subject: a.ID}
	err = d.InTx(ctx, op, func(tx *db.Tx) error {
		now, err := Get(ctx, tx, v, a.ID)
		if err != nil {
			return err
		}
		if now.State != Warned || now.DueAt > tx.Now {
			return ErrMoved // and no operation is left behind for it
		}
		was := now
		now.State, now.DueAt = Noticed, 0
		if err := moveAll(tx, v, []moved{{was, now}}); err != nil {
			return err
		}
		if err := note(tx, now, StepEffect, "", models.TheClock, "告知期满，没有提意见"); err != nil {
			return err
		}
		done = true
		return land(tx, v, []Award{now})
	})
	if errors.Is(err, ErrMoved) {
		return false, nil
	}
	return done && err == nil, err
}

// Telling is the sheet by which a household learns of a deduction.
type Telling struct {
	Award
	Home    village.Home
	Village string
	Rule    scheme.Rule
	Version scheme.Version
	ToldAt  models.Millis // when it was decided to tell them
	Until   models.Millis // until when they may object; nothing is taken before
}

// GetTelling reads the sheet of one deduction; ErrNotFound when it is none.
func GetTelling(ctx context.Context, c db.Conn, v, id int64) (Telling, error) {
	a, err := Get(ctx, c, v, id)
	if err != nil {
		return Telling{}, err
	}
	if a.Direction != scheme.Minus {
		return Telling{}, models.ErrNotFound.With("这一笔不是扣分，没有告知单")
	}
	t := Telling{Award: a, ToldAt: a.RecordedAt, Until: a.DueAt}
	if t.Home, err = village.GetHome(ctx, c, a.Household); err != nil {
		return t, err
	}
	area, err := village.GetArea(ctx, c, v)
	if err != nil {
		return t, err
	}
	book, err := scheme.Load(ctx, c, v, a.Version)
	if err != nil {
		return t, err
	}
	t.Village, t.Version = area.Name, book.Version
	t.Rule, _ = book.Rule(a.Rule)
	steps, err := stepsOfMany(ctx, c, v, []int64{id})
	for _, s := range steps[id] {
		if s.Outcome == Pass {
			t.ToldAt = s.At // the last of those who agreed
		}
	}
	return t, err
}
