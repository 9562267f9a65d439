package scheme

import (
	"fmt"
	"strings"
)

// share finds the rows that stand under one cap: one merged cell over several
// rows, the same word in the column 共用上限, or a limit said to be for the whole
// category or together with another item.
func share(all []*reading, caps *headingCaps) {
	shareMerged(all, "cap")
	shareMerged(all, "note")
	for _, r := range all {
		if r.shared != "" && r.d.CapGroup == "" {
			shareNamed(all, r, caps)
		}
	}
	shareColumn(all)
}

// shareMerged groups the rows whose limit came from one merged cell.
func shareMerged(all []*reading, key string) {
	byCell := map[int][]*reading{}
	var order []int
	for _, r := range all {
		from, merged := r.row.Merged[r.m.Columns[key]]
		if !r.m.Has(key) || !merged || !r.d.Capped() || r.d.CapGroup != "" || key == "note" && r.m.Get(r.row, "cap") != "" {
			continue
		}
		if byCell[from] == nil {
			order = append(order, from)
		}
		byCell[from] = append(byCell[from], r)
	}
	for _, from := range order {
		group := byCell[from]
		if len(group) < 2 {
			continue
		}
		name, want := groupName(all, group[0]), group[0].d.cap()
		for _, r := range group {
			if r.d.cap() == want {
				r.d.CapGroup = name
			} else {
				r.unclear = append(r.unclear, fmt.Sprintf("和第 %d 行合并了一格上限，但别处又写了不同的限制", group[0].row.Number))
			}
		}
	}
}

// shareNamed settles 本类, the name of a category, or that of another item.
func shareNamed(all []*reading, r *reading, caps *headingCaps) {
	own := contains(r.shared, "本类 该类 同类 此类") != ""
	if r.d.Direction == Plus && (own || r.shared == r.d.Category) {
		caps.add(r.d.Category, r.d.cap(), r)
		r.d.setCap(Cap{Per: "household"})
		return
	}
	group := []*reading{r}
	for _, o := range all {
		if o == r || o.d.Direction != r.d.Direction {
			continue
		}
		if own && o.d.Category == r.d.Category || o.d.Category == r.shared || strings.Contains(o.d.Item, r.shared) {
			group = append(group, o)
		}
	}
	if len(group) == 1 {
		r.unclear = append(r.unclear, "“"+r.shared+"”没看懂是和哪几条合在一起算")
		return
	}
	for _, o := range group {
		if o.d.Capped() && o.d.cap() != r.d.cap() {
			r.unclear = append(r.unclear, fmt.Sprintf("和第 %d 行合在一起算，但那一行自己另有上限", o.row.Number))
			return
		}
	}
	name := r.d.Category
	if !own && r.shared != r.d.Category {
		name = groupName(all, r)
	}
	shared := r.d.cap()
	shared.Group = name
	for _, o := range group {
		o.d.setCap(shared)
	}
}

// shareColumn gives rows with the same word in 共用上限 the cap that one of them
// names.
func shareColumn(all []*reading) {
	caps := map[string]Cap{}
	for _, r := range all {
		if g := r.m.Get(r.row, "group"); g != "" && r.d.Capped() {
			c := r.d.cap()
			c.Group = g
			caps[g] = c
		}
	}
	for _, r := range all {
		if c, ok := caps[r.m.Get(r.row, "group")]; ok && !r.d.Capped() {
			r.d.setCap(c)
		}
	}
}

// groupName names a group by its first item, told apart by the row when two
// would be called the same.
func groupName(all []*reading, r *reading) string {
	name := clipName(r.d.Item)
	for _, o := range all {
		if o.d.CapGroup == name {
			return fmt.Sprintf("%s（第 %d 行）", name, r.row.Number)
		}
	}
	return name
}
