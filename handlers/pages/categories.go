package pages

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

// categoriesPage places the village's headings under the county's.
type categoriesPage struct {
	Village web.Area
	Rows    []categoryRow
	Errors  map[string]string
}

type categoryRow struct {
	ID, Name, Hint string
	Options        []web.Option
}

func (p categoriesPage) View() (name, title string) {
	return "admin/categories", "类别归到县里哪一类"
}

// Categories answers GET /admin/:village/categories.
func (p *Pages) Categories(c *fiber.Ctx) error {
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	page, err := p.categoriesPage(c.UserContext(), at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) categoriesPage(ctx context.Context, at web.Area) (categoriesPage, error) {
	page := categoriesPage{Village: at}
	all, err := scheme.Categories(ctx, p.db, at.ID)
	for _, k := range all {
		r := categoryRow{ID: models.ID32(k.ID), Name: k.Name, Options: countyOptions(k.CountyKey)}
		if guess := scheme.GuessCounty(k.Name); k.CountyKey == "" && guess != "" {
			r.Hint = "看名字像是：" + scheme.CountyName(guess)
		}
		page.Rows = append(page.Rows, r)
	}
	return page, err
}

// MapCategories answers POST /admin/:village/categories: each heading that was
// changed is an operation of its own.
func (p *Pages) MapCategories(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		County map[string]string `form:"county.*"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	all, err := scheme.Categories(ctx, p.db, at.ID)
	if err != nil {
		return err
	}
	changed := 0
	for i, k := range all {
		answer, asked := f.County[models.ID32(k.ID)]
		key := countyKey(answer)
		if !asked || key == k.CountyKey {
			continue
		}
		if err := scheme.MapCategory(ctx, p.db, web.Next(op, int64(i+1)), web.Actor(c), at.ID, k.ID, key); err != nil {
			page, failed := p.categoriesPage(ctx, at)
			if failed != nil {
				return failed
			}
			return web.Again(c, page, err)
		}
		changed++
	}
	web.Flash(c, "ok", fmt.Sprintf("已保存，改了 %d 个类别", changed), "已封账的季度不变")
	return web.See(c, adminPath(at.ID, "rules"))
}
