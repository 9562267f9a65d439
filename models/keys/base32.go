package keys

import (
	"strings"
	"unicode"

	"pointstore/models"
)

// alphabet is Crockford's: no I, L, O (read as 1, 1, 0) and no U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var values = func() (t [128]int8) {
	for i := range t {
		t[i] = -1
	}
	for i, c := range []byte(alphabet) {
		t[c] = int8(i)
	}
	t['O'], t['I'], t['L'] = 0, 1, 1
	return
}()

// encode writes bytes five bits at a time, the first bit first; the last
// character is filled up with zero bits.
func encode(b []byte) string {
	out := make([]byte, 0, (len(b)*8+4)/5)
	var acc uint32
	bits := 0
	for _, c := range b {
		acc, bits = acc<<8|uint32(c), bits+8
		for ; bits >= 5; bits -= 5 {
			out = append(out, alphabet[acc>>(bits-5)&31])
		}
	}
	if bits > 0 {
		out = append(out, alphabet[acc<<(5-bits)&31])
	}
	return string(out)
}

// checkChar is a checksum over the field of 32 elements (polynomial x⁵+x²+1):
// each place weighs another power of the generator, so one wrong character and
// any two exchanged ones are always noticed, in texts of up to 30 characters.
// Unlike Crockford's own mod-37 check it needs no sign outside the alphabet, so
// it can be typed on any keyboard and stays within a QR code's alphanumeric mode.
func checkChar(s string) byte {
	sum := byte(1) // so that a row of zeros is not a valid code
	for i := range len(s) {
		sum = times2(sum) ^ byte(values[s[i]])
	}
	return alphabet[times2(sum)]
}

func times2(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}

// withCheck appends the check character.
func withCheck(s string) string { return s + string(checkChar(s)) }

// checked says whether the last character is the check character of the others.
func checked(s string) bool {
	return len(s) > 1 && checkChar(s[:len(s)-1]) == s[len(s)-1]
}

// fold turns what a person, a barcode gun or an input method made of a code back
// into the alphabet: case, full-width letters, O I L, spaces, dashes and every
// other sign (a pinyin method puts apostrophes between syllables). A letter or
// digit that no code can hold makes it false.
func fold(s string) (string, bool) {
	ok := true
	out := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return -1
		}
		if r = unicode.ToUpper(r); r >= 128 || values[r] < 0 {
			ok = false
			return -1
		}
		return rune(alphabet[values[r]])
	}, models.Normal(s))
	return out, ok && out != ""
}

// Pretty groups a code in fours for the eye: 7K2M-Q9XF.
func Pretty(code string) string {
	var b strings.Builder
	for i, c := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(c)
	}
	return b.String()
}
