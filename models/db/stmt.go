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

// Rows is an INSERT for any number of rows of one shape, its texts put together
// once.
type Rows struct {
	width      int
	head, hole string
	tail, one  string
}

// NewRows is the shape of an INSERT: insert is everything before VALUES, tail
// everything after the rows; each row has width values.
func NewRows(insert, tail string, width int) *Rows {
	r := &Rows{width: width, head: insert + " VALUES ", hole: "(" + Holes(width) + ")", tail: " " + tail}
	r.one = r.head + r.hole + r.tail
	return r
}

// Width is how many values a row has.
func (r *Rows) Width() int { return r.width }

// Many is Put for a shape used once.
func (s *Statements) Many(insert, tail string, width int, args []any) error {
	return s.Put(NewRows(insert, tail, width), args)
}

// Put writes rows whose values stand one after the other in args. On SQLite a
// prepared statement per row is as fast as one long one and keeps the cache of
// statements small.
func (s *Statements) Put(r *Rows, args []any) error {
	for len(args) > 0 {
		n, query := 1, r.one
		if s.many {
			n = min(len(args)/r.width, manyRows)
			query = r.head + strings.Repeat(r.hole+",", n-1) + r.hole + r.tail
		}
		if _, err := s.Exec(query, args[:n*r.width]...); err != nil {
			return err
		}
		args = args[n*r.width:]
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
