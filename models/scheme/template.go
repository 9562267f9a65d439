package scheme

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// ErrNoTemplate says that the village's county has adopted no rules of its own.
var ErrNoTemplate = &models.Error{Kind: models.Conflict, Code: "no_template", Say: "县里还没有执行中的统一细则，没有改动；村里可以先用自己的细则"}

// TemplateFor is the version in force today of the county the village lies in,
// kept under the county's own area; nil when there is none.
func TemplateFor(ctx context.Context, c db.Conn, village int64) (*Book, error) {
	place, err := placeOf(ctx, c, village)
	if err != nil || place.Village == 0 || place.County == 0 {
		return nil, err
	}
	id, err := InForce(ctx, c, place.County, c.Handle().Now().Day())
	if errors.Is(err, ErrNoRules) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Load(ctx, c, place.County, id)
}

// Behind is the county's version in force when it is newer than the one the
// village's latest rules were taken over from; nil when the village is up to
// date or goes its own way.
func Behind(ctx context.Context, c db.Conn, village int64) (newer *Version, err error) {
	last, err := latest(ctx, c, village)
	if err != nil || last == nil || last.TemplateID == 0 {
		return nil, err
	}
	now, err := TemplateFor(ctx, c, village)
	if err != nil || now == nil || now.Version.ID == last.TemplateID {
		return nil, err
	}
	was, err := Load(ctx, c, now.Version.Village, last.TemplateID)
	if err != nil || was.Version.Number >= now.Version.Number {
		return nil, err
	}
	return &now.Version, nil
}

// Inherit makes a new version for the village: a full copy of the county's
// version in force and the village's own rules behind it, within the bounds that
// the county set. With own nil a village that has inherited before keeps the
// rules of its own. What the adoption leaves empty comes from the village's
// version before, else from the county's.
func Inherit(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, own []Draft, a Adoption) (Version, error) {
	asked := struct {
		Own []Draft
		Adoption
	}{own, a}
	return adopt(ctx, d, op, by, village, plan{kind: "inherit-rules", asked: asked, a: a, inherit: true, build: func(_ *db.Tx, s *settled) error {
		own := own
		if own == nil && s.last != nil && s.last.TemplateID != 0 {
			own = slices.DeleteFunc(slices.Clone(s.drafts), func(d Draft) bool { return d.TemplateID != 0 })
		}
		s.drafts = takeOver(s.template.drafts, own, s.drafts)
		return nil
	}})
}

// takeOver is the county's rules and the village's own, with the history that
// their counterparts have in the village.
func takeOver(county, own, before []Draft) []Draft {
	drafts := make([]Draft, 0, len(county)+len(own))
	origin := map[int64]int64{}
	for _, d := range before {
		if d.TemplateID != 0 {
			origin[d.TemplateID] = d.OriginID
		}
	}
	for _, d := range county {
		d.TemplateID, d.ID, d.OriginID = d.OriginID, 0, origin[d.OriginID]
		drafts = append(drafts, d)
	}
	drafts = append(drafts, own...)
	inherit(drafts, before)
	for i := range own {
		drafts[len(county)+i].TemplateID = 0
	}
	return drafts
}

// template is the county's version behind a village's, with its rules.
type template struct {
	version  Version
	drafts   []Draft
	caps     []CategoryDraft
	headings headings
}

// templateOf finds what the new version is bound to: the county's version in
// force for one that inherits now, else the one inherited before; nil for none.
func (p plan) templateOf(ctx context.Context, tx *db.Tx, place models.Place, last *Version) (*template, error) {
	var b *Book
	var err error
	switch {
	case p.inherit:
		if b, err = TemplateFor(ctx, tx, place.Village); err == nil && b == nil {
			err = ErrNoTemplate
		}
	case p.a.Leave || last == nil || last.TemplateID == 0:
		return nil, nil
	default:
		b, err = Load(ctx, tx, place.County, last.TemplateID)
	}
	if err != nil {
		return nil, err
	}
	t := &template{version: b.Version, caps: b.capsOf()}
	if t.drafts, err = draftsOf(ctx, tx, b.Version.Village, &b.Version); err != nil {
		return nil, err
	}
	t.headings, err = headingsOf(ctx, tx, b.Version.Village)
	for _, c := range t.caps {
		t.headings.also = append(t.headings.also, c.Category)
	}
	return t, err
}

// bind refuses a village's version that changes what the county settled, or adds
// more than the county allows. Caps of categories are the county's where it has
// one.
func (t *template) bind(s *settled) error {
	left, own := map[int64]Draft{}, 0
	for _, d := range t.drafts {
		left[d.OriginID] = d
	}
	for i := range s.drafts {
		d := s.drafts[i]
		d.tidy()
		if d.TemplateID == 0 {
			own++
			if t.version.OwnPoints > 0 && d.PointsMax > t.version.OwnPoints {
				return bad("points", "%s是村里自加的，县里规定自加的一条最多 %s 分，没有保存，请改好再交", d.quoted(), t.version.OwnPoints)
			}
			continue
		}
		county, ok := left[d.TemplateID]
		delete(left, d.TemplateID)
		if !ok || !sameTerms(d, county) {
			return bad("item", "%s是县里统一的，项目、分值和上限村里不能改，没有保存；证据、备注、谁来记和是否公开可以改", d.quoted())
		}
	}
	for _, d := range t.drafts {
		if _, gone := left[d.OriginID]; gone {
			return bad("item", "%s是县里统一的，村里不能删，没有保存", d.quoted())
		}
	}
	if own > t.version.OwnMost {
		return bad("own", "县里规定村里最多自加 %d 条，现在有 %d 条，没有保存，请减少几条", t.version.OwnMost, own)
	}
	for _, c := range t.caps {
		s.caps = slices.DeleteFunc(s.caps, func(o CategoryDraft) bool { return o.Category == c.Category })
		s.caps = append(s.caps, c)
	}
	return nil
}

// sameTerms compares what an inheriting village may not change.
func sameTerms(a, b Draft) bool {
	a.tidy()
	b.tidy()
	return a.Category == b.Category && a.Item == b.Item && a.Unit == b.Unit && a.Direction == b.Direction &&
		a.PointsMin == b.PointsMin && a.PointsMax == b.PointsMax && slices.Equal(a.Choices, b.Choices) &&
		a.BandBy == b.BandBy && slices.Equal(a.Bands, b.Bands) &&
		a.FullPoints == b.FullPoints && a.FaultPoints == b.FaultPoints && slices.Equal(a.Faults, b.Faults) &&
		a.cap() == b.cap() && a.OnceGroup == b.OnceGroup
}

// mayLeave asks whether a village may go its own way again: the county's to
// say, unless the county no longer has rules.
func mayLeave(ctx context.Context, c db.Conn, by models.Actor, place models.Place) error {
	b, err := TemplateFor(ctx, c, place.Village)
	if err != nil || b == nil {
		return err
	}
	if err := by.May(models.SetUpVillage, models.Place{City: place.City, County: place.County}); err != nil {
		return models.ErrForbidden.With(fmt.Sprintf("村里用的是县里统一的细则（%s），不再用要由县里办，没有改动；请和县里联系", b.Version.Title()))
	}
	return nil
}
