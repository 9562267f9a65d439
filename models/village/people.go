package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// AddMember adds a person to a household and returns the person's id.
func AddMember(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, f MemberForm) (int64, error) {
	f.ID = 0
	if err := f.tidy(); err != nil {
		return 0, err
	}
	id := models.NewID()
	again := func(_ *db.Tx, first int64) error { id = first; return nil }
	err := d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "member_add", Asked: []any{h, f}, By: by, Subject: id, Again: again}, func(tx *db.Tx) error {
		people, err := peopleToChange(tx, by, h)
		if err != nil {
			return err
		}
		if f.Relation == HeadRelation {
			return errOneHead
		}
		for _, m := range people {
			if m.Name == f.Name {
				return models.ErrInput.With("这一户已有“" + f.Name + "”，没有重复添加").At("name")
			}
		}
		if err := addPerson(tx, h, id, f); err != nil {
			return err
		}
		return reindex(tx, h)
	})
	return id, err
}

var errOneHead = models.ErrInput.With("一户只有一个户主，还没有保存；要换户主，请到“修改户信息”里改户主姓名").At("relation")

// SaveMember corrects a person's name or relation. The head's name is the
// household's: SaveHome changes it.
func SaveMember(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, f MemberForm) error {
	if err := f.tidy(); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "member_save", Asked: []any{h, f}, By: by, Subject: f.ID}, func(tx *db.Tx) error {
		was, err := personToChange(tx, by, h, f.ID)
		if err != nil {
			return err
		}
		if (was.Relation == HeadRelation) != (f.Relation == HeadRelation) || was.Relation == HeadRelation && was.Name != f.Name {
			return errOneHead
		}
		if err := tx.Note(h.Village, db.Note{Field: "name", Old: was.Name, New: f.Name}, db.Note{Field: "relation", Old: was.Relation, New: f.Relation}); err != nil {
			return err
		}
		if err := savePerson(tx, h, f); err != nil {
			return err
		}
		return reindex(tx, h)
	})
}

// RemoveMember marks that a person no longer belongs to the household; old
// entries keep naming them.
func RemoveMember(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, id int64) error {
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "member_remove", Asked: []any{h, id}, By: by, Subject: id}, func(tx *db.Tx) error {
		was, err := personToChange(tx, by, h, id)
		if err != nil {
			return err
		}
		if was.Relation == HeadRelation {
			return models.ErrInput.With("户主不能这样移出，没有改动；请先在“修改户信息”里换户主").At("relation")
		}
		if err := removePerson(tx, h, id); err != nil {
			return err
		}
		if err := tx.Note(h.Village, db.Note{Field: "member", Old: was.Name, New: ""}); err != nil {
			return err
		}
		return reindex(tx, h)
	})
}

// peopleToChange lists a household's people for an actor who may change them.
func peopleToChange(tx *db.Tx, by models.Actor, h models.Household) ([]Member, error) {
	ctx := tx.Statement.Context
	if _, err := GetHome(ctx, tx, h); err != nil {
		return nil, err
	}
	if err := may(tx, by, models.SetUpVillage, h.Village); err != nil {
		return nil, err
	}
	return Members(ctx, tx, h)
}

func personToChange(tx *db.Tx, by models.Actor, h models.Household, id int64) (Member, error) {
	people, err := peopleToChange(tx, by, h)
	if err != nil {
		return Member{}, err
	}
	for _, m := range people {
		if m.ID == id {
			return m, nil
		}
	}
	return Member{}, models.ErrNotFound
}

func addPerson(tx *db.Tx, h models.Household, id int64, f MemberForm) error {
	return tx.SQL.Many(insertMember, "", 7, []any{h.Village, id, h.ID, f.Name, f.Relation, indexedName(f.Name), int64(tx.Now)})
}

func savePerson(tx *db.Tx, h models.Household, f MemberForm) error {
	return tx.SQL.Must(1, models.ErrNotFound, "UPDATE members SET name = ?, relation = ?, search = ? WHERE village_id = ? AND id = ? AND household_id = ?",
		f.Name, f.Relation, indexedName(f.Name), h.Village, f.ID, h.ID)
}

func removePerson(tx *db.Tx, h models.Household, id int64) error {
	return tx.SQL.Must(1, models.ErrNotFound, "UPDATE members SET left_at = ? WHERE village_id = ? AND id = ? AND household_id = ? AND left_at = 0",
		int64(tx.Now), h.Village, id, h.ID)
}

// renameHead keeps the first member in step with the household's head, and the
// index with both.
func renameHead(tx *db.Tx, h models.Household, was, head string) error {
	if was == head {
		return reindex(tx, h)
	}
	people, err := Members(tx.Statement.Context, tx, h)
	if err != nil {
		return err
	}
	if err := handOver(tx, h, people, head); err != nil {
		return err
	}
	return reindex(tx, h)
}

// handOver makes the member of that name the head, or gives the head that name.
func handOver(tx *db.Tx, h models.Household, people []Member, head string) error {
	var old, heir *Member
	for i, m := range people {
		switch {
		case m.Relation == HeadRelation:
			old = &people[i]
		case m.Name == head:
			heir = &people[i]
		}
	}
	switch {
	case old == nil && heir == nil:
		return addPerson(tx, h, models.NewID(), MemberForm{Name: head, Relation: HeadRelation})
	case heir == nil:
		return savePerson(tx, h, MemberForm{ID: old.ID, Name: head, Relation: HeadRelation})
	case old != nil:
		if err := savePerson(tx, h, MemberForm{ID: old.ID, Name: old.Name}); err != nil {
			return err
		}
	}
	return savePerson(tx, h, MemberForm{ID: heir.ID, Name: head, Relation: HeadRelation})
}

// reindex writes what Search looks through, from the rows as they are now.
func reindex(tx *db.Tx, h models.Household) error {
	home, err := GetHome(tx.Statement.Context, tx, h)
	if err != nil {
		return err
	}
	people, err := Members(tx.Statement.Context, tx, h)
	if err != nil {
		return err
	}
	names := []string{home.Head}
	for _, m := range people {
		names = append(names, m.Name)
	}
	_, err = tx.SQL.Exec("UPDATE households SET search = ? WHERE village_id = ? AND id = ?", indexed(home.Number, names...), h.Village, h.ID)
	return err
}
