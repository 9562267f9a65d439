package award

import (
	"cmp"
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
)

// Record writes down one act or many, of one village, in one operation: all of
// them or none. Each is valued under the rules in force on the day of the act
// and held to their caps; then it is posted at once or waits for a notice, as
// that version says. The awards come back in the order of the asks.
func Record(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, asks ...Ask) ([]Award, error) {
	asks, err := expand(asks)
	if err != nil {
		return nil, err
	}
	place, err := mayRecord(ctx, d, by, asks)
	if err != nil {
		return nil, err
	}
	// Rules are read outside the transaction: versions never change. A refusal is
	// kept for inside, where a replay still gets its first answer.
	rules, refused := rulesFor(ctx, d, d.Now().Day(), asks)
	ids := newIDs(len(asks))
	var done []Award
	again := func(tx *db.Tx, first int64) error {
		done, err = recorded(ctx, tx, asks[0].Village, op, first, len(asks))
		return err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: asks[0].Village, Kind: "award", Asked: asks, By: by, Subject: ids[0], Again: again}, func(tx *db.Tx) error {
		if refused != nil {
			return refused
		}
		r := recording{tx: tx, by: by, place: place, role: roleOf(by, place), asks: asks, ids: ids, rules: rules}
		done, err = r.run()
		return err
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// RecordIn is Record for an activity that has a transaction running and an
// operation of its own: a round, a slip, an objection. Who may object, and for
// whom, that activity has asked itself.
func RecordIn(tx *db.Tx, by models.Actor, asks ...Ask) ([]Award, error) {
	ctx := tx.Statement.Context
	asks, err := expand(asks)
	if err != nil {
		return nil, err
	}
	place, err := mayRecord(ctx, tx, by, asks)
	if err != nil {
		return nil, err
	}
	rules, err := rulesFor(ctx, tx, tx.Now.Day(), asks)
	if err != nil {
		return nil, err
	}
	r := recording{tx: tx, by: by, place: place, role: roleOf(by, place), asks: asks, ids: newIDs(len(asks)), rules: rules}
	return r.run()
}

func newIDs(n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = models.NewID()
	}
	return ids
}

// recorded reads the awards of an operation again, for a replay.
func recorded(ctx context.Context, tx *db.Tx, v int64, op db.OpID, first int64, n int) ([]Award, error) {
	return list(ctx, tx, "village_id = ? AND id >= ? AND op_id = ? ORDER BY id LIMIT ?", v, first, op[:], n)
}

// recording is one operation on its way: the set is read, decided in Go and
// written.
type recording struct {
	tx    *db.Tx
	who   []int64 // the households, once each, in the order in which everybody writes
	by    models.Actor
	place models.Place
	role  models.Role
	asks  []Ask
	ids   []int64
	rules []dated
	skip  int64 // the award that is valued again, and so does not count against itself
	homes map[int64]*home
	given map[int64][]Award // what counts under caps, by household; nil when no rule asks

	drafts   map[int64]bool // notices that do not hang yet
	replaced []int64        // lower awards of the same act
}

func (r *recording) run() ([]Award, error) {
	if err := r.mayUse(); err != nil {
		return nil, err
	}
	if err := r.mayClaimMore(); err != nil {
		return nil, err
	}
	if err := r.readAll(); err != nil {
		return nil, err
	}
	if err := r.mayReach(); err != nil {
		return nil, err
	}
	if err := r.checkMembers(); err != nil {
		return nil, err
	}
	awards := make([]Award, len(r.asks))
	for i, a := range r.asks {
		var err error
		if awards[i], err = r.decide(i, a, r.rules[i]); err != nil {
			return nil, r.naming(a, err)
		}
	}
	if err := r.replace(r.tx.Statement.Context); err != nil {
		return nil, err
	}
	return awards, r.write(awards)
}

// readAll reads the households and, where a rule looks at what was given
// before, that.
func (r *recording) readAll() error {
	r.who = r.households()
	if err := r.readHomes(); err != nil {
		return err
	}
	// An award without a cap uses up nobody's, so it need not hold the guard.
	if !slices.ContainsFunc(r.rules, dated.bounded) {
		return nil
	}
	if err := r.bump(); err != nil {
		return err
	}
	if err := r.readGiven(); err != nil {
		return err
	}
	return r.readDrafts()
}

// again values one award anew that is already there.
func (r *recording) again() (models.Qty, models.Points, string, error) {
	if err := r.readAll(); err != nil {
		return 0, 0, "", err
	}
	qty, value, band, err := r.value(r.asks[0], r.rules[0])
	if err == nil {
		err = r.replace(r.tx.Statement.Context)
	}
	return qty, value, band, err
}

// dated is a rule as it stood on the day of an act.
type dated struct {
	scheme.Rule
	day  models.Date
	book *scheme.Book
}

// rulesFor finds each ask's rule as it stood on the day of the act.
func rulesFor(ctx context.Context, d db.Conn, today models.Date, asks []Ask) ([]dated, error) {
	rules := make([]dated, len(asks))
	books := map[models.Date]*scheme.Book{}
	for i, a := range asks {
		day := a.ActDate
		if day == "" {
			day = today
		}
		if err := checkDay(day, today); err != nil {
			return nil, err
		}
		b := books[day]
		if b == nil {
			id, err := scheme.InForce(ctx, d, a.Village, day)
			if err != nil {
				return nil, notInForce(err, day)
			}
			if b, err = scheme.Load(ctx, d, a.Village, id); err != nil {
				return nil, err
			}
			books[day] = b
		}
		r, err := ruleIn(ctx, d, b, a.Village, a.Rule, day)
		if err != nil {
			return nil, err
		}
		rules[i] = dated{r, day, b}
	}
	return rules, nil
}

// write posts what is to be posted at once and puts the awards down.
func (r *recording) write(awards []Award) error {
	var entries []ledger.Entry
	var at []int
	rate := models.Rate(0)
	for i := range awards {
		v := r.rules[i].book.Version
		if v.Posting == scheme.PostNow && awards[i].State == Noticed {
			awards[i].State = Posted
			entries, at, rate = append(entries, awards[i].entry()), append(at, i), v.PointRate
		}
	}
	if len(entries) > 0 {
		posted, err := ledger.Post(r.tx, rate, entries...)
		if err != nil {
			return err
		}
		for k, i := range at {
			awards[i].EntrySeq, awards[i].Balance = posted[k].Seq, posted[k].Balance
			awards[i].Late = awards[i].Late || posted[k].Late
		}
	}
	args := make([]any, 0, len(awards)*rows.Width())
	for _, a := range awards {
		args = append(args, a.values()...)
	}
	return r.tx.SQL.Put(rows, args)
}

func (r *recording) households() []int64 {
	ids := make([]int64, len(r.asks))
	for i, a := range r.asks {
		ids[i] = a.Household
	}
	slices.SortFunc(ids, cmp.Compare[int64])
	return slices.Compact(ids)
}
