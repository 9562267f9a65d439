package village

import (
	"context"
	"strings"

	"pointstore/models/db"
)

// SearchTexts are what Search looks through, by household: number, names, their
// pinyin and initials. Lists that are sieved on the page carry them.
func SearchTexts(ctx context.Context, c db.Conn, village int64) (map[int64]string, error) {
	out := map[int64]string{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		var text string
		err := row.Scan(&id, &text)
		out[id] = strings.TrimSpace(strings.ReplaceAll(text, "#", ""))
		return err
	}, "SELECT id, search FROM households WHERE village_id = ? AND left_at = 0", village)
	return out, err
}

// Spelt is a word with its pinyin and initials, to be found by any of them.
func Spelt(word string) string { return strings.Join(spellings(word), " ") }
