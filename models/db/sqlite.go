package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
	"modernc.org/sqlite" // registers the driver "sqlite", which needs no C compiler
)

// oldestSQLite is the first version without the WAL-reset and journal-rollback
// bugs that can corrupt a file.
const oldestSQLite = 3_053_004

// openSQLite opens the file with one writing connection and a pool of readers.
// The write lock is taken at BEGIN: a transaction that reads first and writes
// later could otherwise be refused without waiting.
//
// A commit waits for fdatasync, which writes all that is needed to read the data
// back, and not for the file's timestamps as fsync does. Pages are of 2 KB: a
// redemption touches a handful of them far apart, and each is written whole.
func (d *DB) openSQLite(ctx context.Context, path string) error {
	sqlite.Fdatasync(true) // where the system has none, fsync stays
	common := url.Values{"_pragma": {"page_size(2048)", "busy_timeout(8000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)", "wal_autocheckpoint(8000)"}}
	name := fileName(path)
	pool, err := sql.Open("sqlite", name+"?"+common.Encode()+"&_txlock=immediate&_pragma=cache_size(-32000)")
	if err != nil {
		return err
	}
	common["_pragma"] = append(common["_pragma"], "query_only(ON)", "cache_size(-8000)") // each reader keeps its own pages
	reads, err := sql.Open("sqlite", name+"?"+common.Encode())
	if err != nil {
		pool.Close()
		return err
	}
	n := max(4, runtime.GOMAXPROCS(0)*2)
	reads.SetMaxOpenConns(n)
	reads.SetMaxIdleConns(n)
	conn, err := pool.Conn(ctx)
	if err == nil {
		err = checkSQLite(ctx, conn)
	}
	if err == nil {
		d.reader, err = gorm.Open(dialector{reads}, config())
	}
	if err != nil {
		pool.Close()
		reads.Close()
		return err
	}
	d.reads, d.stmts = reads, newPool(reads)
	d.write = &writer{d: d, pool: pool, conn: conn, stmts: newPool(conn)}
	d.write.start()
	return nil
}

// fileName is the path as SQLite wants it in an address: slashes on Windows too,
// one more before a drive letter.
func fileName(path string) string {
	path, drive := filepath.ToSlash(path), filepath.VolumeName(path)
	if drive != "" {
		path = "/" + path
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

// checkSQLite reads the settings back and refuses to run on weaker ones: they
// are what "saved" means.
func checkSQLite(ctx context.Context, c *sql.Conn) error {
	var version, journal string
	var sync int
	if err := c.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	var a, b, e int
	fmt.Sscanf(version, "%d.%d.%d", &a, &b, &e)
	if a*1_000_000+b*1_000+e < oldestSQLite {
		return fmt.Errorf("SQLite %s can corrupt files under load; 3.53.4 or newer is needed", version)
	}
	if err := c.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return err
	}
	if journal != "wal" || sync != 2 {
		return fmt.Errorf("SQLite runs with journal %s, synchronous %d; WAL and FULL are needed", journal, sync)
	}
	return nil
}

func config() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction:   true,
		TranslateError:           false, // the pool translates
		DisableNestedTransaction: true,
		DisableAutomaticPing:     true,
		// Parametrised: values never reach a log.
		Logger: logger.Discard,
	}
}

// dialector teaches gorm SQLite over modernc's driver. The tables are made by
// SQL files, so it needs no migrator.
type dialector struct{ pool *sql.DB }

func (dialector) Name() string { return "sqlite" }

func (dl dialector) Initialize(g *gorm.DB) error {
	g.ConnPool = dl.pool
	callbacks.RegisterDefaultCallbacks(g, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE"},
	})
	return nil
}

func (dialector) Migrator(*gorm.DB) gorm.Migrator { return nil }

func (dialector) DataTypeOf(*schema.Field) string { return "" }

func (dialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

func (dialector) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { w.WriteByte('?') }

func (dialector) QuoteTo(w clause.Writer, name string) {
	w.WriteByte('"')
	for i := range len(name) {
		switch name[i] {
		case '.':
			w.WriteString(`"."`)
		case '"':
			w.WriteString(`""`)
		default:
			w.WriteByte(name[i])
		}
	}
	w.WriteByte('"')
}

func (dialector) Explain(sql string, _ ...any) string { return sql }
