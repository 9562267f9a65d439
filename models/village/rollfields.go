package village

import (
	"strconv"
	"unicode/utf8"

	"pointstore/models/sheet"
)

func (in *reading) line(row sheet.Row) line {
	l := line{row: row, joined: in.continues(row, "number") || in.continues(row, "head")}
	var p *sheet.Problem
	l.number, p = in.m.Text(row, "number")
	in.note(p)
	l.group, p = in.m.Count(row, "group")
	in.note(p)
	if l.group > 99 {
		in.wrong(row, "group", "要填 0 到 99")
	}
	if l.group == 0 && !in.has("group") {
		l.group = max(in.wholly, groupOf(row.Section))
	}
	l.head, l.relation = in.person(row, "head"), in.m.Get(row, "relation")
	if utf8.RuneCountInString(l.relation) > 16 {
		in.wrong(row, "relation", "最多 16 个字")
	}
	if l.person = in.person(row, "name"); l.person != "" && !in.has("head") && !in.perMember {
		l.head, l.person = l.person, ""
	}
	l.age, l.hasAge = ageOf(in.m.Get(row, "age"), in.thisYear)
	in.members(&l)
	return l
}

// person is a name in its written form; a bad one is a problem.
func (in *reading) person(row sheet.Row, key string) string {
	s := CleanName(in.m.Get(row, key))
	if s == "" {
		return ""
	}
	if why := badName(s); why != "" {
		in.wrong(row, key, why)
	}
	return s
}

// members reads the columns of members; in a roll with a relation on every row
// a lone name there is the row's own person.
func (in *reading) members(l *line) {
	cells := []string{in.m.Get(l.row, "members")}
	for _, col := range in.extra {
		cells = append(cells, l.row.Cell(col))
	}
	for _, cell := range cells {
		people, children := split(cell, in.thisYear)
		l.children += children
		for _, m := range people {
			if why := badName(m.Name); why != "" {
				in.wrong(l.row, "members", "里的“"+m.Name+"”"+why)
			}
			if utf8.RuneCountInString(m.Relation) > 16 {
				in.wrong(l.row, "members", "里的“"+m.Name+"”关系最多 16 个字")
			}
		}
		l.members = append(l.members, people...)
	}
	if in.perMember && l.person == "" && len(l.members) == 1 {
		l.person, l.members = l.members[0].Name, nil
	}
}

// fields takes what else a row says about its household. The first row that
// says something wins; the head's own row wins over all.
func (in *reading) fields(h *said, row sheet.Row, own bool) {
	fresh := func(key string) bool { return in.m.Get(row, key) != "" && (own || !h.has[key]) }
	for key, word := range words {
		if !fresh(key) {
			continue
		}
		s, known := word(in.m.Get(row, key))
		if !known {
			in.wrong(row, key, wordsOf(key)+"；现在是“"+in.m.Get(row, key)+"”")
			continue
		}
		h.set(key, s)
	}
	var p *sheet.Problem
	if fresh("phone") {
		if h.Phone, p = in.m.Phone(row, "phone"); !in.note(p) {
			h.has["phone"] = true
		}
	}
	if fresh("under14") {
		if h.Under14, p = in.m.Count(row, "under14"); !in.note(p) {
			h.has["under14"] = true
		}
		if h.Under14 > 30 {
			in.wrong(row, "under14", "要填 0 到 30")
		}
	}
	if fresh("lane") {
		h.Lane, h.has["lane"] = in.m.Get(row, "lane"), true
		in.short(row, "lane", h.Lane)
	}
	if fresh("lane_order") {
		if h.LaneOrder, p = in.m.Count(row, "lane_order"); !in.note(p) {
			h.has["lane_order"] = true
		}
		if h.LaneOrder > 9999 {
			in.wrong(row, "lane_order", "要填 0 到 9999")
		}
	}
	if fresh("grid") {
		h.grid, h.has["grid"] = in.m.Get(row, "grid"), true
		in.short(row, "grid", h.grid)
	}
}

func (in *reading) short(row sheet.Row, key, s string) {
	if utf8.RuneCountInString(s) > 64 {
		in.wrong(row, key, "最多 64 个字")
	}
}

func (h *said) set(key, s string) {
	h.has[key] = true
	switch key {
	case "residence":
		h.Residence = s
	case "origin":
		h.Origin = s
	case "joining":
		h.Joining = s
	case "party":
		h.Party, _ = strconv.ParseBool(s)
	}
}

// wordsOf says which words a column understands.
func wordsOf(key string) string {
	switch key {
	case "residence":
		return "要填常住、常年外出或空户"
	case "origin":
		return "要填户籍在村或自主迁徙"
	case "joining":
		return "要填参加或暂不参加"
	}
	return "要填是或否"
}
