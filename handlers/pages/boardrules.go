package pages

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

// rulesPage is what earns and what costs in the village today.
type rulesPage struct {
	Village    web.Area
	Path       string
	Version    scheme.Version
	Categories []ruleGroup
	Count      int
	Print      bool
}

type ruleGroup struct {
	Name, Under string
	Caps        []string
	Rules       []ruleLine
}

type ruleLine struct {
	Item, Points, Unit, Cap, Note string
}

// View implements web.Page.
func (p rulesPage) View() (name, title string) {
	if p.Print {
		return "board/rulesprint", p.Village.Name + "积分细则"
	}
	return "board/rules", p.Village.Name + "积分细则"
}

// Frame leads home to the board.
func (p rulesPage) Frame(f *web.Frame) { f.SiteHref = p.Path }

// Rate is the value of a point in yuan: 1.5.
func (p rulesPage) Rate() models.Fen { return p.Version.PointRate.Fen(100) }

// BoardRules answers GET /v/:village/rules.
func (p *Pages) BoardRules(c *fiber.Ctx) error {
	return p.public(c, func(ctx context.Context, v web.Area) (web.Page, error) { return p.rulesPage(ctx, v, false) })
}

// PrintRules answers GET /v/:village/rules/print.
func (p *Pages) PrintRules(c *fiber.Ctx) error {
	return p.public(c, func(ctx context.Context, v web.Area) (web.Page, error) { return p.rulesPage(ctx, v, true) })
}

// publicNote leaves out what the import noted for whoever settles the limit,
// and a remark that only says the limit that stands beside it.
func publicNote(r scheme.Rule) string {
	note, _, _ := strings.Cut(r.Note, scheme.UnclearMark)
	note = strings.TrimRight(note, "；")
	all, rest := sheet.LimitsIn(note)
	if rest == "" && len(all) == 1 && all[0].Shared == "" && all[0].Period == r.CapPeriod && all[0].Times == r.CapTimes && all[0].Points == r.CapPoints {
		return ""
	}
	return note
}

func (p *Pages) rulesPage(ctx context.Context, v web.Area, print bool) (rulesPage, error) {
	page := rulesPage{Village: v, Path: "/v/" + models.ID32(v.ID), Print: print}
	version, err := scheme.Current(ctx, p.db, v.ID, p.db.Now().Day())
	if errors.Is(err, scheme.ErrNoRules) {
		return page, nil
	}
	if err != nil {
		return page, err
	}
	page.Version = version
	book, err := scheme.Load(ctx, p.db, v.ID, version.ID)
	if err != nil {
		return page, err
	}
	categories, err := scheme.Categories(ctx, p.db, v.ID)
	if err != nil {
		return page, err
	}
	byID := map[int64][]ruleLine{}
	for _, r := range book.Rules {
		line := ruleLine{Item: r.Item, Points: r.PointsText(), Unit: r.UnitName(), Cap: r.CapText(), Note: dotted(r.Evidence, publicNote(r))}
		if len(r.Bands) > 0 || r.Marked() { // the whole table, which no amount multiplies
			line.Unit, line.Cap = "", r.Text()
		}
		byID[r.CategoryID] = append(byID[r.CategoryID], line)
		page.Count++
	}
	names := map[int64]string{}
	for _, k := range categories {
		names[k.ID] = k.Name
	}
	for _, k := range categories {
		if len(byID[k.ID]) == 0 {
			continue
		}
		g := ruleGroup{Name: k.Name, Under: names[k.Parent], Rules: byID[k.ID]}
		for _, c := range book.CategoryCaps(k.ID) {
			g.Caps = append(g.Caps, "“"+c.Name+"”整类"+c.Text())
		}
		page.Categories = append(page.Categories, g)
	}
	return page, nil
}
