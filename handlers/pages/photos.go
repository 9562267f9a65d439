package pages

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/photo"
)

func (p *Pages) routesPhotos(r Routes) {
	r.Get("/photos/:village/:photo", web.Known, p.SeePhoto)
	r.Post("/photos/:village/:photo/remove", web.Known, p.RemovePhoto)
}

// SeePhoto answers GET /photos/:village/:photo. A browser may keep the picture
// for a while, a proxy never.
func (p *Pages) SeePhoto(c *fiber.Ctx) error {
	v, id, err := photoOf(c)
	if err != nil {
		return err
	}
	_, body, err := award.SeePhoto(c.UserContext(), p.db, web.Actor(c), v, id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, max-age=3600")
	c.Set(fiber.HeaderContentType, "image/jpeg")
	return c.Send(body)
}

// RemovePhoto answers POST /photos/:village/:photo/remove.
func (p *Pages) RemovePhoto(c *fiber.Ctx) error {
	v, id, err := photoOf(c)
	if err != nil {
		return err
	}
	var f struct {
		Back string `form:"back,raw" max:"300"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	if err := award.RemovePhoto(c.UserContext(), p.db, op, web.Actor(c), v, id); err != nil {
		return err
	}
	web.Flash(c, "ok", "照片已删掉", "别的记录没有变动。")
	return web.See(c, web.LocalPath(f.Back))
}

func photoOf(c *fiber.Ctx) (village, id int64, err error) {
	if village, err = web.ID(c, "village"); err == nil {
		id, err = web.ID(c, "photo")
	}
	return village, id, err
}

// photosMost is how many photos one form brings.
const photosMost = 4

// photosIn draws the photos of a form's field anew; a form without any is no
// refusal. The route needs web.Upload and the form multipart/form-data.
func (p *Pages) photosIn(c *fiber.Ctx, field string) ([]photo.Prepared, error) {
	files, err := web.Files(c, field)
	if err != nil {
		return nil, err
	}
	if len(files) > photosMost {
		return nil, models.ErrInput.With(fmt.Sprintf("一次最多传 %d 张照片，请少选几张", photosMost)).At(field)
	}
	var all []photo.Prepared
	for _, body := range files {
		one, err := photo.Prepare(c.UserContext(), body)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// photoStep numbers the operation that keeps a form's photos, away from the
// form's other steps.
const photoStep = 900

// savePhotos attaches a form's photos to what the form has just written down, as
// a step of the same form. It does nothing for none.
func (p *Pages) savePhotos(c *fiber.Ctx, op db.OpID, village int64, kind string, subject int64, photos []photo.Prepared) error {
	if len(photos) == 0 {
		return nil
	}
	_, err := award.KeepPhotos(c.UserContext(), p.db, web.Next(op, photoStep), web.Actor(c), village, kind, subject, photos...)
	return err
}

// photoLine is a photo on a page.
type photoLine struct {
	Href, Label   string
	Width, Height int
	Remove        string // address that takes it away; "" where the person may not
	Back          string
}

// photosOf lists a subject's photos for a page that the person may see.
func (p *Pages) photosOf(c *fiber.Ctx, village, subject int64) ([]photoLine, error) {
	list, err := photo.Of(c.UserContext(), p.db, village, subject)
	return photoLines(c, list), err
}

// photoLines draws photos that were read already.
func photoLines(c *fiber.Ctx, list []photo.Photo) []photoLine {
	by := web.Actor(c)
	lines := make([]photoLine, len(list))
	for i, one := range list {
		path := "/photos/" + models.ID32(one.Village) + "/" + models.ID32(one.ID)
		lines[i] = photoLine{Href: path, Label: fmt.Sprintf("照片 %d，%s", i+1, dayTime(one.MadeAt)), Width: one.Width, Height: one.Height, Back: c.OriginalURL()}
		if by.Account == one.MadeBy || by.Any(models.SetUpVillage) {
			lines[i].Remove = path + "/remove"
		}
	}
	return lines
}
