package award

import (
	"fmt"
	"slices"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// first is the state in which an award begins, and until when it stays there.
func (r *recording) first(w Award, a Ask, rule dated) (string, models.Millis) {
	v := rule.book.Version
	switch {
	case claimed(a.Way) && r.checks(a):
		return Checked, a.Due
	case claimed(a.Way):
		return Claimed, a.Due
	case v.Review == scheme.ReviewAll:
		return Checked, 0
	}
	return r.due(w.reviewed(v), v)
}

func (r *recording) due(state string, v scheme.Version) (string, models.Millis) {
	if state == Warned {
		return state, appealUntil(r.tx, v)
	}
	return state, 0
}

// appealUntil is how long a household may object to a deduction it is told of
// now.
func appealUntil(tx *db.Tx, v scheme.Version) models.Millis {
	return tx.Now.Add(time.Duration(max(v.AppealDays, 1)) * 24 * time.Hour)
}

// reviewed is where an award goes when nothing but a second approval can be
// wanted of it any more.
func (a Award) reviewed(v scheme.Version) string {
	if v.SecondOver > 0 && a.worth() > v.SecondOver || v.SecondLate && a.Late {
		return Pending
	}
	return a.granted()
}

// granted is where an award goes when everybody has agreed. A deduction is told
// to the household before anything else happens.
func (a Award) granted() string {
	if a.Direction == scheme.Minus {
		return Warned
	}
	return Noticed
}

// checks reports whether whoever enters a claim may also do its first check:
// staff entitled to, for a household that is neither their own nor a relative's.
// What a family enters itself, or an objection makes, is checked by somebody.
func (r *recording) checks(a Ask) bool {
	return r.by.Account != 0 && a.Way != WayObject && r.by.MayFor(models.CheckClaims, r.place, a.home()) == nil
}

// mayUse asks whether these rules are for this recorder to use.
func (r *recording) mayUse() error {
	for i, a := range r.asks {
		rule := r.rules[i]
		switch {
		case a.Way == WayObject:
		case claimed(a.Way):
			if !rule.Claimable() {
				return models.ErrInput.With(fmt.Sprintf("“%s”按细则由村里登记，不能自己报，没有记下；请换一条，或跟村委说", rule.Item)).At("rule")
			}
		case len(rule.Recorders) > 0 && !r.by.Clock && !slices.ContainsFunc(r.by.Grants, func(g models.Grant) bool { return r.place.In(g.Area) && rule.RecordedBy(g.Role) }):
			return models.ErrForbidden.With(fmt.Sprintf("“%s”按细则不由您这个角色登记，没有记分；请找%s", rule.Item, recorderNames(rule.Rule)))
		}
		if rule.Direction == scheme.Minus && a.Note == "" {
			return models.ErrInput.With(fmt.Sprintf("“%s”是扣分，要写明因为什么事，没有记分；这句话会告诉这户人家", rule.Item)).At("note")
		}
	}
	return nil
}

func recorderNames(rule scheme.Rule) string {
	s := ""
	for _, name := range rule.Recorders {
		if t := models.Role(name).Title(); t != "" {
			s += "或" + t
		}
	}
	if s == "" {
		return "农户自己报"
	}
	return s[len("或"):]
}

// mayReach holds grid workers to their duties.
func (r *recording) mayReach() error {
	if r.by.Account == 0 {
		return nil
	}
	cover, err := village.CoverOf(r.tx.Statement.Context, r.tx, r.by, r.place)
	if err != nil || cover.All() {
		return err
	}
	for _, a := range r.asks {
		h := r.homes[a.Household]
		if h == nil || a.Way == WayObject {
			continue
		}
		if err := cover.Refuse(h.grid, h.group); err != nil {
			return r.naming(a, err)
		}
	}
	return nil
}
