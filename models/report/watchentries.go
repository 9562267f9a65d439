package report

import (
	"context"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// Behind is one award behind a pattern. Above the village the household is
// masked, what is private is not named, and who recorded it is left out.
type Behind struct {
	Award      int64
	Household  int64
	Name, Mark string // full name and mark; Masked is for above the village
	Item       string
	Private    bool
	Points     models.Points // signed
	ActDate    models.Date
	RecordedAt models.Millis
	Late       bool
	Recorder   int64
}

// Masked is the household as it is shown above the village.
func (b Behind) Masked() string { return models.MaskName(b.Name) + " " + b.Mark }

// behindMost bounds a list of awards; more than that nobody reads.
const behindMost = 200

// BehindRecorder lists the awards behind one pattern of one recorder, newest
// first, up to a few hundred; ErrNotFound for a pattern that is not watched.
func BehindRecorder(ctx context.Context, c db.Conn, village, account int64, key string, from, until models.Date) ([]Behind, error) {
	if _, ok := Known(false, key); !ok {
		return nil, models.ErrNotFound
	}
	all, err := readWatched(ctx, c, village, from, until)
	if err != nil {
		return nil, err
	}
	f, err := readFamilies(ctx, c, village)
	if err != nil {
		return nil, err
	}
	homes, err := homesOf(ctx, c, village)
	if err != nil {
		return nil, err
	}
	w := watching{by: map[int64][]watched{}, f: f, homes: homes, top: map[int64]map[int64]bool{}}
	for _, a := range all {
		w.by[a.recorder] = append(w.by[a.recorder], a)
	}
	test := w.test(account, key)
	var ids []any
	for _, a := range slices.Backward(w.by[account]) {
		if (key == WatchShare || test != nil && test(a)) && len(ids) < behindMost {
			ids = append(ids, a.id)
		}
	}
	return behind(ctx, c, village, ids)
}

const behindColumns = `SELECT a.id, a.household_id, h.head_name, h.group_no, h.number, r.item, a.private, CASE WHEN a.honour <> 0 THEN a.honour ELSE a.points END,
	a.act_date, a.recorded_at, a.late, a.recorder_id FROM awards a
	JOIN households h ON h.village_id = a.village_id AND h.id = a.household_id JOIN rules r ON r.village_id = a.village_id AND r.id = a.rule_id `

func scanBehind(row db.Scanner) (b Behind, err error) {
	var group int
	var number string
	err = row.Scan(&b.Award, &b.Household, &b.Name, &group, &number, &b.Item, &b.Private, &b.Points, &b.ActDate, &b.RecordedAt, &b.Late, &b.Recorder)
	b.Mark = models.Mark(group, number)
	return b, err
}

func behind(ctx context.Context, c db.Conn, village int64, ids []any) (all []Behind, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := c.Read(ctx).Raw(behindColumns+"WHERE a.village_id = ? AND a.id IN ? ORDER BY a.recorded_at DESC, a.id DESC", village, ids).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		b, err := scanBehind(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, rows.Err()
}

// BehindVillage lists the awards behind one pattern of a village's quarter,
// newest first, up to a few hundred.
func BehindVillage(ctx context.Context, c db.Conn, village int64, key string, q models.Quarter) (all []Behind, err error) {
	test, args := "", []any{village, int64(q.Start().Start()), int64(q.End().Start())}
	switch key {
	case WatchRate:
	case WatchRush:
		test, args = " AND a.recorded_at >= ?", append(args, int64(rushFrom(q)))
	case WatchLimit:
		test = " AND " + watchNear
	case WatchLate:
		test = " AND a.late = 1"
	default:
		return nil, models.ErrNotFound
	}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		b, err := scanBehind(row)
		all = append(all, b)
		return err
	}, behindColumns+"JOIN versions v ON v.village_id = a.village_id AND v.id = a.version_id WHERE "+watchWhere+test+fmt.Sprintf(" ORDER BY a.recorded_at DESC, a.id DESC LIMIT %d", behindMost), args...)
	return all, err
}
