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
	Household string // masked: 马*明 3组012
	Item      string
	ActDate   models.Date
	Quantity  models.Qty
	Unit      string
	Points    models.Points // signed

	group  int
	number string
}

// Kept counts the awards that are on a notice and not listed.
type Kept struct {
	Awards int
	Points models.Points
}

// CategorySum is what a notice adds up to under one of the village's headings.
type CategorySum struct {
	Name   string
	Awards int
	Points models.Points
}

// Poster is a notice as it is printed and shown: masked, and without what must
// not be read on a wall. Private rules and households that do not want to be
// seen are counted together, so that neither gives the other away.
type Poster struct {
	notice.Notice
	Lines      []Line
	Kept       Kept
	Categories []CategorySum // over everything, also what is not listed
	Awards     int
	Households int
	Points     models.Points
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
	sums := map[int64]CategorySum{}
	for _, a := range awards {
		s := sums[a.Category]
		s.Awards, s.Points = s.Awards+1, s.Points+a.Shown()
		sums[a.Category] = s
		p.Awards, p.Points = p.Awards+1, p.Points+a.Shown()
		if h, ok := homes[a.Household.ID]; ok && !h.Hidden && !a.Private {
			p.Lines = append(p.Lines, Line{Household: h.Masked(), Item: a.Item, ActDate: a.ActDate, Quantity: a.Quantity, Unit: a.Unit, Points: a.Shown(), group: h.Group, number: h.Number})
		} else {
			p.Kept.Awards, p.Kept.Points = p.Kept.Awards+1, p.Kept.Points+a.Shown()
		}
	}
	for _, k := range categories {
		if s, ok := sums[k.ID]; ok {
			s.Name = k.Name
			p.Categories = append(p.Categories, s)
		}
	}
	p.Households = len(householdsOf(awards))
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
