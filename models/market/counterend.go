package market

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// movedAway is stock going from one counter to another.
const movedAway = "transfer"

// The refusals of those who change or give up a counter.
var (
	ErrCounterOpen    = &models.Error{Kind: models.Conflict, Code: "counter_open", Say: "这个兑换点正在兑换，没有改动；请先收场"}
	ErrCounterStocked = &models.Error{Kind: models.Conflict, Code: "counter_stocked", Field: "to", Say: "这个兑换点还有货，没有停用；请选货搬到哪个兑换点，或先把货清完"}
	ErrCounterKind    = &models.Error{Kind: models.Conflict, Code: "counter_kind", Field: "kind", Say: "联盟商户和村里的兑换点账目不同，不能互相改，没有保存；请新添加一个"}
)

// SaveCounter renames a counter and says where it stands. An allied shop stays
// one and no other counter becomes one: their books are of two kinds.
func SaveCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, form CounterForm) error {
	form, err := form.tidy()
	if err == nil {
		err = may(ctx, d, by, models.SetUpVillage, form.Village)
	}
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: form.Village, Kind: "counter_save", Asked: form, By: by, Subject: form.Counter}, func(tx *db.Tx) error {
		was, err := GetCounter(ctx, tx, form.Village, form.Counter)
		switch {
		case err != nil:
			return err
		case was.ClosedAt != 0:
			return ErrCounterClosed.With("这个兑换点已停用，没有保存")
		case was.Allied() != (form.Kind == AlliedCounter):
			return ErrCounterKind
		}
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE counters SET name = ?, kind = ?, place = ?, keeper = ? WHERE village_id = ? AND id = ? AND closed_at = 0",
			form.Name, form.Kind, form.Place, form.Keeper, form.Village, form.Counter); err != nil {
			return err
		}
		return tx.Note(form.Village, db.Note{Field: "name", Old: was.Name, New: form.Name}, db.Note{Field: "kind", Old: was.Kind, New: form.Kind},
			db.Note{Field: "place", Old: was.Place, New: form.Place}, db.Note{Field: "keeper", Old: was.Keeper, New: form.Keeper})
	})
}

// CloseCounter gives a counter up. What it still holds moves to another counter
// of the village; with to 0 it has to be empty. Its poster is dead from then on.
func CloseCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, counter, to int64) error {
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return err
	}
	asked := struct{ Counter, To int64 }{counter, to}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "counter_close", Asked: asked, By: by, Subject: counter}, func(tx *db.Tx) error {
		if err := mayClose(tx, v, counter, to); err != nil {
			return err
		}
		if err := tx.SQL.Must(1, ErrCounterOpen, "UPDATE counters SET closed_at = ? WHERE village_id = ? AND id = ? AND opening_id = 0 AND closed_at = 0", int64(tx.Now), v, counter); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("UPDATE plans SET state = 'dropped' WHERE village_id = ? AND counter_id = ? AND state = 'planned'", v, counter); err != nil {
			return err
		}
		return moveAway(tx, v, counter, to)
	})
}

func mayClose(tx *db.Tx, v, counter, to int64) error {
	ctx := tx.Statement.Context
	c, err := GetCounter(ctx, tx, v, counter)
	switch {
	case err != nil:
		return err
	case c.ClosedAt != 0:
		return ErrCounterClosed.With("这个兑换点早已停用，没有重复停用")
	case c.Opening != 0:
		return ErrCounterOpen
	case to == 0:
		return nil
	}
	other, err := GetCounter(ctx, tx, v, to)
	if err == nil && (other.ClosedAt != 0 || other.ID == counter || other.Allied() || c.Allied()) {
		err = models.ErrInput.With("货只能搬到村里另一个在用的兑换点，没有停用；请重新选").At("to")
	}
	return err
}

