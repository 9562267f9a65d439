package market

import (
	"pointstore/models"
	"pointstore/models/db"
)

// RedeemAll is redeem for tests.
func RedeemAll(tx *db.Tx, by models.Actor, carts []Cart) []error {
	var sales []*sale
	for _, c := range carts {
		sales = append(sales, &sale{Cart: c, id: models.NewIDs(1 + maxMoves), clerk: by})
	}
	return redeem(tx, sales)
}
