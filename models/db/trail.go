package db

import (
	"context"

	"pointstore/models"
)

// Done is one operation that happened, as the trail keeps it.
type Done struct {
	ID      OpID
	Kind    string
	Actor   int64 // the account, or the household at its own phone; 0 for the clock
	Session int64
	Subject int64
	At      models.Millis
	Notes   []Note // old and new values, where the activity kept them
}

// Trail lists what was done in a village (or in an area's own trail), newest
// first, of one kind if given. It goes on behind the last operation of the page
// before; the zero Done begins with the newest.
func Trail(ctx context.Context, c Conn, village int64, kind string, last Done, limit int) ([]Done, error) {
	query := "SELECT op_id, kind, actor_id, session_id, subject, at FROM operations WHERE village_id = ?"
	args := []any{village}
	if kind != "" {
		query, args = query+" AND kind = ?", append(args, kind)
	}
	if last.At != 0 {
		query, args = query+" AND (at < ? OR (at = ? AND op_id > ?))", append(args, int64(last.At), int64(last.At), last.ID[:])
	}
	var list []Done
	err := c.Stmts(ctx).Each(func(row Scanner) error {
		var o Done
		var id []byte
		err := row.Scan(&id, &o.Kind, &o.Actor, &o.Session, &o.Subject, &o.At)
		copy(o.ID[:], id)
		list = append(list, o)
		return err
	}, query+" ORDER BY at DESC, op_id LIMIT ?", append(args, limit)...)
	for i := range list {
		if err == nil {
			list[i].Notes, err = notesOf(ctx, c, village, list[i].ID)
		}
	}
	return list, err
}

func notesOf(ctx context.Context, c Conn, village int64, op OpID) (notes []Note, err error) {
	err = c.Stmts(ctx).Each(func(row Scanner) error {
		var n Note
		err := row.Scan(&n.Field, &n.Old, &n.New)
		notes = append(notes, n)
		return err
	}, "SELECT field, old_value, new_value FROM operation_notes WHERE village_id = ? AND op_id = ? ORDER BY n", village, op[:])
	return notes, err
}

// Import is a file that went in.
type Import struct {
	Kind, Name string
	Rows       int
	MadeBy     int64
	MadeAt     models.Millis
	Op         OpID
}

// Imports lists the files that went into a village, newest first.
func Imports(ctx context.Context, c Conn, village int64) ([]Import, error) {
	var list []Import
	err := c.Stmts(ctx).Each(func(row Scanner) error {
		var i Import
		var op []byte
		err := row.Scan(&i.Kind, &i.Name, &i.Rows, &i.MadeBy, &i.MadeAt, &op)
		copy(i.Op[:], op)
		list = append(list, i)
		return err
	}, "SELECT kind, name, row_count, made_by, made_at, op_id FROM imports WHERE village_id = ? ORDER BY made_at DESC", village)
	return list, err
}
