package market

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// The kinds of counters.
const (
	OwnCounter    = "own"    // the village's, with the village's goods
	MobileCounter = "mobile" // the same, going round the hamlets on its days
	AlliedCounter = "allied" // a private shop with goods of its own, settled monthly
)

// Counter is a place where goods are handed over. Stock belongs to a counter.
type Counter struct {
	Village  int64
	ID       int64
	Name     string
	Kind     string        // OwnCounter, MobileCounter or AlliedCounter
	Place    string        // where it stands, or goes
	Keeper   string        // whose shop it is
	PosterNo int64         // the poster on its wall; the next number makes the old one dead
	Opening  int64         // the opening under way, 0 for none
	ClosedAt models.Millis // given up; 0 while in use
}

// Allied reports whether it is a private shop that is settled with.
func (c Counter) Allied() bool { return c.Kind == AlliedCounter }

// KindTitle is the counter's kind in words.
func (c Counter) KindTitle() string { return CounterKindTitle(c.Kind) }

// CounterKindTitle is a kind of counter in the village's words.
func CounterKindTitle(kind string) string {
	return map[string]string{OwnCounter: "村里的兑换点", MobileCounter: "流动兑换点", AlliedCounter: "联盟商户"}[kind]
}

// The refusals about counters.
var (
	ErrNoCounter     = models.ErrNotFound.With("没有找到这个兑换点，请核对后再试")
	ErrCounterClosed = &models.Error{Kind: models.Conflict, Code: "counter_closed", Say: "这个兑换点已停用，没有扣分；请到别的兑换点"}
	ErrPosterGone    = &models.Error{Kind: models.Gone, Code: "poster_gone", Say: "这张海报已作废，没有扣分；请扫兑换点现在贴的海报"}
)

// PosterToken is what the QR code on the counter's poster carries.
func PosterToken(k *keys.Keys, c Counter) keys.Token { return k.Counter(c.Village, c.ID, c.PosterNo) }

// CounterForm is what people fill in about a counter.
type CounterForm struct {
	Village int64
	Counter int64 // the one being changed; 0 for a new one
	Name    string
	Kind    string // OwnCounter when empty; an allied shop stays one
	Place   string
	Keeper  string
}

func (f CounterForm) tidy() (CounterForm, error) {
	f.Name, f.Place, f.Keeper = models.Normal(f.Name), models.Normal(f.Place), models.Normal(f.Keeper)
	if f.Kind == "" {
		f.Kind = OwnCounter
	}
	switch {
	case f.Name == "":
		return f, models.ErrInput.With("“名称”不能空着，没有保存").At("name")
	case CounterKindTitle(f.Kind) == "":
		return f, models.ErrInput.With("请选是哪一种兑换点，没有保存").At("kind")
	}
	return f, cmp.Or(fits("name", "名称", f.Name, 64), fits("place", "地点", f.Place, 64), fits("keeper", "店主", f.Keeper, 64))
}

// EnsureCounter gives a village its first counter, or returns the one it has.
func EnsureCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, v int64, name string) (Counter, error) {
	return addCounter(ctx, d, op, by, k, CounterForm{Village: v, Name: name}, true)
}

// AddCounter adds another counter of the village's own.
func AddCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, v int64, name string) (Counter, error) {
	return addCounter(ctx, d, op, by, k, CounterForm{Village: v, Name: name}, false)
}

// NewCounter adds another counter of any kind.
func NewCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, form CounterForm) (Counter, error) {
	return addCounter(ctx, d, op, by, k, form, false)
}

func addCounter(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, form CounterForm, first bool) (c Counter, err error) {
	if form, err = form.tidy(); err != nil {
		return c, err
	}
	if err := may(ctx, d, by, models.SetUpVillage, form.Village); err != nil {
		return c, err
	}
	v, id := form.Village, models.NewID()
	asked := struct {
		Form  CounterForm
		First bool
	}{form, first}
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
		c = Counter{Village: v, ID: id, Name: form.Name, Kind: form.Kind, Place: form.Place, Keeper: form.Keeper, PosterNo: 1}
		hash := PosterToken(k, c).Hash()
		_, err := tx.SQL.Exec("INSERT INTO counters (village_id, id, name, kind, place, keeper, poster_no, poster_hash) VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
			v, id, c.Name, c.Kind, c.Place, c.Keeper, hash[:])
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

// AllCounters lists the village's counters, those that were given up behind the
// others.
func AllCounters(ctx context.Context, c db.Conn, v int64) ([]Counter, error) {
	var list []Counter
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		one, err := scanCounter(row)
		list = append(list, one)
		return err
	}, "SELECT "+counterColumns+" FROM counters WHERE village_id = ? ORDER BY closed_at <> 0, id", v)
	return list, err
}

const counterColumns = "village_id, id, name, kind, place, keeper, poster_no, opening_id, closed_at"

func scanCounter(row db.Scanner) (Counter, error) {
	var c Counter
	err := row.Scan(&c.Village, &c.ID, &c.Name, &c.Kind, &c.Place, &c.Keeper, &c.PosterNo, &c.Opening, &c.ClosedAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoCounter
	}
	return c, err
}
