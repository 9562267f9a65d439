package pages

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
)

// saidBy is the sentence of a refusal.
func saidBy(err error) string {
	var e *models.Error
	if errors.As(err, &e) {
		return e.Say
	}
	return "现在办不了"
}

// objectionForm is everything that staff may write on an objection's page.
type objectionForm struct {
	Said    string      `form:"said,text" label:"听到的" max:"500"`
	Award   int64       `form:"award,id32" label:"哪一笔"`
	Number  string      `form:"number" label:"户号" max:"64"`
	Act     int64       `form:"act,id32" label:"做的什么事"`
	Day     models.Date `form:"day" label:"哪一天"`
	Qty     models.Qty  `form:"qty" label:"数量"`
	Account int64       `form:"account,id32" label:"交给谁办"`
	Outcome string      `form:"outcome" max:"10"`
	Heard   string      `form:"heard,text" label:"两边各怎么说" max:"1000"`
	Reason  string      `form:"reason,text" label:"答复" max:"500"`
	Text    string      `form:"text,text" label:"为什么不同意" max:"500"`
}

// objectionDo binds the form, runs one activity and shows the page again.
func (p *Pages) objectionDo(c *fiber.Ctx, act models.Action, said string, do func(op [16]byte, at committeeAt, id int64, f objectionForm) error) error {
	at, err := committeeFor(c, act)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "objection")
	if err != nil {
		return err
	}
	var f objectionForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		refused = do(op, at, id, f)
	}
	if refused == nil {
		web.Flash(c, "ok", said)
		return web.See(c, at.Href("/committee/objections/"+models.ID32(id)))
	}
	page, err := p.objectionPage(c, at)
	if err != nil {
		return err
	}
	for _, name := range []string{"said", "number", "day", "qty", "outcome", "heard", "reason", "text"} {
		page.Typed[name] = c.FormValue(name)
	}
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

// ObjectionSaid answers POST …/said: what one side said.
func (p *Pages) ObjectionSaid(c *fiber.Ctx) error {
	return p.objectionDo(c, models.HearObjections, "记下了", func(op [16]byte, at committeeAt, id int64, f objectionForm) error {
		return award.Said(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id, f.Said)
	})
}

// ObjectionPoint answers POST …/point: which award is meant.
func (p *Pages) ObjectionPoint(c *fiber.Ctx) error {
	return p.objectionDo(c, models.HearObjections, "指明了，还没到账的这一笔先停下", func(op [16]byte, at committeeAt, id int64, f objectionForm) error {
		if f.Award == 0 {
			return models.ErrInput.With("请先选是哪一笔，没有改动").At("award")
		}
		return award.PointAt(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id, f.Award)
	})
}

// ObjectionClaim answers POST …/claim: the missing act becomes a claim.
func (p *Pages) ObjectionClaim(c *fiber.Ctx) error {
	return p.objectionDo(c, models.HearObjections, "已记成“报好事”，和这条意见同一天到期", func(op [16]byte, at committeeAt, id int64, f objectionForm) error {
		if f.Act == 0 {
			return models.ErrInput.With("请选做的是哪一条，还没有转").At("act")
		}
		ask, err := p.sayAsk(c, at.Area.ID, sayForm{Number: f.Number})
		if err != nil {
			return err
		}
		return award.ClaimOf(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id, award.Ask{Household: ask.For, Rule: f.Act, Quantity: f.Qty, ActDate: f.Day})
	})
}

// ObjectionAssign answers POST …/assign.
func (p *Pages) ObjectionAssign(c *fiber.Ctx) error {
	return p.objectionDo(c, models.AnswerObjections, "交办了", func(op [16]byte, at committeeAt, id int64, f objectionForm) error {
		return award.AssignObjection(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id, f.Account)
	})
}

// ObjectionAnswer answers POST …/answer.
func (p *Pages) ObjectionAnswer(c *fiber.Ctx) error {
	return p.objectionDo(c, models.AnswerObjections, "答复已经写下，提意见的人凭查询码或存折能看到", func(op [16]byte, at committeeAt, id int64, f objectionForm) error {
		return award.Answer(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id, f.ruling())
	})
}

func (f objectionForm) ruling() notice.Ruling {
	return notice.Ruling{Outcome: f.Outcome, Heard: f.Heard, Reason: f.Reason}
}

// ObjectionAppeal answers POST …/appeal, for somebody who says so.
func (p *Pages) ObjectionAppeal(c *fiber.Ctx) error {
	return p.objectionDo(c, models.HearObjections, "已经替他报到镇上", func(op [16]byte, at committeeAt, id int64, f objectionForm) error {
		return award.Appeal(c.UserContext(), p.db, op, at.Actor, p.keys, award.Standing{Village: at.Area.ID, ID: id}, f.Text)
	})
}

// ObjectionBack answers POST …/back, for somebody who says so.
func (p *Pages) ObjectionBack(c *fiber.Ctx) error {
	return p.objectionDo(c, models.HearObjections, "意见已撤回，那一笔照原来的继续办", func(op [16]byte, at committeeAt, id int64, _ objectionForm) error {
		return award.TakeBack(c.UserContext(), p.db, op, at.Actor, p.keys, award.Standing{Village: at.Area.ID, ID: id})
	})
}
