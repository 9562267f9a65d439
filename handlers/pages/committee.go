package pages

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/village"
)

func (p *Pages) routesCommittee(r Routes) {
	r.Nav("committee", committeeNav)
	grant, see := web.Staff(models.GrantPoints), web.Staff(models.SeeHouseholds)
	hang, keep := web.Staff(models.HangNotice), web.Staff(models.SetUpVillage)
	fix := web.Staff(models.CorrectEntry)

	r.Get("/committee", grant, p.CommitteeToday)
	r.Get("/committee/find", see, p.CommitteeFind)
	r.Post("/committee/find", see, p.CommitteeScan, web.Guessable)

	r.Get("/committee/award", grant, p.CommitteeAward)
	r.Post("/committee/award", grant, p.RecordAward, web.Upload)
	r.Get("/committee/award/:award", grant, p.AwardDone)
	r.Post("/committee/award/:award/withdraw", grant, p.WithdrawAward)
	r.Get("/committee/batch", grant, p.CommitteeBatch)
	r.Post("/committee/batch", grant, p.RecordBatch)
	r.Get("/committee/batch/:award", grant, p.BatchDone)
	r.Get("/committee/records", grant, p.CommitteeRecords)

	r.Get("/committee/notices", hang, p.CommitteeNotices)
	r.Post("/committee/notices", hang, p.MakeNotice)
	r.Get("/committee/notices/:notice", hang, p.CommitteeNotice)
	r.Get("/committee/notices/:notice/poster", hang, p.NoticePoster)
	r.Post("/committee/notices/:notice/hang", hang, p.HangNotice, web.Upload)
	r.Post("/committee/notices/:notice/drop", hang, p.DropNotice)

	r.Get("/committee/households", see, p.CommitteeHouseholds)
	r.Get("/committee/households/new", keep, p.NewHousehold)
	r.Post("/committee/households/new", keep, p.AddHousehold)
	r.Get("/committee/households/:household", see, p.CommitteeHousehold)
	r.Get("/committee/households/:household/passbook", see, p.HouseholdPassbook)
	r.Get("/committee/households/:household/file", see, p.HouseholdFile)
	r.Get("/committee/households/:household/lines/:seq", fix, p.PassbookLine)
	r.Post("/committee/households/:household/lines/:seq", fix, p.CorrectLine)
	r.Get("/committee/households/:household/edit", keep, p.EditHousehold)
	r.Post("/committee/households/:household/edit", keep, p.SaveHousehold)
	r.Post("/committee/households/:household/leave", keep, p.HouseholdLeaves)
	r.Post("/committee/households/:household/back", keep, p.HouseholdReturns)
	r.Post("/committee/households/:household/members", keep, p.AddHouseholdMember)
	r.Post("/committee/households/:household/members/:member/remove", keep, p.RemoveHouseholdMember)
	r.Post("/committee/households/:household/links", keep, p.AddHouseholdLink)
	r.Post("/committee/households/:household/links/:link/remove", keep, p.RemoveHouseholdLink)
	r.Post("/committee/households/:household/pin", keep, p.SetHouseholdPIN)
	r.Post("/committee/households/:household/unlock", keep, p.UnlockHousehold)
	r.Post("/committee/households/:household/card", keep, p.ReissueCard)

	r.Get("/committee/cards", keep, p.CommitteeCards)
	r.Post("/committee/cards", keep, p.MakeFirstCards)
	r.Get("/committee/cards/print", keep, p.PrintCards)
	r.Get("/committee/cards/sign", keep, p.PrintCardList)
	r.Post("/committee/cards/pins", keep, p.PrintFirstPINs)
}

// committeeNav shows each person what their role may do.
func committeeNav(c *fiber.Ctx) []web.Link {
	by, in := web.Actor(c), committeeIn(c)
	var nav []web.Link
	if by.Any(models.GrantPoints) {
		nav = append(nav, web.Link{Href: in.Href("/committee"), Text: "今天", Icon: "home", Key: "today"},
			web.Link{Href: in.Href("/committee/award"), Text: "记一笔", Icon: "edit", Key: "award"})
	} else {
		nav = append(nav, backLink(by, in.Area))
		if by.Any(models.HearObjections) {
			nav = append(nav, web.Link{Href: in.Href("/committee/objections"), Text: "意见", Icon: "bell", Key: "objections"})
		}
		if by.Any(models.WatchRecords) {
			nav = append(nav, web.Link{Href: in.Href("/committee/watch"), Text: "谁记的分", Icon: "chart", Key: "watch"})
		}
	}
	if by.Any(models.HangNotice) {
		nav = append(nav, web.Link{Href: in.Href("/committee/notices"), Text: "公示", Icon: "bell", Key: "notices"})
	}
	if by.Any(models.SeeHouseholds) {
		nav = append(nav, web.Link{Href: in.Href("/committee/households"), Text: "农户", Icon: "users", Key: "households"})
	}
	if by.Any(models.SetUpVillage) {
		nav = append(nav, web.Link{Href: in.Href("/committee/cards"), Text: "发卡", Icon: "card", Key: "cards"})
	}
	return nav
}

