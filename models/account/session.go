package account

import (
	"context"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// How long a session lasts without a request, and at most.
const (
	staffIdle, staffMost           = 30 * time.Minute, 12 * time.Hour
	rememberedIdle, rememberedMost = 12 * time.Hour, 7 * 24 * time.Hour
	householdIdle, householdMost   = 90 * 24 * time.Hour, 365 * 24 * time.Hour
)

// changes counts what this process has changed about people and sessions, so
// that no answer from before a change is given after it.
var changes atomic.Int64

func changed() { changes.Add(1) }

// Session is one sign-in, for the list of devices.
type Session struct {
	ID                           int64
	Device                       string
	CreatedAt, SeenAt, ExpiresAt models.Millis
}

// Open signs somebody in who has just shown who they are in another way: the
// first administrator at set-up. It always makes a new secret.
func Open(ctx context.Context, d *db.DB, account int64, device string, remember bool) (secret string, err error) {
	idle, most := staffIdle, staffMost
	if remember {
		idle, most = rememberedIdle, rememberedMost
	}
	return open(ctx, d, account, models.Household{}, device, idle, most)
}

// SignInHousehold opens a session for a household at its own phone, after
// village.CheckPIN.
func SignInHousehold(ctx context.Context, d *db.DB, h models.Household, device string) (secret string, err error) {
	return open(ctx, d, 0, h, device, householdIdle, householdMost)
}

func open(ctx context.Context, d *db.DB, account int64, h models.Household, device string, idle, most time.Duration) (string, error) {
	secret := keys.NewSecret()
	hash := keys.SecretHash(secret)
	return secret, d.Aside(ctx, func(tx *db.Tx) error {
		if account != 0 {
			if err := tx.SQL.Must(1, models.ErrNotFound, "UPDATE accounts SET seen_at = ? WHERE id = ?", int64(tx.Now), account); err != nil {
				return err
			}
		}
		_, err := tx.SQL.Exec(`INSERT INTO sessions (token_hash, id, account_id, village_id, household_id, device, created_at, seen_at, idle, ends_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, hash[:], models.NewID(), account, h.Village, h.ID, clip(device, 64),
			int64(tx.Now), int64(tx.Now), idle.Milliseconds(), int64(tx.Now.Add(most)), int64(tx.Now.Add(min(idle, most))))
		return err
	})
}

// Sessions lists where somebody is signed in, the latest used first.
func Sessions(ctx context.Context, d *db.DB, account int64) ([]Session, error) {
	return sessions(ctx, d, "account_id = ? AND village_id = ?", account, 0)
}

// SessionsOf lists where a household is signed in, the latest used first.
func SessionsOf(ctx context.Context, d *db.DB, h models.Household) ([]Session, error) {
	return sessions(ctx, d, "village_id = ? AND household_id = ?", h.Village, h.ID)
}

func sessions(ctx context.Context, d *db.DB, whose string, a, b int64) (all []Session, err error) {
	err = d.Stmts(ctx).Each(func(row db.Scanner) error {
		var s Session
		err := row.Scan(&s.ID, &s.Device, &s.CreatedAt, &s.SeenAt, &s.ExpiresAt)
		all = append(all, s)
		return err
	}, "SELECT id, device, created_at, seen_at, expires_at FROM sessions WHERE "+whose+" AND expires_at > ? ORDER BY seen_at DESC, id DESC", a, b, int64(d.Now()))
	return all, err
}

// SignOut ends the session with that secret; an unknown one is no error.
func SignOut(ctx context.Context, d *db.DB, secret string) error {
	hash := keys.SecretHash(secret)
	return end(ctx, d, "token_hash = ?", hash[:])
}

// SignOutOne ends one of the actor's own sessions, by its id.
func SignOutOne(ctx context.Context, d *db.DB, by models.Actor, session int64) error {
	return end(ctx, d, "id = ? AND account_id = ? AND village_id = ? AND household_id = ?", session, by.Account, by.Household.Village, by.Household.ID)
}

// SignOutAll ends every session of an account.
func SignOutAll(ctx context.Context, d *db.DB, account int64) error {
	return end(ctx, d, "account_id = ? AND village_id = 0", account)
}

// SignOutHousehold ends every session of a household: a new card, a new PIN.
func SignOutHousehold(ctx context.Context, d *db.DB, h models.Household) error {
	return end(ctx, d, "village_id = ? AND household_id = ? AND account_id = 0", h.Village, h.ID)
}

func end(ctx context.Context, d *db.DB, which string, args ...any) error {
	return d.Aside(ctx, func(tx *db.Tx) error {
		tx.After(changed)
		_, err := tx.SQL.Exec("DELETE FROM sessions WHERE "+which, args...)
		return err
	})
}

// endSessions ends all of an account's sessions but one, inside a transaction.
func endSessions(tx *db.Tx, account int64, keep [32]byte) error {
	tx.After(changed)
	_, err := tx.SQL.Exec("DELETE FROM sessions WHERE account_id = ? AND village_id = 0 AND token_hash <> ?", account, keep[:])
	return err
}

// Sweep removes the sessions that are over; a daily errand.
func Sweep(ctx context.Context, d *db.DB) error {
	return d.Aside(ctx, func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("DELETE FROM sessions WHERE expires_at < ?", int64(tx.Now))
		return err
	})
}

// clip cuts a device's name to what the column holds, never inside a character.
func clip(s string, most int) string {
	for utf8.RuneCountInString(s) > most {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}
