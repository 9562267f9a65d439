package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/register"
)

// myHonoursPage is what the village says of the family besides its points.
type myHonoursPage struct {
	family
	Suspensions []mySuspension
	Showings    []register.Showing // on the red list, now or soon
	Black       []register.Showing
}

// mySuspension is a suspension in the family's words.
type mySuspension struct {
	register.Suspension
	State string
	Kind  string
	Say   string // where to object; empty when it is too late or settled
	Heard []myHonourSay
}

// myHonourSay is what the family objected, and where to read the answer.
type myHonourSay struct{ Href, Text string }

// View implements web.Page.
func (myHonoursPage) View() (name, title string) { return "me/honours", "评优和上榜" }

// MyHonours answers GET /me/honours.
func (p *Pages) MyHonours(c *fiber.Ctx) error {
	f, err := p.family(c)
	if err != nil {
		return err
	}
	page := myHonoursPage{family: f}
	day := p.db.Now().Day()
	all, err := register.Suspensions(c.UserContext(), p.db, f.Village, f.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		page.Suspensions = append(page.Suspensions, mySuspensionOf(s, day))
	}
	list, err := register.ShowingsOf(c.UserContext(), p.db, f.Household)
	if err != nil {
		return err
	}
	for _, s := range list {
		switch {
		case s.DroppedAt != 0 || s.Until < day:
		case s.List == register.Red:
			page.Showings = append(page.Showings, s)
		default:
			page.Black = append(page.Black, s)
		}
	}
	return web.Show(c, page)
}

func mySuspensionOf(s register.Suspension, day models.Date) mySuspension {
	words := standings[s.StandingOn(day)]
	m := mySuspension{Suspension: s, State: words[0], Kind: words[1]}
	if day <= s.AppealUntil && s.StandingOn(day) == register.Appealable {
		m.Say = "/v/" + models.ID32(s.Household.Village) + "/say?about=honour&honour=" + models.ID32(s.ID)
	}
	for _, o := range s.Objections {
		if o.Household == s.Household.ID {
			m.Heard = append(m.Heard, myHonourSay{"/me/say/" + models.ID32(o.ID), o.Name()})
		}
	}
	return m
}

// DropMyShowing answers POST /me/honours/:showing/drop: consent is taken back.
func (p *Pages) DropMyShowing(c *fiber.Ctx) error {
	if err := p.dropShowing(c, web.Actor(c).Household.Village); err != nil {
		return err
	}
	web.Flash(c, "ok", "已从红榜撤下", "榜上马上不显示您家；称号不受影响。")
	return web.See(c, "/me/honours")
}

// honourStrip is the one line about it on the family's own passbook page.
type honourStrip struct{ Text, Kind string }

// honourStripOf tells a family what it ought to know: a suspension that is live,
// or its place on a list. Nil when there is nothing to say.
func honourStripOf(ctx context.Context, c db.Conn, h models.Household, day models.Date) (*honourStrip, error) {
	all, err := register.Suspensions(ctx, c, h.Village, h.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		switch s.StandingOn(day) {
		case register.Appealable:
			return &honourStrip{"村里要暂停您家评优，" + s.AppealUntil.Short() + " 前可以申诉", "wait"}, nil
		case register.Held:
			return &honourStrip{"您家的申诉还没答复，暂停评优先不生效", "wait"}, nil
		case register.InForce:
			return &honourStrip{"您家暂停评优到 " + s.Until.Short() + "，积分和换东西不受影响", "info"}, nil
		}
	}
	list, err := register.ShowingsOf(ctx, c, h)
	for _, s := range list {
		if s.On(day) {
			return &honourStrip{"您家在" + register.ListTitle(s.List) + "上：" + s.Title, map[string]string{register.Red: "ok", register.Black: "info"}[s.List]}, err
		}
	}
	return nil, err
}

// ownSuspension reports whether a suspension is of the family that asks.
func (p *Pages) ownSuspension(c *fiber.Ctx, by models.Actor, id int64) bool {
	s, err := register.GetSuspension(c.UserContext(), p.db, by.Household.Village, id)
	return err == nil && by.Household.ID != 0 && s.Household == by.Household
}
