package market

import (
	"context"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Why a fund's money moves.
const (
	FundIn         = "in"         // allotted, given, paid in
	FundOut        = "out"        // spent on something that has no document here
	FundPurchase   = "purchase"   // goods, with their purchase document
	FundSettlement = "settlement" // an allied shop's month
	FundFix        = "fix"        // a correction, either way
)

// FundMovement is one change of a fund. Movements are only ever added; a mistake
// is put right by another.
type FundMovement struct {
	Village    int64
	ID         int64
	Fund       int64
	Kind       string
	Fen        models.Fen // signed
	Purpose    string     // what for, where from, or why it is put right
	Paper      int64      // the purchase document, 0 for none
	Settlement int64
	Day        models.Date // when the money moved, as the bank slip says
	At         models.Millis
	Account    int64
	After      models.Fen // the balance behind it; in lists only
}

// KindTitle is the movement's kind in words.
func (m FundMovement) KindTitle() string {
	return map[string]string{FundIn: "收入", FundOut: "支出", FundPurchase: "采购", FundSettlement: "商户结算", FundFix: "更正"}[m.Kind]
}

// FundAsk is money coming in, going out, or being put right.
type FundAsk struct {
	Village int64
	Fund    int64
	Kind    string     // FundIn, FundOut or FundFix
	Fen     models.Fen // above zero; for FundFix either way
	Purpose string
	Day     models.Date
	Fits    bool // somebody has looked: it fits what directed money is for
}

func (a FundAsk) tidy(today models.Date) (FundAsk, error) {
	a.Purpose = strings.TrimSpace(a.Purpose)
	if a.Day == "" {
		a.Day = today
	}
	switch {
	case a.Kind != FundIn && a.Kind != FundOut && a.Kind != FundFix:
		return a, models.ErrInput.With("请选是收入、支出还是更正，没有记账").At("kind")
	case a.Fen == 0 || a.Fen < 0 && a.Kind != FundFix:
		return a, models.ErrInput.With("“金额”要大于 0，没有记账").At("fen")
	case a.Fen > fundMost || a.Fen < -fundMost:
		return a, models.ErrInput.With("“金额”太大，一次最多 1 亿元，没有记账；请核对").At("fen")
	case a.Purpose == "":
		return a, models.ErrInput.With("请写明这笔钱的来路或用途，没有记账").At("purpose")
	case a.Day > today:
		return a, models.ErrInput.With("“日期”还没到，没有记账；请核对").At("day")
	}
	if a.Kind == FundOut {
		a.Fen = -a.Fen
	}
	return a, fits("purpose", "用途", a.Purpose, 120)
}

// fundMost bounds one movement: a hundred million yuan.
const fundMost = models.Fen(100_000_000 * 100)

// MoveFund records money coming in or going out, or puts a mistake right. The
// balance never falls below zero.
func MoveFund(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, ask FundAsk) (FundMovement, error) {
	err := may(ctx, d, by, models.SetUpVillage, ask.Village)
	if err == nil {
		ask, err = ask.tidy(d.Now().Day())
	}
	if err != nil {
		return FundMovement{}, err
	}
	m := FundMovement{Village: ask.Village, Fund: ask.Fund, Kind: ask.Kind, Fen: ask.Fen, Purpose: ask.Purpose, Day: ask.Day}
	err = d.InTx(ctx, db.Op{ID: op, Village: ask.Village, Kind: "fund_move", Asked: ask, By: by, Subject: ask.Fund, Answer: &m}, func(tx *db.Tx) error {
		f, err := GetFund(ctx, tx, ask.Village, ask.Fund)
		if err != nil {
			return err
		}
		if f.Directed && ask.Kind == FundOut && !ask.Fits {
			return ErrDirected.With("这笔钱说好只用在“" + f.Purpose + "”，没有记账；确实符合就打上勾")
		}
		return moveFunds(tx, by, &m)
	})
	return m, err
}

// moveFunds writes movements and keeps the balances, inside the caller's
// transaction: behind the documents and before the stock. Balances are guarded in
// the order of their key.
func moveFunds(tx *db.Tx, by models.Actor, moves ...*FundMovement) error {
	for _, m := range moves {
		f, err := GetFund(tx.Statement.Context, tx, m.Village, m.Fund)
		if err != nil {
			return err
		}
		if f.ClosedAt != 0 {
			return ErrFundClosed
		}
		m.ID, m.At, m.Account = models.NewID(), tx.Now, by.Account
		_, err = tx.SQL.Exec("INSERT INTO fund_movements (village_id, id, fund_id, kind, fen, purpose, paper_id, settlement_id, day, at, account_id, op_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			m.Village, m.ID, m.Fund, m.Kind, int64(m.Fen), m.Purpose, m.Paper, m.Settlement, string(m.Day), int64(m.At), m.Account, tx.Op[:])
		if err != nil {
			return err
		}
		short := ErrFundShort.With("“" + f.Name + "”只剩 " + f.Fen.String() + " 元，不够 " + (-m.Fen).String() + " 元；没有记账，请核对金额或换一笔资金")
		err = tx.SQL.Must(1, short, "UPDATE fund_balances SET fen = fen + ? WHERE village_id = ? AND fund_id = ? AND fen + ? >= 0", int64(m.Fen), m.Village, m.Fund, int64(m.Fen))
		if err != nil {
			return err
		}
	}
	return nil
}

// FundMovements lists a fund's movements in the order in which they were
// recorded, each with the balance behind it.
func FundMovements(ctx context.Context, c db.Conn, v, fund int64) ([]FundMovement, error) {
	var list []FundMovement
	var after models.Fen
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		m := FundMovement{Village: v, Fund: fund}
		err := row.Scan(&m.ID, &m.Kind, &m.Fen, &m.Purpose, &m.Paper, &m.Settlement, &m.Day, &m.At, &m.Account)
		after += m.Fen
		m.After = after
		list = append(list, m)
		return err
	}, "SELECT id, kind, fen, purpose, paper_id, settlement_id, day, at, account_id FROM fund_movements WHERE village_id = ? AND fund_id = ? ORDER BY id", v, fund)
	return list, err
}

// FundSum is what came into a fund and went out of it in a time.
type FundSum struct{ Before, In, Out, After models.Fen }

// FundSums adds up every fund of the village from a day until before another.
// Corrections count where their sign says.
func FundSums(ctx context.Context, c db.Conn, v int64, from, until models.Date) (map[int64]FundSum, error) {
	sums := map[int64]FundSum{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		var s FundSum
		err := row.Scan(&id, &s.Before, &s.In, &s.Out)
		s.After = s.Before + s.In - s.Out
		sums[id] = s
		return err
	}, `SELECT fund_id, COALESCE(SUM(CASE WHEN day < ? THEN fen ELSE 0 END), 0), COALESCE(SUM(CASE WHEN day >= ? AND fen > 0 THEN fen ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN day >= ? AND fen < 0 THEN -fen ELSE 0 END), 0) FROM fund_movements WHERE village_id = ? AND day < ? GROUP BY fund_id`,
		string(from), string(from), string(from), v, string(until))
	return sums, err
}
