// Package account keeps the people who work in the points store: who they are,
// which roles they hold where and until when, and where they are signed in. It
// keeps three promises: a wrong guess costs the same whether the login exists
// or not; a disabled account is out with the next request; and nobody hands out
// a role outside their own area.
package account

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// Account is a person who may sign in with a password.
type Account struct {
	ID          int64
	Login, Name string
	// MustChange says that somebody else knows the password.
	MustChange bool
	// DisabledAt is when the person was turned away, or 0.
	DisabledAt, CreatedAt, SeenAt models.Millis
	Grants                        []Grant
	// OneTime is the password that was made for them. It is shown once: no
	// reading and no replay brings it back.
	OneTime string `json:"-"`
}

// Grant is a role held in an area, between two days; an empty day is no bound.
type Grant struct {
	Role        models.Role
	Area        int64
	AreaName    string
	From, Until models.Date
}

// Holds says whether the grant is in its term on that day, both ends included.
func (g Grant) Holds(day models.Date) bool {
	return g.From <= day && (g.Until == "" || day <= g.Until)
}

// unused is how long an account may lie idle before it is refused.
const unused = 90 * 24 * time.Hour

// Idle says whether the account has not been used for more than 90 days.
func (a Account) Idle(now models.Millis) bool {
	return now > max(a.SeenAt, a.CreatedAt).Add(unused)
}

// ErrTaken refuses a login that another person has.
var ErrTaken = &models.Error{Kind: models.Conflict, Code: "login_taken", Say: "这个登录名已经有人用了，还没有保存，请换一个", Field: "login"}

const columns = "id, login, name, must_change, disabled_at, created_at, seen_at"

func (a *Account) scan(row db.Scanner, more ...any) error {
	return row.Scan(append([]any{&a.ID, &a.Login, &a.Name, &a.MustChange, &a.DisabledAt, &a.CreatedAt, &a.SeenAt}, more...)...)
}

// Get reads one account with its grants, ended ones included; models.ErrNotFound
// when there is none.
func Get(ctx context.Context, c db.Conn, id int64) (Account, error) {
	var a Account
	err := a.scan(c.Stmts(ctx).Row("SELECT "+columns+" FROM accounts WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return a, models.ErrNotFound
	}
	if err == nil {
		a.Grants, err = grantsOf(ctx, c, id)
	}
	return a, err
}

// List reads everybody who holds, or held, a role in the area or below it, by
// name. models.Everywhere lists all.
func List(ctx context.Context, c db.Conn, area int64) ([]Account, error) {
	query, args := "SELECT "+columns+" FROM accounts ORDER BY name, id", []any(nil)
	if area != models.Everywhere {
		query = "SELECT " + columns + ` FROM accounts WHERE id IN (
			SELECT g.account_id FROM grants g JOIN areas a ON a.id = g.area_id
			WHERE a.id = ? OR a.city_id = ? OR a.county_id = ? OR a.township_id = ?) ORDER BY name, id`
		args = []any{area, area, area, area}
	}
	var all []Account
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var a Account
		err := a.scan(row)
		all = append(all, a)
		return err
	}, query, args...)
	for i := range all {
		if err == nil {
			all[i].Grants, err = grantsOf(ctx, c, all[i].ID)
		}
	}
	return all, err
}

// normalLogin folds what input methods do to a login; case does not count.
func normalLogin(s string) string { return strings.ToLower(models.Normal(s)) }

func goodLogin(s string) error {
	n := utf8.RuneCountInString(s)
	bad := strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-", r)
	})
	if n < 2 || n > 32 || bad {
		return models.ErrInput.With("登录名要 2 到 32 个字，只用字母、数字或汉字，还没有保存，请改好再交").At("login")
	}
	return nil
}

func goodName(s string) error {
	n := utf8.RuneCountInString(s)
	if n < 1 || n > 64 || strings.ContainsFunc(s, unicode.IsControl) {
		return models.ErrInput.With("姓名要 1 到 64 个字，还没有保存，请改好再交").At("name")
	}
	return nil
}
