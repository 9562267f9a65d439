package pages

import (
	"maps"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
)

// festivalsPage takes the days on which few people come to a counter.
type festivalsPage struct {
	Rows   []festivalRow
	Errors map[string]string
}

type festivalRow struct{ Key, Name, From, Until string }

// View implements web.Page.
func (festivalsPage) View() (name, title string) { return "admin/festivals", "节日和农忙" }

// Festivals answers GET /admin/settings/festivals.
func (p *Pages) Festivals(c *fiber.Ctx) error {
	list, err := market.Festivals(c.UserContext(), p.db)
	if err != nil {
		return err
	}
	return web.Show(c, festivalsPage{Rows: festivalRows(list, p.db.Now().Day())})
}

// festivalRows are what is entered from this year on, and an empty line for every
// name that has no day to come yet.
func festivalRows(list []market.Festival, today models.Date) []festivalRow {
	var rows []festivalRow
	add := func(f market.Festival) {
		rows = append(rows, festivalRow{strconv.Itoa(len(rows) + 1), f.Name, string(f.From), string(f.Until)})
	}
	for _, f := range list {
		if f.Until[:4] >= today[:4] {
			add(f)
		}
	}
	for _, name := range market.FestivalNames {
		if !slices.ContainsFunc(list, func(f market.Festival) bool { return f.Name == name && f.Until >= today }) {
			add(market.Festival{Name: name})
		}
	}
	for range 2 {
		add(market.Festival{})
	}
	return rows
}

// SaveFestivals answers POST /admin/settings/festivals. Lines without a day are left out.
func (p *Pages) SaveFestivals(c *fiber.Ctx) error {
	var f struct {
		Name  map[string]string `form:"name.*" label:"名称"`
		From  map[string]string `form:"from.*" label:"开始"`
		Until map[string]string `form:"until.*" label:"结束"`
	}
	op, err := web.Bind(c, &f)
	page, list := festivalsPage{}, []market.Festival(nil)
	for _, key := range slices.SortedFunc(maps.Keys(f.Name), func(a, b string) int { return festivalKey(a) - festivalKey(b) }) {
		row := festivalRow{key, f.Name[key], f.From[key], f.Until[key]}
		page.Rows = append(page.Rows, row)
		if row.From == "" && row.Until == "" {
			continue
		}
		one, bad := row.festival()
		if err == nil {
			err = bad
		}
		list = append(list, one)
	}
	if err == nil {
		err = market.SaveFestivals(c.UserContext(), p.db, op, web.Actor(c), list)
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "节日和农忙已保存", "各村安排兑换日时会提醒。")
	return web.See(c, "/admin/settings/festivals")
}

func festivalKey(s string) int { n, _ := strconv.Atoi(s); return n }

func (r festivalRow) festival() (market.Festival, error) {
	from, err := models.ParseDate(r.From)
	until := from
	if err == nil && r.Until != "" {
		until, err = models.ParseDate(r.Until)
	}
	return market.Festival{Name: r.Name, From: from, Until: until}, err
}
