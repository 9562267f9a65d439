package report

import (
	"strings"
	"sync"

	"pointstore/models"
	"pointstore/models/db"
)

// crowd are the distinct households behind a village's quarter: the one part of
// a sheet that no kept sum holds, and by far the dearest to count.
type crowd struct {
	active, redeemers int64
	onRoll, residents int64 // with acts, on the roll at the end of the period
	// The same among the households that were entered before that end.
	early, earlyResidents int64
}

// crowds keeps what was counted, until an entry or a household changes. Nothing
// can change without lines or versions growing, and both are read before the
// counting, so a kept crowd is never older than its mark.
var crowds sync.Map // crowdKey → markedCrowd

type crowdKey struct {
	of      *db.DB
	village int64
	q       models.Quarter
}

type markedCrowd struct {
	lines, versions int64
	crowd
}

// readHouseholds counts the households behind the quarter's sums, of the
// villages in which something happened since they were counted last.
func (r *reader) readHouseholds() error {
	var ids []any
	for id := range r.rows {
		f := r.facts[id]
		kept, ok := crowds.Load(crowdKey{r.shared, id, r.q})
		if m, _ := kept.(markedCrowd); ok && r.shared != nil && m.lines == f.lines && m.versions == f.versions {
			r.join(id, m.crowd)
		} else {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	end := r.end()
	return r.on.Each(func(row db.Scanner) error {
		var id int64
		var c crowd
		if err := row.Scan(&id, &c.active, &c.redeemers, &c.onRoll, &c.residents, &c.early, &c.earlyResidents); err != nil {
			return err
		}
		if f := r.facts[id]; r.shared != nil {
			crowds.Store(crowdKey{r.shared, id, r.q}, markedCrowd{f.lines, f.versions, c})
		}
		r.join(id, c)
		return nil
	}, strings.ReplaceAll(`SELECT t.village_id, SUM(t.acts > 0), SUM(t.visits > 0),
		SUM(t.acts > 0 AND @roll), SUM(t.acts > 0 AND @roll AND h.residence = 'resident'),
		SUM(t.acts > 0 AND @roll AND h.created_at < ?), SUM(t.acts > 0 AND @roll AND h.created_at < ? AND h.residence = 'resident')
		FROM (SELECT village_id, household_id, SUM(acts) AS acts, SUM(visits) AS visits FROM household_months
			WHERE village_id IN (`+db.Holes(len(ids))+`) AND month IN (?, ?, ?) GROUP BY village_id, household_id) t
		JOIN households h ON h.village_id = t.village_id AND h.id = t.household_id GROUP BY t.village_id`, "@roll", onRoll),
		with(end, end, end, end, end, end, ids, r.months)...)
}

// join adds the crowd, on the roll that readRoll settled on.
func (r *reader) join(id int64, c crowd) {
	t := Tally{Active: c.active, Redeemers: c.redeemers, Participants: c.onRoll, ResidentParticipants: c.residents}
	if f := r.facts[id]; f.rollFrom != "" && f.rollFrom < r.q.End() {
		t.Participants, t.ResidentParticipants = c.early, c.earlyResidents
	}
	r.rows[id].Tally.Add(t)
}
