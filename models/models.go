// Package models holds the words that every other package of the points store
// speaks: points, days, people, refusals. It knows no database and no web.
package models

// Household names one household of one village. The village comes first in
// every key, so that a row can only be reached through the village it is in.
type Household struct {
	Village, ID int64
}

// Place says which four areas a thing lies in. A level that does not apply is
// zero: a township's own place has no village.
type Place struct {
	City, County, Township, Village int64
}

// Everywhere is the area of whoever runs the whole instance: it holds every
// place, also those that are not made yet. No minted id is that small.
const Everywhere int64 = 1

// In reports whether the place lies in the area, the area itself included.
func (p Place) In(area int64) bool {
	return area == Everywhere || area != 0 && (p.Village == area || p.Township == area || p.County == area || p.City == area)
}
