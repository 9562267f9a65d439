package market

import (
	"context"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// ProposePaper writes a document and gives it its number. Nothing moves yet. Of a
// count the books' numbers are kept as they stand now; whoever counts does not
// see them.
func ProposePaper(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, ask PaperAsk) (Paper, error) {
	err := may(ctx, d, by, models.KeepStock, ask.Village)
	if err == nil {
		ask, err = ask.tidy(d.Now().Day())
	}
	if err != nil {
		return Paper{}, err
	}
	id := models.NewID()
	var p Paper
	err = d.InTx(ctx, db.Op{ID: op, Village: ask.Village, Kind: "paper_" + ask.Kind, Asked: ask, By: by, Subject: id,
		Again: func(tx *db.Tx, subject int64) (err error) {
			p, err = GetPaper(ctx, tx, ask.Village, subject)
			return err
		}}, func(tx *db.Tx) error {
		p = Paper{Village: ask.Village, ID: id, Kind: ask.Kind, State: PaperProposed, Counter: ask.Counter, Party: ask.Party, Invoice: ask.Invoice, Note: ask.Note,
			ProposedBy: by.Account, ProposedAt: tx.Now, Lines: ask.Lines}
		if err := furnishPaper(ctx, tx, ask, &p); err != nil {
			return err
		}
		return writePaper(tx, &p)
	})
	return p, err
}

// furnishPaper checks that what the document names is there, and adds what only
// the books know.
func furnishPaper(ctx context.Context, tx *db.Tx, ask PaperAsk, p *Paper) error {
	counters := []int64{ask.Counter}
	switch ask.Kind {
	case PaperPurchase:
		p.Fund = ask.Fund
		if err := paperFund(ctx, tx, ask); err != nil {
			return err
		}
	case PaperDonation:
		p.Consent = ask.Consent
	case PaperTransfer:
		p.Other = ask.Other
		counters = append(counters, ask.Other)
	}
	for _, id := range counters {
		c, err := GetCounter(ctx, tx, ask.Village, id)
		if err == nil && c.ClosedAt != 0 {
			err = ErrCounterClosed.With("“" + c.Name + "”已停用，没有开单；请换一个兑换点")
		}
		if err != nil {
			return err
		}
	}
	for i := range p.Lines {
		if err := furnishLine(ctx, tx, p, &p.Lines[i]); err != nil {
			return err
		}
	}
	p.Fen = paperSum(p)
	return nil
}

func paperFund(ctx context.Context, tx *db.Tx, ask PaperAsk) error {
	f, err := GetFund(ctx, tx, ask.Village, ask.Fund)
	switch {
	case err != nil:
		return err
	case f.ClosedAt != 0:
		return ErrFundClosed
	case f.Directed && !ask.Fits:
		return ErrDirected.With("“" + f.Name + "”说好只用在“" + f.Purpose + "”，没有开单；确实符合就打上勾")
	}
	return nil
}

func furnishLine(ctx context.Context, tx *db.Tx, p *Paper, l *PaperLine) error {
	g, err := GetGoods(ctx, tx, p.Village, l.Goods)
	if err != nil {
		return err
	}
	if !g.Counted() {
		return models.ErrInput.With("“" + g.Name + "”是服务，不计库存；没有开单").At("lines")
	}
	l.Name, l.Unit = g.Name, g.Unit
	if p.Kind == PaperPurchase || p.Kind == PaperDonation {
		return nil
	}
	if l.CostFen, err = costOf(tx, p.Village, *l); err != nil {
		return err
	}
	if p.Kind == PaperCount {
		return tx.SQL.Row("SELECT COALESCE(SUM(qty), 0) FROM stock WHERE village_id = ? AND counter_id = ? AND goods_id = ?", p.Village, p.Counter, l.Goods).Scan(&l.Qty)
	}
	return nil
}

// costOf is what a piece cost: its lot's, else the last price's.
func costOf(tx *db.Tx, v int64, l PaperLine) (models.Fen, error) {
	var lot, price models.Fen
	err := tx.SQL.Row(`SELECT COALESCE((SELECT cost_fen FROM lots WHERE village_id = ? AND id = ?), 0),
		COALESCE((SELECT p.cost_fen FROM prices p WHERE p.village_id = ? AND p.goods_id = ? AND p.from_day <= ? ORDER BY p.from_day DESC LIMIT 1), 0)`,
		v, l.Lot, v, l.Goods, string(tx.Now.Day())).Scan(&lot, &price)
	if lot == 0 {
		lot = price
	}
	return lot, err
}

func paperSum(p *Paper) (sum models.Fen) {
	for _, l := range p.Lines {
		if p.Kind == PaperCount {
			l.Qty = l.Difference()
		}
		sum += l.Fen()
	}
	return sum
}

// Delivered is what came of a proposed purchase: by line, what was delivered at
// which cost, 0 for nothing.
type Delivered struct {
	Village, Paper int64
	Party, Invoice string
	Lines          []PaperLine // N, Qty, CostFen and what is printed on the package
}

// ReceivePaper takes goods in. A purchase then waits for the monitor; what was
// given, or carried over from another counter, is in effect at once. Whoever
// opened the document does not receive it.
func ReceivePaper(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, got Delivered) (p Paper, err error) {
	got.Party, got.Invoice = models.Normal(got.Party), models.Normal(got.Invoice)
	if err := may(ctx, d, by, models.KeepStock, got.Village); err != nil {
		return p, err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: got.Village, Kind: "paper_receive", Asked: got, By: by, Subject: got.Paper,
		Again: func(tx *db.Tx, subject int64) (err error) {
			p, err = GetPaper(ctx, tx, got.Village, subject)
			return err
		}}, func(tx *db.Tx) (err error) {
		if p, err = GetPaper(ctx, tx, got.Village, got.Paper); err != nil {
			return err
		}
		if err := MayReceivePaper(by, p); err != nil {
			return err
		}
		to := PaperDone
		if p.Kind == PaperPurchase {
			to = PaperReceived
			if err := p.deliver(tx, got); err != nil {
				return err
			}
		}
		p.ReceivedBy, p.ReceivedAt = by.Account, tx.Now
		if err := tx.SQL.Must(1, ErrPaperState, "UPDATE papers SET state = ?, received_by = ?, received_at = ?, party = ?, invoice = ?, fen = ? WHERE village_id = ? AND id = ? AND state = ?",
			to, p.ReceivedBy, int64(p.ReceivedAt), p.Party, p.Invoice, int64(p.Fen), p.Village, p.ID, p.State); err != nil {
			return err
		}
		if p.State = to; to != PaperDone {
			return nil
		}
		return applyPaper(tx, by, &p)
	})
	return p, err
}

