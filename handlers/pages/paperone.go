package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/photo"
)

// paperPage is one stock document: what it says, who did what, and the next step
// for whoever may take it.
type paperPage struct {
	committeeAt
	Paper               market.Paper
	Where, To           string
	Fund                market.Fund
	Tag, TagKind        string
	Lines               []paperShown
	Steps               []paperStep
	MayReceive, MaySign bool
	MayRefuse, Blind    bool
	WhyNot              string
	Photos              []photoLine
	Back, Print         string
	OnPaper             bool
	Errors              map[string]string
	Typed               paperTyped
}

// paperTyped is what was typed about a delivery.
type paperTyped struct{ Party, Invoice string }

// paperShown is a line with its sums in words.
type paperShown struct {
	market.PaperLine
	Key  string // of the fields of a delivery
	Diff string
	Bad  bool
	Sum  string

	QtyTyped, CostTyped, LotTyped, UntilTyped string
}

// paperStep is something that happened to a document.
type paperStep struct{ What, Who, When, Note string }

// View implements web.Page.
func (p paperPage) View() (name, title string) {
	if p.OnPaper {
		return "counter/paperprint", p.Paper.Title() + " " + p.Paper.Label()
	}
	return "counter/paper", p.Paper.Title() + " " + p.Paper.Label()
}

// Frame gives the tables room.
func (paperPage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "papers" }

func (p *Pages) paperPage(c *fiber.Ctx, at committeeAt) (page paperPage, err error) {
	ctx, v := c.UserContext(), at.Area.ID
	id, err := web.ID(c, "paper")
	if err != nil {
		return page, err
	}
	one, err := market.GetPaper(ctx, p.db, v, id)
	if err != nil {
		return page, err
	}
	path := "/counter/papers/" + models.ID32(id)
	page = paperPage{committeeAt: at, Paper: one, Back: at.Href(path), Print: at.Href(path + "/print"), Typed: paperTyped{one.Party, one.Invoice}}
	page.Tag, page.TagKind = paperTag(one)
	names := map[int64]string{}
	if page.Where, err = p.counterName(c, names, v, one.Counter); err == nil && one.Other != 0 {
		page.To, err = p.counterName(c, names, v, one.Other)
	}
	if err == nil && one.Fund != 0 {
		page.Fund, err = market.GetFund(ctx, p.db, v, one.Fund)
	}
	if err != nil {
		return page, err
	}
	page.MayReceive = at.Can(models.KeepStock) && market.MayReceivePaper(at.Actor, one) == nil
	waits := one.State == market.PaperProposed || one.State == market.PaperReceived
	why := market.MaySignPaper(ctx, p.db, at.Actor, at.Area.Place, one)
	page.MaySign = why == nil
	page.MayRefuse = waits && (at.Can(models.KeepStock) || at.Can(models.SignStock))
	// Whoever counted, and anybody else who is not to approve it, sees the books'
	// number only when it is settled.
	page.Blind = one.Kind == market.PaperCount && waits && !page.MaySign
	for _, l := range one.Lines {
		page.Lines = append(page.Lines, page.shown(c, l))
	}
	if page.Steps, err = p.paperSteps(c, one); err != nil {
		return page, err
	}
	page.Photos, err = p.photosOf(c, v, id)
	return page, err
}

func (page *paperPage) shown(c *fiber.Ctx, l market.PaperLine) paperShown {
	s := paperShown{PaperLine: l, Key: models.ID32(int64(l.N)), Sum: l.Fen().String()}
	if page.Paper.Kind == market.PaperCount {
		switch d := l.Difference(); {
		case d > 0:
			s.Diff, s.Bad = "多 "+d.String(), true
		case d < 0:
			s.Diff, s.Bad = "少 "+(-d).String(), true
		default:
			s.Diff = "相符"
		}
	}
	s.QtyTyped, s.CostTyped, s.LotTyped, s.UntilTyped = l.Qty.Plain(), l.CostFen.Plain(), l.LotNumber, string(l.ExpiresOn)
	if c.Method() == fiber.MethodPost && c.FormValue("invoice") != "" {
		s.QtyTyped, s.CostTyped, s.LotTyped, s.UntilTyped = c.FormValue("qty."+s.Key), c.FormValue("cost."+s.Key), c.FormValue("lot."+s.Key), c.FormValue("until."+s.Key)
	}
	return s
}

// paperSteps are the document's life, oldest first.
func (p *Pages) paperSteps(c *fiber.Ctx, one market.Paper) (steps []paperStep, err error) {
	who := map[int64]string{}
	signed := map[string]string{market.PaperPurchase: "监督员签字，入库、付款", market.PaperCount: "核对，按点到的数入账"}[one.Kind]
	if signed == "" {
		signed = "批准，从库存里去掉"
	}
	opened := "开单"
	if one.Kind == market.PaperCount {
		opened = "盘点"
	}
	for _, s := range []struct {
		what string
		by   int64
		at   models.Millis
		note string
	}{{opened, one.ProposedBy, one.ProposedAt, one.Note}, {"点收", one.ReceivedBy, one.ReceivedAt, ""}, {signed, one.SignedBy, one.SignedAt, one.Reason}, {"作废", one.RefusedBy, one.RefusedAt, one.Reason}} {
		if s.at == 0 {
			continue
		}
		name, err := p.staffName(c, who, s.by)
		if err != nil {
			return nil, err
		}
		steps = append(steps, paperStep{s.what, name, s.at.String(), s.note})
	}
	return steps, nil
}

