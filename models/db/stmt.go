package db

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// Statements speaks prepared SQL: each text is prepared once per connection and
// kept. Inside a transaction the context is the program's own, so that a caller
// who gives up does not cancel its neighbours' commit.
type Statements struct {
	ctx     context.Context
	prepare func(ctx context.Context, query string) (*sql.Stmt, error)
	// direct runs without preparing: MySQL transactions interpolate in the
	// driver, which saves a round trip.
	direct *sql.Tx
	many   bool
}

// Exec runs a statement and returns how many rows matched.
func (s *Statements) Exec(query string, args ...any) (int64, error) {
	var r sql.Result
	var err error
	if s.direct != nil {
		r, err = s.direct.ExecContext(s.ctx, query, args...)
	} else {
		var st *sql.Stmt
		if st, err = s.prepare(s.ctx, query); err == nil {
			r, err = st.ExecContext(s.ctx, args...)
		}
	}
	if err != nil {
		return 0, translate(err)
	}
	return r.RowsAffected()
}

// Must is Exec for a guarded statement: anything but want matched rows is the
// refusal.
func (s *Statements) Must(want int64, refusal error, query string, args ...any) error {
	n, err := s.Exec(query, args...)
	if err == nil && n != want {
		return refusal
	}
	return err
}

// Row reads one row; sql.ErrNoRows when there is none.
func (s *Statements) Row(query string, args ...any) Scanner {
	if s.direct != nil {
		return s.direct.QueryRowContext(s.ctx, query, args...)
	}
	st, err := s.prepare(s.ctx, query)
	if err != nil {
		return failed{translate(err)}
	}
	return st.QueryRowContext(s.ctx, args...)
}

// Scanner is a row to be read.
type Scanner interface{ Scan(dest ...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// Each reads rows and calls fn for each.
func (s *Statements) Each(fn func(Scanner) error, query string, args ...any) error {
	var rows *sql.Rows
	var err error
	if s.direct != nil {
		rows, err = s.direct.QueryContext(s.ctx, query, args...)
	} else {
		var st *sql.Stmt
		if st, err = s.prepare(s.ctx, query); err == nil {
			rows, err = st.QueryContext(s.ctx, args...)
		}
	}
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// manyRows is how many rows go into one statement on MySQL, where a round trip
// costs more than the work.
const manyRows = 200

// Many writes rows of the same shape: insert is everything before VALUES, tail
// everything after the rows; each row has width values, one after the other in
// args. On SQLite a prepared statement per row is as fast as one long one and
// keeps the cache of statements small.
func (s *Statements) Many(insert, tail string, width int, args []any) error {
	if len(args) == 0 {
		return nil
	}
	hole := "(" + Holes(width) + ")"
	if !s.many {
		query := insert + " VALUES " + hole + " " + tail
		for i := 0; i < len(args); i += width {
			if _, err := s.Exec(query, args[i:i+width]...); err != nil {
				return err
			}
		}
		return nil
	}
	for len(args) > 0 {
		n := min(len(args)/width, manyRows)
		query := insert + " VALUES " + strings.TrimSuffix(strings.Repeat(hole+",", n), ",") + " " + tail
		if _, err := s.Exec(query, args[:n*width]...); err != nil {
			return err
		}
		args = args[n*width:]
	}
	return nil
}

// pool keeps prepared statements of a *sql.DB or a *sql.Conn.
type pool struct {
	on interface {
		PrepareContext(context.Context, string) (*sql.Stmt, error)
	}
	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

func newPool(on interface {
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}) *pool {
	return &pool{on: on, stmts: map[string]*sql.Stmt{}}
}

func (p *pool) get(ctx context.Context, query string) (*sql.Stmt, error) {
	p.mu.RLock()
	st := p.stmts[query]
	p.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.stmts[query]; st != nil {
		return st, nil
	}
	st, err := p.on.PrepareContext(ctx, query)
	if err == nil {
		p.stmts[query] = st
	}
	return st, err
}
