package scheme

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// adopt writes a new version with the rules that make returns from those before.
func adopt(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, kind string, asked any, a Adoption,
	build func(tx *db.Tx, before []Draft) ([]Draft, error), counties map[string]string) (Version, error) {
	place, err := placeOf(ctx, d, village)
	if err != nil {
		return Version{}, err
	}
	if err := by.May(models.SetUpVillage, place); err != nil {
		return Version{}, err
	}
	var v Version
	made := models.NewID()
	again := func(tx *db.Tx, id int64) error {
		b, err := Load(ctx, tx, village, id)
		if err == nil {
			v = b.Version
		}
		return err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: village, Kind: kind, Asked: asked, By: by, Subject: made, Again: again}, func(tx *db.Tx) error {
		last, err := latest(ctx, tx, village)
		if err != nil {
			return err
		}
		a := a // a lost race starts again from what was asked
		if err := a.settle(last, tx.Now.Day()); err != nil {
			return err
		}
		if len(a.Caps) == 0 && last != nil && !a.Complete {
			was, err := Load(ctx, tx, village, last.ID)
			if err != nil {
				return err
			}
			a.Caps = was.capsOf()
		}
		before, err := draftsOf(ctx, tx, village, last)
		if err != nil {
			return err
		}
		drafts, err := build(tx, before)
		if err != nil {
			return err
		}
		if err := checkAll(drafts); err != nil {
			return err
		}
		v = a.version(village, made, last, tx.Now)
		tx.After(func() { forget(d, village) })
		return write(tx, v, drafts, a.Caps, counties)
	})
	return v, err
}

func (a Adoption) version(village, id int64, last *Version, now models.Millis) Version {
	v := Version{Village: village, ID: id, SchemeID: village, Number: 1, AdoptedOn: a.AdoptedOn, InForceFrom: a.InForceFrom, Meeting: a.Meeting,
		Present: a.Present, Voted: a.Voted, PointRate: a.PointRate, Posting: a.Posting, NoticeDays: a.NoticeDays, DeductFrom: a.DeductFrom, CreatedAt: now,
		OwnMost: a.OwnMost, OwnPoints: a.OwnPoints, Review: a.Review, SecondOver: a.SecondOver, SecondLate: a.SecondLate,
		ObjectionDays: a.ObjectionDays, AppealDays: a.AppealDays, RenewOn: a.RenewOn}
	if last != nil {
		v.Number = last.Number + 1
	}
	return v
}

// draftsOf is the rules of a version as drafts for the next.
func draftsOf(ctx context.Context, tx *db.Tx, village int64, v *Version) ([]Draft, error) {
	if v == nil {
		return nil, nil
	}
	b, err := Load(ctx, tx, village, v.ID)
	if err != nil {
		return nil, err
	}
	categories, err := Categories(ctx, tx, village)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, c := range categories {
		names[c.ID] = c.Name
	}
	drafts := make([]Draft, len(b.Rules))
	for i, r := range b.Rules {
		drafts[i] = Draft{Category: names[r.CategoryID], Rule: r}
	}
	return drafts, nil
}

// write puts the version down: scheme, version, categories, rules, and the
// point's value when it is in force already.
func write(tx *db.Tx, v Version, drafts []Draft, caps []CategoryDraft, counties map[string]string) error {
	// The scheme's id is the village's, so that two first imports at once meet in
	// one row.
	if _, err := tx.SQL.Exec(tx.Ignore("schemes", "village_id, id, name", "?, ?, ?"), v.Village, v.SchemeID, "积分细则"); err != nil {
		return err
	}
	_, err := tx.SQL.Exec("INSERT INTO versions ("+versionColumns+") VALUES ("+db.Holes(23)+")", v.values()...)
	if db.IsDuplicate(err) {
		return db.ErrLost // another version took the number
	}
	if err != nil {
		return err
	}
	ids, err := ensureCategories(tx, v.Village, wanted(drafts, counties))
	if err != nil {
		return err
	}
	const width = 28
	args := make([]any, 0, len(drafts)*width)
	for i, d := range drafts {
		r := d.Rule
		r.Village, r.ID, r.VersionID, r.CategoryID, r.Position = v.Village, models.NewID(), v.ID, ids[d.Category], i+1
		if r.OriginID == 0 {
			r.OriginID = r.ID
		}
		args = append(args, r.values()...)
	}
	if err := tx.SQL.Many("INSERT INTO rules ("+ruleColumns+")", "", width, args); err != nil {
		return err
	}
	if err := writeCaps(tx, v, caps, ids); err != nil {
		return err
	}
	if v.InForceFrom > tx.Now.Day() {
		return nil
	}
	return comeIntoForce(tx, v)
}

// wanted lists the categories of the drafts once each.
func wanted(drafts []Draft, counties map[string]string) []Category {
	var list []Category
	seen := map[string]bool{}
	for _, d := range drafts {
		if seen[d.Category] {
			continue
		}
		seen[d.Category] = true
		key, ok := counties[d.Category]
		if !ok {
			key = GuessCounty(d.Category)
		}
		list = append(list, Category{Name: d.Category, CountyKey: key})
	}
	return list
}