// moveAway moves all stock of a counter, lot by lot, in the order of the keys.
func moveAway(tx *db.Tx, v, counter, to int64) error {
	var moves []Movement
	err := tx.SQL.Each(func(row db.Scanner) error {
		out := Movement{Village: v, Counter: counter, Kind: movedAway, Note: "兑换点停用"}
		err := row.Scan(&out.Goods, &out.Lot, &out.Qty)
		in := out
		out.Qty, in.Counter = -out.Qty, to
		moves = append(moves, out, in)
		return err
	}, "SELECT goods_id, lot_id, qty FROM stock WHERE village_id = ? AND counter_id = ? AND qty <> 0 ORDER BY goods_id, lot_id", v, counter)
	switch {
	case err != nil || len(moves) == 0:
		return err
	case to == 0:
		return ErrCounterStocked.With("这个兑换点还有 " + strconv.Itoa(len(moves)/2) + " 样货，没有停用；请选货搬到哪个兑换点，或先把货清完")
	}
	if err := writeMovements(tx, moves); err != nil {
		return err
	}
	var incoming []Movement
	for i := 0; i < len(moves); i += 2 {
		out := moves[i]
		// Nothing comes back to this counter: what was read is all that leaves it.
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE stock SET qty = 0 WHERE village_id = ? AND counter_id = ? AND goods_id = ? AND lot_id = ? AND qty = ?", v, counter, out.Goods, out.Lot, -int64(out.Qty)); err != nil {
			return err
		}
		incoming = append(incoming, moves[i+1])
	}
	return putStock(tx, incoming)
}

// RenewPoster gives a counter another poster; whoever scans the old one is told
// that it is no longer good.
func RenewPoster(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, v, counter int64) (c Counter, err error) {
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return c, err
	}
	again := func(tx *db.Tx, _ int64) (err error) { c, err = GetCounter(ctx, tx, v, counter); return err }
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "poster_renew", Asked: counter, By: by, Subject: counter, Again: again}, func(tx *db.Tx) error {
		if c, err = GetCounter(ctx, tx, v, counter); err == nil && c.ClosedAt != 0 {
			err = ErrCounterClosed.With("这个兑换点已停用，没有换海报")
		}
		if err != nil {
			return err
		}
		old := PosterToken(k, c).Hash()
		c.PosterNo++
		hash := PosterToken(k, c).Hash()
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE counters SET poster_no = ?, poster_hash = ? WHERE village_id = ? AND id = ? AND poster_no = ?", c.PosterNo, hash[:], v, counter, c.PosterNo-1); err != nil {
			return err
		}
		if _, err = tx.SQL.Exec("INSERT INTO dead_posters (poster_hash, village_id, counter_id, poster_no, ended_at) VALUES (?, ?, ?, ?, ?)", old[:], v, counter, c.PosterNo-1, int64(tx.Now)); err != nil {
			return err
		}
		return tx.Note(v, db.Note{Field: "poster", Old: strconv.FormatInt(c.PosterNo-1, 10), New: strconv.FormatInt(c.PosterNo, 10)})
	})
	return c, err
}

// FindPoster finds the counter whose poster was scanned; ErrPosterGone for one
// that was replaced, or whose counter was given up.
func FindPoster(ctx context.Context, c db.Conn, t keys.Token) (Counter, error) {
	hash := t.Hash()
	counter, err := scanCounter(c.Stmts(ctx).Row("SELECT "+counterColumns+" FROM counters WHERE poster_hash = ?", hash[:]))
	switch {
	case err == nil && counter.ClosedAt != 0:
		return counter, ErrPosterGone.With("“" + counter.Name + "”已停用，这张海报作废了，没有扣分；请到村里别的兑换点")
	case !errors.Is(err, models.ErrNotFound):
		return counter, err
	}
	var v int64
	switch gone := c.Stmts(ctx).Row("SELECT village_id FROM dead_posters WHERE poster_hash = ?", hash[:]).Scan(&v); {
	case gone == nil:
		err = ErrPosterGone
	case !errors.Is(gone, sql.ErrNoRows):
		err = gone
	}
	return counter, err
}
