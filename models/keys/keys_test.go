package keys

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pointstore/models"
)

var ma = models.Household{Village: 7, ID: 12}

// The values were worked out by another program from the written formats
// (Python's hmac, hashlib and cryptography; the password's by x/crypto). A change here makes printed cards, set
// PINs and stored fields of every village worthless.
func TestFormatsStayAsTheyWerePrinted(t *testing.T) {
	k := Test()
	hash := k.Card(ma, 1).Hash()
	var row [32]byte
	for i := range row {
		row[i] = byte(i)
	}
	for _, c := range []struct{ what, got, want string }{
		{"fingerprint", k.Fingerprint(), "4JR33AT8"},
		{"card", string(k.Card(ma, 1)), "SABSB0RB4T2ZEJKW0"},
		{"card on paper", k.Card(ma, 1).Pretty(), "SABS-B0RB-4T2Z-EJKW-0"},
		{"card hash", hex.EncodeToString(hash[:]), "e00992937781f02ce02322d92115ab45526cf3c1bae98eee3483c1ca6ec0b34a"},
		{"poster", string(k.Counter(7, 12, 1)), "8WY3RDSEQE7EBXV9H"},
		{"pin", hex.EncodeToString(k.PIN(ma, "274951")), "a1672a51500d952b96b4981d3c84016659affadfbfdc070f6360d0d6168342ea"},
		{"voucher code hash", hex.EncodeToString(k.CodeHash(7, 12, "7K2MQ9X4")), "92a0bd9e298e468393bd544b156a1d92"},
		{"csrf", k.CSRF(SecretHash("cookie")), "N3pPwde6vh394soPDnVMb6tDZZPWLzovL7AvQyoWNYw"},
		{"find", hex.EncodeToString(k.Find("phone", "13800138000")), "0115b67b4c439a294d8e6f6b8a9e558a"},
		{"check code", CheckCode(row[:]), "EQBS-56KV"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, c.got, c.want)
		}
	}
	sealed, _ := hex.DecodeString("01000102030405060708090a0bab7e54cf03fdf624aaf11ba595d42d9248eca369dcf9c68cbf425a")
	if got, err := k.Unseal("phone", sealed); err != nil || got != "13800138000" {
		t.Errorf("sealed field: got %q, %v", got, err)
	}
	const phc = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$c1eOmhR1jUBzRe8N9c13Oc2PM2nghqjTSyvpFLrmUmg"
	if ok, err := CheckPassword(t.Context(), phc, "xiaolinhe-2026"); err != nil || !ok {
		t.Errorf("password: got %v, %v", ok, err)
	}
}

func TestOpenMakesTheFileOnceAndReadsTheSameKeysAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pointstore.keys")
	if _, err := Open(path, false); !errors.Is(err, ErrNoKeyFile) {
		t.Fatalf("no file and no leave to make one: got %v", err)
	}
	made, err := Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	if made.Card(ma, 1) != again.Card(ma, 1) || made.Card(ma, 1) == Test().Card(ma, 1) {
		t.Error("the second opening gives other cards than the first, or the test keys")
	}
	if err := again.Match(made.Fingerprint()); err != nil {
		t.Error(err)
	}
	if err := again.Match(Test().Fingerprint()); !errors.Is(err, ErrWrongKeys) {
		t.Errorf("another database's fingerprint: got %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600 (%v)", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files beside the key file, want none", len(left)-1)
	}
}

func TestOpenByManyAtOnceMakesOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pointstore.keys")
	prints := make(chan string)
	for range 8 {
		go func() {
			k, err := Open(path, true)
			if err != nil {
				prints <- err.Error()
				return
			}
			prints <- k.Fingerprint()
		}()
	}
	first := <-prints
	for range 7 {
		if got := <-prints; got != first {
			t.Errorf("one has the keys %s, another %s", first, got)
		}
	}
	if k, err := Open(path, false); err != nil || k.Fingerprint() != first {
		t.Errorf("afterwards the file holds %v (%v), want %s", k, err, first)
	}
}

