package pages

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/photo"
)

// openingReaders are those who may look at an opening: who works in it, and who
// signs or approves its count.
var openingReaders = []models.Action{models.HandOverGoods, models.KeepStock, models.WatchRecords, models.SignStock, models.DecideAbove}

func (p *Pages) routesOpening(r Routes) {
	shop, look := web.Staff(models.KeepStock), web.Staff(openingReaders...)
	names := web.Staff(models.HandOverGoods, models.KeepStock, models.WatchRecords)
	r.Get("/counter/opening/:opening", look, p.OpeningDone)
	r.Get("/counter/opening/:opening/print", names, p.OpeningSheet)
	r.Get("/counter/opening/:opening/sheet", look, p.ClosingSheet)
	r.Get("/counter/opening/:opening/count", shop, p.CountSheet)
	r.Post("/counter/opening/:opening/count", shop, p.CountOpening)
	r.Post("/counter/opening/:opening/recount", shop, p.RecountOpening)
	r.Post("/counter/opening/:opening/sign", look, p.SignOpening)
	r.Post("/counter/opening/:opening/settle", look, p.SettleOpening)
	r.Post("/counter/opening/:opening/photo", web.Staff(models.HandOverGoods, models.KeepStock), p.OpeningPhoto, web.Upload)
}

// openingCounted fills in the closing sheet and what may be done about it. Before
// anybody has counted, the sheet is not shown: who counts is not to know.
func (p *Pages) openingCounted(c *fiber.Ctx, v web.Area, counter market.Counter, page *openingDonePage) (err error) {
	ctx, by, o := c.UserContext(), web.Actor(c), page.Opening
	page.Allied = counter.Allied()
	if o.CountedAt != 0 {
		if page.Lines, err = market.Counts(ctx, p.db, o); err != nil {
			return err
		}
		page.Void = o.Visits - page.Standing
	}
	for _, l := range page.Lines {
		page.Differs = page.Differs || l.Difference() != 0
	}
	if o.Paper != 0 {
		paper, err := market.GetPaper(ctx, p.db, v.ID, o.Paper)
		if err != nil {
			return err
		}
		page.Paper = paper.Label()
	}
	page.MayCount = by.Can(models.KeepStock, v.Place) && o.State == market.OpeningClosed
	for _, step := range []struct {
		state string
		may   error
		to    *bool
	}{{market.OpeningCounted, market.MaySignOpening(by, v.Place, o), &page.MaySign}, {market.OpeningSigned, market.MaySettleOpening(by, v.Place, o), &page.MaySettle}} {
		if o.State == step.state {
			if *step.to = step.may == nil; step.may != nil {
				page.Why = saidBy(step.may)
			}
		}
	}
	page.MayAttach = by.Can(models.HandOverGoods, v.Place) || by.Can(models.KeepStock, v.Place)
	if page.MayAttach || by.Can(models.WatchRecords, v.Place) {
		page.Photos, err = p.photosOf(c, v.ID, o.ID)
	}
	return err
}

// ClosingSheet answers GET /counter/opening/:opening/sheet, for printing: what
// was there, what went over the counter, what is left, and who says so.
func (p *Pages) ClosingSheet(c *fiber.Ctx) error {
	page, err := p.openingDone(c)
	if err != nil {
		return astray(c, err)
	}
	if page.Opening.CountedAt == 0 {
		return models.ErrNotFound.With("这一场还没有点货，还没有收场单；请先点货")
	}
	return web.Show(c, closingSheetPage{page})
}

type closingSheetPage struct{ openingDonePage }

// GoodsPoints is what the goods of the sheet come to: what its receipts come to.
func (p closingSheetPage) GoodsPoints() (sum models.Points) {
	for _, l := range p.Lines {
		sum += l.Points
	}
	return sum
}

// View implements web.Page.
func (closingSheetPage) View() (name, title string) { return "counter/closing", "收场单" }

// openingCountPage asks what lies on the shelf, without saying what should.
type openingCountPage struct {
	counterFrame
	market.Opening
	Village, Path, CounterName string
	Lines                      []openingCountLine
	Errors                     map[string]string
}

type openingCountLine struct{ ID, Name, Unit, Counted string }

// View implements web.Page.
func (openingCountPage) View() (name, title string) { return "counter/count", "收场点货" }

// CountSheet answers GET /counter/opening/:opening/count.
func (p *Pages) CountSheet(c *fiber.Ctx) error {
	page, _, err := p.openingCountPage(c)
	if err != nil {
		return astray(c, err)
	}
	if page.State != market.OpeningClosed {
		return web.See(c, page.Path+"?village="+page.Village)
	}
	return web.Show(c, page)
}

