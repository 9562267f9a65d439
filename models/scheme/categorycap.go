package scheme

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// CategoryCap limits what a category earns altogether, besides the caps of its
// rules. Deductions neither use it up nor make room under it.
type CategoryCap struct {
	Category int64
	Name     string // of the category
	Cap             // without a group
	covers   map[int64]bool
}

// Covers reports whether what a category earns counts under the cap: the capped
// one itself and those that stood below it when the version was adopted.
func (c CategoryCap) Covers(category int64) bool { return c.covers[category] }

// CategoryCaps are the caps that an award in the category has to keep: the
// category's own and those of the categories above it.
func (b *Book) CategoryCaps(category int64) []CategoryCap {
	var list []CategoryCap
	for _, c := range b.caps {
		if c.Covers(category) {
			list = append(list, c)
		}
	}
	return list
}

// Caps are all caps of categories in the version.
func (b *Book) Caps() []CategoryCap { return slices.Clone(b.caps) }

// Text is the cap in a sentence: 每户每年最多 60 分.
func (c Cap) Text() string {
	var r Rule
	r.setCap(c)
	return r.CapText()
}

func loadCaps(ctx context.Context, c db.Conn, village, version int64) (list []CategoryCap, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		k := CategoryCap{covers: map[int64]bool{}}
		var covers string
		err := row.Scan(&k.Category, &k.Name, &k.Times, &k.Points, &k.Period, &k.Per, &covers)
		for id := range strings.SplitSeq(covers, ",") {
			if n, bad := strconv.ParseInt(id, 10, 64); bad == nil {
				k.covers[n] = true
			}
		}
		list = append(list, k)
		return err
	}, `SELECT p.category_id, c.name, p.cap_times, p.cap_points, p.cap_period, p.cap_per, p.covers FROM category_caps p
		JOIN categories c ON c.village_id = p.village_id AND c.id = p.category_id WHERE p.village_id = ? AND p.version_id = ? ORDER BY p.category_id`, village, version)
	return list, err
}

// checkCaps tidies caps of categories; a category without a limit is left out.
func checkCaps(caps []CategoryDraft) ([]CategoryDraft, error) {
	var kept []CategoryDraft
	for _, c := range caps {
		d := Draft{Category: c.Category, Rule: Rule{Item: c.Category, PointsMin: 1}}
		d.setCap(c.Cap)
		d.CapGroup = ""
		d.tidy()
		if !d.Capped() && d.CapTimes == 0 && d.CapPoints == 0 {
			continue
		}
		if err := d.check(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(kept, func(k CategoryDraft) bool { return k.Category == d.Category }) {
			return nil, bad("caps", "类别“%s”写了两个上限，没有保存，请留一个", d.Category)
		}
		kept = append(kept, CategoryDraft{Category: d.Category, Cap: d.cap()})
	}
	return kept, nil
}

// writeCaps puts the caps down together with the categories that stand below
// each of them today, so that moving a category later changes no version.
func writeCaps(tx *db.Tx, v Version, caps []CategoryDraft, ids map[string]int64) error {
	if len(caps) == 0 {
		return nil
	}
	all, err := Categories(tx.Statement.Context, tx, v.Village)
	if err != nil {
		return err
	}
	var args []any
	for _, c := range caps {
		id := ids[c.Category]
		if id == 0 {
			return bad("caps", "没有“%s”这个类别，它的上限没有保存；请核对名称", c.Category)
		}
		var covers []string
		for _, below := range all {
			if under(all, below.ID, id) {
				covers = append(covers, strconv.FormatInt(below.ID, 10))
			}
		}
		args = append(args, v.Village, v.ID, id, c.Times, int64(c.Points), c.Period, c.Per, strings.Join(covers, ","))
	}
	return tx.SQL.Many("INSERT INTO category_caps (village_id, version_id, category_id, cap_times, cap_points, cap_period, cap_per, covers)", "", 8, args)
}

// capsOf is the caps of a version as drafts for the next.
func (b *Book) capsOf() []CategoryDraft {
	var list []CategoryDraft
	for _, c := range b.caps {
		list = append(list, CategoryDraft{Category: c.Name, Cap: c.Cap})
	}
	return list
}

// under reports whether a category is the other one or stands below it.
func under(all []Category, id, above int64) bool {
	for range all { // a tree is no deeper than it has nodes
		if id == above {
			return true
		}
		i := slices.IndexFunc(all, func(c Category) bool { return c.ID == id })
		if i < 0 || all[i].Parent == 0 {
			return false
		}
		id = all[i].Parent
	}
	return false
}

// SetParent moves a category below another one, or to the top with 0. Caps of
// categories follow with the next version: one that was adopted never changes.
func SetParent(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village, category, parent int64) error {
	place, err := placeOf(ctx, d, village)
	if err != nil {
		return err
	}
	if err := by.May(models.SetUpVillage, place); err != nil {
		return err
	}
	ask := struct{ Category, Parent int64 }{category, parent}
	return d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "category-parent", Asked: ask, By: by, Subject: category}, func(tx *db.Tx) error {
		all, err := Categories(ctx, tx, village)
		if err != nil {
			return err
		}
		name := map[int64]string{0: "不分上级"}
		was := int64(0)
		for _, c := range all {
			name[c.ID] = c.Name
			if c.ID == category {
				was = c.Parent
			}
		}
		switch {
		case name[category] == "" || name[parent] == "" || category == 0:
			return models.ErrNotFound
		case parent != 0 && under(all, parent, category):
			return bad("parent", "“%s”在“%s”下面，不能反过来放，没有改动", name[parent], name[category])
		case was == parent:
			return nil
		}
		if err := tx.Note(village, db.Note{Field: "上级类别：" + name[category], Old: name[was], New: name[parent]}); err != nil {
			return err
		}
		return tx.SQL.Must(1, models.ErrStale, "UPDATE categories SET parent_id = ? WHERE village_id = ? AND id = ? AND parent_id = ?", parent, village, category, was)
	})
}
