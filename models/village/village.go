package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Option is one of the values a field may take, with the words people read.
type Option struct{ Key, Title string }

// How a county classes its key villages, and whose leaders sponsor them.
var (
	Classes  = []Option{{"", "未分类"}, {"model", "示范类"}, {"improve", "提升类"}, {"fix", "整治类"}}
	Sponsors = []Option{{"", "无"}, {"region", "自治区领导包抓"}, {"city", "市领导包抓"}, {"county", "县领导包抓"}}
)

// TitleOf is the words for a key; empty for a key that is none of them.
func TitleOf(list []Option, key string) string {
	for _, c := range list {
		if c.Key == key {
			return c.Title
		}
	}
	return ""
}

// Village is a village's area with its settings.
type Village struct {
	Area
	Class        string        // model, improve, fix or empty
	Sponsor      string        // region, city, county or empty
	SponsorUnit  string        // the office that sends its people
	PointRate    models.Rate   // what a point is worth; a scheme version sets it
	SmallLimit   models.Points // a redemption up to this needs no PIN; 0: every one does
	SmallDaily   models.Points // and so much a day without one
	RhythmMonths int           // an exchange is promised every so many months
	RedList      bool          // the board shows the red list
	BlackList    bool          // off unless the village switched it on
}

const villageColumns = areaColumns + ", v.class, v.sponsor, v.sponsor_unit, v.point_rate, v.small_limit, v.small_daily, v.rhythm_months, v.red_list, v.black_list"

func (v *Village) fields() []any {
	return append(v.Area.fields(), &v.Class, &v.Sponsor, &v.SponsorUnit, &v.PointRate, &v.SmallLimit, &v.SmallDaily, &v.RhythmMonths, &v.RedList, &v.BlackList)
}

// Get reads a village, or ErrNotFound.
func Get(ctx context.Context, c db.Conn, village int64) (Village, error) {
	var v Village
	err := c.Stmts(ctx).Row("SELECT "+villageColumns+" FROM villages v JOIN areas a ON a.id = v.village_id WHERE v.village_id = ?", village).Scan(v.fields()...)
	return v, found(err)
}

// Under lists the villages of an area, the area itself included if it is one,
// by county and township.
func Under(ctx context.Context, c db.Conn, area int64) ([]Village, error) {
	where := "WHERE a.id = ? OR a.township_id = ? OR a.county_id = ? OR a.city_id = ?"
	args := []any{area, area, area, area}
	if area == models.Everywhere {
		where, args = "", nil
	}
	var all []Village
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var v Village
		err := row.Scan(v.fields()...)
		all = append(all, v)
		return err
	}, "SELECT "+villageColumns+" FROM villages v JOIN areas a ON a.id = v.village_id "+where+" ORDER BY a.city_id, a.county_id, a.township_id, a.id", args...)
	return all, err
}
