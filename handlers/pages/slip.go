package pages

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

func (p *Pages) routesSlip(r Routes) {
	grant, keep := web.Staff(models.GrantPoints), web.Staff(models.SetUpVillage)
	r.Get("/committee/slips", grant, p.Slips)
	r.Post("/committee/slips", grant, p.UseSlip)
	r.Post("/committee/slips/print", keep, p.PrintSlips)
	r.Get("/committee/slips/sheet", keep, p.SlipSheet)
	r.Post("/committee/slips/void", keep, p.VoidSlips)
}

// slipsPage keys paper slips in, and says which are still out there.
type slipsPage struct {
	committeeAt
	Count  award.SlipCount
	Out    []slipRun
	Rules  []web.Option
	None   bool // no rules in force
	Today  models.Date
	First  models.Date
	Most   int
	Typed  map[string]string
	Errors map[string]string
	Home   *village.Home // found by what was typed
}

// slipRun is a run of numbers that were printed together and are unused.
type slipRun struct {
	From, To, When string
	N              int
	Print          string
}

// View implements web.Page.
func (slipsPage) View() (name, title string) { return "committee/slips", "加分单" }

// Frame keeps the bar on its entry.
func (slipsPage) Frame(f *web.Frame) { f.Active = "award" }

// Slips answers GET /committee/slips.
func (p *Pages) Slips(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	page, err := p.slipsPage(c.UserContext(), at, "")
	if err != nil {
		return err
	}
	page.Typed["number"] = c.Query("number")
	return web.Show(c, page)
}

func (p *Pages) slipsPage(ctx context.Context, at committeeAt, rule string) (page slipsPage, err error) {
	v, today := at.Area.ID, p.db.Now().Day()
	page = slipsPage{committeeAt: at, Today: today, First: today.AddDays(-award.TooLateFor), Most: award.SlipsMost, Typed: map[string]string{"quantity": "1", "act_date": string(today), "n": "16"}}
	if page.Count, err = award.CountSlips(ctx, p.db, v); err != nil {
		return page, err
	}
	out, err := award.UnusedSlips(ctx, p.db, v)
	if err != nil {
		return page, err
	}
	page.Out = slipRuns(at, out)
	version, err := scheme.Current(ctx, p.db, v, today)
	if errors.Is(err, scheme.ErrNoRules) {
		page.None = true
		return page, nil
	}
	if err != nil {
		return page, err
	}
	rules, err := scheme.Rules(ctx, p.db, v, version.ID)
	page.Rules = slipRules(rules, rule)
	return page, err
}

// slipRuns puts neighbours printed at one time together.
func slipRuns(at committeeAt, out []award.Slip) (runs []slipRun) {
	for i := 0; i < len(out); {
		j := i
		for j+1 < len(out) && out[j+1].Number == out[j].Number+1 && out[j+1].PrintedAt == out[i].PrintedAt {
			j++
		}
		runs = append(runs, slipRun{out[i].Text(), out[j].Text(), string(out[i].PrintedAt.Day()), j - i + 1,
			at.Href("/committee/slips/sheet", "from", fmt.Sprint(out[i].Number), "to", fmt.Sprint(out[j].Number))})
		i = j + 1
	}
	return runs
}

// slipRules offers every rule that staff may record; one with levels or fixed
// choices stands there once for each.
func slipRules(rules []scheme.Rule, chosen string) []web.Option {
	out := []web.Option{{Text: "请选一条规则"}}
	for _, r := range rules {
		add := func(points models.Points, level, shown string) {
			v := doorValue(r, points, level)
			out = append(out, web.Option{Value: v, Text: r.Item + " " + shown, Selected: v == chosen})
		}
		switch {
		case r.Capped() && r.CapPer == "member", r.Direction != scheme.Plus:
		case r.BandBy == scheme.ByLevel:
			for _, b := range r.Bands {
				add(0, b.Name, b.Name+" "+b.Points.Signed())
			}
		case len(r.Choices) > 0:
			for _, points := range r.Choices {
				add(points, "", points.Signed())
			}
		default:
			add(0, "", r.PointsText())
		}
	}
	return out
}

type slipForm struct {
	Number   string        `form:"number,required" label:"单号" max:"24"`
	Home     string        `form:"home,required" label:"哪一户" max:"64"`
	Rule     string        `form:"slip_rule,required" label:"规则" max:"60"`
	Points   models.Points `form:"points" label:"分值"`
	Quantity models.Qty    `form:"quantity" label:"数量"`
	Day      models.Date   `form:"act_date" label:"日期"`
	Note     string        `form:"note,text" label:"做了什么" max:"200"`
}

