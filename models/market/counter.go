package market

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// Counter is a place where goods are handed over. Stock belongs to a counter.
type Counter struct {
	Village  int64
	ID       int64
	Name     string
	PosterNo int64         // the poster on its wall; the next number makes the old one dead
	Opening  int64         // the opening under way, 0 for none
	ClosedAt models.Millis // given up; 0 while in use
}

// The refusals about counters.
var (
	ErrNoCounter     = models.ErrNotFound.With("没有找到这个兑换点，请核对后再试")
	ErrCounterClosed = &models.Error{Kind: models.Conflict, Code: "counter_closed", Say: "这个兑换点已停用，没有扣分；请到别的兑换点"}
)

// PosterToken is what the QR code on the counter's poster carries.
func PosterToken(k *keys.Keys, c Counter) keys.Token { return k.Counter(c.Village, c.ID, c.PosterNo) }

// EnsureCounter gives a village its first counter, or returns the one it has.
func EnsureCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, v int64, name string) (Counter, error) {
	return addCounter(ctx, d, op, by, k, v, name, true)
}

// AddCounter adds another counter.
func AddCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, v int64, name string) (Counter, error) {
	return addCounter(ctx, d, op, by, k, v, name, false)
}

func addCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, v int64, name string, first bool) (c Counter, err error) {
	name = models.Normal(name)
	if name == "" {
		return c, models.ErrInput.With("“名称”不能空着，没有保存").At("name")
	}
	if err := fits("name", "名称", name, 64); err != nil {
		return c, err
	}
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return c, err
	}
	asked := struct {
		Name  string
		First bool
	}{name, first}
	id := models.NewID()
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "counter_add", Asked: asked, By: by, Subject: id,
		Again: func(tx *db.Tx, subject int64) (err error) {
			if c, err = GetCounter(ctx, tx, v, subject); errors.Is(err, models.ErrNotFound) && first {
				c, err = firstCounter(ctx, tx, v)
			}
			return err
		}}, func(tx *db.Tx) error {
		if first {
			if c, err = firstCounter(ctx, tx, v); !errors.Is(err, models.ErrNotFound) {
				return err
			}
		}
		c = Counter{Village: v, ID: id, Name: name, PosterNo: 1}
		hash := PosterToken(k, c).Hash()
		_, err := tx.SQL.Exec("INSERT INTO counters (village_id, id, name, poster_no, poster_hash) VALUES (?, ?, ?, 1, ?)", v, id, name, hash[:])
		return err
	})
	return c, err
}

func firstCounter(ctx context.Context, c db.Conn, v int64) (Counter, error) {
	return scanCounter(c.Stmts(ctx).Row("SELECT "+counterColumns+" FROM counters WHERE village_id = ? AND closed_at = 0 ORDER BY id LIMIT 1", v))
}

// Counters lists the village's counters in use, the first one first.
func Counters(ctx context.Context, c db.Conn, v int64) ([]Counter, error) {
	var list []Counter
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		one, err := scanCounter(row)
		list = append(list, one)
		return err
	}, "SELECT "+counterColumns+" FROM counters WHERE village_id = ? AND closed_at = 0 ORDER BY id", v)
	return list, err
}

// GetCounter reads one counter of the village.
func GetCounter(ctx context.Context, c db.Conn, v, id int64) (Counter, error) {
	return scanCounter(c.Stmts(ctx).Row("SELECT "+counterColumns+" FROM counters WHERE village_id = ? AND id = ?", v, id))
}

// FindPoster finds the counter whose poster was scanned.
func FindPoster(ctx context.Context, c db.Conn, t keys.Token) (Counter, error) {
	hash := t.Hash()
	counter, err := scanCounter(c.Stmts(ctx).Row("SELECT "+counterColumns+" FROM counters WHERE poster_hash = ?", hash[:]))
	if err == nil && counter.ClosedAt != 0 {
		err = ErrCounterClosed
	}
	return counter, err
}

const counterColumns = "village_id, id, name, poster_no, opening_id, closed_at"

func scanCounter(row db.Scanner) (Counter, error) {
	var c Counter
	err := row.Scan(&c.Village, &c.ID, &c.Name, &c.PosterNo, &c.Opening, &c.ClosedAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoCounter
	}
	return c, err
}
