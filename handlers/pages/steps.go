package pages

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// awardStepsPage is the whole life of one award: who did what, when and why.
type awardStepsPage struct {
	committeeAt
	Award   award.Award
	Home    village.Home
	What    string
	Rule    scheme.Rule
	Version scheme.Version
	Member  string
	Tag     string
	Kind    string
	Way     string
	Steps   []awardStepLine
	Photos  []photoLine
	Telling string // the paper for the household; empty for what is no deduction
	Meeting string
	Errors  map[string]string
	More    string // where whoever entered a claim may add to it
}

// awardStepLine is one thing that happened.
type awardStepLine struct {
	What, Who, When string
	Changed, Reason string
	Kind            string
}

// View implements web.Page.
func (awardStepsPage) View() (name, title string) {
	return "committee/awardsteps", "这一笔的全过程"
}

// AwardSteps answers GET /committee/awards/:award.
func (p *Pages) AwardSteps(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SeeHouseholds)
	if err != nil {
		return p.committeeAstray(c, err, models.SeeHouseholds)
	}
	page, err := p.awardStepsPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) awardStepsPage(c *fiber.Ctx, at committeeAt) (page awardStepsPage, err error) {
	ctx, v := c.UserContext(), at.Area.ID
	id, err := web.ID(c, "award")
	if err != nil {
		return page, err
	}
	page.committeeAt = at
	if page.Award, err = award.Get(ctx, p.db, v, id); err != nil {
		return page, err
	}
	a := page.Award
	if page.Home, err = village.GetHome(ctx, p.db, a.Household); err != nil {
		return page, err
	}
	book, err := scheme.Load(ctx, p.db, v, a.Version)
	if err != nil {
		return page, err
	}
	page.Rule, _ = book.Rule(a.Rule)
	page.Version, page.What, page.Way = book.Version, actText(a), wayNames[a.Way]
	tag := awardTag(a)
	page.Tag, page.Kind = tag[0], tag[1]
	if a.Member != 0 {
		m, err := village.GetMember(ctx, p.db, v, a.Member)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return page, err
		}
		page.Member = m.Name
	}
	if page.Photos, err = p.photosOf(c, v, a.ID); err != nil {
		return page, err
	}
	if a.Direction == scheme.Minus && at.Can(models.GrantPoints) {
		page.Telling = at.Href("/committee/awards/" + models.ID32(a.ID) + "/telling")
	}
	if a.Meeting != 0 && at.Can(models.ReviewAwards) {
		page.Meeting = at.Href("/committee/meetings/" + models.ID32(a.Meeting))
	}
	if a.State == award.Claimed && a.Recorder == at.Actor.Account {
		page.More = at.Href("/committee/awards/" + models.ID32(a.ID))
	}
	page.Steps, err = p.awardStepLines(ctx, a)
	return page, err
}

// CompleteAward answers POST /committee/awards/:award: whoever entered a claim
// for a family adds what was wanting.
func (p *Pages) CompleteAward(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "award")
	if err != nil {
		return err
	}
	var f struct {
		Note string `form:"note,text,required" label:"补充的话" max:"200"`
	}
	op, refused := web.Bind(c, &f)
	if refused == nil {
		refused = award.Complete(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id, f.Note)
	}
	if refused != nil {
		page, err := p.awardStepsPage(c, at)
		if err != nil {
			return err
		}
		page.Errors = web.Errors(refused)
		return web.Again(c, page, refused)
	}
	web.Flash(c, "ok", "补上了", "初审的人会再看。")
	return web.See(c, at.Href("/committee/awards/"+models.ID32(id)))
}

// wayNames say how an award came in.
var wayNames = map[string]string{award.WayDoor: "当面登记", award.WayBatch: "成批登记", award.WayRound: "入户检查", award.WaySlip: "积分条", award.WayPhone: "村民手机上报",
	award.WayPaper: "村民写条子报", award.WaySpoken: "村民口头报", award.WayMonth: "按月得分", award.WayObject: "提意见补记"}

// stepNames say what each step is.
var stepNames = map[string]string{award.StepRecord: "登记", award.StepCheck: "初审", award.StepReview: "评议会", award.StepAside: "回避", award.StepSecond: "第二人批准",
	award.StepEscalate: "交给乡镇", award.StepAbove: "乡镇决定", award.StepEffect: "申辩期满", award.StepNotice: "张贴公示", award.StepPost: "到账",
	award.StepFreeze: "有人提意见，先停下", award.StepObject: "意见处理", award.StepThaw: "意见核实完", award.StepWithdraw: "撤回", award.StepCorrect: "更正"}

// awardStepLines tells the steps of an award to those who may see full names.
func (p *Pages) awardStepLines(ctx context.Context, a award.Award) ([]awardStepLine, error) {
	steps, err := award.StepsOf(ctx, p.db, a.Household.Village, a.ID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, s := range steps {
		ids = append(ids, s.Actor)
	}
	names, err := p.lifeNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]awardStepLine, len(steps))
	for i, s := range steps {
		l := awardStepLine{What: stepNames[s.Step], Who: names[s.Actor], When: minute(s.At), Reason: s.Reason}
		if o, ok := outcomeNames[s.Outcome]; ok {
			l.What, l.Kind = l.What+"："+o[0], o[1]
		}
		title := models.Role(s.Role).Title()
		switch {
		case s.Step == award.StepAside:
			l.Who = "" // the reason names who stood aside
		case s.Role == award.Family:
			l.Who = "这一户"
		case s.Actor == 0:
			l.Who = "系统"
		case title != "":
			l.Who += "（" + title + "）"
		}
		if i > 0 && s.Points != 0 {
			l.Changed = "改为 " + dotted(s.Quantity.String()+" "+a.Unit, s.Points.Signed()+" 分")
		}
		lines[i] = l
	}
	return lines, nil
}

// decidedBefore is who has decided an award so far, and what in a sentence.
type decidedBefore struct {
	by   map[int64]bool
	says string
}

// lifeDecided tells of each award what was decided about it before.
func (p *Pages) lifeDecided(ctx context.Context, at committeeAt, awards []award.Award) (map[int64]decidedBefore, error) {
	lives, err := award.Lives(ctx, p.db, at.Area.ID, awards)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]decidedBefore, len(awards))
	for _, a := range lives {
		d := decidedBefore{by: map[int64]bool{}}
		for _, s := range a.Steps {
			if s.Outcome == "" {
				continue
			}
			d.by[s.Actor] = true
			d.says = dotted(stepNames[s.Step]+"："+outcomeNames[s.Outcome][0], s.Reason)
		}
		out[a.ID] = d
	}
	return out, nil
}
