package report

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"pointstore/models"
	"pointstore/models/db"
)

// What is watched at the counters, beside WatchFew and WatchLimit.
const (
	WatchHours   = "hours"   // at night, or outside an opening
	WatchVoid    = "void"    // made void afterwards
	WatchEmptied = "emptied" // a passbook emptied within a day of an award
)

// CounterPatterns are what is watched of clerks and of a village's counters, in
// the order of the page. They are questions as well, and prove nothing.
var CounterPatterns = []Pattern{
	{WatchFew, "集中在三户"}, {WatchHours, "不在兑换时间"}, {WatchLimit, "刚好不用核对"}, {WatchVoid, "后来作废"}, {WatchEmptied, "到账就兑空"},
}

// KnownAtCounter reports whether a pattern is watched at the counters.
func KnownAtCounter(key string) (Pattern, bool) {
	name := patternName(CounterPatterns, key)
	return Pattern{key, name}, name != ""
}

// Clerk is what one person handed over in a time, pattern by pattern, beside
// what their colleagues did. It ranks nobody: the order is that of names.
type Clerk struct {
	Account  int64
	Name     string
	Receipts int64 // void ones too
	Points   models.Points
	Seen     []Seen // in the order of CounterPatterns
}

// Odd lists the patterns of the clerk that are worth a question.
func (k Clerk) Odd() []Seen {
	return slices.DeleteFunc(slices.Clone(k.Seen), func(s Seen) bool { return !s.Odd })
}

// The patterns in the words of both databases. r is the redemption, e its line in
// the passbook, v the village. Limits are those of today: the village keeps no
// older ones.
const (
	handedFrom = ` FROM redemptions r JOIN entries e ON e.village_id = r.village_id AND e.household_id = r.household_id AND e.seq = r.seq
		JOIN villages v ON v.village_id = r.village_id WHERE `
	handedWhere = "r.village_id = ? AND r.month >= ? AND r.month <= ? AND r.at >= ? AND r.at < ? AND r.clerk_id <> 0"

	// China keeps UTC+8 all year: 21:00 to 6:00. What was keyed in from paper
	// after a power cut carries the time of the keying.
	handedHours = `r.late = 0 AND r.slip_no = 0 AND ((r.at + 28800000) % 86400000 >= 75600000 OR (r.at + 28800000) % 86400000 < 21600000
		OR (r.opening_id = 0 AND EXISTS (SELECT 1 FROM openings o WHERE o.village_id = r.village_id AND o.counter_id = r.counter_id AND o.opened_at < r.at)))`
	handedLimit = "CASE r.confirm WHEN 'small' THEN v.small_limit WHEN 'face' THEN v.face_limit ELSE 0 END"
	handedNear  = handedLimit + " > 0 AND r.points <= " + handedLimit + " AND r.points * 10 >= 9 * " + handedLimit
	handedVoid  = "r.undone_at <> 0"
	// a tenth or less is left, and the passbook had an award in the day before
	handedEmptied = `e.balance * 10 <= e.balance + r.points AND EXISTS (SELECT 1 FROM entries a WHERE a.village_id = r.village_id
		AND a.household_id = r.household_id AND a.seq < r.seq AND a.kind = 1 AND a.points > 0 AND a.posted_at > r.at - 86400000)`
)

// handedTest is the condition of a pattern; empty for WatchFew, which no single
// redemption shows.
func handedTest(key string) string {
	return map[string]string{WatchHours: handedHours, WatchLimit: handedNear, WatchVoid: handedVoid, WatchEmptied: handedEmptied}[key]
}

func handedSpan(village int64, from, until models.Date) []any {
	return []any{village, int(from.Month()), int(until.AddDays(-1).Month()), int64(from.Start()), int64(until.Start())}
}

func oneIf(test string) string { return "CASE WHEN " + test + " THEN 1 ELSE 0 END" }

