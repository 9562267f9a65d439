// Package migrations shapes the tables. Its twin folders hold one file per step
// and dialect, numbered alike; a released file is never edited, the next number
// corrects it.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed sqlite/*.sql mysql/*.sql
var files embed.FS

// Up brings the tables to the newest step and returns how many steps it took.
// dialect is "sqlite" or "mysql". Two programs starting at once take turns on
// MySQL by a named lock; SQLite's own write lock does the same.
func Up(ctx context.Context, conn *sql.DB, dialect string) (int, error) {
	if dialect == "mysql" {
		c, err := conn.Conn(ctx)
		if err != nil {
			return 0, err
		}
		defer c.Close()
		var got sql.NullInt64
		if err := c.QueryRowContext(ctx, "SELECT GET_LOCK('pointstore.migrate', 60)").Scan(&got); err != nil || got.Int64 != 1 {
			return 0, fmt.Errorf("another program is migrating this database: %v", err)
		}
		defer c.ExecContext(context.WithoutCancel(ctx), "SELECT RELEASE_LOCK('pointstore.migrate')")
	}
	p, err := provider(conn, dialect)
	if err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	return len(done), err
}

// Pending counts the steps that have not been taken; their order is never broken,
// so they are those above the newest one taken.
func Pending(ctx context.Context, conn *sql.DB, dialect string) (int, error) {
	p, err := provider(conn, dialect)
	if err != nil {
		return 0, err
	}
	// Not Status: it reads times, which the driver hands over as bytes.
	at, _, err := p.GetVersions(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, step := range p.ListSources() {
		if step.Version > at {
			n++
		}
	}
	return n, nil
}

func provider(conn *sql.DB, dialect string) (*goose.Provider, error) {
	dir, err := fs.Sub(files, dialect)
	if err != nil {
		return nil, err
	}
	d := goose.DialectSQLite3
	if dialect == "mysql" {
		d = goose.DialectMySQL
	}
	return goose.NewProvider(d, conn, dir)
}
