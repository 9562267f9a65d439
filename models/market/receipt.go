package market

import (
	"context"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
)

// Receipt is one redemption as it is printed, and as it is found again.
type Receipt struct {
	ID          int64
	Household   models.Household
	Number      string // 012-57: the household's number and the line of its passbook
	CheckCode   string // of that line
	Mark        string // 3组012
	Masked      string // 马*明 3组012
	Counter     int64
	CounterName string
	Opening     int64
	Lines       []ReceiptLine
	Points      models.Points
	Balance     models.Points // what was left then
	Fen         models.Fen    // what the points were worth that day
	Confirm     string
	Proxy       string
	ProxyID     int64 // 0 for somebody who is not among the household's named ones
	Voucher     int64
	WitnessID   int64 // the second person of 当面核对
	Witness     string
	ReadOut     bool  // it was read to a holder who does not read
	SlipNo      int64 // of the paper slip it was keyed in from
	Late        bool  // written down after its day
	ClerkID     int64
	Clerk       string
	Seq         int64
	Month       models.Month
	At          models.Millis
	// Set when the receipt has been made void (作废).
	UndoneAt     models.Millis
	UndoneReason string
	UndoneNumber string // the line that gave the points back
}

// Undone reports whether the receipt is void.
func (r Receipt) Undone() bool { return r.UndoneAt != 0 }

// ConfirmTitle is how the household confirmed, in the village's words.
func (r Receipt) ConfirmTitle() string { return ConfirmTitle(r.Confirm) }

// ReceiptLine is one item of a receipt or a voucher.
type ReceiptLine struct {
	Goods  int64
	Name   string
	Unit   string
	Kind   string
	Qty    models.Qty
	Price  models.Points // of one piece
	Points models.Points // of the line
	// CostFen is what the village paid for one piece.
	CostFen models.Fen
}

func (s *sale) receipt(tx *db.Tx) Receipt {
	r := Receipt{ID: s.id, Household: s.household(), Number: s.entry.Number(s.number), CheckCode: s.entry.CheckCode(),
		Counter: s.Counter, CounterName: s.counter, Opening: s.opening, Points: s.total, Balance: s.entry.Balance, Fen: -s.entry.Fen,
		Confirm: s.Confirm, Proxy: s.Proxy, Voucher: s.Voucher, ClerkID: s.clerk.Account, Seq: s.entry.Seq, Month: s.entry.Month, At: tx.Now}
	r.Mark, r.Masked = marks(s.head, s.group, s.number)
	if s.clerk.Account != 0 {
		r.Clerk = s.clerk.Name
	}
	s.vouched(tx, &r)
	for _, w := range s.wares {
		r.Lines = append(r.Lines, w.line())
	}
	return r
}

func (w ware) line() ReceiptLine {
	kind := Thing
	if !w.counted {
		kind = Service
	}
	return ReceiptLine{Goods: w.Goods, Name: w.name, Unit: w.unit, Kind: kind, Qty: w.Qty, Price: w.price, Points: w.points, CostFen: w.cost}
}

func marks(head string, group int64, number string) (mark, masked string) {
	mark = models.Mark(int(group), number)
	return mark, models.MaskName(head) + " " + mark
}

const receiptSQL = `SELECT r.id, r.village_id, r.household_id, r.counter_id, r.opening_id, r.seq, r.points, r.fen, r.confirm, r.proxy, r.voucher_id,
	r.clerk_id, r.month, r.at, r.undone_seq, r.undone_at, r.undone_reason, h.number, h.group_no, h.head_name, c.name, COALESCE(a.name, ''), e.balance, e.hash,
	r.witness_id, COALESCE(w.name, ''), r.read_out, r.proxy_id, r.slip_no, r.late
FROM redemptions r
JOIN households h ON h.village_id = r.village_id AND h.id = r.household_id
JOIN counters c ON c.village_id = r.village_id AND c.id = r.counter_id
JOIN entries e ON e.village_id = r.village_id AND e.household_id = r.household_id AND e.seq = r.seq
LEFT JOIN accounts a ON a.id = r.clerk_id
LEFT JOIN accounts w ON w.id = r.witness_id `

