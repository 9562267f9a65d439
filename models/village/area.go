// Package village keeps who and where: areas, villages, households and their
// members, cards and pick-up PINs, and who is kin to whom. A household is only
// ever reached through its village; nobody is deleted, people leave.
package village

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
)

// The levels of an area, from the top.
const (
	City     = "city"
	County   = "county"
	Township = "township"
	Hamlet   = "village" // the level; a Village is a hamlet with its settings
)

// Levels are the levels of areas from the top, with their Chinese names.
var Levels = []Option{{City, "市"}, {County, "县（区）"}, {Township, "乡镇（街道）"}, {Hamlet, "村（社区）"}}

// Area is one place of the four levels. A level above that does not apply is 0.
type Area struct {
	ID                           int64
	Level                        string
	Name                         string
	CityID, CountyID, TownshipID int64
}

// Place says which four areas the area lies in, itself included.
func (a Area) Place() models.Place {
	p := models.Place{City: a.CityID, County: a.CountyID, Township: a.TownshipID}
	switch a.Level {
	case City:
		p.City = a.ID
	case County:
		p.County = a.ID
	case Township:
		p.Township = a.ID
	case Hamlet:
		p.Village = a.ID
	}
	return p
}

// Parent is the area directly above; 0 at the top.
func (a Area) Parent() int64 {
	for _, id := range []int64{a.TownshipID, a.CountyID, a.CityID} {
		if id != 0 {
			return id
		}
	}
	return 0
}

const areaColumns = "a.id, a.level, a.name, a.city_id, a.county_id, a.township_id"

func (a *Area) fields() []any {
	return []any{&a.ID, &a.Level, &a.Name, &a.CityID, &a.CountyID, &a.TownshipID}
}

// GetArea reads one area, or ErrNotFound.
func GetArea(ctx context.Context, c db.Conn, id int64) (Area, error) {
	var a Area
	err := c.Stmts(ctx).Row("SELECT "+areaColumns+" FROM areas a WHERE a.id = ?", id).Scan(a.fields()...)
	return a, found(err)
}

// found turns an empty answer into the refusal everyone understands.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return models.ErrNotFound
	}
	return err
}

// Areas lists every area, the upper levels first, each level by the time it was
// made.
func Areas(ctx context.Context, c db.Conn) ([]Area, error) {
	return areas(ctx, c, "SELECT "+areaColumns+` FROM areas a ORDER BY
		CASE a.level WHEN 'city' THEN 0 WHEN 'county' THEN 1 WHEN 'township' THEN 2 ELSE 3 END, a.id`)
}

// Tops lists the areas with nothing above them.
func Tops(ctx context.Context, c db.Conn) ([]Area, error) {
	return areas(ctx, c, "SELECT "+areaColumns+" FROM areas a WHERE a.city_id = 0 AND a.county_id = 0 AND a.township_id = 0 ORDER BY a.id")
}

// Children lists the areas directly below one.
func Children(ctx context.Context, c db.Conn, area int64) ([]Area, error) {
	return areas(ctx, c, "SELECT "+areaColumns+` FROM areas a
		WHERE a.township_id = ? OR (a.township_id = 0 AND (a.county_id = ? OR (a.county_id = 0 AND a.city_id = ?)))
		ORDER BY a.id`, area, area, area)
}

func areas(ctx context.Context, c db.Conn, query string, args ...any) ([]Area, error) {
	var all []Area
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var a Area
		err := row.Scan(a.fields()...)
		all = append(all, a)
		return err
	}, query, args...)
	return all, err
}
