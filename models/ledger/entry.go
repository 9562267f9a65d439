// Package ledger keeps the points. Entries are only ever added; a mistake is
// corrected by a second entry that names the first. A household's balance is
// the sum of its entries, and each entry's hash covers the one before it.
package ledger

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// Kind is what an entry is.
type Kind int

// The kinds. Their numbers are in every hash and never change.
const (
	Award    Kind = 1 // conduct that earns
	Deduct   Kind = 2 // conduct that costs
	Redeem   Kind = 3 // points for goods
	Reversal Kind = 4 // takes back the entry named by Cause
	Opening  Kind = 5 // balance carried over from paper
	Base     Kind = 6 // opening score of a period: honour only
	Gift     Kind = 7 // points that no conduct earned
	Clear    Kind = 8 // spendable points that a village resolved to clear; no conduct and no exchange
)

// String is the kind in the village's words.
func (k Kind) String() string {
	return [...]string{"", "加分", "扣分", "兑换", "更正", "旧账结转", "基础分", "赠送", "清零"}[k]
}

// Conduct reports whether the kind counts as conduct in a report.
func (k Kind) Conduct() bool { return k == Award || k == Deduct }

// Entry is one line of a household's passbook. The caller says what happened;
// Post fills Seq, Balance, Fen, Month, PostedAt, Op and Hash.
type Entry struct {
	Household models.Household
	Seq       int64
	Kind      Kind
	Points    models.Points // signed change of the spendable balance
	Honour    models.Points // signed change of the honour score
	Balance   models.Points // spendable balance after this line
	Fen       models.Fen    // value of Points when it was posted
	Category  int64         // the village's category; 0 for exchange and carry-over
	Month     models.Month  // settled once, at posting
	ActDate   models.Date   // the day people wrote down
	Late      bool          // 补录
	Cause     int64         // the award or redemption; for a reversal the seq it takes back
	Digest    []byte        // 16 bytes over salted free text, or nil
	PostedAt  models.Millis
	Op        db.OpID
	Hash      []byte // 32 bytes
	// AtMost makes a deduction take no more than is there. Post settles
	// Points; the flag itself is not kept.
	AtMost bool
	// undoes is the kind of the entry a reversal takes back.
	undoes Kind
}

// CheckCode is the short code that receipts, passbooks and notices carry.
func (e Entry) CheckCode() string { return keys.CheckCode(e.Hash) }

// Number is the receipt number: the household's own number and the line of its
// passbook, 012-57.
func (e Entry) Number(household string) string { return fmt.Sprintf("%s-%d", household, e.Seq) }

// Salt makes the salt that free text is hashed with, so that the text can be
// erased later without breaking the chain.
func Salt() []byte {
	b := make([]byte, 16)
	rand.Read(b)
	return b
}

// Digest is what enters the chain instead of free text: the first 16 bytes of
// SHA-256 over salt and text; nil for no text.
func Digest(salt []byte, text string) []byte {
	if text == "" {
		return nil
	}
	h := sha256.New()
	h.Write([]byte("pointstore.text.1\x00"))
	h.Write(salt)
	h.Write([]byte(text))
	return h.Sum(nil)[:16]
}
