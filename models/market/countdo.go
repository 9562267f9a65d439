package market

import (
	"context"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// CountOpening takes down what somebody counted on the shelf after closing,
// without having been told what should be there. Every item that has stock is in
// it; what is gone is counted as none.
func CountOpening(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, opening int64, counted map[int64]models.Qty) (o Opening, err error) {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return o, err
	}
	asked := struct {
		Opening int64
		Counted map[int64]models.Qty
	}{opening, counted}
	again := func(tx *db.Tx, _ int64) (err error) { o, err = GetOpening(ctx, tx, v, opening); return err }
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "opening_count", Asked: asked, By: by, Subject: opening, Again: again}, func(tx *db.Tx) error {
		if o, err = GetOpening(ctx, tx, v, opening); err != nil {
			return err
		}
		if o.State != OpeningClosed {
			return ErrCountState
		}
		if err := tx.SQL.Must(1, ErrCountState, "UPDATE openings SET state = ?, counted_by = ?, counted_at = ? WHERE village_id = ? AND id = ? AND state = ?",
			OpeningCounted, by.Account, int64(tx.Now), v, opening, OpeningClosed); err != nil {
			return err
		}
		lines, err := Counts(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := o.addUp(tx); err != nil {
			return err
		}
		if err := freezeCounts(tx, o, lines, counted); err != nil {
			return err
		}
		o.State, o.CountedBy, o.CountedAt = OpeningCounted, by.Account, tx.Now
		_, err = tx.SQL.Exec("UPDATE openings SET visits = ?, points = ?, fen = ? WHERE village_id = ? AND id = ?", o.Visits, int64(o.Points), int64(o.Fen), v, opening)
		return err
	})
	return o, err
}

var countRows = db.NewRows("INSERT INTO opening_counts (village_id, opening_id, goods_id, lot_id, opened, handed, points, expected, counted)", "", 9)

func freezeCounts(tx *db.Tx, o Opening, lines []CountLine, counted map[int64]models.Qty) error {
	args := make([]any, 0, len(lines)*countRows.Width())
	for _, l := range lines {
		qty, ok := counted[l.Goods]
		switch {
		case l.Service:
			qty = 0
		case !ok:
			return ErrCountMissing.With("“" + l.Name + "”还没有点，没有保存；没有了的请填 0")
		case qty < 0 || qty > maxQty:
			return models.ErrInput.With("“" + l.Name + "”的数量不对，没有保存；请核对").At("count")
		}
		args = append(args, o.Village, o.ID, l.Goods, shelfLot, int64(l.Opened), int64(l.Handed), int64(l.Points), int64(l.Expected), int64(qty))
	}
	if _, err := tx.SQL.Exec("DELETE FROM opening_counts WHERE village_id = ? AND opening_id = ?", o.Village, o.ID); err != nil {
		return err
	}
	return tx.SQL.Put(countRows, args)
}

// RecountOpening throws a count away that nobody has signed, for another. The
// trail keeps what differed.
func RecountOpening(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, opening int64) error {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "opening_recount", Asked: opening, By: by, Subject: opening}, func(tx *db.Tx) error {
		o, err := GetOpening(ctx, tx, v, opening)
		if err != nil {
			return err
		}
		lines, err := Counts(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := tx.SQL.Must(1, ErrCountState, "UPDATE openings SET state = ?, counted_by = 0, counted_at = 0 WHERE village_id = ? AND id = ? AND state = ?", OpeningClosed, v, opening, OpeningCounted); err != nil {
			return err
		}
		if _, err := tx.SQL.Exec("UPDATE opening_counts SET handed = 0, points = 0, expected = 0, counted = -1 WHERE village_id = ? AND opening_id = ?", v, opening); err != nil {
			return err
		}
		var notes []db.Note
		for _, l := range lines {
			if l.Difference() != 0 {
				notes = append(notes, db.Note{Field: "counted", Old: l.Name + " " + l.Counted.String()})
			}
		}
		return tx.Note(v, notes...)
	})
}

// MaySignOpening answers whether the person may put the second name under a
// count: anybody who keeps stock or watches, but whoever counted.
func MaySignOpening(by models.Actor, at models.Place, o Opening) error {
	switch {
	case o.State != OpeningCounted:
		return ErrCountState
	case by.Account == 0 || by.Account == o.CountedBy:
		return ErrCountHand
	case by.Can(models.KeepStock, at) || by.Can(models.SignStock, at):
		return nil
	}
	return by.May(models.WatchRecords, at)
}

