package pages

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/photo"
)

// paperNewPage opens a stock document of one kind. A count shows no numbers: who
// counts is not to know what the books say.
type paperNewPage struct {
	counterFrame
	Kind          market.PaperKind
	Village       string
	Counter       market.Counter
	CounterID     string
	Several       bool
	Funds, Others []web.Option
	Directed      []market.Fund
	Lines         []paperNewLine
	Form          paperForm
	Says          string
	Errors        map[string]string
}

// paperNewLine is an item, or one of its lots, to be filled in.
type paperNewLine struct {
	Key, Name, Unit, Left, Lot, Expires string
	Qty, Cost, Number, Until            string
}

// View implements web.Page.
func (p paperNewPage) View() (name, title string) { return "counter/papernew", "开" + p.Kind.Title }

type paperForm struct {
	Kind    string                `form:"kind" max:"16"`
	Other   int64                 `form:"other,id32" label:"调到"`
	Fund    int64                 `form:"fund,id32" label:"资金"`
	Fits    bool                  `form:"fits"`
	Party   string                `form:"party" label:"供货人、捐赠人" max:"64"`
	Consent bool                  `form:"consent"`
	Note    string                `form:"note,text" label:"说明" max:"200"`
	Qty     map[int64]models.Qty  `form:"qty.*,id32" label:"数量"`
	Cost    map[int64]models.Fen  `form:"cost.*,id32" label:"进价"`
	Number  map[int64]string      `form:"lot.*,id32" label:"批号"`
	Until   map[int64]models.Date `form:"until.*,id32" label:"到期日"`
	Counted map[string]string     `form:"counted.*" label:"点到的数"`
}

var paperSays = map[string]string{
	market.PaperPurchase: "先写要买什么、用哪笔钱；货到了由另一个人点收、填发票；监督员签字以后才入库、才扣钱。",
	market.PaperDonation: "别人捐来的东西。由另一个人点收以后入库；不愿意留名的，对外的单子上不写名字。",
	market.PaperTransfer: "从这个兑换点搬到另一个兑换点。那边的人点收以后，两边的库存一起变。",
	market.PaperCount:    "数一数架子上实际有多少，填进来。这里不显示账上的数；没有的填 0，没数的空着。盘点时请先停止兑换。",
	market.PaperDamage:   "摔破、受潮、鼠咬的。由另一个人批准以后才从库存里去掉。",
	market.PaperExpiry:   "过了期的。下架、销毁，由另一个人批准以后才从库存里去掉。",
}

// NewPaper answers GET /counter/papers/new.
func (p *Pages) NewPaper(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	page, err := p.paperNewPage(c, s, paperForm{Kind: c.Query("kind")})
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) paperNewPage(c *fiber.Ctx, s station, f paperForm) (page paperNewPage, err error) {
	page = paperNewPage{counterFrame: s.frame("desk", "papers"), Village: models.ID32(s.Village.ID), Counter: s.Counter, CounterID: models.ID32(s.Counter.ID), Several: s.Several, Form: f, Says: paperSays[f.Kind]}
	for _, k := range market.PaperKinds {
		if k.Key == f.Kind {
			page.Kind = k
		}
	}
	if page.Kind.Key == "" {
		return page, models.ErrNotFound
	}
	if f.Kind == market.PaperPurchase {
		if err := p.paperFunds(c, s, &page); err != nil {
			return page, err
		}
	}
	others, err := market.Counters(c.UserContext(), p.db, s.Village.ID)
	if err != nil {
		return page, err
	}
	for _, o := range others {
		if o.ID != s.Counter.ID {
			page.Others = append(page.Others, web.Option{Value: models.ID32(o.ID), Text: o.Name, Selected: o.ID == f.Other})
		}
	}
	if f.Kind == market.PaperExpiry {
		return page, p.paperLots(c, s, &page)
	}
	lines, err := p.stockLines(c, s)
	for _, l := range lines {
		if !l.Counted() || (f.Kind == market.PaperDamage || f.Kind == market.PaperTransfer) && l.Left <= 0 || l.Off() && l.Left <= 0 {
			continue
		}
		one := paperNewLine{Key: models.ID32(l.ID), Name: l.Name, Unit: l.Unit, Left: l.Left.String()}
		page.Lines = append(page.Lines, one.typed(c, f.Kind))
	}
	return page, err
}

// typed keeps what was filled in when the form comes back.
func (l paperNewLine) typed(c *fiber.Ctx, kind string) paperNewLine {
	if kind == market.PaperCount {
		l.Left, l.Qty = "", c.FormValue("counted."+l.Key)
		return l
	}
	l.Qty, l.Cost, l.Number, l.Until = c.FormValue("qty."+l.Key), c.FormValue("cost."+l.Key), c.FormValue("lot."+l.Key), c.FormValue("until."+l.Key)
	return l
}

