package award

// The states of an award. On its way in it is claimed, checked, pending and
// noticed as far as the village's rules want it; a deduction is warned of first.
const (
	Claimed   = "claimed"   // a family says so; nobody has checked it
	Checked   = "checked"   // waits for the review meeting
	Pending   = "pending"   // waits for a second approval
	Warned    = "warned"    // a deduction the household has been told of; it may still object
	Noticed   = "noticed"   // passed; waits for its notice, or for its end
	Posted    = "posted"    // in the passbook
	Frozen    = "frozen"    // an objection is being heard
	Refused   = "refused"   // not granted: at a check, a meeting, or because an objection was upheld
	Withdrawn = "withdrawn" // taken back before anybody saw it
	Reversed  = "reversed"  // corrected in the passbook
)

// live are the states that use up a cap.
const live = "'claimed', 'checked', 'pending', 'warned', 'noticed', 'posted', 'frozen'"

// How an award comes in.
const (
	WayDoor   = ""       // one household, by staff
	WayBatch  = "batch"  // many at once, after an activity
	WayRound  = "round"  // an inspection round
	WaySlip   = "slip"   // a numbered paper slip
	WayPhone  = "phone"  // claimed by the family
	WayPaper  = "paper"  // claimed on paper, keyed in by staff
	WaySpoken = "spoken" // claimed by word of mouth, written down by staff
	WayMonth  = "month"  // a month's score
	WayObject = "object" // somebody objected that it was missing or short
)

// Family is the role of a household that claims for itself.
const Family = "household"

// claimed reports whether awards that come in this way are only claims.
func claimed(way string) bool {
	return way == WayPhone || way == WayPaper || way == WaySpoken || way == WayObject
}

// Settled reports whether nothing will happen to the award any more by itself.
func (a Award) Settled() bool {
	switch a.State {
	case Posted, Refused, Withdrawn, Reversed:
		return true
	}
	return false
}

// coming reports whether the award is on its way and not yet in the passbook or
// held up by an objection.
func (a Award) coming() bool {
	switch a.State {
	case Claimed, Checked, Pending, Warned, Noticed:
		return true
	}
	return false
}
