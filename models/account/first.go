package account

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// ErrHasAdmin refuses a second first administrator.
var ErrHasAdmin = &models.Error{Kind: models.Conflict, Code: "has_admin", Say: "管理员已经设好了，没有重复添加；请直接登录"}

// FirstAdmin makes the person who runs the instance, once: they hold every
// place, also those that are not made yet.
func FirstAdmin(ctx context.Context, d *db.DB, login, name, password string) (Account, error) {
	a := Account{ID: models.NewID(), Login: normalLogin(login), Name: models.Normal(name)}
	if err := goodPerson(NewAccount{Login: a.Login, Name: a.Name, Password: password}); err != nil {
		return Account{}, err
	}
	if password == "" {
		return Account{}, models.ErrInput.With("密码还没有填，请填好再交").At("password")
	}
	hash, err := keys.HashPassword(ctx, password)
	if err != nil {
		return Account{}, err
	}
	err = d.InTx(ctx, db.Op{ID: db.NewOpID(), Village: models.Everywhere, Kind: "first-admin", Asked: a.ID, Subject: a.ID}, func(tx *db.Tx) error {
		// The row's key decides between two who are first at the same moment.
		if err := tx.SQL.Must(1, ErrHasAdmin, tx.Ignore("settings", "name, value", "?, ?"), firstAdmin, models.ID32(a.ID)); err != nil {
			return err
		}
		if err := insert(tx, a, hash); err != nil {
			return err
		}
		if err := insertGrant(tx, a.ID, Grant{Role: models.Admin, Area: models.Everywhere}); err != nil {
			return err
		}
		a, err = Get(ctx, tx, a.ID)
		return err
	})
	return a, err
}

const firstAdmin = "first_admin"

// HasAdmin says whether set-up has made its administrator.
func HasAdmin(ctx context.Context, c db.Conn) (bool, error) {
	v, err := db.Setting(ctx, c, firstAdmin)
	return v != "", err
}

// ResetPassword is for somebody at the machine itself: it makes a one-time
// password, lets the account in again, ends its sessions and leaves a line in
// the trail. models.ErrNotFound when there is no such login.
func ResetPassword(ctx context.Context, d *db.DB, login string) (oneTime string, err error) {
	login = normalLogin(login)
	var id int64
	err = d.Stmts(ctx).Row("SELECT id FROM accounts WHERE login = ?", login).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", models.ErrNotFound.With("没有这个登录名，请核对后再试")
	}
	if err != nil {
		return "", err
	}
	oneTime = newOneTime()
	hash, err := keys.HashPassword(ctx, oneTime)
	if err != nil {
		return "", err
	}
	err = d.InTx(ctx, db.Op{ID: db.NewOpID(), Village: models.Everywhere, Kind: "reset-password", Asked: id, By: models.TheClock, Subject: id}, func(tx *db.Tx) error {
		if _, err := tx.SQL.Exec("UPDATE accounts SET disabled_at = 0 WHERE id = ?", id); err != nil {
			return err
		}
		return resetPassword(tx, Account{ID: id}, hash)
	})
	if err != nil {
		return "", err
	}
	return oneTime, d.Unlock(ctx, loginScope(login))
}