// readHanded reads what was handed over in a village from a day until before
// another, as the watcher counts it: each receipt is an operation of its own.
func readHanded(ctx context.Context, c db.Conn, village int64, from, until models.Date) (all []watched, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var w watched
		err := row.Scan(&w.id, &w.household, &w.recorder, &w.worth, &w.limit, &w.at, &w.hours, &w.void, &w.emptied)
		w.op = strconv.FormatInt(w.id, 36)
		all = append(all, w)
		return err
	}, "SELECT r.id, r.household_id, r.clerk_id, r.points, "+handedLimit+", r.at, "+oneIf(handedHours)+", "+oneIf(handedVoid)+", "+oneIf(handedEmptied)+
		handedFrom+handedWhere+" ORDER BY r.id", handedSpan(village, from, until)...)
	return all, err
}

// Clerks watches what was handed over at a village's counters from a day until
// before another, by whom.
func Clerks(ctx context.Context, c db.Conn, village int64, from, until models.Date) ([]Clerk, error) {
	all, err := readHanded(ctx, c, village, from, until)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	w := watching{all: all, by: map[int64][]watched{}, top: map[int64]map[int64]bool{}}
	var list []Recorder
	for _, a := range all {
		if w.by[a.recorder] == nil {
			list = append(list, Recorder{Account: a.recorder})
		}
		w.by[a.recorder] = append(w.by[a.recorder], a)
	}
	if err := nameRecorders(ctx, c, list); err != nil {
		return nil, err
	}
	clerks := make([]Clerk, len(list))
	for i := range list {
		k := Clerk{Account: list[i].Account, Name: list[i].Name, Receipts: int64(len(w.by[list[i].Account]))}
		for _, a := range w.by[k.Account] {
			k.Points += a.worth
		}
		for _, p := range CounterPatterns {
			s, alone := w.see(list, &list[i], p.Key), w.lonely(k.Account, p.Key)
			if alone {
				s = w.seeAlone(k.Account, s)
			}
			if s.Odd {
				s.Question = clerkQuestion(k.Name, s, alone)
			}
			k.Seen = append(k.Seen, s)
		}
		clerks[i] = k
	}
	return clerks, nil
}

// lonely reports whether an account has too few colleagues to be compared with.
// Most villages have one or two clerks.
func (w *watching) lonely(account int64, key string) bool {
	if key == WatchFew {
		peers := 0
		for other, records := range w.by {
			if other != account && len(records) >= oddBase {
				peers++
			}
		}
		return peers < oddPeers
	}
	return len(w.all)-len(w.by[account]) < oddOthers
}

// aloneFrom is from which share on a clerk without colleagues is asked.
var aloneFrom = map[string]float64{WatchFew: 0.5, WatchHours: 0.2, WatchLimit: 0.4, WatchVoid: 0.2, WatchEmptied: 0.6}

// seeAlone looks at a share by itself. Three households of a few come often by
// chance; of many they don't.
func (w *watching) seeAlone(account int64, s Seen) Seen {
	s.Others, s.Odd = 0, s.Num >= oddLeast && s.Den >= 2*oddBase && s.Share() >= aloneFrom[s.Key]
	if s.Key == WatchFew {
		homes := map[int64]bool{}
		for _, a := range w.by[account] {
			homes[a.household] = true
		}
		s.Others = min(1, 3/max(float64(len(homes)), 1))
		s.Odd = s.Odd && s.Share() >= oddTimes*s.Others
	}
	return s
}

func clerkQuestion(name string, s Seen, alone bool) string {
	what := fmt.Sprintf("%s经手的 %d 笔里有 %d 笔（%s）", name, s.Den, s.Num, sharePercent(s.Share()))
	others := "，同事是 " + sharePercent(s.Others)
	if alone {
		others = ""
	}
	switch s.Key {
	case WatchFew:
		if alone {
			return what + "是同样三户来换的，平摊下来本该是 " + sharePercent(s.Others) + "。这几户自己知道换了这么多次吗？"
		}
		return what + "是同样三户来换的，同事一般是 " + sharePercent(s.Others) + "。这几户自己知道换了这么多次吗？"
	case WatchHours:
		return what + "是夜里或没开场的时候换的" + others + "。是谁来取的，当时还有谁在场？"
	case WatchLimit:
		return what + "刚好不到要密码或当面核对的上限" + others + "。是正好有这样的价格，还是分成几次换的？"
	case WatchVoid:
		return what + "后来作废了" + others + "。是点错了，还是货已经拿走了？"
	}
	return what + "是刚到账不到一天就兑空的" + others + "。这几户知道分到账了吗，是自己来的吗？"
}
