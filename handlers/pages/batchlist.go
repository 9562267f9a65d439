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

// lastBatch are the households of the person's latest batch.
func (p *Pages) lastBatch(ctx context.Context, at committeeAt) ([]int64, error) {
	recent, err := award.List(ctx, p.db, at.Area.ID, award.Filter{Recorder: at.Actor.Account, Cursor: models.Cursor{Limit: 200}})
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(recent); {
		var homes []int64
		op := recent[i].Op
		for ; i < len(recent) && recent[i].Op == op; i++ {
			homes = append(homes, recent[i].Household.ID)
		}
		if len(homes) > 1 {
			return homes, nil
		}
	}
	return nil, nil
}
