package market

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// DrawSettlement writes a shop's statement for a month that is over, or writes it
// anew while nobody has signed it. Months are drawn one after the other.
func DrawSettlement(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, counter int64, month models.Month) (s Settlement, err error) {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return s, err
	}
	if month < 200001 || month%100 < 1 || month%100 > 12 {
		return s, models.ErrInput.With("请选是哪个月，没有生成").At("month")
	}
	asked := struct {
		Counter int64
		Month   models.Month
	}{counter, month}
	var id int64
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "settle_draw", Asked: asked, By: by, Subject: counter, Answer: &id}, func(tx *db.Tx) error {
		id, err = drawSettlement(tx, by, v, counter, month)
		return err
	})
	if err != nil {
		return s, err
	}
	return GetSettlement(ctx, d, v, id)
}

func drawSettlement(tx *db.Tx, by models.Actor, v, counter int64, month models.Month) (int64, error) {
	ctx := tx.Statement.Context
	c, err := GetCounter(ctx, tx, v, counter)
	switch {
	case err != nil:
		return 0, err
	case !c.Allied():
		return 0, ErrNotAllied
	case month >= tx.Now.Month():
		return 0, ErrMonthRuns
	}
	s, err := settleOpen(tx, v, counter, month)
	if err != nil {
		return 0, err
	}
	visits, err := settleBehind(tx, s)
	if err != nil {
		return 0, err
	}
	if len(visits) == 0 && s.MadeAt == 0 {
		return 0, ErrSettleEmpty
	}
	lines, err := settleAdd(tx, v, visits)
	if err != nil {
		return 0, err
	}
	return s.ID, s.write(tx, by, visits, lines)
}

// settleOpen finds the month's statement, or begins it; a signed one, a later one
// or an earlier one that is not signed stands in the way.
func settleOpen(tx *db.Tx, v, counter int64, month models.Month) (Settlement, error) {
	s := Settlement{Village: v, ID: models.NewID(), Counter: counter, Month: month, State: SettleDrawn}
	var refusal error
	err := tx.SQL.Each(func(row db.Scanner) error {
		one, err := scanSettlement(row)
		switch {
		case one.Month == month && one.Locked(), one.Month > month:
			refusal = ErrSettleLocked.With(one.Month.String() + "的结算单已经有了，" + month.String() + "的不能再生成；漏掉的会进下一张")
		case one.Month == month:
			s = one
		case !one.Locked():
			refusal = ErrSettleOrder.With("这家商户 " + one.Month.String() + "的结算单还没签字，没有生成；请先签好")
		}
		return err
	}, settleSQL+"WHERE s.village_id = ? AND s.counter_id = ? ORDER BY s.month", v, counter)
	if err == nil {
		err = refusal
	}
	return s, err
}

var (
	settleVisitRows = db.NewRows("INSERT INTO settlement_visits (village_id, redemption_id, undone, settlement_id)", "", 4)
	settleLineRows  = db.NewRows("INSERT INTO settlement_lines (village_id, settlement_id, goods_id, price_fen, undone, qty, points, fen)", "", 8)
)

