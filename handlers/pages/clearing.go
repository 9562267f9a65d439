package pages

import (
	"context"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/notice"
	"pointstore/models/village"
)

func clearingPath(k award.Clearing) string {
	return "/committee/periods/clearing/" + models.ID32(k.ID)
}

func clearingLineOf(at committeeAt, k award.Clearing, now models.Millis) clearingLine {
	l := clearingLine{Clearing: k, Href: at.Href(clearingPath(k))}
	switch k.State {
	case award.ClearAnnounced:
		l.Tag, l.Kind, l.Says = "还没清", "wait", "要先公示 30 天，再留出兑换日 "+k.SessionFrom.Short()+"—"+k.SessionUntil.Short()
	case award.ClearRunning:
		l.Tag, l.Kind, l.Says = "正在清", "wait", "系统正在逐户记账"
	case award.ClearDone:
		l.Tag, l.Kind, l.Says = "已清零", "ok", fmt.Sprintf("%s 清了 %d 户、%s 分", k.DoneAt.Day().Short(), k.Households, k.Points)
		if k.Asked() {
			l.Tag, l.Kind = "等乡镇同意撤回", "wait"
		}
	case award.ClearUndoing:
		l.Tag, l.Kind, l.Says = "正在撤回", "wait", "乡镇已同意，系统正在逐户退分"
	case award.ClearUndone:
		l.Tag, l.Kind, l.Says = "已撤回", "past", k.UndoneAt.Day().Short()+" 全部退回"
	default:
		l.Tag, l.Kind, l.Says = "已作废", "past", "没有清任何一户"
	}
	return l
}

// clearingForm is what the village resolved.
type clearingForm struct {
	Resolution string        `form:"resolution,required" label:"哪次会议、几号决议" max:"64"`
	ResolvedOn models.Date   `form:"resolved_on,required" label:"决议日期"`
	AsOf       models.Date   `form:"as_of,required" label:"清到哪一天"`
	Keep       models.Points `form:"keep" label:"每户保留"`
	From       models.Date   `form:"session_from,required" label:"兑换日从"`
	Until      models.Date   `form:"session_until,required" label:"兑换日到"`
}

// newClearingPage asks for the resolution, and says plainly what a clearing is.
type newClearingPage struct {
	committeeAt
	Form     clearingForm
	Keep     string
	Warnings []string
	Errors   map[string]string
}

// View implements web.Page.
func (newClearingPage) View() (name, title string) { return "committee/clearingnew", "积分清零" }

// NewClearing answers GET /committee/periods/clearing.
func (p *Pages) NewClearing(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	today := p.db.Now().Day()
	from := today.AddDays(award.ClearDays + 1)
	page, err := p.newClearingPage(c, at, clearingForm{ResolvedOn: today, AsOf: today, From: from, Until: from.AddDays(2)})
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) newClearingPage(c *fiber.Ctx, at committeeAt, f clearingForm) (page newClearingPage, err error) {
	page = newClearingPage{committeeAt: at, Form: f, Keep: f.Keep.Plain()}
	lines, err := award.Forecast(c.UserContext(), p.db, award.Clearing{Village: at.Area.ID, AsOf: f.AsOf, Keep: f.Keep})
	if err != nil {
		return page, err
	}
	page.Warnings, err = shelfWarnings(c.UserContext(), p.db, at.Area.ID, clearSums(lines).Points)
	return page, err
}

// AnnounceClearing answers POST /committee/periods/clearing.
func (p *Pages) AnnounceClearing(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return err
	}
	var f clearingForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		var k award.Clearing
		k, refused = award.AnnounceClearing(c.UserContext(), p.db, op, at.Actor, award.ClearAsk{Village: at.Area.ID, Resolution: f.Resolution, ResolvedOn: f.ResolvedOn,
			AsOf: f.AsOf, Keep: f.Keep, SessionFrom: f.From, SessionUntil: f.Until})
		if refused == nil {
			web.Flash(c, "ok", "清零决议已登记，一分都还没有动", "请打印公告贴出去，再回来登记“已张贴”。不张贴，就一直不会清。")
			return web.See(c, at.Href(clearingPath(k)))
		}
	}
	page, err := p.newClearingPage(c, at, f)
	if err != nil {
		return err
	}
	page.Keep, page.Errors = c.FormValue("keep"), web.Errors(refused)
	return web.Again(c, page, refused)
}

