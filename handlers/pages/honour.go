package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/register"
	"pointstore/models/village"
)

func (p *Pages) routesHonour(r Routes) {
	see, decide := web.Staff(models.ReviewAwards, models.WatchRecords), web.Staff(models.ReviewAwards)
	r.Get("/committee/honours", see, p.Honours)
	r.Get("/committee/honours/print", see, p.PrintHonours)
	r.Get("/committee/honours/suspend", decide, p.NewSuspension)
	r.Post("/committee/honours/suspend", decide, p.Suspend)
	r.Get("/committee/honours/suspensions/:suspension", see, p.Suspension)
	r.Get("/committee/honours/suspensions/:suspension/letter", decide, p.SuspensionLetter)
	r.Post("/committee/honours/suspensions/:suspension/lift", decide, p.LiftSuspension)
	r.Get("/committee/honours/show", decide, p.NewShowing)
	r.Post("/committee/honours/show", decide, p.AddShowing)
	r.Post("/committee/honours/showings/:showing/drop", decide, p.DropShowing)
	r.Get("/committee/honours/blacklist", decide, p.BlackList)
	r.Post("/committee/honours/blacklist", decide, p.SetBlackList)
	r.Get("/me/honours", web.Household, p.MyHonours)
	r.Post("/me/honours/:showing/drop", web.Household, p.DropMyShowing)
}

// honoursPage is what the village says about households besides points.
type honoursPage struct {
	committeeAt
	Today       models.Date
	Village     village.Village
	Suspensions []suspensionLine
	Red, Black  []showingLine
	Past        []showingLine // no longer on a list
	Ended       []suspensionLine
}

// suspensionLine is a suspension with where it stands today.
type suspensionLine struct {
	register.Suspension
	Href, State, Kind string
}

// showingLine is a line of a list, as the committee sees it.
type showingLine struct {
	register.Showing
	State, Kind string
	ID32        string
}

// Village32 is the village's id for addresses of its settings.
func (page honoursPage) Village32() string { return models.ID32(page.Area.ID) }

// View implements web.Page.
func (honoursPage) View() (name, title string) { return "committee/honours", "评优和红榜" }

// Frame keeps the bar where the committee's other pages are.
func (honoursPage) Frame(f *web.Frame) { f.Active = "today" }

var honourActs = []models.Action{models.ReviewAwards, models.WatchRecords}

// Honours answers GET /committee/honours.
func (p *Pages) Honours(c *fiber.Ctx) error {
	page, err := p.honoursPage(c)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	return web.Show(c, page)
}

func (p *Pages) honoursPage(c *fiber.Ctx) (page honoursPage, err error) {
	ctx := c.UserContext()
	if page.committeeAt, err = committeeFor(c, honourActs...); err != nil {
		return page, err
	}
	page.Today = p.db.Now().Day()
	v := page.Area.ID
	if page.Village, err = village.Get(ctx, p.db, v); err != nil {
		return page, err
	}
	all, err := register.Suspensions(ctx, p.db, v, 0)
	if err != nil {
		return page, err
	}
	for _, s := range all {
		l := suspensionLineOf(page.committeeAt, s, page.Today)
		if s.Live(page.Today) {
			page.Suspensions = append(page.Suspensions, l)
		} else {
			page.Ended = append(page.Ended, l)
		}
	}
	list, err := register.Showings(ctx, p.db, v)
	for _, s := range list {
		l := page.showingLine(s)
		switch {
		case s.DroppedAt != 0 || s.Until < page.Today:
			page.Past = append(page.Past, l)
		case s.List == register.Black:
			page.Black = append(page.Black, l)
		default:
			page.Red = append(page.Red, l)
		}
	}
	return page, err
}

var standings = map[register.Standing][2]string{
	register.Appealable: {"申诉期内，还没生效", "wait"}, register.Held: {"有申诉没答复，先不生效", "wait"}, register.InForce: {"暂停中", "bad"},
	register.Over: {"已到期", "past"}, register.Lifted: {"已解除", "past"}, register.Overturned: {"申诉成立，已取消", "ok"},
}

func suspensionLineOf(at committeeAt, s register.Suspension, day models.Date) suspensionLine {
	words := standings[s.StandingOn(day)]
	return suspensionLine{s, at.Href("/committee/honours/suspensions/" + models.ID32(s.ID)), words[0], words[1]}
}

func (page honoursPage) showingLine(s register.Showing) showingLine {
	l := showingLine{Showing: s, State: "上榜中", Kind: "ok", ID32: models.ID32(s.ID)}
	set := func(state, kind string) { l.State, l.Kind = state, kind }
	switch {
	case s.DroppedAt != 0:
		set(s.DroppedAt.Day().Short()+" 撤下", "past")
	case s.Until < page.Today:
		set("已到期", "past")
	case s.Home.Hidden:
		set("本户不想上榜，榜上不显示", "wait")
	case s.Home.Left():
		set("这一户已离开，榜上不显示", "wait")
	case s.List == register.Red && !page.Village.RedList:
		set("村里没有开红榜，榜上不显示", "wait")
	case s.List == register.Black && !page.Village.BlackList:
		set("黑榜已关，榜上不显示", "wait")
	case s.List == register.Red && page.suspended(s.Household.ID):
		set("暂停评优，榜上先不显示", "wait")
	case s.From > page.Today:
		set(s.From.Short()+" 起上榜", "wait")
	}
	return l
}

func (page honoursPage) suspended(home int64) bool {
	for _, s := range page.Suspensions {
		if s.Household.ID == home && s.StandingOn(page.Today) == register.InForce {
			return true
		}
	}
	return false
}

// honoursPrintPage is the same on paper.
type honoursPrintPage struct{ honoursPage }

// View implements web.Page.
func (honoursPrintPage) View() (name, title string) {
	return "committee/honoursprint", "评优登记册"
}

// PrintHonours answers GET /committee/honours/print.
func (p *Pages) PrintHonours(c *fiber.Ctx) error {
	page, err := p.honoursPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, honoursPrintPage{page})
}

// honoursOf tells in a sentence each what is in force of a household.
func (p *Pages) honoursOf(ctx context.Context, h models.Household) (list []string, err error) {
	day := p.db.Now().Day()
	all, err := register.Suspensions(ctx, p.db, h.Village, h.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Live(day) {
			list = append(list, "暂停评优 "+string(s.From)+" 至 "+string(s.Until)+"（"+standings[s.StandingOn(day)][0]+"）")
		}
	}
	shown, err := register.ShowingsOf(ctx, p.db, h)
	for _, s := range shown {
		if s.On(day) {
			list = append(list, register.ListTitle(s.List)+"：“"+s.Title+"”，到 "+string(s.Until))
		}
	}
	return list, err
}
