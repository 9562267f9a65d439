package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/village"
)

// clearingAsked is a clearing that a village asks to take back.
type clearingAsked struct {
	award.Clearing
	Name          string
	Agree, Refuse string
	Done, Till    string
}

// clearingsAbovePage is where a township agrees that a clearing is taken back.
type clearingsAbovePage struct {
	Asked  []clearingAsked
	Errors map[string]string
}

// View implements web.Page.
func (clearingsAbovePage) View() (name, title string) {
	return "above/clearings", "清零撤回，等乡镇同意"
}

// ClearingsAbove answers GET /above/clearings.
func (p *Pages) ClearingsAbove(c *fiber.Ctx) error {
	page, err := p.clearingsAbovePage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) clearingsAbovePage(c *fiber.Ctx) (page clearingsAbovePage, err error) {
	area, err := web.AreaFor(c, models.DecideAbove)
	if err != nil {
		return page, err
	}
	all, err := award.ClearingsAsked(c.UserContext(), p.db, area.ID)
	if err != nil {
		return page, err
	}
	for _, k := range all {
		a, err := village.GetArea(c.UserContext(), p.db, k.Village)
		if err != nil {
			return page, err
		}
		path := "/above/clearings/" + models.ID32(k.Village) + "/" + models.ID32(k.ID)
		page.Asked = append(page.Asked, clearingAsked{Clearing: k, Name: a.Name, Agree: path + "/agree", Refuse: path + "/refuse", Done: dayLong(k.DoneAt.Day()), Till: dayLong(k.UndoUntil().Day())})
	}
	return page, nil
}

// AgreeUndoClearing answers POST /above/clearings/:village/:clearing/agree.
func (p *Pages) AgreeUndoClearing(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.DecideAbove)
	if err != nil {
		return err
	}
	k, err := p.clearingInHand(c, v.ID)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err == nil {
		err = award.AgreeUndo(c.UserContext(), p.db, op, web.Actor(c), v.ID, k.ID)
	}
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "已同意"+v.Name+"撤回清零", "系统正在逐户退分，每户存折上多一行“更正”。")
	return web.See(c, "/above/clearings")
}

// RefuseUndoClearing answers POST /above/clearings/:village/:clearing/refuse.
func (p *Pages) RefuseUndoClearing(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.DecideAbove)
	if err != nil {
		return err
	}
	k, err := p.clearingInHand(c, v.ID)
	if err != nil {
		return err
	}
	var f struct {
		Reason string `form:"reason,required,text" label:"为什么不同意" max:"200"`
	}
	op, refused := web.Bind(c, &f)
	if refused == nil {
		refused = award.RefuseUndo(c.UserContext(), p.db, op, web.Actor(c), v.ID, k.ID, f.Reason)
	}
	if refused != nil {
		page, err := p.clearingsAbovePage(c)
		if err != nil {
			return err
		}
		page.Errors = web.Errors(refused)
		return web.Again(c, page, refused)
	}
	web.Flash(c, "ok", "已答复"+v.Name+"：不同意撤回", "理由村里看得到；60 天内村里还可以再报一次。")
	return web.See(c, "/above/clearings")
}
