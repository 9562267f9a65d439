package village

import (
	"context"
	"encoding/hex"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/sheet"
)

// ErrRoll refuses a roll with bad rows; its sentence names them.
var ErrRoll = &models.Error{Kind: models.Input, Code: "roll_rows", Say: "名册里有误，一行都没有导入"}

// RollCount is what an import did to how many households.
type RollCount struct{ Added, Changed, Same int }

// rowsAtOnce is how many new households go down between two words of progress.
const rowsAtOnce = 200

// ImportRoll takes an uploaded roll in, the whole of it or nothing: new
// households with their first cards, changed names and members of those the
// village has. The same file goes in once. progress, which may be nil, hears
// how many households are written; it must not wait for anything.
func ImportRoll(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, village int64, upload db.Upload, progress func(done, total int)) (RollCount, error) {
	var n RollCount
	t, choice, err := ReadRoll(upload)
	if err != nil {
		return n, err
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	hash := rollHash(t)
	asked := []any{hex.EncodeToString(hash[:]), choice}
	err = d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "roll_import", Asked: asked, By: by, Subject: upload.ID, Answer: &n}, func(tx *db.Tx) error {
		n = RollCount{}
		if err := may(tx, by, models.SetUpVillage, village); err != nil {
			return err
		}
		table := t
		if err := db.Imported(tx, village, RollKind, hash, upload.Name, len(t.Rows), by); err != nil {
			return err
		}
		u, err := understand(ctx, tx, k, village, &table, choice)
		if err != nil {
			return err
		}
		if len(u.problems) > 0 {
			return ErrRoll.With(sheet.Summary(len(table.Rows), u.problems))
		}
		n, err = u.write(tx, k, village, progress)
		return err
	})
	return n, err
}

// write does what was understood: grids, new households, changed ones.
func (u understood) write(tx *db.Tx, k *keys.Keys, village int64, progress func(done, total int)) (n RollCount, err error) {
	made := map[int64]int64{}
	for i, name := range u.missing {
		g := Grid{ID: models.NewID(), Name: name}
		made[-int64(i+1)] = g.ID
		if err := g.write(tx, village); err != nil {
			return n, err
		}
	}
	var fresh, changed []*plan
	for _, p := range u.plans {
		if id := made[p.form.GridID]; id != 0 {
			p.form.GridID = id
		}
		p.form.Village = village
		switch p.state() {
		case RollAdd:
			fresh = append(fresh, p)
		case RollChange:
			changed = append(changed, p)
		}
	}
	n = RollCount{Added: len(fresh), Changed: len(changed), Same: len(u.plans) - len(fresh) - len(changed)}
	done := n.Same
	for chunk := range slices.Chunk(fresh, rowsAtOnce) {
		if err := enter(tx, k, chunk); err != nil {
			return n, err
		}
		done += len(chunk)
		progress(done, len(u.plans))
	}
	for i, p := range changed {
		if err := p.change(tx, village); err != nil {
			return n, err
		}
		if done++; i%rowsAtOnce == 0 || i == len(changed)-1 {
			progress(done, len(u.plans))
		}
	}
	return n, nil
}

// enter writes new households, their people and their first cards.
func enter(tx *db.Tx, k *keys.Keys, plans []*plan) error {
	rows := make([]homeRow, len(plans))
	all := make([]models.Household, len(plans))
	for i, p := range plans {
		all[i] = models.Household{Village: p.form.Village, ID: models.NewID()}
		var err error
		if rows[i], err = p.form.row(all[i]); err != nil {
			return err
		}
	}
	if err := writeHomes(tx, rows); err != nil {
		return err
	}
	return EnsureCards(tx, k, all)
}

// change writes what is new about a household that the village has.
func (p *plan) change(tx *db.Tx, village int64) error {
	h := p.household(village)
	if err := p.form.update(tx); err != nil {
		return err
	}
	notes := p.form.diff(p.was.Home)
	for _, m := range p.enter {
		notes = append(notes, db.Note{Field: "member", New: m.Name})
		if err := addPerson(tx, h, models.NewID(), m); err != nil {
			return err
		}
	}
	for _, m := range p.correct {
		if err := savePerson(tx, h, m); err != nil {
			return err
		}
	}
	for _, m := range p.depart {
		notes = append(notes, db.Note{Field: "member", Old: m.Name})
		if err := removePerson(tx, h, m.ID); err != nil {
			return err
		}
	}
	for i := range notes {
		notes[i].Field = p.was.Number + " " + notes[i].Field
	}
	if err := tx.Note(village, notes...); err != nil {
		return err
	}
	return renameHead(tx, h, p.was.Head, p.form.Head)
}
