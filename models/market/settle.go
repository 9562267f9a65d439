package market

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
)

// Where an allied shop's month stands. From the signature on nothing in it
// changes.
const (
	SettleDrawn    = "drawn"
	SettleDisputed = "disputed" // the shop reads it otherwise
	SettleAnswered = "answered"
	SettleSigned   = "signed"
	SettlePaid     = "paid"
)

// Settlement is what an allied shop is owed for a month: the goods it handed
// over, less those of receipts that became void after an earlier month was signed.
type Settlement struct {
	Village     int64
	ID          int64
	Counter     int64
	CounterName string
	Keeper      string
	Month       models.Month
	State       string
	Visits      int64 // receipts counted, less those taken off again
	Points      models.Points
	Fen         models.Fen
	Dispute     string
	Answer      string
	SignedOn    models.Date
	SignedBy    int64
	PaidOn      models.Date
	PaidHow     string
	Fund        int64
	MadeAt      models.Millis
}

// StateTitle is where it stands, in words.
func (s Settlement) StateTitle() string {
	return map[string]string{SettleDrawn: "等商户核对、签字", SettleDisputed: "商户有异议", SettleAnswered: "异议已答复", SettleSigned: "已签字，等付款", SettlePaid: "已付款"}[s.State]
}

// Locked reports whether it has been signed.
func (s Settlement) Locked() bool { return s.State == SettleSigned || s.State == SettlePaid }

// SettleLine is goods of one price: Qty × Price is Fen, rounded half up once.
type SettleLine struct {
	Goods      int64
	Name, Unit string
	Price      models.Fen // of one piece
	Undone     bool       // taken off again; the numbers are below zero
	Qty        models.Qty
	Points     models.Points
	Fen        models.Fen
}

// The refusals about settlements.
var (
	ErrNoSettlement = models.ErrNotFound.With("没有找到这张结算单，请核对后再试")
	ErrNotAllied    = &models.Error{Kind: models.Conflict, Code: "not_allied", Say: "这不是联盟商户，不用结算，没有生成"}
	ErrMonthRuns    = &models.Error{Kind: models.Conflict, Code: "month_runs", Field: "month", Say: "这个月还没过完，没有生成；下个月 1 日起再结"}
	ErrSettleOrder  = &models.Error{Kind: models.Conflict, Code: "settle_order", Say: "这家商户前面还有没签字的结算单，没有生成；请先把前面的签好"}
	ErrSettleLocked = &models.Error{Kind: models.Conflict, Code: "settle_locked", Say: "这张结算单已签字，不能再改，没有改动；要更正的，写进下个月的结算单"}
	ErrSettleStale  = &models.Error{Kind: models.Conflict, Code: "settle_stale", Say: "生成以后有小票作废了，没有签字；请重新生成，再打印核对"}
	ErrSettleState  = &models.Error{Kind: models.Conflict, Code: "settle_state", Say: "这张结算单还没到这一步，没有改动；请看最新的情况"}
	ErrSettleEmpty  = &models.Error{Kind: models.Conflict, Code: "settle_empty", Say: "这家商户到那个月为止没有要结的兑换，没有生成"}
)

const settleSQL = `SELECT s.village_id, s.id, s.counter_id, c.name, c.keeper, s.month, s.state, s.visits, s.points, s.fen, s.dispute, s.answer, s.signed_on, s.signed_by, s.paid_on, s.paid_how, s.fund_id, s.made_at
	FROM settlements s JOIN counters c ON c.village_id = s.village_id AND c.id = s.counter_id `

func scanSettlement(row db.Scanner) (s Settlement, err error) {
	err = row.Scan(&s.Village, &s.ID, &s.Counter, &s.CounterName, &s.Keeper, &s.Month, &s.State, &s.Visits, &s.Points, &s.Fen, &s.Dispute, &s.Answer, &s.SignedOn, &s.SignedBy, &s.PaidOn, &s.PaidHow, &s.Fund, &s.MadeAt)
	return s, err
}

// GetSettlement reads one settlement of the village.
func GetSettlement(ctx context.Context, c db.Conn, v, id int64) (Settlement, error) {
	s, err := scanSettlement(c.Stmts(ctx).Row(settleSQL+"WHERE s.village_id = ? AND s.id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoSettlement
	}
	return s, err
}

// Settlements lists a village's settlements, the newest month first, at most 200.
func Settlements(ctx context.Context, c db.Conn, v int64) ([]Settlement, error) {
	var list []Settlement
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		s, err := scanSettlement(row)
		list = append(list, s)
		return err
	}, settleSQL+"WHERE s.village_id = ? ORDER BY s.month DESC, s.counter_id LIMIT 200", v)
	return list, err
}