// SignOpening is the second person's name under a count. One that agrees with the
// books is settled with it; another waits for an approver.
func SignOpening(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, opening int64) (o Opening, err error) {
	at, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return o, err
	}
	again := func(tx *db.Tx, _ int64) (err error) { o, err = GetOpening(ctx, tx, v, opening); return err }
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "opening_sign", Asked: opening, By: by, Subject: opening, Again: again}, func(tx *db.Tx) error {
		if o, err = GetOpening(ctx, tx, v, opening); err != nil {
			return err
		}
		if err := MaySignOpening(by, at, o); err != nil {
			return err
		}
		lines, err := Counts(ctx, tx, o)
		if err != nil {
			return err
		}
		o.State, o.SignedBy, o.SignedAt = OpeningSettled, by.Account, tx.Now
		if slices.ContainsFunc(lines, func(l CountLine) bool { return l.Difference() != 0 }) {
			o.State = OpeningSigned
		}
		return tx.SQL.Must(1, ErrCountState, "UPDATE openings SET state = ?, signed_by = ?, signed_at = ? WHERE village_id = ? AND id = ? AND state = ? AND counted_by = ?",
			o.State, o.SignedBy, int64(o.SignedAt), v, opening, OpeningCounted, o.CountedBy)
	})
	return o, err
}

// MaySettleOpening answers whether the person may approve what a count differs
// by: as with a stock-taking, never whoever counted.
func MaySettleOpening(by models.Actor, at models.Place, o Opening) error {
	switch {
	case o.State != OpeningSigned:
		return ErrCountState
	case by.Account == 0 || by.Account == o.CountedBy:
		return ErrCountHand
	case by.Can(models.UndoRedemption, at) || by.Can(models.DecideAbove, at):
		return nil
	}
	return by.May(models.SignStock, at)
}

// SettleOpening posts what a count differs by, with the reason: a numbered
// document of the opening's count, counted by one and approved by another.
func SettleOpening(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, opening int64, reason string) (o Opening, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return o, models.ErrInput.With("点到的数和账上不一样，请写明原因，没有生效").At("reason")
	}
	if err := fits("reason", "原因", reason, 120); err != nil {
		return o, err
	}
	at, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return o, err
	}
	asked := struct {
		Opening int64
		Reason  string
	}{opening, reason}
	again := func(tx *db.Tx, _ int64) (err error) { o, err = GetOpening(ctx, tx, v, opening); return err }
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "opening_settle", Asked: asked, By: by, Subject: opening, Again: again}, func(tx *db.Tx) error {
		if o, err = GetOpening(ctx, tx, v, opening); err != nil {
			return err
		}
		if err := MaySettleOpening(by, at, o); err != nil {
			return err
		}
		lines, err := Counts(ctx, tx, o)
		if err != nil {
			return err
		}
		o.State, o.ApprovedBy, o.ApprovedAt, o.Reason, o.Paper = OpeningSettled, by.Account, tx.Now, reason, models.NewID()
		if err := tx.SQL.Must(1, ErrCountState, "UPDATE openings SET state = ?, approved_by = ?, approved_at = ?, reason = ?, paper_id = ? WHERE village_id = ? AND id = ? AND state = ?",
			o.State, o.ApprovedBy, int64(o.ApprovedAt), o.Reason, o.Paper, v, opening, OpeningSigned); err != nil {
			return err
		}
		return o.post(tx, by, lines)
	})
	return o, err
}

// post writes the document of a count that differs, and moves the stock by it.
func (o Opening) post(tx *db.Tx, by models.Actor, lines []CountLine) error {
	p := Paper{Village: o.Village, ID: o.Paper, Kind: PaperCount, State: PaperDone, Counter: o.Counter, Note: "收场盘点",
		ProposedBy: o.CountedBy, ProposedAt: o.CountedAt, SignedBy: by.Account, SignedAt: tx.Now, Reason: o.Reason}
	for _, l := range lines {
		if l.Difference() == 0 {
			continue
		}
		line := PaperLine{Goods: l.Goods, Qty: l.Expected, Counted: l.Counted, Name: l.Name, Unit: l.Unit}
		var err error
		if line.CostFen, err = costOf(tx, o.Village, line); err != nil {
			return err
		}
		p.Lines = append(p.Lines, line)
	}
	p.Fen = paperSum(&p)
	if err := writePaper(tx, &p); err != nil {
		return err
	}
	return applyPaper(tx, by, &p)
}
