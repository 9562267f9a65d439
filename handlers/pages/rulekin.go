package pages

import (
	"slices"

	"pointstore/models"
	"pointstore/models/scheme"
)

// ruleKin is another rule of the table that this one may share a cap with, or
// that the same act may fall under.
type ruleKin struct {
	ID, Item, Text string
	Shares, Once   bool
}

// kinOf ticks what stands in the form; what the county settled is left out.
func kinOf(b *scheme.Book, f ruleForm) []ruleKin {
	var all []ruleKin
	for _, r := range b.Rules {
		if r.ID != f.Rule && r.Direction == f.Direction && r.TemplateID == 0 {
			all = append(all, ruleKin{models.ID32(r.ID), r.Item, r.Text(), slices.Contains(f.Shares, r.ID), slices.Contains(f.Once, r.ID)})
		}
	}
	return all
}

// fillKin ticks the rules that share the rule's groups.
func (f *ruleForm) fillKin(b *scheme.Book, r scheme.Rule) {
	for _, o := range b.Rules {
		if o.ID == r.ID {
			continue
		}
		if r.CapGroup != "" && o.CapGroup == r.CapGroup {
			f.Shares = append(f.Shares, o.ID)
		}
		if r.OnceGroup != "" && o.OnceGroup == r.OnceGroup {
			f.Once = append(f.Once, o.ID)
		}
	}
}

// join puts the draft and the ticked rules into their groups and lets go of
// those that are no longer ticked: the other rules that change with this one.
func (f ruleForm) join(b *scheme.Book, d *scheme.Draft, names map[int64]scheme.Category) []scheme.Change {
	wasCap, wasOnce := d.CapGroup, d.OnceGroup
	d.CapGroup, d.OnceGroup = groupFor(wasCap, d.Item, len(f.Shares)), groupFor(wasOnce, d.Item, len(f.Once))
	var others []scheme.Change
	for _, r := range b.Rules {
		if r.ID == f.Rule || r.TemplateID != 0 {
			continue
		}
		o := scheme.Draft{Category: names[r.CategoryID].Name, Rule: r}
		switch {
		case slices.Contains(f.Shares, r.ID):
			o.CapGroup, o.CapTimes, o.CapPoints, o.CapPeriod, o.CapPer = d.CapGroup, d.CapTimes, d.CapPoints, d.CapPeriod, d.CapPer
		case wasCap != "" && r.CapGroup == wasCap:
			o.CapGroup = ""
		}
		switch {
		case slices.Contains(f.Once, r.ID):
			o.OnceGroup = d.OnceGroup
		case wasOnce != "" && r.OnceGroup == wasOnce:
			o.OnceGroup = ""
		}
		if o.CapGroup != r.CapGroup || o.OnceGroup != r.OnceGroup || o.CapGroup != "" && (o.CapTimes != r.CapTimes || o.CapPoints != r.CapPoints || o.CapPeriod != r.CapPeriod || o.CapPer != r.CapPer) {
			others = append(others, scheme.Change{Rule: r.ID, Draft: o})
		}
	}
	return others
}

// groupFor is the name of a group: the one it has, else the item it began with.
func groupFor(was, item string, others int) string {
	if others == 0 {
		return ""
	}
	if was != "" {
		return was
	}
	if runes := []rune(item); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return item
}
