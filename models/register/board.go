package register

import (
	"cmp"
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

const showingColumns = "id, list, household_id, title, reason, consent, consent_on, from_day, until_day, dropped_at, dropped_by, made_at, made_by"

func showings(ctx context.Context, c db.Conn, v int64, where string, args ...any) ([]Showing, error) {
	var all []Showing
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		s := Showing{Household: models.Household{Village: v}}
		err := row.Scan(&s.ID, &s.List, &s.Household.ID, &s.Title, &s.Reason, &s.Consent, &s.ConsentOn, &s.From, &s.Until, &s.DroppedAt, &s.DroppedBy, &s.MadeAt, &s.MadeBy)
		all = append(all, s)
		return err
	}, "SELECT "+showingColumns+" FROM showings WHERE village_id = ? "+where, append([]any{v}, args...)...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	return all, named(ctx, c, v, all, func(s *Showing) (int64, *village.Home) { return s.Household.ID, &s.Home })
}

// Showings lists everything a village ever put on its lists, newest first, up to
// a few hundred.
func Showings(ctx context.Context, c db.Conn, v int64) ([]Showing, error) {
	return showings(ctx, c, v, "ORDER BY id DESC LIMIT 400")
}

// ShowingsOf lists a household's, newest first.
func ShowingsOf(ctx context.Context, c db.Conn, h models.Household) ([]Showing, error) {
	return showings(ctx, c, h.Village, "AND household_id = ? ORDER BY id DESC", h.ID)
}

// GetShowing reads one; ErrNotFound when the village has none of that id.
func GetShowing(ctx context.Context, c db.Conn, v, id int64) (Showing, error) {
	all, err := showings(ctx, c, v, "AND id = ?", id)
	switch {
	case err != nil:
		return Showing{}, err
	case len(all) == 0:
		return Showing{}, models.ErrNotFound
	}
	return all[0], nil
}

// OnBoard is a line of a public list: all that anybody may read of it.
type OnBoard struct {
	Household string // masked: 马*明 3组012
	Title     string
	Reason    string
	Until     models.Date
}

// Board is what the village's public board shows of its lists on a day, in the
// order of house numbers. Whoever asked not to be shown, has left or is suspended
// is left out, and the black list where it is not switched on.
func Board(ctx context.Context, c db.Conn, v int64, day models.Date) (red, black []OnBoard, err error) {
	set, err := village.Get(ctx, c, v)
	if err != nil {
		return nil, nil, err
	}
	if !set.RedList && !set.BlackList {
		return nil, nil, nil
	}
	all, err := showings(ctx, c, v, "AND dropped_at = 0 AND from_day <= ? AND until_day >= ? ORDER BY id", string(day), string(day))
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(all, func(a, b Showing) int {
		return cmp.Or(cmp.Compare(len(a.Home.Number), len(b.Home.Number)), cmp.Compare(a.Home.Number, b.Home.Number))
	})
	out, err := Suspended(ctx, c, v, day)
	for _, s := range all {
		line := OnBoard{s.Home.Masked(), s.Title, s.Reason, s.Until}
		switch {
		case s.Home.Hidden || s.Home.Left():
		case s.List == Red && set.RedList && !out[s.Household.ID]:
			red = append(red, line)
		case s.List == Black && set.BlackList:
			black = append(black, line)
		}
	}
	return red, black, err
}