// receipts reads what the rest of the query picks, with the lines.
func receipts(ctx context.Context, c db.Conn, v int64, rest string, args ...any) ([]Receipt, error) {
	var list []Receipt
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		r, err := scanReceipt(row)
		list = append(list, r)
		return err
	}, receiptSQL+rest, args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := list[i].readLines(ctx, c); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// readLines reads what was handed over; the ids of its movements follow the
// redemption's own.
func (r *Receipt) readLines(ctx context.Context, c db.Conn) error {
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var l ReceiptLine
		err := row.Scan(&l.Goods, &l.Name, &l.Unit, &l.Kind, &l.Qty, &l.Price, &l.CostFen)
		l.Qty = -l.Qty
		if n := len(r.Lines); n > 0 && r.Lines[n-1].Goods == l.Goods { // another lot of the same
			l.Qty += r.Lines[n-1].Qty
			r.Lines = r.Lines[:n-1]
		}
		l.Points, _ = l.Price.Times(l.Qty)
		r.Lines = append(r.Lines, l)
		return err
	}, `SELECT m.goods_id, g.name, g.unit, g.kind, m.qty, m.points, m.cost_fen FROM movements m
		JOIN goods g ON g.village_id = m.village_id AND g.id = m.goods_id
		WHERE m.village_id = ? AND m.id > ? AND m.id <= ? AND m.redemption_id = ? ORDER BY m.id`,
		r.Household.Village, r.ID, r.ID+maxMoves, r.ID)
}

func scanReceipt(row db.Scanner) (Receipt, error) {
	var r Receipt
	var e ledger.Entry
	var undoneSeq int64
	var group int64
	var number, head string
	err := row.Scan(&r.ID, &r.Household.Village, &r.Household.ID, &r.Counter, &r.Opening, &r.Seq, &r.Points, &r.Fen, &r.Confirm, &r.Proxy, &r.Voucher,
		&r.ClerkID, &r.Month, &r.At, &undoneSeq, &r.UndoneAt, &r.UndoneReason, &number, &group, &head, &r.CounterName, &r.Clerk, &r.Balance, &e.Hash,
		&r.WitnessID, &r.Witness, &r.ReadOut, &r.ProxyID, &r.SlipNo, &r.Late)
	e.Seq = r.Seq
	r.Number, r.CheckCode = e.Number(number), e.CheckCode()
	r.Mark, r.Masked = marks(head, group, number)
	if undoneSeq != 0 {
		r.UndoneNumber = ledger.Entry{Seq: undoneSeq}.Number(number)
	}
	return r, err
}

func oneReceipt(list []Receipt, err error) (Receipt, error) {
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound.With("没有找到这张小票，请核对单号")
	}
	if err != nil {
		return Receipt{}, err
	}
	return list[0], nil
}

// GetReceipt reads one receipt of the village.
func GetReceipt(ctx context.Context, c db.Conn, v, id int64) (Receipt, error) {
	return oneReceipt(receipts(ctx, c, v, "WHERE r.village_id = ? AND r.id = ?", v, id))
}

// FindReceipt finds a receipt by the number printed on it, or by the number of
// the line that made it void.
func FindReceipt(ctx context.Context, c db.Conn, v int64, number string) (Receipt, error) {
	home, seq, ok := cutNumber(models.Normal(number))
	if !ok {
		return oneReceipt(nil, nil)
	}
	return oneReceipt(receipts(ctx, c, v, "WHERE r.village_id = ? AND h.number = ? AND (r.seq = ? OR r.undone_seq = ?)", v, home, seq, seq))
}

// cutNumber takes a receipt number apart. A household's own number may hold a
// dash as well, so the last one counts.
func cutNumber(number string) (household string, seq int64, ok bool) {
	cut := strings.LastIndexByte(number, '-')
	if cut <= 0 {
		return "", 0, false
	}
	seq, err := strconv.ParseInt(number[cut+1:], 10, 64)
	return number[:cut], seq, err == nil && seq > 0
}

// ReceiptsOf lists a household's receipts, the newest first.
func ReceiptsOf(ctx context.Context, c db.Conn, h models.Household, page models.Cursor) ([]Receipt, error) {
	return receipts(ctx, c, h.Village, "WHERE r.village_id = ? AND r.household_id = ? AND (r.id < ? OR ? = 0) ORDER BY r.id DESC LIMIT ?",
		h.Village, h.ID, page.Before, page.Before, page.Size())
}
