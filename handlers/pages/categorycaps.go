package pages

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

// CapCategories answers POST /admin/:area/categories/caps: the caps of all
// headings are a new version with the same rules.
func (p *Pages) CapCategories(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	var f categoryCaps
	op, err := web.Bind(c, &f)
	var a scheme.Adoption
	if err == nil {
		a, err = f.adoption()
	}
	if err == nil {
		a.Caps, err = p.typedCaps(ctx, at.ID, f)
	}
	var v scheme.Version
	if err == nil {
		v, err = scheme.Amend(ctx, p.db, op, web.Actor(c), at.ID, nil, a)
	}
	if err != nil {
		page, failed := p.categoriesPage(ctx, at, &f, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", fmt.Sprintf("整类的上限存好了，这是第 %d 版", v.Number), string(v.InForceFrom)+" 起执行；以前记的分不变")
	return web.See(c, adminPath(at.ID, "categories"))
}

func (p *Pages) typedCaps(ctx context.Context, at int64, f categoryCaps) ([]scheme.CategoryDraft, error) {
	all, err := scheme.Categories(ctx, p.db, at)
	if err != nil {
		return nil, err
	}
	var caps []scheme.CategoryDraft
	form := importForm{Times: f.Times, Most: f.Most, Period: f.Period, Per: f.Per}
	for _, k := range all {
		limit, said, err := form.cap(models.ID32(k.ID), "“"+k.Name+"”")
		if err != nil {
			return nil, err
		}
		if said && limit.Period != "" {
			caps = append(caps, scheme.CategoryDraft{Category: k.Name, Cap: limit})
		}
	}
	return caps, nil
}
