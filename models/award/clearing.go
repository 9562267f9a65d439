package award

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/photo"
)

// The states of a clearing.
const (
	ClearAnnounced = "announced" // resolved; its notice hangs, or is to be hung
	ClearRunning   = "running"   // being entered in the passbooks
	ClearDone      = "done"
	ClearDropped   = "dropped" // given up before anything was cleared
	ClearUndoing   = "undoing" // the township agreed to take it back; being entered
	ClearUndone    = "undone"
)

// ClearDays is how many days a clearing hangs on the wall before anything is
// cleared; ClearUndoDays until when it may be taken back.
const (
	ClearDays     = 30
	ClearUndoDays = 60
)

// Clearing is a village's resolution to clear spendable points that were earned
// until a day and not used: announced for thirty days, with days of exchange
// after them, and then entered line by line. The honour score stays.
type Clearing struct {
	Village, ID  int64
	Resolution   string // of the villagers' meeting
	ResolvedOn   models.Date
	AsOf         models.Date   // points that came later stay
	Keep         models.Points // each household keeps as many of the older ones
	State        string
	Notice       int64
	Households   int // cleared, so far
	Points       models.Points
	Skipped      int // left out because something of theirs is still open
	MadeAt       models.Millis
	MadeBy       int64
	DoneAt       models.Millis
	SessionFrom  models.Date // the days of exchange after the notice
	SessionUntil models.Date

	UndoAskedAt models.Millis
	UndoAskedBy int64
	UndoReason  string
	UndoAnswer  string // why the township refused
	UndoneAt    models.Millis
	UndoneBy    int64 // who agreed
}

// UndoUntil is when a clearing can no longer be taken back.
func (k Clearing) UndoUntil() models.Millis { return k.DoneAt.Add(ClearUndoDays * 24 * time.Hour) }

// Undoable reports whether the village may ask to take it back.
func (k Clearing) Undoable(now models.Millis) bool {
	return k.State == ClearDone && k.UndoAskedAt == 0 && now < k.UndoUntil()
}

// Asked reports whether the township is asked to agree to taking it back.
func (k Clearing) Asked() bool { return k.State == ClearDone && k.UndoAskedAt != 0 }

// Live reports whether something is still to happen by itself.
func (k Clearing) Live() bool {
	return k.State == ClearAnnounced || k.State == ClearRunning || k.State == ClearUndoing
}

// The refusals.
var (
	ErrClearing     = &models.Error{Kind: models.Conflict, Code: "clearing_live", Say: "村里已经有一次清零在办，没有再登记；请先办完或者作废那一次"}
	ErrClearingGone = &models.Error{Kind: models.Conflict, Code: "clearing_state", Say: "这一次清零已经办到下一步了，没有改动；请看最新情况"}
	ErrUndoLate     = &models.Error{Kind: models.Conflict, Code: "clearing_undo_late", Say: fmt.Sprintf("清零已经过了 %d 天，不能再撤回，没有改动", ClearUndoDays)}
)

// ClearAsk is what a village resolved.
type ClearAsk struct {
	Village      int64
	Resolution   string
	ResolvedOn   models.Date
	AsOf         models.Date
	Keep         models.Points
	SessionFrom  models.Date
	SessionUntil models.Date
}

func (a ClearAsk) check(today models.Date) error {
	bad := func(field, say string) error {
		return models.ErrInput.With(say + "；没有登记，请改好再交").At(field)
	}
	switch {
	case a.Resolution == "" || utf8.RuneCountInString(a.Resolution) > 64:
		return bad("resolution", "请写明是哪次会议、几号决议（最多 64 个字）")
	case a.ResolvedOn == "" || a.ResolvedOn > today:
		return bad("resolved_on", "决议的日期不能空着，也不能晚于今天")
	case a.AsOf == "" || a.AsOf < today.AddDays(-366):
		return bad("as_of", "“清到哪一天”最早是一年前")
	case a.AsOf >= a.SessionFrom:
		return bad("as_of", "“清到哪一天”要早于兑换日")
	case a.Keep < 0 || a.Keep > models.PointsMax:
		return bad("keep", "“每户保留”要填 0 或更大的数")
	case a.SessionFrom < today.AddDays(ClearDays):
		return bad("session_from", fmt.Sprintf("要先公示 %d 天，公示完再留出兑换日：兑换日最早是 %s", ClearDays, today.AddDays(ClearDays).Short()))
	case a.SessionUntil < a.SessionFrom || a.SessionUntil > today.AddDays(366):
		return bad("session_until", "兑换日的最后一天不能早于第一天，也不能在一年以后")
	}
	return nil
}