// Paper answers GET /counter/papers/:paper.
func (p *Pages) Paper(c *fiber.Ctx) error { return p.showPaper(c, false) }

// PaperSheet answers GET /counter/papers/:paper/print.
func (p *Pages) PaperSheet(c *fiber.Ctx) error { return p.showPaper(c, true) }

func (p *Pages) showPaper(c *fiber.Ctx, print bool) error {
	at, err := committeeFor(c, paperActs...)
	if err != nil {
		return p.committeeAstray(c, err, models.KeepStock)
	}
	page, err := p.paperPage(c, at)
	if err != nil {
		return err
	}
	page.OnPaper = print
	return web.Show(c, page)
}

type deliveredForm struct {
	Party   string                `form:"party" label:"供货人" max:"64"`
	Invoice string                `form:"invoice" label:"发票号" max:"64"`
	Qty     map[int64]models.Qty  `form:"qty.*,id32" label:"数量"`
	Cost    map[int64]models.Fen  `form:"cost.*,id32" label:"进价"`
	Number  map[int64]string      `form:"lot.*,id32" label:"批号"`
	Until   map[int64]models.Date `form:"until.*,id32" label:"到期日"`
}

// ReceivePaper answers POST /counter/papers/:paper/receive.
func (p *Pages) ReceivePaper(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.KeepStock)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "paper")
	if err != nil {
		return err
	}
	was, err := market.GetPaper(c.UserContext(), p.db, at.Area.ID, id)
	if err != nil {
		return err
	}
	var f deliveredForm
	op, err := web.Bind(c, &f)
	var photos []photo.Prepared
	if err == nil {
		photos, err = p.photosIn(c, "photo")
	}
	got := market.Delivered{Village: at.Area.ID, Paper: id, Party: f.Party, Invoice: f.Invoice}
	for _, l := range was.Lines {
		n := int64(l.N)
		got.Lines = append(got.Lines, market.PaperLine{N: l.N, Qty: f.Qty[n], CostFen: f.Cost[n], LotNumber: f.Number[n], ExpiresOn: f.Until[n]})
	}
	var is market.Paper
	if err == nil {
		is, err = market.ReceivePaper(c.UserContext(), p.db, op, web.Actor(c), got)
	}
	if err != nil {
		return p.paperAgain(c, at, paperTyped{c.FormValue("party"), c.FormValue("invoice")}, err)
	}
	if err := p.savePhotos(c, op, at.Area.ID, photo.Paper, id, photos); err != nil {
		return err
	}
	if is.State == market.PaperDone {
		web.Flash(c, "ok", is.Label()+" 已点收，库存已变", "单据可以打印存档。")
	} else {
		web.Flash(c, "wait", is.Label()+" 已点收，等监督员签字", "签字以后才入库、才从资金里付 "+is.Fen.String()+" 元。")
	}
	return web.See(c, at.Href("/counter/papers/"+models.ID32(id)))
}

func (p *Pages) paperAgain(c *fiber.Ctx, at committeeAt, typed paperTyped, err error) error {
	page, lost := p.paperPage(c, at)
	if lost != nil {
		return lost
	}
	page.Typed, page.Errors = typed, web.Errors(err)
	return web.Again(c, page, err)
}

type paperSignForm struct {
	Reason string `form:"reason,text" label:"理由" max:"200"`
}

// SignPaper answers POST /counter/papers/:paper/sign.
func (p *Pages) SignPaper(c *fiber.Ctx) error {
	at, err := committeeFor(c, paperActs...)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "paper")
	if err != nil {
		return err
	}
	var f paperSignForm
	op, err := web.Bind(c, &f)
	var is market.Paper
	if err == nil {
		is, err = market.SignPaper(c.UserContext(), p.db, op, web.Actor(c), at.Area.ID, id, f.Reason)
	}
	if err != nil {
		return p.paperAgain(c, at, paperTyped{}, err)
	}
	says := "库存已按单据变动。"
	if is.Kind == market.PaperPurchase {
		says = "货已入库，从资金里付了 " + is.Fen.String() + " 元。"
	}
	web.Flash(c, "ok", is.Label()+" 已生效", says)
	return web.See(c, at.Href("/counter/papers/"+models.ID32(id)))
}

// RefusePaper answers POST /counter/papers/:paper/refuse.
func (p *Pages) RefusePaper(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.KeepStock, models.SignStock)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "paper")
	if err != nil {
		return err
	}
	var f paperSignForm
	op, err := web.Bind(c, &f)
	if err == nil {
		err = market.RefusePaper(c.UserContext(), p.db, op, web.Actor(c), at.Area.ID, id, f.Reason)
	}
	if err != nil {
		return p.paperAgain(c, at, paperTyped{}, err)
	}
	web.Flash(c, "ok", "单据已作废", "库存和资金都没有变；号码不再用。")
	return web.See(c, at.Href("/counter/papers/"+models.ID32(id)))
}
