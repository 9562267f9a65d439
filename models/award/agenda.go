package award

import (
	"cmp"
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/photo"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// ReviewMost is how many awards one agenda lists; the rest waits for the next.
const ReviewMost = 500

// Agenda is what a meeting has before it and what it has decided so far.
type Agenda struct {
	Meeting Meeting
	Groups  []AgendaGroup // in the order of the rules' table

	Waiting, Passed, Refused, Back int
}

// AgendaGroup is what came in under one rule.
type AgendaGroup struct {
	Rule  scheme.Rule
	Lines []AgendaLine
}

// AgendaLine is one award before the meeting.
type AgendaLine struct {
	Life
	Home    village.Home
	Photos  int
	Aside   []string // who of those present stands aside
	Stuck   bool     // nobody would be left to decide it
	Outcome string   // what this meeting decided; empty: not yet
	Why     string   // the reason that goes with it
}

// GetAgenda lists what waits for a review beside what the meeting decided; when
// it is closed, only the latter.
func GetAgenda(ctx context.Context, c db.Conn, v, meeting int64, by models.Actor) (Agenda, error) {
	m, err := GetMeeting(ctx, c, v, meeting)
	if err != nil {
		return Agenda{}, err
	}
	all, err := m.decided(ctx, c)
	if err == nil && m.Open() {
		var waiting []Award
		waiting, err = toReview(ctx, c, v)
		for _, a := range waiting {
			if !slices.ContainsFunc(all, func(o Award) bool { return o.ID == a.ID }) {
				all = append(all, a)
			}
		}
	}
	if err != nil {
		return Agenda{}, err
	}
	g := Agenda{Meeting: m}
	lines, err := m.lines(ctx, c, by, all)
	if err != nil {
		return g, err
	}
	for _, l := range lines {
		switch l.Outcome {
		case Pass:
			g.Passed++
		case Refuse:
			g.Refused++
		case Back:
			g.Back++
		default:
			g.Waiting++
		}
	}
	g.Groups, err = grouped(ctx, c, v, lines)
	return g, err
}

func (m Meeting) decidedIDs(ctx context.Context, c db.Conn) (ids []int64, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT award_id FROM meeting_awards WHERE village_id = ? AND meeting_id = ?", m.Village, m.ID)
	return ids, err
}

func (m Meeting) decided(ctx context.Context, c db.Conn) ([]Award, error) {
	ids, err := m.decidedIDs(ctx, c)
	if err != nil {
		return nil, err
	}
	byID, err := byIDs(ctx, c, m.Village, ids)
	all := make([]Award, 0, len(byID))
	for _, id := range ids {
		if a, ok := byID[id]; ok {
			all = append(all, a)
		}
	}
	return all, err
}

func (m Meeting) lines(ctx context.Context, c db.Conn, by models.Actor, awards []Award) ([]AgendaLine, error) {
	lives, err := Lives(ctx, c, m.Village, awards)
	if err != nil {
		return nil, err
	}
	homes, err := village.HomesByID(ctx, c, m.Village, householdsOf(awards))
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(awards))
	for i, a := range awards {
		ids[i] = a.ID
	}
	photos, err := photo.OfMany(ctx, c, m.Village, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]AgendaLine, len(lives))
	for i, l := range lives {
		line := AgendaLine{Life: l, Home: homes[l.Household.ID], Photos: len(photos[l.ID]), Stuck: m.mayDecide(by, l.Award) != nil}
		for _, p := range m.Present {
			if p.aside(l.Award) {
				line.Aside = append(line.Aside, p.Name)
			}
		}
		for _, s := range l.Steps {
			if s.Step == StepReview && s.Meeting == m.ID {
				line.Outcome, line.Why = s.Outcome, s.Reason
			}
		}
		lines[i] = line
	}
	return lines, nil
}

// grouped puts lines under their rules: the copies of one rule in several
// versions are one group.
func grouped(ctx context.Context, c db.Conn, v int64, lines []AgendaLine) ([]AgendaGroup, error) {
	at := map[int64]int{}
	var groups []AgendaGroup
	for _, l := range lines {
		book, err := scheme.Load(ctx, c, v, l.Version)
		if err != nil {
			return nil, err
		}
		rule, _ := book.Rule(l.Rule)
		i, ok := at[rule.OriginID]
		if !ok {
			i = len(groups)
			at[rule.OriginID] = i
			groups = append(groups, AgendaGroup{Rule: rule})
		}
		groups[i].Lines = append(groups[i].Lines, l)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Lines, func(a, b AgendaLine) int {
			return cmp.Or(cmp.Compare(a.Home.Group, b.Home.Group), cmp.Compare(len(a.Home.Number), len(b.Home.Number)), cmp.Compare(a.Home.Number, b.Home.Number), cmp.Compare(a.ID, b.ID))
		})
	}
	slices.SortStableFunc(groups, func(a, b AgendaGroup) int {
		return cmp.Or(cmp.Compare(a.Rule.Position, b.Rule.Position), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	return groups, nil
}
