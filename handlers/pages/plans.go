package pages

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

func (p *Pages) routesPlans(r Routes) {
	shop, run := web.Staff(models.KeepStock), web.Staff(models.RunInstance)
	r.Get("/counter/plans", web.Staff(models.HandOverGoods, models.KeepStock), p.Plans)
	r.Post("/counter/plans", shop, p.AddPlan)
	r.Post("/counter/plans/:plan/drop", shop, p.DropPlan)
	r.Get("/admin/settings/festivals", run, p.Festivals)
	r.Post("/admin/settings/festivals", run, p.SaveFestivals)
}

// plansPage announces openings, and lists those that are.
type plansPage struct {
	counterFrame
	Village  string
	Plans    []planLine
	Form     planForm
	Counters []web.Option
	Warnings []string // about the day in the form, shown until it is insisted on
	Silent   bool     // nobody has entered this year's festivals
	MayKeep  bool
	MaySet   bool
	Errors   map[string]string
}

// planLine is an announcement with what speaks against its day.
type planLine struct {
	market.Plan
	Warnings []string
	Today    bool
}

// View implements web.Page.
func (plansPage) View() (name, title string) { return "counter/plans", "兑换日安排" }

type planForm struct {
	Counter int64       `form:"counter,id32" label:"兑换点"`
	Day     models.Date `form:"day" label:"日期"`
	From    string      `form:"from" label:"开始" max:"5"`
	Until   string      `form:"until" label:"结束" max:"5"`
	Place   string      `form:"place" label:"地点" max:"64"`
	Note    string      `form:"note,text" label:"说明" max:"120"`
	Anyway  bool        `form:"anyway"`
}

var errPlanWarned = models.ErrInput.With("这一天可能不合适，还没有定下；确实要定就打勾再交").At("day")

// Plans answers GET /counter/plans.
func (p *Pages) Plans(c *fiber.Ctx) error {
	page, _, err := p.plansPage(c)
	if err != nil {
		return astray(c, err)
	}
	return web.Show(c, page)
}

func (p *Pages) plansPage(c *fiber.Ctx) (page plansPage, v web.Area, err error) {
	ctx := c.UserContext()
	if v, err = p.shopVillage(c, models.HandOverGoods, models.KeepStock); err != nil {
		return page, v, err
	}
	by, today := web.Actor(c), p.db.Now().Day()
	page = plansPage{counterFrame: countersFrame(v), Village: models.ID32(v.ID), Form: planForm{Day: today.AddDays(7), From: "09:00", Until: "11:30"},
		MayKeep: by.Can(models.KeepStock, v.Place), MaySet: by.Can(models.RunInstance, models.Place{})}
	days, err := market.Festivals(ctx, p.db)
	if err != nil {
		return page, v, err
	}
	page.Silent = !market.FestivalsKnown(days, today)
	plans, err := market.Plans(ctx, p.db, v.ID, today)
	if err != nil {
		return page, v, err
	}
	for _, one := range plans {
		page.Plans = append(page.Plans, planLine{one, market.DayWarnings(days, one.Day), one.Day == today})
	}
	all, err := market.Counters(ctx, p.db, v.ID)
	for _, k := range all {
		page.Counters = append(page.Counters, web.Option{Value: models.ID32(k.ID), Text: k.Name})
	}
	return page, v, err
}

// AddPlan answers POST /counter/plans. A day that something speaks against is
// taken only when it is insisted on.
func (p *Pages) AddPlan(c *fiber.Ctx) error {
	page, v, err := p.plansPage(c)
	if err != nil {
		return err
	}
	page.Form = planForm{}
	op, err := web.Bind(c, &page.Form)
	f := page.Form
	if err == nil {
		days, lost := market.Festivals(c.UserContext(), p.db)
		if lost != nil {
			return lost
		}
		if page.Warnings = market.DayWarnings(days, f.Day); len(page.Warnings) > 0 && !f.Anyway {
			err = errPlanWarned
		}
	}
	var made market.Plan
	if err == nil {
		made, err = market.AddPlan(c.UserContext(), p.db, op, web.Actor(c), market.PlanForm{Village: v.ID, Counter: f.Counter, Day: f.Day, From: f.From, Until: f.Until, Place: f.Place, Note: f.Note})
	}
	if err != nil {
		for i := range page.Counters {
			page.Counters[i].Selected = page.Counters[i].Value == models.ID32(f.Counter)
		}
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "已定下："+made.When()+" "+made.CounterName, "公开榜上看得到了。")
	return web.See(c, "/counter/plans?village="+models.ID32(v.ID))
}

// DropPlan answers POST /counter/plans/:plan/drop.
func (p *Pages) DropPlan(c *fiber.Ctx) error {
	v, err := p.shopVillage(c, models.KeepStock)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "plan")
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err == nil {
		err = market.DropPlan(c.UserContext(), p.db, op, web.Actor(c), v.ID, id)
	}
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "这次兑换日已取消", "公开榜上已撤下；已经告诉过村民的，请再通知一声。")
	return web.See(c, "/counter/plans?village="+models.ID32(v.ID))
}

// boardPlanDays is how far ahead the public board tells.
const boardPlanDays = 45

// boardPlans are the openings announced for the next weeks.
func boardPlans(ctx context.Context, c db.Conn, v int64, today models.Date) ([]market.Plan, error) {
	list, err := market.Plans(ctx, c, v, today)
	return slices.DeleteFunc(list, func(p market.Plan) bool { return p.Day > today.AddDays(boardPlanDays) }), err
}
