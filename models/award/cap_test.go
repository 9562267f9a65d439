package award_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

// periodKey tells periods apart in a way of its own, so that it cannot share a
// mistake with scheme.Window.
func periodKey(period string, day models.Date) string {
	t, _ := time.Parse(time.DateOnly, string(day))
	y, week := t.ISOWeek()
	switch period {
	case "day":
		return string(day)
	case "week":
		return fmt.Sprint(y, "w", week)
	case "month":
		return string(day[:7])
	case "quarter":
		return fmt.Sprint(day[:4], "q", (int(t.Month())-1)/3)
	case "year":
		return string(day[:4])
	}
	return "life"
}

type given struct {
	rule   scheme.Rule
	home   int
	member int64
	day    models.Date
	qty    models.Qty
	worth  models.Points
}

// bruteForce says what an ask earns by going through everything given so far.
func bruteForce(all []given, g given, part bool) (given, bool) {
	times, points := int64(0), models.Points(0)
	for _, o := range all {
		same := o.rule.ID == g.rule.ID || g.rule.CapGroup != "" && o.rule.CapGroup == g.rule.CapGroup
		if same && o.home == g.home && (g.rule.CapPer != "member" || o.member == g.member) && periodKey(g.rule.CapPeriod, o.day) == periodKey(g.rule.CapPeriod, g.day) {
			times += int64(o.qty) / 100
			points += o.worth
		}
	}
	g.worth = g.rule.PointsMin * models.Points(g.qty) / 100
	if most := int64(g.rule.CapTimes); most > 0 && times+int64(g.qty)/100 > most {
		if !part || most <= times {
			return g, false
		}
		g.qty = models.Qty(most-times) * 100
		g.worth = g.rule.PointsMin * models.Points(g.qty) / 100
	}
	if most := g.rule.CapPoints; most > 0 && points+g.worth > most {
		if !part || most <= points {
			return g, false
		}
		g.worth = most - points
	}
	return g, true
}

func TestCapsAgreeWithBruteForceOverRandomTables(t *testing.T) {
	d, clock := modelstest.Open(t)
	day := clock.Now().Day()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, d, 2)
		var drafts []scheme.Draft
		groups := map[string]scheme.Cap{}
		for i := range rapid.IntRange(1, 4).Draw(rt, "rules") {
			c := scheme.Cap{
				Times:  rapid.IntRange(0, 4).Draw(rt, "times"),
				Points: models.Points(rapid.SampledFrom([]int{0, 0, 500, 700, 1200}).Draw(rt, "points")),
				Period: rapid.SampledFrom([]string{"day", "week", "month", "quarter", "year", "life"}).Draw(rt, "period"),
				Per:    rapid.SampledFrom([]string{"household", "member"}).Draw(rt, "per"),
				Group:  rapid.SampledFrom([]string{"", "", "甲", "乙"}).Draw(rt, "group"),
			}
			if c.Times == 0 && c.Points == 0 {
				c.Group = "" // a group shares a cap, so there is none without one
			}
			if shared, ok := groups[c.Group]; ok && c.Group != "" {
				c = shared
			}
			groups[c.Group] = c
			drafts = append(drafts, rule(fmt.Sprintf("第%d条", i), rapid.SampledFrom([]string{"+", "+", "-", "base", "gift"}).Draw(rt, "direction"), rapid.Int64Range(1, 5).Draw(rt, "worth"), c))
		}
		w.adopt(scheme.Adoption{Posting: rapid.SampledFrom([]string{scheme.PostNow, scheme.PostNotice}).Draw(rt, "posting")}, drafts...)
		members := [2][2]int64{{w.member(0, "马少明"), w.member(0, "马小红")}, {w.member(1, "李桂兰"), w.member(1, "李小军")}}
		var all []given
		for range rapid.IntRange(1, 40).Draw(rt, "asks") {
			g := given{
				rule: w.rules[fmt.Sprintf("第%d条", rapid.IntRange(0, len(drafts)-1).Draw(rt, "rule"))],
				home: rapid.IntRange(0, 1).Draw(rt, "home"),
				day:  day.AddDays(-rapid.SampledFrom([]int{0, 0, 1, 2, 6, 7, 8, 22, 23, 54, 300, 330}).Draw(rt, "ago")),
				qty:  models.Qty(rapid.IntRange(1, 3).Draw(rt, "qty")) * 100,
			}
			g.member = members[g.home][rapid.IntRange(0, 1).Draw(rt, "member")]
			part := rapid.Bool().Draw(rt, "part")
			want, ok := bruteForce(all, g, part)
			ask := w.ask(g.home, g.rule.Item, g.day)
			ask.Member, ask.Quantity, ask.Part = g.member, g.qty, part
			got, err := w.record(ask)
			if (err == nil) != ok || err != nil && !errors.Is(err, award.ErrCap) {
				rt.Fatalf("%s on %s × %s: %v, brute force says %v", g.rule.Text(), g.day, g.qty, say(err), ok)
			}
			if !ok {
				continue
			}
			if worth := max(got[0].Shown(), -got[0].Shown()); worth != want.worth || got[0].Quantity != want.qty {
				rt.Fatalf("%s on %s × %s: gave %s for %s, brute force says %s for %s", g.rule.Text(), g.day, g.qty, worth, got[0].Quantity, want.worth, want.qty)
			}
			all = append(all, want)
		}
	})
}
