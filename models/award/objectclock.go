package award

import (
	"context"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
)

// MindObjections is the clock's errand: what the village left unanswered beyond
// its deadline is passed up to the township, and what nobody took there in time
// is closed. Nothing is decided by the clock. It may be stopped anywhere and run
// by several instances at once. It returns how many it moved.
func MindObjections(ctx context.Context, d *db.DB) (int, error) {
	now := d.Now()
	late, err := notice.OverdueAnswers(ctx, d, now)
	if err != nil {
		return 0, err
	}
	over, err := notice.Unappealed(ctx, d, now)
	if err != nil {
		return 0, err
	}
	moved := 0
	var failed []error
	each := func(kind string, all []notice.Objection, do func(tx *db.Tx, o notice.Objection) error) {
		for _, o := range all {
			op := db.Op{ID: db.ErrandID(kind, o.Village, o.ID, 0), Village: o.Village, Kind: kind, Asked: o.ID, By: models.TheClock, Subject: o.ID}
			if err := d.InTx(ctx, op, func(tx *db.Tx) error { return do(tx, o) }); err != nil {
				failed = append(failed, fmt.Errorf("objection %s of village %s: %w", models.ID32(o.ID), models.ID32(o.Village), err))
				continue
			}
			moved++
		}
	}
	each("objection-late", late, passUp)
	each("objection-lapse", over, notice.Lapse)
	return moved, errors.Join(failed...)
}

func passUp(tx *db.Tx, o notice.Objection) error {
	passed, err := notice.PassUp(tx, o)
	if err != nil || !passed {
		return err
	}
	return notice.Remarked(tx, o, notice.NoteUp, 0, "村里过了期限没有答复，乡镇可以直接答复")
}

// CountAbove counts what an area above the villages has to decide: appeals,
// objections passed up, clearings to be taken back, and awards that their village
// has nobody to decide.
func CountAbove(ctx context.Context, c db.Conn, area int64) (n int, err error) {
	asked, err := ClearingsAsked(ctx, c, area)
	if err != nil {
		return 0, err
	}
	up, err := notice.WithTownship(ctx, c, area)
	if err != nil {
		return 0, err
	}
	// The villages come first, so that each is asked through its index.
	err = c.Stmts(ctx).Row(`SELECT COUNT(*) FROM areas r JOIN awards a ON a.village_id = r.id
		WHERE (r.id = ? OR r.township_id = ? OR r.county_id = ? OR r.city_id = ?) AND a.notice_id = 0 AND a.state IN ('claimed', 'checked', 'pending') AND a.above = 1`,
		area, area, area, area).Scan(&n)
	return n + len(up) + len(asked), err
}
