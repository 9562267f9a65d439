package db

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"gorm.io/gorm"

	"pointstore/models"
)

// OpID names one act of one person, made when the form is drawn.
type OpID [16]byte

// NewOpID makes a random operation id.
func NewOpID() OpID {
	var id OpID
	rand.Read(id[:])
	return id
}

// ErrandID is the operation id of one of the clock's errands: the same errand
// has the same id on every instance, so two of them cannot do it twice.
func ErrandID(kind string, village, subject, chunk int64) OpID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%d|%d", kind, village, subject, chunk))
	return OpID(sum[:16])
}

// String writes the id for a form field: 32 hex digits.
func (o OpID) String() string { return hex.EncodeToString(o[:]) }

// ParseOpID reads String back.
func ParseOpID(s string) (OpID, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 16 {
		return OpID{}, models.ErrInput.With("页面放太久了，请刷新再交")
	}
	return OpID(b), nil
}

// Op says who asks for what, once. Asked is hashed: the same id with other
// content, or from somebody else, is refused, and a replay gets the first
// answer.
type Op struct {
	ID      OpID
	Village int64 // or the area whose trail it belongs to
	Kind    string
	Asked   any
	By      models.Actor
	// Subject is the id of the thing the operation makes, minted beforehand;
	// it is stored with the operation.
	Subject int64
	// Answer, a pointer, is stored with the operation and filled again on a
	// replay. Leave it nil when Again can read the answer from its rows.
	Answer any
	// Again is called on a replay instead of the function, with the subject of
	// the first time.
	Again func(tx *Tx, subject int64) error
	// Notes are old and new values for the trail.
	Notes []Note
}

// Note is one changed field.
type Note struct{ Field, Old, New string }

// Tx is a running transaction. Now is fixed when it begins, so every row it
// writes carries the same time and a test can choose that time.
type Tx struct {
	*gorm.DB             // administration and reading
	SQL      *Statements // prepared once per connection, for the hot paths
	Now      models.Millis
	Op       OpID // the operation being run; zero in Aside
	Dialect
	after []func()
	last  []func(*Tx) error
	store map[any]any
	of    *DB
}

// Read implements Conn: a transaction sees its own writes.
func (tx *Tx) Read(context.Context) *gorm.DB { return tx.DB }

// Stmts implements Conn.
func (tx *Tx) Stmts(context.Context) *Statements { return tx.SQL }

// After runs f when the commit has succeeded.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Last runs f at the end of the transaction, for rows that everybody touches:
// the shorter they are held the better.
func (tx *Tx) Last(f func(*Tx) error) { tx.last = append(tx.last, f) }

// Keep returns what was kept under key in this transaction, making it on first
// use; ledger collects its sums in it.
func Keep[T any](tx *Tx, key any, make func() T) T {
	if v, ok := tx.store[key]; ok {
		return v.(T)
	}
	if tx.store == nil {
		tx.store = map[any]any{}
	}
	v := make()
	tx.store[key] = v
	return v
}

type inside struct{}

// Mark returns a context that InTx refuses: a transaction inside a transaction
// would wait for itself for ever.
func Mark(ctx context.Context) context.Context { return context.WithValue(ctx, inside{}, true) }

// Longest is the age beyond which a transaction is refused at commit: its Now
// would be too far from the truth.
const Longest = 60 * time.Second

// tries bounds how often a transaction starts again.
const tries = 6

// InTx runs fn as one transaction with the operation's row written first: all
// of it happens or none. It starts again, a few times, when a guard or the
// database reports a lost race, so fn touches nothing but tx. A replay of the
// same operation returns the first answer and runs nothing.
func (d *DB) InTx(ctx context.Context, op Op, fn func(tx *Tx) error) error {
	if op.ID == (OpID{}) {
		return errors.New("operation without an id")
	}
	asked, err := op.hash()
	if err != nil {
		return err
	}
	err = d.run(ctx, true, func(tx *Tx) error {
		tx.Op = op.ID
		first, err := op.write(tx, asked)
		if err != nil {
			return err
		}
		if first != nil {
			return op.again(tx, first)
		}
		if err := fn(tx); err != nil {
			return err
		}
		if err := tx.runLast(); err != nil {
			return err
		}
		return op.finish(tx)
	})
	if err == nil || errors.Is(err, models.ErrUnknown) {
		d.changed(op.Village)
	}
	return err
}

// Aside runs fn as a transaction without an operation: lockout counters,
// sign-ins and security events, which must stand although the act was refused.
func (d *DB) Aside(ctx context.Context, fn func(tx *Tx) error) error {
	return d.run(ctx, false, func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.runLast()
	})
}

func (tx *Tx) runLast() error {
	for _, f := range tx.last {
		if err := f(tx); err != nil {
			return err
		}
	}
	return nil
}

// run starts fn again after a lost race. An unknown outcome at commit is
// settled by running again too, where an operation id makes that harmless.
func (d *DB) run(ctx context.Context, settled bool, fn func(*Tx) error) error {
	if ctx.Value(inside{}) != nil {
		return errors.New("a transaction inside a transaction")
	}
	if err := d.checkClock(d.Clock()); err != nil {
		return err
	}
	for try := 1; ; try++ {
		var err error
		if d.write != nil {
			err = d.write.do(ctx, fn)
		} else {
			err = d.once(ctx, fn)
		}
		unknown := errors.Is(err, models.ErrUnknown)
		if err == nil || !retry(err) && !(unknown && settled) {
			return err
		}
		if try == tries {
			if unknown {
				return err
			}
			return models.ErrBusy.Because(err)
		}
		select {
		case <-ctx.Done():
			return models.ErrBusy.Because(ctx.Err())
		case <-time.After(time.Duration(try*try)*time.Millisecond + mathrand.N(5*time.Millisecond)):
		}
	}
}

