package account

import (
	"context"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// NewAccount is a person to be added, with a first role.
type NewAccount struct {
	Login, Name string
	// Password is theirs for the first sign-in; empty has one made.
	Password    string `json:"-"`
	Role        models.Role
	Area        int64
	From, Until models.Date
	// Chosen says that the person chose the password themselves, so that the
	// first sign-in need not ask for another.
	Chosen bool
}

// AddAccount adds a person with a first role. When the password was made here,
// it is the answer's OneTime, and a replay of the operation does not repeat it.
func AddAccount(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, ask NewAccount) (Account, error) {
	ask.Login, ask.Name = normalLogin(ask.Login), models.Normal(ask.Name)
	if err := goodPerson(ask); err != nil {
		return Account{}, err
	}
	if err := MayGrant(ctx, d, by, ask.Role, ask.Area); err != nil {
		return Account{}, err
	}
	a := Account{ID: models.NewID(), Login: ask.Login, Name: ask.Name, MustChange: !ask.Chosen}
	oneTime := ""
	if ask.Password == "" {
		oneTime, a.MustChange = newOneTime(), true
		ask.Password = oneTime
	}
	hash, err := keys.HashPassword(ctx, ask.Password)
	if err != nil {
		return Account{}, err
	}
	again := func(tx *db.Tx, id int64) (err error) { oneTime = ""; a, err = Get(ctx, tx, id); return err }
	err = d.InTx(ctx, db.Op{ID: op, Village: ask.Area, Kind: "add-account", Asked: ask, By: by, Subject: a.ID, Again: again}, func(tx *db.Tx) error {
		if err := insert(tx, a, hash); err != nil {
			return err
		}
		if err := insertGrant(tx, a.ID, Grant{Role: ask.Role, Area: ask.Area, From: ask.From, Until: ask.Until}); err != nil {
			return err
		}
		a, err = Get(ctx, tx, a.ID)
		return err
	})
	a.OneTime = oneTime
	return a, err
}

func goodPerson(ask NewAccount) error {
	if err := goodLogin(ask.Login); err != nil {
		return err
	}
	if err := goodName(ask.Name); err != nil {
		return err
	}
	if err := goodTerm(ask.From, ask.Until); err != nil || ask.Password == "" {
		return err
	}
	return keys.GoodPassword(ask.Login, ask.Password)
}

func goodTerm(from, until models.Date) error {
	if until != "" && until < from {
		return models.ErrInput.With("任期的结束日期早于开始日期，没有保存，请改好再交").At("until")
	}
	return nil
}

// newOneTime is easy to read over the telephone: eight letters and digits that
// are not mistaken for each other.
func newOneTime() string { return strings.ToLower(keys.NewSetupCode()) }

func insert(tx *db.Tx, a Account, hash string) error {
	_, err := tx.SQL.Exec("INSERT INTO accounts (id, login, name, password, must_change, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		a.ID, a.Login, a.Name, hash, flag(a.MustChange), int64(tx.Now))
	if db.IsDuplicate(err) {
		return ErrTaken
	}
	return err
}

// SetPassword gives a person who has forgotten theirs another one: the given
// one, or one that is made and returned. Their sessions end, their lock is
// lifted, and the first sign-in asks for a password of their own.
func SetPassword(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, account int64, password string) (oneTime string, err error) {
	a, err := over(ctx, d, by, account)
	if err != nil {
		return "", err
	}
	if password == "" {
		oneTime = newOneTime()
		password = oneTime
	} else if err := keys.GoodPassword(a.Login, password); err != nil {
		return "", err
	}
	hash, err := keys.HashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	again := func(*db.Tx, int64) error { oneTime = ""; return nil }
	err = d.InTx(ctx, db.Op{ID: op, Village: home(a), Kind: "set-password", Asked: account, By: by, Subject: account, Again: again}, func(tx *db.Tx) error {
		return resetPassword(tx, a, hash)
	})
	if err != nil {
		return "", err
	}
	return oneTime, d.Unlock(ctx, loginScope(a.Login))
}

func resetPassword(tx *db.Tx, a Account, hash string) error {
	if err := setHash(tx, a.ID, hash, true); err != nil {
		return err
	}
	if _, err := tx.SQL.Exec("UPDATE accounts SET seen_at = ? WHERE id = ?", int64(tx.Now), a.ID); err != nil {
		return err
	}
	return endSessions(tx, a.ID, [32]byte{})
}

// Disable turns a person away: their sessions are over at once. Nobody disables
// themselves or the last administrator.
func Disable(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, account int64) error {
	a, err := over(ctx, d, by, account)
	if err != nil {
		return err
	}
	if account == by.Account {
		return models.ErrForbidden.With("不能停用自己的账号，没有改动；请另一位管理员来办")
	}
	return d.InTx(ctx, db.Op{ID: op, Village: home(a), Kind: "disable-account", Asked: account, By: by, Subject: account}, func(tx *db.Tx) error {
		if err := tx.SQL.Must(1, models.ErrNotFound, "UPDATE accounts SET disabled_at = ? WHERE id = ?", int64(tx.Now), account); err != nil {
			return err
		}
		if err := anAdminRemains(tx); err != nil {
			return err
		}
		return endSessions(tx, account, [32]byte{})
	})
}

// Enable lets a person in again who was disabled or had not come for 90 days.
func Enable(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, account int64) error {
	a, err := over(ctx, d, by, account)
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: home(a), Kind: "enable-account", Asked: account, By: by, Subject: account}, func(tx *db.Tx) error {
		tx.After(changed)
		return tx.SQL.Must(1, models.ErrNotFound, "UPDATE accounts SET disabled_at = 0, seen_at = ? WHERE id = ?", int64(tx.Now), account)
	})
}

// over reads an account the actor is set over: every role it holds is one the
// actor might have given. Other people's accounts are simply not found.
func over(ctx context.Context, c db.Conn, by models.Actor, account int64) (Account, error) {
	a, err := Get(ctx, c, account)
	if err != nil {
		return a, err
	}
	for _, g := range a.Grants {
		if err := MayGrant(ctx, c, by, g.Role, g.Area); err != nil {
			return a, models.ErrNotFound
		}
	}
	if len(a.Grants) == 0 && !by.Can(models.RunInstance, models.Place{}) {
		return a, models.ErrNotFound
	}
	return a, nil
}

// home is the area whose trail an account's changes belong to.
func home(a Account) int64 {
	if len(a.Grants) == 0 {
		return models.Everywhere
	}
	return a.Grants[0].Area
}
