package account

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// ErrOneTime refuses a password that somebody else knows as proof of a person.
var ErrOneTime = &models.Error{Kind: models.Forbidden, Code: "password_one_time", Say: "这位同事还没有改过初始密码，不能用它核对；请先登录改好密码"}

// Confirm answers who it is that types login and password on somebody else's
// screen, without signing in. Wrong guesses count as at signing in, so call it
// outside every transaction. The actor comes with roles and kin.
func Confirm(ctx context.Context, d *db.DB, kin Kin, login, password, addr string) (models.Actor, error) {
	login = normalLogin(login)
	p, err := findPassword(ctx, d, "login", login)
	if err != nil {
		return models.Actor{}, err
	}
	right, left, err := d.Guess(ctx, p.check(password), db.Scope{Name: loginScope(login)}, db.Scope{Name: "addr:" + digest(addr), Tries: addressTries})
	switch {
	case err != nil:
		return models.Actor{}, err
	case !right:
		return models.Actor{}, wrong(left)
	case p.account.MustChange:
		return models.Actor{}, ErrOneTime
	}
	if err := usable(p.account, d.Now()); err != nil {
		return models.Actor{}, err
	}
	who := models.Actor{Account: p.account.ID, Name: p.account.Name}
	return who, (&Directory{d: d, kin: kin}).fill(ctx, &who, d.Now().Day())
}
