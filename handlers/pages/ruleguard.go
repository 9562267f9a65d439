package pages

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

// rulesGuardPage goes through the rules row by row and says what the law has
// against one. It refuses nothing: the village decides.
type rulesGuardPage struct {
	rulesIn
	Rows []guardedRule
	Fine int
}

type guardedRule struct {
	N                     int
	Category, Item, Href  string
	Note, Text, Inherited string
	Private               bool
	Why                   []string
}

func (p rulesGuardPage) View() (name, title string) {
	return "admin/rules_guard", "合不合国家规定"
}

// GuardRules answers GET …/rules/guard.
func (p *Pages) GuardRules(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	b, err := p.newestRules(ctx, at.ID)
	if err != nil {
		return err
	}
	names, err := p.ruleCategories(ctx, at.ID)
	if err != nil {
		return err
	}
	page := rulesGuardPage{rulesIn: rulesIn{At: at, Version: b.Version}}
	for i, r := range b.Rules {
		why := scheme.Draft{Category: names[r.CategoryID].Name, Rule: r}.Warnings()
		if len(why) == 0 {
			page.Fine++
			continue
		}
		g := guardedRule{N: i + 1, Category: names[r.CategoryID].Name, Item: r.Item, Text: r.Text(), Note: joinNonEmpty("；", r.Evidence, r.Note), Private: r.Private, Why: why}
		if r.TemplateID == 0 {
			g.Href = page.Path("edit") + "?rule=" + models.ID32(r.ID)
		} else {
			g.Inherited = "县里定的，请告诉县里"
		}
		page.Rows = append(page.Rows, g)
	}
	return web.Show(c, page)
}

// rulesUnclearPage settles by hand the limits that the import could not read,
// after the table was adopted.
type rulesUnclearPage struct {
	rulesIn
	Rows     []unclearRule
	Form     unclearForm
	Options  importOptions
	Adoption adoptionPage
	Number   int
	Errors   map[string]string
}

// unclearRule is one rule with the words that nobody could read.
type unclearRule struct {
	ID, Item, Text, Words    string
	Period, Per, Times, Most string
	Errors                   []string
}

type unclearForm struct {
	Period map[string]string `form:"period.*"` // by the rule's id
	Per    map[string]string `form:"per.*"`
	Times  map[string]string `form:"times.*"`
	Most   map[string]string `form:"most.*"`
	adoptionForm
}

func (p rulesUnclearPage) View() (name, title string) {
	return "admin/rules_unclear", "看不懂的限制"
}

// UnclearRules answers GET …/rules/unclear.
func (p *Pages) UnclearRules(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	b, err := p.newestRules(ctx, at.ID)
	if err != nil {
		return err
	}
	return web.Show(c, p.rulesUnclearPage(at, b, unclearForm{adoptionForm: adoptionOf(at, []scheme.Version{b.Version}, p.db.Now().Day())}, nil))
}

func (p *Pages) rulesUnclearPage(at web.Area, b *scheme.Book, f unclearForm, why error) rulesUnclearPage {
	page := rulesUnclearPage{rulesIn: rulesIn{At: at, Version: b.Version}, Form: f, Options: rulesOptions(), Errors: web.Errors(why), Number: b.Version.Number + 1}
	page.Adoption = f.adoptionForm.page(at, page.Errors)
	page.Adoption.Brief = true
	for _, r := range b.Rules {
		words, found := unclearWords(r.Note)
		if !found {
			continue
		}
		id := models.ID32(r.ID)
		row := unclearRule{ID: id, Item: r.Item, Text: r.Text(), Words: words, Period: f.Period[id], Per: f.Per[id], Times: f.Times[id], Most: f.Most[id]}
		for _, field := range []string{"period.", "times.", "most."} {
			if say := page.Errors[field+id]; say != "" {
				row.Errors = append(row.Errors, say)
			}
		}
		page.Rows = append(page.Rows, row)
	}
	return page
}

// unclearWords are what the import left in a note for somebody to settle.
func unclearWords(note string) (words string, found bool) {
	_, words, found = strings.Cut(note, scheme.UnclearMark)
	return strings.ReplaceAll(words, "；"+scheme.UnclearMark, "；"), found
}

// SettleRules answers POST …/rules/unclear: all that was settled is one new
// version.
func (p *Pages) SettleRules(c *fiber.Ctx) error {
	ctx := c.UserContext()
	at, err := rulesAt(c)
	if err != nil {
		return err
	}
	b, err := p.newestRules(ctx, at.ID)
	if err != nil {
		return err
	}
	var f unclearForm
	op, err := web.Bind(c, &f)
	var changes []scheme.Change
	if err == nil {
		changes, err = p.settled(ctx, at.ID, b, f)
	}
	var a scheme.Adoption
	if err == nil {
		a, err = p.adoptionWithCaps(ctx, at.ID, f.adoptionForm)
	}
	var v scheme.Version
	if err == nil {
		v, err = scheme.Amend(ctx, p.db, op, web.Actor(c), at.ID, changes, a)
	}
	if err != nil {
		return web.Again(c, p.rulesUnclearPage(at, b, f, err), err)
	}
	web.Flash(c, "ok", fmt.Sprintf("定好了 %d 条的限制，这是第 %d 版", len(changes), v.Number), string(v.InForceFrom)+" 起执行；以前记的分不变")
	return web.See(c, rulesPath(at.ID)+versionQuery(v.ID))
}

// settled are the rules whose limit was filled in; the words that nobody could
// read stay in the note without their mark.
func (p *Pages) settled(ctx context.Context, at int64, b *scheme.Book, f unclearForm) ([]scheme.Change, error) {
	names, err := p.ruleCategories(ctx, at)
	if err != nil {
		return nil, err
	}
	var changes []scheme.Change
	form := importForm{Times: f.Times, Most: f.Most, Period: f.Period, Per: f.Per}
	for i, r := range b.Rules {
		words, found := unclearWords(r.Note)
		if !found {
			continue
		}
		limit, said, err := form.cap(models.ID32(r.ID), "第 "+strconv.Itoa(i+1)+" 条")
		if err != nil {
			return nil, err
		}
		if !said {
			continue
		}
		d := scheme.Draft{Category: names[r.CategoryID].Name, Rule: r}
		d.CapTimes, d.CapPoints, d.CapPeriod, d.CapPer, d.CapGroup = limit.Times, limit.Points, limit.Period, limit.Per, ""
		before, _, _ := strings.Cut(r.Note, scheme.UnclearMark)
		d.Note = joinNonEmpty("；", strings.TrimRight(before, "；"), words)
		changes = append(changes, scheme.Change{Rule: r.ID, Draft: d})
	}
	if len(changes) == 0 {
		return nil, models.ErrInput.With("还没有定哪一条的限制，没有保存；请至少定一条")
	}
	return changes, nil
}
