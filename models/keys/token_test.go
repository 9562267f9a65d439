package keys

import (
	"strings"
	"testing"

	"pointstore/models"
)

func TestCardDiffersByVillageHouseholdAndNumber(t *testing.T) {
	k := Test()
	seen := map[Token]bool{k.Counter(7, 12, 1): true}
	for _, c := range []Token{
		k.Card(ma, 1), k.Card(ma, 2), k.Card(models.Household{Village: 12, ID: 7}, 1),
		k.Card(models.Household{Village: 7, ID: 13}, 1), fromMaster([32]byte{1}).Card(ma, 1),
	} {
		if seen[c] || len(c) != cardLength {
			t.Errorf("%s was made for something else too, or is misshapen", c)
		}
		seen[c] = true
	}
}

func TestParseTokenReadsWhatPeopleAndGunsType(t *testing.T) {
	want := Test().Card(ma, 1) // SABSB0RB4T2ZEJKW0
	for _, s := range []string{
		"SABSB0RB4T2ZEJKW0", "SABS-B0RB-4T2Z-EJKW-0", "sabs b0rb 4t2z ejkw 0", "SABSBORB4T2ZEJKWO", "sabsborb4t2zejkwo",
		"ＳＡＢＳＢ０ＲＢ４Ｔ２ＺＥＪＫＷ０", "ｓａｂｓ－ｂ０ｒｂ－４ｔ２ｚ－ｅｊｋｗ－０", "sa'bs'b0rb'4t2z'ejkw'0", "SABS—B0RB—4T2Z—EJKW—0",
		"SABSB0RB4T2ZEJKW0\r\n", "\tSABSB0RB4T2ZEJKW0\t", "]C1SABSB0RB4T2ZEJKW0", "]Q1HTTPS://JF.EXAMPLE.CN/C/SABSB0RB4T2ZEJKW0",
		"HTTPS://JF.EXAMPLE.CN/C/SABSB0RB4T2ZEJKW0", "https://other.example.cn:8443/c/sabsb0rb4t2zejkw0?from=singlemessage#top",
		"http://192.168.1.5:8080/C/SABSB0RB4T2ZEJKW0/", "ｈｔｔｐｓ：／／jf.example.cn／c／SABSB0RB4T2ZEJKW0", "https:、、jf。example。cn、c、sabsb0rb4t2zejkw0",
	} {
		if got, ok := ParseToken(s); !ok || got != want {
			t.Errorf("ParseToken(%q) = %q, %v", s, got, ok)
		}
	}
	voucher, _ := NewVoucher()
	if got, ok := ParseToken(strings.ToLower(VoucherText("https://jf.example.cn/", voucher))); !ok || got != voucher || !got.Voucher() {
		t.Errorf("a voucher's address: got %q, %v, want %q", got, ok, voucher)
	}
	for _, s := range []string{
		"", "SABSB0RB4T2ZEJKW", "SABSB0RB4T2ZEJKW1", "SABSB0RB4T2ZEJKWU", "SABSB0RB4T2ZEJKW00", "马SABSB0RB4T2ZEJKW0",
		"https://jf.example.cn/board/SABSB0RB4T2ZEJKW0", "6901234567892", "https://jf.example.cn/c/", strings.Repeat("0", 17), strings.Repeat("-", 10000),
	} {
		if got, ok := ParseToken(s); ok {
			t.Errorf("ParseToken(%q) = %q, want nothing", s, got)
		}
	}
}

func TestParseTokenNoticesEverySlip(t *testing.T) {
	voucher, code := NewVoucher()
	for _, good := range []string{string(Test().Card(ma, 1)), string(voucher)} {
		slips(good, func(s string) {
			if _, ok := ParseToken(s); ok {
				t.Errorf("%s was taken for %s", s, good)
			}
		})
	}
	slips(code, func(s string) {
		if _, ok := ParseCode(s); ok {
			t.Errorf("%s was taken for %s", s, code)
		}
	})
}

