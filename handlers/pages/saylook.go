package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/keys"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// lookPage asks for a look-up code, and leads to the villages' forms.
type lookPage struct {
	Villages []web.Link
	Mine     string
	Errors   map[string]string
}

// View implements web.Page.
func (lookPage) View() (name, title string) { return "objection/look", "意见的答复" }

// LookUp answers GET /say.
func (p *Pages) LookUp(c *fiber.Ctx) error {
	page, err := p.lookPage(c, nil)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) lookPage(c *fiber.Ctx, refused error) (page lookPage, err error) {
	page.Errors = web.Errors(refused)
	if web.Actor(c).Household.ID != 0 {
		page.Mine = "/me/say"
	}
	areas, err := village.Areas(c.UserContext(), p.db)
	for _, a := range areas {
		if a.Level == village.Hamlet {
			page.Villages = append(page.Villages, web.Link{Href: "/v/" + models.ID32(a.ID) + "/say", Text: a.Name})
		}
	}
	return page, err
}

// answerPage is an objection and its answer, for whoever made it.
type answerPage struct {
	notice.Objection
	Village  string
	What     string
	Kind     string
	Tag      string
	TagKind  string
	Outcome  string
	Why      string
	When     string
	Course   []remarkLine
	Claim    string // where the claim stands
	Code     string // carried on in the form, never in an address
	Appeal   string // where to appeal; empty when one cannot
	TakeBack string
	Until    string
	Path     string
	Typed    string // of an appeal that was refused
	Errors   map[string]string
}

// View implements web.Page.
func (p answerPage) View() (name, title string) { return "objection/answer", p.Name() }

// Frame leads home to the village's board.
func (p answerPage) Frame(f *web.Frame) { f.SiteHref = p.Path }

// answerPage puts an objection into words for its maker.
func (p *Pages) answerPage(c *fiber.Ctx, o notice.Objection) (page answerPage, err error) {
	ctx, now := c.UserContext(), p.db.Now()
	page = answerPage{Objection: o, Kind: objectionKinds[o.About], Path: "/v/" + models.ID32(o.Village)}
	area, err := village.GetArea(ctx, p.db, o.Village)
	if err != nil {
		return page, err
	}
	page.Village = area.Name
	t := p.objectionTeller(ctx, false)
	if page.What, err = t.subject(o); err != nil {
		return page, err
	}
	page.Tag, page.TagKind = objectionTag(o, now)
	if outcome, why, at := o.Final(); outcome != "" {
		page.Outcome, page.Why, page.When = rulingText(outcome), why, minute(at)
	}
	if due := o.Due(); due != 0 {
		page.Until = minute(due)
	}
	if o.Appealable(now) {
		page.Until = minute(o.AppealDue)
	}
	if page.Claim, err = p.claimState(c, o); err != nil {
		return page, err
	}
	page.Course, err = t.course(o, false)
	return page, err
}

func rulingText(outcome string) string {
	if outcome == notice.Upheld {
		return "意见成立"
	}
	return "意见不成立"
}

// claimState says where the claim of an objection stands; empty when there is none.
func (p *Pages) claimState(c *fiber.Ctx, o notice.Objection) (string, error) {
	if o.Result == 0 {
		return "", nil
	}
	a, err := award.Get(c.UserContext(), p.db, o.Village, o.Result)
	return claimWords[a.State], err
}

var claimWords = map[string]string{
	award.Claimed: "已当作报好事去办，等初审", award.Checked: "已当作报好事去办，等评议", award.Pending: "已当作报好事去办，等第二人批准", award.Noticed: "评议通过，公示后到账",
	award.Frozen: "又有人提意见，正在核实", award.Posted: "已经到账", award.Refused: "报的好事没有通过", award.Withdrawn: "报的好事已撤回", award.Reversed: "到账后又更正了",
}

type lookForm struct {
	Code string `form:"code" label:"查询码" max:"60"`
	Text string `form:"text,text" label:"为什么不同意" max:"500"`
}

// LookedUp answers POST /say. The code is posted so that it stays in no address.
func (p *Pages) LookedUp(c *fiber.Ctx) error {
	var f lookForm
	_, err := web.Bind(c, &f)
	if err == nil {
		return p.showByCode(c, f, nil)
	}
	return p.lookAgain(c, err)
}

func (p *Pages) lookAgain(c *fiber.Ctx, refused error) error {
	page, err := p.lookPage(c, models.ErrInput)
	if err != nil {
		return err
	}
	page.Errors = map[string]string{}
	if models.KindOf(refused) == models.NotFound {
		page.Errors["code"] = keys.ErrLookCode.Say
	}
	return web.Again(c, page, refused)
}

// showByCode shows what a code leads to, with a refusal if there was one.
func (p *Pages) showByCode(c *fiber.Ctx, f lookForm, refused error) error {
	o, err := notice.ByLookCode(c.UserContext(), p.db, p.keys, f.Code)
	if err != nil {
		return p.lookAgain(c, err)
	}
	page, err := p.answerPage(c, o)
	if err != nil {
		return err
	}
	page.Code = f.Code
	page.offer("/say/appeal", "/say/back", p.db.Now())
	page.Typed, page.Errors = f.Text, web.Errors(refused)
	if refused != nil {
		return web.Again(c, page, refused)
	}
	return web.Show(c, page)
}

// offer adds what may still be done.
func (p *answerPage) offer(appeal, back string, now models.Millis) {
	if p.Appealable(now) {
		p.Appeal = appeal
	}
	if p.State == notice.Open {
		p.TakeBack = back
	}
}

// byCode runs an activity in the name of whoever holds the code.
func (p *Pages) byCode(c *fiber.Ctx, do func(op [16]byte, s award.Standing, text string) error) error {
	var f lookForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return p.showByCode(c, f, err)
	}
	o, err := notice.ByLookCode(c.UserContext(), p.db, p.keys, f.Code)
	if err != nil {
		return p.lookAgain(c, err)
	}
	if err := do(op, award.Standing{Village: o.Village, ID: o.ID, Code: f.Code}, f.Text); err != nil {
		return p.showByCode(c, f, err)
	}
	f.Text = ""
	return p.showByCode(c, f, nil)
}

// AppealByCode answers POST /say/appeal.
func (p *Pages) AppealByCode(c *fiber.Ctx) error {
	return p.byCode(c, func(op [16]byte, s award.Standing, text string) error {
		return award.Appeal(c.UserContext(), p.db, op, models.Actor{}, p.keys, s, text)
	})
}

// TakeBackByCode answers POST /say/back.
func (p *Pages) TakeBackByCode(c *fiber.Ctx) error {
	return p.byCode(c, func(op [16]byte, s award.Standing, _ string) error {
		return award.TakeBack(c.UserContext(), p.db, op, models.Actor{}, p.keys, s)
	})
}
