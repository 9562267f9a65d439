package pages

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/ledger"
	"pointstore/models/village"
)

// householdPage is one household with everything the committee keeps of it.
type householdPage struct {
	committeeAt
	Home    village.Home
	Own     bool
	Book    ledger.Passbook
	Members []village.Member
	Links   []householdLink
	Grid    string
	Phone   string
	Lines   []householdPassLine
	Waiting []comingLine
	Older   string
	Newest  bool
	Errors  map[string]string
	Open    string // the part that a refusal is about
	Typed   map[string]string
	Kinds   []web.Option
	Staff   []web.Option
	Base    string
	Honours []string // what is in force or on a list now
	Fetch   proxyPart
	Tail    string // the village in addresses, for those who work in several
}

type householdPassLine struct {
	passLine
	Correct string // the address where it is corrected; empty for what is not
}

type householdLink struct {
	ID, What string
}

// View implements web.Page.
func (p householdPage) View() (name, title string) { return "committee/household", p.Home.Label() }

// CommitteeHousehold answers GET /committee/households/:household.
func (p *Pages) CommitteeHousehold(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.SeeHouseholds)
	if err != nil {
		return p.committeeAstray(c, err, models.SeeHouseholds)
	}
	var f struct {
		Before int64 `form:"before" label:"页码" min:"0"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.householdPage(c, at, home, f.Before)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) householdInHand(c *fiber.Ctx, act models.Action) (at committeeAt, home village.Home, err error) {
	if at, err = committeeFor(c, act); err != nil {
		return at, home, err
	}
	home, err = p.committeeHome(c, at)
	return at, home, err
}

func (p *Pages) householdPage(c *fiber.Ctx, at committeeAt, home village.Home, before int64) (page householdPage, err error) {
	ctx := c.UserContext()
	page = householdPage{committeeAt: at, Home: home, Own: at.Kin(home.Household), Newest: before == 0, Typed: map[string]string{}, Base: "/committee/households/" + models.ID32(home.ID)}
	if page.Book, err = ledger.Balance(ctx, p.db, home.Household); err != nil {
		return page, err
	}
	if page.Members, err = village.Members(ctx, p.db, home.Household); err != nil {
		return page, err
	}
	if err = p.householdLines(ctx, &page, before); err != nil {
		return page, err
	}
	if page.Waiting, _, _, err = comingLines(ctx, p.db, home); err != nil {
		return page, err
	}
	if !at.Can(models.SetUpVillage) {
		return page, nil
	}
	if page.Fetch, err = p.proxyPart(ctx, home.Household); err != nil {
		return page, err
	}
	page.Tail = strings.TrimPrefix(at.Href(page.Base), page.Base)
	if page.Honours, err = p.honoursOf(ctx, home.Household); err != nil {
		return page, err
	}
	if page.Phone, err = village.PhoneOf(ctx, p.db, p.keys, home.Household); err != nil {
		return page, err
	}
	return page, p.householdKin(ctx, &page)
}

func (p *Pages) householdLines(ctx context.Context, page *householdPage, before int64) error {
	entries, err := ledger.Statement(ctx, p.db, page.Home.Household, before, linesAtOnce)
	if err != nil {
		return err
	}
	lines, err := passLines(ctx, p.db, page.Home, entries)
	for i, l := range lines {
		one := householdPassLine{passLine: l}
		if page.Can(models.CorrectEntry) && !page.Own && correctable(entries[i], l) {
			one.Correct = page.Href(page.Base + "/lines/" + countOf(int(l.Seq)))
		}
		page.Lines = append(page.Lines, one)
	}
	if n := len(entries); n == linesAtOnce && entries[n-1].Seq > 1 {
		page.Older = page.Href(page.Base, "before", countOf(int(entries[n-1].Seq)))
	}
	return err
}

// correctable lines were given or carried over, and are not taken back yet.
// Goods go back at the counter.
func correctable(e ledger.Entry, l passLine) bool {
	return !l.Void && e.Kind != ledger.Redeem && e.Kind != ledger.Reversal && e.Kind != ledger.Clear
}

// householdKin tells who may not decide alone for this household, and offers
// whom one can link it to.
func (p *Pages) householdKin(ctx context.Context, page *householdPage) error {
	v := page.Area.ID
	links, err := village.Links(ctx, p.db, v, page.Home.ID)
	if err != nil {
		return err
	}
	people, err := account.List(ctx, p.db, v)
	if err != nil && !errors.Is(err, models.ErrForbidden) {
		return err
	}
	names := map[int64]string{}
	page.Staff = []web.Option{{Text: "请选一位工作人员"}}
	for _, a := range people {
		names[a.ID] = a.Name
		page.Staff = append(page.Staff, web.Option{Value: models.ID32(a.ID), Text: a.Name})
	}
	for _, l := range links {
		what := "工作人员 " + names[l.Account] + " 的本人家"
		if l.Account == 0 {
			other := l.Other
			if other == page.Home.ID {
				other = l.Household
			}
			h, err := village.GetHome(ctx, p.db, models.Household{Village: v, ID: other})
			if err != nil {
				return err
			}
			what = h.Label() + "（" + l.Relation + "）"
		}
		page.Links = append(page.Links, householdLink{models.ID32(l.ID), what})
	}
	for _, k := range village.Kinships {
		page.Kinds = append(page.Kinds, web.Option{Value: k, Text: k})
	}
	grids, err := village.Grids(ctx, p.db, v)
	for _, g := range grids {
		if g.ID == page.Home.GridID {
			page.Grid = g.Name
		}
	}
	return err
}

// HouseholdPassbook answers GET /committee/households/:household/passbook, for
// families without a phone.
func (p *Pages) HouseholdPassbook(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.SeeHouseholds)
	if err != nil {
		return p.committeeAstray(c, err, models.SeeHouseholds)
	}
	sheet, err := p.passbookSheet(c.UserContext(), home.Household, span(c.Query("span")))
	if err != nil {
		return err
	}
	path := "/committee/households/" + models.ID32(home.ID)
	sheet.Back = at.Href(path)
	for _, one := range spans {
		sheet.Spans = append(sheet.Spans, web.Link{Href: at.Href(path+"/passbook", "span", string(one.span)), Text: one.Text, Key: one.Text})
	}
	return web.Show(c, sheet)
}
