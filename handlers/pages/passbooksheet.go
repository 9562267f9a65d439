package pages

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// span is the part of a passbook that is printed: month, quarter, year or all.
type span string

const spanDefault span = "year"

var spans = []struct {
	span
	Text string
}{{"month", "本月"}, {"quarter", "本季度"}, {"year", "今年"}, {"all", "全部"}}

// from is the first day of the span that today lies in; empty for all.
func (s span) from(today models.Date) models.Date {
	switch s {
	case "month":
		return today.Month().First()
	case "quarter":
		return today.Month().Quarter().Start()
	case "all":
		return ""
	}
	return models.Date(today[:4] + "-01-01")
}

func (s span) text() string {
	for _, one := range spans {
		if one.span == s {
			return one.Text
		}
	}
	return spans[2].Text
}

// passbookSheet is a household's passbook on paper, the oldest line first: for
// the family, and for staff who may see its full name.
type passbookSheet struct {
	Home     village.Home
	Village  string
	Span     string // 今年
	From, To models.Date
	Before   models.Points // what could be spent when it begins
	Lines    []passLine
	Cut      bool // lines beyond printMost are not on it
	Earned   models.Points
	Spent    models.Points
	Book     ledger.Passbook
	Number   string // of the last line
	Code     string // of the last line, and so of all before it
	QR       Code
	PrintAt  models.Millis

	Spans []web.Link // to choose from, on the screen
	Back  string
}

// View implements web.Page.
func (passbookSheet) View() (name, title string) { return "me/print", "积分存折（打印）" }

// printMost is how many lines one printing holds.
const printMost = 2000

// PrintPassbook answers GET /me/print.
func (p *Pages) PrintPassbook(c *fiber.Ctx) error {
	s, err := p.passbookSheet(c.UserContext(), web.Actor(c).Household, span(c.Query("span")))
	if err != nil {
		return err
	}
	s.Back = "/me"
	for _, one := range spans {
		s.Spans = append(s.Spans, web.Link{Href: "/me/print?span=" + string(one.span), Text: one.Text, Key: one.Text})
	}
	return web.Show(c, s)
}

// passbookSheet reads what is printed. Whoever calls it has asked whether the
// reader may see the household.
func (p *Pages) passbookSheet(ctx context.Context, h models.Household, s span) (passbookSheet, error) {
	now := p.db.Now()
	sheet := passbookSheet{Span: s.text(), From: s.from(now.Day()), To: now.Day(), PrintAt: now}
	if s == "" {
		sheet.From = spanDefault.from(now.Day())
	}
	var err error
	if sheet.Home, err = village.GetHome(ctx, p.db, h); err != nil {
		return sheet, err
	}
	area, err := village.GetArea(ctx, p.db, h.Village)
	if err != nil {
		return sheet, err
	}
	sheet.Village = area.Name
	if sheet.Book, err = ledger.Balance(ctx, p.db, h); err != nil {
		return sheet, err
	}
	entries, err := sheet.read(ctx, p)
	if err != nil {
		return sheet, err
	}
	if sheet.Lines, err = passLines(ctx, p.db, sheet.Home, entries); err != nil {
		return sheet, err
	}
	return sheet, sheet.prove(p, entries)
}

// read takes the lines that reached the passbook within the span, the oldest
// first: in this order the balances run on.
func (s *passbookSheet) read(ctx context.Context, p *Pages) ([]ledger.Entry, error) {
	entries, err := ledger.Statement(ctx, p.db, s.Home.Household, 0, printMost+1)
	if err != nil {
		return nil, err
	}
	for i, e := range entries {
		if e.PostedAt.Day() < s.From || i == printMost {
			s.Before, s.Cut = e.Balance, i == printMost
			entries = entries[:i]
			break
		}
	}
	slices.Reverse(entries)
	for _, e := range entries {
		if e.Points > 0 {
			s.Earned += e.Points
		} else {
			s.Spent += e.Points
		}
	}
	return entries, nil
}

// prove puts the last line's check code on the paper.
func (s *passbookSheet) prove(p *Pages, entries []ledger.Entry) (err error) {
	if len(entries) == 0 {
		return nil
	}
	last := entries[len(entries)-1]
	s.Number, s.Code = last.Number(s.Home.Number), last.CheckCode()
	s.QR, err = qrCode(p.verifyAddress(s.Home.Village, s.Number, s.Code))
	return err
}
