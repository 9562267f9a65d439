package keys

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pointstore/models"
)

func TestCheckPasswordTakesTheOneThatWasHashed(t *testing.T) {
	const pw = "luo-yu 2026 冬"
	a, err := HashPassword(t.Context(), pw)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := HashPassword(t.Context(), pw)
	if a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") || len(a) > 128 {
		t.Errorf("got %s and %s", a, b)
	}
	for s, want := range map[string]bool{pw: true, "ｌｕｏ－ｙｕ　２０２６　冬": true, "luo-yu 2026 春": false, "": false} {
		if ok, err := CheckPassword(t.Context(), a, s); ok != want || err != nil {
			t.Errorf("CheckPassword(%q) = %v, %v, want %v", s, ok, err, want)
		}
	}
}

func TestCheckPasswordCallsADamagedRowAnError(t *testing.T) {
	for _, stored := range []string{
		"", "plain", "$argon2i$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
		"$argon2id$v=19$m=4194304,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
		"$argon2id$v=19$m=19456,t=0,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
		"$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$", "$argon2id$v=19$m=19456,t=2,p=1$!$AAECAwQFBgcICQoLDA0ODw",
	} {
		if ok, err := CheckPassword(t.Context(), stored, "x"); ok || !errors.Is(err, errPasswordHash) {
			t.Errorf("%q: got %v, %v", stored, ok, err)
		}
	}
}

func TestCheckPasswordIsBusyWhenTheQueueOutlivesTheRequest(t *testing.T) {
	if cap(turns) != 2 {
		t.Fatalf("%d at once, want 2: each takes 19 MiB and a core", cap(turns))
	}
	for range cap(turns) {
		turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- CheckNobody(ctx, "whoever") }()
	select {
	case err := <-done:
		t.Fatalf("a third one went in at once: %v", err)
	default:
	}
	cancel()
	if err := <-done; !errors.Is(err, models.ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	for range cap(turns) {
		<-turns
	}
	if err := CheckNobody(t.Context(), "whoever"); err != nil {
		t.Errorf("turns are free again: %v", err)
	}
}

func TestGoodPasswordRefusesWhatIsGuessedFirst(t *testing.T) {
	for _, pw := range []string{
		"", "short7!", "12345678", "87654321", "77777777", "哈哈哈哈哈哈哈哈", "A123456789", "woaini1314", "5201314520", "P@ssw0rd", "Admin888",
		"mahonglan", "MaHongLan88", "88mahonglan", "１２３４５６７８", strings.Repeat("ab", 65),
	} {
		var e *models.Error
		if err := GoodPassword("mahonglan", pw); !errors.As(err, &e) || e.Field != "password" || e.Kind != models.Input {
			t.Errorf("GoodPassword(%q) = %v", pw, err)
		}
	}
	for _, pw := range []string{"luoyu-dongmai", "三月初八去赶集啊", "k7 vn2 pq9", "mahonglan 的小麦"} {
		if err := GoodPassword("mahonglan", pw); err != nil {
			t.Errorf("GoodPassword(%q) = %v", pw, err)
		}
	}
	if err := GoodPassword("", "luoyu-dongmai"); err != nil {
		t.Error(err)
	}
}
