package ledger

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// ErrShort refuses what the spendable balance does not cover.
var ErrShort = &models.Error{Kind: models.Conflict, Code: "points_short", Say: "积分不够，本次没有扣分"}

// errBounds refuses amounts no village means.
var errBounds = models.ErrInput.With("一笔最多 1,000,000 分，没有记账，请核对")

// book is a passbook in hand: as read, and as it will be written.
type book struct {
	h       models.Household
	was     int64 // seq as read: the guard
	balance models.Points
	honour  models.Points
	seq     int64
	head    []byte
	first   models.Month // of the earliest award; 0 before there is one
	closed  models.Month
	fresh   bool
}

// Post adds entries to passbooks: the only way a balance moves. It takes one
// entry or thousands, of one village; entries of one household fold into one
// guarded update. rate values the points at this moment. A redemption or
// deduction that the balance does not cover is ErrShort. The entries come back
// with what was settled: seq, balance, month, hash.
//
// The month is the month of the act while the village has not closed it; else
// the current month, marked late. A closed period so never receives an entry.
func Post(tx *db.Tx, rate models.Rate, entries ...Entry) ([]Entry, error) {
	books, err := openBooks(tx, entries)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		if err := books[entries[i].Household].add(tx, rate, &entries[i]); err != nil {
			return nil, err
		}
	}
	ordered := make([]*book, 0, len(books))
	for _, b := range books {
		ordered = append(ordered, b)
	}
	slices.SortFunc(ordered, func(a, b *book) int { return cmp.Compare(a.h.ID, b.h.ID) })
	if err := saveBooks(tx, ordered); err != nil {
		return nil, err
	}
	if err := insert(tx, entries); err != nil {
		return nil, err
	}
	holdMonths(tx, entries)
	return entries, addSums(tx, entries)
}

// add settles one entry on its passbook.
func (b *book) add(tx *db.Tx, rate models.Rate, e *Entry) error {
	if outside(e.Points) || outside(e.Honour) {
		return errBounds
	}
	if e.AtMost && b.balance+e.Points < 0 {
		e.Points = -max(b.balance, 0)
	}
	if e.Points < 0 && b.balance+e.Points < 0 && e.Kind != Reversal {
		return ErrShort.With("积分不够：还差 " + (-(b.balance + e.Points)).String() + " 分，本次没有扣分")
	}
	if e.Kind != Reversal {
		e.Fen = rate.Fen(e.Points)
	}
	if e.ActDate == "" {
		e.ActDate = tx.Now.Day()
	}
	e.Month = tx.Now.Month()
	if e.Kind != Redeem && e.Kind != Reversal && e.Kind != Clear {
		if m := e.ActDate.Month(); m > b.closed && m <= e.Month {
			e.Month = m
		} else {
			e.Late = true
		}
	}
	if e.Kind == Award && (b.first == 0 || e.Month < b.first) {
		b.first = e.Month
	}
	b.seq++
	b.balance += e.Points
	b.honour += e.Honour
	e.Seq, e.Balance, e.PostedAt, e.Op = b.seq, b.balance, tx.Now, tx.Op
	e.Hash = e.link(b.head)
	b.head = e.Hash
	return nil
}

func outside(p models.Points) bool { return p > models.PointsMax || p < -models.PointsMax }

const readBook = `SELECT p.household_id, p.balance, p.honour, p.seq, p.head, p.first_month, COALESCE(c.closed_month, 0)
FROM passbooks p LEFT JOIN periods c ON c.village_id = p.village_id WHERE p.village_id = ? AND p.household_id `

// booksAtOnce bounds how many passbooks one statement reads or writes.
const booksAtOnce = 200

// openBooks reads the passbooks the entries fall in, inside the transaction:
// the head of a chain is never taken from elsewhere.
func openBooks(tx *db.Tx, entries []Entry) (map[models.Household]*book, error) {
	books := make(map[models.Household]*book, len(entries))
	var ids []int64
	for _, e := range entries {
		if e.Household.Village != entries[0].Household.Village {
			return nil, errors.New("entries of two villages in one post")
		}
		if books[e.Household] == nil {
			books[e.Household] = &book{h: e.Household, fresh: true}
			ids = append(ids, e.Household.ID)
		}
	}
	slices.Sort(ids)
	read := func(row db.Scanner) error {
		b := book{}
		if err := row.Scan(&b.h.ID, &b.balance, &b.honour, &b.seq, &b.head, &b.first, &b.closed); err != nil {
			return err
		}
		b.h.Village, b.was = entries[0].Household.Village, b.seq
		*books[b.h] = b
		return nil
	}
	for chunk := range slices.Chunk(ids, booksAtOnce) {
		if len(chunk) == 1 || tx.Dialect == db.SQLite {
			for _, id := range chunk {
				err := read(tx.SQL.Row(readBook+"= ?", entries[0].Household.Village, id))
				if err != nil && !errors.Is(err, sql.ErrNoRows) {
					return nil, err
				}
			}
			continue
		}
		args := []any{entries[0].Household.Village}
		for _, id := range chunk {
			args = append(args, id)
		}
		if err := tx.SQL.Each(read, readBook+"IN ("+db.Holes(len(chunk))+")", args...); err != nil {
			return nil, err
		}
	}
	return books, startBooks(tx, books)
}

