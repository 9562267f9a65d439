package award

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// home is what recording has to know about a household.
type home struct {
	joining string
	left    models.Millis
	number  string
	head    string
	group   int
	grid    int64
	awards  int64 // the passbook's guard; -1: no passbook yet
}

var (
	errLeft = &models.Error{Kind: models.Conflict, Code: "household_left", Say: "这一户已经不在村里，没有记分，请核对"}
	errOut  = &models.Error{Kind: models.Conflict, Code: "household_out", Say: "这一户暂不参加积分，没有记分；愿意参加的话，请先在“农户”里改成参加"}
)

func (h *home) takesPart() error {
	switch {
	case h == nil:
		return models.ErrNotFound.With("村里没有找到这一户，没有记分，请核对后再试")
	case h.left != 0:
		return errLeft
	case h.joining == "out":
		return errOut
	}
	return nil
}

const (
	readHome   = "SELECT id, joining, left_at, number, head_name, group_no, grid_id FROM households WHERE village_id = ? AND id "
	readAwards = "SELECT household_id, awards FROM passbooks WHERE village_id = ? AND household_id "
)

// atOnce bounds how many rows one statement names.
const atOnce = 200

// readHomes reads the households.
func (r *recording) readHomes() error {
	r.homes = make(map[int64]*home, len(r.who))
	return r.byHousehold(readHome, func(row db.Scanner) error {
		var id int64
		h := &home{awards: -1}
		err := row.Scan(&id, &h.joining, &h.left, &h.number, &h.head, &h.group, &h.grid)
		if err == nil {
			r.homes[id] = h
		}
		return err
	})
}

// readGuards reads the passbooks' guards, and opens the passbooks that are
// missing.
func (r *recording) readGuards() error {
	err := r.byHousehold(readAwards, func(row db.Scanner) error {
		var id, awards int64
		err := row.Scan(&id, &awards)
		if h := r.homes[id]; h != nil {
			h.awards = awards
		}
		return err
	})
	if err != nil {
		return err
	}
	var fresh []models.Household
	for _, id := range r.who {
		if h := r.homes[id]; h != nil && h.awards < 0 {
			fresh, h.awards = append(fresh, models.Household{Village: r.asks[0].Village, ID: id}), 0
		}
	}
	return ledger.EnsureOpen(r.tx, fresh)
}

// byHousehold runs a query that ends in front of "= ?" for the households: one
// by one on SQLite, where prepared statements are cheapest, else many at once.
func (r *recording) byHousehold(query string, read func(db.Scanner) error, more ...any) error {
	v := r.asks[0].Village
	for ids := range slices.Chunk(r.who, atOnce) {
		if r.tx.Dialect == db.SQLite || len(ids) == 1 {
			for _, id := range ids {
				if err := r.tx.SQL.Each(read, query+"= ?", append([]any{v}, append(slices.Clone(more), id)...)...); err != nil {
					return err
				}
			}
			continue
		}
		args := append([]any{v}, more...)
		for _, id := range ids {
			args = append(args, id)
		}
		if err := r.tx.SQL.Each(read, query+"IN ("+db.Holes(len(ids))+")", args...); err != nil {
			return err
		}
	}
	return nil
}

// bump counts the awards up under the guard of what was read: of two recorders
// at once, one starts again and then sees what the other recorded. It stands
// before the awards are read, so nobody can come between.
func (r *recording) bump() error {
	if err := r.readGuards(); err != nil {
		return err
	}
	n := map[int64]int64{}
	for _, a := range r.asks {
		if r.homes[a.Household] != nil {
			n[a.Household]++
		}
	}
	v := r.asks[0].Village
	ids := slices.DeleteFunc(slices.Clone(r.who), func(id int64) bool { return n[id] == 0 })
	if r.tx.Dialect == db.SQLite || len(ids) < 3 {
		for _, id := range ids {
			err := r.tx.SQL.Must(1, db.ErrLost, "UPDATE passbooks SET awards = awards + ? WHERE village_id = ? AND household_id = ? AND awards = ?", n[id], v, id, r.homes[id].awards)
			if err != nil {
				return err
			}
		}
		return nil
	}
	for chunk := range slices.Chunk(ids, atOnce) {
		args := []any{}
		for _, id := range chunk {
			args = append(args, id, n[id])
		}
		args = append(args, v)
		for _, id := range chunk {
			args = append(args, id, r.homes[id].awards)
		}
		query := "UPDATE passbooks SET awards = awards + CASE household_id" + strings.Repeat(" WHEN ? THEN ?", len(chunk)) +
			" END WHERE village_id = ? AND (household_id, awards) IN (" + strings.TrimSuffix(strings.Repeat("(?, ?), ", len(chunk)), ", ") + ")"
		if err := r.tx.SQL.Must(int64(len(chunk)), db.ErrLost, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// readGiven reads what counts under the caps in question.
func (r *recording) readGiven() error {
	from, until := models.Date("9999-12-31"), models.Date("0000-01-01")
	for _, rule := range r.rules {
		if rule.bounded() {
			a, b := rule.span()
			from, until = min(from, a), max(until, b)
		}
	}
	r.given = map[int64][]Award{}
	read := func(row db.Scanner) error {
		a := Award{}
		err := row.Scan(&a.ID, &a.Household.ID, &a.Member, &a.Version, &a.Rule, &a.Category, &a.ActDate, &a.Quantity, &a.Points, &a.Honour, &a.State, &a.Notice)
		if a.ID != r.skip {
			r.given[a.Household.ID] = append(r.given[a.Household.ID], a)
		}
		return err
	}
	return r.byHousehold(`SELECT id, household_id, member_id, version_id, rule_id, category_id, act_date, quantity, points, honour, state, notice_id FROM awards
		WHERE village_id = ? AND act_date >= ? AND act_date < ? AND state IN (`+live+`) AND household_id `, read, string(from), string(until))
}

// checkMembers makes sure that a named member lives in the household.
func (r *recording) checkMembers() error {
	for _, a := range r.asks {
		if a.Member == 0 {
			continue
		}
		m, err := village.GetMember(r.tx.Statement.Context, r.tx, a.Village, a.Member)
		if errors.Is(err, sql.ErrNoRows) || errors.Is(err, models.ErrNotFound) || err == nil && (m.Household != a.Household || m.LeftAt != 0) {
			return r.naming(a, models.ErrInput.With("家里没有找到这一位，没有记分，请重新选").At("member"))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
