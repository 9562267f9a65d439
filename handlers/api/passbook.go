package api

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/village"
)

// lineJSON is one line of a passbook.
type lineJSON struct {
	Seq         int64         `json:"seq"`
	Number      string        `json:"number"`
	Kind        string        `json:"kind"`
	What        string        `json:"what"`
	Points      models.Points `json:"points"`
	Honour      models.Points `json:"honour"`
	Balance     models.Points `json:"balance"`
	ActDate     models.Date   `json:"act_date"`
	PostedAt    instant       `json:"posted_at"`
	Late        bool          `json:"late"`
	CheckCode   string        `json:"check_code"`
	Note        string        `json:"note,omitempty"`
	Award       id            `json:"award,omitzero"`
	Redemption  id            `json:"redemption,omitzero"`
	Corrects    int64         `json:"corrects,omitempty"`
	CorrectedBy int64         `json:"corrected_by,omitempty"`
	Reason      string        `json:"reason,omitempty"`
}

// kinds name the kinds of entries for programs.
var kinds = map[ledger.Kind]string{ledger.Award: "award", ledger.Deduct: "deduction", ledger.Redeem: "redemption", ledger.Reversal: "correction",
	ledger.Opening: "opening", ledger.Base: "base", ledger.Gift: "gift", ledger.Clear: "clearing"}

type passbookJSON struct {
	Household homeJSON `json:"household"`
	page[lineJSON]
}

// Passbook answers GET …/households/:household/passbook, newest line first.
func (a *API) Passbook(c *fiber.Ctx) error {
	home, err := a.homeFor(c, models.SeeHouseholds)
	if err != nil {
		return err
	}
	var f struct {
		Before int64 `form:"before" label:"页码" min:"0"`
		Limit  int   `form:"limit" label:"条数" min:"0" max:"200"`
	}
	if err := web.Read(c, &f); err != nil {
		return err
	}
	book, err := ledger.Balance(c.UserContext(), a.db, home.Household)
	if err != nil {
		return err
	}
	people, err := village.Members(c.UserContext(), a.db, home.Household)
	if err != nil {
		return err
	}
	size, next := models.Cursor{Limit: f.Limit}.Size(), ""
	entries, err := ledger.Statement(c.UserContext(), a.db, home.Household, f.Before, size)
	if err != nil {
		return err
	}
	if n := len(entries); n == size && entries[n-1].Seq > 1 {
		next = strconv.FormatInt(entries[n-1].Seq, 10)
	}
	lines, err := a.tellLines(c.UserContext(), home, entries)
	if err != nil {
		return err
	}
	return web.JSON(c, passbookJSON{homeOf(home, book, people), pageOf(lines, next)})
}

// tellLines adds to entries what the packages behind them know: which rule,
// which goods, whose correction.
func (a *API) tellLines(ctx context.Context, home village.Home, entries []ledger.Entry) ([]lineJSON, error) {
	var causes []int64
	for _, e := range entries {
		causes = append(causes, e.Cause)
	}
	awards, err := award.ByID(ctx, a.db, home.Village, causes)
	if err != nil {
		return nil, err
	}
	sales, err := market.ReceiptsByID(ctx, a.db, home.Village, causes)
	if err != nil {
		return nil, err
	}
	fixes, err := ledger.Corrections(ctx, a.db, home.Household)
	if err != nil {
		return nil, err
	}
	lines := make([]lineJSON, len(entries))
	for i, e := range entries {
		l := lineJSON{Seq: e.Seq, Number: e.Number(home.Number), Kind: kinds[e.Kind], What: e.Kind.String(), Points: e.Points, Honour: e.Honour,
			Balance: e.Balance, ActDate: e.ActDate, PostedAt: instant(e.PostedAt), Late: e.Late, CheckCode: e.CheckCode(), CorrectedBy: fixes[e.Seq].By}
		switch e.Kind {
		case ledger.Redeem:
			if r, ok := sales[e.Cause]; ok {
				l.Redemption, l.What = id(r.ID), goodsText(r.Lines)
			}
		case ledger.Reversal:
			l.Corrects, l.Reason = e.Cause, fixes[e.Cause].Reason
		default:
			if w, ok := awards[e.Cause]; ok {
				l.Award, l.What, l.Note = id(w.ID), w.Item, w.Note
			}
		}
		lines[i] = l
	}
	return lines, nil
}

func goodsText(lines []market.ReceiptLine) string {
	text := ""
	for _, l := range lines {
		if text != "" {
			text += "、"
		}
		text += l.Name + " × " + l.Qty.String()
	}
	return text
}

// Correct answers POST …/lines/:seq/correction with the line that takes the
// other back.
func (a *API) Correct(c *fiber.Ctx) error {
	home, err := a.homeFor(c, models.CorrectEntry)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(c.Params("seq"), 10, 64)
	if err != nil || seq < 1 {
		return models.ErrNotFound
	}
	var f struct {
		Reason string `form:"reason,required,text" label:"为什么更正" max:"200"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	if err := award.Correct(ctx, a.db, op, web.Actor(c), home.Household, seq, f.Reason); err != nil {
		return err
	}
	fixes, err := ledger.Corrections(ctx, a.db, home.Household)
	if err != nil {
		return err
	}
	e, err := ledger.GetEntry(ctx, a.db, home.Household, fixes[seq].By)
	if err != nil {
		return err
	}
	lines, err := a.tellLines(ctx, home, []ledger.Entry{e})
	if err != nil {
		return err
	}
	return made(c, lines[0])
}