// AnnounceClearing writes a resolution down and drafts its notice. Nothing is
// cleared before the notice hung its days and the days of exchange are over.
func AnnounceClearing(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, a ClearAsk) (Clearing, error) {
	a.Resolution = models.Normal(a.Resolution)
	if err := may(ctx, d, by, models.CorrectEntry, a.Village); err != nil {
		return Clearing{}, err
	}
	id := models.NewID()
	err := d.InTx(ctx, db.Op{ID: op, Village: a.Village, Kind: "clearing", Asked: a, By: by, Subject: id, Again: func(_ *db.Tx, first int64) error { id = first; return nil }}, func(tx *db.Tx) error {
		if err := a.check(tx.Now.Day()); err != nil {
			return err
		}
		var live int
		err := tx.SQL.Row("SELECT COUNT(*) FROM clearings WHERE village_id = ? AND state IN (?, ?, ?)", a.Village, ClearAnnounced, ClearRunning, ClearUndoing).Scan(&live)
		if err != nil {
			return err
		}
		if live > 0 {
			return ErrClearing
		}
		n, err := notice.Make(tx, a.Village, notice.Clearings, "积分清零公告", ClearDays, by)
		if err != nil {
			return err
		}
		if _, err := tx.SQL.Exec(`INSERT INTO clearings (village_id, id, resolution, resolved_on, as_of, keep, state, notice_id, made_at, made_by, session_from, session_until)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.Village, id, a.Resolution, string(a.ResolvedOn), string(a.AsOf), int64(a.Keep), ClearAnnounced, n.ID,
			int64(tx.Now), by.Account, string(a.SessionFrom), string(a.SessionUntil)); err != nil {
			return err
		}
		return notice.SetDigest(tx, a.Village, n.ID, a.digest(id))
	})
	if err != nil {
		return Clearing{}, err
	}
	return GetClearing(ctx, d, a.Village, id)
}

// digest is what the check code of the announcement is made of.
func (a ClearAsk) digest(id int64) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "pointstore.clearing.1\nvillage=%d\nclearing=%d\nresolution=%s\nresolved=%s\nas_of=%s\nkeep=%d", a.Village, id, a.Resolution, a.ResolvedOn, a.AsOf, a.Keep))
	return sum[:]
}

// HangClearing says that the announcement is on the wall. The days of exchange
// must lie behind its thirty days.
func HangClearing(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, where string, at models.Millis, photos ...photo.Prepared) (Clearing, error) {
	if err := may(ctx, d, by, models.HangNotice, v); err != nil {
		return Clearing{}, err
	}
	asked := hanging{id, where, at, photos}
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "clearing-hang", Asked: asked, By: by, Subject: id}, func(tx *db.Tx) error {
		k, err := GetClearing(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if k.State != ClearAnnounced {
			return ErrClearingGone
		}
		n, err := notice.Hang(tx, v, k.Notice, where, at, by)
		if err != nil {
			return err
		}
		if err := k.sessionFits(n, k.SessionFrom); err != nil {
			return err
		}
		_, err = photo.Save(tx, v, photo.Notice, n.ID, by, photos...)
		return err
	})
	if err != nil {
		return Clearing{}, err
	}
	return GetClearing(ctx, d, v, id)
}

// hanging is what somebody says who hung a notice.
type hanging struct {
	Notice int64
	Where  string
	At     models.Millis
	Photos []photo.Prepared `json:",omitempty"`
}

func (k Clearing) sessionFits(n notice.Notice, from models.Date) error {
	if n.EndsAt != 0 && from < n.EndsAt.Day() {
		return models.ErrInput.With(fmt.Sprintf("公示到 %s 才满 %d 天，兑换日要在那以后；没有登记，请先把兑换日往后改", n.EndsAt.Day().Short(), ClearDays)).At("session_from")
	}
	return nil
}

// MoveSession sets other days of exchange while nothing has been cleared: never
// earlier than announced once the notice hangs, and never in the past.
func MoveSession(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, from, until models.Date) error {
	if err := may(ctx, d, by, models.CorrectEntry, v); err != nil {
		return err
	}
	asked := struct {
		Clearing    int64
		From, Until models.Date
	}{id, from, until}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "clearing-move", Asked: asked, By: by, Subject: id}, func(tx *db.Tx) error {
		k, err := GetClearing(ctx, tx, v, id)
		if err != nil {
			return err
		}
		n, err := notice.Get(ctx, tx, v, k.Notice)
		if err != nil {
			return err
		}
		today := tx.Now.Day()
		switch {
		case from < today || until < from || until > today.AddDays(366):
			return models.ErrInput.With("兑换日要从今天以后选，最后一天不能早于第一天；没有改动").At("session_from")
		case n.HungAt != 0 && until < k.SessionUntil:
			return models.ErrInput.With("公告已经贴出去了，兑换日只能往后延，不能提前结束；没有改动").At("session_until")
		case n.HungAt == 0 && from < today.AddDays(ClearDays):
			return models.ErrInput.With(fmt.Sprintf("要先公示 %d 天，兑换日最早是 %s；没有改动", ClearDays, today.AddDays(ClearDays).Short())).At("session_from")
		}
		if err := k.sessionFits(n, from); err != nil {
			return err
		}
		if err := tx.Note(v, db.Note{Field: "session", Old: string(k.SessionFrom) + " " + string(k.SessionUntil), New: string(from) + " " + string(until)}); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrClearingGone, "UPDATE clearings SET session_from = ?, session_until = ? WHERE village_id = ? AND id = ? AND state = ?",
			string(from), string(until), v, id, ClearAnnounced)
	})
}

// DropClearing gives a clearing up before anything was cleared. Its notice, when
// it hangs already, says so until its days are over.
func DropClearing(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	if err := may(ctx, d, by, models.CorrectEntry, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "clearing-drop", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		k, err := GetClearing(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if err := tx.SQL.Must(1, ErrClearingGone, "UPDATE clearings SET state = ? WHERE village_id = ? AND id = ? AND state = ?", ClearDropped, v, id, ClearAnnounced); err != nil {
			return err
		}
		n, err := notice.Get(ctx, tx, v, k.Notice)
		if err != nil || n.State != notice.Draft {
			return err
		}
		return notice.Drop(tx, v, n.ID)
	})
}

const clearingColumns = "village_id, id, resolution, resolved_on, as_of, keep, state, notice_id, households, points, skipped, made_at, made_by, done_at, session_from, session_until, undo_asked_at, undo_asked_by, undo_reason, undo_answer, undone_at, undone_by"

func scanClearing(row db.Scanner) (k Clearing, err error) {
	err = row.Scan(&k.Village, &k.ID, &k.Resolution, &k.ResolvedOn, &k.AsOf, &k.Keep, &k.State, &k.Notice, &k.Households, &k.Points, &k.Skipped, &k.MadeAt, &k.MadeBy,
		&k.DoneAt, &k.SessionFrom, &k.SessionUntil, &k.UndoAskedAt, &k.UndoAskedBy, &k.UndoReason, &k.UndoAnswer, &k.UndoneAt, &k.UndoneBy)
	return k, err
}

// GetClearing reads one clearing; ErrNotFound when the village has none of that
// id.
func GetClearing(ctx context.Context, c db.Conn, v, id int64) (Clearing, error) {
	k, err := scanClearing(c.Stmts(ctx).Row("SELECT "+clearingColumns+" FROM clearings WHERE village_id = ? AND id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound.With("没有找到这一次清零，请从“积分周期”里重新打开")
	}
	return k, err
}

// Clearings lists a village's clearings, newest first.
func Clearings(ctx context.Context, c db.Conn, v int64) ([]Clearing, error) {
	return clearings(ctx, c, "village_id = ? ORDER BY id DESC", v)
}

// ClearingsAsked lists the clearings that villages of an area ask the township
// to take back, oldest first.
func ClearingsAsked(ctx context.Context, c db.Conn, area int64) ([]Clearing, error) {
	return clearings(ctx, c, `state = ? AND undo_asked_at > 0 AND (? = ? OR village_id IN (SELECT id FROM areas WHERE ? IN (township_id, county_id, city_id, id)))
		ORDER BY undo_asked_at, id`, ClearDone, area, models.Everywhere, area)
}

func clearings(ctx context.Context, c db.Conn, where string, args ...any) ([]Clearing, error) {
	var all []Clearing
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		k, err := scanClearing(row)
		all = append(all, k)
		return err
	}, "SELECT "+clearingColumns+" FROM clearings WHERE "+where, args...)
	return all, err
}
