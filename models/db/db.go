// Package db opens the database and runs transactions. It keeps three
// promises: an operation id has at most one effect; a success that somebody
// saw survives a power cut; and an activity cannot tell SQLite from MySQL.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"pointstore/models"
)

// Conn reads: both *DB (what is committed) and *Tx (what is being written) are
// one. Nothing that takes a Conn changes anything.
type Conn interface {
	// Read is gorm for reports and administration.
	Read(ctx context.Context) *gorm.DB
	// Stmts are the prepared statements for hot paths.
	Stmts(ctx context.Context) *Statements
	// Handle is the open database itself.
	Handle() *DB
}

// DB is an open database.
type DB struct {
	Dialect Dialect
	// Clock tells the time; tests and demos choose their own.
	Clock func() models.Millis

	reads  *sql.DB // SQLite: the readers' pool; MySQL: the one pool
	reader *gorm.DB
	stmts  *pool
	write  *writer // SQLite only
	floor  atomic.Int64
	marks  marks
}

// Open opens the database. An empty dsn means SQLite in the file at path;
// otherwise dsn is a MySQL DSN (user:password@tcp(host:port)/name).
func Open(ctx context.Context, path, dsn string) (*DB, error) {
	d := &DB{Clock: func() models.Millis { return models.MillisOf(time.Now()) }}
	var err error
	if dsn == "" {
		d.Dialect = SQLite
		err = d.openSQLite(ctx, path)
	} else {
		d.Dialect = MySQL
		err = d.openMySQL(ctx, dsn)
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Ready prepares what needs the tables to exist; call it after migrating.
func (d *DB) Ready(ctx context.Context) error {
	v, err := Setting(ctx, d, "clock_high")
	if err != nil || v == "" {
		return err
	}
	high, err := strconv.ParseInt(v, 10, 64)
	d.floor.Store(high)
	return err
}

// Close waits for the running transactions and closes the pools.
func (d *DB) Close() error {
	if d.write != nil {
		d.write.close()
	}
	return d.reads.Close()
}

// Ping answers whether the database can be read and, on SQLite, written.
func (d *DB) Ping(ctx context.Context) error { return d.reads.PingContext(ctx) }

// SQL is the plain pool, for migrations and health checks. On SQLite it writes
// through the writer's file, so nothing but a migration may use it to write.
func (d *DB) SQL() *sql.DB {
	if d.write != nil {
		return d.write.pool
	}
	return d.reads
}

// Now is the county's clock.
func (d *DB) Now() models.Millis { return d.Clock() }

// Read implements Conn.
func (d *DB) Read(ctx context.Context) *gorm.DB { return d.reader.WithContext(ctx) }

// Stmts implements Conn. On SQLite a prepared read is over before anybody could
// call it off, and a context that can be cancelled would cost each of them a
// goroutine.
func (d *DB) Stmts(ctx context.Context) *Statements {
	if d.Dialect == SQLite {
		ctx = context.WithoutCancel(ctx)
	}
	return &Statements{ctx: ctx, many: d.Dialect == MySQL, prepare: d.stmts.get}
}

// clockLag is how far the clock may stand behind the newest instant that was
// written before the program stops taking entries.
const clockLag = 5 * time.Minute

// checkClock refuses to write when the machine's clock has jumped back (a dead
// CMOS battery says 2000): entries would fall in the wrong month.
func (d *DB) checkClock(now models.Millis) error {
	if high := models.Millis(d.floor.Load()); now < high.Add(-clockLag) {
		return models.ErrClock.With(fmt.Sprintf("电脑时间不对（显示 %d 年 %s），校准后才能记账；没有改动任何内容", now.Time().Year(), now.Day().Short()))
	}
	return nil
}

// MarkClock notes how far the clock has come; the program calls it every
// minute and readers of checkClock compare with it, also after a restart.
func (d *DB) MarkClock(ctx context.Context) error {
	now := d.Clock()
	if err := d.checkClock(now); err != nil {
		return err
	}
	if int64(now) <= d.floor.Load() {
		return nil
	}
	d.floor.Store(int64(now))
	return d.Aside(ctx, func(tx *Tx) error { return SetSetting(tx, "clock_high", fmt.Sprint(int64(now))) })
}

// Setting reads one of the instance's settings; missing ones are empty.
func Setting(ctx context.Context, c Conn, name string) (string, error) {
	var v string
	err := c.Stmts(ctx).Row("SELECT value FROM settings WHERE name = ?", name).Scan(&v)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return v, err
}

// SetSetting writes one of the instance's settings.
func SetSetting(tx *Tx, name, value string) error {
	_, err := tx.SQL.Exec(tx.Upsert("settings", "name", "name, value", "?, ?", "value = "+tx.Incoming("value")), name, value)
	return err
}

// Dialect is the short list of things the two databases disagree on.
type Dialect int

// The databases.
const (
	SQLite Dialect = iota
	MySQL
)

func (d Dialect) String() string { return [...]string{"sqlite", "mysql"}[d] }

// Upsert is an INSERT that updates the row which already has the key. columns
// and values are SQL lists; set is the list of assignments, in which Incoming
// names the new value and the bare column the old one.
func (d Dialect) Upsert(table, key, columns, values, set string) string {
	return "INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ") " + d.OnKey(key, set)
}

// OnKey is the tail of an INSERT that updates the row which already has the
// key; see Upsert.
func (d Dialect) OnKey(key, set string) string {
	if d == MySQL {
		return "ON DUPLICATE KEY UPDATE " + set
	}
	return "ON CONFLICT (" + key + ") DO UPDATE SET " + set
}

// Adding is the INSERT of a kept sum, for each dialect: where the key exists
// already, the sums are added to what is there.
func Adding(table string, key, sums []string) [2]*Rows {
	var both [2]*Rows
	for _, d := range []Dialect{SQLite, MySQL} {
		set := make([]string, len(sums))
		for i, c := range sums {
			set[i] = c + " = " + table + "." + c + " + " + d.Incoming(c)
		}
		columns := strings.Join(append(slices.Clone(key), sums...), ", ")
		both[d] = NewRows("INSERT INTO "+table+" ("+columns+")", d.OnKey(strings.Join(key, ", "), strings.Join(set, ", ")), len(key)+len(sums))
	}
	return both
}

// Incoming names, inside Upsert's assignments, the value that was to be
// inserted.
func (d Dialect) Incoming(column string) string {
	if d == MySQL {
		return "VALUES(" + column + ")"
	}
	return "excluded." + column
}

// Ignore is an INSERT that leaves an existing row of the same key alone; the
// count of changed rows tells which it was.
func (d Dialect) Ignore(table, columns, values string) string {
	if d == MySQL {
		return "INSERT IGNORE INTO " + table + " (" + columns + ") VALUES (" + values + ")"
	}
	return "INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ") ON CONFLICT DO NOTHING"
}

// Holes is "?, ?, ?" for n values.
func Holes(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
