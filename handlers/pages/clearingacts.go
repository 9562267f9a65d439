package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/photo"
)

// clearingAct runs one step of a clearing and shows the clearing again, with what
// was refused or what has changed.
func (p *Pages) clearingAct(c *fiber.Ctx, form any, act func(at committeeAt, op db.OpID, k award.Clearing) (says, detail string, err error)) error {
	at, err := committeeFor(c, models.ReviewAwards, models.HangNotice)
	if err != nil {
		return err
	}
	k, err := p.clearingInHand(c, at.Area.ID)
	if err != nil {
		return err
	}
	op, refused := web.Bind(c, form)
	var says, detail string
	if refused == nil {
		says, detail, refused = act(at, op, k)
	}
	if refused == nil {
		web.Flash(c, "ok", says, detail)
		return web.See(c, at.Href(clearingPath(k)))
	}
	page, err := p.clearingPage(c, at)
	if err != nil {
		return err
	}
	page.Where, page.Errors = c.FormValue("where"), web.Errors(refused)
	return web.Again(c, page, refused)
}

// HangClearing answers POST /committee/periods/clearing/:clearing/hang.
func (p *Pages) HangClearing(c *fiber.Ctx) error {
	var f hangForm
	return p.clearingAct(c, &f, func(at committeeAt, op db.OpID, k award.Clearing) (string, string, error) {
		when, err := f.at(p.db.Now())
		if err != nil {
			return "", "", err
		}
		var photos []photo.Prepared
		if photos, err = p.photosIn(c, "photo"); err != nil {
			return "", "", err
		}
		k, err = award.HangClearing(c.UserContext(), p.db, op, at.Actor, at.Area.ID, k.ID, f.Where, when, photos...)
		return "公告已登记张贴", "公示满 30 天、兑换日过后，" + k.SessionUntil.AddDays(1).Short() + "起自动清零，不用再点。", err
	})
}

// MoveClearing answers POST /committee/periods/clearing/:clearing/move.
func (p *Pages) MoveClearing(c *fiber.Ctx) error {
	var f struct {
		From  models.Date `form:"session_from,required" label:"兑换日从"`
		Until models.Date `form:"session_until,required" label:"兑换日到"`
	}
	return p.clearingAct(c, &f, func(at committeeAt, op db.OpID, k award.Clearing) (string, string, error) {
		err := award.MoveSession(c.UserContext(), p.db, op, at.Actor, at.Area.ID, k.ID, f.From, f.Until)
		return "兑换日改到 " + f.From.Short() + "—" + f.Until.Short(), "请重新打印公告贴上，让大家知道。", err
	})
}

// DropClearing answers POST /committee/periods/clearing/:clearing/drop.
func (p *Pages) DropClearing(c *fiber.Ctx) error {
	return p.clearingAct(c, &struct{}{}, func(at committeeAt, op db.OpID, k award.Clearing) (string, string, error) {
		err := award.DropClearing(c.UserContext(), p.db, op, at.Actor, at.Area.ID, k.ID)
		return "这次清零已作废", "一分都没有动。已经贴出去的公告请揭下来。", err
	})
}

// AskUndoClearing answers POST /committee/periods/clearing/:clearing/undo.
func (p *Pages) AskUndoClearing(c *fiber.Ctx) error {
	var f struct {
		Reason string `form:"reason,required,text" label:"为什么撤回" max:"200"`
	}
	return p.clearingAct(c, &f, func(at committeeAt, op db.OpID, k award.Clearing) (string, string, error) {
		err := award.AskUndo(c.UserContext(), p.db, op, at.Actor, at.Area.ID, k.ID, f.Reason)
		return "已报乡镇，等乡镇同意", "乡镇同意以后，清掉的分自动逐户退回。", err
	})
}
