package db

import (
	"context"

	"pointstore/models"
)

// TrailOf lists what was done about some things, of some kinds, newest first. It
// reads a village's whole trail: for pages opened now and then.
func TrailOf(ctx context.Context, c Conn, village int64, kinds, subjects []any, limit int) ([]Done, error) {
	rows, err := c.Read(ctx).Raw("SELECT op_id, kind, actor_id, session_id, subject, at FROM operations WHERE village_id = ? AND subject IN ? AND kind IN ? ORDER BY at DESC, op_id LIMIT ?",
		village, subjects, kinds, limit).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Done
	for rows.Next() {
		var o Done
		var id []byte
		var at int64
		if err := rows.Scan(&id, &o.Kind, &o.Actor, &o.Session, &o.Subject, &at); err != nil {
			return nil, err
		}
		copy(o.ID[:], id)
		o.At = models.Millis(at)
		list = append(list, o)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	for i := range list {
		if list[i].Notes, err = notesOf(ctx, c, village, list[i].ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}
