package market

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// Relations are what a proxy is offered to be to the household.
var Relations = []string{"子女", "配偶", "父母", "孙子女", "兄弟姐妹", "亲戚", "邻居", "志愿者", "村组干部"}

// maxProxies bounds the proxies of one household that are in force.
const maxProxies = 5

// The refusals about proxies.
var (
	ErrNoProxy      = &models.Error{Kind: models.Conflict, Code: "proxy_gone", Field: "proxy_id", Say: "这位替领人已经取消或用过了，没有扣分；请村民输入取货密码，或到村委登记"}
	ErrProxyLate    = &models.Error{Kind: models.Conflict, Code: "proxy_late", Field: "proxy_id", Say: "这位替领人已过期，没有扣分；请到村委重新登记"}
	ErrProxyLimit   = &models.Error{Kind: models.Forbidden, Code: "proxy_limit", Field: "proxy_id", Say: "超过替领人一次能领的分，没有扣分；请少换一点，或请本人来"}
	ErrProxyUnnamed = &models.Error{Kind: models.Forbidden, Code: "proxy_unnamed", Field: "proxy", Say: "这位替领人没有登记，没有扣分；请输入这一户的取货密码，或先到村委登记替领人"}
	ErrProxiesFull  = &models.Error{Kind: models.Conflict, Code: "proxies_full", Field: "name", Say: "一户最多登记 5 位替领人，没有保存；请先取消一位"}
)

// Proxy is somebody who may fetch goods for a household.
type Proxy struct {
	ID        int64
	Household models.Household
	Name      string
	Relation  string
	Limit     models.Points // of one redemption; 0: as far as the household's own
	Once      bool
	Until     models.Date // the last day; empty: until it is ended
	UsedAt    models.Millis
	EndedAt   models.Millis
	MadeAt    models.Millis
}

// Says is who it is and how far it goes: 马小军（子女），一次最多 50 分.
func (p Proxy) Says() string {
	s := p.Name + "（" + p.Relation + "）"
	if p.Limit != 0 {
		s += "，一次最多 " + p.Limit.String() + " 分"
	}
	if p.Once {
		s += "，只用一次"
	}
	if p.Until != "" {
		s += "，到 " + p.Until.Short()
	}
	return s
}

// gone says why the proxy cannot fetch anything on that day, or nil.
func (p Proxy) gone(day models.Date) error {
	switch {
	case p.EndedAt != 0, p.Once && p.UsedAt != 0:
		return ErrNoProxy
	case p.Until != "" && p.Until < day:
		return ErrProxyLate
	}
	return nil
}

// ProxyForm is what is typed of a proxy.
type ProxyForm struct {
	Name     string
	Relation string
	Limit    models.Points
	Once     bool
	Until    models.Date
}

func (f ProxyForm) check(today models.Date) error {
	switch {
	case f.Name == "":
		return models.ErrInput.With("请写替领人的姓名，还没有保存").At("name")
	case f.Relation == "":
		return models.ErrInput.With("请选替领人和这一户的关系，还没有保存").At("relation")
	case f.Limit < 0 || f.Limit > models.PointsMax:
		return models.ErrInput.With("“一次最多几分”要填 0 或更大的数，还没有保存；填 0 就是不另设限").At("limit")
	case f.Until != "" && f.Until < today:
		return models.ErrInput.With("截止日期已经过了，还没有保存，请改一个以后的日子").At("until")
	}
	return cmp.Or(fits("name", "姓名", f.Name, 64), fits("relation", "关系", f.Relation, 16))
}

// mayName lets the household itself name its proxies, and the committee, but
// nobody for their own home.
func mayName(ctx context.Context, c db.Conn, by models.Actor, h models.Household) error {
	if by.Household == h && h.ID != 0 {
		return nil
	}
	at, err := village.PlaceOf(ctx, c, h.Village)
	if err != nil {
		return err
	}
	return by.MayFor(models.SetUpVillage, at, h)
}

