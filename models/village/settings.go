package village

import (
	"context"
	"strconv"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// Settings are what a village's page of settings holds. Name, Class, Sponsor
// and SponsorUnit belong to whoever runs the instance, the rest to the village.
type Settings struct {
	Village      int64
	Name         string
	Class        string
	Sponsor      string
	SponsorUnit  string
	SmallLimit   models.Points
	SmallDaily   models.Points
	RhythmMonths int
	RedList      bool
}

// Settings are the village's as they stand, for the form.
func (v Village) Settings() Settings {
	return Settings{Village: v.ID, Name: v.Name, Class: v.Class, Sponsor: v.Sponsor, SponsorUnit: v.SponsorUnit,
		SmallLimit: v.SmallLimit, SmallDaily: v.SmallDaily, RhythmMonths: v.RhythmMonths, RedList: v.RedList}
}

// SaveVillage changes a village's settings.
func SaveVillage(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, s Settings) error {
	s.Name = models.Normal(s.Name)
	if err := s.check(); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: s.Village, Kind: "village_save", Asked: s, By: by, Subject: s.Village}, func(tx *db.Tx) error {
		v, err := Get(ctx, tx, s.Village)
		if err != nil {
			return err
		}
		if err := by.May(models.SetUpVillage, v.Place()); err != nil {
			return err
		}
		if old := v.Settings(); old.Name != s.Name || old.Class != s.Class || old.Sponsor != s.Sponsor || old.SponsorUnit != s.SponsorUnit {
			if err := by.May(models.RunInstance, v.Place()); err != nil {
				return err
			}
			if err := rename(tx, v.Area, s.Name); err != nil {
				return err
			}
		}
		if err := tx.Note(s.Village, v.Settings().diff(s)...); err != nil {
			return err
		}
		_, err = tx.SQL.Exec("UPDATE villages SET class = ?, sponsor = ?, sponsor_unit = ?, small_limit = ?, small_daily = ?, rhythm_months = ?, red_list = ? WHERE village_id = ?",
			s.Class, s.Sponsor, s.SponsorUnit, int64(s.SmallLimit), int64(s.SmallDaily), s.RhythmMonths, flag(s.RedList), s.Village)
		return err
	})
}

func (s Settings) check() error {
	switch {
	case s.Name == "" || utf8.RuneCountInString(s.Name) > 64:
		return models.ErrInput.With("“名称”要填 1 到 64 个字，还没有保存").At("name")
	case s.SmallLimit < 0 || s.SmallLimit > models.PointsMax:
		return models.ErrInput.With("“免密码额度”要填 0 或更大的数，还没有保存；填 0 就是每次都要密码").At("small_limit")
	case s.SmallDaily < s.SmallLimit || s.SmallDaily > models.PointsMax:
		return models.ErrInput.With("“每天免密码额度”不能比单次的少，还没有保存").At("small_daily")
	case s.RhythmMonths < 1 || s.RhythmMonths > 12:
		return models.ErrInput.With("“几个月兑换一次”要填 1 到 12，还没有保存").At("rhythm_months")
	}
	return checkStanding(s.Class, s.Sponsor, s.SponsorUnit)
}

func (s Settings) diff(n Settings) []db.Note {
	return []db.Note{
		{Field: "name", Old: s.Name, New: n.Name}, {Field: "class", Old: s.Class, New: n.Class},
		{Field: "sponsor", Old: s.Sponsor, New: n.Sponsor}, {Field: "sponsor_unit", Old: s.SponsorUnit, New: n.SponsorUnit},
		{Field: "small_limit", Old: s.SmallLimit.Plain(), New: n.SmallLimit.Plain()},
		{Field: "small_daily", Old: s.SmallDaily.Plain(), New: n.SmallDaily.Plain()},
		{Field: "rhythm_months", Old: strconv.Itoa(s.RhythmMonths), New: strconv.Itoa(n.RhythmMonths)},
		{Field: "red_list", Old: strconv.FormatBool(s.RedList), New: strconv.FormatBool(n.RedList)},
	}
}

func rename(tx *db.Tx, a Area, name string) error {
	if a.Name == name {
		return nil
	}
	a.Name = name
	if err := noNamesake(tx, a); err != nil {
		return err
	}
	_, err := tx.SQL.Exec("UPDATE areas SET name = ? WHERE id = ?", name, a.ID)
	return err
}

// flag is how both databases keep a yes or no.
func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