func (p *Pages) paperFunds(c *fiber.Ctx, s station, page *paperNewPage) error {
	all, err := market.Funds(c.UserContext(), p.db, s.Village.ID)
	for _, f := range all {
		if f.ClosedAt != 0 {
			continue
		}
		text := f.Name + "（有 " + f.Fen.String() + " 元）"
		if f.Directed {
			text += " 只能用于：" + f.Purpose
			page.Directed = append(page.Directed, f)
		}
		page.Funds = append(page.Funds, web.Option{Value: models.ID32(f.ID), Text: text, Selected: f.ID == page.Form.Fund})
	}
	return err
}

// paperLots lists what has expired at the counter, lot by lot.
func (p *Pages) paperLots(c *fiber.Ctx, s station, page *paperNewPage) error {
	today := p.db.Now().Day()
	lots, err := market.Lots(c.UserContext(), p.db, s.Village.ID, s.Counter.ID)
	for _, l := range lots {
		if l.Expired(today) && l.Qty > 0 {
			one := paperNewLine{Key: models.ID32(l.ID), Name: l.Name, Unit: l.Unit, Left: l.Qty.String(), Lot: l.Number, Expires: string(l.ExpiresOn)}
			if one = one.typed(c, page.Kind.Key); one.Qty == "" && c.Method() == fiber.MethodGet {
				one.Qty = l.Qty.Plain()
			}
			page.Lines = append(page.Lines, one)
		}
	}
	return err
}

// ask is the document as the form says, its lines in one order always: an
// operation's content is compared when it comes twice.
func (p *Pages) paperAsk(c *fiber.Ctx, s station, f paperForm) (market.PaperAsk, error) {
	ask := market.PaperAsk{Village: s.Village.ID, Kind: f.Kind, Counter: s.Counter.ID, Other: f.Other, Fund: f.Fund, Party: f.Party, Consent: f.Consent, Note: f.Note, Fits: f.Fits}
	if f.Kind == market.PaperCount {
		all, err := market.AllGoods(c.UserContext(), p.db, s.Village.ID)
		if err != nil {
			return ask, err
		}
		for _, g := range all { // one by one: that nothing was found is an answer too
			text := models.Normal(c.FormValue("counted." + models.ID32(g.ID)))
			if text == "" {
				continue
			}
			l := market.PaperLine{Goods: g.ID}
			if text != "0" {
				if l.Counted, err = models.ParseQty(text); err != nil {
					return ask, err
				}
			}
			ask.Lines = append(ask.Lines, l)
		}
	}
	lots := map[int64]int64{}
	if f.Kind == market.PaperExpiry {
		all, err := market.Lots(c.UserContext(), p.db, s.Village.ID, s.Counter.ID)
		if err != nil {
			return ask, err
		}
		for _, l := range all {
			lots[l.ID] = l.Goods
		}
	}
	for id, qty := range f.Qty {
		l := market.PaperLine{Goods: id, Qty: qty, CostFen: f.Cost[id], LotNumber: f.Number[id], ExpiresOn: f.Until[id]}
		if f.Kind == market.PaperExpiry {
			l.Goods, l.Lot = lots[id], id
		}
		ask.Lines = append(ask.Lines, l)
	}
	slices.SortFunc(ask.Lines, func(a, b market.PaperLine) int {
		return cmp.Or(cmp.Compare(a.Goods, b.Goods), cmp.Compare(a.Lot, b.Lot))
	})
	return ask, nil
}

// ProposePaper answers POST /counter/papers/new.
func (p *Pages) ProposePaper(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return err
	}
	var f paperForm
	op, err := web.Bind(c, &f)
	var photos []photo.Prepared
	if err == nil {
		photos, err = p.photosIn(c, "photo")
	}
	var ask market.PaperAsk
	if err == nil {
		ask, err = p.paperAsk(c, s, f)
	}
	var made market.Paper
	if err == nil {
		made, err = market.ProposePaper(c.UserContext(), p.db, op, web.Actor(c), ask)
	}
	if err != nil {
		f.Kind = cmp.Or(f.Kind, c.FormValue("kind"))
		page, lost := p.paperNewPage(c, s, f)
		if lost != nil {
			return lost
		}
		page.Errors = web.Errors(err)
		return web.Again(c, page, err)
	}
	if err := p.savePhotos(c, op, s.Village.ID, photo.Paper, made.ID, photos); err != nil {
		return err
	}
	tag, _ := paperTag(made)
	web.Flash(c, "wait", "已开"+made.Title()+" "+made.Label()+"，"+tag, "库存还没有变。")
	return web.See(c, "/counter/papers/"+models.ID32(made.ID)+"?village="+models.ID32(s.Village.ID))
}
