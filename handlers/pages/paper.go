package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

func (p *Pages) routesPaper(r Routes) {
	read := web.Staff(models.KeepStock, models.SignStock, models.DecideAbove)
	keep := web.Staff(models.KeepStock)
	r.Get("/counter/papers", read, p.Papers)
	r.Get("/counter/papers/new", keep, p.NewPaper)
	r.Post("/counter/papers/new", keep, p.ProposePaper, web.Upload)
	r.Get("/counter/papers/:paper", read, p.Paper)
	r.Get("/counter/papers/:paper/print", read, p.PaperSheet)
	r.Post("/counter/papers/:paper/receive", keep, p.ReceivePaper, web.Upload)
	r.Post("/counter/papers/:paper/sign", read, p.SignPaper)
	r.Post("/counter/papers/:paper/refuse", read, p.RefusePaper)
}

// paperActs are the actions of those who read stock documents.
var paperActs = []models.Action{models.KeepStock, models.SignStock, models.DecideAbove}

// papersPage lists a village's stock documents, what waits first.
type papersPage struct {
	committeeAt
	Waiting, Past []paperRow
	Kinds         []web.Option
	Kind          string
	Older         string
	MayOpen       bool
}

// paperRow is a document in a list.
type paperRow struct {
	market.Paper
	Href, Where, When, Who string
	Tag, TagKind           string
}

// View implements web.Page.
func (papersPage) View() (name, title string) { return "counter/papers", "出入库单据" }

// Frame gives the tables room.
func (papersPage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "papers" }

// paperTag says where a document stands, and in which colour.
func paperTag(p market.Paper) (tag, kind string) {
	switch p.State {
	case market.PaperDone:
		return "已生效", "ok"
	case market.PaperRefused:
		return "已作废", "past"
	case market.PaperReceived:
		return "等监督员签字", "wait"
	}
	switch p.Kind {
	case market.PaperPurchase, market.PaperDonation, market.PaperTransfer:
		return "等点收", "wait"
	case market.PaperCount:
		return "等核对", "wait"
	}
	return "等批准", "wait"
}

// Papers answers GET /counter/papers.
func (p *Pages) Papers(c *fiber.Ctx) error {
	at, err := committeeFor(c, paperActs...)
	if err != nil {
		return p.committeeAstray(c, err, models.KeepStock)
	}
	var f struct {
		Kind   string `form:"kind" max:"16"`
		Before int64  `form:"before,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx, v := c.UserContext(), at.Area.ID
	page := papersPage{committeeAt: at, Kind: f.Kind, MayOpen: at.Can(models.KeepStock)}
	for _, k := range market.PaperKinds {
		page.Kinds = append(page.Kinds, web.Option{Value: k.Key, Text: k.Title, Selected: k.Key == f.Kind})
	}
	waiting, err := market.PapersWaiting(ctx, p.db, v)
	if err != nil {
		return err
	}
	past, err := market.Papers(ctx, p.db, v, f.Kind, "", models.Cursor{Before: f.Before, Limit: 40})
	if err != nil {
		return err
	}
	if len(past) == 40 {
		page.Older = at.Href("/counter/papers", "kind", f.Kind, "before", models.ID32(past[39].ID))
	}
	if page.Waiting, err = p.paperRows(c, at, waiting); err != nil {
		return err
	}
	if page.Past, err = p.paperRows(c, at, past); err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) paperRows(c *fiber.Ctx, at committeeAt, list []market.Paper) ([]paperRow, error) {
	who, where := map[int64]string{}, map[int64]string{}
	rows := make([]paperRow, len(list))
	for i, one := range list {
		rows[i] = paperRow{Paper: one, Href: at.Href("/counter/papers/" + models.ID32(one.ID)), When: dayTime(one.ProposedAt)}
		rows[i].Tag, rows[i].TagKind = paperTag(one)
		var err error
		if rows[i].Who, err = p.staffName(c, who, one.ProposedBy); err == nil {
			rows[i].Where, err = p.counterName(c, where, at.Area.ID, one.Counter)
		}
		if err == nil && one.Other != 0 {
			var to string
			to, err = p.counterName(c, where, at.Area.ID, one.Other)
			rows[i].Where += " → " + to
		}
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// counterName names a counter for a list; known keeps those already read.
func (p *Pages) counterName(c *fiber.Ctx, known map[int64]string, v, id int64) (string, error) {
	if _, ok := known[id]; !ok {
		one, err := market.GetCounter(c.UserContext(), p.db, v, id)
		if err != nil {
			return "", err
		}
		known[id] = one.Name
	}
	return known[id], nil
}

// todayPaper is what waits for this person among the stock documents.
func (p *Pages) todayPaper(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	waiting, err := market.PapersWaiting(c.UserContext(), p.db, at.Area.ID)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, one := range waiting {
		if market.MaySignPaper(c.UserContext(), p.db, at.Actor, at.Area.Place, one) == nil || at.Can(models.KeepStock) && market.MayReceivePaper(at.Actor, one) == nil {
			n++
		}
	}
	if n == 0 {
		return nil, nil
	}
	return []todayItem{{N: n, Text: "出入库单据等您点收或批准", Href: at.Href("/counter/papers")}}, nil
}
