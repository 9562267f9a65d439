package award

import (
	"slices"

	"pointstore/models/village"
)

// Present is somebody who sits in the meeting.
type Present struct {
	Account   int64  `json:"account,omitempty"` // 0: holds none
	Name      string `json:"name"`
	Household int64  `json:"household,omitempty"` // their own, where it is known
	// Kin are the households they stand aside for, in the village.
	Kin []int64 `json:"-"`
}

// kin are somebody's own households and those linked to them.
func (p Present) kin(links []village.Link) []int64 {
	var own []int64
	if p.Household != 0 {
		own = append(own, p.Household)
	}
	for _, l := range links {
		if p.Account != 0 && l.Account == p.Account {
			own = append(own, l.Household)
		}
	}
	all := slices.Clone(own)
	for _, l := range links {
		switch {
		case l.Other == 0:
		case slices.Contains(own, l.Household):
			all = append(all, l.Other)
		case slices.Contains(own, l.Other):
			all = append(all, l.Household)
		}
	}
	return all
}

// aside reports whether somebody present has to stand aside for an award: a
// relative of the household, or who entered it.
func (p Present) aside(a Award) bool {
	return p.Account != 0 && p.Account == a.Recorder || slices.Contains(p.Kin, a.Household.ID)
}
