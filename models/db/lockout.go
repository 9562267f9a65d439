package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"pointstore/models"
)

// ErrLocked refuses to look at a guess after too many wrong ones, be it right
// or not.
var ErrLocked = &models.Error{Kind: models.Locked, Code: "locked", Say: "输错的次数太多，请过一会儿再试，或找管理员核实身份"}

// Scope is one count of wrong guesses: of a login, an address, a household at a
// counter. Name is at most 96 bytes; put nothing into it that may not lie in
// the database in the clear. Tries is how many wrong guesses lock it; 0 means 5.
type Scope struct {
	Name  string
	Tries int
}

// pauses are how long a scope stays locked the first time, the second and ever
// after.
var pauses = []time.Duration{15 * time.Minute, time.Hour, 24 * time.Hour}

// forgotten is the age at which wrong guesses no longer count.
const forgotten = 24 * time.Hour

// Guess lets check look at one guess of a secret, unless one of the scopes is
// locked (ErrLocked, with how long in words). A wrong guess counts for every
// scope, a right one clears the first; the other scopes are shared with other
// people's secrets. Guesses at one scope wait for each other, so that a
// thousand at once are still five; an error of check is no guess. left is how
// many more wrong ones will be looked at; 0 says that this one has locked.
//
// Call it outside every transaction: the count must stand although the act is
// refused.
func (d *DB) Guess(ctx context.Context, check func(context.Context) (bool, error), scopes ...Scope) (right bool, left int, err error) {
	free, err := guessing.hold(ctx, d, scopes)
	if err != nil {
		return false, 0, err
	}
	defer free()
	now, tired := d.Now(), false
	for i, s := range scopes {
		l, err := readLock(d.Stmts(ctx), s.Name)
		if err != nil {
			return false, 0, err
		}
		if l.until > now {
			return false, 0, ErrLocked.With(lockedFor(l.until - now))
		}
		tired = tired || i == 0 && l.fails > 0
	}
	if right, err = check(ctx); err != nil {
		return false, 0, err
	}
	if !right {
		left, err = d.wrong(ctx, scopes)
	} else if tired {
		err = d.Unlock(ctx, scopes[0].Name)
	}
	return right, left, err
}

// Unlock forgets the wrong guesses at a scope, after somebody has made sure who
// is asking.
func (d *DB) Unlock(ctx context.Context, name string) error {
	return d.Aside(ctx, func(tx *Tx) error {
		_, err := tx.SQL.Exec("DELETE FROM lockouts WHERE scope = ?", name)
		return err
	})
}

// SweepLockouts removes what no longer counts; a daily errand.
func (d *DB) SweepLockouts(ctx context.Context) error {
	return d.Aside(ctx, func(tx *Tx) error {
		_, err := tx.SQL.Exec("DELETE FROM lockouts WHERE changed_at < ? AND until < ?", int64(tx.Now.Add(-2*forgotten)), int64(tx.Now))
		return err
	})
}

// wrong counts a wrong guess for every scope in one transaction.
func (d *DB) wrong(ctx context.Context, scopes []Scope) (left int, err error) {
	err = d.Aside(ctx, func(tx *Tx) error {
		left = -1
		for _, s := range scopes {
			rest, err := s.count(tx)
			if err != nil {
				return err
			}
			if left < 0 || rest < left {
				left = rest
			}
		}
		return nil
	})
	return left, err
}

// count adds one wrong guess and answers how many are left; 0 has locked. The
// first statement takes the row, so that two programs do not count as one.
func (s Scope) count(tx *Tx) (left int, err error) {
	if _, err := tx.SQL.Exec(tx.Upsert("lockouts", "scope", "scope, fails, until, changed_at", "?, 1, 0, ?", "fails = fails + 1"), s.Name, int64(tx.Now)); err != nil {
		return 0, err
	}
	l, err := readLock(tx.SQL, s.Name)
	if err != nil {
		return 0, err
	}
	if tx.Now > max(l.changed, l.until).Add(forgotten) {
		l.fails = 1
	}
	tries := s.Tries
	if tries == 0 {
		tries = 5
	}
	if left = (tries - l.fails%tries) % tries; left == 0 {
		l.until = tx.Now.Add(pauses[min(l.fails/tries, len(pauses))-1])
	}
	_, err = tx.SQL.Exec("UPDATE lockouts SET fails = ?, until = ?, changed_at = ? WHERE scope = ?", l.fails, int64(l.until), int64(tx.Now), s.Name)
	return left, err
}

type lock struct {
	fails          int
	until, changed models.Millis
}

func readLock(s *Statements, name string) (l lock, err error) {
	err = s.Row("SELECT fails, until, changed_at FROM lockouts WHERE scope = ?", name).Scan(&l.fails, &l.until, &l.changed)
	if errors.Is(err, sql.ErrNoRows) {
		return lock{}, nil
	}
	return l, err
}

func lockedFor(left models.Millis) string {
	wait := fmt.Sprintf("%d 分钟", (left+59_999)/60_000)
	if left > 90*60_000 {
		wait = fmt.Sprintf("%d 小时", (left+3_599_999)/3_600_000)
	}
	return "输错的次数太多，请 " + wait + "后再试，或找管理员核实身份"
}

// turnstiles lets one guess at a time through for each scope. Each program of a
// cluster has its own, so a cluster of n looks at up to n times as many.
type turnstiles struct {
	mu   sync.Mutex
	gate map[turnstile]*gate
}

type turnstile struct {
	d    *DB
	name string
}

type gate struct {
	turn    chan struct{}
	waiting int
}

var guessing = turnstiles{gate: map[turnstile]*gate{}}

// hold takes the scopes' turns in the order of their names, so that two holders
// never wait for each other.
func (t *turnstiles) hold(ctx context.Context, d *DB, scopes []Scope) (free func(), err error) {
	var held []turnstile
	free = func() {
		for _, k := range held {
			t.leave(k, true)
		}
	}
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = s.Name
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		k := turnstile{d, name}
		select {
		case t.enter(k).turn <- struct{}{}:
			held = append(held, k)
		case <-ctx.Done():
			t.leave(k, false)
			free()
			return nil, models.ErrBusy.Because(ctx.Err())
		}
	}
	return free, nil
}

func (t *turnstiles) enter(k turnstile) *gate {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.gate[k]
	if g == nil {
		g = &gate{turn: make(chan struct{}, 1)}
		t.gate[k] = g
	}
	g.waiting++
	return g
}

func (t *turnstiles) leave(k turnstile, holding bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.gate[k]
	if holding {
		<-g.turn
	}
	if g.waiting--; g.waiting == 0 {
		delete(t.gate, k)
	}
}