// write puts the statement down, or anew in place of what nobody has signed. The
// key of the visits is the guard: a receipt is counted by one statement.
func (s *Settlement) write(tx *db.Tx, by models.Actor, visits []settleVisit, lines []SettleLine) error {
	s.sum(visits, lines)
	digest := settleDigest(lines)
	if s.MadeAt == 0 {
		_, err := tx.SQL.Exec("INSERT INTO settlements (village_id, id, counter_id, month, state, visits, points, fen, made_at, made_by, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			s.Village, s.ID, s.Counter, int(s.Month), SettleDrawn, s.Visits, int64(s.Points), int64(s.Fen), int64(tx.Now), by.Account, digest)
		if db.IsDuplicate(err) {
			return db.ErrLost
		}
		if err != nil {
			return err
		}
	} else if err := tx.SQL.Must(1, ErrSettleLocked, "UPDATE settlements SET visits = ?, points = ?, fen = ?, made_at = ?, made_by = ?, digest = ? WHERE village_id = ? AND id = ? AND state IN (?, ?, ?)",
		s.Visits, int64(s.Points), int64(s.Fen), int64(tx.Now), by.Account, digest, s.Village, s.ID, SettleDrawn, SettleDisputed, SettleAnswered); err != nil {
		return err
	}
	for _, table := range []string{"settlement_visits", "settlement_lines"} {
		if _, err := tx.SQL.Exec("DELETE FROM "+table+" WHERE village_id = ? AND settlement_id = ?", s.Village, s.ID); err != nil {
			return err
		}
	}
	args := make([]any, 0, len(visits)*settleVisitRows.Width())
	for _, x := range visits {
		args = append(args, s.Village, x.id, number(x.undone), s.ID)
	}
	if err := tx.SQL.Put(settleVisitRows, args); err != nil {
		return err
	}
	args = nil
	for _, l := range lines {
		args = append(args, s.Village, s.ID, l.Goods, int64(l.Price), number(l.Undone), int64(l.Qty), int64(l.Points), int64(l.Fen))
	}
	return tx.SQL.Put(settleLineRows, args)
}

func (s *Settlement) sum(visits []settleVisit, lines []SettleLine) {
	s.Visits, s.Points, s.Fen = 0, 0, 0
	for _, x := range visits {
		s.Visits += int64(1 - 2*number(x.undone))
	}
	for _, l := range lines {
		s.Points += l.Points
		s.Fen += l.Fen
	}
}

// settleDigest stands for the lines, in the order of settleAdd.
func settleDigest(lines []SettleLine) []byte {
	h := sha256.New()
	for _, l := range lines {
		fmt.Fprintf(h, "%d|%d|%t|%d|%d|%d\n", l.Goods, l.Price, l.Undone, l.Qty, l.Points, l.Fen)
	}
	return h.Sum(nil)
}

// DisputeSettlement takes down what the shop reads otherwise.
func DisputeSettlement(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, text string) error {
	return settleSay(ctx, d, op, by, v, id, text, "settle_dispute", models.HandOverGoods, "UPDATE settlements SET state = 'disputed', dispute = ? WHERE village_id = ? AND id = ? AND state IN ('drawn', 'answered')")
}

// AnswerSettlement answers the shop. What it is right about is put right where it
// happened, and the statement drawn anew.
func AnswerSettlement(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, text string) error {
	return settleSay(ctx, d, op, by, v, id, text, "settle_answer", models.SetUpVillage, "UPDATE settlements SET state = 'answered', answer = ? WHERE village_id = ? AND id = ? AND state = 'disputed'")
}

func settleSay(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, text, kind string, act models.Action, update string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return models.ErrInput.With("请写明情况，没有保存").At("text")
	}
	if err := fits("text", "说明", text, 200); err != nil {
		return err
	}
	if err := may(ctx, d, by, act, v); err != nil {
		if act != models.HandOverGoods || may(ctx, d, by, models.SetUpVillage, v) != nil {
			return err
		}
	}
	asked := struct {
		ID   int64
		Text string
	}{id, text}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: kind, Asked: asked, By: by, Subject: id}, func(tx *db.Tx) error {
		s, err := GetSettlement(ctx, tx, v, id)
		if err == nil && s.Locked() {
			err = ErrSettleLocked
		}
		if err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrSettleState, update, text, v, id)
	})
}

// SignSettlement records that shop and village have signed the printed sheet. It
// is locked from then on; where receipts became void since it was drawn it has to
// be drawn anew first.
func SignSettlement(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "settle_sign", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		s, err := GetSettlement(ctx, tx, v, id)
		switch {
		case err != nil:
			return err
		case s.Locked():
			return ErrSettleLocked
		case s.State == SettleDisputed:
			return ErrSettleState.With("商户的异议还没有答复，没有签字；请先答复")
		}
		visits, err := settleBehind(tx, s)
		if err != nil {
			return err
		}
		lines, err := settleAdd(tx, v, visits)
		if err != nil {
			return err
		}
		// The digest is the guard: what is signed is what was printed.
		return tx.SQL.Must(1, ErrSettleStale, "UPDATE settlements SET state = 'signed', signed_on = ?, signed_by = ? WHERE village_id = ? AND id = ? AND state IN ('drawn', 'answered') AND digest = ?",
			string(tx.Now.Day()), by.Account, v, id, settleDigest(lines))
	})
}