// hash covers kind, actor and content.
func (op *Op) hash() ([]byte, error) {
	body, err := json.Marshal(op.Asked)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	h.Write([]byte(op.Kind))
	var who [24]byte
	binary.BigEndian.PutUint64(who[:], uint64(op.By.Account))
	binary.BigEndian.PutUint64(who[8:], uint64(op.By.Household.Village))
	binary.BigEndian.PutUint64(who[16:], uint64(op.By.Household.ID))
	h.Write(who[:])
	h.Write(body)
	return h.Sum(nil)[:16], nil
}

type firstTime struct {
	subject int64
	result  sql.NullString
}

const insertOperation = "INSERT INTO operations (village_id, op_id, asked_hash, kind, actor_id, session_id, subject, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

// write puts the operation's row down, or returns the first time it ran.
func (op *Op) write(tx *Tx, asked []byte) (*firstTime, error) {
	actor := op.By.Account
	if actor == 0 {
		actor = op.By.Household.ID
	}
	_, err := tx.SQL.Exec(insertOperation, op.Village, op.ID[:], asked, op.Kind, actor, op.By.Session, op.Subject, int64(tx.Now))
	if err == nil || !IsDuplicate(err) {
		return nil, err
	}
	var f firstTime
	var was []byte
	err = tx.SQL.Row("SELECT asked_hash, subject, result FROM operations WHERE village_id = ? AND op_id = ?", op.Village, op.ID[:]).Scan(&was, &f.subject, &f.result)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrLost // the other one rolled back meanwhile
	}
	if err != nil {
		return nil, translate(err)
	}
	if string(was) != string(asked) {
		return nil, models.ErrReused
	}
	return &f, nil
}

func (op *Op) again(tx *Tx, f *firstTime) error {
	if op.Again != nil {
		return op.Again(tx, f.subject)
	}
	if op.Answer != nil && f.result.Valid {
		return json.Unmarshal([]byte(f.result.String), op.Answer)
	}
	return nil
}

func (op *Op) finish(tx *Tx) error {
	for i, n := range op.Notes {
		if _, err := tx.SQL.Exec("INSERT INTO operation_notes (village_id, op_id, n, field, old_value, new_value) VALUES (?, ?, ?, ?, ?, ?)",
			op.Village, op.ID[:], i, n.Field, n.Old, n.New); err != nil {
			return err
		}
	}
	if op.Answer == nil {
		return nil
	}
	b, err := json.Marshal(op.Answer)
	if err != nil {
		return err
	}
	_, err = tx.SQL.Exec("UPDATE operations SET result = ? WHERE village_id = ? AND op_id = ?", string(b), op.Village, op.ID[:])
	return err
}

// once is a transaction of its own, as on MySQL.
func (d *DB) once(ctx context.Context, fn func(*Tx) error) (err error) {
	begun := time.Now()
	// The transaction does not end with the caller's patience half-way through
	// a commit; the driver's own timeouts bound it.
	run, cancel := context.WithTimeout(context.WithoutCancel(ctx), Longest)
	defer cancel()
	sqltx, err := d.reads.BeginTx(run, nil)
	if err != nil {
		return translate(err)
	}
	defer func() {
		if p := recover(); p != nil {
			sqltx.Rollback()
			err = fmt.Errorf("panic in a transaction: %v", p)
		}
	}()
	tx := &Tx{
		DB:      d.session(Mark(run), &txPool{sqltx}),
		SQL:     &Statements{ctx: run, direct: sqltx, many: true},
		Now:     d.Clock(),
		Dialect: d.Dialect,
		of:      d,
	}
	if err := fn(tx); err != nil {
		sqltx.Rollback()
		return translate(err)
	}
	if time.Since(begun) > Longest {
		sqltx.Rollback()
		return models.ErrBusy
	}
	if err := sqltx.Commit(); err != nil {
		if retry(err) {
			return err
		}
		return models.ErrUnknown.Because(err)
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

// session is gorm over a pool that can only prepare, execute and query: shown
// more, gorm would begin a transaction of its own.
func (d *DB) session(ctx context.Context, on gorm.ConnPool) *gorm.DB {
	s := d.reader.Session(&gorm.Session{NewDB: true, Context: ctx, SkipDefaultTransaction: true})
	s.Statement.ConnPool = on
	return s
}

// txPool shows gorm the four methods of a transaction and nothing more.
type txPool struct{ on gorm.ConnPool }

func (p *txPool) PrepareContext(ctx context.Context, q string) (*sql.Stmt, error) {
	return p.on.PrepareContext(ctx, q)
}
func (p *txPool) ExecContext(ctx context.Context, q string, a ...any) (sql.Result, error) {
	r, err := p.on.ExecContext(ctx, q, a...)
	return r, translate(err)
}
func (p *txPool) QueryContext(ctx context.Context, q string, a ...any) (*sql.Rows, error) {
	return p.on.QueryContext(ctx, q, a...)
}
func (p *txPool) QueryRowContext(ctx context.Context, q string, a ...any) *sql.Row {
	return p.on.QueryRowContext(ctx, q, a...)
}
