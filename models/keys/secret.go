package keys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// NewSecret is what a session cookie holds: 256 random bits, 43 characters of
// base64url.
func NewSecret() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// SecretHash is what the database keeps of a secret.
func SecretHash(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }

// CSRF is the form token of a session, 43 characters. It needs no storage, dies
// with the session, and does not give the cookie away.
func (k *Keys) CSRF(sessionHash [32]byte) string {
	return base64.RawURLEncoding.EncodeToString(mac(k.csrf, string(sessionHash[:])))
}

// CheckCSRF compares a form's token in constant time.
func (k *Keys) CheckCSRF(sessionHash [32]byte, token string) bool {
	return hmac.Equal([]byte(k.CSRF(sessionHash)), []byte(token))
}