func (p *Pages) openingCountPage(c *fiber.Ctx) (page openingCountPage, v web.Area, err error) {
	ctx := c.UserContext()
	if v, err = p.shopVillage(c, models.KeepStock); err != nil {
		return page, v, err
	}
	id, err := web.ID(c, "opening")
	if err != nil {
		return page, v, err
	}
	o, err := market.GetOpening(ctx, p.db, v.ID, id)
	if err != nil {
		return page, v, err
	}
	k, err := market.GetCounter(ctx, p.db, v.ID, o.Counter)
	if err != nil {
		return page, v, err
	}
	page = openingCountPage{counterFrame: station{Village: v, Counter: k}.frame("desk", "opening"), Opening: o, Village: models.ID32(v.ID), Path: "/counter/opening/" + models.ID32(id), CounterName: k.Name}
	lines, err := market.Counts(ctx, p.db, o)
	for _, l := range lines {
		if !l.Service {
			page.Lines = append(page.Lines, openingCountLine{ID: models.ID32(l.Goods), Name: l.Name, Unit: l.Unit})
		}
	}
	return page, v, err
}

type openingCountForm struct {
	Count map[string]string `form:"count.*" label:"数量"`
}

// CountOpening answers POST /counter/opening/:opening/count.
func (p *Pages) CountOpening(c *fiber.Ctx) error {
	page, v, err := p.openingCountPage(c)
	if err != nil {
		return err
	}
	var f openingCountForm
	op, err := web.Bind(c, &f)
	counted := map[int64]models.Qty{}
	for i := range page.Lines {
		l := &page.Lines[i]
		if l.Counted = models.Normal(f.Count[l.ID]); l.Counted == "" {
			continue
		}
		id, _ := models.ParseID32(l.ID)
		qty, bad := countedQty(l.Counted)
		if bad != nil && err == nil {
			err = models.ErrInput.With("“" + l.Name + "”的数量要填数字，没有了填 0；还没有保存").At("count")
		}
		counted[id] = qty
	}
	if err == nil {
		_, err = market.CountOpening(c.UserContext(), p.db, op, web.Actor(c), v.ID, page.ID, counted)
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "点货已记下", "请第二个人核对签字；点错了，签字之前可以重新点。")
	return web.See(c, page.Path+"?village="+page.Village)
}

// countedQty reads a count, of which none is one.
func countedQty(text string) (models.Qty, error) {
	if strings.Trim(text, "0.") == "" {
		return 0, nil
	}
	return models.ParseQty(text)
}

// RecountOpening answers POST /counter/opening/:opening/recount.
func (p *Pages) RecountOpening(c *fiber.Ctx) error {
	page, err := p.openingDone(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err == nil {
		err = market.RecountOpening(c.UserContext(), p.db, op, web.Actor(c), page.Opening.Village, page.ID)
	}
	if err != nil {
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "请重新点一遍", "原来点的数留在操作记录里。")
	return web.See(c, page.Href+"/count?village="+page.Village)
}

// SignOpening answers POST /counter/opening/:opening/sign.
func (p *Pages) SignOpening(c *fiber.Ctx) error {
	page, err := p.openingDone(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	var o market.Opening
	if err == nil {
		o, err = market.SignOpening(c.UserContext(), p.db, op, web.Actor(c), page.Opening.Village, page.ID)
	}
	if err != nil {
		return web.Again(c, page, err)
	}
	if o.State == market.OpeningSettled {
		web.Flash(c, "ok", "已签字，账和货对上了", "可以打印收场单。")
	} else {
		web.Flash(c, "wait", "已签字，点的数和账上有出入", "请点货人以外的村委或监督员写明原因、批准。")
	}
	return web.See(c, page.Href+"?village="+page.Village)
}

type openingReasonForm struct {
	Reason string `form:"reason,text" label:"原因" max:"120"`
}

// SettleOpening answers POST /counter/opening/:opening/settle.
func (p *Pages) SettleOpening(c *fiber.Ctx) error {
	page, err := p.openingDone(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &page.Form)
	if err == nil {
		_, err = market.SettleOpening(c.UserContext(), p.db, op, web.Actor(c), page.Opening.Village, page.ID, page.Form.Reason)
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "差数已入账", "库存已改成点到的数，原因写在收场单上。")
	return web.See(c, page.Href+"?village="+page.Village)
}

// OpeningPhoto answers POST /counter/opening/:opening/photo: the signed register,
// scanned or photographed.
func (p *Pages) OpeningPhoto(c *fiber.Ctx) error {
	page, err := p.openingDone(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	var photos []photo.Prepared
	if err == nil {
		photos, err = p.photosIn(c, "photo")
	}
	if err == nil && len(photos) == 0 {
		err = models.ErrInput.With("还没有选照片，请选登记表的照片再传").At("photo")
	}
	if err == nil {
		err = p.savePhotos(c, op, page.Opening.Village, photo.Opening, page.ID, photos)
	}
	if err != nil {
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "登记表照片已存")
	return web.See(c, page.Href+"?village="+page.Village)
}
