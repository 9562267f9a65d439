package report

import (
	"context"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Part is what a row adds to a number: to its numerator and its denominator.
type Part struct{ Num, Den int64 }

func (p *Part) add(o Part) { p.Num += o.Num; p.Den += o.Den }

// Filter narrows a number before it is opened. Empty fields do not narrow.
type Filter struct {
	By       string // ByArea, ByTownship, ByClass, BySponsor; not in a village
	Key      string // the Group's Key
	Category string // what Category.Filter gives
}

// What the rows of an opened number are.
const (
	OfAreas      = "areas"      // the parts below, each to be opened in turn
	OfHouseholds = "households" // masked
	OfEntries    = "entries"    // lines of passbooks, masked
	OfFacts      = "facts"      // rules, price list, periods, days
)

// Row is one of the things behind a number.
type Row struct {
	Area      int64 // the area below; 0 in a village
	Household int64
	Seq       int64       // the line of the household's passbook
	Name      string      // the area, or the household masked: 马*明 3组012
	Detail    string      // what it was, in words
	Day       models.Date // of the act, the redemption or the fact
	Part
}

// Drill is an opened number: the cell as the sheet shows it, and the rows
// behind it. Total is added up from all rows, not only this page's, and equals
// the cell; in a closed quarter the cell stays when households have changed
// since, and Moved says so.
type Drill struct {
	Sheet     Sheet
	Indicator Indicator
	Filter    Filter
	Of        string
	Cell      Part
	Total     Part
	Rows      []Row
	Next      string // hands the next page to Open; empty at the end
	Moved     bool
}

// pageSize is how many rows of a village one page shows.
const pageSize = 100

// errNoCategory refuses a category for a number that has none.
var errNoCategory = models.ErrInput.With("这项指标不分类别，请去掉类别再看")

// Open opens one number of an area's quarter: the parts below at upper levels,
// the entries or households in a village. after is Next of the page before.
func Open(ctx context.Context, c db.Conn, area int64, q models.Quarter, key string, f Filter, after string) (Drill, error) {
	ind, err := Find(key)
	if err != nil {
		return Drill{}, err
	}
	s, err := Quarterly(ctx, c, area, q)
	if err != nil {
		return Drill{}, err
	}
	if f.Category != "" {
		if !ind.hasCategory() {
			return Drill{}, errNoCategory.At("category")
		}
		if ind.Key == "active" || ind.Key == "breadth" {
			if err := s.CountHouseholds(ctx, c); err != nil {
				return Drill{}, err
			}
		}
	}
	d := Drill{Sheet: s, Indicator: ind, Filter: f}
	if s.Level == "village" && len(s.Villages) == 1 {
		d.Filter.By, d.Filter.Key = "", ""
		return d, d.openVillage(ctx, c, after)
	}
	d.openAreas()
	return d, nil
}

// hasCategory reports whether the indicator can be told by category.
func (i Indicator) hasCategory() bool {
	return slices.Contains([]string{"active", "breadth", "acts", "earned", "earned_yuan", "deducted", "late_entries"}, i.Key)
}

// part is the indicator of a tally.
func (i Indicator) part(t Tally) Part {
	num, den := i.Of(t)
	return Part{num, den}
}

// openAreas lists the parts below: the areas directly below, or the villages of
// a chosen group.
func (d *Drill) openAreas() {
	d.Of = OfAreas
	groups := d.Sheet.Grouped(ByArea)
	if d.Filter.By == "" && len(groups) > 0 {
		for _, g := range groups {
			d.Rows = append(d.Rows, Row{Area: g.Area, Name: g.Name, Part: d.Indicator.part(d.narrowed(g.Tally, g.Categories))})
		}
		d.Cell = d.Indicator.part(d.narrowed(d.Sheet.Sum, d.Sheet.Categories))
	} else {
		var all Tally
		categories := County()
		for _, v := range d.Sheet.Villages {
			if v.in(d.Filter.By, d.Filter.Key) {
				d.Rows = append(d.Rows, Row{Area: v.ID, Name: v.Name, Detail: v.TownshipName, Part: d.Indicator.part(d.narrowed(v.Tally, v.Gathered))})
				all.Add(v.Tally)
				addCategories(categories, v.Gathered)
			}
		}
		d.Cell = d.Indicator.part(d.narrowed(all, categories))
	}
	for _, r := range d.Rows {
		d.Total.add(r.Part)
	}
}

// narrowed is the tally, or only the chosen county category's.
func (d *Drill) narrowed(t Tally, categories []Category) Tally {
	if d.Filter.Category == "" {
		return t
	}
	key, ok := strings.CutPrefix(d.Filter.Category, countyPrefix)
	for _, c := range categories {
		if ok && c.Key == key || c.ID != 0 && models.ID32(c.ID) == d.Filter.Category {
			return c.Tally()
		}
	}
	return Tally{}
}

// openVillage lists what lies behind a village's number.
func (d *Drill) openVillage(ctx context.Context, c db.Conn, after string) error {
	v := &d.Sheet.Villages[0]
	categories := v.Own
	if strings.HasPrefix(d.Filter.Category, countyPrefix) {
		categories = v.Gathered
	}
	d.Cell = d.Indicator.part(d.narrowed(v.Tally, categories))
	o := opener{ctx: ctx, c: c, d: d, v: v, after: after}
	err := o.open()
	d.Moved = v.Closed && d.Total != d.Cell
	return err
}
