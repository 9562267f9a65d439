package market

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// The kinds of stock document.
const (
	PaperPurchase = "purchase" // proposed, received by another, signed by the monitor
	PaperDonation = "donation" // goods given; checked in by another
	PaperTransfer = "transfer" // between counters; taken in by another
	PaperCount    = "count"    // a blind count; the difference is approved by another
	PaperDamage   = "damage"   // broken, wet, eaten; approved by another
	PaperExpiry   = "expiry"   // past its day; approved by another
)

// Where a document stands. Stock moves when it takes effect, never before.
const (
	PaperProposed = "proposed"
	PaperReceived = "received" // a purchase that waits for the monitor
	PaperDone     = "done"     // in effect
	PaperRefused  = "refused"  // given up; the number stays taken
)

// Paper is a stock document with its number.
type Paper struct {
	Village int64
	ID      int64
	Year    int
	Number  int
	Kind    string
	State   string
	Counter int64
	Other   int64      // where a transfer goes
	Fund    int64      // what pays for a purchase
	Party   string     // who sold or gave it
	Consent bool       // the giver agreed to be named on papers that leave the house
	Invoice string     // the invoice's number
	Note    string     // why: the proposer's words
	Fen     models.Fen // what it comes to, at cost

	ProposedBy, ReceivedBy, SignedBy, RefusedBy int64
	ProposedAt, ReceivedAt, SignedAt, RefusedAt models.Millis

	Reason string // the approver's words, or why it was given up
	Lines  []PaperLine
}

// PaperLine is one item of a document.
type PaperLine struct {
	N         int
	Goods     int64
	Lot       int64      // 0: the first to expire
	Qty       models.Qty // of a count: what the books said when it was handed in
	Counted   models.Qty
	CostFen   models.Fen // of one piece
	LotNumber string
	MadeOn    models.Date
	ExpiresOn models.Date
	Note      string

	Name, Unit string // of the item; in lists only
}

// Difference is what a count found beyond the books, below zero when something
// is missing.
func (l PaperLine) Difference() models.Qty { return l.Counted - l.Qty }

// Fen is what the line comes to, rounded half up once.
func (l PaperLine) Fen() models.Fen { return (l.CostFen*models.Fen(l.Qty) + 50) / 100 }

// PaperKind is a kind in words; Mark begins its numbers.
type PaperKind struct{ Key, Title, Mark string }

// PaperKinds are all of them.
var PaperKinds = []PaperKind{{PaperPurchase, "采购单", "购"}, {PaperDonation, "捐物单", "捐"}, {PaperTransfer, "调拨单", "调"},
	{PaperCount, "盘点单", "盘"}, {PaperDamage, "报损单", "损"}, {PaperExpiry, "过期处理单", "过"}}

func (p Paper) kind() PaperKind {
	for _, k := range PaperKinds {
		if k.Key == p.Kind {
			return k
		}
	}
	return PaperKind{Key: p.Kind, Title: p.Kind}
}

// Title is the document's kind in words.
func (p Paper) Title() string { return p.kind().Title }

// Label is the number as people write it: 购2026-012.
func (p Paper) Label() string { return fmt.Sprintf("%s%d-%03d", p.kind().Mark, p.Year, p.Number) }

// Giver is who gave the goods, as far as papers that leave the house may say.
func (p Paper) Giver() string {
	if p.Kind == PaperDonation && !p.Consent {
		return "爱心人士（不愿留名）"
	}
	return p.Party
}

// Differs reports whether a count found anything but what the books said.
func (p Paper) Differs() bool {
	for _, l := range p.Lines {
		if p.Kind == PaperCount && l.Difference() != 0 {
			return true
		}
	}
	return false
}

// The refusals about documents.
var (
	ErrNoPaper    = models.ErrNotFound.With("没有找到这张单据，请核对后再试")
	ErrPaperState = &models.Error{Kind: models.Conflict, Code: "paper_state", Say: "这张单据已经办过这一步，没有重复办理；请看最新的情况"}
	ErrSameHand   = &models.Error{Kind: models.Forbidden, Code: "paper_same_hand", Say: "开单的人不能自己办下一步，没有改动库存；请换一位同事"}
	ErrPaperShort = &models.Error{Kind: models.Conflict, Code: "paper_short", Field: "lines", Say: "库存不够，单据没有生效，库存没有变动；请先盘点或改数量"}
)

