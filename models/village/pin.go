package village

import (
	"context"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// The refusals of 取货密码.
var (
	ErrNoPIN    = &models.Error{Kind: models.Conflict, Code: "pin_unset", Field: "pin", Say: "这一户还没有设取货密码，没有扣分；请找村委当面设一个再来"}
	ErrWrongPIN = &models.Error{Kind: models.SignIn, Code: "pin_wrong", Field: "pin", Say: "密码不对，没有办理；请重新输入"}
	ErrPINSlips = &models.Error{Kind: models.Gone, Code: "pin_slips", Say: "这批取货密码已经发出，只显示一次，不能再看；哪一户没拿到，请给那一户单独重设"}
)

// OnPhone is the place of a household at its own phone; at a counter the place
// is the counter's id.
const OnPhone = "phone"

// placeTries is how many wrong PINs, of whichever households, lock a counter:
// many honest slips, few of the guesses that go through a village.
const placeTries = 40

// SetPIN sets a household's 取货密码: the household its own, or the committee,
// though nobody their own family's. Wrong guesses of before are forgotten.
func SetPIN(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, h models.Household, pin string) error {
	pin, err := keys.ParsePIN(pin)
	if err != nil {
		return err
	}
	stored := k.PIN(h, pin) // also in the operation's hash: a PIN alone would be guessed from it
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "pin_set", Asked: stored, By: by, Subject: h.ID}, func(tx *db.Tx) error {
		if _, err := GetHome(ctx, tx, h); err != nil {
			return err
		}
		if by.Household != h {
			if err := mayFor(tx, by, models.SetUpVillage, h); err != nil {
				return err
			}
		}
		if err := writePIN(tx, h, stored); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("UPDATE cards SET activated_at = ? WHERE village_id = ? AND household_id = ? AND revoked_at = 0 AND activated_at = 0", int64(tx.Now), h.Village, h.ID); err != nil {
			return err
		}
		return unlock(tx, h)
	})
}

func writePIN(tx *db.Tx, h models.Household, stored []byte) error {
	return tx.SQL.Must(1, models.ErrNotFound, "UPDATE households SET pin = ?, pin_set_at = ? WHERE village_id = ? AND id = ?", stored, int64(tx.Now), h.Village, h.ID)
}

// CheckPIN answers nil for the right PIN. Wrong ones are counted for the
// household at that place, and for the place if it is a counter, so that
// somebody elsewhere can't lock a household out of its own counter: 5 wrong ones
// lock for 15 minutes, then an hour, then a day, and a locked household gets the
// same answer for a right PIN. Call it outside every transaction.
func CheckPIN(ctx context.Context, d *db.DB, k *keys.Keys, h models.Household, place, pin string) error {
	var stored []byte
	err := d.Stmts(ctx).Row("SELECT pin FROM households WHERE village_id = ? AND id = ?", h.Village, h.ID).Scan(&stored)
	if err != nil {
		return found(err)
	}
	if stored == nil {
		return ErrNoPIN
	}
	scopes := []db.Scope{{Name: pinScope(h) + place}}
	if place != OnPhone {
		scopes = append(scopes, db.Scope{Name: fmt.Sprintf("pins:%d:%s", h.Village, place), Tries: placeTries})
	}
	right, left, err := d.Guess(ctx, func(context.Context) (bool, error) { return k.CheckPIN(h, stored, pin), nil }, scopes...)
	switch {
	case err != nil || right:
		return err
	case left == 0: // that one has locked: the lock itself says for how long
		_, _, err = d.Guess(ctx, func(context.Context) (bool, error) { return false, nil }, scopes...)
		return err
	}
	return ErrWrongPIN.With(fmt.Sprintf("密码不对，没有办理，还可试 %d 次", left))
}

// pinScope begins the names of a household's counts of wrong PINs.
func pinScope(h models.Household) string { return fmt.Sprintf("pin:%d:%d:", h.Village, h.ID) }

// UnlockPIN lets a household try again at once, after somebody of the village
// has made sure who is asking.
func UnlockPIN(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, h models.Household) error {
	return d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "pin_unlock", Asked: h, By: by, Subject: h.ID}, func(tx *db.Tx) error {
		if _, err := GetHome(ctx, tx, h); err != nil {
			return err
		}
		if err := mayFor(tx, by, models.SetUpVillage, h); err != nil {
			return err
		}
		return unlock(tx, h)
	})
}

// unlock forgets the household's wrong guesses everywhere: all scopes that
// begin with its name (a semicolon follows the colon).
func unlock(tx *db.Tx, h models.Household) error {
	from := pinScope(h)
	_, err := tx.SQL.Exec("DELETE FROM lockouts WHERE scope >= ? AND scope < ?", from, from[:len(from)-1]+";")
	return err
}

// Slip is a household with the PIN it is handed on paper.
type Slip struct {
	Home
	PIN string
}

// FirstPINs gives every household still there without a PIN a random one and
// returns them, this once, for printing. Asked again with the same operation it
// answers ErrPINSlips: nothing can bring them back.
func FirstPINs(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, village int64) ([]Slip, error) {
	var slips []Slip
	again := func(*db.Tx, int64) error {
		if slips == nil { // not this very call, running again after an unknown outcome
			return ErrPINSlips
		}
		return nil
	}
	err := d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "pins_first", By: by, Subject: village, Again: again}, func(tx *db.Tx) error {
		if err := may(tx, by, models.SetUpVillage, village); err != nil {
			return err
		}
		all, err := Homes(ctx, tx, village, Filter{ByDoor: true})
		if err != nil {
			return err
		}
		slips = []Slip{}
		for _, h := range all {
			if h.HasPIN {
				continue
			}
			s := Slip{Home: h, PIN: keys.NewPIN()}
			if err := writePIN(tx, h.Household, k.PIN(h.Household, s.PIN)); err != nil {
				return err
			}
			slips = append(slips, s)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return slips, nil
}
