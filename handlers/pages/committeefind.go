package pages

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/keys"
	"pointstore/models/village"
)

const findMost = 50

// CommitteeScan answers POST /committee/find: a card that was scanned or typed,
// or words. It is posted so that no code stays in an address.
func (p *Pages) CommitteeScan(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SeeHouseholds)
	if err != nil {
		return err
	}
	var f struct {
		Q string `form:"q" label:"扫码或输入" max:"600"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return p.findAgain(c, at, f.Q, err)
	}
	t, ok := keys.ParseToken(f.Q)
	switch {
	case ok && t.Voucher():
		return p.findAgain(c, at, "", models.ErrInput.With("这是取货码，请到兑换点给管理员扫；没有记分").At("q"))
	case ok:
		return p.scanCard(c, at, t)
	case misread(f.Q):
		return p.findAgain(c, at, "", models.ErrInput.With("没有读清这个码，没有记分；请再扫一次，或输入户号、姓名").At("q"))
	case f.Q == "":
		return web.See(c, at.Href("/committee/find"))
	}
	return web.See(c, at.Href("/committee/find")+findQuery(at, f.Q))
}

func findQuery(at committeeAt, q string) string {
	mark := "&"
	if at.Only {
		mark = "?"
	}
	return mark + "q=" + url.QueryEscape(q)
}

// scanCard leads to the card's household. A card of a village where the person
// has no work is like no card at all.
func (p *Pages) scanCard(c *fiber.Ctx, at committeeAt, t keys.Token) error {
	card, err := village.FindCard(c.UserContext(), p.db, t)
	if err != nil && !errors.Is(err, village.ErrOldCard) {
		return p.findAgain(c, at, "", err)
	}
	place, lost := village.PlaceOf(c.UserContext(), p.db, card.Village)
	if lost != nil {
		return lost
	}
	if !at.Actor.Can(models.SeeHouseholds, place) {
		err = village.ErrNoCard
	}
	if err != nil {
		return p.findAgain(c, at, "", err)
	}
	if !at.Actor.Can(models.GrantPoints, place) {
		return web.See(c, "/committee/households/"+models.ID32(card.ID)+"?village="+models.ID32(card.Village))
	}
	return web.See(c, "/committee/award?village="+models.ID32(card.Village)+"&household="+models.ID32(card.ID))
}

// findPage lists the households that some words may mean.
type findPage struct {
	committeeAt
	Q      string
	Homes  []findHome
	Groups []web.Link
	Award  bool // a tap leads to the award page
	More   bool // there are more than are listed
	Errors map[string]string
}

type findHome struct {
	village.Home
	Href, Note string
}

// View implements web.Page.
func (findPage) View() (name, title string) { return "committee/find", "找一户" }

// Frame keeps the bar on what the person is about to do.
func (p findPage) Frame(f *web.Frame) {
	if p.Award {
		f.Active = "award"
	}
}

// CommitteeFind answers GET /committee/find: a single match is the one.
func (p *Pages) CommitteeFind(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SeeHouseholds)
	if err != nil {
		return p.committeeAstray(c, err, models.SeeHouseholds)
	}
	var f struct {
		Q string `form:"q" max:"100"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.findPage(c, at, f.Q)
	if err != nil {
		return err
	}
	if len(page.Homes) == 1 && f.Q != "" {
		return web.See(c, page.Homes[0].Href)
	}
	return web.Show(c, page)
}

func (p *Pages) findAgain(c *fiber.Ctx, at committeeAt, q string, refused error) error {
	page, err := p.findPage(c, at, q)
	if err != nil {
		return err
	}
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

func (p *Pages) findPage(c *fiber.Ctx, at committeeAt, q string) (findPage, error) {
	page := findPage{committeeAt: at, Q: q, Award: at.Can(models.GrantPoints)}
	homes, err := p.search(c, at.Area.ID, q)
	if err != nil {
		return page, err
	}
	if len(homes) >= matchesMost {
		if homes, err = village.Search(c.UserContext(), p.db, at.Area.ID, q, findMost); err != nil {
			return page, err
		}
	}
	page.More = len(homes) == findMost
	for _, h := range homes {
		page.Homes = append(page.Homes, findHome{h, page.leads(h), homeNote(h)})
	}
	groups, err := village.Groups(c.UserContext(), p.db, at.Area.ID)
	for _, g := range groups {
		if g.Number != 0 {
			name := models.Points(g.Number*100).String() + "组"
			page.Groups = append(page.Groups, web.Link{Href: at.Href("/committee/find") + findQuery(at, name), Text: name})
		}
	}
	return page, err
}

func (p findPage) leads(h village.Home) string {
	if p.Award {
		return p.Href("/committee/award", "household", models.ID32(h.ID))
	}
	return p.Href("/committee/households/" + models.ID32(h.ID))
}

// homeNote is what sets a household apart from what is usual.
func homeNote(h village.Home) string {
	away := ""
	if h.Residence != "resident" {
		away = village.TitleOf(village.Residences, h.Residence)
	}
	switch {
	case h.Left():
		return "已离开"
	case h.Joining == "out":
		return dotted(away, "暂不参加")
	}
	return away
}
