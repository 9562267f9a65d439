package keys

import (
	"crypto/sha256"
	"log/slog"
	"regexp"
	"strings"

	"pointstore/models"
)

// Token is what a QR code carries: upper-case base32 without dashes, its last
// character a check. Cards and counter posters have 17 characters (80 bits),
// vouchers 27 (128 bits). Databases keep its Hash only.
type Token string

const (
	cardLength    = 17
	voucherLength = 27
	codeLength    = 8
	longestInput  = 600 // bytes; an address is seldom 100
)

// Card is the token on a household's card. The same card number gives the same
// token, so a card can be printed again; the next number makes the old one dead.
func (k *Keys) Card(h models.Household, cardNo int64) Token {
	return Token(withCheck(encode(mac(k.card, "", h.Village, h.ID, cardNo)[:10])))
}

// Counter is the token on a counter's poster; the next number makes the old
// poster dead.
func (k *Keys) Counter(village, counter, no int64) Token {
	return Token(withCheck(encode(mac(k.counter, "", village, counter, no)[:10])))
}

// NewVoucher draws the two faces of a voucher: the secret in its QR code, and a
// short code to be typed, good at its own counter for minutes only: seven random
// characters (35 bits) and a check character.
func NewVoucher() (secret Token, code string) {
	return Token(withCheck(encode(random(16)))), withCheck(encode(random(5))[:codeLength-1])
}

// CodeHash is what the database keeps of a voucher's short code: 16 bytes. Under
// the key, since 35 bits alone could be guessed from a stolen table.
func (k *Keys) CodeHash(village, counter int64, code string) []byte {
	return mac(k.code, code, village, counter)[:16]
}

// Hash is the SHA-256 under which the token is found.
func (t Token) Hash() [32]byte { return sha256.Sum256([]byte(t)) }

// Pretty is the token in groups, as it stands below the QR code.
func (t Token) Pretty() string { return Pretty(string(t)) }

// Voucher tells a voucher's token from a card's or a poster's.
func (t Token) Voucher() bool { return len(t) == voucherLength }

// LogValue keeps tokens out of the log.
func (t Token) LogValue() slog.Value { return slog.StringValue("token") }

// ParseToken reads a token as it comes from a person, a barcode gun or a camera:
// any case, grouped or not, through an input method, or inside the address of a
// QR code from whatever host. False when the check character says it was misread.
func ParseToken(s string) (Token, bool) {
	if len(s) > longestInput {
		return "", false
	}
	s, ok := fold(lastSegment(s))
	if !ok || len(s) != cardLength && len(s) != voucherLength || !checked(s) {
		return "", false
	}
	return Token(s), true
}

// ParseCode reads a voucher's short code the way ParseToken reads tokens.
func ParseCode(s string) (string, bool) {
	if len(s) > longestInput {
		return "", false
	}
	s, ok := fold(s)
	return s, ok && len(s) == codeLength && checked(s)
}

// gunMark is the symbology mark that some guns send first: ]C0, ]Q1.
var gunMark = regexp.MustCompile(`^[\]】][A-Z][0-9]`)

// lastSegment is what follows /C/, /Q/ or /P/ in an address, without a query
// (WeChat adds one); text without an address stays as it is. Chinese input
// methods turn a slash into 、.
func lastSegment(s string) string {
	s = strings.ToUpper(strings.ReplaceAll(models.Normal(s), "、", "/"))
	s = gunMark.ReplaceAllString(s, "")
	at := max(strings.LastIndex(s, "/C/"), strings.LastIndex(s, "/Q/"), strings.LastIndex(s, "/P/"))
	if at >= 0 {
		s, _, _ = strings.Cut(s[at+3:], "?")
		s, _, _ = strings.Cut(s, "#")
		s = strings.TrimRight(s, "/")
	}
	if strings.Contains(s, "/") {
		return "" // some other address
	}
	return s
}

// CardText is the address in a card's QR code. All of it is upper case: a QR
// code packs capitals, digits and :/.- into two thirds of the room of other
// letters, so the modules are larger and cheap phones read them. Hosts don't
// mind, and the routes are matched in any case; a base with a path of its own
// must not mind either.
func CardText(base string, t Token) string { return address(base, "/C/", t) }

// VoucherText is the address in a voucher's QR code.
func VoucherText(base string, t Token) string { return address(base, "/Q/", t) }

// CounterText is the address in a counter poster's QR code.
func CounterText(base string, t Token) string { return address(base, "/P/", t) }

func address(base, path string, t Token) string {
	return strings.ToUpper(strings.TrimRight(base, "/")) + path + string(t)
}
