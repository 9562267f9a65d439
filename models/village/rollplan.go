package village

import (
	"bytes"
	"context"
	"slices"
	"strconv"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// known is a household that the village has, with everything a roll may change.
type known struct {
	Home
	phone  []byte // the index of its number
	people []Member
}

func allKnown(ctx context.Context, c db.Conn, village int64) ([]*known, error) {
	var all []*known
	byID := map[int64]*known{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var k known
		if err := row.Scan(append(k.fields(), &k.phone)...); err != nil {
			return err
		}
		all = append(all, &k)
		byID[k.ID] = &k
		return nil
	}, "SELECT "+homeColumns+", h.phone_find FROM households h WHERE h.village_id = ? ORDER BY LENGTH(h.number), h.number", village)
	if err != nil {
		return nil, err
	}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var m Member
		err := row.Scan(m.fields()...)
		if k := byID[m.Household]; k != nil {
			k.people = append(k.people, m)
		}
		return err
	}, "SELECT "+memberColumns+" FROM members m WHERE m.village_id = ? AND m.left_at = 0"+headFirst, village)
	return all, err
}

// What a roll does to a household.
const (
	RollAdd    = "新增"
	RollChange = "更新"
	RollSame   = "不变"
)

// plan is what happens to one household of a roll.
type plan struct {
	*said
	was     *known // nil for a new household
	form    HomeForm
	enter   []MemberForm
	correct []MemberForm // by id
	depart  []Member
	changes []string
}

// State is 新增, 更新 or 不变.
func (p *plan) state() string {
	switch {
	case p.was == nil:
		return RollAdd
	case len(p.changes) > 0:
		return RollChange
	}
	return RollSame
}

// compare lays what the roll says over what the village knows. grids are the
// village's, by name; one that is missing has a negative number until it is
// made.
func compare(h *said, was *known, k *keys.Keys, grids map[string]int64) *plan {
	p := &plan{said: h, was: was}
	if was != nil {
		p.form = was.Form()
	} else {
		p.form = HomeForm{Number: h.Number, Residence: "resident", Origin: "native", Joining: "in", Members: h.people}
	}
	f := &p.form
	f.keys = k
	f.Head = h.Head
	for key, put := range map[string]func(){
		"group": func() { f.Group = h.Group }, "lane": func() { f.Lane = h.Lane }, "lane_order": func() { f.LaneOrder = h.LaneOrder },
		"residence": func() { f.Residence = h.Residence }, "origin": func() { f.Origin = h.Origin }, "joining": func() { f.Joining = h.Joining },
		"party": func() { f.Party = h.Party }, "under14": func() { f.Under14 = h.Under14 },
		"grid": func() { f.GridID = grids[h.grid] },
		"phone": func() {
			if find := k.Find(phonePurpose, h.Phone); was == nil || !bytes.Equal(find, was.phone) {
				f.Phone, f.PhoneFind = h.Phone, find
			}
		},
	} {
		if h.has[key] {
			put()
		}
	}
	if was != nil {
		p.comparePeople()
		p.describe()
	}
	return p
}

// comparePeople finds who enters, who leaves and whose relation is new. A roll
// that says nothing about members changes none.
func (p *plan) comparePeople() {
	if !p.has["members"] {
		return
	}
	rest := slices.Clone(p.was.people)
	newHead := p.was.Head != p.Head
	for _, m := range p.people {
		i := slices.IndexFunc(rest, func(w Member) bool { return w.Name == m.Name })
		switch {
		case i < 0:
			p.enter = append(p.enter, m)
			p.changes = append(p.changes, "加上成员 "+m.Name)
			continue
		case newHead && rest[i].Relation == HeadRelation, rest[i].Relation != HeadRelation && m.Relation != "" && m.Relation != rest[i].Relation:
			p.correct = append(p.correct, MemberForm{ID: rest[i].ID, Name: m.Name, Relation: m.Relation})
			p.changes = append(p.changes, m.Name+" 的关系改为"+or(m.Relation, "（空）"))
		}
		rest = slices.Delete(rest, i, i+1)
	}
	heir := slices.ContainsFunc(rest, func(w Member) bool { return w.Name == p.Head })
	for _, w := range rest {
		if w.Name == p.Head || w.Relation == HeadRelation && !(newHead && heir) {
			continue // the head's own row is renamed with the household's head
		}
		p.depart = append(p.depart, w)
		p.changes = append(p.changes, "移出成员 "+w.Name)
	}
}

// fieldTitles are the fields of a household in people's words.
var fieldTitles = map[string]string{"head": "户主", "group": "组", "grid": "网格", "lane": "巷道", "lane_order": "门序", "residence": "居住情况",
	"origin": "户籍", "joining": "参加情况", "party": "党员户", "under14": "14 岁以下人数", "phone": "联系电话"}

// describe writes the changed fields in people's words.
func (p *plan) describe() {
	var fields []string
	for _, n := range p.form.diff(p.was.Home) {
		if n.Old == n.New {
			continue
		}
		switch n.Field {
		case "grid":
			fields = append(fields, "网格改为 "+p.grid)
		case "phone":
			fields = append(fields, "换了联系电话")
		default:
			fields = append(fields, fieldTitles[n.Field]+" "+spoken(n.Field, n.Old)+" → "+spoken(n.Field, n.New))
		}
	}
	p.changes = append(fields, p.changes...)
}

// optionsOf are the fields that are one of a list.
var optionsOf = map[string][]Option{"residence": Residences, "origin": Origins, "joining": Joinings}

// spoken is a field's value in people's words.
func spoken(field, value string) string {
	switch yes, _ := strconv.ParseBool(value); {
	case optionsOf[field] != nil:
		return TitleOf(optionsOf[field], value)
	case field == "party" && yes:
		return "是"
	case field == "party":
		return "否"
	case value == "":
		return "（空）"
	}
	return value
}

// gridsOf maps the names of a village's grids to their ids and gives those a
// roll brings along ids below zero.
func gridsOf(ctx context.Context, c db.Conn, village int64, homes []*said) (byName map[string]int64, missing []string, err error) {
	all, err := Grids(ctx, c, village)
	if err != nil {
		return nil, nil, err
	}
	byName = map[string]int64{}
	for _, g := range all {
		byName[g.Name] = g.ID
	}
	for _, h := range homes {
		if _, there := byName[h.grid]; !there && h.grid != "" {
			missing = append(missing, h.grid)
			byName[h.grid] = -int64(len(missing))
		}
	}
	return byName, missing, nil
}

// household is the household's key, for one that the village has.
func (p *plan) household(village int64) models.Household {
	return models.Household{Village: village, ID: p.was.ID}
}