// MayReceivePaper answers whether the person may take in what the document brings.
func MayReceivePaper(by models.Actor, p Paper) error {
	switch {
	case p.State != PaperProposed || p.Kind != PaperPurchase && p.Kind != PaperDonation && p.Kind != PaperTransfer:
		return ErrPaperState
	case by.Account == p.ProposedBy:
		return ErrSameHand.With("开单的人不能自己收货，没有改动库存；请换一位同事来点收")
	}
	return nil
}

// deliver puts what came in the place of what was proposed; both stay in the trail.
func (p *Paper) deliver(tx *db.Tx, got Delivered) error {
	if got.Invoice == "" || got.Party == "" {
		return models.ErrInput.With("请填供货人和发票号，没有收货；没有发票就填收据号").At("invoice")
	}
	byN := map[int]PaperLine{}
	for _, l := range got.Lines {
		byN[l.N] = l
	}
	var any models.Qty
	for i := range p.Lines {
		l := &p.Lines[i]
		was := *l
		g := byN[l.N]
		l.Qty, l.CostFen, l.LotNumber, l.MadeOn, l.ExpiresOn = g.Qty, g.CostFen, g.LotNumber, g.MadeOn, g.ExpiresOn
		any += l.Qty
		if l.Qty < 0 || l.Qty > maxQty || l.CostFen < 0 || l.CostFen > maxCost {
			return models.ErrInput.With("“" + l.Name + "”的数量、进价不对，没有收货；没到的填 0").At("lines")
		}
		if l.ExpiresOn != "" && l.ExpiresOn <= tx.Now.Day() {
			return models.ErrInput.With("“" + l.Name + "”已经到期，不能收，没有收货；请退给供货人").At("lines")
		}
		if err := fits("lines", "批号", l.LotNumber, 32); err != nil {
			return err
		}
		if err := tx.Note(p.Village, db.Note{Field: l.Name, Old: was.Qty.Plain() + " × " + was.CostFen.Plain(), New: l.Qty.Plain() + " × " + l.CostFen.Plain()}); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("UPDATE paper_lines SET qty = ?, cost_fen = ?, lot_number = ?, made_on = ?, expires_on = ? WHERE village_id = ? AND paper_id = ? AND n = ?",
			int64(l.Qty), int64(l.CostFen), l.LotNumber, string(l.MadeOn), string(l.ExpiresOn), p.Village, p.ID, l.N); err != nil {
			return err
		}
	}
	if any == 0 {
		return models.ErrInput.With("一样都没到，就不用收货；没有改动。要取消请点“作废”").At("lines")
	}
	p.Party, p.Invoice, p.Fen = got.Party, got.Invoice, paperSum(p)
	return nil
}

