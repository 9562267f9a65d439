package pages

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models/scheme"
)

// rulesRenewPage adopts the same rules again, with the same settings or others.
type rulesRenewPage struct {
	rulesIn
	Adoption adoptionPage
	Rules    int
	Number   int
	Due      bool
}

func (p rulesRenewPage) View() (name, title string) { return "admin/rules_renew", "续期、改设置" }

// RenewRules answers GET …/rules/renew.
func (p *Pages) RenewRules(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	b, err := p.newestRules(ctx, at.ID)
	if err != nil {
		return err
	}
	page, err := p.rulesRenewPage(ctx, at, adoptionOf(at, []scheme.Version{b.Version}, p.db.Now().Day()), nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) rulesRenewPage(ctx context.Context, at web.Area, f adoptionForm, why error) (rulesRenewPage, error) {
	page := rulesRenewPage{rulesIn: rulesIn{At: at}, Adoption: f.page(at, web.Errors(why))}
	b, err := p.newestRules(ctx, at.ID)
	if err != nil {
		return page, err
	}
	today := p.db.Now().Day()
	page.Version, page.Rules, page.Number = b.Version, len(b.Rules), b.Version.Number+1
	page.Due = b.Version.RenewOn != "" && b.Version.RenewOn <= today
	return page, nil
}

// AdoptAgain answers POST …/rules/renew: a new version with the rules unchanged.
func (p *Pages) AdoptAgain(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	var f adoptionForm
	op, err := web.Bind(c, &f)
	var a scheme.Adoption
	if err == nil {
		a, err = p.adoptionWithCaps(ctx, at.ID, f)
	}
	var v scheme.Version
	if err == nil {
		v, err = scheme.Amend(ctx, p.db, op, web.Actor(c), at.ID, nil, a)
	}
	if err != nil {
		page, failed := p.rulesRenewPage(ctx, at, f, err)
		if failed != nil {
			return failed
		}
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", fmt.Sprintf("已存为第 %d 版，细则没有变", v.Number), string(v.InForceFrom)+" 起执行；以前记的分不变")
	return web.See(c, rulesPath(at.ID)+versionQuery(v.ID))
}

// adoptionWithCaps reads the form and keeps the caps of the categories.
func (p *Pages) adoptionWithCaps(ctx context.Context, at int64, f adoptionForm) (scheme.Adoption, error) {
	a, err := f.adoption()
	if err != nil {
		return a, err
	}
	b, err := p.newestRules(ctx, at)
	if err != nil {
		return a, err
	}
	a.Caps = capsOf(b)
	return a, nil
}

// capsOf are the caps of the categories as the next version takes them.
func capsOf(b *scheme.Book) []scheme.CategoryDraft {
	var caps []scheme.CategoryDraft
	for _, c := range b.Caps() {
		caps = append(caps, scheme.CategoryDraft{Category: c.Name, Cap: c.Cap})
	}
	return caps
}
