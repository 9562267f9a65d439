package api

import (
	"encoding/json"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/report"
)

// sheetJSON is the quarter of an area: its own numbers, its groups' and its
// villages'.
type sheetJSON struct {
	Area       areaJSON            `json:"area"`
	Quarter    string              `json:"quarter"`
	Title      string              `json:"title"`
	AsOf       instant             `json:"as_of"`
	Closed     bool                `json:"closed"`
	CheckCode  string              `json:"check_code,omitempty"`
	Indicators []indicatorJSON     `json:"indicators"`
	Categories []categoryJSON      `json:"categories"`
	Groups     []groupJSON         `json:"groups"`
	Villages   []reportVillageJSON `json:"villages"`
}

// indicatorJSON is a row of the list with the area's number.
type indicatorJSON struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Group   string `json:"group"`
	Formula string `json:"formula"`
	Unit    string `json:"unit"`
	numberJSON
}

// numberJSON is an indicator's value: numerator and denominator in the unit (a
// plain number has no denominator), and the text people read.
type numberJSON struct {
	Num  json.Number `json:"num"`
	Den  json.Number `json:"den,omitempty"`
	Text string      `json:"text"`
}

type categoryJSON struct {
	Key      string        `json:"key"`
	Name     string        `json:"name"`
	Acts     int64         `json:"acts"`
	Earned   models.Points `json:"earned"`
	Deducted models.Points `json:"deducted"`
}

type groupJSON struct {
	By      string                `json:"by"`
	Key     string                `json:"key"`
	Name    string                `json:"name"`
	Numbers map[string]numberJSON `json:"numbers"`
}

type reportVillageJSON struct {
	ID       id                    `json:"id"`
	Name     string                `json:"name"`
	Township string                `json:"township"`
	Class    string                `json:"class"`
	Sponsor  string                `json:"sponsor"`
	Closed   bool                  `json:"closed"`
	Numbers  map[string]numberJSON `json:"numbers"`
}

var errQuarterAhead = models.ErrInput.With("这个季度还没有开始，请另选一个季度").At("quarter")

// Report answers GET /api/v1/areas/:area/reports/:quarter.
func (a *API) Report(c *fiber.Ctx) error {
	area, err := web.AreaFor(c, models.ReadReport)
	if err != nil {
		return err
	}
	if area.Level == "" { // everything at once is no area of the sheet
		return models.ErrNotFound
	}
	q, err := models.ParseQuarter(c.Params("quarter"))
	if err != nil {
		return err
	}
	if q > a.db.Now().Month().Quarter() {
		return errQuarterAhead
	}
	s, err := report.Quarterly(c.UserContext(), a.db, area.ID, q)
	if err != nil {
		return err
	}
	return web.JSON(c, sheetOf(s))
}

func sheetOf(s report.Sheet) sheetJSON {
	j := sheetJSON{Area: areaJSON{id(s.Area), s.Level, s.Name}, Quarter: s.Quarter.Key(), Title: s.Title(), AsOf: instant(s.AsOf), Closed: s.Closed, CheckCode: s.Code,
		Categories: []categoryJSON{}, Groups: []groupJSON{}, Villages: []reportVillageJSON{}}
	for _, i := range report.Indicators {
		j.Indicators = append(j.Indicators, indicatorJSON{i.Key, i.Name, i.Group, i.Formula, i.Unit, numberOf(i, s.Sum)})
	}
	for _, k := range s.Categories {
		j.Categories = append(j.Categories, categoryJSON{k.Key, k.Name, k.Acts, k.Earned, k.Deducted})
	}
	for _, g := range s.Groups {
		j.Groups = append(j.Groups, groupJSON{g.By, g.Key, g.Name, numbersOf(g.Tally)})
	}
	for _, v := range s.Villages {
		j.Villages = append(j.Villages, reportVillageJSON{id(v.ID), v.Name, v.TownshipName, v.Class, v.Sponsor, v.Closed, numbersOf(v.Tally)})
	}
	return j
}

func numbersOf(t report.Tally) map[string]numberJSON {
	all := make(map[string]numberJSON, len(report.Indicators))
	for _, i := range report.Indicators {
		all[i.Key] = numberOf(i, t)
	}
	return all
}

func numberOf(i report.Indicator, t report.Tally) numberJSON {
	n := numberJSON{Num: amount(i, i.Num(t)), Text: i.Text(t)}
	if i.Divided() {
		n.Den = amount(i, i.Den(t))
	}
	return n
}

// amount turns hundredths of points and of yuan into decimals.
func amount(i report.Indicator, n int64) json.Number {
	if i.InPoints || i.Shape == report.Money {
		return json.Number(models.Points(n).Plain())
	}
	return json.Number(strconv.FormatInt(n, 10))
}
