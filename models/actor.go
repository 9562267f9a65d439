package models

// Actor is who asks: a person with grants, a household at its own phone, or the
// program's clock.
type Actor struct {
	Account   int64     // 0 when no staff member is signed in
	Name      string    // full name of the staff member
	Session   int64     // the sign-in, which names the device; 0 for the clock
	Household Household // set when a household looks at its own passbook
	Grants    []Grant
	// Kin are the households this person may not decide for: their own and
	// those linked to it.
	Kin []Household
	// Clock marks the program's own errands.
	Clock bool
}

// Grant is a role held for an area.
type Grant struct {
	Role Role
	Area int64
	Name string // the area's name, for greeting
}

// TheClock is the actor of scheduled errands.
var TheClock = Actor{Clock: true, Name: "系统"}

// May answers whether the actor may do this at that place: nil, or a refusal.
// Whose household it is stays the activity's question.
func (a Actor) May(act Action, at Place) error {
	if a.Clock {
		return nil
	}
	for _, g := range a.Grants {
		if grants[g.Role][act] && at.In(g.Area) {
			return nil
		}
	}
	if a.Account == 0 && a.Household.ID == 0 {
		return ErrSignIn
	}
	return ErrForbidden
}

// Can is May for templates.
func (a Actor) Can(act Action, at Place) bool { return a.May(act, at) == nil }

// Any reports whether the actor may do this anywhere at all.
func (a Actor) Any(act Action) bool {
	for _, g := range a.Grants {
		if grants[g.Role][act] {
			return true
		}
	}
	return false
}

// MayFor is May for a decision about one household: nobody alone decides for
// their own household or a linked one.
func (a Actor) MayFor(act Action, at Place, h Household) error {
	if err := a.May(act, at); err != nil {
		return err
	}
	for _, k := range a.Kin {
		if k == h {
			return ErrOwnHome
		}
	}
	return nil
}