// committeeAt is the village a page is about; its addresses name the village
// unless it is the only one the person has.
type committeeAt struct {
	Area  web.Area
	Only  bool
	Actor models.Actor
}

func committeeIn(c *fiber.Ctx) committeeAt {
	a, err := web.Village(c)
	if err != nil {
		return committeeAt{Only: true, Actor: web.Actor(c)}
	}
	own := web.Villages(c)
	return committeeAt{Area: a, Only: len(own) == 1 && own[0].ID == a.ID, Actor: web.Actor(c)}
}

// committeeFor is the village in hand for somebody who may do any of these there.
func committeeFor(c *fiber.Ctx, acts ...models.Action) (committeeAt, error) {
	if _, err := villageForAny(c, acts); err != nil {
		return committeeAt{}, err
	}
	return committeeIn(c), nil
}

// Href is an address of this village's, with names and values behind it.
func (a committeeAt) Href(path string, pairs ...string) string {
	q := url.Values{}
	if !a.Only {
		q.Set("village", models.ID32(a.Area.ID))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Can says whether the person may do this here.
func (a committeeAt) Can(act models.Action) bool { return a.Actor.Can(act, a.Area.Place) }

// Village is the village's id for addresses outside the committee's pages.
func (a committeeAt) Village() string { return models.ID32(a.Area.ID) }

// Kin says whether a household is the person's own, or a linked one.
func (a committeeAt) Kin(h models.Household) bool { return slices.Contains(a.Actor.Kin, h) }

// committeeChoosePage asks somebody with several villages which one is meant.
type committeeChoosePage struct{ Ways []committeeWay }

type committeeWay struct{ Href, Text, Search string }

// View implements web.Page.
func (committeeChoosePage) View() (name, title string) { return "committee/choose", "选一个村" }

// committeeAstray answers when the village is not known: a choice of those where
// the person may.
func (p *Pages) committeeAstray(c *fiber.Ctx, err error, act models.Action) error {
	if !errors.Is(err, web.ErrWhich) || c.Method() != fiber.MethodGet {
		return err
	}
	all, lost := village.Areas(c.UserContext(), p.db)
	if lost != nil {
		return lost
	}
	page, names := committeeChoosePage{}, map[int64]string{}
	for _, a := range all {
		names[a.ID] = a.Name
	}
	q, _ := url.ParseQuery(string(c.Context().QueryArgs().QueryString()))
	for _, a := range all {
		if a.Level != village.Hamlet || !web.Actor(c).Can(act, a.Place()) {
			continue
		}
		q.Set("village", models.ID32(a.ID))
		page.Ways = append(page.Ways, committeeWay{c.Path() + "?" + q.Encode(), dotted(names[a.TownshipID], a.Name), village.Spelt(a.Name)})
	}
	if len(page.Ways) == 0 {
		return models.ErrForbidden
	}
	return web.Show(c, page)
}

// households of the request: the one in the path or the query, within the village.
func (p *Pages) committeeHome(c *fiber.Ctx, at committeeAt) (village.Home, error) {
	text := c.Params("household")
	if text == "" {
		text = c.Query("household")
	}
	id, err := models.ParseID32(text)
	if err != nil {
		return village.Home{}, errNoHome
	}
	return p.homeIn(c, at, id)
}

var errNoHome = models.ErrNotFound.With("村里没有这一户，请核对后重新找")

func (p *Pages) homeIn(c *fiber.Ctx, at committeeAt, id int64) (village.Home, error) {
	home, err := village.GetHome(c.UserContext(), p.db, models.Household{Village: at.Area.ID, ID: id})
	if errors.Is(err, models.ErrNotFound) {
		err = errNoHome
	}
	return home, err
}

// countOf prints a count for a sentence or an address.
func countOf(n int) string { return strconv.Itoa(n) }
