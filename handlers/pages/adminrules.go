package pages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

func (p *Pages) routesRules(r Routes) {
	door := web.Staff(models.SetUpVillage)
	r.Get("/admin/:village/rules", door, p.AdminRules)
	r.Get("/admin/:village/rules/print", door, p.PrintAdminRules)
	r.Get("/admin/:village/rules/workbook", door, p.RulesWorkbook)
	r.Get("/admin/:village/rules/edit", door, p.EditRule)
	r.Post("/admin/:village/rules/edit", door, p.SaveRule)
}

// adminRulesPage is a version of the village's rules.
type adminRulesPage struct {
	Village  web.Area
	Version  scheme.Version
	None     bool
	Later    bool // not in force yet
	Past     bool
	Newest   bool // only the newest version can be changed
	Groups   []adminRuleGroup
	Rules    int
	Versions []web.Link
	Facts    [][]string
	Unmapped int
}

// adminRuleGroup is a category with its rules.
type adminRuleGroup struct {
	Name, County string
	Rules        []adminRuleLine
}

type adminRuleLine struct {
	Item, Points, Text, Note, Href string
	Private                        bool
	Warnings                       []string
}

func (p adminRulesPage) View() (name, title string) {
	return "admin/rules", p.Village.Name + "积分细则"
}

// AdminRules answers GET /admin/:village/rules.
func (p *Pages) AdminRules(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// adminRulesSheet is the same version on paper.
type adminRulesSheet struct{ adminRulesPage }

func (s adminRulesSheet) View() (name, title string) {
	return "admin/rules_print", s.Village.Name + "积分细则"
}

// PrintAdminRules answers GET …/rules/print.
func (p *Pages) PrintAdminRules(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	if page.None {
		return scheme.ErrNoRules
	}
	return web.Show(c, adminRulesSheet{page})
}

// RulesWorkbook answers GET …/rules/workbook: what goes out comes back in.
func (p *Pages) RulesWorkbook(c *fiber.Ctx) error {
	page, err := p.adminRulesPage(c)
	if err != nil {
		return err
	}
	if page.None {
		return scheme.ErrNoRules
	}
	book, err := scheme.RulesBook(c.UserContext(), p.db, page.Village.ID, page.Version.ID)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, book); err != nil {
		return err
	}
	return web.Download(c, fmt.Sprintf("%s积分细则第%d版.xlsx", page.Village.Name, page.Version.Number), xlsxType, b.Bytes())
}

func (p *Pages) adminRulesPage(c *fiber.Ctx) (adminRulesPage, error) {
	ctx := c.UserContext()
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return adminRulesPage{}, err
	}
	page := adminRulesPage{Village: at}
	versions, err := scheme.Versions(ctx, p.db, at.ID)
	if err != nil || len(versions) == 0 {
		page.None = err == nil
		return page, err
	}
	today := p.db.Now().Day()
	current, err := scheme.Current(ctx, p.db, at.ID, today)
	if errors.Is(err, scheme.ErrNoRules) {
		current, err = versions[0], nil
	}
	if err != nil {
		return page, err
	}
	if page.Version, err = pickRulesVersion(versions, current, c.Query("version")); err != nil {
		return page, err
	}
	page.Newest, page.Later, page.Past = page.Version.ID == versions[0].ID, page.Version.InForceFrom > today, page.Version.ID != current.ID && page.Version.InForceFrom <= today
	for _, v := range versions {
		page.Versions = append(page.Versions, web.Link{Href: adminPath(at.ID, "rules") + "?version=" + models.ID32(v.ID), Text: v.Title(), Key: models.ID32(v.ID)})
	}
	page.Facts = versionFacts(page.Version)
	return page, p.fillAdminRules(ctx, &page)
}

func pickRulesVersion(all []scheme.Version, current scheme.Version, asked string) (scheme.Version, error) {
	if asked == "" {
		return current, nil
	}
	id, err := models.ParseID32(asked)
	i := slices.IndexFunc(all, func(v scheme.Version) bool { return err == nil && v.ID == id })
	if i < 0 {
		return current, models.ErrNotFound
	}
	return all[i], nil
}

func versionFacts(v scheme.Version) [][]string {
	facts := [][]string{
		{"通过", string(v.AdoptedOn) + " " + v.Meeting},
		{"起执行", string(v.InForceFrom)},
		{"一分值", (models.Fen(v.PointRate / 100)).String() + " 元"},
	}
	if v.Present > 0 {
		facts = slices.Insert(facts, 1, []string{"到会、赞成", fmt.Sprintf("%d 人、%d 人", v.Present, v.Voted)})
	}
	if v.Posting == scheme.PostNow {
		facts = append(facts, []string{"到账", "当场到账"})
	} else {
		facts = append(facts, []string{"到账", fmt.Sprintf("公示 %d 天后到账", v.NoticeDays)})
	}
	deduct := "只减总得分"
	if v.DeductFrom == scheme.FromSpend {
		deduct = "也减能换的分，减到 0 为止"
	}
	return append(facts, []string{"扣分", deduct})
}

func (p *Pages) fillAdminRules(ctx context.Context, page *adminRulesPage) error {
	rules, err := scheme.Rules(ctx, p.db, page.Village.ID, page.Version.ID)
	if err != nil {
		return err
	}
	categories, err := scheme.Categories(ctx, p.db, page.Village.ID)
	if err != nil {
		return err
	}
	names, at := map[int64]scheme.Category{}, map[int64]int{}
	for _, k := range categories {
		names[k.ID] = k
	}
	page.Rules = len(rules)
	for _, r := range rules {
		i, ok := at[r.CategoryID]
		if !ok {
			i = len(page.Groups)
			at[r.CategoryID] = i
			k := names[r.CategoryID]
			page.Groups = append(page.Groups, adminRuleGroup{Name: k.Name, County: scheme.CountyName(k.CountyKey)})
			if k.CountyKey == "" {
				page.Unmapped++
			}
		}
		line := adminRuleLine{Item: r.Item, Points: r.PointsText(), Text: r.Text(), Note: r.Note, Private: r.Private, Warnings: scheme.Warn(r.Item, r.Note)}
		if r.Evidence != "" {
			line.Note = joinNonEmpty("；", "凭据："+r.Evidence, r.Note)
		}
		if page.Newest {
			line.Href = adminPath(page.Village.ID, "rules", "edit") + "?rule=" + models.ID32(r.ID)
		}
		page.Groups[i].Rules = append(page.Groups[i].Rules, line)
	}
	return nil
}

func joinNonEmpty(sep string, parts ...string) string {
	out := ""
	for _, s := range parts {
		if s != "" && out != "" {
			out += sep
		}
		out += s
	}
	return out
}
