package scheme

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// Change is one change of the rules by hand: an addition when Rule is 0.
type Change struct {
	Rule   int64
	Remove bool
	Draft  Draft
}

// Amend makes a new version: a full copy of the latest one with the changes. No
// changes at all are allowed, for a new adoption of the same rules or of the
// settings beside them.
func Amend(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, changes []Change, a Adoption) (Version, error) {
	asked := struct {
		Changes []Change
		Adoption
	}{changes, a}
	return adopt(ctx, d, op, by, village, plan{kind: "amend-rules", asked: asked, a: a, build: func(_ *db.Tx, s *settled) (err error) {
		s.drafts, err = amend(s.drafts, changes)
		return err
	}})
}

func amend(drafts []Draft, changes []Change) ([]Draft, error) {
	at := map[int64]int{}
	for i, d := range drafts {
		at[d.ID] = i
	}
	gone := map[int64]bool{}
	for _, c := range changes {
		i, known := at[c.Rule]
		switch {
		case c.Rule == 0:
			c.Draft.OriginID, c.Draft.TemplateID = 0, 0
			drafts = append(drafts, c.Draft)
		case !known:
			return nil, models.ErrStale.With("细则刚有了新的一版，没有改动；请看最新内容再改")
		case c.Remove:
			gone[c.Rule] = true
		default:
			c.Draft.ID, c.Draft.OriginID, c.Draft.TemplateID = c.Rule, drafts[i].OriginID, drafts[i].TemplateID
			drafts[i] = c.Draft
		}
	}
	kept := drafts[:0]
	for _, d := range drafts {
		if d.ID == 0 || !gone[d.ID] {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

// inherit gives rules the history of those they replace: the same category, name
// and direction, the first with the first when there are several.
func inherit(drafts, before []Draft) {
	type name struct{ category, item, direction string }
	taken := map[int64]bool{}
	for _, d := range drafts {
		taken[d.OriginID] = true
	}
	left := map[name][]Draft{}
	for _, d := range before {
		if !taken[d.OriginID] {
			n := name{d.Category, d.Item, d.Direction}
			left[n] = append(left[n], d)
		}
	}
	for i := range drafts {
		if drafts[i].OriginID != 0 {
			continue
		}
		n := name{drafts[i].Category, drafts[i].Item, drafts[i].Direction}
		if same := left[n]; len(same) > 0 {
			drafts[i].OriginID, left[n] = same[0].OriginID, same[1:]
			drafts[i].TemplateID = or(drafts[i].TemplateID, same[0].TemplateID)
		}
	}
}
