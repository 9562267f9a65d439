package market

import (
	"pointstore/models"
	"pointstore/models/db"
)

// slip is the numbered paper a sale was written on while there was no power; the
// zero slip is a sale made at the till.
type slip struct {
	number int64
	day    models.Date
}

// priced is the day whose prices hold: those people agreed to.
func (s slip) priced(tx *db.Tx) models.Date {
	if s.day != "" {
		return s.day
	}
	return tx.Now.Day()
}

// late reports whether the sale is written down after its day.
func (s slip) late(tx *db.Tx) bool { return s.day != "" && s.day < tx.Now.Day() }

// flag is how both databases keep a yes or no.
func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
