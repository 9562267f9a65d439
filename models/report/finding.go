package report

import (
	"fmt"
	"math"
	"strings"
)

// telling are the rates that the three sentences speak about, the more
// important first.
var telling = []string{"participation", "coverage", "redemption_rate", "posted_on_time", "late_entries", "seal"}

// noise is the change in percentage points below which nothing is said to have
// moved.
const noise = 0.05

// moved is one telling indicator and how far it went, better or worse.
type moved struct {
	Indicator
	by float64 // percentage points; above zero is better
}

// Findings tells the quarter in three plain sentences, each with its numbers:
// what rose, what fell, who is missing. before is the same area one quarter
// earlier.
func Findings(s, before Sheet) []string {
	best, worst := moved{}, moved{}
	compared := false
	for _, key := range telling {
		i, _ := Find(key)
		change, ok := i.Change(s.Sum, before.Sum)
		if !ok {
			continue
		}
		compared = true
		m := moved{i, change * float64(i.Better)}
		if m.by > noise && m.by > best.by {
			best = m
		}
		if m.by < -noise && m.by < worst.by {
			worst = m
		}
	}
	return []string{s.risen(best, compared), s.fallen(worst, compared), s.absent()}
}

func (s Sheet) state(i Indicator) string {
	return i.Name + " " + i.Text(s.Sum) + "（" + i.Fraction(s.Sum) + "）"
}

func (s Sheet) risen(m moved, compared bool) string {
	if m.Key == "" {
		i, _ := Find("participation")
		if !compared {
			return s.state(i) + "；上季度没有数据可以比较。"
		}
		return s.state(i) + "；没有指标比上季度好转。"
	}
	return s.state(m.Indicator) + "，比上季度" + apart(m) + s.lagging(m.Indicator) + "。"
}

func (s Sheet) fallen(m moved, compared bool) string {
	switch {
	case m.Key != "":
		return s.state(m.Indicator) + "，比上季度" + apart(m) + s.lagging(m.Indicator) + "。"
	case !compared:
		return "本季度加分 " + whole(s.Sum.Acts) + " 件，兑换 " + whole(s.Sum.Visits) + " 户次。"
	}
	return "没有指标比上季度变差；加分 " + whole(s.Sum.Acts) + " 件，兑换 " + whole(s.Sum.Visits) + " 户次。"
}

// apart says how far an indicator went: 高 4.1 个百分点.
func apart(m moved) string {
	word := "高"
	if m.by*float64(m.Better) < 0 {
		word = "低"
	}
	return fmt.Sprintf("%s %.1f 个百分点", word, math.Abs(m.by))
}

// lags is how many percentage points a class must stay behind to be named.
const lags = 5

// lagging names the class that stays furthest behind.
func (s Sheet) lagging(i Indicator) string {
	whole, ok := i.Value(s.Sum)
	if !ok || s.Level == "village" {
		return ""
	}
	far, name := float64(lags), ""
	for _, g := range s.Grouped(ByClass) {
		if v, ok := i.Value(g.Tally); ok && g.Key != "" {
			if d := (whole - v) * 100 * float64(i.Better); d >= far {
				far, name = d, g.Name
			}
		}
	}
	if name == "" {
		return ""
	}
	return fmt.Sprintf("；%s村还差 %.1f 个百分点", name, far)
}

// absent says who is missing: villages that have not closed a quarter that is
// over, then villages without acts, notice or exchange.
func (s Sheet) absent() string {
	var parts []string
	say := func(what string, test func(VillageRow) bool) {
		list := s.Missing(test)
		if len(list) == 0 {
			return
		}
		if s.Level == "village" {
			parts = append(parts, "本村"+what)
			return
		}
		parts = append(parts, fmt.Sprintf("%d 个村%s：%s", len(list), what, names(list)))
	}
	if s.AsOf.Day() >= s.Quarter.End() || s.Closed {
		say("还没有封账", func(v VillageRow) bool { return !v.Closed })
	}
	say("没有一件加分", func(v VillageRow) bool { return v.Tally.Acts <= 0 })
	say("没有公示上墙", func(v VillageRow) bool { return v.Tally.WithNotice == 0 })
	say("没有按期兑换", func(v VillageRow) bool { return v.Tally.WithExchange == 0 })
	switch {
	case s.Sum.Villages == 0:
		return "这里还没有村。"
	case len(parts) > 0:
		return strings.Join(parts, "；") + "。"
	case s.Level == "village":
		return "本村加分、公示、兑换都有，没有缺项。"
	}
	return fmt.Sprintf("%d 个村加分、公示、兑换都有，没有缺项。", s.Sum.Villages)
}

// named is how many villages a sentence names before it says 等.
const named = 5

func names(list []VillageRow) string {
	var out []string
	for _, v := range list[:min(len(list), named)] {
		out = append(out, v.Name)
	}
	if len(list) > named {
		return strings.Join(out, "、") + " 等"
	}
	return strings.Join(out, "、")
}