// AddProxy names somebody who may fetch goods for the household.
func AddProxy(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, f ProxyForm) (p Proxy, err error) {
	f.Name, f.Relation = named(f.Name), named(f.Relation)
	if err := f.check(d.Now().Day()); err != nil {
		return p, err
	}
	if err := mayName(ctx, d, by, h); err != nil {
		return p, err
	}
	asked := struct {
		Household int64
		ProxyForm
	}{h.ID, f}
	id := models.NewID()
	err = d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "proxy_add", Asked: asked, By: by, Subject: id,
		Again: func(tx *db.Tx, subject int64) (err error) {
			p, err = getProxy(tx, h, subject)
			return err
		}}, func(tx *db.Tx) error {
		if _, err := village.GetHome(ctx, tx, h); err != nil {
			return err
		}
		all, err := Proxies(ctx, tx, h)
		if err != nil {
			return err
		}
		if len(all) >= maxProxies {
			return ErrProxiesFull
		}
		p = Proxy{ID: id, Household: h, Name: f.Name, Relation: f.Relation, Limit: f.Limit, Once: f.Once, Until: f.Until, MadeAt: tx.Now}
		if err := tx.Note(h.ID, db.Note{Field: "proxy", New: p.Says()}); err != nil {
			return err
		}
		_, err = tx.SQL.Exec("INSERT INTO proxies (village_id, id, household_id, name, relation, limit_points, once, until_day, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			h.Village, id, h.ID, f.Name, f.Relation, int64(f.Limit), flag(f.Once), string(f.Until), int64(tx.Now), by.Account)
		return err
	})
	return p, err
}

// EndProxy takes the right to fetch goods away again.
func EndProxy(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, id int64) error {
	if err := mayName(ctx, d, by, h); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "proxy_end", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		p, err := getProxy(tx, h, id)
		if err != nil || p.EndedAt != 0 {
			return err
		}
		if err := tx.Note(h.ID, db.Note{Field: "proxy", Old: p.Says()}); err != nil {
			return err
		}
		return tx.SQL.Must(1, db.ErrLost, "UPDATE proxies SET ended_at = ? WHERE village_id = ? AND id = ? AND ended_at = 0", int64(tx.Now), h.Village, id)
	})
}

const proxySQL = "SELECT id, village_id, household_id, name, relation, limit_points, once, until_day, used_at, ended_at, made_at FROM proxies "

func scanProxy(row db.Scanner) (p Proxy, err error) {
	err = row.Scan(&p.ID, &p.Household.Village, &p.Household.ID, &p.Name, &p.Relation, &p.Limit, &p.Once, &p.Until, &p.UsedAt, &p.EndedAt, &p.MadeAt)
	return p, err
}

// Proxies lists who may fetch goods for the household today, the oldest first.
func Proxies(ctx context.Context, c db.Conn, h models.Household) ([]Proxy, error) {
	today := c.Handle().Now().Day()
	var all []Proxy
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		p, err := scanProxy(row)
		if err == nil && p.gone(today) == nil {
			all = append(all, p)
		}
		return err
	}, proxySQL+"WHERE village_id = ? AND household_id = ? AND ended_at = 0 ORDER BY id", h.Village, h.ID)
	return all, err
}

func getProxy(tx *db.Tx, h models.Household, id int64) (Proxy, error) {
	p, err := scanProxy(tx.SQL.Row(proxySQL+"WHERE village_id = ? AND id = ?", h.Village, id))
	if errors.Is(err, sql.ErrNoRows) || err == nil && p.Household != h {
		err = models.ErrNotFound.With("没有找到这位替领人，没有改动任何内容")
	}
	return p, err
}

// useProxy puts the proxy's name on the receipt. Somebody nobody named needs the
// household's own secret; a one-off is used up, and the UPDATE is the guard: of two
// tills one changes a row.
func (s *sale) useProxy(tx *db.Tx) error {
	if s.ProxyID == 0 {
		if s.Proxy != "" && (s.Confirm == BySmall || s.Confirm == ByFace) {
			return ErrProxyUnnamed
		}
		return nil
	}
	p, err := getProxy(tx, s.household(), s.ProxyID)
	if err == nil {
		err = p.gone(tx.Now.Day())
	}
	switch {
	case err != nil:
		return err
	case p.Limit != 0 && s.total > p.Limit:
		return ErrProxyLimit.With(p.Name + "一次最多替领 " + p.Limit.String() + " 分，没有扣分；请少换一点，或请本人来")
	}
	s.Proxy = strings.TrimSpace(p.Name + "（" + p.Relation + "）")
	if !p.Once {
		return nil
	}
	return tx.SQL.Must(1, ErrNoProxy, "UPDATE proxies SET used_at = ? WHERE village_id = ? AND id = ? AND used_at = 0 AND ended_at = 0", int64(tx.Now), s.Village, s.ProxyID)
}

// named is a name as people write it: half-width, single spaces.
func named(name string) string { return strings.Join(strings.Fields(models.Normal(name)), " ") }
