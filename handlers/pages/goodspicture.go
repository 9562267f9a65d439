package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/photo"
)

func (p *Pages) routesGoodsPicture(r Routes) {
	r.Get("/v/:village/goods/:goods/picture", web.Anybody, p.SeePicture)
	p.routesGoodsSheet(r)
	r.Post("/counter/goods/:goods/picture", web.Staff(models.KeepStock), p.SetPicture, web.Upload)
}

// picturePath is where an item's picture lies, "" without one. The address names
// the photo too, so that a browser may keep it.
func picturePath(g market.Goods) string {
	if g.Picture == 0 {
		return ""
	}
	return "/v/" + models.ID32(g.Village) + "/goods/" + models.ID32(g.ID) + "/picture?p=" + models.ID32(g.Picture)
}

// SeePicture answers GET /v/:village/goods/:goods/picture.
func (p *Pages) SeePicture(c *fiber.Ctx) error {
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "goods")
	if err != nil {
		return err
	}
	body, err := market.Picture(c.UserContext(), p.db, v.ID, id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	c.Set(fiber.HeaderContentType, "image/jpeg")
	return c.Send(body)
}

// SetPicture answers POST /counter/goods/:goods/picture: another picture, or none.
func (p *Pages) SetPicture(c *fiber.Ctx) error {
	s, page, err := p.goodsAt(c)
	if err != nil {
		return err
	}
	var f struct {
		Drop bool `form:"drop"`
	}
	ctx, by := c.UserContext(), web.Actor(c)
	op, err := web.Bind(c, &f)
	var files [][]byte
	if err == nil && !f.Drop {
		files, err = web.Files(c, "photo")
	}
	switch {
	case err != nil:
	case f.Drop:
		err = market.DropPicture(ctx, p.db, op, by, s.Village.ID, page.ID)
	case len(files) == 0:
		err = models.ErrInput.With("还没有选图片，没有保存；请先选一张").At("photo")
	default:
		var drawn photo.Prepared
		if drawn, err = photo.PrepareSmall(ctx, files[0]); err == nil {
			err = market.SetPicture(ctx, p.db, op, by, s.Village.ID, page.ID, drawn)
		}
	}
	if err != nil {
		page.PictureErrors = web.Errors(err)
		return web.Again(c, page, err)
	}
	if f.Drop {
		web.Flash(c, "ok", "“"+page.Name+"”的图片已拿掉")
	} else {
		web.Flash(c, "ok", "“"+page.Name+"”的图片已换上", "兑换单上会一起显示。")
	}
	return web.See(c, page.here())
}
