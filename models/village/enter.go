package village

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// Enter finds the household that says its number and its 取货密码 on a phone. A
// number that nobody has is answered, counted and locked like a wrong PIN, so
// that trying tells nobody which numbers there are. Call it outside every
// transaction.
func Enter(ctx context.Context, d *db.DB, k *keys.Keys, village int64, number, pin string) (models.Household, error) {
	home, err := HomeByNumber(ctx, d, village, number)
	if errors.Is(err, models.ErrNotFound) {
		return models.Household{}, nobody(ctx, d, village, number)
	}
	if err != nil {
		return models.Household{}, err
	}
	return home.Household, CheckPIN(ctx, d, k, home.Household, OnPhone, pin)
}

func nobody(ctx context.Context, d *db.DB, village int64, number string) error {
	sum := sha256.Sum256([]byte(models.Normal(number)))
	scope := db.Scope{Name: fmt.Sprintf("pin:%d:none:%s", village, hex.EncodeToString(sum[:12]))}
	wrong := func(context.Context) (bool, error) { return false, nil }
	_, left, err := d.Guess(ctx, wrong, scope)
	if err != nil {
		return err
	}
	if left == 0 {
		_, _, err = d.Guess(ctx, wrong, scope)
		return err
	}
	return ErrWrongPIN.With(fmt.Sprintf("密码不对，没有办理，还可试 %d 次", left))
}
