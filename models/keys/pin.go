package keys

import (
	"crypto/hmac"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"pointstore/models"
)

// PIN is what the database keeps of a household's 取货密码: 32 bytes of HMAC
// bound to the household, so that a row copied to another household fits
// nobody. There is no salt: with the key a million PINs are tried at once, salt
// or not, and without it none.
func (k *Keys) PIN(h models.Household, pin string) []byte {
	return mac(k.pin, digits(pin), h.Village, h.ID)
}

// CheckPIN compares in constant time. A household without a PIN fits none.
func (k *Keys) CheckPIN(h models.Household, stored []byte, pin string) bool {
	return hmac.Equal(k.PIN(h, pin), stored)
}

// ParsePIN reads a PIN that somebody chooses: four to six digits, not one that
// the neighbours would try first.
func ParsePIN(s string) (string, error) {
	pin := digits(s)
	if len(pin) < 4 || len(pin) > 6 || strings.Trim(pin, "0123456789") != "" {
		return "", models.ErrInput.With("取货密码要填 4 到 6 位数字，还没有保存，请重填").At("pin")
	}
	if why, weak := WeakPIN(pin); weak {
		return "", models.ErrInput.With("这个取货密码" + why + "，容易被猜中，还没有保存，请换一个").At("pin")
	}
	return pin, nil
}

// WeakPIN says, in words that continue 这个取货密码…, why a PIN is guessed first.
func WeakPIN(pin string) (why string, weak bool) {
	switch {
	case strings.Trim(pin, pin[:min(1, len(pin))]) == "":
		return "全是同一个数字", true
	case run(pin, 1) || run(pin, 9):
		return "是连着的数字", true
	case repeats(pin, 2) || repeats(pin, 3):
		return "是重复的数字", true
	case popular[pin]:
		return "用的人太多", true
	}
	return "", false
}

// popular are lucky numbers and keypad lines.
var popular = map[string]bool{
	"1314": true, "131420": true, "201314": true, "5201": true, "521314": true,
	"2580": true, "0852": true, "147258": true, "258369": true, "147369": true, "159357": true, "112233": true,
	"332211": true, "445566": true, "778899": true, "1122": true, "1688": true, "168168": true, "5188": true,
}

// run says whether each digit is the one before it plus step, past 9 to 0.
func run(pin string, step byte) bool {
	for i := 1; i < len(pin); i++ {
		if (pin[i-1]-'0'+step)%10 != pin[i]-'0' {
			return false
		}
	}
	return true
}

// repeats says whether the PIN is a group of n digits again and again: 1212.
func repeats(pin string, n int) bool {
	return len(pin) > n && len(pin)%n == 0 && strings.Repeat(pin[:n], len(pin)/n) == pin
}

// NewPIN draws six digits, not a weak PIN, for the slip a household is handed.
func NewPIN() string {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		if pin := fmt.Sprintf("%06d", n); !isWeak(pin) {
			return pin
		}
	}
}

func isWeak(pin string) bool { _, weak := WeakPIN(pin); return weak }

// digits folds full-width digits and drops the spaces that people group with.
func digits(s string) string { return strings.ReplaceAll(models.Normal(s), " ", "") }
