package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// WatchedVillage is one village's quarter, pattern by pattern, beside its peers
// in the same area. Nobody is named above the village.
type WatchedVillage struct {
	ID        int64
	Name      string
	Township  string
	County    int64
	Homes     int64 // that take part
	Awards    int64
	Seen      []Seen // in the order of VillagePatterns
	late, due int64
	near      int64
}

// Odd lists the patterns of the village that are worth a question.
func (v WatchedVillage) Odd() []Seen {
	return slices.DeleteFunc(slices.Clone(v.Seen), func(s Seen) bool { return !s.Odd })
}

// watchNear is nearLimit in the words of both databases.
const watchNear = "v.second_over > 0 AND " + watchWorth + " <= v.second_over AND " + watchWorth + " * 10 >= v.second_over * 9"

// rushFrom is the first instant of the last days before the quarter is handed in.
func rushFrom(q models.Quarter) models.Millis { return q.End().AddDays(-rushDays).Start() }

// villageLeast is from how many awards on a village's shares mean anything.
const villageLeast = 20

// WatchVillages watches what was recorded in the villages of an area in a
// quarter. The order is that of the area's villages: it ranks nobody. Below the
// county the peers are all villages of the county, for a township has few.
func WatchVillages(ctx context.Context, c db.Conn, area int64, q models.Quarter) ([]WatchedVillage, error) {
	list, peers, err := watchedWithPeers(ctx, c, area)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for i := range peers {
		if err := peers[i].read(ctx, c, q); err != nil {
			return nil, err
		}
	}
	list = slices.DeleteFunc(slices.Clone(peers), func(v WatchedVillage) bool {
		return !slices.ContainsFunc(list, func(o WatchedVillage) bool { return o.ID == v.ID })
	})
	for i := range list {
		for _, p := range VillagePatterns {
			s := list[i].see(p.Key, peers)
			if s.Odd {
				s.Question = villageQuestion(list[i].Name, s)
			}
			list[i].Seen = append(list[i].Seen, s)
		}
	}
	return list, nil
}

// watchedWithPeers lists the villages of an area, and those they are compared
// with.
func watchedWithPeers(ctx context.Context, c db.Conn, area int64) (list, peers []WatchedVillage, err error) {
	if list, err = villagesIn(ctx, c, area); err != nil || len(list) == 0 {
		return nil, nil, err
	}
	if county := list[0].County; county != 0 && !slices.ContainsFunc(list, func(v WatchedVillage) bool { return v.County != county }) {
		peers, err = villagesIn(ctx, c, county)
		return list, peers, err
	}
	return list, list, nil
}

func villagesIn(ctx context.Context, c db.Conn, area int64) (all []WatchedVillage, err error) {
	where, args := "", []any{}
	if area != models.Everywhere {
		where, args = " AND (a.id = ? OR a.township_id = ? OR a.county_id = ? OR a.city_id = ?)", []any{area, area, area, area}
	}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var v WatchedVillage
		err := row.Scan(&v.ID, &v.Name, &v.Township, &v.County, &v.Homes)
		all = append(all, v)
		return err
	}, `SELECT a.id, a.name, COALESCE(t.name, ''), a.county_id, (SELECT COUNT(*) FROM households h WHERE h.village_id = a.id AND h.left_at = 0 AND h.joining = 'in')
		FROM areas a LEFT JOIN areas t ON t.id = a.township_id WHERE a.level = 'village'`+where+" ORDER BY a.city_id, a.county_id, a.township_id, a.id", args...)
	return all, err
}

func (v *WatchedVillage) read(ctx context.Context, c db.Conn, q models.Quarter) error {
	return c.Stmts(ctx).Row(`SELECT COUNT(*), COALESCE(SUM(a.late), 0), COALESCE(SUM(CASE WHEN a.recorded_at >= ? THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN `+watchNear+` THEN 1 ELSE 0 END), 0)
		FROM awards a JOIN versions v ON v.village_id = a.village_id AND v.id = a.version_id WHERE `+watchWhere,
		int64(rushFrom(q)), v.ID, int64(q.Start().Start()), int64(q.End().Start())).Scan(&v.Awards, &v.late, &v.due, &v.near)
}

// counted is a village's own number of a pattern.
func (v WatchedVillage) counted(key string) Seen {
	s := Seen{Key: key, Den: v.Awards}
	switch key {
	case WatchRate:
		s.Num, s.Den = v.Awards, v.Homes
	case WatchRush:
		s.Num = v.due
	case WatchLimit:
		s.Num = v.near
	case WatchLate:
		s.Num = v.late
	}
	return s
}

// apartVillages is how far, at least, a village must be from the middle of its
// peers; the rate is in awards to a household.
var apartVillages = map[string]float64{WatchRate: 0.5, WatchRush: 0.20, WatchLimit: 0.10, WatchLate: 0.15}

func (v WatchedVillage) see(key string, list []WatchedVillage) Seen {
	s := v.counted(key)
	var peers []float64
	for _, o := range list {
		if o.ID != v.ID && o.Awards >= villageLeast {
			peers = append(peers, o.counted(key).Share())
		}
	}
	s.Others, s.Odd = oddAmong(s.Share(), peers, apartVillages[key])
	s.Odd = s.Odd && v.Awards >= villageLeast
	return s
}

func villageQuestion(name string, s Seen) string {
	share, others := sharePercent(s.Share()), sharePercent(s.Others)
	switch s.Key {
	case WatchRate:
		return fmt.Sprintf("%s每户记了 %s 笔，别的村一般是 %s 笔。是活动多，还是一件事记了几次？", name, decimal(s.Share()), decimal(s.Others))
	case WatchRush:
		return fmt.Sprintf("%s本季度 %d 笔里有 %d 笔（%s）赶在季末最后三天记，别的村一般是 %s。平时做的事，为什么没有当时记？", name, s.Den, s.Num, share, others)
	case WatchLimit:
		return fmt.Sprintf("%s本季度 %d 笔里有 %d 笔（%s）刚好不到要第二人批准的分数，别的村一般是 %s。是细则里正好有这样的分值吗？", name, s.Den, s.Num, share, others)
	}
	return fmt.Sprintf("%s本季度 %d 笔里有 %d 笔（%s）是事后补录的，别的村一般是 %s。是网络不好，还是平时没有记？", name, s.Den, s.Num, share, others)
}

// decimal prints a rate: 2.4; 2 for 2.0.
func decimal(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }
