package village

import (
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/sheet"
)

// said is what a roll says about one household. A field counts only when it is
// in has: an empty cell or a missing column says nothing.
type said struct {
	HomeForm
	rows     []int
	first    sheet.Row
	has      map[string]bool
	grid     string
	people   []MemberForm // besides the head
	children int          // counted by age
	headCell string
	headSeen bool // one of the rows is the head's own
}

// line is one row of a roll, its words understood as far as they go alone.
type line struct {
	row                            sheet.Row
	number, head, person, relation string
	group                          int
	age                            int
	hasAge                         bool
	joined                         bool // by a merged cell, to the household above
	members                        []MemberForm
	children                       int
}

// reading goes through a roll row by row.
type reading struct {
	matched
	perMember bool // one row is a person, not a household
	thisYear  int
	wholly    int // the group of the whole table, from its title; 0: none
	homes     []*said
	byNumber  map[string][]*said
	problems  []sheet.Problem
	says      []string
}

// read finds the households in a table. Problems of rows are collected; it goes
// on to the end, so that all of them are named at once.
func read(r matched, thisYear int) *reading {
	in := &reading{matched: r, thisYear: thisYear, byNumber: map[string][]*said{}, problems: r.broken()}
	if in.perMember = in.oneRowPerPerson(); in.perMember {
		in.say("一人一行：同一户的几行合成一户")
	} else {
		in.say("一行一户")
	}
	in.findGroup()
	lines := make([]line, 0, len(r.Rows))
	for _, row := range r.Rows {
		if !in.startsGroup(row) {
			lines = append(lines, in.line(row))
		}
	}
	for _, l := range lines {
		in.take(l)
	}
	in.fillGroups()
	guessed := 0
	for _, h := range in.homes {
		guessed += in.finish(h)
	}
	if guessed > 0 {
		in.say(fmt.Sprintf("有 %d 户没有写明谁是户主，按第一行的人算", guessed))
	}
	return in
}

func (in *reading) say(s string) { in.says = append(in.says, s) }

// oneRowPerPerson decides the layout from the headings, and where those fit
// both from numbers or heads that go on over several rows.
func (in *reading) oneRowPerPerson() bool {
	switch {
	case in.has("relation"):
		return true
	case in.has("name") && in.has("head"):
		return true
	case !in.has("name"):
		return false
	}
	last := ""
	for _, row := range in.Rows {
		n := in.m.Get(row, "number")
		if in.continues(row, "number") || in.has("number") && last != "" && (n == last || n == "") {
			return true
		}
		last = n
	}
	return false
}

// findGroup takes the group from the table's title or the worksheet's name when
// no column and no section says it.
func (in *reading) findGroup() {
	if in.has("group") || slices.ContainsFunc(in.Rows, func(r sheet.Row) bool { return groupOf(r.Section) > 0 }) {
		return
	}
	for _, title := range append(slices.Clone(in.Titles), in.Sheet) {
		if in.wholly = groupOf(title); in.wholly > 0 {
			in.say(fmt.Sprintf("表题写着“%s”，全部算 %d 组", title, in.wholly))
			return
		}
	}
}

// startsGroup takes a row that says nothing but 三组 as the group of the rows
// below it.
func (in *reading) startsGroup(row sheet.Row) bool {
	if in.has("group") {
		return false
	}
	text := ""
	for _, cell := range row.Cells {
		if cell = models.Normal(cell); cell != "" && text != "" {
			return false
		} else if cell != "" {
			text = cell
		}
	}
	if groupOf(text) == 0 || groupIn.FindString(text) != text {
		return false
	}
	in.wholly = groupOf(text)
	return true
}

func (in *reading) wrong(row sheet.Row, key, text string) {
	in.problems = append(in.problems, in.m.Wrong(row, key, text))
}

// note keeps a cell's problem, if there is one.
func (in *reading) note(p *sheet.Problem) bool {
	if p != nil {
		in.problems = append(in.problems, *p)
	}
	return p != nil
}

