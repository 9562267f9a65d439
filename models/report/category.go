package report

import (
	"cmp"
	"encoding/json"
	"slices"

	"pointstore/models"
)

// Category is one kind of conduct: a village's own, or the county's that
// villages' categories are gathered under.
type Category struct {
	ID        int64  // the village's own; 0 above the village
	Key       string // the county's category; empty is 未归类
	Name      string
	Acts      int64
	Late      int64
	Earned    models.Points
	EarnedFen models.Fen
	Deducted  models.Points
	// Households with at least one act of this kind; worked out from the
	// entries, so only where the sheet says Counted.
	Households int64
}

// Unmapped names what no county category was chosen for.
const Unmapped = "未归类"

// countyCategories are the county's categories, keyed as scheme keys them.
var countyCategories = []struct{ key, name string }{
	{"courtyard", "美丽庭院"}, {"customs", "移风易俗"}, {"volunteer", "志愿服务"}, {"neighbour", "邻里互助"}, {"affairs", "公共事务"},
	{"education", "教育"}, {"models", "家风典型"}, {"work", "产业致富"}, {"law", "遵纪守法"}, {"other", "其他"}, {"", Unmapped},
}

// County lists the county's categories in the order of the sheet, 未归类 last.
func County() []Category {
	list := make([]Category, 0, len(countyCategories))
	for _, c := range countyCategories {
		list = append(list, Category{Key: c.key, Name: c.name})
	}
	return list
}

func countyIndex(key string) int {
	for i, c := range countyCategories {
		if c.key == key {
			return i
		}
	}
	return len(countyCategories) - 1 // a key that is gone counts as 未归类
}

// add adds the numbers of another category of the same kind.
func (c *Category) add(o Category) {
	c.Acts += o.Acts
	c.Late += o.Late
	c.Earned += o.Earned
	c.EarnedFen += o.EarnedFen
	c.Deducted += o.Deducted
	c.Households += o.Households
}

// Tally shows the category to the indicators that a category has: acts, points,
// late entries, households.
func (c Category) Tally() Tally {
	return Tally{Acts: c.Acts, Late: c.Late, Earned: c.Earned, EarnedFen: c.EarnedFen, Deducted: c.Deducted, Active: c.Households}
}

// Filter is what Open takes to show this category alone.
func (c Category) Filter() string {
	if c.ID != 0 {
		return models.ID32(c.ID)
	}
	return countyPrefix + c.Key
}

const countyPrefix = "c:"

// gather puts a village's own categories under the county's. Households stay
// out: one with acts in two own categories is one household.
func gather(own []Category) []Category {
	list := County()
	for _, c := range own {
		c.Households = 0
		list[countyIndex(c.Key)].add(c)
	}
	return list
}

// sortOwn orders a village's categories as the county's, then by their age.
func sortOwn(list []Category) {
	slices.SortFunc(list, func(a, b Category) int {
		return cmp.Or(cmp.Compare(countyIndex(a.Key), countyIndex(b.Key)), cmp.Compare(a.ID, b.ID))
	})
}

// keptCategory is a category in a closed sheet: points in hundredths, without
// the bound that a single entry's decimals have.
type keptCategory struct {
	ID         int64  `json:"id"`
	Key        string `json:"key"`
	Name       string `json:"name"`
	Acts       int64  `json:"acts"`
	Late       int64  `json:"late"`
	Earned     int64  `json:"earned"`
	EarnedFen  int64  `json:"earned_fen"`
	Deducted   int64  `json:"deducted"`
	Households int64  `json:"households"`
}

// MarshalJSON writes points as hundredths and money as fen.
func (c Category) MarshalJSON() ([]byte, error) {
	return json.Marshal(keptCategory{c.ID, c.Key, c.Name, c.Acts, c.Late, int64(c.Earned), int64(c.EarnedFen), int64(c.Deducted), c.Households})
}

// UnmarshalJSON reads MarshalJSON back.
func (c *Category) UnmarshalJSON(b []byte) error {
	var k keptCategory
	err := json.Unmarshal(b, &k)
	*c = Category{k.ID, k.Key, k.Name, k.Acts, k.Late, models.Points(k.Earned), models.Fen(k.EarnedFen), models.Points(k.Deducted), k.Households}
	return err
}
