package pages

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/village"
)

// myClaimsPage lists what a family has claimed and how far each claim has come.
type myClaimsPage struct {
	family
	Claims []myClaimLine
	Older  string
}

// myClaimLine is a claim in villagers' words.
type myClaimLine struct {
	What, Shown, When string
	Note              string
	Says, Kind        string // where it stands
	Why               string // the reason of a refusal, or what is to be added
	Steps             []web.Step
	Take              string // where it can be taken back; empty once the meeting has decided
	More              string // where the family can add to it; empty once it was passed
}

// View implements web.Page.
func (myClaimsPage) View() (name, title string) { return "me/claims", "我家报的好事" }

// Frame keeps the bar on the passbook.
func (myClaimsPage) Frame(f *web.Frame) { f.Active = "passbook" }

// MyClaims answers GET /me/claims.
func (p *Pages) MyClaims(c *fiber.Ctx) error {
	var f struct {
		Before int64 `form:"before,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	fam, err := p.family(c)
	if err != nil {
		return err
	}
	const most = 100
	page := myClaimsPage{family: fam}
	all, err := award.ByHousehold(c.UserContext(), p.db, fam.Household, models.Cursor{Before: f.Before, Limit: most})
	if err != nil {
		return err
	}
	if len(all) == most {
		page.Older = "/me/claims?before=" + models.ID32(all[most-1].ID)
	}
	if page.Claims, err = p.myClaimLines(c.UserContext(), fam, all); err != nil {
		return err
	}
	return web.Show(c, page)
}

// myClaimLines tells those of a household's awards that it claimed itself.
func (p *Pages) myClaimLines(ctx context.Context, fam family, all []award.Award) (lines []myClaimLine, err error) {
	coming, err := award.Provisional(ctx, p.db, fam.Household)
	if err != nil {
		return nil, err
	}
	ends := map[int64]award.Coming{}
	for _, k := range coming.Awards {
		ends[k.ID] = k
	}
	lives, err := award.Lives(ctx, p.db, fam.Household.Village, slices.DeleteFunc(all, func(a award.Award) bool { return !lifeClaimed(a) }))
	for _, a := range lives {
		l := myClaimLine{What: actText(a.Award), Shown: shownPoints(a.Points, a.Honour), When: dotted(a.ActDate.Short(), claimWays[a.Way]), Note: a.Note}
		l.tell(a, ends[a.ID])
		lines = append(lines, l)
	}
	return lines, err
}

// claimWays say who told of the act.
var claimWays = map[string]string{award.WayPhone: "自己报的", award.WayPaper: "写条子报的", award.WaySpoken: "口头报的", award.WayObject: "提意见补报的", award.WaySlip: "积分条"}

// lifeClaimed reports whether the family told of the act itself.
func lifeClaimed(a award.Award) bool {
	return a.Way == award.WayPhone || a.Way == award.WayPaper || a.Way == award.WaySpoken || a.Way == award.WayObject
}

// claimWalk are the stations of a claim as the family counts them.
var claimWalk = []string{"报上", "初审", "评议", "贴榜", "到账"}

// tell says where a claim stands.
func (l *myClaimLine) tell(a award.Life, coming award.Coming) {
	at := 0 // how many stations are behind it
	switch a.State {
	case award.Claimed:
		at, l.Says, l.Kind, l.More = 1, "报上了，等组长或网格员先看", "wait", "/me/claims/"+models.ID32(a.ID)
		if l.Why = a.Reason(); l.Why != "" {
			l.Says = "退回来了，要补一补"
		}
	case award.Checked:
		at, l.Says, l.Kind = 2, "看过了，等评议会评议", "wait"
	case award.Pending:
		at, l.Says, l.Kind = 3, "评议通过了，还等另一位村干部点头", "wait"
	case award.Noticed:
		at, l.Says, l.Kind = 3, "通过了，等贴榜", "wait"
		if coming.HungAt != 0 {
			at, l.Says = 4, "已贴榜、还没到账，"+coming.EndsAt.Day().Short()+"到账"
		}
	case award.Frozen:
		at, l.Says, l.Kind = 4, "有人提意见，正在核实", "wait"
	case award.Posted:
		l.Says, l.Kind = "到账了", "ok"
	case award.Withdrawn:
		l.Says, l.Kind = "已经撤回", "past"
	case award.Refused:
		l.Says, l.Kind, l.Why = "没有通过", "bad", a.Reason()
	default:
		l.Says, l.Kind = "后来更正了", "past"
	}
	if a.Above {
		l.Says = "村里没有合适的人定，已经交给乡镇"
	}
	if a.State == award.Claimed || a.State == award.Checked {
		l.Take = "/me/claims/" + models.ID32(a.ID) + "/withdraw"
	}
	for i, text := range claimWalk {
		s := web.Step{Text: text, State: "todo"}
		if i < at {
			s.State = "done"
		} else if i == at {
			s.State = "now"
		}
		if at > 0 {
			l.Steps = append(l.Steps, s)
		}
	}
}

// CompleteClaim answers POST /me/claims/:award: the family adds to what it said.
func (p *Pages) CompleteClaim(c *fiber.Ctx) error {
	id, err := web.ID(c, "award")
	if err != nil {
		return err
	}
	var f struct {
		Note string `form:"note,text,required" label:"补充的话" max:"200"`
	}
	op, err := web.Bind(c, &f)
	if err == nil {
		err = award.Complete(c.UserContext(), p.db, op, web.Actor(c), web.Actor(c).Household.Village, id, f.Note)
	}
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "补上了", "组长或网格员会再看。")
	return web.See(c, "/me/claims")
}

// WithdrawClaim answers POST /me/claims/:award/withdraw.
func (p *Pages) WithdrawClaim(c *fiber.Ctx) error {
	id, err := web.ID(c, "award")
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err == nil {
		err = award.Withdraw(c.UserContext(), p.db, op, web.Actor(c), web.Actor(c).Household.Village, id)
	}
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "撤回了", "报错了不要紧，可以重新报。")
	return web.See(c, "/me/claims")
}

// warnedLine is a deduction that a family is told of before it counts.
type warnedLine struct {
	What, Shown, When, Why string
	Until                  string
	Say                    string // where the family answers
}

// ownMatters is what the first page of a family tells beside the passbook: the
// deductions it is told of, and how many of its claims are not settled.
func (p *Pages) ownMatters(ctx context.Context, home village.Home) (warned []warnedLine, claims int, err error) {
	for _, state := range []string{award.Claimed, award.Checked, award.Pending} {
		all, err := award.List(ctx, p.db, home.Village, award.Filter{State: state, Household: home.ID})
		if err != nil {
			return nil, 0, err
		}
		claims += len(slices.DeleteFunc(all, func(a award.Award) bool { return !lifeClaimed(a) }))
	}
	all, err := award.List(ctx, p.db, home.Village, award.Filter{State: award.Warned, Household: home.ID})
	for _, a := range all {
		warned = append(warned, warnedLine{What: actText(a), Shown: shownPoints(a.Points, a.Honour), When: a.ActDate.Short(), Why: a.Note, Until: minute(a.DueAt),
			Say: "/v/" + models.ID32(home.Village) + "/say?award=" + models.ID32(a.ID)})
	}
	return warned, claims, err
}
