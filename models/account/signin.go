package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// Refusals of signing in. The first says nothing about which half was wrong;
// the others are only said to somebody who knew the password.
var (
	ErrWrong    = &models.Error{Kind: models.SignIn, Code: "wrong_password", Say: "登录名或密码不对，请核对后再试", Field: "password"}
	ErrDisabled = &models.Error{Kind: models.Forbidden, Code: "account_disabled", Say: "这个账号已停用，不能登录；请找管理员"}
	ErrUnused   = &models.Error{Kind: models.Forbidden, Code: "account_unused", Say: "这个账号 90 天没有用过，已自动停用；请找管理员重新启用"}
)

// addressTries is how many wrong guesses lock an address: more than for a
// login, because a whole village may share one address.
const addressTries = 20

func loginScope(login string) string { return "login:" + digest(login) }

// digest keeps what people typed out of the table: some type the password where
// the login belongs.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// SignIn checks login and password and opens a session on the device. remember
// keeps it for a working day without a request instead of half an hour. Too many
// wrong guesses lock the login, and the address, for longer each time
// (db.ErrLocked).
func SignIn(ctx context.Context, d *db.DB, login, password, device, addr string, remember bool) (secret string, err error) {
	login = normalLogin(login)
	p, err := findPassword(ctx, d, "login", login)
	if err != nil {
		return "", err
	}
	right, left, err := d.Guess(ctx, p.check(password), db.Scope{Name: loginScope(login)}, db.Scope{Name: "addr:" + digest(addr), Tries: addressTries})
	if err != nil {
		return "", err
	}
	if !right {
		return "", wrong(left)
	}
	if err := usable(p.account, d.Now()); err != nil {
		return "", err
	}
	return Open(ctx, d, p.account.ID, device, remember)
}

func wrong(left int) error {
	switch {
	case left == 0:
		return ErrWrong.With("登录名或密码不对，输错的次数太多，请 15 分钟后再试，或找管理员核实身份")
	case left < 5:
		return ErrWrong.With(fmt.Sprintf("登录名或密码不对，还可试 %d 次", left))
	}
	return ErrWrong
}

func usable(a Account, now models.Millis) error {
	switch {
	case a.DisabledAt != 0:
		return ErrDisabled
	case a.Idle(now):
		return ErrUnused
	}
	return nil
}

// stored is an account with its password's hash; with no account every check
// fails after the same work.
type stored struct {
	account Account
	hash    string
}

func findPassword(ctx context.Context, c db.Conn, by string, value any) (p stored, err error) {
	query := "SELECT " + columns + ", password FROM accounts WHERE login = ?"
	if by == "id" {
		query = "SELECT " + columns + ", password FROM accounts WHERE id = ?"
	}
	err = p.account.scan(c.Stmts(ctx).Row(query, value), &p.hash)
	if errors.Is(err, sql.ErrNoRows) {
		return stored{}, nil
	}
	return p, err
}

func (p stored) check(password string) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		if p.account.ID == 0 {
			return false, keys.CheckNobody(ctx, password)
		}
		return keys.CheckPassword(ctx, p.hash, password)
	}
}

// ChangePassword is somebody changing their own password. Every other session
// of theirs ends; keep is the one they are using.
func ChangePassword(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, old, password string, keep [32]byte) error {
	p, err := findPassword(ctx, d, "id", by.Account)
	if err != nil {
		return err
	}
	if p.account.ID == 0 {
		return models.ErrSignIn
	}
	if err := keys.GoodPassword(p.account.Login, password); err != nil {
		return err
	}
	if models.Normal(old) == models.Normal(password) {
		return models.ErrInput.With("新密码和原来的一样，没有保存，请换一个").At("password")
	}
	right, left, err := d.Guess(ctx, p.check(old), db.Scope{Name: fmt.Sprintf("own:%d", by.Account)})
	if err != nil {
		return err
	}
	if !right {
		return models.ErrInput.With(fmt.Sprintf("原密码不对，没有保存，还可试 %d 次", left)).At("old")
	}
	hash, err := keys.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Kind: "own-password", By: by, Subject: by.Account}, func(tx *db.Tx) error {
		if err := setHash(tx, by.Account, hash, false); err != nil {
			return err
		}
		return endSessions(tx, by.Account, keep)
	})
}

func setHash(tx *db.Tx, account int64, hash string, mustChange bool) error {
	return tx.SQL.Must(1, models.ErrNotFound, "UPDATE accounts SET password = ?, must_change = ? WHERE id = ?", hash, flag(mustChange), account)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
