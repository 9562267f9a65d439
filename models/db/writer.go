package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"gorm.io/gorm"

	"pointstore/models"
)

// writer is SQLite's one writer. It takes whatever transactions are queued,
// runs each in a savepoint of its own, commits once for all of them and answers
// them then: sixty-four people share one fdatasync. A lone caller waits for
// nobody.
type writer struct {
	d     *DB
	pool  *sql.DB
	conn  *sql.Conn
	stmts *pool
	gorm  *gorm.DB    // one session for all: only the writer's goroutine uses it
	sql   *Statements // likewise
	queue chan *job
	done  chan struct{}
	mu    sync.RWMutex
	shut  bool
}

// most is how many transactions share one commit.
const most = 64

type job struct {
	fn     func(*Tx) error
	answer chan error
	err    error
	tx     *Tx
	begun  time.Time
}

// errAborted answers everyone in a batch whose transaction broke under them:
// nothing of theirs was kept.
var errAborted = models.ErrBusy

func (w *writer) start() {
	w.queue = make(chan *job, 4*most)
	w.done = make(chan struct{})
	ctx := Mark(context.Background())
	w.gorm = w.d.session(ctx, &txPool{w.conn})
	w.sql = &Statements{ctx: ctx, prepare: w.stmts.get}
	go func() {
		defer close(w.done)
		for first := range w.queue {
			w.batch(w.gather(first))
		}
	}()
}

func (w *writer) close() {
	w.mu.Lock()
	if !w.shut {
		w.shut = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
	w.conn.Close()
	w.pool.Close()
}

// do queues fn and waits for its commit. Once queued it is not withdrawn: a
// caller who gives up must not cancel its neighbours, and its own outcome is
// settled by its operation id.
func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	j := &job{fn: fn, answer: make(chan error, 1), begun: time.Now()}
	w.mu.RLock()
	if w.shut {
		w.mu.RUnlock()
		return errAborted
	}
	select {
	case w.queue <- j:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return models.ErrBusy.Because(ctx.Err())
	}
	return <-j.answer
}

func (w *writer) gather(first *job) []*job {
	// Those who were just answered come back with their next; one turn of the
	// scheduler lets them queue and share this commit.
	runtime.Gosched()
	jobs := []*job{first}
	for len(jobs) < most {
		select {
		case j, ok := <-w.queue:
			if !ok {
				return jobs
			}
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// batch runs the jobs in one commit. If ROLLBACK TO or RELEASE fails, the
// transaction around the savepoints is gone (a full disk rolls back all of it),
// and running on would commit the next job alone: so it stops and fails all.
func (w *writer) batch(jobs []*job) {
	err := w.exec("BEGIN IMMEDIATE")
	if err == nil {
		for _, j := range jobs {
			if err = w.one(j); err != nil {
				break
			}
		}
	}
	if err == nil {
		for _, j := range jobs {
			if j.err == nil && time.Since(j.begun) > Longest {
				err = models.ErrBusy.Because(errors.New("transaction older than a minute"))
			}
		}
	}
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err != nil {
		w.exec("ROLLBACK") // fails when SQLite has rolled back already; then there is nothing left to undo
	}
	for _, j := range jobs {
		switch {
		case j.err != nil:
			j.answer <- j.err
		case err != nil:
			j.answer <- failure(err)
		default:
			for _, f := range j.tx.after {
				f()
			}
			j.answer <- nil
		}
	}
}

// failure is what a job hears whose batch did not commit: the refusal that
// people can understand, or a reason to try again.
func failure(err error) error {
	if t := translate(err); models.KindOf(t) != models.Bug {
		return t
	}
	return errAborted.Because(err)
}

// one runs a job inside its savepoint. Its own refusal is kept in j.err; the
// error returned is one that ends the whole batch.
func (w *writer) one(j *job) error {
	if err := w.exec("SAVEPOINT one"); err != nil {
		return err
	}
	j.tx = &Tx{DB: w.gorm, SQL: w.sql, Now: w.d.Clock(), Dialect: SQLite, of: w.d}
	j.err = translate(call(j.fn, j.tx))
	if j.err != nil {
		if err := w.exec("ROLLBACK TO one"); err != nil {
			return errors.Join(j.err, err)
		}
	}
	return w.exec("RELEASE one")
}

func call(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}

func (w *writer) exec(query string) error {
	st, err := w.stmts.get(context.Background(), query)
	if err == nil {
		_, err = st.ExecContext(context.Background())
	}
	return err
}
