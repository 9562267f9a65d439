package pages

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/village"
)

// cardsAtOnce is how many households one printing holds: ten sheets.
const (
	cardsAtOnce   = 100
	cardsPerSheet = 10
	slipsPerSheet = 12
)

// cardsPage is where cards, lists and first passwords are printed.
type cardsPage struct {
	committeeAt
	Counts  village.Counts
	Without int // households without a card
	NoPIN   int
	Trial   bool
	Host    string
	Sets    []cardSet
	Ticks   []web.Tick
	Errors  map[string]string
}

// cardSet is a bundle of at most cardsAtOnce households to print.
type cardSet struct {
	Text, Cards, Sign string
	Homes             int
}

// View implements web.Page.
func (cardsPage) View() (name, title string) { return "committee/cards", "发卡" }

// CommitteeCards answers GET /committee/cards.
func (p *Pages) CommitteeCards(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return p.committeeAstray(c, err, models.SetUpVillage)
	}
	page, err := p.cardsPage(c.UserContext(), at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) cardsPage(ctx context.Context, at committeeAt) (page cardsPage, err error) {
	page = cardsPage{committeeAt: at, Trial: p.trial, Host: p.base}
	if page.Counts, err = village.Count(ctx, p.db, at.Area.ID); err != nil {
		return page, err
	}
	homes, err := village.Homes(ctx, p.db, at.Area.ID, village.Filter{ByDoor: true})
	if err != nil {
		return page, err
	}
	texts, err := village.SearchTexts(ctx, p.db, at.Area.ID)
	for _, h := range homes {
		if h.CardNo == 0 {
			page.Without++
		}
		if !h.HasPIN {
			page.NoPIN++
		}
		t := web.Tick{Value: models.ID32(h.ID), Title: h.Label(), Search: texts[h.ID] + " " + h.Mark(), Each: "0"}
		if h.CardNo == 0 {
			t.Disabled, t.Why = true, "还没有卡号，请先开卡"
		}
		page.Ticks = append(page.Ticks, t)
	}
	page.Sets = at.cardSets(homes)
	return page, err
}

// cardSets cuts the village into its groups, and large groups into bundles.
func (a committeeAt) cardSets(homes []village.Home) (sets []cardSet) {
	for i := 0; i < len(homes); {
		n := i
		for n < len(homes) && homes[n].Group == homes[i].Group {
			n++
		}
		group, parts := homes[i].Group, (n-i+cardsAtOnce-1)/cardsAtOnce
		for part := range parts {
			s := cardSet{Text: groupName(group), Homes: min(cardsAtOnce, n-i-part*cardsAtOnce)}
			if parts > 1 {
				s.Text += fmt.Sprintf("（第 %d 叠，共 %d 叠）", part+1, parts)
			}
			pairs := []string{"group", countOf(group), "set", countOf(part + 1)}
			s.Cards, s.Sign = a.Href("/committee/cards/print", pairs...), a.Href("/committee/cards/sign", pairs...)
			sets = append(sets, s)
		}
		i = n
	}
	return sets
}

// MakeFirstCards answers POST /committee/cards: whoever has no card gets one.
func (p *Pages) MakeFirstCards(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err != nil {
		return err
	}
	made, err := village.FirstCards(c.UserContext(), p.db, op, at.Actor, p.keys, at.Area.ID)
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "已给 "+countOf(made)+" 户开卡", "现在可以打印了。")
	return web.See(c, at.Href("/committee/cards"))
}
