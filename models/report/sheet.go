// Package report adds up what the ledger keeps, for any area and quarter. Every
// number equals the entries behind it and can be opened down to them; each
// level is the sum of the ones below; a closed quarter never changes.
package report

import (
	"cmp"
	"slices"

	"pointstore/models"
)

// Sheet is the quarter of an area: its villages one by one, the sums of its
// parts, and its own.
type Sheet struct {
	Area    int64
	Level   string // city, county, township, village
	Name    string
	Place   models.Place
	Quarter models.Quarter
	AsOf    models.Millis // for a closed village the moment it closed
	// Closed says that every village has closed the quarter; nothing in the
	// sheet changes any more.
	Closed bool
	// Code is the check code under which a closed village's sheet is kept.
	Code     string
	Villages []VillageRow
	Groups   []Group
	Sum      Tally
	// Categories are the village's own, or the county's above the village.
	Categories []Category
	// Counted says that households per category are in; see Detailed.
	Counted bool
}

// VillageRow is one village's quarter.
type VillageRow struct {
	ID           int64
	Name         string
	Township     int64
	TownshipName string
	County       int64
	CountyName   string
	City         int64
	Class        string // model, improve, fix
	Sponsor      string // region, city, county, or none
	SponsorUnit  string
	Rhythm       int         // months from one exchange to the next
	Rate         models.Rate // what a point is worth
	Closed       bool
	AsOf         models.Millis
	Code         string // of the closed return
	Tally        Tally
	Own          []Category // as the village calls them
	Gathered     []Category // under the county's
	Counted      bool
	lines        int64 // of its passbooks: they tell whether anything was posted since
}

// Place is where the village lies.
func (v VillageRow) Place() models.Place {
	return models.Place{City: v.City, County: v.County, Township: v.Township, Village: v.ID}
}

// ClassName is the village's class in words.
func (v VillageRow) ClassName() string { return groupName(ByClass, v.Class) }

// SponsorName is who looks after the village, in words.
func (v VillageRow) SponsorName() string { return groupName(BySponsor, v.Sponsor) }

// The ways villages are grouped.
const (
	ByArea     = "area"     // the areas directly below
	ByTownship = "township" // in a city, where the areas below are counties
	ByClass    = "class"
	BySponsor  = "sponsor"
)

// Group is a number of villages that have something in common.
type Group struct {
	By         string
	Key        string // area: its id as ID32; else the class or tier
	Area       int64  // for areas and townships
	Name       string
	Tally      Tally
	Categories []Category
}

// groupNames lists classes and tiers in the order of the sheet.
var groupNames = map[string][]struct{ key, name string }{
	ByClass:   {{"model", "示范类"}, {"improve", "提升类"}, {"fix", "整治类"}, {"", "未分类"}},
	BySponsor: {{"region", "自治区包抓"}, {"city", "市包抓"}, {"county", "县包抓"}, {"", "未定包抓"}},
}

func groupName(by, key string) string {
	list := groupNames[by]
	return list[groupIndex(by, key)].name
}

func groupIndex(by, key string) int {
	for i, g := range groupNames[by] {
		if g.key == key {
			return i
		}
	}
	return len(groupNames[by]) - 1
}

// Grouped lists the groups of one kind.
func (s Sheet) Grouped(by string) []Group {
	var list []Group
	for _, g := range s.Groups {
		if g.By == by {
			list = append(list, g)
		}
	}
	return list
}

// Missing lists the villages for which the test holds.
func (s Sheet) Missing(test func(VillageRow) bool) []VillageRow {
	var list []VillageRow
	for _, v := range s.Villages {
		if test(v) {
			list = append(list, v)
		}
	}
	return list
}

// addUp makes the sums and groups out of the villages.
func (s *Sheet) addUp(below map[int64]string) {
	s.Sum, s.Closed, s.Counted, s.Groups = Tally{}, len(s.Villages) > 0, len(s.Villages) > 0, nil
	s.Categories = County()
	for i := range s.Villages {
		v := &s.Villages[i]
		s.Sum.Add(v.Tally)
		s.Closed = s.Closed && v.Closed
		s.Counted = s.Counted && v.Counted
		addCategories(s.Categories, v.Gathered)
		if s.Level != "village" {
			s.group(v, below)
		}
	}
	if s.Level == "village" && len(s.Villages) == 1 {
		v := s.Villages[0]
		s.Categories, s.Code = v.Own, v.Code
		if v.Closed {
			s.AsOf = v.AsOf
		}
	}
	order := []string{ByArea, ByTownship, ByClass, BySponsor}
	slices.SortStableFunc(s.Groups, func(a, b Group) int {
		place := func(g Group) int {
			if g.Area == 0 {
				return groupIndex(g.By, g.Key)
			}
			return 0
		}
		return cmp.Or(cmp.Compare(slices.Index(order, a.By), slices.Index(order, b.By)), cmp.Compare(a.Area, b.Area), cmp.Compare(place(a), place(b)))
	})
}

// group adds a village to the groups it belongs to.
func (s *Sheet) group(v *VillageRow, below map[int64]string) {
	child := map[string]int64{"city": v.County, "county": v.Township, "township": v.ID}[s.Level]
	if child != v.ID {
		s.into(Group{By: ByArea, Key: models.ID32(child), Area: child, Name: below[child]}, v)
	}
	if s.Level == "city" && v.Township != 0 {
		s.into(Group{By: ByTownship, Key: models.ID32(v.Township), Area: v.Township, Name: below[v.Township]}, v)
	}
	s.into(Group{By: ByClass, Key: v.Class, Name: groupName(ByClass, v.Class)}, v)
	s.into(Group{By: BySponsor, Key: v.Sponsor, Name: groupName(BySponsor, v.Sponsor)}, v)
}

func (s *Sheet) into(g Group, v *VillageRow) {
	i := slices.IndexFunc(s.Groups, func(o Group) bool { return o.By == g.By && o.Key == g.Key })
	if i < 0 {
		g.Categories = County()
		s.Groups = append(s.Groups, g)
		i = len(s.Groups) - 1
	}
	s.Groups[i].Tally.Add(v.Tally)
	addCategories(s.Groups[i].Categories, v.Gathered)
}

// addCategories adds gathered categories, which all have the county's order.
func addCategories(into, from []Category) {
	for _, c := range from {
		into[countyIndex(c.Key)].add(c)
	}
}

// in reports whether a village belongs to the group.
func (v VillageRow) in(by, key string) bool {
	switch by {
	case "":
		return true
	case ByClass:
		return v.Class == key
	case BySponsor:
		return v.Sponsor == key
	}
	id, err := models.ParseID32(key)
	return err == nil && v.Place().In(id)
}
