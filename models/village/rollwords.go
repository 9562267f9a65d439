package village

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"pointstore/models"
)

// Rolls answer the same question in many words. Each of these tells what a cell
// says; known is false for words nobody here has met.

func residenceWord(s string) (key string, known bool) {
	switch {
	case strings.Contains(s, "空"):
		return "empty", true
	case holds(s, "外出", "外地", "在外", "不在", "打工", "务工"):
		return "away", true
	case holds(s, "常住", "在家", "在村", "居住", "本村", "是"):
		return "resident", true
	}
	return keyOf(Residences, s)
}

func originWord(s string) (key string, known bool) {
	switch {
	case holds(s, "自主", "自发", "外来", "不在", "外地", "非", "无", "未迁入"):
		return "migrant", true
	case holds(s, "在村", "本村", "本地", "在册", "户籍", "移民", "搬迁", "有", "是"):
		return "native", true
	}
	return keyOf(Origins, s)
}

func joiningWord(s string) (key string, known bool) {
	yes, known := yesWord(s)
	switch {
	case holds(s, "不参加", "暂不", "未参加", "退出", "没"):
		return "out", true
	case holds(s, "参加", "参与", "加入"):
		return "in", true
	case known && yes:
		return "in", true
	case known:
		return "out", true
	}
	return keyOf(Joinings, s)
}

func yesWord(s string) (yes, known bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n > 0, true
	}
	switch {
	case holds(s, "否", "非", "不", "无", "没", "×", "✗", "✘"), strings.EqualFold(s, "x"), strings.EqualFold(s, "n"):
		return false, true
	case holds(s, "是", "有", "党员", "√", "✓", "✔", "对"), strings.EqualFold(s, "y"):
		return true, true
	}
	return false, false
}

// words are the readers of the columns that answer with a word.
var words = map[string]func(string) (string, bool){
	"residence": residenceWord, "origin": originWord, "joining": joiningWord,
	"party": func(s string) (string, bool) { yes, known := yesWord(s); return strconv.FormatBool(yes), known },
}

func holds(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// keyOf accepts our own keys and titles, as our own exports write them.
func keyOf(list []Option, s string) (string, bool) {
	for _, o := range list {
		if s == o.Key || s == o.Title {
			return o.Key, true
		}
	}
	return "", false
}

// isHead recognises the relation that says: this is the head.
func isHead(relation string) bool {
	switch strings.ReplaceAll(relation, " ", "") {
	case HeadRelation, "本人", "户主本人", "本人或户主", "户主/本人":
		return true
	}
	return false
}

// groupIn finds a group in a title or a section: 三组, 青石村第3村民小组花名册.
var groupIn = regexp.MustCompile(`第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:村民小)?[组社队]`)

func groupOf(s string) int {
	if m := groupIn.FindStringSubmatch(models.Normal(s)); m != nil {
		return numeral(m[1])
	}
	return 0
}

// adult is the age from which a person is kept by name.
const adult = 14

var (
	ageWord   = regexp.MustCompile(`([0-9]{1,3})\s*周?岁`)
	yearWord  = regexp.MustCompile(`^(19|20)[0-9]{2}`)
	inBracket = regexp.MustCompile(`^(.+?)[(（\[【]([^)）\]】]*)[)）\]】]?$`)
)

// ageOf reads an age: 12, 12岁, or a birthday's year. known is false for
// everything else.
func ageOf(s string, thisYear int) (age int, known bool) {
	s = models.Normal(s)
	if m := ageWord.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n <= 130 {
		return n, true
	}
	if y := yearWord.FindString(s); y != "" {
		n, _ := strconv.Atoi(y)
		return max(thisYear-n, 0), true
	}
	return 0, false
}

// split takes a cell full of members apart: 李花（配偶）、马小军、王 芳. Children
// whose age is given as below fourteen are counted instead of named.
func split(cell string, thisYear int) (people []MemberForm, children int) {
	for _, part := range parts(models.Normal(cell)) {
		m := MemberForm{Name: part}
		if b := inBracket.FindStringSubmatch(part); b != nil {
			m.Name, m.Relation = b[1], strings.TrimSpace(b[2])
		} else if before, after, found := strings.Cut(part, ":"); found {
			m.Name, m.Relation = strings.TrimSpace(after), strings.TrimSpace(before)
		}
		if age, known := ageOf(m.Relation, thisYear); known {
			if age < adult {
				children++
				continue
			}
			m.Relation = strings.Trim(ageWord.ReplaceAllString(m.Relation, ""), "0123456789 ,，、")
		}
		m.Name = CleanName(m.Name)
		people = append(people, m)
	}
	return people, children
}

// parts cuts at commas and the like; where there are none, at blanks. Two single
// characters are one padded name: 王 芳.
func parts(cell string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、,，;；/|\n\r+", r) }) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	if len(out) != 1 || strings.ContainsAny(out[0], "(（:") {
		return out
	}
	words, han := strings.Fields(out[0]), true
	for _, r := range out[0] {
		han = han && (ideograph(r) || r == ' ' || dot(r))
	}
	if !han || len(words) < 2 {
		return out
	}
	var names []string
	for _, w := range words {
		if n := len(names); n > 0 && utf8.RuneCountInString(names[n-1]) == 1 && utf8.RuneCountInString(w) <= 2 {
			names[n-1] += w
			continue
		}
		names = append(names, w)
	}
	return names
}
