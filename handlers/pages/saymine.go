package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
)

// myObjectionsPage lists what a family objected to.
type myObjectionsPage struct {
	family
	Lines []mySayLine
	Say   string
}

type mySayLine struct {
	notice.Objection
	Kind, What, Tag, TagKind, Href, When string
}

// View implements web.Page.
func (myObjectionsPage) View() (name, title string) { return "objection/mine", "我家提的意见" }

// MyObjections answers GET /me/say.
func (p *Pages) MyObjections(c *fiber.Ctx) error {
	f, err := p.family(c)
	if err != nil {
		return err
	}
	page := myObjectionsPage{family: f, Say: "/v/" + models.ID32(f.Area.ID) + "/say"}
	all, err := notice.OfHousehold(c.UserContext(), p.db, f.Household)
	if err != nil {
		return err
	}
	t := p.objectionTeller(c.UserContext(), false)
	for _, o := range all {
		l := mySayLine{Objection: o, Kind: objectionKinds[o.About], Href: "/me/say/" + models.ID32(o.ID), When: o.MadeAt.Day().Short()}
		l.Tag, l.TagKind = objectionTag(o, p.db.Now())
		if l.What, err = t.subject(o); err != nil {
			return err
		}
		page.Lines = append(page.Lines, l)
	}
	return web.Show(c, page)
}

// myObjection is the family's own objection in the address; another's is not
// found.
func (p *Pages) myObjection(c *fiber.Ctx) (o notice.Objection, err error) {
	id, err := web.ID(c, "objection")
	if err != nil {
		return o, err
	}
	by := web.Actor(c)
	o, err = notice.GetObjection(c.UserContext(), p.db, by.Household.Village, id)
	if err == nil && o.Household != by.Household.ID {
		err = models.ErrNotFound.With("没有找到这条意见，请从“我家提的意见”里重新打开")
	}
	return o, err
}

func (p *Pages) myAnswer(c *fiber.Ctx, refused error) error {
	o, err := p.myObjection(c)
	if err != nil {
		return err
	}
	page, err := p.answerPage(c, o)
	if err != nil {
		return err
	}
	path := "/me/say/" + models.ID32(o.ID)
	page.offer(path+"/appeal", path+"/back", p.db.Now())
	if refused == nil {
		return web.Show(c, page)
	}
	page.Typed, page.Errors = c.FormValue("text"), web.Errors(refused)
	return web.Again(c, page, refused)
}

// MyObjection answers GET /me/say/:objection.
func (p *Pages) MyObjection(c *fiber.Ctx) error { return p.myAnswer(c, nil) }

// mine runs an activity for the family's own objection and shows it again.
func (p *Pages) mine(c *fiber.Ctx, said string, do func(op [16]byte, s award.Standing, text string) error) error {
	o, err := p.myObjection(c)
	if err != nil {
		return err
	}
	var f lookForm
	op, refused := web.Bind(c, &f)
	if refused == nil {
		refused = do(op, award.Standing{Village: o.Village, ID: o.ID}, f.Text)
	}
	if refused != nil {
		return p.myAnswer(c, refused)
	}
	web.Flash(c, "ok", said)
	return web.See(c, "/me/say/"+models.ID32(o.ID))
}

// AppealMine answers POST /me/say/:objection/appeal.
func (p *Pages) AppealMine(c *fiber.Ctx) error {
	return p.mine(c, "已经报到镇上，镇上会在规定的天数里答复", func(op [16]byte, s award.Standing, text string) error {
		return award.Appeal(c.UserContext(), p.db, op, web.Actor(c), p.keys, s, text)
	})
}

// TakeBackMine answers POST /me/say/:objection/back.
func (p *Pages) TakeBackMine(c *fiber.Ctx) error {
	return p.mine(c, "意见已撤回，那一笔照原来的继续办", func(op [16]byte, s award.Standing, _ string) error {
		return award.TakeBack(c.UserContext(), p.db, op, web.Actor(c), p.keys, s)
	})
}