// clearSum is what a clearing comes to.
type clearSum struct {
	Households, Skipped, Newer int
	Points                     models.Points
}

func clearSums(lines []award.ClearLine) (s clearSum) {
	for _, l := range lines {
		switch {
		case l.Points > 0:
			s.Households, s.Points = s.Households+1, s.Points+l.Points
		case l.Why == award.ClearNewer:
			s.Newer++
		case l.Why != "":
			s.Skipped++
		}
	}
	return s
}

// shelfWarnings says in plain words why people may not be able to exchange what
// is about to be cleared.
func shelfWarnings(ctx context.Context, d *db.DB, v int64, owed models.Points) ([]string, error) {
	items, err := market.Shelf(ctx, d, v, 0, d.Now().Day())
	if err != nil {
		return nil, err
	}
	var out []string
	worth, endless := models.Points(0), false
	for _, it := range items {
		switch {
		case it.SoldOut:
			out = append(out, it.Name)
		case it.Kind == market.Service:
			endless = true
		default:
			if p, ok := it.Points.Times(it.Qty); ok {
				worth += p
			}
		}
	}
	var all []string
	switch {
	case len(items) == 0:
		all = append(all, "货架上什么都没有，这时候清零，村民攒的分就白攒了。请先上货。")
	case len(out) > 0:
		names := strings.Join(out[:min(len(out), 5)], "、")
		all = append(all, fmt.Sprintf("货架上 %d 种里有 %d 种没货（%s）。货不齐就清零，村民想换换不到，请先补货。", len(items), len(out), names))
	}
	if len(items) > 0 && !endless && worth < owed {
		all = append(all, fmt.Sprintf("货架上的货一共值 %s 分，要清的有 %s 分，换不完。请补货，或把兑换日往后延。", worth, owed))
	}
	return all, nil
}

// clearingPage is one clearing: where it stands, what it will do, what it did.
type clearingPage struct {
	committeeAt
	Clearing award.Clearing
	Line     clearingLine
	Notice   notice.Notice
	Steps    []web.Step
	Sum      clearSum
	Done     bool // the sum is what was done, not a forecast
	Skipped  []clearHome
	Warnings []string
	Waits    string // why nothing happens although the days are over
	Photos   []photoLine
	UndoTill string
	Where    string
	Day      string
	Time     string
	Today    models.Date
	Errors   map[string]string
}

// clearHome is a household in a clearing's lists.
type clearHome struct {
	Who, Href, Why  string
	Balance, Points models.Points
}

// View implements web.Page.
func (clearingPage) View() (name, title string) { return "committee/clearing", "积分清零" }

