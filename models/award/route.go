package award

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// Marks lists what a round has seen so far.
func Marks(ctx context.Context, c db.Conn, v, round int64) ([]Mark, error) {
	var all []Mark
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var m Mark
		var faults string
		var op []byte
		err := row.Scan(&m.Household, &m.Result, &m.Score, &faults, &m.Note, &m.Award, &m.Account, &m.MarkedAt, &m.SentAt, &op)
		copy(m.Op[:], op)
		if err == nil && faults != "" {
			err = json.Unmarshal([]byte(faults), &m.Faults)
		}
		all = append(all, m)
		return err
	}, "SELECT household_id, result, score, faults, note, award_id, account_id, marked_at, sent_at, op_id FROM marks WHERE village_id = ? AND round_id = ?", v, round)
	return all, err
}

// Door is one household on a round's way.
type Door struct {
	village.Home
	Mark    Mark // of this round; Result is empty for none
	Last    Mark // the latest of an earlier round that saw something
	LastDay models.Date
}

// Missing reports whether the door still has to be visited. A house that stands
// empty in the roll is no omission.
func (d Door) Missing() bool {
	return !d.Mark.Final() && (d.Residence != "empty" || d.Mark.Result != "")
}

// lookBack is how many earlier rounds are asked for a door's last result.
const lookBack = 6

// Route lists the doors of a round in the order in which one walks: by group,
// lane and door, with what this round and the one before saw. Households that
// stay out are not visited.
func Route(ctx context.Context, c db.Conn, r Round) ([]Door, error) {
	homes, err := village.Homes(ctx, c, r.Village, village.Filter{Group: r.Group, Grid: r.Grid, ByDoor: true})
	if err != nil {
		return nil, err
	}
	now, err := Marks(ctx, c, r.Village, r.ID)
	if err != nil {
		return nil, err
	}
	marks := map[int64]Mark{}
	for _, m := range now {
		marks[m.Household] = m
	}
	doors := make([]Door, 0, len(homes))
	for _, h := range homes {
		if m := marks[h.ID]; h.Joining != "out" || m.Result != "" {
			doors = append(doors, Door{Home: h, Mark: m})
		}
	}
	return doors, lastSeen(ctx, c, r, doors)
}

// lastSeen fills in what the rounds before saw.
func lastSeen(ctx context.Context, c db.Conn, r Round, doors []Door) error {
	before, err := Rounds(ctx, c, r.Village, models.Cursor{Before: r.ID, Limit: lookBack})
	if err != nil {
		return err
	}
	for _, old := range before {
		marks, err := Marks(ctx, c, r.Village, old.ID)
		if err != nil {
			return err
		}
		seen := map[int64]Mark{}
		for _, m := range marks {
			seen[m.Household] = m
		}
		for i := range doors {
			if m := seen[doors[i].ID]; doors[i].Last.Result == "" && m.Final() {
				doors[i].Last, doors[i].LastDay = m, old.Day
			}
		}
	}
	return nil
}

// Missing lists the doors of a round that nobody has seen yet, in the order of
// the way; those that were handed to a colleague are among them.
func Missing(ctx context.Context, c db.Conn, r Round) ([]Door, error) {
	doors, err := Route(ctx, c, r)
	return slices.DeleteFunc(doors, func(d Door) bool { return !d.Missing() }), err
}

// Rate is how many of a group's or lane's inspected doors have passed.
type Rate struct {
	Group             int
	Lane              string
	Passed, Inspected int
}

// Share is the part that passed, 0 to 100; 0 when nothing was inspected.
func (r Rate) Share() float64 {
	if r.Inspected == 0 {
		return 0
	}
	return 100 * float64(r.Passed) / float64(r.Inspected)
}

// LastMarks counts, by group and lane, how many households passed the last
// inspection that saw them in rounds of the days from up to, but not including,
// until. Empty houses and doors that nobody opened don't count.
func LastMarks(ctx context.Context, c db.Conn, v int64, from, until models.Date) ([]Rate, error) {
	span, err := rounds(ctx, c, "village_id = ? AND day >= ? AND day < ? ORDER BY day DESC, id DESC", v, string(from), string(until))
	if err != nil {
		return nil, err
	}
	homes, err := village.Homes(ctx, c, v, village.Filter{})
	if err != nil {
		return nil, err
	}
	t := doorTally{seen: map[int64]bool{}, lanes: map[doorLane]*Rate{}}
	for _, r := range span {
		marks, err := Marks(ctx, c, v, r.ID)
		if err != nil {
			return nil, err
		}
		t.count(r, marks, homes)
	}
	return t.rates(), nil
}

// RoundRates counts one round alone, as LastMarks does.
func RoundRates(r Round, doors []Door) []Rate {
	t := doorTally{seen: map[int64]bool{}, lanes: map[doorLane]*Rate{}}
	for _, d := range doors {
		t.add(r, d.Mark, d.Home)
	}
	return t.rates()
}

// ByGroup adds the lanes of each group up.
func ByGroup(rates []Rate) (groups []Rate) {
	for _, r := range rates {
		if n := len(groups); n == 0 || groups[n-1].Group != r.Group {
			groups = append(groups, Rate{Group: r.Group})
		}
		last := &groups[len(groups)-1]
		last.Passed += r.Passed
		last.Inspected += r.Inspected
	}
	return groups
}

type doorLane struct {
	group int
	name  string
}

// doorTally counts each household once: whoever comes first stands.
type doorTally struct {
	seen  map[int64]bool
	lanes map[doorLane]*Rate
}

func (t *doorTally) count(r Round, marks []Mark, homes []village.Home) {
	by := make(map[int64]Mark, len(marks))
	for _, m := range marks {
		by[m.Household] = m
	}
	for _, h := range homes {
		t.add(r, by[h.ID], h)
	}
}

func (t *doorTally) add(r Round, m Mark, h village.Home) {
	passed, counts := r.Passed(m)
	if !counts || t.seen[h.ID] {
		return
	}
	t.seen[h.ID] = true
	key := doorLane{h.Group, h.Lane}
	if t.lanes[key] == nil {
		t.lanes[key] = &Rate{Group: h.Group, Lane: h.Lane}
	}
	t.lanes[key].Inspected++
	if passed {
		t.lanes[key].Passed++
	}
}

func (t *doorTally) rates() []Rate {
	out := make([]Rate, 0, len(t.lanes))
	for _, r := range t.lanes {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Rate) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Lane, b.Lane)) })
	return out
}
