package models

import (
	"fmt"
	"strings"
)

// MaskName hides a name so that neighbours can still be told apart: surname,
// star, last character (马*明). Two characters keep the surname only (丁*);
// names with a middle dot keep what stands before it (马·阿*拉).
func MaskName(name string) string {
	r := []rune(strings.TrimSpace(name))
	if len(r) == 0 {
		return ""
	}
	for i, c := range r {
		if c != '·' && c != '•' && c != '・' || i == 0 || i == len(r)-1 {
			continue
		}
		rest := r[i+1:]
		if len(rest) == 1 {
			return string(r[:i]) + "·*"
		}
		if len(rest) == 2 {
			return string(r[:i]) + "·" + string(rest[:1]) + "*"
		}
		return string(r[:i]) + "·" + string(rest[:1]) + "*" + string(rest[len(rest)-1:])
	}
	if len(r) <= 2 {
		return string(r[:1]) + "*"
	}
	return string(r[:1]) + "*" + string(r[len(r)-1:])
}

// Mark is how a household is told apart in public beside its masked name:
// group and the last three characters of its number: 3组012.
func Mark(group int, number string) string {
	r := []rune(number)
	if len(r) > 3 {
		r = r[len(r)-3:]
	}
	if group <= 0 {
		return string(r)
	}
	return fmt.Sprintf("%d组%s", group, string(r))
}
