package market

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
)

// Ticket is a redemption on its way into a sample.
type Ticket struct {
	Redemption int64
	Number     string // printed on the receipt
	CheckCode  string // printed there too
	Rank       string // the first digits of its hash: tickets are drawn in its order
	household  int64
	sum        [sha256.Size]byte
}

// rank is a ticket's place. Whoever has the receipts can work it out with any
// SHA-256 tool: the seed, a space, and the check code as it is printed. The check
// code comes from the chain, so it never changes, and nobody chooses it.
func rank(seed int64, checkCode string) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s", seed, checkCode))
}

// Order draws all redemptions of the check's time, the first drawn first. Void
// ones belong to it, or the order would change when one is made void; what was
// written after the draw does not.
func (k Check) Order(ctx context.Context, c db.Conn) (all []Ticket, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var t Ticket
		var e ledger.Entry
		var number string
		err := row.Scan(&t.Redemption, &t.household, &number, &e.Seq, &e.Hash)
		t.Number, t.CheckCode = e.Number(number), e.CheckCode()
		t.sum = rank(k.Seed, t.CheckCode)
		t.Rank = hex.EncodeToString(t.sum[:4])
		all = append(all, t)
		return err
	}, `SELECT r.id, r.household_id, h.number, r.seq, e.hash FROM redemptions r
		JOIN households h ON h.village_id = r.village_id AND h.id = r.household_id
		JOIN entries e ON e.village_id = r.village_id AND e.household_id = r.household_id AND e.seq = r.seq
		WHERE r.village_id = ? AND r.month >= ? AND r.month <= ? AND r.at >= ? AND r.at < ? AND r.id < ?`,
		k.Village, int(k.From.Month()), int(k.Last.Month()), int64(k.From.Start()), int64(k.Last.AddDays(1).Start()), k.ID)
	slices.SortFunc(all, func(a, b Ticket) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), cmp.Compare(a.Redemption, b.Redemption))
	})
	return all, err
}

const checkSQL = "SELECT id, seed, from_day, until_day, size, population, state, made_at, made_by, closed_at FROM checks WHERE village_id = ?"

func checks(ctx context.Context, c db.Conn, v int64, rest string, args ...any) (all []Check, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		k := Check{Village: v}
		err := row.Scan(&k.ID, &k.Seed, &k.From, &k.Last, &k.Size, &k.Population, &k.State, &k.MadeAt, &k.MadeBy, &k.ClosedAt)
		all = append(all, k)
		return err
	}, checkSQL+rest, append([]any{v}, args...)...)
	return all, err
}

// Checks lists a village's checks, the newest first.
func Checks(ctx context.Context, c db.Conn, v int64) ([]Check, error) {
	return checks(ctx, c, v, " ORDER BY id DESC LIMIT 100")
}

// GetCheck reads one check of the village.
func GetCheck(ctx context.Context, c db.Conn, v, id int64) (Check, error) {
	all, err := checks(ctx, c, v, " AND id = ?", id)
	if err == nil && len(all) == 0 {
		err = models.ErrNotFound.With("没有找到这次抽查，请从抽查的单子里重新点")
	}
	if err != nil {
		return Check{}, err
	}
	return all[0], nil
}