// take puts a row into the household it belongs to, or begins one.
func (in *reading) take(l line) {
	h := in.homeOf(l)
	if h == nil {
		h = &said{HomeForm: HomeForm{Number: l.number, Group: l.group}, first: l.row, has: map[string]bool{}, headCell: l.head}
		in.homes = append(in.homes, h)
		in.byNumber[l.number] = append(in.byNumber[l.number], h)
	}
	h.rows = append(h.rows, l.row.Number)
	if h.Group == 0 {
		h.Group = l.group
	}
	if h.Head == "" {
		h.Head = l.head
	}
	own := isHead(l.relation) || l.person != "" && l.person == l.head
	switch {
	case own && l.person != "" && h.headSeen && h.Head != l.person:
		in.wrong(l.row, "relation", "写了户主，但这一户已有户主“"+h.Head+"”")
	case own:
		h.headSeen = true
		if l.person != "" {
			h.Head = l.person
		}
	case l.person != "" && l.hasAge && l.age < adult:
		h.children++
	case l.person != "":
		h.people = append(h.people, MemberForm{Name: l.person, Relation: l.relation})
	}
	h.people = append(h.people, l.members...)
	h.children += l.children
	in.fields(h, l.row, own)
}

// homeOf finds the household that a row goes on with; nil when the row begins a
// new one.
func (in *reading) homeOf(l line) *said {
	if len(in.homes) == 0 {
		return nil
	}
	last := in.homes[len(in.homes)-1]
	sameGroup := l.group == 0 || l.group == last.Group
	switch {
	case l.joined:
		return last
	case !in.perMember && l.number == "" && l.head == "":
		if len(l.members) > 0 {
			return last
		}
		return nil
	case !in.perMember: // one household over several rows, each with one member: number and head are written again
		if len(l.members) > 0 && l.number != "" && l.number == last.Number && l.head == last.Head && sameGroup {
			return last
		}
		return nil
	case l.number != "":
		same := in.byNumber[l.number]
		if i := slices.IndexFunc(same, func(h *said) bool { return l.group == 0 || h.Group == l.group }); i >= 0 {
			return same[i]
		}
		return nil
	case isHead(l.relation): // a head begins a household, unless others of it came before the head
		if l.head != "" && l.head == last.headCell && !last.headSeen && sameGroup {
			return last
		}
		return nil
	case l.head == "" || in.has("number"):
		return last
	case l.head == last.headCell && sameGroup:
		return last
	}
	return nil
}

// fillGroups gives households without a group the one of the household above:
// many rolls write it once at the head of a block.
func (in *reading) fillGroups() {
	filled, last := 0, 0
	for _, h := range in.homes {
		if h.Group == 0 && last > 0 && in.has("group") {
			h.Group = last
			filled++
		}
		last = h.Group
	}
	if filled > 0 {
		in.say(fmt.Sprintf("有 %d 户没有写组，按上一户的组算", filled))
	}
}

// finish settles what only the whole household tells, and answers 1 when its
// head had to be guessed.
func (in *reading) finish(h *said) (guessed int) {
	if h.Head == "" && len(h.people) > 0 {
		h.Head, h.people, guessed = h.people[0].Name, h.people[1:], 1
	}
	if h.Head == "" {
		in.problems = append(in.problems, sheet.Problem{Row: h.first.Number, Column: "户主", Text: "还没有填"})
	}
	kept := h.people[:0]
	for _, m := range h.people {
		switch {
		case isHead(m.Relation) && m.Name == h.Head, m.Name == h.Head && m.Relation == "":
			continue
		case slices.ContainsFunc(kept, func(k MemberForm) bool { return k.Name == m.Name }):
			in.problems = append(in.problems, sheet.Problem{Row: h.rows[len(h.rows)-1], Column: "姓名", Text: "“" + m.Name + "”在这一户写了两次"})
			continue
		case m.Name == h.Head:
			in.problems = append(in.problems, sheet.Problem{Row: h.rows[len(h.rows)-1], Column: "姓名", Text: "“" + m.Name + "”和户主同名，关系写的是“" + m.Relation + "”，请核对"})
			continue
		}
		kept = append(kept, m)
	}
	h.people = kept
	if in.perMember || len(h.people) > 0 {
		h.has["members"] = true
	}
	if h.children > 0 && !h.has["under14"] {
		h.Under14, h.has["under14"] = min(h.children, 30), true
	}
	h.has["group"] = h.Group > 0
	h.Number = models.Normal(h.Number)
	return guessed
}
