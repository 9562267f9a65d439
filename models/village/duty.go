package village

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Duty is a piece of the village that a grid worker or group leader looks
// after: a grid, a group, or the part of a group that lies in a grid.
type Duty struct {
	Account int64
	Grid    int64 // 0: whatever the grid
	Group   int   // 0: whatever the group
}

// ErrNotMyGrid refuses a household that lies outside somebody's duties.
var ErrNotMyGrid = &models.Error{Kind: models.Forbidden, Code: "not_my_grid", Say: "这一户不在您负责的网格或小组里，没有记；请找负责这一片的网格员，或请村委办"}

// ErrNoDuties refuses a grid worker whom nobody has given a grid yet.
var ErrNoDuties = &models.Error{Kind: models.Forbidden, Code: "no_duties", Say: "还没有给您分网格或小组，没有记；请村委在“网格分工”里给您分好再办"}

// DutiesMost bounds one person's list.
const DutiesMost = 50

// Duties lists who looks after what in a village.
func Duties(ctx context.Context, c db.Conn, village int64) ([]Duty, error) {
	var all []Duty
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var d Duty
		err := row.Scan(&d.Account, &d.Grid, &d.Group)
		all = append(all, d)
		return err
	}, "SELECT account_id, grid_id, group_no FROM duties WHERE village_id = ? ORDER BY account_id, grid_id, group_no", village)
	return all, err
}

// SetDuties says what somebody looks after from now on; an empty list takes
// everything from them. The account must hold a role in the village.
func SetDuties(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village, account int64, duties []Duty) error {
	if len(duties) > DutiesMost {
		return models.ErrInput.With(fmt.Sprintf("一个人最多分 %d 片，没有保存；请少选几个", DutiesMost)).At("duty")
	}
	duties = slices.Clone(duties)
	for i := range duties {
		duties[i].Account = account
	}
	return d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "duties_set", Asked: duties, By: by, Subject: account}, func(tx *db.Tx) error {
		if err := may(tx, by, models.SetUpVillage, village); err != nil {
			return err
		}
		if err := worksIn(tx, village, account); err != nil {
			return err
		}
		all, err := Duties(ctx, tx, village)
		if err != nil {
			return err
		}
		was := slices.DeleteFunc(all, func(d Duty) bool { return d.Account != account })
		if _, err := tx.SQL.Exec("DELETE FROM duties WHERE village_id = ? AND account_id = ?", village, account); err != nil {
			return err
		}
		for _, d := range duties {
			if err := d.write(tx, village); err != nil {
				return err
			}
		}
		grids, err := Grids(ctx, tx, village)
		if err != nil {
			return err
		}
		return tx.Note(village, db.Note{Field: "duties", Old: dutyText(grids, was), New: dutyText(grids, duties)})
	})
}

func (d Duty) write(tx *db.Tx, village int64) error {
	switch {
	case d.Grid == 0 && d.Group == 0, d.Group < 0, d.Group > 99:
		return models.ErrInput.With("网格或小组填得不对，没有保存，请重新选").At("duty")
	}
	if err := ownGrid(tx, village, d.Grid); err != nil {
		return err
	}
	_, err := tx.SQL.Exec(tx.Ignore("duties", "village_id, account_id, grid_id, group_no", "?, ?, ?, ?"), village, d.Account, d.Grid, d.Group)
	return err
}

func worksIn(tx *db.Tx, village, account int64) error {
	var n int
	err := tx.SQL.Row("SELECT COUNT(*) FROM grants WHERE account_id = ? AND area_id = ?", account, village).Scan(&n)
	if err == nil && n == 0 {
		err = models.ErrNotFound.With("村里没有这位工作人员，没有保存，请核对")
	}
	return err
}

// dutyText is what somebody looks after, for the trail: 东网格、3组.
func dutyText(grids []Grid, duties []Duty) string {
	var parts []string
	for _, d := range duties {
		part := ""
		for _, g := range grids {
			if g.ID == d.Grid {
				part = g.Name
			}
		}
		if d.Group != 0 {
			part += fmt.Sprintf("%d组", d.Group)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "、")
}

// Cover is what one person may record for in a village.
type Cover struct {
	all    bool
	duties []Duty
}

// CoverOf says what the actor covers at a place. Grid workers cover their
// duties; everybody else, and everybody in a village that has neither grids nor
// duties, covers all of it. What somebody may do there is the permission
// table's question.
func CoverOf(ctx context.Context, c db.Conn, by models.Actor, place models.Place) (Cover, error) {
	if !gridOnly(by, place) {
		return Cover{all: true}, nil
	}
	all, err := Duties(ctx, c, place.Village)
	if err != nil {
		return Cover{}, err
	}
	if len(all) == 0 {
		grids, err := Grids(ctx, c, place.Village)
		if err != nil || len(grids) == 0 {
			return Cover{all: err == nil}, err
		}
	}
	return Cover{duties: slices.DeleteFunc(all, func(d Duty) bool { return d.Account != by.Account })}, nil
}

// gridOnly reports whether somebody works here as a grid worker and as nothing
// more.
func gridOnly(by models.Actor, place models.Place) bool {
	grid := false
	for _, g := range by.Grants {
		if !place.In(g.Area) {
			continue
		}
		one := models.Actor{Account: by.Account, Grants: []models.Grant{g}}
		switch {
		case g.Role == models.GridWorker:
			grid = true
		case one.Can(models.GrantPoints, place):
			return false
		}
	}
	return grid
}

// All reports whether there is no limit.
func (v Cover) All() bool { return v.all }

// Has reports whether a household in that grid and group is covered.
func (v Cover) Has(grid int64, group int) bool {
	return v.all || slices.ContainsFunc(v.duties, func(d Duty) bool {
		return (d.Grid == 0 || d.Grid == grid) && (d.Group == 0 || d.Group == group)
	})
}

// Refuse is nil for a covered household, else ErrNoDuties or ErrNotMyGrid.
func (v Cover) Refuse(grid int64, group int) error {
	switch {
	case v.Has(grid, group):
		return nil
	case len(v.duties) == 0:
		return ErrNoDuties
	}
	return ErrNotMyGrid
}

// Covers reports whether the actor covers one household; for many, ask CoverOf
// once.
func Covers(ctx context.Context, c db.Conn, by models.Actor, place models.Place, home Home) (bool, error) {
	v, err := CoverOf(ctx, c, by, place)
	return err == nil && v.Has(home.GridID, home.Group), err
}
