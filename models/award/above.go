package award

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// AboveFor is how long the township has; what is overdue shouts, and is never
// decided by the clock.
const AboveFor = 7 * 24 * time.Hour

// Escalate is the clock's errand: what waits in a village for a decision that
// nobody there may take goes to the township. It returns how many did.
func Escalate(ctx context.Context, d *db.DB) (int, error) {
	waiting := map[int64][]Award{}
	err := d.Stmts(ctx).Each(func(row db.Scanner) error {
		a, err := scan(row)
		waiting[a.Household.Village] = append(waiting[a.Household.Village], a)
		return err
	}, "SELECT "+prefixed("a")+" FROM villages v JOIN awards a ON a.village_id = v.village_id WHERE a.notice_id = 0 AND a.state IN ('claimed', 'checked', 'pending') AND a.above = 0")
	if err != nil {
		return 0, err
	}
	n := 0
	var failed []error
	for v, awards := range waiting {
		k, err := escalateIn(ctx, d, v, awards)
		n += k
		if err != nil {
			failed = append(failed, fmt.Errorf("village %s: %w", models.ID32(v), err))
		}
	}
	return n, errors.Join(failed...)
}

func escalateIn(ctx context.Context, d *db.DB, v int64, awards []Award) (int, error) {
	people, err := deciders(ctx, d, v)
	if err != nil {
		return 0, err
	}
	lives, err := Lives(ctx, d, v, awards)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, l := range lives {
		if slices.ContainsFunc(people, func(p person) bool { return p.may(l) }) {
			continue
		}
		// An award that comes back to the same step may go up a second time.
		op := db.Op{ID: db.ErrandID("award-escalate", v, l.ID, int64(len(l.Steps))), Village: v, Kind: "award-escalate", Asked: l.ID, By: models.TheClock, Subject: l.ID}
		err := d.InTx(ctx, op, func(tx *db.Tx) error {
			k, err := tx.SQL.Exec("UPDATE awards SET above = 1, due_at = ? WHERE village_id = ? AND id = ? AND state = ? AND above = 0", int64(tx.Now.Add(AboveFor)), v, l.ID, l.State)
			if err != nil || k == 0 {
				return err // somebody decided it meanwhile
			}
			n++
			return note(tx, l.Award, StepEscalate, "", models.TheClock, "村里没有可以决定的人（本人、亲属和登记人要回避）")
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// person is somebody of a village who may decide, and for whom not.
type person struct {
	account int64
	roles   []models.Role
	kin     []models.Household
}

// deciders lists who holds a role in a village today.
func deciders(ctx context.Context, c db.Conn, v int64) ([]person, error) {
	accounts, err := account.List(ctx, c, v)
	if err != nil {
		return nil, err
	}
	today := c.Handle().Now().Day()
	var all []person
	for _, a := range accounts {
		p := person{account: a.ID}
		for _, g := range a.Grants {
			if g.Area == v && g.Holds(today) && a.DisabledAt == 0 {
				p.roles = append(p.roles, g.Role)
			}
		}
		if len(p.roles) == 0 {
			continue
		}
		if p.kin, err = village.Kin(ctx, c, a.ID); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// may reports whether somebody may take an award's next step.
func (p person) may(l Life) bool {
	if p.account == l.Recorder || slices.Contains(p.kin, l.Household) {
		return false
	}
	act := models.ReviewAwards
	switch l.State {
	case Claimed:
		act = models.CheckClaims
	case Pending:
		if decider(l.Steps) == p.account {
			return false
		}
	}
	who := models.Actor{Account: p.account}
	for _, r := range p.roles {
		who.Grants = append(who.Grants, models.Grant{Role: r, Area: l.Household.Village})
	}
	return who.Can(act, models.Place{Village: l.Household.Village})
}

// AboveLine is something a township has to decide for a village.
type AboveLine struct {
	Life
	Village string
	Home    village.Home // the township reads its masked name
	Overdue bool
}

// Above lists what the villages of an area have nobody to decide, what is due
// first on top.
func Above(ctx context.Context, c db.Conn, area int64) ([]AboveLine, error) {
	var all []AboveLine
	names := map[int64]string{}
	byVillage := map[int64][]Award{}
	var order []int64
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var v int64
		var name string
		err := row.Scan(&v, &name)
		names[v], order = name, append(order, v)
		return err
	}, "SELECT v.village_id, r.name FROM villages v JOIN areas r ON r.id = v.village_id WHERE r.id = ? OR r.township_id = ? OR r.county_id = ? OR r.city_id = ? ORDER BY r.name, r.id", area, area, area, area)
	if err != nil {
		return nil, err
	}
	for _, v := range order {
		if byVillage[v], err = list(ctx, c, "village_id = ? AND notice_id = 0 AND state IN ('claimed', 'checked', 'pending') AND above = 1 ORDER BY id LIMIT 500", v); err != nil {
			return nil, err
		}
		lives, err := Lives(ctx, c, v, byVillage[v])
		if err != nil {
			return nil, err
		}
		homes, err := village.HomesByID(ctx, c, v, householdsOf(byVillage[v]))
		if err != nil {
			return nil, err
		}
		for _, l := range lives {
			all = append(all, AboveLine{Life: l, Village: names[v], Home: homes[l.Household.ID], Overdue: l.DueAt != 0 && l.DueAt < c.Handle().Now()})
		}
	}
	slices.SortStableFunc(all, func(a, b AboveLine) int { return int(min(max(a.DueAt-b.DueAt, -1), 1)) })
	return all, nil
}

// DecideAbove is the township's decision of what a village has nobody to decide.
func DecideAbove(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, verdicts []Verdict) error {
	verdicts, err := goodVerdicts(verdicts)
	if err != nil {
		return err
	}
	place, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return err
	}
	if err := by.May(models.DecideAbove, place); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "award-above", Asked: verdicts, By: by, Subject: verdicts[0].Award}, func(tx *db.Tx) error {
		j := judging{tx: tx, by: by, village: v, step: StepAbove, from: []string{Claimed, Checked, Pending}}
		j.passed = func(a Award, _ scheme.Version) string { return a.granted() }
		j.may = func(a Award) error {
			if !a.Above {
				return ErrMoved.With("这一笔由村里自己决定，没有改动")
			}
			return mayJudge(by, place, models.DecideAbove, a)
		}
		return j.run(verdicts)
	})
}
