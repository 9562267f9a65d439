package keys

import "pointstore/models"

// lookLength is a look-up code: eleven characters of HMAC, 55 bits, and a check
// character.
const lookLength = 12

// ErrLookCode is the one answer to a mistyped, an unknown and a made-up code.
var ErrLookCode = models.ErrNotFound.With("没有查到，请照着回执上的查询码重新填；回执丢了，请找村监督员")

// LookCode is the code under which somebody without a name asks how their
// objection was answered: 7K2M-Q9XF-3ABC. It is worked out from the paper's id,
// so a lost answer can be given again, and nothing in the database leads to it.
func (k *Keys) LookCode(village, id int64) string {
	return Pretty(withCheck(encode(mac(k.derive("look.1"), "", village, id)[:7])[:lookLength-1]))
}

// LookHash is what the database keeps of a look-up code, as people type it;
// ErrNotFound for what cannot be one.
func (k *Keys) LookHash(code string) ([]byte, error) {
	if len(code) > longestInput {
		return nil, ErrLookCode
	}
	folded, ok := fold(code)
	if !ok || len(folded) != lookLength || !checked(folded) {
		return nil, ErrLookCode
	}
	return k.Find("look", folded), nil
}
