package award

import (
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// BaseGiven is what giving base points came to.
type BaseGiven struct {
	Households int // given now
	Before     int // had them for the period already
	Points     models.Points
}

// BasePeriod is the span that a base rule's points are for: the period of its
// cap, else the year.
func BasePeriod(r scheme.Rule, day models.Date) (from, until models.Date) {
	period := r.CapPeriod
	if period != "month" && period != "quarter" {
		period = "year"
	}
	return scheme.Window(period, day)
}

// GiveBase gives every household that takes part the opening score of a period:
// honour only, the same for all, so it needs no notice, and nobody decides for
// their own household by it. Whoever has it for the period already gets no
// second one, however often and by how many it is asked for.
func GiveBase(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, rule int64, day models.Date) (BaseGiven, error) {
	var sum BaseGiven
	if err := may(ctx, d, by, models.ReviewAwards, v); err != nil {
		return sum, err
	}
	if err := checkDay(day, d.Now().Day()); err != nil {
		return sum, err
	}
	b, r, err := baseRule(ctx, d, v, rule, day)
	if err != nil {
		return sum, err
	}
	for after, n := int64(0), int64(0); ; n++ {
		part := baseChunk{rule: r, day: day, after: after, by: by, rate: b.Version.PointRate}
		var done basePart
		asked := struct {
			Rule  int64
			Day   models.Date
			After int64
		}{r.ID, day, after}
		err := d.InTx(ctx, db.Op{ID: db.ErrandID(op.String(), v, r.ID, n), Village: v, Kind: "base", Asked: asked, By: by, Subject: r.ID, Answer: &done}, func(tx *db.Tx) error {
			var err error
			done, err = part.run(ctx, tx)
			return err
		})
		if err != nil {
			return sum, err
		}
		sum.Households, sum.Before, sum.Points = sum.Households+done.Given, sum.Before+done.Before, sum.Points+done.Points
		if done.Last == 0 {
			return sum, nil
		}
		after = done.Last
	}
}

// baseRule is the base rule as it stood on the day.
func baseRule(ctx context.Context, d *db.DB, v, rule int64, day models.Date) (*scheme.Book, scheme.Rule, error) {
	id, err := scheme.InForce(ctx, d, v, day)
	if err != nil {
		return nil, scheme.Rule{}, notInForce(err, day)
	}
	b, err := scheme.Load(ctx, d, v, id)
	if err != nil {
		return nil, scheme.Rule{}, err
	}
	r, err := ruleIn(ctx, d, b, v, rule, day)
	if err == nil && r.Direction != scheme.Base {
		err = models.ErrInput.With("“" + r.Item + "”不是基础分，没有记；请到“记一笔”里记").At("rule")
	}
	return b, r, err
}

// basePart is what one chunk came to; Last is the household it ended with, 0
// when none are left.
type basePart struct {
	Given, Before int
	Points        models.Points
	Last          int64
}

type baseChunk struct {
	rule  scheme.Rule
	day   models.Date
	after int64
	by    models.Actor
	rate  models.Rate
}

func (k baseChunk) run(ctx context.Context, tx *db.Tx) (basePart, error) {
	var done basePart
	v := k.rule.Village
	value, err := k.rule.Value(models.One, 0)
	if err != nil {
		return done, err
	}
	homes, err := k.households(tx)
	if err != nil || len(homes) == 0 {
		return done, err
	}
	if len(homes) == chunk {
		done.Last = homes[chunk-1].ID
	}
	ids := make([]int64, len(homes))
	for i, h := range homes {
		ids[i] = h.ID
	}
	// Whoever asks at the same time waits here, and then sees what was given.
	if err := holdEvery(tx, v, ids); err != nil {
		return done, err
	}
	had, err := k.given(ctx, tx, ids)
	if err != nil {
		return done, err
	}
	homes = slices.DeleteFunc(homes, func(h models.Household) bool { return had[h.ID] > 0 })
	done.Given, done.Before, done.Points = len(homes), len(ids)-len(homes), value*models.Points(len(homes))
	return done, k.write(ctx, tx, homes, value)
}

// households reads the next that take part.
func (k baseChunk) households(tx *db.Tx) ([]models.Household, error) {
	var homes []models.Household
	err := tx.SQL.Each(func(row db.Scanner) error {
		h := models.Household{Village: k.rule.Village}
		err := row.Scan(&h.ID)
		homes = append(homes, h)
		return err
	}, "SELECT id FROM households WHERE village_id = ? AND id > ? AND left_at = 0 AND joining <> 'out' ORDER BY id LIMIT ?", k.rule.Village, k.after, chunk)
	return homes, err
}

// given counts, by household, what the rule gave for the period in any of its
// versions.
func (k baseChunk) given(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]models.Points, error) {
	from, until := BasePeriod(k.rule, k.day)
	args := []any{k.rule.Village}
	for _, id := range ids {
		args = append(args, id)
	}
	return sumsBy(ctx, tx, `SELECT a.household_id, COUNT(*) FROM awards a JOIN rules r ON r.village_id = a.village_id AND r.id = a.rule_id
		WHERE a.village_id = ? AND a.household_id IN (`+db.Holes(len(ids))+`) AND a.act_date >= ? AND a.act_date < ? AND r.origin_id = ? AND a.state IN (`+live+`) GROUP BY a.household_id`,
		append(args, string(from), string(until), k.rule.OriginID)...)
}

// write posts the awards and puts them down.
func (k baseChunk) write(ctx context.Context, tx *db.Tx, homes []models.Household, value models.Points) error {
	if len(homes) == 0 {
		return nil
	}
	place, err := village.PlaceOf(ctx, tx, k.rule.Village)
	if err != nil {
		return err
	}
	awards, entries := make([]Award, len(homes)), make([]ledger.Entry, len(homes))
	for i, h := range homes {
		awards[i] = Award{ID: models.NewID(), Household: h, Version: k.rule.VersionID, Rule: k.rule.ID, Category: k.rule.CategoryID, ActDate: k.day, Quantity: models.One,
			Honour: value, State: Posted, Private: k.rule.Private, Recorder: k.by.Account, RecorderRole: models.Role(roleHere(k.by, place)), RecordedAt: tx.Now, Op: tx.Op, Way: WayBatch, Direction: scheme.Base}
		entries[i] = awards[i].entry()
	}
	if entries, err = ledger.Post(tx, k.rate, entries...); err != nil {
		return err
	}
	args := make([]any, 0, len(awards)*rows.Width())
	for i, a := range awards {
		a.EntrySeq, a.Late = entries[i].Seq, entries[i].Late
		args = append(args, a.values()...)
	}
	return tx.SQL.Put(rows, args)
}

// BaseStanding counts how many of the households that take part have a base
// rule's points for the period the day lies in.
func BaseStanding(ctx context.Context, c db.Conn, r scheme.Rule, day models.Date) (given, of int, err error) {
	from, until := BasePeriod(r, day)
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM households WHERE village_id = ? AND left_at = 0 AND joining <> 'out'", r.Village).Scan(&of)
	if err == nil {
		err = c.Stmts(ctx).Row(`SELECT COUNT(DISTINCT a.household_id) FROM awards a JOIN rules r ON r.village_id = a.village_id AND r.id = a.rule_id
			JOIN households h ON h.village_id = a.village_id AND h.id = a.household_id AND h.left_at = 0 AND h.joining <> 'out'
			WHERE a.village_id = ? AND a.act_date >= ? AND a.act_date < ? AND r.origin_id = ? AND a.state IN (`+live+`)`, r.Village, string(from), string(until), r.OriginID).Scan(&given)
	}
	return given, of, err
}
