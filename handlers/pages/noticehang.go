package pages

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
	"pointstore/models/photo"
)

type hangForm struct {
	Where string      `form:"where,required" label:"贴在哪里" max:"64"`
	Day   models.Date `form:"day,required" label:"张贴日期"`
	Time  string      `form:"time,required" label:"张贴时间" max:"5"`
}

// at is the minute that was written down; not after now when it is this very one.
func (f hangForm) at(now models.Millis) (models.Millis, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", string(f.Day)+" "+f.Time, models.China)
	if err != nil {
		return 0, models.ErrInput.With("“张贴时间”要像 15:04 这样填；还没有登记").At("at")
	}
	return models.MillisOf(t), nil
}

// HangNotice answers POST /committee/notices/:notice/hang.
func (p *Pages) HangNotice(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HangNotice)
	if err != nil {
		return err
	}
	page, err := p.committeeNotice(c, at)
	if err != nil {
		return err
	}
	var f hangForm
	op, refused := web.Bind(c, &f)
	var when models.Millis
	if refused == nil {
		when, refused = f.at(p.db.Now())
	}
	var photos []photo.Prepared
	if refused == nil {
		photos, refused = p.photosIn(c, "photo")
	}
	if refused == nil {
		var n notice.Notice
		if n, refused = award.HangNotice(c.UserContext(), p.db, op, at.Actor, at.Area.ID, page.Notice.ID, f.Where, when, photos...); refused == nil {
			web.Flash(c, "ok", n.Name()+"已登记张贴", "公示到 "+minute(n.EndsAt)+"，到期自动到账，不用再点。")
			return web.See(c, at.Href("/committee/notices/"+models.ID32(n.ID)))
		}
	}
	page.Where, page.Day, page.Time = c.FormValue("where"), c.FormValue("day"), c.FormValue("time")
	page.Errors = web.Errors(refused)
	return web.Again(c, page, refused)
}

// DropNotice answers POST /committee/notices/:notice/drop.
func (p *Pages) DropNotice(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HangNotice)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err != nil {
		return err
	}
	id, err := web.ID(c, "notice")
	if err != nil {
		return errNoNotice
	}
	if err := award.DropNotice(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id); err != nil {
		return err
	}
	web.Flash(c, "ok", "这一期已作废", "上面的分没有丢，等下一期一起公示。")
	return web.See(c, at.Href("/committee/notices"))
}
