package pages

import (
	"context"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/village"
)

// pasted ticks the households that a pasted list names by number, mark or name,
// and answers the words that name nobody or more than one.
func pasted(list string, homes []village.Home, texts map[int64]string, chosen map[int64]bool) (missed []string) {
	words := strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" \t\r\n,，、;；|　", r) })
	short := func(s string) string { return strings.TrimLeft(s, "0") }
	for _, w := range words {
		w = models.Normal(w)
		if w == "" {
			continue
		}
		var hits, heads []int64
		for _, h := range homes {
			switch {
			case h.Number == w || short(h.Number) != "" && short(h.Number) == short(w) || h.Mark() == w:
				hits = append(hits, h.ID)
			case h.Head == village.CleanName(w):
				heads = append(heads, h.ID)
			}
		}
		if len(hits) == 0 {
			hits = heads
		}
		if len(hits) == 0 {
			hits = tailed(w, homes)
		}
		if len(hits) == 0 {
			hits = named(w, homes, texts)
		}
		switch len(hits) {
		case 0:
			missed = append(missed, w+"（村里没有）")
		case 1:
			chosen[hits[0]] = true
		default:
			missed = append(missed, fmt.Sprintf("%s（有 %d 户，请在下面点选）", w, len(hits)))
		}
	}
	return missed
}

// tailed are the households whose number ends so: on lists people write the last
// three figures, which several groups may share.
func tailed(w string, homes []village.Home) (hits []int64) {
	if len(w) < 2 || strings.Trim(w, "0123456789") != "" {
		return nil
	}
	for _, h := range homes {
		if strings.HasSuffix(h.Number, w) {
			hits = append(hits, h.ID)
		}
	}
	return hits
}

// named are the households with a member of that whole name.
func named(w string, homes []village.Home, texts map[int64]string) (hits []int64) {
	w = strings.ReplaceAll(village.CleanName(w), "·", "")
	for _, h := range homes {
		if w != "" && strings.Contains(" "+texts[h.ID]+" ", " "+strings.ToLower(w)+" ") {
			hits = append(hits, h.ID)
		}
	}
	return hits
}

// batchList is a list of households that was used before: 义务植树 11月20日 · 40 户.
type batchList struct {
	Text, Href string
}

// batchListsMost is how many earlier lists are offered.
const batchListsMost = 6

// batchLists are the village's latest batches, newest first; each is named by
// its first award.
func (p *Pages) batchLists(ctx context.Context, at committeeAt, rule string) (lists []batchList, err error) {
	recent, err := award.List(ctx, p.db, at.Area.ID, award.Filter{Cursor: models.Cursor{Limit: 200}})
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(recent) && len(lists) < batchListsMost; {
		from := i
		for ; i < len(recent) && recent[i].Op == recent[from].Op; i++ {
		}
		first := recent[i-1]
		if i-from < 2 || first.Way == award.WayRound || first.Way == award.WayMonth {
			continue
		}
		lists = append(lists, batchList{Text: dotted(first.ActDate.Short()+" "+first.Item, first.Note, countOf(i-from)+" 户"),
			Href: at.Href("/committee/batch", "rule", rule, "like", models.ID32(first.ID))})
	}
	return lists, nil
}

// batchHomes are the households of the batch that begins with this award.
func (p *Pages) batchHomes(ctx context.Context, at committeeAt, first int64) (homes []int64, err error) {
	all, err := award.Together(ctx, p.db, at.Area.ID, first)
	for _, a := range all {
		homes = append(homes, a.Household.ID)
	}
	return homes, err
}