// SettleLines reads the lines of a settlement, what was taken off again last.
func SettleLines(ctx context.Context, c db.Conn, v, id int64) ([]SettleLine, error) {
	var list []SettleLine
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var l SettleLine
		err := row.Scan(&l.Goods, &l.Name, &l.Unit, &l.Price, &l.Undone, &l.Qty, &l.Points, &l.Fen)
		list = append(list, l)
		return err
	}, `SELECT l.goods_id, g.name, g.unit, l.price_fen, l.undone, l.qty, l.points, l.fen FROM settlement_lines l
		JOIN goods g ON g.village_id = l.village_id AND g.id = l.goods_id
		WHERE l.village_id = ? AND l.settlement_id = ? ORDER BY l.undone, g.position, g.id, l.price_fen`, v, id)
	return list, err
}

// settleVisit is a receipt behind a statement; undone when it is taken off again.
type settleVisit struct {
	id     int64
	undone bool
}

// settleBehind reads the receipts that belong into a statement: those of the shop
// up to the month that no other statement counts and that stand, and those that
// one counts already but are void now. Statements that are not signed yet do not
// count: theirs are read anew.
func settleBehind(tx *db.Tx, s Settlement) (list []settleVisit, err error) {
	err = tx.SQL.Each(func(row db.Scanner) error {
		var v settleVisit
		err := row.Scan(&v.id, &v.undone)
		list = append(list, v)
		return err
	}, `SELECT r.id, 0 FROM redemptions r WHERE r.village_id = ? AND r.month <= ? AND r.counter_id = ? AND r.undone_op IS NULL
			AND NOT EXISTS (SELECT 1 FROM settlement_visits x WHERE x.village_id = r.village_id AND x.redemption_id = r.id AND x.undone = 0 AND x.settlement_id <> ?)
		UNION ALL
		SELECT r.id, 1 FROM redemptions r
			JOIN settlement_visits x ON x.village_id = r.village_id AND x.redemption_id = r.id AND x.undone = 0 AND x.settlement_id <> ?
			WHERE r.village_id = ? AND r.month <= ? AND r.counter_id = ? AND r.undone_op IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM settlement_visits y WHERE y.village_id = r.village_id AND y.redemption_id = r.id AND y.undone = 1 AND y.settlement_id <> ?)
		ORDER BY 2, 1`, s.Village, int(s.Month), s.Counter, s.ID, s.ID, s.Village, int(s.Month), s.Counter, s.ID)
	return list, err
}

// settleAdd adds receipts up by item, price and sign. The price is what the
// village agreed to pay for a piece on that day; where none was written down, the
// worth of its points on that day.
func settleAdd(tx *db.Tx, v int64, visits []settleVisit) ([]SettleLine, error) {
	type key struct {
		goods  int64
		price  models.Fen
		undone bool
	}
	sums := map[key]*SettleLine{}
	for _, visit := range visits {
		sign := int64(1)
		if visit.undone {
			sign = -1
		}
		err := tx.SQL.Each(func(row db.Scanner) error {
			var goods int64
			var qty models.Qty
			var each, points models.Points
			var cost, fen models.Fen
			if err := row.Scan(&goods, &qty, &each, &cost, &points, &fen); err != nil {
				return err
			}
			if cost == 0 && points > 0 {
				cost = models.Fen((2*int64(fen)*int64(each) + int64(points)) / (2 * int64(points)))
			}
			k := key{goods, cost, visit.undone}
			if sums[k] == nil {
				sums[k] = &SettleLine{Goods: goods, Price: cost, Undone: visit.undone}
			}
			came, _ := each.Times(-qty)
			sums[k].Qty += models.Qty(sign) * -qty
			sums[k].Points += models.Points(sign) * came
			return nil
		}, `SELECT m.goods_id, m.qty, m.points, m.cost_fen, r.points, r.fen FROM movements m JOIN redemptions r ON r.village_id = m.village_id AND r.id = m.redemption_id
			WHERE m.village_id = ? AND m.id > ? AND m.id <= ? AND m.redemption_id = ? AND m.kind = ?`, v, visit.id, visit.id+maxMoves, visit.id, MovedRedeemed)
		if err != nil {
			return nil, err
		}
	}
	list := make([]SettleLine, 0, len(sums))
	for _, l := range sums {
		l.Fen = settleFen(l.Price, l.Qty)
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b SettleLine) int {
		return cmp.Or(number(a.Undone)-number(b.Undone), cmp.Compare(a.Goods, b.Goods), cmp.Compare(a.Price, b.Price))
	})
	return list, nil
}

// settleFen is a price times a quantity, rounded half up once, away from zero.
func settleFen(price models.Fen, q models.Qty) models.Fen {
	if q < 0 {
		return -settleFen(price, -q)
	}
	return (price*models.Fen(q) + 50) / 100
}
