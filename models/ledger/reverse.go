package ledger

import (
	"pointstore/models"
	"pointstore/models/db"
)

// ErrReversed refuses a second correction of one entry.
var ErrReversed = &models.Error{Kind: models.Conflict, Code: "already_reversed", Say: "这一笔已经更正过了，没有重复更正"}

// Reverse takes an entry back with a second one that names it; reason is what
// people will read. It may take the balance below zero, when the points were
// already spent: later awards fill it first. An entry is reversed at most once,
// and a reversal not at all.
func Reverse(tx *db.Tx, h models.Household, seq int64, reason string) (Entry, error) {
	was, err := GetEntry(tx.Statement.Context, tx, h, seq)
	if err != nil {
		return Entry{}, err
	}
	if was.Kind == Reversal {
		return Entry{}, ErrReversed.With("更正的记录不能再更正；如果更正错了，请重新记一笔")
	}
	salt := Salt()
	posted, err := Post(tx, 0, Entry{
		Household: h, Kind: Reversal, Points: -was.Points, Honour: -was.Honour, Fen: -was.Fen,
		Category: was.Category, Late: was.Late, Cause: seq, Digest: Digest(salt, reason), undoes: was.Kind,
	})
	if err != nil {
		return Entry{}, err
	}
	_, err = tx.SQL.Exec("INSERT INTO reversals (village_id, household_id, seq, by_seq, reason, salt) VALUES (?, ?, ?, ?, ?, ?)",
		h.Village, h.ID, seq, posted[0].Seq, reason, salt)
	if db.IsDuplicate(err) {
		err = ErrReversed
	}
	return posted[0], err
}
