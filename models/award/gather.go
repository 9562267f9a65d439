package award

import (
	"context"
	"crypto/sha256"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/photo"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// NoticeMost is how many awards one notice takes; the rest waits for the next.
const NoticeMost = 5000

// The refusals.
var (
	ErrNoneWaiting = &models.Error{Kind: models.Conflict, Code: "none_waiting", Say: "现在没有等着公示的加分，没有生成公示"}
	ErrEmptyNotice = &models.Error{Kind: models.Conflict, Code: "notice_empty", Say: "这一期上一笔都没有了，没有登记张贴；请作废它"}
)

// MakeNotice gathers every waiting award on a new draft: the oldest first, at
// most NoticeMost. Its days are those of the rules in force today; they run
// only from HangNotice.
func MakeNotice(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64) (notice.Notice, error) {
	if err := may(ctx, d, by, models.HangNotice, v); err != nil {
		return notice.Notice{}, err
	}
	var id int64
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "notice-make", By: by, Answer: &id}, func(tx *db.Tx) error {
		rules, err := scheme.Current(ctx, tx, v, tx.Now.Day())
		if err != nil {
			return err
		}
		area, err := village.GetArea(ctx, tx, v)
		if err != nil {
			return err
		}
		var last, n int64
		err = tx.SQL.Row("SELECT COALESCE(MAX(id), 0), COUNT(*) FROM (SELECT id FROM awards WHERE village_id = ? AND state = ? AND notice_id = 0 ORDER BY id LIMIT ?) w",
			v, Noticed, NoticeMost).Scan(&last, &n)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNoneWaiting
		}
		made, err := notice.Make(tx, v, notice.Awards, area.Name+"积分公示", rules.NoticeDays, by)
		if err != nil {
			return err
		}
		id = made.ID
		// Two people gathering at once: the second starts again and finds nothing.
		if err := tx.SQL.Must(n, db.ErrLost, "UPDATE awards SET notice_id = ? WHERE village_id = ? AND state = ? AND notice_id = 0 AND id <= ?", id, v, Noticed, last); err != nil {
			return err
		}
		return sign(ctx, tx, v, id)
	})
	if err != nil {
		return notice.Notice{}, err
	}
	return notice.Get(ctx, d, v, id)
}

// HangNotice says that a draft is on the wall: who, where, and since when (0 for
// now), with photos of it if they like. Its days run from then, and at their end
// the program's clock posts it.
func HangNotice(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, where string, at models.Millis, photos ...photo.Prepared) (notice.Notice, error) {
	if err := may(ctx, d, by, models.HangNotice, v); err != nil {
		return notice.Notice{}, err
	}
	asked := hanging{id, where, at, photos}
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "notice-hang", Asked: asked, By: by, Subject: id}, func(tx *db.Tx) error {
		n, err := countOn(ctx, tx, v, id)
		if err != nil {
			return err
		}
		_, err = notice.Hang(tx, v, id, where, at, by)
		if err == nil && n == 0 {
			err = ErrEmptyNotice
		}
		if err != nil {
			return err
		}
		_, err = photo.Save(tx, v, photo.Notice, id, by, photos...)
		return err
	})
	if err != nil {
		return notice.Notice{}, err
	}
	return notice.Get(ctx, d, v, id)
}

// DropNotice gives up a draft; its awards wait for the next one.
func DropNotice(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	if err := may(ctx, d, by, models.HangNotice, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "notice-drop", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		n, err := notice.Get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if n.Kind != notice.Awards {
			return models.ErrNotFound // a clearing's announcement goes with the clearing
		}
		if err := notice.Drop(tx, v, id); err != nil {
			return err
		}
		_, err = tx.SQL.Exec("UPDATE awards SET notice_id = 0 WHERE village_id = ? AND notice_id = ? AND state = ?", v, id, Noticed)
		return err
	})
}

func may(ctx context.Context, c db.Conn, by models.Actor, act models.Action, v int64) error {
	place, err := village.PlaceOf(ctx, c, v)
	if err != nil {
		return err
	}
	return by.May(act, place)
}

// countOn counts the awards on a notice that are still to be settled.
func countOn(ctx context.Context, c db.Conn, v, id int64) (n int, err error) {
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM awards WHERE village_id = ? AND notice_id = ? AND state IN ('noticed', 'frozen')", v, id).Scan(&n)
	return n, err
}

// sign settles the check code of a draft over the lines it now has.
func sign(ctx context.Context, tx *db.Tx, v, id int64) error {
	digest, err := Digest(ctx, tx, v, id)
	if err != nil {
		return err
	}
	return notice.SetDigest(tx, v, id, digest)
}

// Digest is SHA-256 over a notice's lines, private ones included: which award,
// of which household, under which rule, of which day, how much. It stays the
// same when lines are posted or corrected later.
func Digest(ctx context.Context, c db.Conn, v, id int64) ([]byte, error) {
	h := sha256.New()
	fmt.Fprintf(h, "pointstore.notice.1\nvillage=%d\nnotice=%d", v, id)
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var award, household, rule, quantity, points, honour int64
		var day string
		if err := row.Scan(&award, &household, &rule, &day, &quantity, &points, &honour); err != nil {
			return err
		}
		fmt.Fprintf(h, "\n%d %d %d %s %d %d %d", award, household, rule, day, quantity, points, honour)
		return nil
	}, "SELECT id, household_id, rule_id, act_date, quantity, points, honour FROM awards WHERE village_id = ? AND notice_id = ? ORDER BY id", v, id)
	return h.Sum(nil), err
}
