package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"pointstore/models"
)

// chainVersion names the layout of the hash input. Another layout gets another
// number, and both stay readable.
const chainVersion = "pointstore.entry.1"

// genesis is what the first entry of a passbook stands on: it binds the chain
// to its household, so that one family's book cannot be passed off as
// another's.
func genesis(h models.Household) []byte {
	b := append([]byte("pointstore.passbook.1\nvillage="), strconv.AppendInt(nil, h.Village, 10)...)
	b = append(append(b, "\nhousehold="...), strconv.AppendInt(nil, h.ID, 10)...)
	sum := sha256.Sum256(b)
	return sum[:]
}

// link is the hash of an entry over the one before it. Every field is named in
// the input, so that no two entries can share one.
func (e *Entry) link(before []byte) []byte {
	b := make([]byte, 0, 512)
	num := func(name string, v int64) {
		b = append(append(b, '\n'), name...)
		b = strconv.AppendInt(append(b, '='), v, 10)
	}
	hexed := func(name string, v []byte) {
		b = append(append(b, '\n'), name...)
		b = hex.AppendEncode(append(b, '='), v)
	}
	b = append(b, chainVersion...)
	num("village", e.Household.Village)
	num("household", e.Household.ID)
	num("seq", e.Seq)
	num("kind", int64(e.Kind))
	num("points", int64(e.Points))
	num("honour", int64(e.Honour))
	num("balance", int64(e.Balance))
	num("fen", int64(e.Fen))
	num("category", e.Category)
	num("month", int64(e.Month))
	b = append(append(b, "\nact_date="...), e.ActDate...)
	late := int64(0)
	if e.Late {
		late = 1
	}
	num("late", late)
	num("posted_at", int64(e.PostedAt))
	num("cause", e.Cause)
	hexed("op", e.Op[:])
	hexed("digest", e.Digest)
	hexed("before", before)
	sum := sha256.Sum256(b)
	return sum[:]
}
