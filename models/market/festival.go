package market

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Festival is a time in which few people come to a counter: a festival, or a
// harvest. Its days are entered by the administrator; the moon's are nobody's to
// work out here.
type Festival struct {
	Name  string      `json:"name"`
	From  models.Date `json:"from"`
	Until models.Date `json:"until"` // included
}

// FestivalNames are what the form offers.
var FestivalNames = []string{"春节", "元宵节", "清明节", "端午节", "中秋节", "开斋节", "古尔邦节", "夏收", "秋收"}

// fixedFestivals fall on the same day every year, by month and day.
var fixedFestivals = []struct{ name, day string }{{"元旦", "01-01"}, {"劳动节", "05-01"}, {"国庆节", "10-01"}}

const festivalSetting = "festivals"

// maxFestivals bounds the list: ten years of a dozen.
const maxFestivals = 120

// Festivals lists what the administrator has entered, by day.
func Festivals(ctx context.Context, c db.Conn) ([]Festival, error) {
	text, err := db.Setting(ctx, c, festivalSetting)
	if err != nil || text == "" {
		return nil, err
	}
	var list []Festival
	err = json.Unmarshal([]byte(text), &list)
	return list, err
}

// SaveFestivals replaces the list.
func SaveFestivals(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, list []Festival) error {
	if err := by.May(models.RunInstance, models.Place{}); err != nil {
		return err
	}
	list, err := tidyFestivals(list)
	if err != nil {
		return err
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: models.Everywhere, Kind: "festivals", Asked: list, By: by}, func(tx *db.Tx) error {
		old, err := Festivals(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.Note(models.Everywhere, db.Note{Field: "festivals", Old: festivalText(old), New: festivalText(list)}); err != nil {
			return err
		}
		return db.SetSetting(tx, festivalSetting, string(text))
	})
}

func tidyFestivals(list []Festival) ([]Festival, error) {
	var out []Festival
	for _, f := range list {
		f.Name = models.Normal(f.Name)
		if f.Until == "" {
			f.Until = f.From
		}
		switch {
		case f.Name == "" || f.From == "":
			return nil, models.ErrInput.With("节日要有名称和日期，没有保存").At("from")
		case f.Until < f.From:
			return nil, models.ErrInput.With("“" + f.Name + "”的结束日期早于开始日期，没有保存").At("until")
		case f.From.AddDays(90) < f.Until:
			return nil, models.ErrInput.With("“" + f.Name + "”超过 90 天，没有保存；请核对日期").At("until")
		}
		if err := fits("name", "名称", f.Name, 16); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if len(out) > maxFestivals {
		return nil, models.ErrInput.With("节日太多，没有保存；请去掉过去的").At("name")
	}
	slices.SortStableFunc(out, func(a, b Festival) int { return strings.Compare(string(a.From)+a.Name, string(b.From)+b.Name) })
	return out, nil
}

func festivalText(list []Festival) string {
	words := make([]string, len(list))
	for i, f := range list {
		words[i] = f.Name + " " + string(f.From) + "~" + string(f.Until)
	}
	text := strings.Join(words, "; ")
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300]) + "…"
	}
	return text
}

// DayWarnings says why a day is a bad one for opening a counter, in sentences;
// none when nothing speaks against it.
func DayWarnings(list []Festival, day models.Date) []string {
	var out []string
	for _, f := range fixedFestivals {
		if strings.HasSuffix(string(day), f.day) {
			out = append(out, "那天是"+f.name+"，可能没有人来，请考虑改一天")
		}
	}
	for _, f := range list {
		switch {
		case day >= f.From && day <= f.Until:
			out = append(out, "那天正是"+f.Name+"，不少人家走不开，请考虑改一天")
		case day.AddDays(1) == f.From:
			out = append(out, "第二天就是"+f.Name+"，不少人家要准备，请考虑改一天")
		}
	}
	return out
}

// FestivalsKnown reports whether anything has been entered for the year of a day;
// where not, DayWarnings stays silent for want of dates.
func FestivalsKnown(list []Festival, day models.Date) bool {
	return slices.ContainsFunc(list, func(f Festival) bool { return f.From[:4] == day[:4] || f.Until[:4] == day[:4] })
}
