package award

import (
	"context"
	"fmt"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
)

// AskUndo asks the township to take a clearing back, within sixty days of it.
func AskUndo(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, reason string) error {
	if err := may(ctx, d, by, models.CorrectEntry, v); err != nil {
		return err
	}
	reason, err := wording(reason, "请写明为什么要撤回")
	if err != nil {
		return err
	}
	return d.InTx(ctx, undoing("clearing-undo-ask", op, by, v, id, reason), func(tx *db.Tx) error {
		k, err := GetClearing(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if err := k.inTime(tx.Now); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrClearingGone, "UPDATE clearings SET undo_asked_at = ?, undo_asked_by = ?, undo_reason = ?, undo_answer = '' WHERE village_id = ? AND id = ? AND state = ? AND undo_asked_at = 0",
			int64(tx.Now), by.Account, reason, v, id, ClearDone)
	})
}

// AgreeUndo is the township's consent: from then on the clock gives back what was
// cleared, line by line.
func AgreeUndo(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	if err := may(ctx, d, by, models.DecideAbove, v); err != nil {
		return err
	}
	return d.InTx(ctx, undoing("clearing-undo-agree", op, by, v, id, ""), func(tx *db.Tx) error {
		k, err := GetClearing(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if err := k.inTime(tx.Now); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrClearingGone, "UPDATE clearings SET state = ?, undone_by = ? WHERE village_id = ? AND id = ? AND state = ? AND undo_asked_at > 0",
			ClearUndoing, by.Account, v, id, ClearDone)
	})
}

// RefuseUndo is the township's refusal, with a reason; the village may ask once
// more while the sixty days last.
func RefuseUndo(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, reason string) error {
	if err := may(ctx, d, by, models.DecideAbove, v); err != nil {
		return err
	}
	reason, err := wording(reason, "请写明为什么不同意")
	if err != nil {
		return err
	}
	return d.InTx(ctx, undoing("clearing-undo-refuse", op, by, v, id, reason), func(tx *db.Tx) error {
		if _, err := GetClearing(ctx, tx, v, id); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrClearingGone, "UPDATE clearings SET undo_asked_at = 0, undo_answer = ? WHERE village_id = ? AND id = ? AND state = ? AND undo_asked_at > 0",
			reason, v, id, ClearDone)
	})
}

func undoing(kind string, op db.OpID, by models.Actor, v, id int64, reason string) db.Op {
	asked := struct {
		Clearing int64
		Reason   string
	}{id, reason}
	return db.Op{ID: op, Village: v, Kind: kind, Asked: asked, By: by, Subject: id}
}

func (k Clearing) inTime(now models.Millis) error {
	if k.State == ClearDone && now >= k.UndoUntil() {
		return ErrUndoLate
	}
	return nil
}

// wording tidies a reason that people will read.
func wording(text, please string) (string, error) {
	text = models.Normal(text)
	if text == "" || utf8.RuneCountInString(text) > noteMost {
		return "", models.ErrInput.With(fmt.Sprintf("%s（最多 %d 个字），没有办", please, noteMost)).At("reason")
	}
	return text, nil
}

// undoChunk gives back what was taken from the next households.
func undoChunk(ctx context.Context, tx *db.Tx, was Clearing) error {
	k, err := GetClearing(ctx, tx, was.Village, was.ID)
	if err != nil {
		return err
	}
	type taken struct{ household, seq int64 }
	var some []taken
	err = tx.SQL.Each(func(row db.Scanner) error {
		var t taken
		err := row.Scan(&t.household, &t.seq)
		some = append(some, t)
		return err
	}, "SELECT household_id, entry_seq FROM cleared WHERE village_id = ? AND clearing_id = ? AND entry_seq > 0 AND skipped = '' ORDER BY household_id LIMIT ?", k.Village, k.ID, chunk)
	if err != nil {
		return err
	}
	state, at := ClearUndoing, models.Millis(0)
	if len(some) < chunk {
		state, at = ClearUndone, tx.Now
	}
	if err := tx.SQL.Must(1, ErrClearingGone, "UPDATE clearings SET state = ?, undone_at = ?, undo_answer = '' WHERE village_id = ? AND id = ? AND state = ?", state, int64(at), k.Village, k.ID, ClearUndoing); err != nil {
		return err
	}
	for _, t := range some {
		h := models.Household{Village: k.Village, ID: t.household}
		if _, err := ledger.Reverse(tx, h, t.seq, "清零撤回："+k.UndoReason); err != nil {
			return err
		}
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE cleared SET skipped = ? WHERE village_id = ? AND clearing_id = ? AND household_id = ? AND skipped = ''", clearTaken, k.Village, k.ID, t.household); err != nil {
			return err
		}
	}
	return nil
}
