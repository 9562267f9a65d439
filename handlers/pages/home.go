package pages

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/village"
)

func (p *Pages) routesHome(r Routes) {
	r.Get("/", web.Anybody, p.Home)
	r.Get("/v/:village", web.Anybody, p.Board)
	r.Get("/v/:village/notice/:notice", web.Anybody, p.BoardNotice)
	r.Get("/v/:village/rules", web.Anybody, p.BoardRules)
	r.Get("/v/:village/rules/print", web.Anybody, p.PrintRules)
	r.Get("/v/:village/goods", web.Anybody, p.BoardGoods)
	r.Get("/verify", web.Anybody, p.Verify, web.Guessable)
	p.routesCard(r)
	p.routesPoster(r)
}

// kept is what the public pages remember between requests.
type kept struct {
	ready  atomic.Bool // set-up is over
	boards sync.Map    // village → boardState
}

// villagesPage lists the villages, township by township.
type villagesPage struct {
	Townships []township
	Count     int
	Work      *web.Link
}

type township struct {
	Name     string // of the township, and what it lies in where that tells it apart
	Villages []web.Link
}

// View implements web.Page.
func (villagesPage) View() (name, title string) { return "home/villages", "选一个村" }

// Home answers GET /: set-up first, then the only village's board, or the list.
func (p *Pages) Home(c *fiber.Ctx) error {
	ready, err := p.isSetUp(c.UserContext())
	if err != nil {
		return err
	}
	if !ready {
		return web.See(c, "/setup")
	}
	if v := web.Actor(c).Household.Village; v != 0 {
		return web.See(c, "/v/"+models.ID32(v))
	}
	areas, err := village.Areas(c.UserContext(), p.db)
	if err != nil {
		return err
	}
	page, by := groupVillages(areas), web.Actor(c)
	if page.Count == 1 && by.Account != 0 {
		return web.See(c, firstPage(by)) // the board is drawn alike for everybody and knows no way back to work
	}
	if page.Count == 1 {
		return web.See(c, page.Townships[0].Villages[0].Href)
	}
	page.Work = workLink(by)
	return web.Show(c, page)
}

// isSetUp asks whether there is an administrator; once there is, there always
// will be.
func (p *Pages) isSetUp(ctx context.Context) (bool, error) {
	if p.kept.ready.Load() {
		return true, nil
	}
	has, err := account.HasAdmin(ctx, p.db)
	if has {
		p.kept.ready.Store(true)
	}
	return has, err
}

// workLink leads somebody at work back to it.
func workLink(by models.Actor) *web.Link {
	switch {
	case by.Account != 0:
		return &web.Link{Href: firstPage(by), Text: "回到工作页面"}
	}
	return nil
}

func groupVillages(areas []village.Area) villagesPage {
	var page villagesPage
	names, at, counties := map[int64]string{}, map[int64]int{}, map[int64]bool{}
	for _, a := range areas {
		names[a.ID] = a.Name
		if a.Level == village.County {
			counties[a.ID] = true
		}
	}
	for _, a := range areas {
		if a.Level != village.Hamlet {
			continue
		}
		i, known := at[a.TownshipID]
		if !known {
			i = len(page.Townships)
			at[a.TownshipID] = i
			name := names[a.TownshipID]
			if len(counties) > 1 {
				name = dotted(names[a.CountyID], name)
			}
			page.Townships = append(page.Townships, township{Name: name})
		}
		t := &page.Townships[i]
		t.Villages = append(t.Villages, web.Link{Href: "/v/" + models.ID32(a.ID), Text: a.Name})
		page.Count++
	}
	return page
}

// boardTag changes whenever what everybody may read about a village does: with
// each of its operations, each day (prices and rules come into force), and each
// notice that ends.
func (p *Pages) boardTag(ctx context.Context, v int64) (string, error) {
	s, err := p.boardState(ctx, v)
	if err != nil {
		return "", err
	}
	now, running := p.db.Now(), 0
	for _, end := range s.ends {
		if end > now {
			running++
		}
	}
	return fmt.Sprint(s.changes, " ", s.beat, " ", running, " ", now.Day()), nil
}
