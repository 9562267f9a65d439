package report

import (
	"context"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// CounterVillagePatterns are what is watched of villages' counters: how often a
// household exchanges, and what is watched of clerks.
var CounterVillagePatterns = append([]Pattern{{WatchRate, "户均次数"}}, CounterPatterns...)

// CounterVillage is the quarter of a village's counters, pattern by pattern,
// beside its peers. Nobody is named above the village.
type CounterVillage struct {
	WatchedVillage // its Awards are receipts here, its Seen in the order of CounterVillagePatterns
	counts         map[string]int64
}

// WatchCounters watches the counters of an area's villages in a quarter. The order
// is that of the area's villages: it ranks nobody. Below the county the peers are
// all villages of the county, for a township has few.
func WatchCounters(ctx context.Context, c db.Conn, area int64, q models.Quarter) ([]CounterVillage, error) {
	list, peers, err := watchedWithPeers(ctx, c, area)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	all := make([]CounterVillage, len(peers))
	for i, v := range peers {
		all[i] = CounterVillage{WatchedVillage: v}
		if err := all[i].readCounters(ctx, c, q); err != nil {
			return nil, err
		}
	}
	here := slices.DeleteFunc(slices.Clone(all), func(v CounterVillage) bool {
		return !slices.ContainsFunc(list, func(o WatchedVillage) bool { return o.ID == v.ID })
	})
	for i := range here {
		for _, p := range CounterVillagePatterns {
			s := here[i].seeCounters(p.Key, all)
			if s.Odd {
				s.Question = counterVillageQuestion(here[i].Name, s)
			}
			here[i].Seen = append(here[i].Seen, s)
		}
	}
	return here, nil
}

// countedAtCounters are the patterns that a redemption shows by itself.
var countedAtCounters = []string{WatchHours, WatchLimit, WatchVoid, WatchEmptied}

func (v *CounterVillage) readCounters(ctx context.Context, c db.Conn, q models.Quarter) error {
	v.counts = map[string]int64{}
	query, into := "SELECT COUNT(*)", []any{&v.Awards}
	counts := make([]int64, len(countedAtCounters))
	for i, key := range countedAtCounters {
		query += ", COALESCE(SUM(" + oneIf(handedTest(key)) + "), 0)"
		into = append(into, &counts[i])
	}
	span := handedSpan(v.ID, q.Start(), q.End())
	if err := c.Stmts(ctx).Row(query+handedFrom+handedWhere, span...).Scan(into...); err != nil {
		return err
	}
	for i, key := range countedAtCounters {
		v.counts[key] = counts[i]
	}
	var err error
	_, v.counts[WatchFew], err = busiest(ctx, c, span)
	return err
}

// atCounters is a village's own number of a pattern.
func (v CounterVillage) atCounters(key string) Seen {
	if key == WatchRate {
		return Seen{Key: key, Num: v.Awards, Den: v.Homes}
	}
	return Seen{Key: key, Num: v.counts[key], Den: v.Awards}
}

// apartCounters is how far, at least, a village must be from the middle of its
// peers; the rate is in receipts to a household.
var apartCounters = map[string]float64{WatchRate: 0.5, WatchFew: 0.25, WatchHours: 0.15, WatchLimit: 0.15, WatchVoid: 0.08, WatchEmptied: 0.25}

func (v CounterVillage) seeCounters(key string, all []CounterVillage) Seen {
	s := v.atCounters(key)
	var peers []float64
	for _, o := range all {
		if o.ID != v.ID && o.Awards >= villageLeast {
			peers = append(peers, o.atCounters(key).Share())
		}
	}
	s.Others, s.Odd = oddAmong(s.Share(), peers, apartCounters[key])
	s.Odd = s.Odd && v.Awards >= villageLeast && s.Num >= oddLeast
	return s
}

func counterVillageQuestion(name string, s Seen) string {
	if s.Key == WatchRate {
		return fmt.Sprintf("%s每户换了 %s 次，别的村一般是 %s 次。是货好、开得勤，还是有人替很多户换？", name, decimal(s.Share()), decimal(s.Others))
	}
	what := fmt.Sprintf("%s本季度 %d 笔兑换里有 %d 笔（%s）", name, s.Den, s.Num, sharePercent(s.Share()))
	others := "，别的村一般是 " + sharePercent(s.Others) + "。"
	switch s.Key {
	case WatchFew:
		return what + "是同样三户来换的" + others + "是参加的户少，还是只有这几户在换？"
	case WatchHours:
		return what + "是夜里或没开场的时候换的" + others + "是白天忙，还是没有按时开场？"
	case WatchLimit:
		return what + "刚好不到要密码或当面核对的上限" + others + "是正好有这样的价格，还是分成几次换的？"
	case WatchVoid:
		return what + "后来作废了" + others + "是点错了，还是货已经拿走了？"
	}
	return what + "是刚到账不到一天就兑空的" + others + "是到账和开场碰在一天，还是有人替他们换？"
}
