package village

import (
	"fmt"
	"slices"
	"strconv"
)

// number settles under which number each household of a roll stands and which
// household of the village it is, if any. Passbooks hang on this: a household
// must never become another one because a row was inserted above it.
func (in *reading) number(village []*known) map[*said]*known {
	if !slices.ContainsFunc(in.homes, func(h *said) bool { return h.Number != "" }) {
		return in.makeNumbers(village)
	}
	have := numbersOf(village)
	in.prefixNumbers(have)
	out, rows := map[*said]*known{}, map[string]int{}
	for _, h := range in.homes {
		key := shortNumber(h.Number)
		switch first, seen := rows[key]; {
		case h.Number == "":
			in.wrong(h.first, "number", "还没有填；别的户都有户号")
			continue
		case badNumber(h.Number) != "":
			in.wrong(h.first, "number", badNumber(h.Number))
			continue
		case seen:
			in.wrong(h.first, "number", fmt.Sprintf("“%s”和第 %d 行重复", h.Number, first))
			continue
		}
		rows[key] = h.first.Number
		if k := have[key]; k != nil {
			out[h], h.Number = k, k.Number
		}
	}
	return out
}

// numbersOf finds households by their numbers without leading noughts:
// spreadsheets lose those.
func numbersOf(village []*known) map[string]*known {
	out := make(map[string]*known, len(village))
	for _, k := range village {
		if key := shortNumber(k.Number); out[key] == nil || k.Number == key {
			out[key] = k
		}
	}
	return out
}

// prefixNumbers puts the group before numbers that begin anew in every group:
// 12 of group 3 becomes 3012. A roll of a single group follows the numbers that
// the village has already.
func (in *reading) prefixNumbers(have map[string]*known) {
	groups, repeated := map[string]int{}, false
	plain, prefixed := 0, 0
	for _, h := range in.homes {
		key := shortNumber(h.Number)
		g, seen := groups[key]
		repeated = repeated || seen && g != h.Group && h.Number != ""
		groups[key] = h.Group
		if p := grouped(h.Group, h.Number); have[key] != nil {
			plain++
		} else if p != h.Number && have[p] != nil {
			prefixed++
		}
	}
	if !repeated && prefixed <= plain {
		return
	}
	for _, h := range in.homes {
		h.Number = grouped(h.Group, h.Number)
	}
	in.say("各组的户号是分开编的，前面加上组号：3 组 12 号写成 " + grouped(3, "12"))
}

// grouped is a number with its group in front; plain numbers up to 999 stay
// plain numbers.
func grouped(group int, number string) string {
	if group == 0 || number == "" {
		return number
	}
	if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < 1000 {
		return strconv.Itoa(group*1000 + n)
	}
	return fmt.Sprintf("%d-%s", group, number)
}

type groupHead struct {
	group int
	head  string
}

// makeNumbers numbers a roll that has no numbers: group × 1000 + serial. Whoever
// is in the village already is recognised by group and head and keeps the
// number; several of the same name only if the roll has as many.
func (in *reading) makeNumbers(village []*known) map[*said]*known {
	there, here := map[groupHead][]*known{}, map[groupHead][]*said{}
	taken, last := map[string]bool{}, map[int]int{}
	for _, k := range village {
		taken[shortNumber(k.Number)] = true
		if !k.Left() {
			there[groupHead{k.Group, k.Head}] = append(there[groupHead{k.Group, k.Head}], k)
		}
	}
	for _, h := range in.homes {
		here[groupHead{h.Group, h.Head}] = append(here[groupHead{h.Group, h.Head}], h)
	}
	out, made := map[*said]*known{}, 0
	for _, h := range in.homes {
		key := groupHead{h.Group, h.Head}
		switch same := there[key]; {
		case len(same) == 0:
			h.Number = nextNumber(h.Group, taken, last)
			made++
		case len(same) == len(here[key]):
			k := same[slices.Index(here[key], h)]
			out[h], h.Number = k, k.Number
		default:
			in.wrong(h.first, "head", fmt.Sprintf("“%s”在 %d 组有同名的户，分不清是哪一户；请加一列户号", h.Head, h.Group))
		}
	}
	if made > 0 {
		in.say(fmt.Sprintf("没有户号列，由系统编号：组号在前，组内从 1 数起，如 3 组第 5 户是 %s；共编 %d 户", made3005, made))
	}
	return out
}

var made3005 = serial(3, 5)

func serial(group, n int) string {
	if group == 0 {
		return fmt.Sprintf("%03d", n)
	}
	return strconv.Itoa(group*1000 + n)
}

// nextNumber is the group's next free number. The thousandth household of a
// group finds its number taken by the next group and goes on counting.
func nextNumber(group int, taken map[string]bool, last map[int]int) string {
	for {
		last[group]++
		n := serial(group, last[group])
		if key := shortNumber(n); !taken[key] {
			taken[key] = true
			return n
		}
	}
}
