package award

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// ErrSameAct says that the act already scores under a higher rule.
var ErrSameAct = &models.Error{Kind: models.Conflict, Code: "same_act", Say: "同一件事只记最高的一项，这次没有记分"}

// sameAct holds an ask to the rule that one act scores once: of a group of
// rules only the highest counts for one household, or member, on one day. A
// lower one that nobody has seen on the wall is taken back for it; best is what
// the highest of those was worth.
func (r *recording) sameAct(a Ask, rule dated, value models.Points) (best models.Points, err error) {
	if rule.OnceGroup == "" {
		return 0, nil
	}
	for _, g := range slices.Clone(r.given[a.Household]) {
		if g.ActDate != rule.day || g.Member != a.Member && g.Member != 0 && a.Member != 0 {
			continue
		}
		was, err := r.ruleOf(g)
		if err != nil {
			return 0, err
		}
		if was.OnceGroup != rule.OnceGroup || was.OriginID == rule.OriginID {
			continue
		}
		switch {
		case g.worth() >= value:
			return 0, ErrSameAct.With(fmt.Sprintf("同一件事只记最高的一项：%s已按“%s”记了 %s 分，“%s”没有再记", rule.day.Short(), was.Item, g.worth(), rule.Item))
		case g.Op == r.tx.Op && g.RecordedAt == r.tx.Now:
			return 0, ErrSameAct.With(fmt.Sprintf("同一件事只记最高的一项：这一批里同时有“%s”和“%s”，都没有记，请只选一项", was.Item, rule.Item))
		case g.Notice != 0 && !r.drafts[g.Notice] || g.State == Posted || g.State == Frozen:
			return 0, ErrSameAct.With(fmt.Sprintf("同一件事只记最高的一项：%s已按“%s”记了 %s 分并且公布了，“%s”没有再记；要改请先更正那一笔", rule.day.Short(), was.Item, g.worth(), rule.Item))
		}
		if claimed(a.Way) && g.State != Claimed && g.State != Checked {
			continue // a claim takes the place of what was granted only when it is granted itself
		}
		best = max(best, g.worth())
		r.replaced = append(r.replaced, g.ID)
		r.given[a.Household] = slices.DeleteFunc(r.given[a.Household], func(o Award) bool { return o.ID == g.ID })
	}
	return best, nil
}

// readDrafts reads which notices among what was given are not on the wall yet.
func (r *recording) readDrafts() error {
	r.drafts = map[int64]bool{}
	if !slices.ContainsFunc(r.rules, func(d dated) bool { return d.OnceGroup != "" }) {
		return nil
	}
	return r.tx.SQL.Each(func(row db.Scanner) error {
		var id int64
		err := row.Scan(&id)
		r.drafts[id] = true
		return err
	}, "SELECT id FROM notices WHERE village_id = ? AND state = 'draft'", r.asks[0].Village)
}

// replace takes the lower awards of the same act back.
func (r *recording) replace(ctx context.Context) error {
	for _, id := range r.replaced {
		a, err := Get(ctx, r.tx, r.asks[0].Village, id)
		if err != nil {
			return err
		}
		if err := a.takeOff(ctx, r.tx); errors.Is(err, ErrTooLate) {
			return ErrSameAct
		} else if err != nil {
			return err
		}
		if err := note(r.tx, a, StepWithdraw, "", r.by, "同一件事只记最高的一项"); err != nil {
			return err
		}
	}
	return nil
}
