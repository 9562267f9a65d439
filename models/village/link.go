package village

import (
	"context"
	"slices"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// OwnHome is the relation of a staff account to its own household.
const OwnHome = "本人家"

// Kinships are the relations offered between households.
var Kinships = []string{"父母家", "子女家", "兄弟姐妹家", "配偶父母家", "祖父母、孙子女家", "叔伯姑舅家", "其他亲属"}

// Link says who may not decide alone for a household: the holder of an account
// whose own it is, or the people of another household.
type Link struct {
	ID        int64
	Household int64
	Other     int64 // the other household; 0 when Account is set
	Account   int64 // the account whose own home it is; 0 when Other is set
	Relation  string
}

// Links lists a village's links; of one household when h is not 0, whichever
// side it stands on.
func Links(ctx context.Context, c db.Conn, village, h int64) ([]Link, error) {
	var all []Link
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var l Link
		err := row.Scan(&l.ID, &l.Household, &l.Other, &l.Account, &l.Relation)
		if h == 0 || l.Household == h || l.Other == h {
			all = append(all, l)
		}
		return err
	}, "SELECT id, household_id, other_id, account_id, relation FROM links WHERE village_id = ? ORDER BY id", village)
	return all, err
}

// AddLink notes a kinship or an account's own home, and answers its id.
func AddLink(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, l Link) (int64, error) {
	l.ID, l.Relation = 0, models.Normal(l.Relation)
	if l.Account != 0 {
		l.Relation = OwnHome
	}
	if err := l.check(); err != nil {
		return 0, err
	}
	id := models.NewID()
	again := func(_ *db.Tx, first int64) error { id = first; return nil }
	err := d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "link_add", Asked: l, By: by, Subject: id, Again: again}, func(tx *db.Tx) error {
		if err := may(tx, by, models.SetUpVillage, village); err != nil {
			return err
		}
		for _, h := range []int64{l.Household, l.Other} {
			if h == 0 {
				continue
			}
			if _, err := GetHome(ctx, tx, models.Household{Village: village, ID: h}); err != nil {
				return err
			}
		}
		all, err := Links(ctx, tx, village, l.Household)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, l.same) {
			return models.ErrInput.With("这个关系已经登记过，没有重复登记").At("other")
		}
		_, err = tx.SQL.Exec("INSERT INTO links (village_id, id, household_id, other_id, account_id, relation) VALUES (?, ?, ?, ?, ?, ?)",
			village, id, l.Household, l.Other, l.Account, l.Relation)
		return err
	})
	return id, err
}

func (l Link) check() error {
	switch {
	case l.Household == 0 || (l.Other == 0) == (l.Account == 0):
		return models.ErrInput.With("请选一户人家，再选另一户或者一位工作人员；还没有登记").At("other")
	case l.Household == l.Other:
		return models.ErrInput.With("两边是同一户，还没有登记；请重新选").At("other")
	case l.Relation == "" || utf8.RuneCountInString(l.Relation) > 16:
		return models.ErrInput.With("“关系”要填 1 到 16 个字，还没有登记").At("relation")
	}
	return nil
}

// same reports whether two links join the same, whichever way round.
func (l Link) same(m Link) bool {
	return l.Account == m.Account && (l.Household == m.Household && l.Other == m.Other || l.Household == m.Other && l.Other == m.Household)
}

// RemoveLink takes a link away. Nobody removes one of their own: it is what
// keeps them from deciding for their family.
func RemoveLink(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village, id int64) error {
	return d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "link_remove", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		all, err := Links(ctx, tx, village, 0)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(l Link) bool { return l.ID == id })
		if i < 0 {
			return models.ErrNotFound
		}
		l := all[i]
		if err := mayFor(tx, by, models.SetUpVillage, models.Household{Village: village, ID: l.Household}); err != nil {
			return err
		}
		if err := mayFor(tx, by, models.SetUpVillage, models.Household{Village: village, ID: l.Other}); err != nil {
			return err
		}
		if l.Account != 0 && l.Account == by.Account {
			return models.ErrOwnHome
		}
		if err := tx.Note(village, db.Note{Field: "relation", Old: l.Relation, New: ""}); err != nil {
			return err
		}
		return tx.SQL.Must(1, models.ErrNotFound, "DELETE FROM links WHERE village_id = ? AND id = ?", village, id)
	})
}

// Kin lists the households an account may not decide for: its own ones and
// those linked to them.
func Kin(ctx context.Context, c db.Conn, account int64) ([]models.Household, error) {
	if account == 0 {
		return nil, nil
	}
	var own []models.Household
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var h models.Household
		err := row.Scan(&h.Village, &h.ID)
		own = append(own, h)
		return err
	}, "SELECT village_id, household_id FROM links WHERE account_id = ?", account)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(own)
	for _, h := range own {
		links, err := Links(ctx, c, h.Village, h.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			for _, id := range []int64{l.Household, l.Other} {
				if k := (models.Household{Village: h.Village, ID: id}); id != 0 && !slices.Contains(all, k) {
					all = append(all, k)
				}
			}
		}
	}
	return all, nil
}