const paperColumns = `p.village_id, p.id, p.year, p.number, p.kind, p.state, p.counter_id, p.other_id, p.fund_id, p.party, p.consent, p.invoice, p.note, p.fen,
	p.proposed_by, p.proposed_at, p.received_by, p.received_at, p.signed_by, p.signed_at, p.refused_by, p.refused_at, p.reason`

func scanPaper(row db.Scanner) (p Paper, err error) {
	err = row.Scan(&p.Village, &p.ID, &p.Year, &p.Number, &p.Kind, &p.State, &p.Counter, &p.Other, &p.Fund, &p.Party, &p.Consent, &p.Invoice, &p.Note, &p.Fen,
		&p.ProposedBy, &p.ProposedAt, &p.ReceivedBy, &p.ReceivedAt, &p.SignedBy, &p.SignedAt, &p.RefusedBy, &p.RefusedAt, &p.Reason)
	return p, err
}

// GetPaper reads a document with its lines.
func GetPaper(ctx context.Context, c db.Conn, v, id int64) (Paper, error) {
	p, err := scanPaper(c.Stmts(ctx).Row("SELECT "+paperColumns+" FROM papers p WHERE p.village_id = ? AND p.id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNoPaper
	}
	if err != nil {
		return p, err
	}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var l PaperLine
		err := row.Scan(&l.N, &l.Goods, &l.Lot, &l.Qty, &l.Counted, &l.CostFen, &l.LotNumber, &l.MadeOn, &l.ExpiresOn, &l.Note, &l.Name, &l.Unit)
		p.Lines = append(p.Lines, l)
		return err
	}, `SELECT l.n, l.goods_id, l.lot_id, l.qty, l.counted, l.cost_fen, l.lot_number, l.made_on, l.expires_on, l.note, COALESCE(g.name, ''), COALESCE(g.unit, '')
		FROM paper_lines l LEFT JOIN goods g ON g.village_id = l.village_id AND g.id = l.goods_id WHERE l.village_id = ? AND l.paper_id = ? ORDER BY l.n`, v, id)
	return p, err
}

// Papers lists a village's documents without their lines, the newest first; kind
// and state narrow it when they are given.
func Papers(ctx context.Context, c db.Conn, v int64, kind, state string, page models.Cursor) ([]Paper, error) {
	var list []Paper
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		p, err := scanPaper(row)
		list = append(list, p)
		return err
	}, "SELECT "+paperColumns+" FROM papers p WHERE p.village_id = ? AND (p.kind = ? OR ? = '') AND (p.state = ? OR ? = '') AND (p.id < ? OR ? = 0) ORDER BY p.id DESC LIMIT ?",
		v, kind, kind, state, state, page.Before, page.Before, page.Size())
	return list, err
}

// PapersWaiting lists the documents that are not in effect yet, the oldest first.
func PapersWaiting(ctx context.Context, c db.Conn, v int64) ([]Paper, error) {
	var list []Paper
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		p, err := scanPaper(row)
		list = append(list, p)
		return err
	}, "SELECT "+paperColumns+" FROM papers p WHERE p.village_id = ? AND p.state IN (?, ?) ORDER BY p.id", v, PaperProposed, PaperReceived)
	return list, err
}

