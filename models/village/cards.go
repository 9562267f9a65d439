package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// IssuedCard is one card a household was ever given.
type IssuedCard struct {
	No        int64
	IssuedAt  models.Millis
	RevokedAt models.Millis // 0 while it is in force
}

// Cards lists a household's cards, the newest first.
func Cards(ctx context.Context, c db.Conn, h models.Household) ([]IssuedCard, error) {
	var all []IssuedCard
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var k IssuedCard
		err := row.Scan(&k.No, &k.IssuedAt, &k.RevokedAt)
		all = append(all, k)
		return err
	}, "SELECT card_no, issued_at, revoked_at FROM cards WHERE village_id = ? AND household_id = ? ORDER BY card_no DESC", h.Village, h.ID)
	return all, err
}
