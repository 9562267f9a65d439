package pages

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/market"
	"pointstore/models/notice"
)

// noticePage is one notice, with its names as long as it hangs.
type noticePage struct {
	award.Poster
	Village web.Area
	Path    string
	Running bool
	Href    string
	Code    string
}

// View implements web.Page. The title is what WeChat shows when it is passed on.
func (p noticePage) View() (name, title string) {
	return "board/notice", p.Village.Name + "积分公示 " + p.Name()
}

// Since is when it was hung.
func (p noticePage) Since() string { return dayTime(p.HungAt) }

// Until is when it ends.
func (p noticePage) Until() string { return dayTime(p.EndsAt) }

// Summary is what stands below the title where the address is passed on: figures,
// never a name.
func (p noticePage) Summary() string {
	if !p.Running {
		return "公示已经结束，名单已撤下。"
	}
	return fmt.Sprintf("榜上共 %d 笔、%d 户，公示到 %s。看看自家的分对不对。", p.Awards, p.Households, p.Until())
}

// Frame leads home to the board.
func (p noticePage) Frame(f *web.Frame) { f.SiteHref = p.Path }

// BoardNotice answers GET /v/:village/notice/:notice.
func (p *Pages) BoardNotice(c *fiber.Ctx) error {
	id, err := web.ID(c, "notice")
	if err != nil {
		return err
	}
	return p.public(c, func(ctx context.Context, v web.Area) (web.Page, error) {
		return p.noticePage(ctx, v, id)
	})
}

func (p *Pages) noticePage(ctx context.Context, v web.Area, id int64) (noticePage, error) {
	n, err := award.GetPoster(ctx, p.db, v.ID, id)
	if err == nil && n.HungAt == 0 {
		err = models.ErrNotFound // what never hung is nobody's business yet
	}
	if err != nil {
		return noticePage{}, err
	}
	if n.Kind == notice.Clearings {
		return noticePage{}, models.ErrNotFound // it has a page of its own
	}
	page := noticePage{Poster: n, Village: v, Path: "/v/" + models.ID32(v.ID), Running: n.Running(p.db.Now()), Code: n.Code()}
	page.Href = page.Path + "/notice/" + models.ID32(id)
	if !page.Running {
		page.Lines = nil // after the end no names, wherever the address was passed on to
	}
	return page, nil
}

// boardGoodsPage is everything the village offers.
type boardGoodsPage struct {
	Village  web.Area
	Path     string
	Items    []shopItem
	Counters []counterState
	Plans    []market.Plan
}

// View implements web.Page.
func (p boardGoodsPage) View() (name, title string) {
	return "board/goods", p.Village.Name + "积分超市有什么"
}

// Frame leads home to the board.
func (p boardGoodsPage) Frame(f *web.Frame) { f.SiteHref = p.Path }

// BoardGoods answers GET /v/:village/goods.
func (p *Pages) BoardGoods(c *fiber.Ctx) error {
	return p.public(c, func(ctx context.Context, v web.Area) (web.Page, error) {
		page := boardGoodsPage{Village: v, Path: "/v/" + models.ID32(v.ID)}
		items, err := market.Shelf(ctx, p.db, v.ID, 0, p.db.Now().Day())
		if err != nil {
			return page, err
		}
		page.Items = shopItems(items, nil)
		if page.Plans, err = boardPlans(ctx, p.db, v.ID, p.db.Now().Day()); err != nil {
			return page, err
		}
		page.Counters, err = counterStates(ctx, p.db, v.ID)
		return page, err
	})
}