// UseSlip answers POST /committee/slips: one slip keyed in.
func (p *Pages) UseSlip(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	var f slipForm
	op, refused := web.Bind(c, &f)
	var home village.Home
	var a award.Award
	if refused == nil {
		home, refused = p.findHome(ctx, at.Area.ID, f.Home)
	}
	var number int64
	if refused == nil {
		number, refused = award.ParseSlip(f.Number)
	}
	if refused == nil {
		var w award.Worth
		if w, refused = readDoor("slip_rule", f.Rule); refused == nil {
			a, refused = award.UseSlip(ctx, p.db, op, at.Actor, number, award.Ask{Village: at.Area.ID, Household: home.ID, Rule: w.Rule, Level: w.Level,
				Points: cmp.Or(w.Points, f.Points), Quantity: f.Quantity, ActDate: f.Day, Note: f.Note})
		}
	}
	if refused != nil {
		return p.slipsAgain(c, at, f.Rule, refused)
	}
	web.Flash(c, "ok", fmt.Sprintf("单号 %s 录好了：%s %s %s", award.SlipText(number), home.Label(), a.Item, a.Shown().Signed()), "这个单号用掉了，不会重复记分。")
	return web.See(c, at.Href("/committee/slips"))
}

// slipsAgain shows what was typed and why it was refused.
func (p *Pages) slipsAgain(c *fiber.Ctx, at committeeAt, rule string, refused error) error {
	page, err := p.slipsPage(c.UserContext(), at, rule)
	if err != nil {
		return err
	}
	for _, name := range []string{"number", "home", "points", "quantity", "act_date", "note", "n", "from", "to", "reason"} {
		if text := c.FormValue(name); text != "" {
			page.Typed[name] = text
		}
	}
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

// PrintSlips answers POST /committee/slips/print: new numbers, then their sheet.
func (p *Pages) PrintSlips(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		N int `form:"n,required" label:"印几张" min:"1" max:"200"`
	}
	op, refused := web.Bind(c, &f)
	var got award.SlipRange
	if refused == nil {
		got, refused = award.PrintSlips(c.UserContext(), p.db, op, at.Actor, at.Area.ID, f.N)
	}
	if refused != nil {
		return p.slipsAgain(c, at, "", refused)
	}
	return web.See(c, at.Href("/committee/slips/sheet", "from", fmt.Sprint(got.From), "to", fmt.Sprint(got.To)))
}

// VoidSlips answers POST /committee/slips/void.
func (p *Pages) VoidSlips(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		From   string `form:"from,required" label:"从哪一号" max:"24"`
		To     string `form:"to" label:"到哪一号" max:"24"`
		Reason string `form:"reason,required" label:"原因" max:"200"`
	}
	op, refused := web.Bind(c, &f)
	var r award.SlipRange
	var n int64
	if refused == nil {
		if r.From, refused = award.ParseSlip(f.From); refused != nil {
			refused = models.ErrInput.With("“从哪一号”认不出来，没有作废；请照单子上的 7 位数字填").At("from")
		}
	}
	if refused == nil {
		if r.To, refused = award.ParseSlip(cmp.Or(f.To, f.From)); refused != nil {
			refused = models.ErrInput.With("“到哪一号”认不出来，没有作废；请照单子上的 7 位数字填").At("to")
		}
	}
	if refused == nil {
		n, refused = award.VoidSlips(c.UserContext(), p.db, op, at.Actor, at.Area.ID, r, f.Reason)
	}
	if refused != nil {
		return p.slipsAgain(c, at, "", refused)
	}
	web.Flash(c, "ok", fmt.Sprintf("作废了 %d 张", n), "已经录过的不受影响。")
	return web.See(c, at.Href("/committee/slips"))
}

// slipSheetPage is sheets of slips to be cut apart.
type slipSheetPage struct {
	committeeAt
	Shop   string
	Sheets [][]slipPaper
	Back   string
	Gone   int // of the range, used or void by now: not printed again
}

type slipPaper struct {
	Text string
	Bars Code
}

const slipsASheet = 8

// View implements web.Page.
func (slipSheetPage) View() (name, title string) { return "committee/slipsheet", "加分单" }

// SlipSheet answers GET /committee/slips/sheet.
func (p *Pages) SlipSheet(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return p.committeeAstray(c, err, models.SetUpVillage)
	}
	var f struct {
		From int64 `form:"from" label:"从哪一号" min:"0"`
		To   int64 `form:"to" label:"到哪一号" min:"0"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	f.To = min(f.To, f.From+award.SlipsMost-1)
	all, err := award.Slips(c.UserContext(), p.db, at.Area.ID, award.SlipRange{From: f.From, To: f.To})
	if err != nil {
		return err
	}
	page := slipSheetPage{committeeAt: at, Shop: at.Area.Name + "积分超市", Back: at.Href("/committee/slips")}
	var papers []slipPaper
	for _, s := range all {
		if s.Award != 0 || s.VoidAt != 0 {
			page.Gone++
			continue
		}
		bars, err := code128Code(s.Text())
		if err != nil {
			return err
		}
		papers = append(papers, slipPaper{s.Text(), bars})
	}
	page.Sheets = slices.Collect(slices.Chunk(papers, slipsASheet))
	return web.Show(c, page)
}
