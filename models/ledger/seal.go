package ledger

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// DaySeal is a village's seal over one day: the day's operations and the heads
// of all passbooks at its end, over the seal of the day before. Printed on the
// notice and sent one level up, it is what a changed database cannot match.
type DaySeal struct {
	Village    int64
	Day        models.Date
	Hash       []byte
	Operations int64
	Entries    int64 // in all passbooks, up to the end of the day
	SealedAt   models.Millis
}

// CheckCode is the seal's short code.
func (s DaySeal) CheckCode() string { return keys.CheckCode(s.Hash) }

// sealsAtOnce bounds one transaction when many days are caught up with.
const sealsAtOnce = 100

// Seal seals every day of the village that is over and not sealed, oldest
// first, and returns how many it sealed. Days are read outside the transaction:
// once over, they do not change. Two instances sealing at once write the same.
func Seal(ctx context.Context, d *db.DB, village int64) (int, error) {
	last, err := LastSeal(ctx, d, village)
	if err != nil {
		return 0, err
	}
	today := d.Now().Day()
	if last.Day != "" && last.Day.AddDays(1) >= today {
		return 0, nil
	}
	seals, err := computeSeals(ctx, d, village, last, today)
	if err != nil {
		return 0, err
	}
	for chunk := range slices.Chunk(seals, sealsAtOnce) {
		op := db.Op{ID: db.ErrandID("seal:"+string(chunk[0].Day), village, 0, 0), Village: village, Kind: "seal", Asked: chunk[len(chunk)-1].Day, By: models.TheClock}
		err := d.InTx(ctx, op, func(tx *db.Tx) error {
			insert := tx.Ignore("seals", "village_id, day, hash, operations, entries, sealed_at", "?, ?, ?, ?, ?, ?")
			for _, s := range chunk {
				if _, err := tx.SQL.Exec(insert, village, string(s.Day), s.Hash, s.Operations, s.Entries, int64(tx.Now)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return len(seals), nil
}

// LastSeal is the newest seal of the village; its Day is empty when there is none.
func LastSeal(ctx context.Context, c db.Conn, village int64) (DaySeal, error) {
	s := DaySeal{Village: village}
	err := c.Stmts(ctx).Row("SELECT day, hash, operations, entries, sealed_at FROM seals WHERE village_id = ? ORDER BY day DESC LIMIT 1", village).
		Scan(&s.Day, &s.Hash, &s.Operations, &s.Entries, &s.SealedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	return s, err
}

// Seals lists the seals of the village from one day on, oldest first.
func Seals(ctx context.Context, c db.Conn, village int64, from models.Date) ([]DaySeal, error) {
	var list []DaySeal
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		s := DaySeal{Village: village}
		err := row.Scan(&s.Day, &s.Hash, &s.Operations, &s.Entries, &s.SealedAt)
		list = append(list, s)
		return err
	}, "SELECT day, hash, operations, entries, sealed_at FROM seals WHERE village_id = ? AND day >= ? ORDER BY day", village, string(from))
	return list, err
}

type operation struct {
	id, asked []byte
	kind      string
	at        models.Millis
}

type head struct {
	household, seq int64
	at             models.Millis
	hash           []byte
}

// computeSeals works out the seals of all days after last and before today.
func computeSeals(ctx context.Context, c db.Conn, village int64, last DaySeal, today models.Date) ([]DaySeal, error) {
	var from models.Millis
	if last.Day != "" {
		from = last.Day.AddDays(1).Start()
	}
	ops, err := operationsOf(ctx, c, village, from, today.Start())
	if err != nil {
		return nil, err
	}
	entries, err := headsOf(ctx, c, village, today.Start())
	if err != nil {
		return nil, err
	}
	day := last.Day.AddDays(1)
	if last.Day == "" {
		first := today.Start()
		if len(ops) > 0 {
			first = min(first, ops[0].at)
		}
		if len(entries) > 0 {
			first = min(first, entries[0].at)
		}
		day = first.Day()
	}
	heads := map[int64]head{}
	var seals []DaySeal
	var count int64
	before := last.Hash
	for ; day < today; day = day.AddDays(1) {
		end := day.AddDays(1).Start()
		for len(entries) > 0 && entries[0].at < end {
			// Entries of one millisecond come in the order of their lines.
			heads[entries[0].household] = entries[0]
			entries, count = entries[1:], count+1
		}
		n := 0
		for n < len(ops) && ops[n].at < end {
			n++
		}
		s := DaySeal{Village: village, Day: day, Operations: int64(n), Entries: count}
		s.Hash = sealHash(before, s, ops[:n], heads)
		ops, before = ops[n:], s.Hash
		seals = append(seals, s)
	}
	return seals, nil
}

// sealHash covers the day before, the village and day, each operation in the
// order of its id, and each passbook's last line in the order of households.
func sealHash(before []byte, s DaySeal, ops []operation, heads map[int64]head) []byte {
	h := sha256.New()
	num := func(v int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(v))
		h.Write(b[:])
	}
	h.Write([]byte("pointstore.seal.1\x00"))
	h.Write(before)
	num(s.Village)
	h.Write([]byte(s.Day))
	num(int64(len(ops)))
	sorted := slices.SortedFunc(slices.Values(ops), func(a, b operation) int { return bytes.Compare(a.id, b.id) })
	for _, o := range sorted {
		h.Write(o.id)
		h.Write(o.asked)
		num(int64(len(o.kind)))
		h.Write([]byte(o.kind))
		num(int64(o.at))
	}
	num(int64(len(heads)))
	for _, id := range slices.Sorted(maps.Keys(heads)) {
		num(id)
		num(heads[id].seq)
		h.Write(heads[id].hash)
	}
	return h.Sum(nil)
}

// operationsOf reads a village's operations of a span in the order of time.
func operationsOf(ctx context.Context, c db.Conn, village int64, from, until models.Millis) ([]operation, error) {
	var list []operation
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var o operation
		err := row.Scan(&o.id, &o.asked, &o.kind, &o.at)
		list = append(list, o)
		return err
	}, "SELECT op_id, asked_hash, kind, at FROM operations WHERE village_id = ? AND at >= ? AND at < ?", village, int64(from), int64(until))
	slices.SortStableFunc(list, func(a, b operation) int { return cmp.Compare(a.at, b.at) })
	return list, err
}

// headsOf reads every entry before an instant as a possible head, in the order
// of time and then of lines.
func headsOf(ctx context.Context, c db.Conn, village int64, until models.Millis) ([]head, error) {
	var list []head
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var e head
		err := row.Scan(&e.household, &e.seq, &e.at, &e.hash)
		list = append(list, e)
		return err
	}, "SELECT household_id, seq, posted_at, hash FROM entries WHERE village_id = ? AND posted_at < ?", village, int64(until))
	slices.SortFunc(list, func(a, b head) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.household, b.household), cmp.Compare(a.seq, b.seq))
	})
	return list, err
}
