package register

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/village"
)

const suspensionColumns = "id, household_id, reason, basis, from_day, until_day, appeal_until, told_on, told_how, made_at, made_by, lifted_at, lifted_by, lifted_reason"

func suspensions(ctx context.Context, c db.Conn, v int64, where string, args ...any) ([]Suspension, error) {
	var all []Suspension
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		s := Suspension{Household: models.Household{Village: v}}
		err := row.Scan(&s.ID, &s.Household.ID, &s.Reason, &s.Basis, &s.From, &s.Until, &s.AppealUntil, &s.ToldOn, &s.ToldHow, &s.MadeAt, &s.MadeBy, &s.LiftedAt, &s.LiftedBy, &s.LiftedReason)
		all = append(all, s)
		return err
	}, "SELECT "+suspensionColumns+" FROM suspensions WHERE village_id = ? "+where+" ORDER BY id DESC", append([]any{v}, args...)...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	heard, err := notice.About(ctx, c, v, notice.AboutHonour)
	if err != nil {
		return nil, err
	}
	for i, s := range all {
		all[i].Objections = heard[s.ID]
	}
	return all, named(ctx, c, v, all, func(s *Suspension) (int64, *village.Home) { return s.Household.ID, &s.Home })
}

// Suspensions lists a village's, newest first; of one household when home is
// not 0.
func Suspensions(ctx context.Context, c db.Conn, v, home int64) ([]Suspension, error) {
	if home != 0 {
		return suspensions(ctx, c, v, "AND household_id = ?", home)
	}
	return suspensions(ctx, c, v, "")
}

// GetSuspension reads one; ErrNotFound when the village has none of that id.
func GetSuspension(ctx context.Context, c db.Conn, v, id int64) (Suspension, error) {
	all, err := suspensions(ctx, c, v, "AND id = ?", id)
	switch {
	case err != nil:
		return Suspension{}, err
	case len(all) == 0:
		return Suspension{}, models.ErrNotFound
	}
	return all[0], nil
}

// Suspended are the households that may not be honoured on a day.
func Suspended(ctx context.Context, c db.Conn, v int64, day models.Date) (map[int64]bool, error) {
	all, err := suspensions(ctx, c, v, "AND lifted_at = 0 AND from_day <= ? AND until_day >= ?", string(day), string(day))
	out := map[int64]bool{}
	for _, s := range all {
		if s.StandingOn(day) == InForce {
			out[s.Household.ID] = true
		}
	}
	return out, err
}