// startBooks makes the passbooks of households that have none yet.
func startBooks(tx *db.Tx, books map[models.Household]*book) error {
	var fresh []models.Household
	for h, b := range books {
		if b.fresh {
			fresh = append(fresh, h)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := EnsureOpen(tx, fresh); err != nil {
		return err
	}
	closed, err := Closed(tx.Statement.Context, tx, fresh[0].Village)
	if err != nil {
		return err
	}
	for _, h := range fresh {
		*books[h] = book{h: h, head: genesis(h), closed: closed}
	}
	return nil
}

// EnsureOpen makes an empty passbook for every household that has none.
func EnsureOpen(tx *db.Tx, households []models.Household) error {
	insert := tx.Ignore("passbooks", "village_id, household_id, head", "?, ?, ?")
	for _, h := range households {
		if _, err := tx.SQL.Exec(insert, h.Village, h.ID, genesis(h)); err != nil {
			return err
		}
	}
	return nil
}

const saveBook = "UPDATE passbooks SET balance = ?, honour = ?, seq = ?, head = ?, first_month = ? WHERE village_id = ? AND household_id = ? AND seq = ?"

// saveBooks writes the passbooks under their guard: a seq that moved since it
// was read is a lost race, and everything starts again.
func saveBooks(tx *db.Tx, books []*book) error {
	for chunk := range slices.Chunk(books, booksAtOnce) {
		if len(chunk) == 1 || tx.Dialect == db.SQLite {
			for _, b := range chunk {
				if err := tx.SQL.Must(1, db.ErrLost, saveBook, int64(b.balance), int64(b.honour), b.seq, b.head, int64(b.first), b.h.Village, b.h.ID, b.was); err != nil {
					return err
				}
			}
			continue
		}
		if err := saveMany(tx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// saveMany is saveBook for many in one round trip: each row picks its own
// values by household, and the guard counts the rows that still had their seq.
func saveMany(tx *db.Tx, books []*book) error {
	when := strings.Repeat(" WHEN ? THEN ?", len(books))
	var args []any
	for _, value := range []func(*book) any{
		func(b *book) any { return int64(b.balance) },
		func(b *book) any { return int64(b.honour) },
		func(b *book) any { return b.head },
		func(b *book) any { return int64(b.first) },
		// seq last: MySQL assigns from left to right, and the guard names it.
		func(b *book) any { return b.seq },
	} {
		for _, b := range books {
			args = append(args, b.h.ID, value(b))
		}
	}
	args = append(args, books[0].h.Village)
	for _, b := range books {
		args = append(args, b.h.ID, b.was)
	}
	query := "UPDATE passbooks SET balance = CASE household_id" + when + " END, honour = CASE household_id" + when +
		" END, head = CASE household_id" + when +
		" END, first_month = CASE household_id" + when + " END, seq = CASE household_id" + when +
		" END WHERE village_id = ? AND (household_id, seq) IN (" + strings.TrimSuffix(strings.Repeat("(?, ?), ", len(books)), ", ") + ")"
	return tx.SQL.Must(int64(len(books)), db.ErrLost, query, args...)
}

const entryColumns = "village_id, household_id, seq, kind, points, honour, balance, fen, category_id, month, act_date, late, posted_at, cause, op_id, digest, hash"

var insertEntries = db.NewRows("INSERT INTO entries ("+entryColumns+")", "", 17)

func insert(tx *db.Tx, entries []Entry) error {
	args := make([]any, 0, len(entries)*insertEntries.Width())
	for i := range entries {
		e := &entries[i]
		late := 0
		if e.Late {
			late = 1
		}
		args = append(args, e.Household.Village, e.Household.ID, e.Seq, int64(e.Kind), int64(e.Points), int64(e.Honour), int64(e.Balance), int64(e.Fen),
			e.Category, int64(e.Month), string(e.ActDate), late, int64(e.PostedAt), e.Cause, e.Op[:], e.Digest, e.Hash)
	}
	return tx.SQL.Put(insertEntries, args)
}
