package pages

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/scheme"
)

// newRoundPage settles what a round looks at and what its results are worth.
type newRoundPage struct {
	committeeAt
	Name, Day, Team string
	Today, First    models.Date
	Parts           []web.Option
	People          []web.Option
	Clean           []web.Option
	Fair            []web.Option
	Poor            []web.Option
	Full            []web.Option // full-mark rules; empty: the village has none
	PassAt          string
	Errors          map[string]string
	None            bool // no rules in force
}

// View implements web.Page.
func (newRoundPage) View() (name, title string) { return "committee/roundnew", "开始一轮巡查" }

// Frame keeps the bar on its entry.
func (newRoundPage) Frame(f *web.Frame) { f.Active = "award" }

type newRoundForm struct {
	Name   string        `form:"name,required" label:"这一轮叫什么" max:"64"`
	Day    models.Date   `form:"day" label:"日期"`
	People []string      `form:"person" label:"同行的人" max:"64"`
	Team   string        `form:"team" label:"同行的人" max:"200"`
	Part   string        `form:"part" label:"走哪里" max:"40"`
	Clean  string        `form:"clean" label:"整洁" max:"40"`
	Fair   string        `form:"fair" label:"一般" max:"40"`
	Poor   string        `form:"poor" label:"差" max:"40"`
	Full   int64         `form:"full,id32" label:"满分扣减的规则"`
	PassAt models.Points `form:"pass_at" label:"几分算合格"`
}

