package pages

import (
	"context"
	"strings"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/ledger"
	"pointstore/models/market"
)

// reportLineOf is a line of a passbook with what caused it.
type reportLineOf struct {
	ledger.Entry
	Undoes  *ledger.Entry // what a correction takes back
	Award   *award.Award
	Receipt *market.Receipt
}

// reportLines finds the causes of lines. What is private stays unnamed.
func (p *Pages) reportLines(ctx context.Context, h models.Household, entries []ledger.Entry) ([]reportLineOf, error) {
	lines := make([]reportLineOf, len(entries))
	var awards, receipts []int64
	for i, e := range entries {
		lines[i].Entry = e
		if e.Kind == ledger.Reversal {
			o, err := ledger.GetEntry(ctx, p.db, h, e.Cause)
			if err != nil {
				return nil, err
			}
			lines[i].Undoes = &o
		}
		switch of := lines[i].of(); of.Kind {
		case ledger.Award, ledger.Deduct, ledger.Base, ledger.Gift:
			awards = append(awards, of.Cause)
		case ledger.Redeem:
			receipts = append(receipts, of.Cause)
		}
	}
	given, err := award.ByID(ctx, p.db, h.Village, awards)
	if err != nil {
		return nil, err
	}
	bought, err := market.ReceiptsByID(ctx, p.db, h.Village, receipts)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		of := lines[i].of()
		if a, ok := given[of.Cause]; ok && of.Kind != ledger.Redeem {
			lines[i].Award = &a
		}
		if r, ok := bought[of.Cause]; ok && of.Kind == ledger.Redeem {
			lines[i].Receipt = &r
		}
	}
	return lines, nil
}

// of is the line that says what it was about: for a correction the one it takes
// back.
func (l reportLineOf) of() ledger.Entry {
	if l.Undoes != nil {
		return *l.Undoes
	}
	return l.Entry
}

// what tells the line in a few words.
func (l reportLineOf) what() string {
	text := l.of().Kind.String()
	switch {
	case l.Receipt != nil:
		text = "兑换：" + reportGoods(*l.Receipt)
	case l.Award != nil && l.Award.Private:
		text = "不公示的事项"
	case l.Award != nil && l.Award.Item != "":
		text = l.Award.Item
	}
	if l.Undoes != nil {
		text = "更正：" + text
	}
	if l.Late {
		text += "（补录）"
	}
	return text
}

func reportGoods(r market.Receipt) string {
	var words []string
	for _, l := range r.Lines {
		words = append(words, l.Name+" × "+l.Qty.String()+l.Unit)
	}
	return strings.Join(words, "、")
}
