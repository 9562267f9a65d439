package notice

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
)

// Find reads the notice with a number of a year, as it stands on the paper;
// ErrNotFound when the village has none.
func Find(ctx context.Context, c db.Conn, village int64, year, number int) (Notice, error) {
	n, err := scan(c.Stmts(ctx).Row("SELECT "+columns+" FROM notices WHERE village_id = ? AND year = ? AND number = ?", village, year, number))
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound
	}
	return n, err
}
