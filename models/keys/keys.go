// Package keys keeps the village's secrets. Cards, PINs and sealed fields are
// worked out under one master key in a file beside the database, so that a
// stolen database alone opens nothing and a lost card can be printed again.
package keys

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"log/slog"

	"pointstore/models"
)

// Refusals about the key file.
var (
	ErrKeyFile = &models.Error{Kind: models.Unhealthy, Code: "key_file",
		Say: "密钥文件坏了或被改过，已停止启动，账本没有改动；请用当初另存的那一份换回来"}
	ErrNoKeyFile = &models.Error{Kind: models.Unhealthy, Code: "no_key_file",
		Say: "没有找到密钥文件，已停止启动，账本没有改动；请把当初另存的密钥文件放回数据库旁边"}
	ErrWrongKeys = &models.Error{Kind: models.Unhealthy, Code: "wrong_keys",
		Say: "密钥文件和这个账本不是一套，已停止启动，账本没有改动；请换回和账本一起备份的密钥文件"}
)

const masterSize = 32

// Keys holds the master key and the subkeys in constant use. It is safe for
// concurrent use, and prints as its fingerprint only.
type Keys struct {
	master                         [masterSize]byte
	card, counter, code, pin, csrf []byte
	fingerprint                    string
}

// fromMaster derives the subkeys. The purpose strings are for ever: changing one
// kills every card or PIN made under it.
func fromMaster(master [masterSize]byte) *Keys {
	k := &Keys{master: master}
	k.card = k.derive("card.1")
	k.counter = k.derive("counter.1")
	k.code = k.derive("code.1")
	k.pin = k.derive("pin.1")
	k.csrf = k.derive("csrf.1")
	k.fingerprint = encode(k.derive("fingerprint.1")[:5])
	return k
}

// derive is HKDF-SHA256 without a salt: the master is already uniform.
func (k *Keys) derive(purpose string) []byte {
	b, err := hkdf.Key(sha256.New, k.master[:], nil, "pointstore."+purpose, sha256.Size)
	if err != nil {
		panic(err) // only for keys longer than 255 hashes
	}
	return b
}

// Fingerprint names the key file in eight characters and gives nothing away. The
// database remembers it, so that another village's key file is noticed.
func (k *Keys) Fingerprint() string { return k.fingerprint }

// Match refuses, with ErrWrongKeys, a key file other than the one the database
// was made with.
func (k *Keys) Match(fingerprint string) error {
	if fingerprint != k.fingerprint {
		return ErrWrongKeys
	}
	return nil
}

// String keeps the master out of logs.
func (k *Keys) String() string { return "keys " + k.fingerprint }

// GoString keeps the master out of %#v as well.
func (k *Keys) GoString() string { return k.String() }

// LogValue is String for slog's JSON handler, which looks into structs.
func (k *Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Test gives fixed keys, the same in every run. For tests only: the master is
// public, and Open refuses a file that holds it.
func Test() *Keys { return fromMaster(testMaster) }

var testMaster = sha256.Sum256([]byte("pointstore test keys, never for a real village"))

// mac is HMAC-SHA256 over numbers of fixed width, so that no two lists of
// numbers read alike, followed by the text.
func mac(key []byte, text string, numbers ...int64) []byte {
	m := hmac.New(sha256.New, key)
	var b [8]byte
	for _, n := range numbers {
		binary.BigEndian.PutUint64(b[:], uint64(n))
		m.Write(b[:])
	}
	m.Write([]byte(text))
	return m.Sum(nil)
}

// random never fails: since Go 1.24 crypto/rand stops the program instead.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
