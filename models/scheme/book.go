package scheme

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"

	"pointstore/models"
	"pointstore/models/db"
)

// Book is a version with its rules. A version never changes, so books are read
// once per process and shared: treat them as read-only.
type Book struct {
	Version Version
	Rules   []Rule // in the order of the table

	byID, byOrigin map[int64]int
	shared         map[string]map[int64]bool
	caps           []CategoryCap
}

// Rule finds a rule of this version.
func (b *Book) Rule(id int64) (Rule, bool) {
	i, ok := b.byID[id]
	if !ok {
		return Rule{}, false
	}
	return b.Rules[i], true
}

// Counterpart finds this version's copy of a rule of another version.
func (b *Book) Counterpart(origin int64) (Rule, bool) {
	i, ok := b.byOrigin[origin]
	if !ok {
		return Rule{}, false
	}
	return b.Rules[i], true
}

// Counts reports whether an award under the rule with the given origin uses up
// the cap of r: r itself, or one that shares its cap group.
func (b *Book) Counts(r Rule, origin int64) bool {
	if r.CapGroup == "" {
		return origin == r.OriginID
	}
	return b.shared[r.CapGroup][origin]
}

type bookKey struct {
	of          *db.DB
	village, id int64
}

var (
	books  sync.Map // bookKey of a version → *Book
	homeOf sync.Map // bookKey of a rule → id of its version
)

// Load reads a version with its rules; ErrNotFound when the village has none of
// that id.
func Load(ctx context.Context, c db.Conn, village, version int64) (*Book, error) {
	key := bookKey{c.Handle(), village, version}
	if b, ok := books.Load(key); ok {
		return b.(*Book), nil
	}
	v, err := scanVersion(c.Stmts(ctx).Row("SELECT "+versionColumns+" FROM versions WHERE village_id = ? AND id = ?", village, version))
	if err != nil {
		return nil, notFound(err)
	}
	b := &Book{Version: v}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		r, err := scanRule(row)
		b.Rules = append(b.Rules, r)
		return err
	}, "SELECT "+ruleColumns+" FROM rules WHERE village_id = ? AND version_id = ? ORDER BY position, id", village, version)
	if err != nil {
		return nil, err
	}
	if b.caps, err = loadCaps(ctx, c, village, version); err != nil {
		return nil, err
	}
	b.index()
	books.Store(key, b)
	return b, nil
}

func (b *Book) index() {
	b.byID, b.byOrigin, b.shared = map[int64]int{}, map[int64]int{}, map[string]map[int64]bool{}
	for i, r := range b.Rules {
		b.byID[r.ID], b.byOrigin[r.OriginID] = i, i
		if r.CapGroup != "" {
			if b.shared[r.CapGroup] == nil {
				b.shared[r.CapGroup] = map[int64]bool{}
			}
			b.shared[r.CapGroup][r.OriginID] = true
		}
	}
}

// BookOf finds the version a rule belongs to; ErrNotFound when the village has
// no such rule.
func BookOf(ctx context.Context, c db.Conn, village, rule int64) (*Book, error) {
	key := bookKey{c.Handle(), village, rule}
	if id, ok := homeOf.Load(key); ok {
		return Load(ctx, c, village, id.(int64))
	}
	var id int64
	if err := c.Stmts(ctx).Row("SELECT version_id FROM rules WHERE village_id = ? AND id = ?", village, rule).Scan(&id); err != nil {
		return nil, notFound(err)
	}
	b, err := Load(ctx, c, village, id)
	if err == nil {
		homeOf.Store(key, id)
	}
	return b, err
}

// GetRule finds a rule and its version; ErrNotFound when the village has none.
func GetRule(ctx context.Context, c db.Conn, village, rule int64) (Rule, Version, error) {
	b, err := BookOf(ctx, c, village, rule)
	if err != nil {
		return Rule{}, Version{}, err
	}
	r, _ := b.Rule(rule)
	return r, b.Version, nil
}

// Rules lists the rules of a version in the order of the table.
func Rules(ctx context.Context, c db.Conn, village, version int64) ([]Rule, error) {
	b, err := Load(ctx, c, village, version)
	if err != nil {
		return nil, err
	}
	return append([]Rule(nil), b.Rules...), nil
}

const ruleColumns = "village_id, id, version_id, origin_id, category_id, position, item, direction, points_min, points_max, choices, unit, cap_times, cap_points, cap_period, cap_per, cap_group, private, evidence, note, template_id, bands, band_by, full_points, fault_points, faults, once_group, recorders"

func scanRule(row db.Scanner) (r Rule, err error) {
	var choices, bands, faults, recorders string
	err = row.Scan(&r.Village, &r.ID, &r.VersionID, &r.OriginID, &r.CategoryID, &r.Position, &r.Item, &r.Direction, &r.PointsMin, &r.PointsMax,
		&choices, &r.Unit, &r.CapTimes, &r.CapPoints, &r.CapPeriod, &r.CapPer, &r.CapGroup, &r.Private, &r.Evidence, &r.Note,
		&r.TemplateID, &bands, &r.BandBy, &r.FullPoints, &r.FaultPoints, &faults, &r.OnceGroup, &recorders)
	r.readBands(bands)
	r.readFaults(faults)
	if recorders != "" {
		r.Recorders = strings.Split(recorders, ",")
	}
	if r.OriginID == 0 {
		r.OriginID = r.ID
	}
	for s := range strings.SplitSeq(choices, "/") {
		if n, bad := strconv.ParseInt(s, 10, 64); bad == nil {
			r.Choices = append(r.Choices, models.Points(n))
		}
	}
	return r, err
}

// values are the columns of ruleColumns.
func (r Rule) values() []any {
	choices := make([]string, len(r.Choices))
	for i, p := range r.Choices {
		choices[i] = strconv.FormatInt(int64(p), 10)
	}
	private := 0
	if r.Private {
		private = 1
	}
	return []any{r.Village, r.ID, r.VersionID, r.OriginID, r.CategoryID, r.Position, r.Item, r.Direction, int64(r.PointsMin), int64(r.PointsMax),
		strings.Join(choices, "/"), r.Unit, r.CapTimes, int64(r.CapPoints), r.CapPeriod, r.CapPer, r.CapGroup, private, r.Evidence, r.Note,
		r.TemplateID, r.bandsColumn(), r.BandBy, int64(r.FullPoints), int64(r.FaultPoints), r.faultsColumn(), r.OnceGroup, strings.Join(r.Recorders, ",")}
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return models.ErrNotFound
	}
	return err
}
