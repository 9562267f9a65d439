package keys

import (
	"crypto/sha256"
	"crypto/subtle"
)

// CheckCode is the short code printed on receipts, passbooks and notices: eight
// characters, 40 bits, of the hash that the chain keeps: 7K2M-Q9XF. It proves
// sameness to a reader and is no secret.
func CheckCode(hash []byte) string {
	sum := sha256.Sum256(append([]byte("pointstore.check.1"), hash...))
	return Pretty(encode(sum[:5]))
}

// SameCheckCode compares codes as people type them, in constant time for codes
// of eight characters; it serves set-up codes as well.
func SameCheckCode(a, b string) bool {
	if len(a) > longestInput || len(b) > longestInput {
		return false
	}
	a, ok := fold(a)
	b, ok2 := fold(b)
	return ok && ok2 && len(a) == codeLength && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// NewSetupCode is the one-time code printed in the terminal on first start.
func NewSetupCode() string { return Pretty(encode(random(5))) }
