package report

import (
	"cmp"
	"strings"
	"sync"

	"pointstore/models"
	"pointstore/models/db"
)

// crowd is what no kept sum holds of a village's quarter, and what is dearest to
// count: the distinct households behind it, and what was posted after it.
type crowd struct {
	active, redeemers int64
	onRoll, residents int64 // with acts, on the roll at the end of the period
	// The same among the households that were entered before that end.
	early, earlyResidents int64
	later                 models.Points // posted for the months after the quarter
}

// crowds keeps what was counted, until an entry or a household changes. Nothing
// can change without lines or versions growing, and both are read before the
// counting, so a kept crowd is never older than its mark. It holds some hundred
// bytes per village and quarter that somebody looked at.
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

// readCrowds counts the crowds of the villages in which something happened since
// they were counted last.
func (r *reader) readCrowds() error {
	stale := map[int64]*crowd{}
	var ids []any
	for id := range r.rows {
		f := r.facts[id]
		kept, _ := crowds.Load(crowdKey{r.shared, id, r.q})
		if m, ok := kept.(markedCrowd); ok && r.shared != nil && m.lines == f.lines && m.versions == f.versions {
			r.join(id, m.crowd)
			continue
		}
		stale[id] = &crowd{}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	if err := cmp.Or(r.readHouseholds(stale, ids), r.readLater(stale, ids)); err != nil {
		return err
	}
	for id, c := range stale {
		if f := r.facts[id]; r.shared != nil {
			crowds.Store(crowdKey{r.shared, id, r.q}, markedCrowd{f.lines, f.versions, *c})
		}
		r.join(id, *c)
	}
	return nil
}

// readHouseholds counts the households behind the quarter's sums.
func (r *reader) readHouseholds(of map[int64]*crowd, ids []any) error {
	end := r.end()
	return r.on.Each(func(row db.Scanner) error {
		var id int64
		var c crowd
		err := row.Scan(&id, &c.active, &c.redeemers, &c.onRoll, &c.residents, &c.early, &c.earlyResidents)
		if err == nil {
			*of[id] = c
		}
		return err
	}, strings.ReplaceAll(`SELECT t.village_id, SUM(t.acts > 0), SUM(t.visits > 0),
		SUM(t.acts > 0 AND @roll), SUM(t.acts > 0 AND @roll AND h.residence = 'resident'),
		SUM(t.acts > 0 AND @roll AND h.created_at < ?), SUM(t.acts > 0 AND @roll AND h.created_at < ? AND h.residence = 'resident')
		FROM (SELECT village_id, household_id, SUM(acts) AS acts, SUM(visits) AS visits FROM household_months
			WHERE village_id IN (`+db.Holes(len(ids))+`) AND month IN (?, ?, ?) GROUP BY village_id, household_id) t
		JOIN households h ON h.village_id = t.village_id AND h.id = t.household_id GROUP BY t.village_id`, "@roll", onRoll),
		with(end, end, end, end, end, end, ids, r.months)...)
}

// readLater adds up what was posted for the months after the quarter, so that
// unspent stands as it stood at its end. For the current quarter there is
// nothing to read; closed quarters keep their number.
func (r *reader) readLater(of map[int64]*crowd, ids []any) error {
	last := r.q.Months()[2]
	if last >= r.at.Month() {
		return nil
	}
	return r.on.Each(func(row db.Scanner) error {
		var id int64
		var later models.Points
		err := row.Scan(&id, &later)
		if err == nil {
			of[id].later = later
		}
		return err
	}, "SELECT village_id, SUM(points) FROM entries WHERE village_id IN ("+db.Holes(len(ids))+") AND month > ? GROUP BY village_id", with(ids, int64(last))...)
}

// join adds the crowd, on the roll that readRoll settled on.
func (r *reader) join(id int64, c crowd) {
	t := Tally{Active: c.active, Redeemers: c.redeemers, Participants: c.onRoll, ResidentParticipants: c.residents, Outstanding: -c.later}
	if f := r.facts[id]; f.rollFrom != "" && f.rollFrom < r.q.End() {
		t.Participants, t.ResidentParticipants = c.early, c.earlyResidents
	}
	r.rows[id].Tally.Add(t)
}
