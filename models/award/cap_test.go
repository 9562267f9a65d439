package award_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
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

// shelf is a category's cap and which categories count under it.
type shelf struct {
	scheme.Cap
	covers []string
}

// ruleTable is a random table of rules: kinds by item, caps over categories.
type ruleTable struct {
	now    bool // posted at once
	kind   map[string]string
	shelfs []shelf
}

// bruteForce says what an ask earns by going through everything given so far,
// and which of it the ask takes the place of.
func (tb ruleTable) bruteForce(all []given, g given, part bool) (worth given, gone []int, ok bool) {
	g.worth = g.rule.PointsMin * models.Points(g.qty) / 100
	best := models.Points(0)
	for i, o := range all {
		if o.home != g.home || o.day != g.day || o.member != g.member || g.rule.OnceGroup == "" || o.rule.OnceGroup != g.rule.OnceGroup || o.rule.ID == g.rule.ID {
			continue
		}
		if o.worth >= g.worth || tb.now {
			return g, nil, false
		}
		best, gone = max(best, o.worth), append(gone, i)
	}
	caps := []struct {
		scheme.Cap
		counts func(o given) bool
	}{{scheme.Cap{Times: g.rule.CapTimes, Points: g.rule.CapPoints, Period: g.rule.CapPeriod, Per: g.rule.CapPer}, func(o given) bool {
		return o.rule.ID == g.rule.ID || g.rule.CapGroup != "" && o.rule.CapGroup == g.rule.CapGroup
	}}}
	for _, s := range tb.shelfs {
		if g.rule.Direction == scheme.Plus && slices.Contains(s.covers, tb.kind[g.rule.Item]) {
			caps = append(caps, struct {
				scheme.Cap
				counts func(o given) bool
			}{s.Cap, func(o given) bool {
				return o.rule.Direction == scheme.Plus && slices.Contains(s.covers, tb.kind[o.rule.Item])
			}})
		}
	}
	left := models.Points(1 << 40)
	for _, c := range caps {
		times, points := int64(0), models.Points(0)
		for i, o := range all {
			if !slices.Contains(gone, i) && c.counts(o) && o.home == g.home && (c.Per != "member" || o.member == g.member) && periodKey(c.Period, o.day) == periodKey(c.Period, g.day) {
				times += int64(o.qty) / 100
				points += o.worth
			}
		}
		if most := int64(c.Times); most > 0 && times+int64(g.qty)/100 > most {
			if !part || most <= times {
				return g, nil, false
			}
			g.qty = models.Qty(most-times) * 100
		}
		if c.Points > 0 {
			left = min(left, c.Points-points)
		}
	}
	g.worth = g.rule.PointsMin * models.Points(g.qty) / 100
	if g.worth > left {
		if !part || left <= 0 {
			return g, nil, false
		}
		g.worth = left
	}
	return g, gone, g.worth >= best
}

func drawCap(rt *rapid.T) scheme.Cap {
	return scheme.Cap{
		Times:  rapid.IntRange(0, 4).Draw(rt, "times"),
		Points: models.Points(rapid.SampledFrom([]int{0, 0, 500, 700, 1200}).Draw(rt, "points")),
		Period: rapid.SampledFrom([]string{"day", "week", "month", "quarter", "year", "life"}).Draw(rt, "period"),
		Per:    rapid.SampledFrom([]string{"household", "member"}).Draw(rt, "per"),
	}
}

