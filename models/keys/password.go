package keys

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"pointstore/models"
)

// argon2id as OWASP recommends for a small machine: about 50 ms each.
const (
	passwordMemory  = 19 * 1024 // KiB
	passwordTime    = 2
	passwordThreads = 1
	passwordSalt    = 16 // bytes
	passwordSum     = 32 // bytes
	passwordLongest = 128
)

var errPasswordHash = errors.New("stored password hash is damaged")

// turns lets two people at once spend the memory and the core that argon2id
// takes; the others queue.
var turns = make(chan struct{}, 2)

func sum(ctx context.Context, pw string, salt []byte, memory, time uint32, threads uint8, size uint32) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, models.ErrBusy.Because(ctx.Err())
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return nil, models.ErrBusy.Because(ctx.Err())
	}
	return argon2.IDKey([]byte(models.Normal(pw)), salt, time, memory, threads, size), nil
}

// HashPassword makes the PHC string that is stored, 97 characters. Full-width
// letters count as their plain ones, since an input method may be on. The error
// is models.ErrBusy when ctx ends in the queue.
func HashPassword(ctx context.Context, pw string) (string, error) {
	salt := random(passwordSalt)
	h, err := sum(ctx, pw, salt, passwordMemory, passwordTime, passwordThreads, passwordSum)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, passwordMemory, passwordTime, passwordThreads, b64(salt), b64(h)), nil
}

// CheckPassword says whether pw is the one that was hashed. An error is no wrong
// guess and must not be counted as one: models.ErrBusy when ctx ended in the
// queue, or a damaged stored hash.
func CheckPassword(ctx context.Context, stored, pw string) (bool, error) {
	f := strings.Split(stored, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false, errPasswordHash
	}
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return false, errPasswordHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(f[4])
	want, err2 := base64.RawStdEncoding.DecodeString(f[5])
	// The bounds keep a doctored row from taking the machine's memory.
	if err1 != nil || err2 != nil || len(want) < 16 || len(want) > 64 || time < 1 || time > 16 ||
		threads < 1 || threads > 8 || memory > 256*1024 {
		return false, errPasswordHash
	}
	got, err := sum(ctx, pw, salt, memory, time, threads, uint32(len(want)))
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

// CheckNobody spends on an unknown login what a known one costs, so that the
// time of the answer does not tell them apart. The password is always wrong.
func CheckNobody(ctx context.Context, pw string) error {
	_, err := sum(ctx, pw, nobodySalt[:], passwordMemory, passwordTime, passwordThreads, passwordSum)
	return err
}

var nobodySalt [passwordSalt]byte

// GoodPassword refuses, in Chinese and for the field "password", what would be
// guessed first.
func GoodPassword(login, pw string) error {
	pw, login = strings.ToLower(models.Normal(pw)), strings.ToLower(models.Normal(login))
	bad := func(say string) error { return models.ErrInput.With(say).At("password") }
	switch n := utf8.RuneCountInString(pw); {
	case n < 8:
		return bad("密码至少要 8 个字符，还没有保存，请换一个长些的")
	case n > passwordLongest:
		return bad("密码最多 128 个字符，还没有保存，请换一个短些的")
	case fromLogin(login, pw):
		return bad("密码不能是登录名或登录名加数字，还没有保存，请换一个")
	case common[pw] || plainRow(pw):
		return bad("这个密码用的人太多，容易被猜中，还没有保存，请换一个")
	}
	return nil
}

// fromLogin says whether the password is the login, or it and digits.
func fromLogin(login, pw string) bool {
	before, after, found := strings.Cut(pw, login)
	return login != "" && found && strings.Trim(before+after, "0123456789") == ""
}

// plainRow says whether the password is one character again and again, or
// digits up or down in a row.
func plainRow(pw string) bool {
	if strings.Trim(pw, "0123456789") == "" && (run(pw, 1) || run(pw, 9)) {
		return true
	}
	_, n := utf8.DecodeRuneInString(pw)
	return strings.Trim(pw, pw[:n]) == ""
}
