package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// sealedVersion leads every sealed field, so that the format can change.
const sealedVersion = 1

var errSealed = errors.New("sealed field damaged, or sealed for another purpose or under another key file")

// Seal encrypts a field with AES-256-GCM: a version byte, 12 random bytes, the
// text and its tag (29 bytes longer than the text). A field sealed for one
// purpose opens for no other.
func (k *Keys) Seal(purpose, plain string) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	nonce := random(aead.NonceSize())
	out := append([]byte{sealedVersion}, nonce...)
	return aead.Seal(out, nonce, []byte(plain), nil), nil
}

// Unseal opens what Seal closed, or says that it can't; it never returns part.
func (k *Keys) Unseal(purpose string, sealed []byte) (string, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return "", err
	}
	n := 1 + aead.NonceSize()
	if len(sealed) < n+aead.Overhead() || sealed[0] != sealedVersion {
		return "", errSealed
	}
	plain, err := aead.Open(nil, sealed[1:n], sealed[n:], nil)
	if err != nil {
		return "", errSealed
	}
	return string(plain), nil
}

func (k *Keys) aead(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.derive("seal.1." + purpose))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Find is the index under which a sealed field is looked up: 16 bytes of HMAC.
// The text must be in its one written form (see Phone), and not empty: all
// empty fields would be one.
func (k *Keys) Find(purpose, plain string) []byte {
	return mac(k.derive("find.1."+purpose), plain)[:16]
}
