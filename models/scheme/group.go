package scheme

import (
	"regexp"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/sheet"
)

// levels folds the rows that differ by their level alone into one rule with
// bands: 获得表彰 国家级 50, 省级 30. A level without others stays with its item.
func levels(all []*reading) []*reading {
	if len(all) == 0 || !all[0].m.Has("level") {
		return all
	}
	type name struct{ category, item, direction string }
	groups := map[name][]*reading{}
	for _, r := range all {
		if r.level() != "" && r.d.Single() && len(r.d.Bands) == 0 {
			n := name{r.d.Category, r.d.Item, r.d.Direction}
			groups[n] = append(groups[n], r)
		}
	}
	var kept []*reading
	for _, r := range all {
		group := groups[name{r.d.Category, r.d.Item, r.d.Direction}]
		switch {
		case len(group) > 1 && r == group[0]:
			r.fold(group)
		case len(group) > 1 && slices.Contains(group, r):
			continue
		case r.level() != "":
			r.d.Item += "（" + r.level() + "）"
		}
		kept = append(kept, r)
	}
	return kept
}

func (r *reading) level() string { return r.m.Get(r.row, "level") }

// fold takes the other rows of a group in.
func (r *reading) fold(group []*reading) {
	by, unit := ByAmount, ""
	for _, o := range group {
		at, u, month, ok := sheet.Threshold(o.level())
		if !ok {
			by = ByLevel
			break
		}
		if month || u == "分" && strings.Contains(r.d.Category+r.d.Item, "月") {
			by = ByMonth
		}
		unit = or(unit, u)
		r.d.Bands = append(r.d.Bands, Band{At: at, Points: o.d.PointsMax})
	}
	if by == ByLevel {
		r.d.Bands = nil
		for _, o := range group {
			r.d.Bands = append(r.d.Bands, Band{Name: o.level(), Points: o.d.PointsMax})
		}
	}
	if r.d.BandBy = by; by == ByAmount {
		r.d.Unit = unit
	}
	for _, o := range group[1:] {
		r.absorb(o)
	}
}

// absorb joins what another row of the rule says besides its points.
func (r *reading) absorb(o *reading) {
	r.d.Private = r.d.Private || o.d.Private
	for _, text := range []struct{ mine, its *string }{{&r.d.Evidence, &o.d.Evidence}, {&r.d.Note, &o.d.Note}} {
		switch {
		case *text.its == "" || strings.Contains(*text.mine, *text.its):
		case *text.mine == "":
			*text.mine = *text.its
		default:
			*text.mine += "；" + *text.its
		}
	}
	r.unclear = append(r.unclear, o.unclear...)
	switch mine, its := r.d.cap(), o.d.cap(); {
	case mine == its || !o.d.Capped():
	case !r.d.Capped():
		r.d.setCap(its)
	default:
		r.unclear = append(r.unclear, "各档写的上限不一样，只记了第一档的")
	}
}

// onceWords say that of one act only the highest rule scores.
var onceWords = regexp.MustCompile(`(?:同一[^,;。，；、]{0,8})?(?:就高不就低|(?:按|取|以|计|记)最高[^,;。，；、]{0,8})|同一[^,;。，；、]{0,8}不(?:得|可|予)?(?:重复|累计|叠加)(?:加分|计分|记分|奖励|享受|计算|积分)?`)

// once finds the rows that score once for one act: the same word in a column
// made for it, or 就高不就低 in the remarks of a category.
func once(all []*reading) {
	type place struct {
		category string
		cell     int
	}
	groups := map[place][]*reading{}
	var order []place
	for _, r := range all {
		if r.d.OnceGroup = r.m.Get(r.row, "once"); r.d.OnceGroup != "" || !r.once {
			continue
		}
		p := place{category: r.d.Category}
		if from, merged := r.row.Merged[r.m.Columns["note"]]; merged {
			p.cell = from
		}
		if groups[p] == nil {
			order = append(order, p)
		}
		groups[p] = append(groups[p], r)
	}
	for _, p := range order {
		group := groups[p]
		if len(group) == 1 {
			if len(group[0].d.Bands) == 0 {
				group[0].unclear = append(group[0].unclear, "同一件事只记最高的，没看懂是和哪几条比")
			}
			continue
		}
		for _, r := range group {
			r.d.OnceGroup = clipName(group[0].d.Item)
		}
	}
}

