package award

import (
	"cmp"
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// Line is one award as everybody may read it.
type Line struct {
	ID        int64  // the award, so that an objection can name it
	Household string // masked: 马*明 3组012
	Item      string
	ActDate   models.Date
	Quantity  models.Qty
	Unit      string
	Points    models.Points // signed
	State     string        // Frozen while somebody's objection to it is heard

	group  int
	number string
}

// Kept counts the awards that are on a notice and not listed; zero where so few
// households are behind them that the sum would tell on one of them.
type Kept struct {
	Awards int
	Points models.Points
}

// keptFrom is how many households must be behind what is not listed before its
// sum is told.
const keptFrom = 3

// CategorySum is what a notice lists under one of the village's headings.
type CategorySum struct {
	Name   string
	Awards int
	Points models.Points
}

// Sum is what stands on a notice altogether, for those who wrote it down.
type Sum struct {
	Awards, Households int
	Points             models.Points
}

// Poster is a notice as it is printed and shown: masked, and without what must
// not be read on a wall. Private rules and households that do not want to be
// seen are counted together, so that neither gives the other away. Every figure
// but Kept and All is over the lines that are listed: a total over everything
// would tell, by subtraction, what the lines keep quiet. So a notice looks the
// same whether one household has something private on it or none has.
type Poster struct {
	notice.Notice
	Lines      []Line
	Kept       Kept
	Categories []CategorySum
	Awards     int
	Households int
	Points     models.Points
	// All is over everything, for the committee's own pages only.
	All Sum
}

// GetPoster makes the poster of one notice of the village, in the order of
// groups and household numbers.
func GetPoster(ctx context.Context, c db.Conn, v, id int64) (Poster, error) {
	n, err := notice.Get(ctx, c, v, id)
	if err != nil {
		return Poster{}, err
	}
	return poster(ctx, c, n)
}

func poster(ctx context.Context, c db.Conn, n notice.Notice) (Poster, error) {
	p := Poster{Notice: n}
	awards, err := ByNotice(ctx, c, n.Village, n.ID)
	if err != nil {
		return p, err
	}
	homes, err := village.HomesByID(ctx, c, n.Village, householdsOf(awards))
	if err != nil {
		return p, err
	}
	categories, err := scheme.Categories(ctx, c, n.Village)
	if err != nil {
		return p, err
	}
	sums, listed, kept := map[int64]CategorySum{}, map[int64]bool{}, map[int64]bool{}
	hidden := Kept{}
	for _, a := range awards {
		if a.State == Withdrawn {
			continue
		}
		p.All.Awards, p.All.Points = p.All.Awards+1, p.All.Points+a.Shown()
		h, ok := homes[a.Household.ID]
		if !ok || h.Hidden || a.Private {
			hidden.Awards, hidden.Points = hidden.Awards+1, hidden.Points+a.Shown()
			kept[a.Household.ID] = true
			continue
		}
		s := sums[a.Category]
		s.Awards, s.Points = s.Awards+1, s.Points+a.Shown()
		sums[a.Category], listed[a.Household.ID] = s, true
		p.Awards, p.Points = p.Awards+1, p.Points+a.Shown()
		p.Lines = append(p.Lines, Line{ID: a.ID, Household: h.Masked(), Item: a.Item, ActDate: a.ActDate, Quantity: a.Quantity, Unit: a.Unit, Points: a.Shown(), State: a.State, group: h.Group, number: h.Number})
	}
	if len(kept) >= keptFrom {
		p.Kept = hidden
	}
	p.Households = len(listed)
	p.All.Households = len(householdsOf(awards))
	for _, k := range categories {
		if s, ok := sums[k.ID]; ok {
			s.Name = k.Name
			p.Categories = append(p.Categories, s)
		}
	}
	slices.SortStableFunc(p.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(len(a.number), len(b.number)), cmp.Compare(a.number, b.number), cmp.Compare(a.ActDate, b.ActDate))
	})
	return p, nil
}

func householdsOf(awards []Award) []int64 {
	var ids []int64
	for _, a := range awards {
		ids = append(ids, a.Household.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Board is what everybody may read about awards today: the notices that hang
// and have not ended. When one has ended, its lines are gone from here.
func Board(ctx context.Context, c db.Conn, v int64) ([]Poster, error) {
	hanging, err := notice.OnTheWall(ctx, c, v, c.Handle().Now())
	if err != nil {
		return nil, err
	}
	var all []Poster
	for _, n := range hanging {
		if n.Kind != notice.Awards {
			continue
		}
		p, err := poster(ctx, c, n)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Coming is an award of a household that is recorded and not posted: 已贴榜、还没
// 到账, or not even on the wall.
type Coming struct {
	Award
	HungAt, EndsAt models.Millis // 0 while it is not on the wall
}

// Expected is what a household may expect.
type Expected struct {
	Awards []Coming
	Points models.Points // of the spendable balance, gains only
}

// Provisional lists a household's awards that are not posted yet, newest first.
func Provisional(ctx context.Context, c db.Conn, h models.Household) (Expected, error) {
	var e Expected
	waiting, err := list(ctx, c, "village_id = ? AND household_id = ? AND state IN ('noticed', 'frozen') ORDER BY id DESC LIMIT 200", h.Village, h.ID)
	if err != nil {
		return e, err
	}
	notices := map[int64]notice.Notice{}
	for _, a := range waiting {
		n, known := notices[a.Notice]
		if a.Notice != 0 && !known {
			if n, err = notice.Get(ctx, c, h.Village, a.Notice); err != nil {
				return e, err
			}
			notices[a.Notice] = n
		}
		e.Awards = append(e.Awards, Coming{Award: a, HungAt: n.HungAt, EndsAt: n.EndsAt})
		e.Points += max(a.Points, 0)
	}
	return e, nil
}
