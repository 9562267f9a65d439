package market

import (
	"database/sql"
	"errors"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Barcode reads an EAN as a gun or a person gives it: 8, 12, 13 or 14 digits of
// which the last is a check. Empty stays empty.
func Barcode(s string) (string, error) {
	s = strings.ReplaceAll(models.Normal(s), " ", "")
	if s == "" {
		return "", nil
	}
	if strings.Trim(s, "0123456789") != "" || len(s) != 8 && (len(s) < 12 || len(s) > 14) {
		return "", models.ErrInput.With("“条码”要填包装上的 8 位或 13 位数字，没有保存；没有条码就空着").At("barcode")
	}
	sum := 0
	for i := range len(s) - 1 { // from the right, the digit before the check counts three times
		n := int(s[len(s)-2-i] - '0')
		if i%2 == 0 {
			n *= 3
		}
		sum += n
	}
	if (10-sum%10)%10 != int(s[len(s)-1]-'0') {
		return "", models.ErrInput.With("“条码”有一位不对，没有保存；请对着包装再填一次，或用扫码枪").At("barcode")
	}
	return s, nil
}

// freeBarcode refuses a code that names another item already: the till would
// not know which one lies there.
func freeBarcode(tx *db.Tx, v, goods int64, code string) error {
	if code == "" {
		return nil
	}
	var other string
	err := tx.SQL.Row("SELECT name FROM goods WHERE village_id = ? AND barcode = ? AND id <> ? LIMIT 1", v, code, goods).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return ErrSameBarcode.With("条码 " + code + " 已用在“" + other + "”上，没有保存；请核对")
}
