package notice

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// The kinds of lines in an objection's course.
const (
	NoteAssigned = "assigned"
	NoteSaid     = "said"  // one side's words
	NoteClaim    = "claim" // a claim was made of it, or could not be
	NoteUp       = "up"    // passed to the township
	NoteFreeze   = "freeze"
	NoteThaw     = "thaw"
	NoteUndone   = "undone" // the award was taken off or reversed
	NoteAppeal   = "appeal"
	NoteBack     = "back" // taken back by who made it
)

// Remark is one line of the course of an objection.
type Remark struct {
	N     int
	Kind  string
	Actor int64 // 0: the program, or who objects
	Text  string
	At    models.Millis
}

// Remarked writes a line; lines are only added.
func Remarked(tx *db.Tx, o Objection, kind string, actor int64, text string) error {
	if text != "" {
		if err := checkText(text, "请写明说了什么", TextMost, "text"); err != nil {
			return err
		}
	}
	var n int
	if err := tx.SQL.Row("SELECT COALESCE(MAX(n), 0) + 1 FROM objection_notes WHERE village_id = ? AND objection_id = ?", o.Village, o.ID).Scan(&n); err != nil {
		return err
	}
	_, err := tx.SQL.Exec("INSERT INTO objection_notes (village_id, objection_id, n, kind, actor_id, text, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		o.Village, o.ID, n, kind, actor, text, int64(tx.Now))
	if db.IsDuplicate(err) {
		return db.ErrLost // another line took the number
	}
	return err
}

// Course is what happened to an objection so far, in order.
func Course(ctx context.Context, c db.Conn, o Objection) (all []Remark, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var r Remark
		err := row.Scan(&r.N, &r.Kind, &r.Actor, &r.Text, &r.At)
		all = append(all, r)
		return err
	}, "SELECT n, kind, actor_id, text, at FROM objection_notes WHERE village_id = ? AND objection_id = ? ORDER BY n", o.Village, o.ID)
	return all, err
}
