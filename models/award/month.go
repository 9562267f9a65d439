package award

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// MonthLine is a household's month under a rule whose bands a month's score
// picks.
type MonthLine struct {
	Home  village.Home
	Score models.Points // of the month's acts that have been posted
	Bonus models.Points // 0 below the first band
	Had   bool          // the bonus is recorded already
	Kin   bool          // the person's own household or a linked one: a colleague records it
	Waits int           // acts of the month that are not posted yet and may still change the score
}

// Due reports whether a bonus is to be recorded.
func (l MonthLine) Due() bool { return l.Bonus > 0 && !l.Had && !l.Kin }

// MonthPreview lists what a month's score is worth to every household that takes
// part, the highest score first. The score is what the month's acts added to the
// honour score, base points included; gifts and earlier bonuses by month are not.
func MonthPreview(ctx context.Context, c db.Conn, by models.Actor, v, rule int64, m models.Month) ([]MonthLine, scheme.Rule, error) {
	r, err := monthRule(ctx, c, v, rule, m)
	if err != nil {
		return nil, r, err
	}
	span := []any{v, string(m.First()), string(m.Add(1).First())}
	scores, err := sumsBy(ctx, c, "SELECT a.household_id, SUM(a.honour) FROM awards a WHERE a.village_id = ? AND a.act_date >= ? AND a.act_date < ? AND a.state = 'posted' AND a.way <> 'month' GROUP BY a.household_id", span...)
	if err != nil {
		return nil, r, err
	}
	waits, err := sumsBy(ctx, c, "SELECT household_id, COUNT(*) FROM awards WHERE village_id = ? AND act_date >= ? AND act_date < ? AND state IN ('claimed', 'checked', 'pending', 'warned', 'noticed', 'frozen') AND way <> 'month' GROUP BY household_id", span...)
	if err != nil {
		return nil, r, err
	}
	had, err := monthGiven(ctx, c, r, m)
	if err != nil {
		return nil, r, err
	}
	homes, err := village.Homes(ctx, c, v, village.Filter{})
	if err != nil {
		return nil, r, err
	}
	var lines []MonthLine
	for _, h := range homes {
		if h.Joining == "out" || h.LeftAt != 0 {
			continue
		}
		l := MonthLine{Home: h, Score: scores[h.ID], Had: had[h.ID] > 0, Kin: slices.Contains(by.Kin, h.Household), Waits: int(waits[h.ID])}
		if b, ok := r.Band(models.Qty(l.Score)); ok {
			l.Bonus = b.Points
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b MonthLine) int { return cmp.Compare(b.Score, a.Score) })
	return lines, r, nil
}

// monthRule is the rule as it stood on the last day of the month, which must be
// over: a score that still grows picks no band.
func monthRule(ctx context.Context, c db.Conn, v, rule int64, m models.Month) (scheme.Rule, error) {
	last := m.Add(1).First().AddDays(-1)
	if c.Handle().Now().Day() <= last {
		return scheme.Rule{}, models.ErrInput.With(fmt.Sprintf("%s还没过完，还不能按当月得分算；请下个月初再来", m)).At("month")
	}
	id, err := scheme.InForce(ctx, c, v, last)
	if err != nil {
		return scheme.Rule{}, notInForce(err, last)
	}
	b, err := scheme.Load(ctx, c, v, id)
	if err != nil {
		return scheme.Rule{}, err
	}
	r, err := ruleIn(ctx, c, b, v, rule, last)
	if err == nil && r.BandBy != scheme.ByMonth {
		err = models.ErrInput.With("“" + r.Item + "”不是按当月得分算的，没有记；请换一条").At("rule")
	}
	return r, err
}

// monthGiven counts, by household, the bonuses recorded for the month under the
// rule, in any of its versions.
func monthGiven(ctx context.Context, c db.Conn, r scheme.Rule, m models.Month) (map[int64]models.Points, error) {
	return sumsBy(ctx, c, `SELECT a.household_id, COUNT(*) FROM awards a JOIN rules r ON r.village_id = a.village_id AND r.id = a.rule_id
		WHERE a.village_id = ? AND a.act_date >= ? AND a.act_date < ? AND r.origin_id = ? AND a.state IN (`+live+`) GROUP BY a.household_id`,
		r.Village, string(m.First()), string(m.Add(1).First()), r.OriginID)
}

// ErrNoneDue says that no household is due a bonus.
var ErrNoneDue = &models.Error{Kind: models.Conflict, Code: "none_due", Say: "没有哪一户该记这项加分，没有记；可能已经记过了"}

// RecordMonth records the bonuses that are due for a month as one batch, under
// the same checks as any other record. Whoever has theirs gets no second one,
// however many ask at once. ErrNoneDue when nobody is due.
func RecordMonth(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, rule int64, m models.Month) (done []Award, err error) {
	if err := may(ctx, d, by, models.ReviewAwards, v); err != nil {
		return nil, err
	}
	lines, r, err := MonthPreview(ctx, d, by, v, rule, m)
	if err != nil {
		return nil, err
	}
	due := map[int64]Ask{}
	var ids []int64
	for _, l := range lines {
		if l.Due() {
			due[l.Home.ID] = Ask{Village: v, Household: l.Home.ID, Rule: r.ID, Quantity: models.Qty(l.Score), ActDate: m.Add(1).First().AddDays(-1), Way: WayMonth, Source: int64(m)}
			ids = append(ids, l.Home.ID)
		}
	}
	slices.Sort(ids)
	asked := struct {
		Rule  int64
		Month models.Month
	}{rule, m}
	again := func(tx *db.Tx, _ int64) error {
		done, err = list(ctx, tx, "village_id = ? AND op_id = ? ORDER BY id", v, op[:])
		return err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "award", Asked: asked, By: by, Subject: r.ID, Again: again}, func(tx *db.Tx) error {
		done, err = recordDue(ctx, tx, by, r, m, ids, due)
		return err
	})
	return done, err
}

// recordDue looks again behind the passbooks' guard who has theirs.
func recordDue(ctx context.Context, tx *db.Tx, by models.Actor, r scheme.Rule, m models.Month, ids []int64, due map[int64]Ask) ([]Award, error) {
	for some := range slices.Chunk(ids, chunk) {
		if err := holdEvery(tx, r.Village, some); err != nil {
			return nil, err
		}
	}
	had, err := monthGiven(ctx, tx, r, m)
	if err != nil {
		return nil, err
	}
	var asks []Ask
	for _, id := range ids {
		if had[id] == 0 {
			asks = append(asks, due[id])
		}
	}
	if len(asks) == 0 {
		return nil, ErrNoneDue
	}
	return RecordIn(tx, by, asks...)
}

// holdEvery is holdBooks where a passbook may not be opened yet.
func holdEvery(tx *db.Tx, v int64, ids []int64) error {
	homes := make([]models.Household, len(ids))
	for i, id := range ids {
		homes[i] = models.Household{Village: v, ID: id}
	}
	if err := ledger.EnsureOpen(tx, homes); err != nil {
		return err
	}
	return holdBooks(tx, v, ids)
}