// SettlePayment is how a signed statement was paid.
type SettlePayment struct {
	Village    int64
	Settlement int64
	Day        models.Date
	How        string // transfer, cash, the slip's number
	Fund       int64
	Fits       bool // somebody has looked: it fits what directed money is for
}

// PaySettlement records the payment, out of a fund that never falls below zero. A
// month in which more came back than went out is carried as paid without money.
func PaySettlement(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, pay SettlePayment) error {
	pay.How = strings.TrimSpace(pay.How)
	switch {
	case pay.How == "":
		return models.ErrInput.With("请写明怎样付的，如“银行转账”，没有记账").At("how")
	case pay.Day == "" || pay.Day > d.Now().Day():
		return models.ErrInput.With("“付款日期”要填今天或以前，没有记账").At("day")
	}
	if err := fits("how", "付款方式", pay.How, 64); err != nil {
		return err
	}
	if err := may(ctx, d, by, models.SetUpVillage, pay.Village); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: pay.Village, Kind: "settle_pay", Asked: pay, By: by, Subject: pay.Settlement}, func(tx *db.Tx) error {
		s, err := GetSettlement(ctx, tx, pay.Village, pay.Settlement)
		if err != nil {
			return err
		}
		if pay.Fund == 0 && s.Fen > 0 {
			return models.ErrInput.With("请选用哪笔资金付，没有记账").At("fund")
		}
		if s.Fen <= 0 {
			pay.Fund = 0
		}
		if err := tx.SQL.Must(1, ErrSettleState, "UPDATE settlements SET state = 'paid', paid_on = ?, paid_how = ?, fund_id = ? WHERE village_id = ? AND id = ? AND state = 'signed'",
			string(pay.Day), pay.How, pay.Fund, pay.Village, s.ID); err != nil || pay.Fund == 0 {
			return err
		}
		f, err := GetFund(ctx, tx, pay.Village, pay.Fund)
		if err != nil {
			return err
		}
		if f.Directed && !pay.Fits {
			return ErrDirected.With("这笔钱说好只用在“" + f.Purpose + "”，没有记账；确实符合就打上勾")
		}
		return moveFunds(tx, by, &FundMovement{Village: pay.Village, Fund: f.ID, Kind: FundSettlement, Fen: -s.Fen, Purpose: s.CounterName + " " + s.Month.String() + "结算", Settlement: s.ID, Day: pay.Day})
	})
}

// DrawSettlements draws last month's statement of every allied shop that handed
// anything over and has none, village by village; it is the clock's errand.
func DrawSettlements(ctx context.Context, d *db.DB) error {
	month := d.Now().Month().Add(-1)
	type shop struct{ v, counter int64 }
	var shops []shop
	err := d.Stmts(ctx).Each(func(row db.Scanner) error {
		var s shop
		err := row.Scan(&s.v, &s.counter)
		shops = append(shops, s)
		return err
	}, `SELECT c.village_id, c.id FROM counters c WHERE c.kind = ? AND NOT EXISTS (SELECT 1 FROM settlements s WHERE s.village_id = c.village_id AND s.counter_id = c.id AND (s.month >= ? OR s.state NOT IN ('signed', 'paid')))
		AND EXISTS (SELECT 1 FROM redemptions r WHERE r.village_id = c.village_id AND r.month = ? AND r.counter_id = c.id)`, AlliedCounter, int(month), int(month))
	if err != nil {
		return err
	}
	for _, s := range shops {
		op := db.Op{ID: db.ErrandID("settle_draw", s.v, s.counter, int64(month)), Village: s.v, Kind: "settle_draw", Asked: int64(month), Subject: s.counter}
		err := d.InTx(ctx, op, func(tx *db.Tx) error {
			_, err := drawSettlement(tx, models.Actor{}, s.v, s.counter, month)
			return err
		})
		if err != nil && models.KindOf(err) != models.Conflict {
			return err
		}
	}
	return nil
}