// writePaper gives a document its number and puts it down with its lines.
func writePaper(tx *db.Tx, p *Paper) error {
	p.Year = int(tx.Now.Month()) / 100
	if err := tx.SQL.Row("SELECT COALESCE(MAX(number), 0) + 1 FROM papers WHERE village_id = ? AND year = ?", p.Village, p.Year).Scan(&p.Number); err != nil {
		return err
	}
	_, err := tx.SQL.Exec(`INSERT INTO papers (village_id, id, year, number, kind, state, counter_id, other_id, fund_id, party, consent, invoice, note, fen, proposed_by, proposed_at, signed_by, signed_at, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.Village, p.ID, p.Year, p.Number, p.Kind, p.State, p.Counter, p.Other, p.Fund, p.Party, number(p.Consent), p.Invoice, p.Note, int64(p.Fen),
		p.ProposedBy, int64(p.ProposedAt), p.SignedBy, int64(p.SignedAt), p.Reason)
	if db.IsDuplicate(err) {
		return db.ErrLost // somebody else took the number
	}
	if err != nil {
		return err
	}
	return writePaperLines(tx, p)
}

func writePaperLines(tx *db.Tx, p *Paper) error {
	for i := range p.Lines {
		l := &p.Lines[i]
		l.N = i + 1
		_, err := tx.SQL.Exec("INSERT INTO paper_lines (village_id, paper_id, n, goods_id, lot_id, qty, counted, cost_fen, lot_number, made_on, expires_on, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			p.Village, p.ID, l.N, l.Goods, l.Lot, int64(l.Qty), int64(l.Counted), int64(l.CostFen), l.LotNumber, string(l.MadeOn), string(l.ExpiresOn), l.Note)
		if err != nil {
			return err
		}
	}
	return nil
}

// PaperAsk is a document as it is filled in.
type PaperAsk struct {
	Village int64
	Kind    string
	Counter int64
	Other   int64
	Fund    int64
	Party   string
	Consent bool
	Invoice string
	Note    string
	Lines   []PaperLine // of a count: Counted, for every item counted
	Fits    bool        // somebody has looked: it fits what directed money is for
}

func (a PaperAsk) tidy(today models.Date) (PaperAsk, error) {
	a.Party, a.Invoice, a.Note = models.Normal(a.Party), models.Normal(a.Invoice), strings.TrimSpace(a.Note)
	kind := Paper{Kind: a.Kind}.kind()
	switch {
	case kind.Mark == "":
		return a, models.ErrInput.With("请选单据的种类，没有开单").At("kind")
	case len(a.Lines) == 0 || len(a.Lines) > maxDelivery:
		return a, models.ErrInput.With("请至少填一样商品的数量，一次最多 200 样；没有开单").At("lines")
	case a.Kind == PaperPurchase && a.Fund == 0:
		return a, models.ErrInput.With("请选这批货用哪笔资金付，没有开单").At("fund")
	case a.Kind == PaperTransfer && (a.Other == 0 || a.Other == a.Counter):
		return a, models.ErrInput.With("请选货调到哪个兑换点，没有开单").At("other")
	case a.Kind == PaperDonation && a.Consent && a.Party == "":
		return a, models.ErrInput.With("勾了“同意公布姓名”，请写上捐赠人，没有开单").At("party")
	case (a.Kind == PaperDamage || a.Kind == PaperExpiry) && a.Note == "":
		return a, models.ErrInput.With("请写明怎么坏的、怎么处理，没有开单").At("note")
	}
	for _, err := range []error{fits("party", "供货人、捐赠人", a.Party, 64), fits("invoice", "发票号", a.Invoice, 64), fits("note", "说明", a.Note, 200), checkLines(a, today)} {
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

func checkLines(a PaperAsk, today models.Date) error {
	seen := map[[2]int64]bool{}
	for _, l := range a.Lines {
		key := [2]int64{l.Goods, l.Lot}
		switch {
		case seen[key]:
			return models.ErrInput.With("同一样商品填了两行，没有开单；请合成一行").At("lines")
		case a.Kind == PaperCount && (l.Counted < 0 || l.Counted > maxQty):
			return models.ErrInput.With("点到的数要填 0 或更大，没有开单").At("lines")
		case a.Kind != PaperCount && (l.Qty <= 0 || l.Qty > maxQty):
			return models.ErrInput.With("“数量”要填大于 0 的数字，没有开单").At("lines")
		case l.CostFen < 0 || l.CostFen > maxCost:
			return models.ErrInput.With("“进价”要在 0 到 100 万元之间，没有开单").At("lines")
		case l.ExpiresOn != "" && l.ExpiresOn <= today && (a.Kind == PaperPurchase || a.Kind == PaperDonation):
			return models.ErrInput.With("有一样已经到期，不能收进来，没有开单；请核对到期日").At("lines")
		}
		if err := fits("lines", "批号", l.LotNumber, 32); err != nil {
			return err
		}
		seen[key] = true
	}
	return nil
}

// maxCost bounds what one piece may cost, so that a line stays far below 2^63.
const maxCost = models.Fen(1_000_000 * 100)