func TestOpenRefusesADamagedFileAndLeavesItAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pointstore.keys")
	if _, err := Open(path, true); err != nil {
		t.Fatal(err)
	}
	whole, _ := os.ReadFile(path)
	text := string(whole)
	at := strings.Index(text, "\nmaster ") + len("\nmaster ")
	digit := "0"
	if text[at] == '0' {
		digit = "1"
	}
	for name, broken := range map[string]string{
		"empty":         "",
		"cut short":     text[:len(text)-12],
		"one digit off": text[:at] + digit + text[at+1:],
		"half a master": text[:at] + text[at+32:],
		"new version":   strings.Replace(text, "keys 1", "keys 2", 1),
		"test keys":     fmt.Sprintf("pointstore-keys 1\nmaster %x\nfingerprint %s\n", testMaster, Test().Fingerprint()),
	} {
		os.WriteFile(path, []byte(broken), 0o600)
		_, err := Open(path, true)
		if !errors.Is(err, ErrKeyFile) {
			t.Errorf("%s: got %v, want ErrKeyFile", name, err)
		}
		if now, _ := os.ReadFile(path); string(now) != broken {
			t.Errorf("%s: the file was written over", name)
		}
	}
	notepad := "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
	os.WriteFile(path, []byte(notepad), 0o600)
	if _, err := Open(path, false); err != nil {
		t.Errorf("saved by Notepad: %v", err)
	}
}

func TestKeysPrintNothingSecret(t *testing.T) {
	k := Test()
	secret := hex.EncodeToString(testMaster[:4])
	for _, s := range []string{fmt.Sprint(k), fmt.Sprintf("%+v", k), fmt.Sprintf("%#v", k), k.LogValue().String(), k.Card(ma, 1).LogValue().String()} {
		if strings.Contains(s, secret) || strings.Contains(s, "SABS") || strings.Contains(s, fmt.Sprint(testMaster[0], testMaster[1])) {
			t.Errorf("printed %q", s)
		}
	}
}

func TestSealOpensForItsPurposeAndKeysOnly(t *testing.T) {
	k := Test()
	a, _ := k.Seal("phone", "13800138000")
	b, _ := k.Seal("phone", "13800138000")
	if string(a) == string(b) || strings.Contains(string(a), "138001") {
		t.Error("sealing twice gives the same bytes, or leaves the text readable")
	}
	if got, err := k.Unseal("phone", a); err != nil || got != "13800138000" {
		t.Errorf("got %q, %v", got, err)
	}
	other := fromMaster([32]byte{1})
	for name, open := range map[string]func() (string, error){
		"other purpose": func() (string, error) { return k.Unseal("bank", a) },
		"other keys":    func() (string, error) { return other.Unseal("phone", a) },
		"cut":           func() (string, error) { return k.Unseal("phone", a[:len(a)-1]) },
		"empty":         func() (string, error) { return k.Unseal("phone", nil) },
		"touched":       func() (string, error) { c := append([]byte{}, a...); c[20] ^= 1; return k.Unseal("phone", c) },
	} {
		if got, err := open(); err == nil || got != "" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestPhoneComesOutInOneForm(t *testing.T) {
	for _, s := range []string{"13800138000", " 138 0013 8000", "138-0013-8000", "１３８００１３８０００", "+86 13800138000", "8613800138000", "'13800138000"} {
		if got, err := Phone(s); err != nil || got != "13800138000" {
			t.Errorf("Phone(%q) = %q, %v", s, got, err)
		}
	}
	for s, say := range map[string]string{
		"1.38E+10": "设为文本", "13800138000.0": "设为文本", "138****8000": "星号",
		"1380013800": "11 位", "12800138000": "13 到 19", "0951-5023456": "13 到 19", "一三八": "11 位", "": "11 位",
	} {
		_, err := Phone(s)
		var e *models.Error
		if !errors.As(err, &e) || e.Kind != models.Input || e.Field != "phone" || !strings.Contains(e.Say, say) {
			t.Errorf("Phone(%q): got %+v, want a sentence with %s", s, err, say)
		}
	}
}

func TestCSRFFitsItsOwnSessionOnly(t *testing.T) {
	k, a, b := Test(), SecretHash(NewSecret()), SecretHash(NewSecret())
	if a == b {
		t.Fatal("two secrets alike")
	}
	if !k.CheckCSRF(a, k.CSRF(a)) || k.CheckCSRF(b, k.CSRF(a)) || k.CheckCSRF(a, "") {
		t.Error("a form token must fit its own session and no other")
	}
}
