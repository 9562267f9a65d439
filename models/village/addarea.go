package village

import (
	"context"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// NewArea is an area to be made. Class, Sponsor and SponsorUnit are a
// village's.
type NewArea struct {
	Parent      int64  // 0 for a city, or for a county that stands alone
	Level       string // City, County, Township or Hamlet
	Name        string
	Class       string
	Sponsor     string
	SponsorUnit string
}

// AddArea makes an area below another one, and for a village its settings.
func AddArea(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, ask NewArea) (Area, error) {
	ask.Name = models.Normal(ask.Name)
	if err := ask.check(); err != nil {
		return Area{}, err
	}
	a := Area{ID: models.NewID(), Level: ask.Level, Name: ask.Name}
	err := d.InTx(ctx, db.Op{ID: op, Village: ask.Parent, Kind: "area_add", Asked: ask, By: by, Subject: a.ID, Answer: &a}, func(tx *db.Tx) error {
		up, err := parentOf(tx, ask)
		if err != nil {
			return err
		}
		a.CityID, a.CountyID, a.TownshipID = up.City, up.County, up.Township
		if err := by.May(models.RunInstance, up); err != nil {
			return err
		}
		if err := noNamesake(tx, a); err != nil {
			return err
		}
		return a.write(tx, ask)
	})
	return a, err
}

func (ask NewArea) check() error {
	switch {
	case TitleOf(Levels, ask.Level) == "":
		return models.ErrInput.With("“级别”要从市、县、乡镇、村里选一个，还没有保存").At("level")
	case ask.Name == "" || utf8.RuneCountInString(ask.Name) > 64:
		return models.ErrInput.With("“名称”要填 1 到 64 个字，还没有保存").At("name")
	case ask.Level != Hamlet && (ask.Class != "" || ask.Sponsor != ""):
		return models.ErrInput.With("只有村才分类别、有包抓，还没有保存").At("class")
	}
	return checkStanding(ask.Class, ask.Sponsor, ask.SponsorUnit)
}

func checkStanding(class, sponsor, unit string) error {
	switch {
	case class != "" && TitleOf(Classes, class) == "":
		return models.ErrInput.With("“类别”要从示范、提升、整治里选一个，还没有保存").At("class")
	case sponsor != "" && TitleOf(Sponsors, sponsor) == "":
		return models.ErrInput.With("“包抓”要从列出的几种里选一个，还没有保存").At("sponsor")
	case utf8.RuneCountInString(unit) > 64:
		return models.ErrInput.With("“包抓单位”最多 64 个字，还没有保存").At("sponsor_unit")
	}
	return nil
}

// parentOf finds the place above the new area. Every level hangs under the one
// directly above, so that each level's sums are the sums of the one below; only
// a county may stand without a city.
func parentOf(tx *db.Tx, ask NewArea) (models.Place, error) {
	if ask.Parent == 0 {
		if ask.Level != City && ask.Level != County {
			return models.Place{}, models.ErrInput.With("最上面一级要是市或者县，还没有保存；请先建市、县").At("level")
		}
		return models.Place{}, nil
	}
	up, err := GetArea(tx.Statement.Context, tx, ask.Parent)
	if err != nil {
		return models.Place{}, err
	}
	for i, l := range Levels[:len(Levels)-1] {
		if l.Key == up.Level && Levels[i+1].Key == ask.Level {
			return up.Place(), nil
		}
	}
	return models.Place{}, models.ErrInput.With("“" + up.Name + "”下面不能直接建" + TitleOf(Levels, ask.Level) + "，还没有保存").At("level")
}

func noNamesake(tx *db.Tx, a Area) error {
	var n int
	err := tx.SQL.Row("SELECT COUNT(*) FROM areas WHERE level = ? AND name = ? AND city_id = ? AND county_id = ? AND township_id = ? AND id <> ?",
		a.Level, a.Name, a.CityID, a.CountyID, a.TownshipID, a.ID).Scan(&n)
	if err == nil && n > 0 {
		err = models.ErrInput.With("这里已有“" + a.Name + "”，没有重复建立").At("name")
	}
	return err
}

func (a Area) write(tx *db.Tx, ask NewArea) error {
	_, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, city_id, county_id, township_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.Level, a.Name, a.CityID, a.CountyID, a.TownshipID, int64(tx.Now))
	if err != nil || a.Level != Hamlet {
		return err
	}
	_, err = tx.SQL.Exec("INSERT INTO villages (village_id, class, sponsor, sponsor_unit) VALUES (?, ?, ?, ?)", a.ID, ask.Class, ask.Sponsor, ask.SponsorUnit)
	return err
}
