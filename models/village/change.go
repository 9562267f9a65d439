package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// homeKinds are the operations that change a household or its people.
var homeKinds = []any{"home_add", "home_save", "home_hidden", "home_leave", "home_back", "member_add", "member_save", "member_remove", "member_died", "card_issue", "link_add", "link_remove"}

// HomeChanges lists what was changed about a household and its people, newest
// first, with old and new values.
func HomeChanges(ctx context.Context, c db.Conn, h models.Household, limit int) ([]db.Done, error) {
	subjects := []any{h.ID}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		err := row.Scan(&id)
		subjects = append(subjects, id)
		return err
	}, "SELECT id FROM members WHERE village_id = ? AND household_id = ?", h.Village, h.ID)
	if err != nil {
		return nil, err
	}
	return db.TrailOf(ctx, c, h.Village, homeKinds, subjects, limit)
}
