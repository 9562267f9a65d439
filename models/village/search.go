package village

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// groupWord is the group at the beginning of a question: 3组, 第三组, 3组012.
var groupWord = regexp.MustCompile(`^第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:村民小)?[组社队]`)

// Search finds households still there by number, name, member's name, pinyin,
// initials or group, the closest first. An empty question finds nobody.
func Search(ctx context.Context, c db.Conn, village int64, q string, limit int) ([]Home, error) {
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	q = strings.ReplaceAll(models.Normal(q), " ", "")
	group := 0
	if m := groupWord.FindStringSubmatch(q); m != nil {
		if group = numeral(m[1]); group != 0 {
			q = strings.TrimPrefix(q, m[0])
		}
	}
	q = folded(q)
	switch {
	case q == "" && group == 0:
		return nil, nil
	case q == "":
		return Homes(ctx, c, village, Filter{Group: group, Limit: limit})
	case group != 0:
		return homes(ctx, c, searchSQL("AND h.group_no = ?"), village, group, q, "#"+q+" ", " "+q+" ", " "+q, "#"+q, limit)
	}
	return homes(ctx, c, searchSQL(""), village, q, "#"+q+" ", " "+q+" ", " "+q, "#"+q, limit)
}

// searchSQL ranks: the number itself, a whole name or spelling, the beginning
// of one, the beginning of a number, anything else.
func searchSQL(narrow string) string {
	return "SELECT " + homeColumns + ` FROM households h
		WHERE h.village_id = ? AND h.left_at = 0 ` + narrow + ` AND INSTR(h.search, ?) > 0
		ORDER BY CASE
			WHEN INSTR(h.search, ?) > 0 THEN 0
			WHEN INSTR(h.search, ?) > 0 THEN 1
			WHEN INSTR(h.search, ?) > 0 THEN 2
			WHEN INSTR(h.search, ?) > 0 THEN 3
			ELSE 4 END, LENGTH(h.number), h.number LIMIT ?`
}

// numeral reads 1 to 99 in figures or Chinese; 0 for anything else.
func numeral(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	digit := func(s string) int { return strings.Index("一二三四五六七八九", s)/3 + 1 }
	tens, ones, found := strings.Cut(s, "十")
	switch {
	case !found && len(s) == 3:
		return digit(s)
	case !found || len(tens) > 3 || len(ones) > 3:
		return 0
	}
	n := 10
	if tens != "" {
		n = 10 * digit(tens)
	}
	if ones != "" {
		n += digit(ones)
	}
	return n
}
