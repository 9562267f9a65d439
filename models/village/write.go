package village

import (
	"pointstore/models"
	"pointstore/models/db"
)

// homeRow is a new household with everything that goes into its rows.
type homeRow struct {
	form         HomeForm
	of           models.Household
	sealed, find any // nil without a phone
	people       []MemberForm
}

// row prepares a tidied form for writing; the head comes first among its
// people.
func (f HomeForm) row(h models.Household) (homeRow, error) {
	r := homeRow{form: f, of: h, people: []MemberForm{{Name: f.Head, Relation: HeadRelation}}}
	for _, m := range f.Members {
		if m.Name != f.Head && m.Relation != HeadRelation {
			r.people = append(r.people, m)
		}
	}
	if f.Phone != "" {
		b, err := f.keys.Seal(phonePurpose, f.Phone)
		if err != nil {
			return r, err
		}
		r.sealed, r.find = b, f.PhoneFind
	}
	return r, nil
}

const (
	insertHome = `INSERT INTO households (village_id, id, number, group_no, grid_id, lane, lane_order, head_name, search,
		residence, origin, joining, party, under14, hidden, phone_sealed, phone_find, created_at)`
	insertMember = "INSERT INTO members (village_id, id, household_id, name, relation, search, joined_at)"
)

// writeHomes puts households and their people down, many in one statement where
// that is faster.
func writeHomes(tx *db.Tx, rows []homeRow) error {
	var homes, people []any
	for _, r := range rows {
		f := r.form
		names := []string{}
		for _, m := range r.people {
			names = append(names, m.Name)
			people = append(people, r.of.Village, models.NewID(), r.of.ID, m.Name, m.Relation, indexedName(m.Name), int64(tx.Now))
		}
		homes = append(homes, r.of.Village, r.of.ID, f.Number, f.Group, f.GridID, f.Lane, f.LaneOrder, f.Head, indexed(f.Number, names...),
			f.Residence, f.Origin, f.Joining, flag(f.Party), f.Under14, flag(f.Hidden), r.sealed, r.find, int64(tx.Now))
	}
	if err := tx.SQL.Many(insertHome, "", 18, homes); err != nil {
		if db.IsDuplicate(err) {
			return ErrNumberTaken
		}
		return err
	}
	return tx.SQL.Many(insertMember, "", 7, people)
}