// SignPaper lets a document take effect: the monitor signs a purchase, somebody
// other than the proposer approves a count's difference, damage or expiry. A
// count that differs needs a reason.
func SignPaper(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, paper int64, reason string) (p Paper, err error) {
	reason = strings.TrimSpace(reason)
	if err := fits("reason", "理由", reason, 200); err != nil {
		return p, err
	}
	at, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return p, err
	}
	asked := struct {
		Paper  int64
		Reason string
	}{paper, reason}
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "paper_sign", Asked: asked, By: by, Subject: paper,
		Again: func(tx *db.Tx, subject int64) (err error) {
			p, err = GetPaper(ctx, tx, v, subject)
			return err
		}}, func(tx *db.Tx) (err error) {
		if p, err = GetPaper(ctx, tx, v, paper); err != nil {
			return err
		}
		if err := MaySignPaper(ctx, tx, by, at, p); err != nil {
			return err
		}
		if p.Differs() && reason == "" {
			return models.ErrInput.With("点到的数和账上不一样，请写明原因，没有生效").At("reason")
		}
		p.SignedBy, p.SignedAt, p.Reason = by.Account, tx.Now, reason
		if err := tx.SQL.Must(1, ErrPaperState, "UPDATE papers SET state = ?, signed_by = ?, signed_at = ?, reason = ? WHERE village_id = ? AND id = ? AND state = ?",
			PaperDone, p.SignedBy, int64(p.SignedAt), p.Reason, v, p.ID, p.State); err != nil {
			return err
		}
		p.State = PaperDone
		return applyPaper(tx, by, &p)
	})
	return p, err
}

// MaySignPaper answers whether the person may let the document take effect now. A
// purchase is the monitor's to sign; where the village has none, the township's.
func MaySignPaper(ctx context.Context, c db.Conn, by models.Actor, at models.Place, p Paper) error {
	wants := map[string]string{PaperPurchase: PaperReceived, PaperCount: PaperProposed, PaperDamage: PaperProposed, PaperExpiry: PaperProposed}[p.Kind]
	monitor := by.May(models.SignStock, at)
	switch {
	case p.State != wants:
		return ErrPaperState
	case by.Account == p.ProposedBy || by.Account == p.ReceivedBy:
		return ErrSameHand.With("自己开的、自己收的单不能自己签，没有改动库存；请换一位同事")
	case monitor == nil:
		return nil
	case p.Kind != PaperPurchase && (by.Can(models.UndoRedemption, at) || by.Can(models.DecideAbove, at)):
		return nil
	case p.Kind != PaperPurchase:
		return monitor
	case !by.Can(models.DecideAbove, at):
		return monitor
	}
	var monitors int
	today := string(c.Handle().Now().Day())
	err := c.Stmts(ctx).Row("SELECT COUNT(*) FROM grants WHERE area_id = ? AND role = ? AND from_day <= ? AND (until_day = '' OR until_day >= ?)", at.Village, string(models.Monitor), today, today).Scan(&monitors)
	if err == nil && monitors > 0 {
		err = models.ErrForbidden.With("村里有监督员，采购单由监督员签字，没有改动库存")
	}
	return err
}

// RefusePaper gives a document up before it takes effect: by whoever opened it,
// or by those who would let it take effect. Its number stays taken.
func RefusePaper(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, paper int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return models.ErrInput.With("请写明作废的原因，单据还没有作废").At("reason")
	}
	if err := fits("reason", "原因", reason, 200); err != nil {
		return err
	}
	at, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return err
	}
	if !by.Can(models.KeepStock, at) && !by.Can(models.SignStock, at) {
		return by.May(models.KeepStock, at)
	}
	asked := struct {
		Paper  int64
		Reason string
	}{paper, reason}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "paper_refuse", Asked: asked, By: by, Subject: paper}, func(tx *db.Tx) error {
		if _, err := GetPaper(ctx, tx, v, paper); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrPaperState, "UPDATE papers SET state = ?, refused_by = ?, refused_at = ?, reason = ? WHERE village_id = ? AND id = ? AND state IN (?, ?)",
			PaperRefused, by.Account, int64(tx.Now), reason, v, paper, PaperProposed, PaperReceived)
	})
}
