package village

import (
	"context"
	"regexp"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// phonePurpose binds sealed numbers and their index to this use.
const phonePurpose = "household.phone"

// PhoneOf opens a household's phone number; empty when none was given. Show it
// only to those who may see full names.
func PhoneOf(ctx context.Context, c db.Conn, k *keys.Keys, h models.Household) (string, error) {
	var sealed []byte
	err := c.Stmts(ctx).Row("SELECT phone_sealed FROM households WHERE village_id = ? AND id = ?", h.Village, h.ID).Scan(&sealed)
	if err != nil || sealed == nil {
		return "", found(err)
	}
	return k.Unseal(phonePurpose, sealed)
}

// FindPhone lists the households still there with that whole number; a part of
// a number finds nobody. What is no phone number at all finds nobody either.
func FindPhone(ctx context.Context, c db.Conn, k *keys.Keys, village int64, number string) ([]Home, error) {
	number, err := phoneNumber(number)
	if err != nil {
		return nil, nil
	}
	return homes(ctx, c, "SELECT "+homeColumns+" FROM households h WHERE h.village_id = ? AND h.phone_find = ? AND h.left_at = 0 ORDER BY LENGTH(h.number), h.number",
		village, k.Find(phonePurpose, number))
}

// phoneNumber is the one written form of a mobile number or, with its area
// code, of a landline.
func phoneNumber(s string) (string, error) {
	mobile, err := keys.Phone(s)
	if err == nil {
		return mobile, nil
	}
	land := strings.NewReplacer("-", "", " ", "", "(", "", ")", "").Replace(models.Normal(s))
	if landline.MatchString(land) {
		return land, nil
	}
	return "", err
}

var landline = regexp.MustCompile(`^(0[0-9]{9,11}|[2-9][0-9]{6,7})$`)
