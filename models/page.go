package models

// Cursor pages through a list by key, newest first: Before is the key below
// which to go on, 0 for the newest. Limit is capped at 200 and defaults to 50.
type Cursor struct {
	Before int64
	Limit  int
}

// Size is the limit to use.
func (c Cursor) Size() int {
	switch {
	case c.Limit <= 0:
		return 50
	case c.Limit > 200:
		return 200
	}
	return c.Limit
}
