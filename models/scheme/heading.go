package scheme

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// heading is a category that a table of rules wants, by names.
type heading struct{ name, county, parent string }

// wanted lists the categories of the drafts once each, those above them first.
func (h headings) wanted(drafts []Draft) []heading {
	var list []heading
	seen := map[string]bool{}
	var add func(name, parent string)
	add = func(name, parent string) {
		if name == "" || seen[name] {
			return
		}
		seen[name] = true
		parent = or(parent, h.parent[name])
		add(parent, "")
		key, ok := h.county[name]
		if !ok {
			key = GuessCounty(name)
		}
		list = append(list, heading{name, key, parent})
	}
	for _, name := range h.also {
		add(name, "")
	}
	for _, d := range drafts {
		add(d.Category, d.Parent)
	}
	return list
}

// headingsOf is how a place arranged its categories.
func headingsOf(ctx context.Context, c db.Conn, village int64) (headings, error) {
	h := headings{county: map[string]string{}, parent: map[string]string{}}
	all, err := Categories(ctx, c, village)
	names := map[int64]string{}
	for _, k := range all {
		names[k.ID], h.county[k.Name] = k.Name, k.CountyKey
	}
	for _, k := range all {
		if names[k.Parent] != "" {
			h.parent[k.Name] = names[k.Parent]
		}
	}
	return h, err
}

// ensureCategories finds or makes the categories by name and returns the ids of
// all that the village has. One that is there already stays where it stands,
// unless the table says otherwise and it stands nowhere yet.
func ensureCategories(tx *db.Tx, village int64, want []heading) (map[string]int64, error) {
	have, err := Categories(tx.Statement.Context, tx, village)
	if err != nil {
		return nil, err
	}
	ids, parents := map[string]int64{}, map[int64]int64{}
	for _, c := range have {
		ids[c.Name], parents[c.ID] = c.ID, c.Parent
	}
	for _, h := range want {
		parent, known := ids[h.parent], ids[h.name]
		switch {
		case known != 0 && parent != 0 && parents[known] == 0 && !under(have, parent, known):
			if _, err := tx.SQL.Exec("UPDATE categories SET parent_id = ? WHERE village_id = ? AND id = ?", parent, village, known); err != nil {
				return nil, err
			}
		case known == 0:
			ids[h.name] = models.NewID()
			_, err := tx.SQL.Exec("INSERT INTO categories (village_id, id, name, county_key, parent_id) VALUES (?, ?, ?, ?, ?)", village, ids[h.name], h.name, h.county, parent)
			if db.IsDuplicate(err) {
				err = db.ErrLost
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}
