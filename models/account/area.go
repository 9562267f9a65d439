package account

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// ErrRole refuses a role that does not fit the area, or not beside another one.
var ErrRole = &models.Error{Kind: models.Input, Code: "role_misplaced", Say: "这个角色不能用在这一级，没有保存，请另选", Field: "role"}

// village is the level at which the work is done; see table areas.
const village = "village"

// Roles lists the roles that make sense at a level (city, county, township,
// village): the village's own people work in one village, the others read or run
// any area.
func Roles(level string) []models.Role {
	return slices.DeleteFunc(slices.Clone(models.Roles), func(r models.Role) bool { return !fits(r, level) })
}

func fits(r models.Role, level string) bool {
	switch r {
	case models.Committee, models.GridWorker, models.Clerk, models.Monitor, models.FirstSec:
		return level == village
	}
	return slices.Contains(models.Roles, r)
}

// MayGrant answers whether the actor may give or take this role in this area:
// whoever runs the area may; a village's committee may for the clerks and grid
// workers of its own village. An unknown area is models.ErrNotFound.
func MayGrant(ctx context.Context, c db.Conn, by models.Actor, role models.Role, area int64) error {
	place, level, err := placeOf(ctx, c, area)
	if err != nil {
		return err
	}
	if !fits(role, level) {
		return ErrRole
	}
	if by.Can(models.RunInstance, place) {
		return nil
	}
	if level == village && (role == models.Clerk || role == models.GridWorker) {
		return by.May(models.SetUpVillage, place)
	}
	return by.May(models.RunInstance, place)
}

// placeOf reads the village package's table of areas, which it alone writes.
func placeOf(ctx context.Context, c db.Conn, area int64) (p models.Place, level string, err error) {
	if area == models.Everywhere {
		return p, "", nil
	}
	err = c.Stmts(ctx).Row("SELECT level, city_id, county_id, township_id FROM areas WHERE id = ?", area).Scan(&level, &p.City, &p.County, &p.Township)
	if errors.Is(err, sql.ErrNoRows) {
		return p, "", models.ErrNotFound
	}
	switch level {
	case "city":
		p.City = area
	case "county":
		p.County = area
	case "township":
		p.Township = area
	default:
		p.Village = area
	}
	return p, level, err
}

const selectGrants = `SELECT g.role, g.area_id, COALESCE(a.name, ''), g.from_day, g.until_day
	FROM grants g LEFT JOIN areas a ON a.id = g.area_id WHERE g.account_id = ? ORDER BY g.role, g.area_id`

func grantsOf(ctx context.Context, c db.Conn, account int64) (all []Grant, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var g Grant
		err := row.Scan(&g.Role, &g.Area, &g.AreaName, &g.From, &g.Until)
		if g.Area == models.Everywhere {
			g.AreaName = "全部"
		}
		all = append(all, g)
		return err
	}, selectGrants, account)
	return all, err
}
