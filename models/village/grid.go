package village

import (
	"context"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// Grid is one of a village's 网格.
type Grid struct {
	ID   int64
	Name string
}

// Grids lists a village's grids in the order they were made.
func Grids(ctx context.Context, c db.Conn, village int64) ([]Grid, error) {
	var all []Grid
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var g Grid
		err := row.Scan(&g.ID, &g.Name)
		all = append(all, g)
		return err
	}, "SELECT id, name FROM grids WHERE village_id = ? ORDER BY id", village)
	return all, err
}

// AddGrid makes a grid of a village.
func AddGrid(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, name string) (Grid, error) {
	g := Grid{ID: models.NewID(), Name: models.Normal(name)}
	if g.Name == "" || utf8.RuneCountInString(g.Name) > 64 {
		return g, models.ErrInput.With("“网格名称”要填 1 到 64 个字，还没有保存").At("name")
	}
	err := d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "grid_add", Asked: g.Name, By: by, Subject: g.ID, Answer: &g}, func(tx *db.Tx) error {
		if err := may(tx, by, models.SetUpVillage, village); err != nil {
			return err
		}
		all, err := Grids(ctx, tx, village)
		if err != nil {
			return err
		}
		for _, other := range all {
			if other.Name == g.Name {
				return models.ErrInput.With("已有网格“" + g.Name + "”，没有重复建立").At("name")
			}
		}
		return g.write(tx, village)
	})
	return g, err
}

func (g Grid) write(tx *db.Tx, village int64) error {
	_, err := tx.SQL.Exec("INSERT INTO grids (village_id, id, name) VALUES (?, ?, ?)", village, g.ID, g.Name)
	return err
}
