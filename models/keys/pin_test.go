package keys

import (
	"errors"
	"strings"
	"testing"

	"pointstore/models"
)

func TestCheckPINFitsOneHouseholdUnderOneKeyFile(t *testing.T) {
	k := Test()
	stored := k.PIN(ma, "274951")
	for _, s := range []string{"274951", "２７４９５１", " 274 951 "} {
		if !k.CheckPIN(ma, stored, s) {
			t.Errorf("%q was refused", s)
		}
	}
	for name, ok := range map[string]bool{
		"wrong":             k.CheckPIN(ma, stored, "274952"),
		"nothing":           k.CheckPIN(ma, stored, ""),
		"other household":   k.CheckPIN(models.Household{Village: 7, ID: 13}, stored, "274951"),
		"other village":     k.CheckPIN(models.Household{Village: 8, ID: 12}, stored, "274951"),
		"other key file":    fromMaster([32]byte{1}).CheckPIN(ma, stored, "274951"),
		"no PIN was set":    k.CheckPIN(ma, nil, "274951"),
		"no PIN, none told": k.CheckPIN(ma, nil, ""),
	} {
		if ok {
			t.Errorf("%s: was taken", name)
		}
	}
}

func TestParsePINRefusesWhatNeighboursTryFirst(t *testing.T) {
	for _, s := range []string{
		"0000", "1111", "888888", "1234", "2345", "123456", "654321", "7890", "890123", "3210", "1212", "123123", "454545", "1314", "520520",
		"123", "1234567", "12a4", "", "一二三四",
	} {
		pin, err := ParsePIN(s)
		var e *models.Error
		if !errors.As(err, &e) || pin != "" || e.Field != "pin" || e.Kind != models.Input {
			t.Errorf("ParsePIN(%q) = %q, %v", s, pin, err)
		} else if s != "" && strings.Contains(e.Say, s) {
			t.Errorf("the refusal of %q repeats it: %s", s, e.Say)
		}
	}
	for _, s := range []string{"2749", "２７４９", "27 49 51", "0395", "199305"} {
		if pin, err := ParsePIN(s); err != nil || strings.Trim(pin, "0123456789") != "" {
			t.Errorf("ParsePIN(%q) = %q, %v", s, pin, err)
		}
	}
}

func TestNewPINIsSixDigitsAndNeverWeak(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		pin := NewPIN()
		if got, err := ParsePIN(pin); err != nil || got != pin || len(pin) != 6 {
			t.Fatalf("%q: %v", pin, err)
		}
		seen[pin] = true
	}
	if len(seen) < 1950 {
		t.Errorf("only %d different ones in 2000", len(seen))
	}
}
