package scheme

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// plan is how a new version comes about.
type plan struct {
	kind    string
	asked   any
	a       Adoption
	inherit bool // from the county's version in force
	// build turns the rules of the version before into those of the new one.
	build    func(tx *db.Tx, s *settled) error
	headings headings
}

// settled is a new version on its way down: the rules start as those before.
type settled struct {
	last     *Version // nil for the first
	template *template
	drafts   []Draft
	caps     []CategoryDraft
}

// headings is where new categories stand, by name.
type headings struct {
	county, parent map[string]string
	also           []string // that have no rules of their own and are wanted all the same
}

// adopt writes a new version.
func adopt(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, p plan) (Version, error) {
	place, err := placeOf(ctx, d, village)
	if err != nil {
		return Version{}, err
	}
	if err := by.May(models.SetUpVillage, place); err != nil {
		return Version{}, err
	}
	if p.a.Leave {
		if err := mayLeave(ctx, d, by, place); err != nil {
			return Version{}, err
		}
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
	err = d.InTx(ctx, db.Op{ID: op, Village: village, Kind: p.kind, Asked: p.asked, By: by, Subject: made, Again: again}, func(tx *db.Tx) error {
		p := p // a lost race starts again from what was asked
		s, err := p.settle(ctx, tx, place, village)
		if err != nil {
			return err
		}
		v = p.a.version(village, made, s, tx.Now)
		tx.After(func() { forget(d, village) })
		return write(tx, v, s.drafts, s.caps, p.headings)
	})
	return v, err
}

// settle makes the rules and the terms of the new version, and checks them.
func (p *plan) settle(ctx context.Context, tx *db.Tx, place models.Place, village int64) (*settled, error) {
	s := &settled{}
	var err error
	if s.last, err = latest(ctx, tx, village); err != nil {
		return nil, err
	}
	if s.template, err = p.templateOf(ctx, tx, place, s.last); err != nil {
		return nil, err
	}
	terms := s.last
	if terms == nil && s.template != nil {
		t := s.template.version
		t.InForceFrom, terms = "", &t
	}
	if p.inherit {
		p.headings = s.template.headings
	}
	if err := p.a.settle(terms, tx.Now.Day()); err != nil {
		return nil, err
	}
	if s.drafts, err = draftsOf(ctx, tx, village, s.last); err != nil {
		return nil, err
	}
	if s.caps = p.a.Caps; len(s.caps) == 0 && s.last != nil && !p.a.Complete {
		b, err := Load(ctx, tx, village, s.last.ID)
		if err != nil {
			return nil, err
		}
		s.caps = b.capsOf()
	}
	if err := p.build(tx, s); err != nil {
		return nil, err
	}
	if s.template == nil {
		for i := range s.drafts {
			s.drafts[i].TemplateID = 0
		}
	} else if err := s.template.bind(s); err != nil {
		return nil, err
	}
	return s, checkAll(s.drafts)
}

func (a Adoption) version(village, id int64, s *settled, now models.Millis) Version {
	v := Version{Village: village, ID: id, SchemeID: village, Number: 1, AdoptedOn: a.AdoptedOn, InForceFrom: a.InForceFrom, Meeting: a.Meeting,
		Present: a.Present, Voted: a.Voted, PointRate: a.PointRate, Posting: a.Posting, NoticeDays: a.NoticeDays, DeductFrom: a.DeductFrom, CreatedAt: now,
		OwnMost: a.OwnMost, OwnPoints: a.OwnPoints, Review: a.Review, SecondOver: a.SecondOver, SecondLate: a.SecondLate,
		ObjectionDays: a.ObjectionDays, AppealDays: a.AppealDays, RenewOn: a.RenewOn}
	if s.last != nil {
		v.Number = s.last.Number + 1
	}
	if s.template != nil {
		t := s.template.version
		v.TemplateID, v.OwnMost, v.OwnPoints = t.ID, t.OwnMost, t.OwnPoints
	}
	return v
}

// draftsOf is the rules of a version as drafts for the next.
func draftsOf(ctx context.Context, c db.Conn, village int64, v *Version) ([]Draft, error) {
	if v == nil {
		return nil, nil
	}
	b, err := Load(ctx, c, village, v.ID)
	if err != nil {
		return nil, err
	}
	categories, err := Categories(ctx, c, village)
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
func write(tx *db.Tx, v Version, drafts []Draft, caps []CategoryDraft, h headings) error {
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
	ids, err := ensureCategories(tx, v.Village, h.wanted(drafts))
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
