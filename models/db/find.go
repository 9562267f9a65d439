package db

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
)

// FindOp looks one operation up by its id, for somebody who never saw the
// answer; models.ErrNotFound when it has not happened. Notes are left out.
func FindOp(ctx context.Context, c Conn, village int64, id OpID) (Done, error) {
	o := Done{ID: id}
	err := c.Stmts(ctx).Row("SELECT kind, actor_id, session_id, subject, at FROM operations WHERE village_id = ? AND op_id = ?", village, id[:]).
		Scan(&o.Kind, &o.Actor, &o.Session, &o.Subject, &o.At)
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound
	}
	return o, err
}
