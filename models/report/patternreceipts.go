package report

import (
	"context"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Handed is one redemption behind a pattern. Above the village the household is
// masked, and who handed over and who fetched is left out.
type Handed struct {
	Redemption int64
	Household  int64
	Name, Mark string // full name and mark; Masked is for above the village
	Number     string // printed on the receipt
	Goods      string // 洗衣液×2、大米
	Points     models.Points
	Left       models.Points // in the passbook behind it
	At         models.Millis
	Counter    string
	Confirm    string // see market.ConfirmTitle
	Proxy      string
	Clerk      int64
	UndoneAt   models.Millis // 0: it stands
	Reason     string        // why it was made void
}

// Masked is the household as it is shown above the village.
func (h Handed) Masked() string { return models.MaskName(h.Name) + " " + h.Mark }

// BehindClerk lists the redemptions behind one pattern of one clerk, newest
// first, up to a few hundred; ErrNotFound for a pattern that is not watched.
func BehindClerk(ctx context.Context, c db.Conn, village, account int64, key string, from, until models.Date) ([]Handed, error) {
	if _, ok := KnownAtCounter(key); !ok {
		return nil, models.ErrNotFound
	}
	test, args := " AND r.clerk_id = ?", append(handedSpan(village, from, until), account)
	if key != WatchFew {
		return handed(ctx, c, test+" AND "+handedTest(key), args)
	}
	all, err := readHanded(ctx, c, village, from, until)
	if err != nil {
		return nil, err
	}
	w := watching{by: map[int64][]watched{}, top: map[int64]map[int64]bool{}}
	for _, a := range all {
		w.by[a.recorder] = append(w.by[a.recorder], a)
	}
	return handedTo(ctx, c, test, args, w.topThree(account))
}

// BehindCounters lists the redemptions behind one pattern of a village's quarter,
// newest first, up to a few hundred.
func BehindCounters(ctx context.Context, c db.Conn, village int64, key string, q models.Quarter) ([]Handed, error) {
	args := handedSpan(village, q.Start(), q.End())
	switch _, ok := KnownAtCounter(key); {
	case key == WatchRate:
		return handed(ctx, c, "", args)
	case !ok:
		return nil, models.ErrNotFound
	case key != WatchFew:
		return handed(ctx, c, " AND "+handedTest(key), args)
	}
	top, _, err := busiest(ctx, c, args)
	if err != nil {
		return nil, err
	}
	return handedTo(ctx, c, "", args, top)
}

// handedTo is handed for some households.
func handedTo(ctx context.Context, c db.Conn, test string, args []any, homes map[int64]bool) ([]Handed, error) {
	if len(homes) == 0 {
		return nil, nil
	}
	for id := range homes {
		args = append(args, id)
	}
	return handed(ctx, c, test+" AND r.household_id IN ("+db.Holes(len(homes))+")", args)
}

func handed(ctx context.Context, c db.Conn, test string, args []any) (all []Handed, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var h Handed
		var group int
		var number string
		var seq int64
		err := row.Scan(&h.Redemption, &h.Household, &h.Name, &group, &number, &seq, &h.Points, &h.Left, &h.At, &h.Counter, &h.Confirm, &h.Proxy, &h.Clerk, &h.UndoneAt, &h.Reason)
		h.Mark, h.Number = models.Mark(group, number), fmt.Sprintf("%s-%d", number, seq)
		all = append(all, h)
		return err
	}, `SELECT r.id, r.household_id, h.head_name, h.group_no, h.number, r.seq, r.points, e.balance, r.at,
		(SELECT k.name FROM counters k WHERE k.village_id = r.village_id AND k.id = r.counter_id), r.confirm, r.proxy, r.clerk_id, r.undone_at, r.undone_reason`+
		strings.Replace(handedFrom, " WHERE ", " JOIN households h ON h.village_id = r.village_id AND h.id = r.household_id WHERE ", 1)+
		handedWhere+test+fmt.Sprintf(" ORDER BY r.at DESC, r.id DESC LIMIT %d", behindMost), args...)
	for i := range all {
		if err == nil {
			err = all[i].readGoods(ctx, c, args[0])
		}
	}
	return all, err
}

// readGoods names what was handed over; the ids of its lines follow the
// redemption's own.
func (h *Handed) readGoods(ctx context.Context, c db.Conn, village any) error {
	var names []string
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var name string
		var qty models.Qty
		err := row.Scan(&name, &qty)
		if qty = -qty; qty != models.One {
			name += "×" + qty.String()
		}
		names = append(names, name)
		return err
	}, `SELECT g.name, SUM(m.qty) FROM movements m JOIN goods g ON g.village_id = m.village_id AND g.id = m.goods_id
		WHERE m.village_id = ? AND m.id > ? AND m.id <= ? AND m.redemption_id = ? AND m.kind = 'redeem' GROUP BY m.goods_id, g.name ORDER BY MIN(m.id)`, village, h.Redemption, h.Redemption+64, h.Redemption)
	h.Goods = strings.Join(names, "、")
	return err
}

// busiest are the three households that came most often, and how often together.
func busiest(ctx context.Context, c db.Conn, span []any) (top map[int64]bool, visits int64, err error) {
	top = map[int64]bool{}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id, n int64
		err := row.Scan(&id, &n)
		top[id], visits = true, visits+n
		return err
	}, "SELECT r.household_id, COUNT(*) FROM redemptions r WHERE "+handedWhere+" GROUP BY r.household_id ORDER BY COUNT(*) DESC, r.household_id LIMIT 3", span...)
	return top, visits, err
}
