package village

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"pointstore/models"
)

// surnames are characters read differently when they are one; the reading goes
// before those of the dictionary, which stay.
var surnames = map[rune]string{
	'单': "shan", '仇': "qiu", '解': "xie", '查': "zha", '曾': "zeng", '任': "ren", '盖': "ge", '区': "ou",
	'朴': "piao", '尉': "yu", '乐': "yue", '缪': "miao", '员': "yun", '翟': "zhai", '宓': "fu", '冼': "xian",
	'黑': "he", '折': "she", '种': "chong", '秘': "bi", '繁': "po", '覃': "qin", '晟': "cheng", '适': "kuo",
	'纪': "ji", '华': "hua", '那': "na", '郇': "xun", '隗': "wei", '召': "shao", '葛': "ge", '燕': "yan", '洗': "xian",
}

// mostSpellings bounds how many spellings of one name are indexed. Names with
// more keep every reading of every character, but not every combination.
const mostSpellings = 48

// folded is a name or a question as the index holds it: small letters, without
// dots, blanks and signs.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ü' || r == 'Ü':
			return 'v' // as it is typed
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '〇':
			return unicode.ToLower(r)
		}
		return -1
	}, models.Normal(s))
}

// indexed is the index text of a household: its number with and without leading
// noughts behind a #, then every name with its spellings. Each word has a blank
// on both sides, so that one INSTR finds a word, its beginning or a part of it.
func indexed(number string, names ...string) string {
	words := []string{"#" + folded(number)}
	if short := shortNumber(folded(number)); short != folded(number) {
		words = append(words, "#"+short)
	}
	for _, n := range names {
		for _, w := range spellings(n) {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return " " + strings.Join(words, " ") + " "
}

// indexedName is the index text of one person.
func indexedName(name string) string { return " " + strings.Join(spellings(name), " ") + " " }

// shortNumber is a number without the noughts in front of it.
func shortNumber(s string) string {
	if short := strings.TrimLeft(s, "0"); short != "" {
		return short
	}
	return s
}

// spellings lists a name itself, its pinyin and its initials in every reading.
// Characters without a known reading (𠮷) are left out of the pinyin and found
// by themselves.
func spellings(name string) []string {
	out := []string{folded(name)}
	var chars [][]string
	for i, r := range []rune(folded(name)) {
		all := readings(r)
		if own := surnames[r]; i == 0 && own != "" {
			all = append([]string{own}, slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == own })...)
		}
		if len(all) > 0 {
			chars = append(chars, all)
		}
	}
	if len(chars) == 0 {
		return out
	}
	for _, reading := range combine(chars) {
		initials := ""
		for _, s := range reading {
			initials += s[:1]
		}
		for _, w := range []string{strings.Join(reading, ""), initials} {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

var memo sync.Map // rune → []string; names use few characters again and again

// readings are the toneless readings of a character, the commonest first.
func readings(r rune) []string {
	if all, ok := memo.Load(r); ok {
		return all.([]string)
	}
	var all []string
	for _, s := range pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal, Heteronym: true}) {
		if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == "" {
			all = append(all, s)
		}
	}
	memo.Store(r, all)
	return all
}

// combine picks one reading per character in every way; when those are too
// many, every reading beside the commonest ones of its neighbours.
func combine(chars [][]string) [][]string {
	ways := 1
	for _, c := range chars {
		if ways *= len(c); ways > mostSpellings {
			return oneByOne(chars)
		}
	}
	all := [][]string{nil}
	for _, c := range chars {
		var next [][]string
		for _, so := range all {
			for _, s := range c {
				next = append(next, append(slices.Clone(so), s))
			}
		}
		all = next
	}
	return all
}

func oneByOne(chars [][]string) [][]string {
	plain := make([]string, len(chars))
	for i, c := range chars {
		plain[i] = c[0]
	}
	all := [][]string{plain}
	for i, c := range chars {
		for _, s := range c[1:] {
			other := slices.Clone(plain)
			other[i] = s
			all = append(all, other)
		}
	}
	return all
}
