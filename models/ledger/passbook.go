package ledger

import (
	"context"
	"database/sql"
	"errors"

	"pointstore/models"
	"pointstore/models/db"
)

// Passbook is where a household stands.
type Passbook struct {
	models.Household
	Balance models.Points // 可兑积分: what can be spent
	Honour  models.Points // 荣誉积分: never falls by spending
	Seq     int64         // entries so far
	Head    []byte        // hash of the last entry
	First   models.Month  // of the earliest award; 0 before there is one. Balances reads it
}

// Balance reads where a household stands; one without entries stands at zero.
func Balance(ctx context.Context, c db.Conn, h models.Household) (Passbook, error) {
	p := Passbook{Household: h}
	err := c.Stmts(ctx).Row("SELECT balance, honour, seq, head FROM passbooks WHERE village_id = ? AND household_id = ?", h.Village, h.ID).
		Scan(&p.Balance, &p.Honour, &p.Seq, &p.Head)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	return p, err
}

// Balances reads where all households of a village stand.
func Balances(ctx context.Context, c db.Conn, village int64) (map[int64]Passbook, error) {
	all := map[int64]Passbook{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		p := Passbook{Household: models.Household{Village: village}}
		err := row.Scan(&p.ID, &p.Balance, &p.Honour, &p.Seq, &p.Head, &p.First)
		all[p.ID] = p
		return err
	}, "SELECT household_id, balance, honour, seq, head, first_month FROM passbooks WHERE village_id = ?", village)
	return all, err
}

// GetEntry reads one line of a passbook; ErrNotFound when there is none.
func GetEntry(ctx context.Context, c db.Conn, h models.Household, seq int64) (Entry, error) {
	e, err := scan(c.Stmts(ctx).Row("SELECT "+entryColumns+" FROM entries WHERE village_id = ? AND household_id = ? AND seq = ?", h.Village, h.ID, seq))
	if errors.Is(err, sql.ErrNoRows) {
		return e, models.ErrNotFound
	}
	return e, err
}

// Statement reads a passbook, newest line first, below the line before (0 for
// the newest), at most limit lines.
func Statement(ctx context.Context, c db.Conn, h models.Household, before int64, limit int) ([]Entry, error) {
	if before <= 0 {
		before = 1 << 62
	}
	var list []Entry
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		e, err := scan(row)
		list = append(list, e)
		return err
	}, "SELECT "+entryColumns+" FROM entries WHERE village_id = ? AND household_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?", h.Village, h.ID, before, limit)
	return list, err
}

// Correction says which line took back which, and why.
type Correction struct {
	Seq, By int64
	Reason  string
}

// Corrections reads a passbook's corrections, by the line they take back.
func Corrections(ctx context.Context, c db.Conn, h models.Household) (map[int64]Correction, error) {
	all := map[int64]Correction{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var r Correction
		err := row.Scan(&r.Seq, &r.By, &r.Reason)
		all[r.Seq] = r
		return err
	}, "SELECT seq, by_seq, reason FROM reversals WHERE village_id = ? AND household_id = ?", h.Village, h.ID)
	return all, err
}

// Closed is the last month the village has closed; 0 when none.
func Closed(ctx context.Context, c db.Conn, village int64) (models.Month, error) {
	var m models.Month
	err := c.Stmts(ctx).Row("SELECT closed_month FROM periods WHERE village_id = ?", village).Scan(&m)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return m, err
}

// CloseMonth lets no more entries into the month or any before it. A month
// that is not over, or already closed, is refused; one is over when no
// transaction that began in it can still commit.
func CloseMonth(tx *db.Tx, village int64, m models.Month) error {
	if m >= tx.Now.Add(-db.Longest).Month() {
		return models.ErrInput.With(m.String() + "还没过完，不能封账；没有改动任何内容")
	}
	was, err := Closed(tx.Statement.Context, tx, village)
	if err != nil {
		return err
	}
	if m <= was {
		return (&models.Error{Kind: models.Conflict, Code: "closed"}).With(m.String() + "已经封账，没有重复封账")
	}
	_, err = tx.SQL.Exec(tx.Upsert("periods", "village_id", "village_id, closed_month", "?, ?", "closed_month = "+tx.Incoming("closed_month")), village, int64(m))
	return err
}

func scan(row db.Scanner) (Entry, error) {
	var e Entry
	var late int
	var op []byte
	err := row.Scan(&e.Household.Village, &e.Household.ID, &e.Seq, &e.Kind, &e.Points, &e.Honour, &e.Balance, &e.Fen, &e.Category, &e.Month,
		&e.ActDate, &late, &e.PostedAt, &e.Cause, &op, &e.Digest, &e.Hash)
	e.Late = late != 0
	copy(e.Op[:], op)
	return e, err
}