// drawTable adopts a random table: rules alone or sharing caps, three categories
// of which 甲类 stands below 大类, and rules of which one act scores once.
func drawTable(rt *rapid.T, w *world) (tb ruleTable, items []string) {
	var drafts []scheme.Draft
	groups := map[string]scheme.Cap{}
	tb = ruleTable{now: rapid.Bool().Draw(rt, "now"), kind: map[string]string{}}
	for i := range rapid.IntRange(1, 5).Draw(rt, "rules") {
		c := drawCap(rt)
		c.Group = rapid.SampledFrom([]string{"", "", "甲", "乙"}).Draw(rt, "group")
		if c.Times == 0 && c.Points == 0 {
			c.Group = "" // a group shares a cap, so there is none without one
		}
		if shared, ok := groups[c.Group]; ok && c.Group != "" {
			c = shared
		}
		groups[c.Group] = c
		item := fmt.Sprintf("第%d条", i)
		r := rule(item, rapid.SampledFrom([]string{"+", "+", "+", "-", "base", "gift"}).Draw(rt, "direction"), rapid.Int64Range(1, 5).Draw(rt, "worth"), c)
		r.Category = rapid.SampledFrom([]string{"大类", "甲类", "乙类"}).Draw(rt, "category")
		if r.Direction == scheme.Plus {
			r.OnceGroup = rapid.SampledFrom([]string{"", "", "一事"}).Draw(rt, "once")
		}
		tb.kind[item], items, drafts = r.Category, append(items, item), append(drafts, r)
	}
	a := scheme.Adoption{Posting: map[bool]string{true: scheme.PostNow, false: scheme.PostNotice}[tb.now]}
	w.adopt(a, drafts...)
	ids := map[string]int64{}
	for _, item := range items {
		ids[tb.kind[item]] = w.rules[item].CategoryID
	}
	if ids["大类"] != 0 && ids["甲类"] != 0 {
		w.must(scheme.SetParent(rt.Context(), w.d, db.NewOpID(), w.he, w.village, ids["甲类"], ids["大类"]))
	}
	for _, name := range []string{"大类", "甲类", "乙类"} {
		if ids[name] == 0 {
			continue
		}
		if c := drawCap(rt); c.Times+int(c.Points) > 0 && rapid.Bool().Draw(rt, "capped") {
			a.Caps = append(a.Caps, scheme.CategoryDraft{Category: name, Cap: c})
			covers := []string{name}
			if name == "大类" && ids["甲类"] != 0 {
				covers = append(covers, "甲类")
			}
			tb.shelfs = append(tb.shelfs, shelf{c, covers})
		}
	}
	if len(a.Caps) > 0 {
		w.adopt(a)
	}
	return tb, items
}

func TestCapsAgreeWithBruteForceOverRandomTables(t *testing.T) {
	d, clock := modelstest.Open(t)
	day := clock.Now().Day()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, d, 2)
		tb, items := drawTable(rt, w)
		members := [2][2]int64{{w.member(0, "马少明"), w.member(0, "马小红")}, {w.member(1, "李桂兰"), w.member(1, "李小军")}}
		var all []given
		for range rapid.IntRange(1, 40).Draw(rt, "asks") {
			g := given{
				rule: w.rules[rapid.SampledFrom(items).Draw(rt, "rule")],
				home: rapid.IntRange(0, 1).Draw(rt, "home"),
				day:  day.AddDays(-rapid.SampledFrom([]int{0, 0, 1, 2, 6, 7, 8, 22, 23, 54, 300, 330}).Draw(rt, "ago")),
				qty:  models.Qty(rapid.IntRange(1, 3).Draw(rt, "qty")) * 100,
			}
			g.member = members[g.home][rapid.IntRange(0, 1).Draw(rt, "member")]
			part := rapid.Bool().Draw(rt, "part")
			want, gone, ok := tb.bruteForce(all, g, part)
			ask := w.ask(g.home, g.rule.Item, g.day)
			ask.Member, ask.Quantity, ask.Part, ask.Note = g.member, g.qty, part, "大家都看见了"
			got, err := w.record(ask)
			if (err == nil) != ok || err != nil && !errors.Is(err, award.ErrCap) && !errors.Is(err, award.ErrSameAct) {
				rt.Fatalf("%s on %s × %s: %v, brute force says %v", g.rule.Text(), g.day, g.qty, say(err), ok)
			}
			if !ok {
				continue
			}
			if worth := max(got[0].Shown(), -got[0].Shown()); worth != want.worth || got[0].Quantity != want.qty {
				rt.Fatalf("%s on %s × %s: gave %s for %s, brute force says %s for %s", g.rule.Text(), g.day, g.qty, worth, got[0].Quantity, want.worth, want.qty)
			}
			for _, i := range slices.Backward(gone) {
				all = slices.Delete(all, i, i+1)
			}
			all = append(all, want)
		}
	})
}
