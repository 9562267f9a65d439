package award

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/notice"
	"pointstore/models/scheme"
)

// chunk is how many awards one transaction posts when a notice ends, so that
// other people's work passes between.
const chunk = 200

var errNotEnded = errors.New("the notice does not hang or has not ended")

// EndNotices is the clock's errand: every notice that hung its days is posted to
// the passbooks. It may be stopped anywhere, started again and run by several
// instances at once; each award is posted once. It returns how many this call
// posted. A notice that fails does not keep the others waiting.
func EndNotices(ctx context.Context, d *db.DB) (int, error) {
	due, err := notice.Due(ctx, d, d.Now())
	if err != nil {
		return 0, err
	}
	posted := 0
	var failed []error
	for _, n := range due {
		if n.Kind != notice.Awards {
			continue
		}
		k, err := EndNotice(ctx, d, n)
		posted += k
		if err != nil {
			failed = append(failed, fmt.Errorf("notice %s of village %s: %w", models.ID32(n.ID), models.ID32(n.Village), err))
		}
	}
	return posted, errors.Join(failed...)
}

// EndNotice posts one notice that has ended, in chunks, each an operation whose
// id says which chunk it is: who comes second finds it done. Frozen awards stay
// behind, and the notice stays open with them.
func EndNotice(ctx context.Context, d *db.DB, n notice.Notice) (int, error) {
	posted := 0
	for k := int64(0); ; k++ {
		if err := ctx.Err(); err != nil {
			return posted, err
		}
		var left, frozen int
		err := d.Stmts(ctx).Row("SELECT COUNT(CASE WHEN state = 'noticed' THEN 1 END), COUNT(CASE WHEN state = 'frozen' THEN 1 END) FROM awards WHERE village_id = ? AND notice_id = ? AND state IN ('noticed', 'frozen')",
			n.Village, n.ID).Scan(&left, &frozen)
		if err != nil {
			return posted, err
		}
		if left == 0 {
			if frozen > 0 {
				return posted, nil
			}
			op := db.Op{ID: db.ErrandID("notice-close", n.Village, n.ID, 0), Village: n.Village, Kind: "notice-close", Asked: n.ID, By: models.TheClock, Subject: n.ID}
			return posted, d.InTx(ctx, op, func(tx *db.Tx) error { return notice.Close(tx, n.Village, n.ID) })
		}
		mine := 0
		op := db.Op{ID: db.ErrandID("notice-post", n.Village, n.ID, k), Village: n.Village, Kind: "notice-post", Asked: n.ID, By: models.TheClock, Subject: n.ID}
		err = d.InTx(ctx, op, func(tx *db.Tx) error {
			mine, err = postChunk(ctx, tx, n)
			return err
		})
		if err != nil {
			return posted, err
		}
		posted += mine
	}
}

// postChunk posts the next awards of a notice, after asking again whether it
// hung and ended.
func postChunk(ctx context.Context, tx *db.Tx, n notice.Notice) (int, error) {
	now, err := notice.Get(ctx, tx, n.Village, n.ID)
	if err != nil {
		return 0, err
	}
	if now.State != notice.Hung || now.EndsAt == 0 || now.EndsAt > tx.Now {
		return 0, errNotEnded // and no operation is left behind for it
	}
	awards, err := list(ctx, tx, "village_id = ? AND notice_id = ? AND state = ? ORDER BY household_id, id LIMIT ?", n.Village, n.ID, Noticed, chunk)
	if err != nil || len(awards) == 0 {
		return 0, err
	}
	rules, err := scheme.Current(ctx, tx, n.Village, tx.Now.Day())
	if err != nil {
		return 0, err
	}
	entries := make([]ledger.Entry, len(awards))
	for i, a := range awards {
		entries[i] = a.entry()
	}
	if entries, err = ledger.Post(tx, rules.PointRate, entries...); err != nil {
		return 0, err
	}
	for i := range awards {
		awards[i].EntrySeq, awards[i].Late = entries[i].Seq, entries[i].Late
	}
	return len(awards), markPosted(tx, n.Village, awards)
}

// markPosted guards the posting: an award that is no longer waiting, because it
// was frozen or somebody else posted it, makes the whole chunk start again.
func markPosted(tx *db.Tx, v int64, awards []Award) error {
	if tx.Dialect == db.SQLite {
		for _, a := range awards {
			err := tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = 'posted', entry_seq = ?, late = ? WHERE village_id = ? AND id = ? AND state = 'noticed'", a.EntrySeq, flag(a.Late), v, a.ID)
			if err != nil {
				return err
			}
		}
		return nil
	}
	when := strings.Repeat(" WHEN ? THEN ?", len(awards))
	var args []any
	for _, a := range awards {
		args = append(args, a.ID, a.EntrySeq)
	}
	for _, a := range awards {
		args = append(args, a.ID, flag(a.Late))
	}
	args = append(args, v)
	for _, a := range awards {
		args = append(args, a.ID)
	}
	return tx.SQL.Must(int64(len(awards)), db.ErrLost, "UPDATE awards SET state = 'posted', entry_seq = CASE id"+when+" END, late = CASE id"+when+
		" END WHERE village_id = ? AND id IN ("+db.Holes(len(awards))+") AND state = 'noticed'", args...)
}
