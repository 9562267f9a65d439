package account

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Refusals of changing roles.
var (
	ErrHeld    = &models.Error{Kind: models.Conflict, Code: "role_held", Say: "这个人在这里已经有这个角色了，没有重复添加"}
	ErrMonitor = &models.Error{Kind: models.Conflict, Code: "monitor_apart", Say: "监督员不能由同一个村的村委或兑换点管理员兼任，没有保存，请另选一人"}
	ErrLast    = &models.Error{Kind: models.Conflict, Code: "last_admin", Say: "至少要留一位管理员，没有改动；请先添加另一位管理员"}
)

// AddGrant gives a person one more role; see MayGrant for who may.
func AddGrant(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, account int64, g Grant) error {
	if err := goodTerm(g.From, g.Until); err != nil {
		return err
	}
	if err := MayGrant(ctx, d, by, g.Role, g.Area); err != nil {
		return err
	}
	ask := struct {
		Account int64
		Grant
	}{account, g}
	return d.InTx(ctx, db.Op{ID: op, Village: g.Area, Kind: "add-grant", Asked: ask, By: by, Subject: account}, func(tx *db.Tx) error {
		if _, err := Get(ctx, tx, account); err != nil {
			return err
		}
		return insertGrant(tx, account, g)
	})
}

func insertGrant(tx *db.Tx, account int64, g Grant) error {
	tx.After(changed)
	if err := apart(tx, account, g); err != nil {
		return err
	}
	_, err := tx.SQL.Exec("INSERT INTO grants (account_id, role, area_id, from_day, until_day) VALUES (?, ?, ?, ?, ?)", account, string(g.Role), g.Area, string(g.From), string(g.Until))
	if db.IsDuplicate(err) {
		return ErrHeld
	}
	return err
}

// apart keeps the monitor, whom the law sets beside the committee, out of it.
func apart(tx *db.Tx, account int64, g Grant) error {
	held, err := grantsOf(context.Background(), tx, account)
	watched := func(r models.Role) bool { return r == models.Committee || r == models.Clerk }
	for _, h := range held {
		if h.Area == g.Area && h.Until == "" && (h.Role == models.Monitor && watched(g.Role) || watched(h.Role) && g.Role == models.Monitor) {
			return ErrMonitor
		}
	}
	return err
}

// RemoveGrant takes a role away. The last administrator's stays.
func RemoveGrant(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, account int64, role models.Role, area int64) error {
	if err := MayGrant(ctx, d, by, role, area); err != nil {
		return err
	}
	ask := struct {
		Account int64
		Role    models.Role
		Area    int64
	}{account, role, area}
	return d.InTx(ctx, db.Op{ID: op, Village: area, Kind: "remove-grant", Asked: ask, By: by, Subject: account}, func(tx *db.Tx) error {
		tx.After(changed)
		if err := tx.SQL.Must(1, models.ErrNotFound, "DELETE FROM grants WHERE account_id = ? AND role = ? AND area_id = ?", account, string(role), area); err != nil {
			return err
		}
		return anAdminRemains(tx)
	})
}

// anAdminRemains refuses a change after which nobody could run the instance.
func anAdminRemains(tx *db.Tx) error {
	if ok, err := someAdmin(tx); err != nil || ok {
		return err
	}
	return ErrLast
}

func someAdmin(tx *db.Tx) (bool, error) {
	var n int
	err := tx.SQL.Row("SELECT COUNT(*) FROM grants g JOIN accounts a ON a.id = g.account_id WHERE g.role = 'admin' AND g.area_id = ? AND a.disabled_at = 0 AND (g.until_day = '' OR g.until_day >= ?)",
		models.Everywhere, string(tx.Now.Day())).Scan(&n)
	return n > 0, err
}
