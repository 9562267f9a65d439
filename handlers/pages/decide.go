package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
)

// decider is an activity that decides awards of a village.
type decider func(context.Context, *db.DB, db.OpID, models.Actor, int64, []award.Verdict) error

// decideIn is the decision of a meeting.
func decideIn(meeting int64) decider {
	return func(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, verdicts []award.Verdict) error {
		return award.Decide(ctx, d, op, by, v, meeting, verdicts)
	}
}

// lifeDecide takes one decision, from the script or from a form of its own.
func (p *Pages) lifeDecide(c *fiber.Ctx, act models.Action, list string, page func(*fiber.Ctx, committeeAt) (web.Page, error), decide decider) error {
	at, err := committeeFor(c, act)
	if err != nil {
		return err
	}
	var f lifeForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		refused = decide(c.UserContext(), p.db, op, at.Actor, at.Area.ID, f.verdicts())
	}
	switch {
	case refused != nil && web.WantsJSON(c):
		return refused
	case refused != nil:
		again, err := page(c, at)
		if err != nil {
			return err
		}
		return web.Again(c, again, refused)
	case web.WantsJSON(c):
		return web.JSON(c, f.answer())
	}
	web.Flash(c, "ok", f.says(), "接着看下一件。")
	return web.See(c, at.Href(list))
}

// says tells what was decided: 通过 3 件.
func (f lifeForm) says() string {
	return outcomeNames[f.Outcome][0] + " " + countOf(len(f.Awards)) + " 件"
}