// clipName keeps the name of a group short.
func clipName(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}

var bracketed = regexp.MustCompile(`^(.+?)[(（]([^()（）]+)[)）]$`)

// capped takes the limit off the name of a category: 美丽庭院（每户每年最多60分）.
// What talks about a limit and cannot be read comes back as unclear.
func capped(name string) (bare string, c Cap, unclear string) {
	name = models.Normal(name)
	m := bracketed.FindStringSubmatch(name)
	if m == nil {
		return name, c, ""
	}
	limits, rest := sheet.LimitsIn(strings.TrimPrefix(strings.TrimPrefix(m[2], "本类"), "合计"))
	switch {
	case len(limits) == 1 && rest == "" && limits[0].Period != "" && (limits[0].Times > 0 || limits[0].Points > 0):
		l := limits[0]
		return strings.TrimSpace(m[1]), Cap{Times: l.Times, Points: l.Points, Period: l.Period, Per: l.Per}, ""
	case len(limits) > 0 || sheet.Limiting(rest):
		return strings.TrimSpace(m[1]), c, "“" + m[2] + "”"
	}
	return name, c, ""
}

// headingCaps gathers the caps that names of categories and the column made for
// them hold; the first one wins, another is unclear.
type headingCaps struct {
	list []CategoryDraft
	said map[string]bool // unread limits that a row was told of
}

// unread tells the first row of a category about a limit nobody could read.
func (h *headingCaps) unread(category, text string, r *reading) {
	if text == "" || h.said[category+text] {
		return
	}
	if h.said == nil {
		h.said = map[string]bool{}
	}
	h.said[category+text] = true
	r.unclear = append(r.unclear, text+"像是整个类别“"+category+"”的上限")
}

func (h *headingCaps) add(category string, c Cap, r *reading) {
	if c.Per = or(c.Per, "household"); c.Times == 0 && c.Points == 0 {
		return
	}
	c.Group = ""
	for _, have := range h.list {
		if have.Category == category {
			if have.Cap != c {
				r.unclear = append(r.unclear, "类别“"+category+"”的上限前后写得不一样，只记了先写的")
			}
			return
		}
	}
	h.list = append(h.list, CategoryDraft{Category: category, Cap: c})
}

// cell reads the column made for caps of categories.
func (h *headingCaps) cell(r *reading) {
	text := r.m.Get(r.row, "categorycap")
	if text == "" {
		return
	}
	l, rest := sheet.Limit(text)
	if l.Zero() && rest == "" {
		return // 不限
	}
	if rest != "" || l.Period == "" || l.Times == 0 && l.Points == 0 {
		h.unread(r.d.Category, "“"+text+"”", r)
		return
	}
	h.add(r.d.Category, Cap{Times: l.Times, Points: l.Points, Period: l.Period, Per: l.Per}, r)
}

// category settles the row's headings and the limits written behind their names.
func (r *reading) category(caps *headingCaps) {
	own := sectionName(r.m.Get(r.row, "category"))
	if own == "" {
		own = sectionName(r.row.Section)
	}
	for _, h := range []struct {
		text string
		to   *string
	}{{own, &r.d.Category}, {sectionName(r.m.Get(r.row, "parent")), &r.d.Parent}} {
		name, c, unclear := capped(h.text)
		*h.to = name
		caps.add(name, c, r)
		caps.unread(name, unclear, r)
	}
	if r.d.Parent == r.d.Category {
		r.d.Parent = ""
	}
	caps.cell(r)
}
