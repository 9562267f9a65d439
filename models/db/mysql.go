package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	driver "github.com/go-sql-driver/mysql"
	mysqldialect "gorm.io/driver/mysql"
	"gorm.io/gorm"
)

// mysqlConns bounds the pool: beyond it MariaDB refuses sockets rather than
// queueing.
const mysqlConns = 64

// openMySQL opens MySQL, MariaDB or a cluster that speaks like them. Matched
// rows are counted, not changed ones, so that a guard means the same as on
// SQLite; the isolation is READ COMMITTED, since correctness comes from guarded
// updates and unique keys; values are interpolated by the driver, which saves a
// round trip per statement.
func (d *DB) openMySQL(ctx context.Context, dsn string) error {
	c, err := driver.ParseDSN(dsn)
	if err != nil {
		return fmt.Errorf("the database address cannot be read: %w", err)
	}
	c.ClientFoundRows = true
	c.InterpolateParams = true
	c.ParseTime = false
	c.MultiStatements = false
	c.Collation = "utf8mb4_bin"
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	if c.Params == nil {
		c.Params = map[string]string{}
	}
	c.Params["transaction_isolation"] = "'READ-COMMITTED'"
	c.Params["sql_mode"] = "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"
	c.Params["time_zone"] = "'+00:00'"
	connector, err := driver.NewConnector(c)
	if err != nil {
		return err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(mysqlConns)
	pool.SetMaxIdleConns(mysqlConns)
	pool.SetConnMaxLifetime(30 * time.Minute)
	if err := pool.PingContext(ctx); err != nil && isolationName(err) {
		// MariaDB before 11.1 calls the variable by its old name.
		pool.Close()
		delete(c.Params, "transaction_isolation")
		c.Params["tx_isolation"] = "'READ-COMMITTED'"
		if connector, err = driver.NewConnector(c); err != nil {
			return err
		}
		pool = sql.OpenDB(connector)
		pool.SetMaxOpenConns(mysqlConns)
		pool.SetMaxIdleConns(mysqlConns)
		pool.SetConnMaxLifetime(30 * time.Minute)
	}
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return fmt.Errorf("the database does not answer: %w", err)
	}
	d.reader, err = gorm.Open(mysqldialect.New(mysqldialect.Config{Conn: pool, SkipInitializeWithVersion: true}), config())
	if err != nil {
		pool.Close()
		return err
	}
	d.reads, d.stmts = pool, newPool(pool)
	return nil
}

// isolationName reports that the server does not know the variable's new name.
func isolationName(err error) bool {
	m, ok := err.(*driver.MySQLError)
	return ok && m.Number == 1193
}

// Durable reads whether a commit survives a power cut on this server; what is
// returned goes to the log as a warning, empty when all is well.
func (d *DB) Durable(ctx context.Context) string {
	if d.Dialect == SQLite {
		return ""
	}
	var flush int
	if err := d.reads.QueryRowContext(ctx, "SELECT @@innodb_flush_log_at_trx_commit").Scan(&flush); err == nil && flush != 1 {
		return fmt.Sprintf("innodb_flush_log_at_trx_commit is %d: about a second of work can be lost in a power cut; set it to 1", flush)
	}
	return ""
}