// slips makes every text that differs in one character, or in two exchanged.
func slips(good string, try func(string)) {
	for i := range len(good) {
		for _, c := range []byte(alphabet) {
			if c != good[i] {
				try(good[:i] + string(c) + good[i+1:])
			}
		}
		for j := i + 1; j < len(good); j++ {
			if b := []byte(good); b[i] != b[j] {
				b[i], b[j] = b[j], b[i]
				try(string(b))
			}
		}
	}
}

func TestNewVoucherGivesTwoFacesThatReadBack(t *testing.T) {
	k := Test()
	a, codeA := NewVoucher()
	b, codeB := NewVoucher()
	if a == b || codeA == codeB || len(a) != voucherLength || len(codeA) != codeLength {
		t.Fatalf("got %s %s and %s %s", a, codeA, b, codeB)
	}
	if got, ok := ParseCode(" " + strings.ToLower(Pretty(codeA)) + " "); !ok || got != codeA {
		t.Errorf("got %q, %v, want %q", got, ok, codeA)
	}
	if string(k.CodeHash(7, 1, codeA)) == string(k.CodeHash(7, 2, codeA)) {
		t.Error("a code is the same at another counter")
	}
}

func TestCardTextStaysInTheAlphanumericMode(t *testing.T) {
	k := Test()
	got := CardText("https://jf.example.cn/", k.Card(ma, 1))
	if want := "HTTPS://JF.EXAMPLE.CN/C/SABSB0RB4T2ZEJKW0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if rest := strings.Trim(CounterText("http://jf.example.cn:8080", k.Counter(7, 1, 1)), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"); rest != "" {
		t.Errorf("%q is outside the alphanumeric mode", rest)
	}
}

func TestSameCheckCodeForgivesTyping(t *testing.T) {
	for _, s := range []string{"EQBS-56KV", "eqbs56kv", " ｅｑｂｓ　５６ｋｖ ", "EQBS—56KV"} {
		if !SameCheckCode("EQBS-56KV", s) {
			t.Errorf("%q was refused", s)
		}
	}
	if !SameCheckCode("1010-AAAA", "lOiO-aaaa") || SameCheckCode("1000-AAAA", "lOiO-aaaa") {
		t.Error("O must be 0, and I and L must be 1")
	}
	for _, s := range []string{"", "EQBS-56KW", "EQBS-56K", "EQBS-56KVV", "EQBS-56KU"} {
		if SameCheckCode("EQBS-56KV", s) {
			t.Errorf("%q was taken", s)
		}
	}
	if SameCheckCode("", "") || SameCheckCode("EQBS", "EQBS") {
		t.Error("something shorter than a code was taken for one")
	}
	if a, b := NewSetupCode(), NewSetupCode(); a == b || !SameCheckCode(a, strings.ToLower(a)) || SameCheckCode(a, b) {
		t.Errorf("set-up codes %s and %s", a, b)
	}
}

func FuzzParseToken(f *testing.F) {
	for _, s := range []string{
		"SABS-B0RB-4T2Z-EJKW-0", "https://jf.example.cn/c/sabsb0rb4t2zejkw0?x=1", "]Q1HTTPS:、、A、C、SABSB0RB4T2ZEJKW0", "／Ｃ／", "ſıK", "\xff/c/\xff", "𠮷",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tok, ok := ParseToken(s)
		if !ok {
			if tok != "" {
				t.Errorf("refused, yet gave %q", tok)
			}
			return
		}
		if strings.Trim(string(tok), alphabet) != "" || len(tok) != cardLength && len(tok) != voucherLength {
			t.Errorf("%q became %q, which is no token", s, tok)
		}
		for _, again := range []string{string(tok), tok.Pretty(), strings.ToLower(tok.Pretty()), CardText("https://a.cn", tok)} {
			if got, ok := ParseToken(again); !ok || got != tok {
				t.Errorf("%q became %q, %v; want %q", again, got, ok, tok)
			}
		}
	})
}