// Clearing answers GET /committee/periods/clearing/:clearing.
func (p *Pages) Clearing(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	page, err := p.clearingPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// toClearing leads from a clearing's announcement to the clearing.
func (p *Pages) toClearing(c *fiber.Ctx, at committeeAt, of int64) error {
	all, err := award.Clearings(c.UserContext(), p.db, at.Area.ID)
	if err != nil {
		return err
	}
	for _, k := range all {
		if k.Notice == of {
			return web.See(c, at.Href(clearingPath(k)))
		}
	}
	return errNoNotice
}

func (p *Pages) clearingInHand(c *fiber.Ctx, v int64) (award.Clearing, error) {
	id, err := web.ID(c, "clearing")
	if err != nil {
		return award.Clearing{}, models.ErrNotFound
	}
	return award.GetClearing(c.UserContext(), p.db, v, id)
}

func (p *Pages) clearingPage(c *fiber.Ctx, at committeeAt) (page clearingPage, err error) {
	ctx, now := c.UserContext(), p.db.Now()
	page = clearingPage{committeeAt: at, Today: now.Day(), Day: string(now.Day()), Time: now.Time().Format("15:04")}
	if page.Clearing, err = p.clearingInHand(c, at.Area.ID); err != nil {
		return page, err
	}
	k := page.Clearing
	page.Line, page.UndoTill = clearingLineOf(at, k, now), dayLong(k.UndoUntil().Day())
	if page.Notice, err = notice.Get(ctx, p.db, at.Area.ID, k.Notice); err != nil {
		return page, err
	}
	if page.Photos, err = p.photosOf(c, at.Area.ID, k.Notice); err != nil {
		return page, err
	}
	lines, done, err := p.clearLines(ctx, k)
	if err != nil {
		return page, err
	}
	page.Sum, page.Done = clearSums(lines), done
	if page.Skipped, err = p.clearHomes(ctx, at, lines, func(l award.ClearLine) bool { return l.Why == award.ClearClaim || l.Why == award.ClearDispute }); err != nil {
		return page, err
	}
	if k.State == award.ClearAnnounced {
		if page.Warnings, err = shelfWarnings(ctx, p.db, at.Area.ID, page.Sum.Points); err != nil {
			return page, err
		}
		if page.Waits, err = p.clearingWaits(ctx, k, page.Notice); err != nil {
			return page, err
		}
	}
	page.Steps = clearingSteps(k, page.Notice, now)
	return page, nil
}

// clearLines is what a clearing did, or before that what it would do today.
func (p *Pages) clearLines(ctx context.Context, k award.Clearing) (lines []award.ClearLine, done bool, err error) {
	if k.State == award.ClearAnnounced {
		lines, err = award.Forecast(ctx, p.db, k)
		return lines, false, err
	}
	lines, err = award.ClearedIn(ctx, p.db, k)
	return lines, true, err
}

var clearWhys = map[string]string{award.ClearClaim: "有报的好事或扣分还没办完，这次不清", award.ClearDispute: "有意见还在核实，这次不清", award.ClearNewer: "都是后来得的分，或在保留数以内，不清"}

func (p *Pages) clearHomes(ctx context.Context, at committeeAt, lines []award.ClearLine, want func(award.ClearLine) bool) ([]clearHome, error) {
	var ids []int64
	for _, l := range lines {
		if want(l) {
			ids = append(ids, l.Household.ID)
		}
	}
	homes, err := village.HomesByID(ctx, p.db, at.Area.ID, ids)
	if err != nil {
		return nil, err
	}
	var all []clearHome
	for _, l := range lines {
		if want(l) {
			all = append(all, clearHome{Who: homes[l.Household.ID].Label(), Href: at.Href("/committee/households/" + models.ID32(l.Household.ID)), Why: clearWhys[l.Why], Balance: l.Balance, Points: l.Points})
		}
	}
	return all, nil
}

// clearingWaits says what a clearing waits for although its days of exchange are
// over.
func (p *Pages) clearingWaits(ctx context.Context, k award.Clearing, n notice.Notice) (string, error) {
	today := p.db.Now().Day()
	if today <= k.SessionUntil {
		return "", nil
	}
	if n.HungAt == 0 {
		return "兑换日已经过了，公告却一直没有张贴，所以没有清。要清，请先把兑换日往后改，再张贴公告。", nil
	}
	opened, err := market.OpenedBetween(ctx, p.db, k.Village, k.SessionFrom, k.SessionUntil)
	if err != nil || opened {
		return "", err
	}
	return "兑换日那几天一次也没有开门兑换，所以没有清。请另定兑换日，开门让大家换过再清。", nil
}

func clearingSteps(k award.Clearing, n notice.Notice, now models.Millis) []web.Step {
	step := func(text string, done, on bool) web.Step {
		switch {
		case done:
			return web.Step{Text: text, State: "done"}
		case on:
			return web.Step{Text: text, State: "now"}
		}
		return web.Step{Text: text, State: "todo"}
	}
	hung, over := n.HungAt != 0, n.EndsAt != 0 && n.EndsAt <= now
	cleared := k.DoneAt != 0
	return []web.Step{step("决议登记", true, false), step("张贴公告", hung, !hung), step("公示满 30 天", over, hung),
		step("兑换日", cleared || over && now.Day() > k.SessionUntil, over), step("自动清零", cleared, over && now.Day() > k.SessionUntil)}
}
