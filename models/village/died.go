package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Died is Member.LeftAs of who has died. Their name stays with what they did; it
// is asked for nowhere else.
const Died = "died"

var errNoHeir = models.ErrInput.With("请选家里谁接着当户主，还没有登记").At("heir")

// MemberDied marks that a person has died. When it was the head, heir, another
// member, becomes the head in the same act. The passbook, the card and the code
// are the household's and stay as they are.
func MemberDied(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household, id, heir int64) error {
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "member_died", Asked: []any{h, id, heir}, By: by, Subject: id}, func(tx *db.Tx) error {
		was, err := personToChange(tx, by, h, id)
		if err != nil {
			return err
		}
		if was.Relation == HeadRelation {
			if err := succeed(tx, by, h, was, heir); err != nil {
				return err
			}
		}
		if err := tx.SQL.Must(1, models.ErrNotFound, "UPDATE members SET left_at = ?, left_as = ? WHERE village_id = ? AND id = ? AND household_id = ? AND left_at = 0",
			int64(tx.Now), Died, h.Village, id, h.ID); err != nil {
			return err
		}
		if err := tx.Note(h.Village, db.Note{Field: "member", Old: was.Name, New: ""}); err != nil {
			return err
		}
		return reindex(tx, h)
	})
}

// succeed makes another member the head.
func succeed(tx *db.Tx, by models.Actor, h models.Household, was Member, heir int64) error {
	if heir == 0 || heir == was.ID {
		return errNoHeir
	}
	next, err := personToChange(tx, by, h, heir)
	if err != nil {
		return errNoHeir
	}
	if err := savePerson(tx, h, MemberForm{ID: was.ID, Name: was.Name}); err != nil {
		return err
	}
	if err := savePerson(tx, h, MemberForm{ID: next.ID, Name: next.Name, Relation: HeadRelation}); err != nil {
		return err
	}
	if err := tx.SQL.Must(1, db.ErrLost, "UPDATE households SET head_name = ?, version = version + 1 WHERE village_id = ? AND id = ?", next.Name, h.Village, h.ID); err != nil {
		return err
	}
	return tx.Note(h.Village, db.Note{Field: "head", Old: was.Name, New: next.Name})
}

// Former lists who was of the household and no longer is, the latest first.
func Former(ctx context.Context, c db.Conn, h models.Household) ([]Member, error) {
	var all []Member
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var m Member
		err := row.Scan(append(m.fields(), &m.LeftAs)...)
		all = append(all, m)
		return err
	}, "SELECT "+memberColumns+", m.left_as FROM members m WHERE m.village_id = ? AND m.household_id = ? AND m.left_at <> 0 ORDER BY m.left_at DESC, m.id", h.Village, h.ID)
	return all, err
}
