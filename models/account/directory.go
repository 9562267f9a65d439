package account

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// Kin answers which households an account may not decide for; village.Kin does.
type Kin func(ctx context.Context, c db.Conn, account int64) ([]models.Household, error)

// Signed is who stands behind a session cookie. It is shared between requests:
// nobody writes to its slices.
type Signed struct {
	Actor       models.Actor
	SessionHash [32]byte
	CSRF        string // the form token of this session
	Device      string
	ExpiresAt   models.Millis
	MustChange  bool // nothing else is possible before the password is changed
}

// Directory answers who is asking. It remembers an answer for up to a second,
// and forgets all of them at once when this process changes anything about
// people or sessions.
type Directory struct {
	d   *db.DB
	k   *keys.Keys
	kin Kin

	mu    sync.RWMutex
	known map[[32]byte]known
}

type known struct {
	signed  *Signed
	changes int64
	real    time.Time
	at      models.Millis
}

// knowFor is how long an answer holds; a change made by another program of a
// cluster is seen after it.
const knowFor = time.Second

// knowMost bounds the memory for answers; about 1 KB each.
const knowMost = 20_000

// NewDirectory makes a directory over the database.
func NewDirectory(d *db.DB, k *keys.Keys, kin Kin) *Directory {
	return &Directory{d: d, k: k, kin: kin, known: map[[32]byte]known{}}
}

// Who answers whose secret a session cookie holds; models.ErrSignIn when nobody's
// or no longer.
func (s *Directory) Who(ctx context.Context, secret string) (*Signed, error) {
	if len(secret) != 43 {
		return nil, models.ErrSignIn
	}
	hash := keys.SecretHash(secret)
	now, real := s.d.Now(), time.Now()
	s.mu.RLock()
	k, ok := s.known[hash]
	s.mu.RUnlock()
	if ok && k.changes == changes.Load() && real.Sub(k.real) < knowFor && now >= k.at && now < k.at.Add(knowFor) {
		return k.signed, nil
	}
	k = known{changes: changes.Load(), real: real, at: now}
	signed, err := s.read(ctx, hash, now)
	if err != nil {
		return nil, err
	}
	k.signed = signed
	s.keep(hash, k)
	return signed, nil
}

func (s *Directory) keep(hash [32]byte, k known) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= knowMost {
		clear(s.known)
	}
	s.known[hash] = k
}

const selectSession = `SELECT s.id, s.account_id, s.village_id, s.household_id, s.device, s.seen_at, s.idle, s.ends_at, s.expires_at,
	COALESCE(a.name, ''), COALESCE(a.must_change, 0), COALESCE(a.disabled_at, 0)
	FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = ?`

func (s *Directory) read(ctx context.Context, hash [32]byte, now models.Millis) (*Signed, error) {
	v := &Signed{SessionHash: hash, CSRF: s.k.CSRF(hash)}
	a := &v.Actor
	var seen, ends, disabled models.Millis
	var idle int64
	err := s.d.Stmts(ctx).Row(selectSession, hash[:]).Scan(&a.Session, &a.Account, &a.Household.Village, &a.Household.ID, &v.Device,
		&seen, &idle, &ends, &v.ExpiresAt, &a.Name, &v.MustChange, &disabled)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, models.ErrSignIn
	}
	if err != nil {
		return nil, err
	}
	if now >= v.ExpiresAt || disabled != 0 {
		return nil, models.ErrSignIn
	}
	if a.Account != 0 {
		if err := s.fill(ctx, a, now.Day()); err != nil {
			return nil, err
		}
	}
	if now >= seen.Add(time.Minute) {
		v.ExpiresAt = min(now+models.Millis(idle), ends)
		s.touch(ctx, hash, now, v.ExpiresAt)
	}
	return v, nil
}

// fill adds the roles in their terms and the households not to decide for.
func (s *Directory) fill(ctx context.Context, a *models.Actor, today models.Date) error {
	grants, err := grantsOf(ctx, s.d, a.Account)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.Holds(today) {
			a.Grants = append(a.Grants, models.Grant{Role: g.Role, Area: g.Area, Name: g.AreaName})
		}
	}
	a.Kin, err = s.kin(ctx, s.d, a.Account)
	return err
}

// touch notes that the session is in use. It may fail (a full disk, a read-only
// file) without turning anybody away: reading must go on.
func (s *Directory) touch(ctx context.Context, hash [32]byte, now, expires models.Millis) {
	_ = s.d.Aside(ctx, func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("UPDATE sessions SET seen_at = ?, expires_at = ? WHERE token_hash = ? AND seen_at < ?", int64(now), int64(expires), hash[:], int64(now))
		return err
	})
}