// NewRound answers GET /committee/rounds/new.
func (p *Pages) NewRound(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	page, err := p.newRoundPage(c, at, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// newRoundPage draws the form as it was typed, or, typed nil, as the last round
// was.
func (p *Pages) newRoundPage(c *fiber.Ctx, at committeeAt, typed *newRoundForm) (page newRoundPage, err error) {
	ctx, v, today := c.UserContext(), at.Area.ID, p.db.Now().Day()
	page = newRoundPage{committeeAt: at, Today: today, First: today.AddDays(-award.TooLateFor), Day: string(today)}
	version, err := scheme.Current(ctx, p.db, v, today)
	if errors.Is(err, scheme.ErrNoRules) {
		page.None = true
		return page, nil
	}
	if err != nil {
		return page, err
	}
	rules, err := scheme.Rules(ctx, p.db, v, version.ID)
	if err != nil {
		return page, err
	}
	f, err := p.usualRound(ctx, at, rules)
	if err != nil {
		return page, err
	}
	if typed != nil {
		f = *typed
		page.Day = cmp.Or(string(f.Day), page.Day)
	}
	page.Name, page.Team = f.Name, f.Team
	if f.PassAt != 0 {
		page.PassAt = f.PassAt.Plain()
	}
	page.Clean, page.Fair, page.Poor = doorOptions(rules, f.Clean, false), doorOptions(rules, f.Fair, false), doorOptions(rules, f.Poor, true)
	for _, r := range rules {
		if r.Marked() && r.Direction == scheme.Plus {
			if page.Full == nil {
				page.Full = []web.Option{{Text: "不用，点“整洁、一般、差”"}}
			}
			page.Full = append(page.Full, web.Option{Value: models.ID32(r.ID), Text: r.Item + "（" + r.Text() + "）", Selected: r.ID == f.Full})
		}
	}
	if page.People, err = p.roundPeople(ctx, at, f.People); err != nil {
		return page, err
	}
	parts, err := p.dutyParts(ctx, v)
	page.Parts = []web.Option{{Text: "全村"}}
	for _, part := range parts {
		page.Parts = append(page.Parts, web.Option{Value: part.Value, Text: fmt.Sprintf("%s（%d 户）", part.Title, part.Homes), Selected: part.Value == f.Part})
	}
	return page, err
}

// roundPeople are the village's staff who may walk along, but for whoever asks.
func (p *Pages) roundPeople(ctx context.Context, at committeeAt, chosen []string) ([]web.Option, error) {
	people, err := account.List(ctx, p.db, at.Area.ID)
	var out []web.Option
	for _, a := range people {
		if a.DisabledAt == 0 && a.ID != at.Actor.Account && slices.ContainsFunc(a.Grants, func(g account.Grant) bool { return g.Area == at.Area.ID }) {
			out = append(out, web.Option{Value: a.Name, Text: a.Name, Selected: slices.Contains(chosen, a.Name)})
		}
	}
	return out, err
}

// usualRound is what the next round most likely is: the last one again, under
// the rules of today, or what the rules' names suggest.
func (p *Pages) usualRound(ctx context.Context, at committeeAt, rules []scheme.Rule) (f newRoundForm, err error) {
	n, err := award.CountRounds(ctx, p.db, at.Area.ID)
	if err != nil {
		return f, err
	}
	f.Name = fmt.Sprintf("庭院巡查 · 第%d轮", n+1)
	last, err := award.Rounds(ctx, p.db, at.Area.ID, models.Cursor{Limit: 1})
	if err != nil {
		return f, err
	}
	if len(last) == 0 {
		f.Clean, f.Fair = guessRule(rules, "庭院整洁", "整洁", "清洁", "干净"), guessRule(rules, "庭院一般", "一般", "较整洁")
		return f, nil
	}
	origin := map[int64]scheme.Rule{}
	for _, r := range rules {
		origin[r.OriginID] = r
	}
	now := func(rule int64, points models.Points, level string) string {
		b, err := scheme.BookOf(ctx, p.db, at.Area.ID, rule)
		if rule == 0 || err != nil {
			return ""
		}
		was, _ := b.Rule(rule)
		return doorValue(origin[was.OriginID], points, level)
	}
	for _, w := range last[0].Choices.Worths {
		text := now(w.Rule, w.Points, w.Level)
		switch w.Result {
		case award.Clean:
			f.Clean = text
		case award.Fair:
			f.Fair = text
		case award.Poor:
			f.Poor = text
		}
	}
	if t := last[0].Choices.Table; t != nil {
		f.Full, f.PassAt = 0, t.PassAt
		if text := now(t.Rule, 0, ""); text != "" {
			f.Full, err = models.ParseID32(text)
		}
	}
	return f, err
}

func guessRule(rules []scheme.Rule, words ...string) string {
	for _, w := range words {
		for _, r := range rules {
			if strings.Contains(r.Item, w) && r.Direction == scheme.Plus && r.Single() && tappable(r) {
				return doorValue(r, 0, "")
			}
		}
	}
	return ""
}

// tappable reports whether a rule can be recorded by a tap at a door.
func tappable(r scheme.Rule) bool {
	return !(r.Capped() && r.CapPer == "member") && !r.Marked() && (r.BandBy == "" || r.BandBy == scheme.ByLevel)
}

// doorValue names a rule in a form, with the points or the level chosen.
func doorValue(r scheme.Rule, points models.Points, level string) string {
	switch {
	case r.ID == 0:
		return ""
	case level != "":
		return models.ID32(r.ID) + "=" + level
	case points != 0:
		return models.ID32(r.ID) + "=" + points.Plain()
	}
	return models.ID32(r.ID)
}

// doorOptions are the rules that a result can stand for; one that leaves a
// choice stands there once for every choice.
func doorOptions(rules []scheme.Rule, chosen string, minus bool) []web.Option {
	out := []web.Option{{Text: "不记分"}}
	add := func(r scheme.Rule, points models.Points, level, shown string) {
		v := doorValue(r, points, level)
		out = append(out, web.Option{Value: v, Text: r.Item + " " + shown, Selected: v == chosen})
	}
	for _, r := range rules {
		if !tappable(r) || r.Direction != scheme.Plus && !(minus && r.Direction == scheme.Minus) {
			continue
		}
		switch {
		case r.BandBy == scheme.ByLevel:
			for _, b := range r.Bands {
				add(r, 0, b.Name, b.Name+" "+b.Points.Signed())
			}
		case r.Single():
			add(r, 0, "", r.PointsText())
		default:
			for _, points := range r.Choices {
				add(r, points, "", points.Signed())
			}
		}
	}
	return out
}

// readDoor reads doorValue back.
func readDoor(result, text string) (w award.Worth, err error) {
	w.Result = result
	if text == "" {
		return w, nil
	}
	id, more, _ := strings.Cut(text, "=")
	if w.Rule, err = models.ParseID32(id); err != nil {
		return w, models.ErrInput.With("规则认不出来，还没有开始，请重新选").At(result)
	}
	if w.Points, err = models.ParsePoints(more); err != nil && more != "" {
		w.Points, w.Level = 0, more
	}
	return w, nil
}

// StartRound answers POST /committee/rounds/new.
func (p *Pages) StartRound(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return err
	}
	var f newRoundForm
	op, refused := web.Bind(c, &f)
	ask := award.NewRound{Village: at.Area.ID, Name: f.Name, Day: f.Day, Full: f.Full, PassAt: f.PassAt}
	ask.Team = strings.Join(slices.DeleteFunc(append(slices.Clone(f.People), f.Team), func(s string) bool { return s == "" }), "、")
	for result, text := range map[string]string{award.Clean: f.Clean, award.Fair: f.Fair, award.Poor: f.Poor} {
		w, err := readDoor(result, text)
		ask.Worths = append(ask.Worths, w)
		refused = cmp.Or(refused, err)
	}
	slices.SortFunc(ask.Worths, func(a, b award.Worth) int { return cmp.Compare(a.Result, b.Result) })
	if f.Part != "" {
		d, err := readDuty(f.Part)
		ask.Grid, ask.Group = d.Grid, d.Group
		refused = cmp.Or(refused, err)
	}
	var r award.Round
	if refused == nil {
		r, refused = award.StartRound(c.UserContext(), p.db, op, at.Actor, ask)
	}
	if refused != nil {
		page, err := p.newRoundPage(c, at, &f)
		if err != nil {
			return err
		}
		page.Errors = web.Errors(refused)
		return web.Again(c, page, refused)
	}
	return web.See(c, roundPath(at, r, ""))
}
