package pages

import (
	"context"
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/market"
	"pointstore/models/village"
)

// openingLine is an opening of the counter, in words.
type openingLine struct {
	market.Opening
	Href  string
	By    string // who opened
	Ended string // who closed
	// Who counted, put the second name under it, and approved the difference.
	Counted, Second, Approver string
}

// Open reports whether the opening is still under way.
func (o openingLine) Open() bool { return o.ClosedAt == 0 }

// Waits says what the opening still waits for; empty when nothing.
func (o openingLine) Waits() string {
	return map[string]string{market.OpeningClosed: "等点货", market.OpeningCounted: "等第二人签字", market.OpeningSigned: "等批准差数"}[o.State]
}

// nth is an opening's name: 第3场.
func nth(n int64) string { return "第" + strconv.FormatInt(n, 10) + "场" }

// openingPage begins and ends openings, and lists those that were.
type openingPage struct {
	counterFrame
	Village, Counter, CounterName string
	Now                           *openingLine
	Past                          []openingLine
	Plans                         []market.Plan // announced here for today
	MayKeep, MaySetUp             bool
}

// View implements web.Page.
func (openingPage) View() (name, title string) { return "counter/opening", "开场收场" }

// CounterOpening answers GET /counter/opening.
func (p *Pages) CounterOpening(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods, models.KeepStock)
	if err != nil {
		return astray(c, err)
	}
	page, err := p.openingPage(c, s)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) openingPage(c *fiber.Ctx, s station) (openingPage, error) {
	ctx := c.UserContext()
	page := openingPage{counterFrame: s.frame("desk", "opening"), Village: models.ID32(s.Village.ID), Counter: models.ID32(s.Counter.ID), CounterName: s.Counter.Name,
		MayKeep: web.Actor(c).Can(models.KeepStock, s.Village.Place)}
	all, err := market.Openings(ctx, p.db, s.Village.ID, s.Counter.ID, models.Cursor{Limit: 30})
	if err != nil {
		return page, err
	}
	page.MaySetUp = web.Actor(c).Can(models.SetUpVillage, s.Village.Place)
	plans, err := market.Plans(ctx, p.db, s.Village.ID, p.db.Now().Day())
	if err != nil {
		return page, err
	}
	for _, one := range plans {
		if one.Counter == s.Counter.ID && one.Day == p.db.Now().Day() {
			page.Plans = append(page.Plans, one)
		}
	}
	names := map[int64]string{}
	for _, o := range all {
		line, err := p.openingLine(ctx, o, names)
		if err != nil {
			return page, err
		}
		if o.ClosedAt != 0 {
			page.Past = append(page.Past, line)
			continue
		}
		list, err := market.ReceiptsOfOpening(ctx, p.db, o)
		if err != nil {
			return page, err
		}
		line.Visits, line.Points = standing(list)
		page.Now = &line
	}
	return page, nil
}

// standing counts the receipts that are not void, and their points.
func standing(list []market.Receipt) (visits int64, points models.Points) {
	for _, r := range list {
		if !r.Undone() {
			visits++
			points += r.Points
		}
	}
	return visits, points
}

// openingLine names who opened and closed; names keeps those already read.
func (p *Pages) openingLine(ctx context.Context, o market.Opening, names map[int64]string) (openingLine, error) {
	line := openingLine{Opening: o, Href: "/counter/opening/" + models.ID32(o.ID)}
	for _, one := range []struct {
		id int64
		to *string
	}{{o.OpenedBy, &line.By}, {o.ClosedBy, &line.Ended}, {o.CountedBy, &line.Counted}, {o.SignedBy, &line.Second}, {o.ApprovedBy, &line.Approver}} {
		if one.id == 0 {
			continue
		}
		if _, known := names[one.id]; !known {
			a, err := account.Get(ctx, p.db, one.id)
			if err != nil && !errors.Is(err, models.ErrNotFound) {
				return line, err
			}
			names[one.id] = a.Name
		}
		*one.to = names[one.id]
	}
	return line, nil
}

type openingForm struct {
	Counter int64 `form:"counter,id32,required" label:"兑换点"`
	Plan    int64 `form:"plan,id32"` // the announced opening that begins
}

// OpenCounter answers POST /counter/opening/open.
func (p *Pages) OpenCounter(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return err
	}
	var f openingForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	o, err := market.OpenPlanned(c.UserContext(), p.db, op, web.Actor(c), s.Village.ID, s.Counter.ID, f.Plan)
	if err != nil {
		return p.openingAgain(c, s, err)
	}
	web.Flash(c, "ok", nth(o.Number)+"已开始", "换出去的都记在这一场里。")
	if web.Actor(c).Can(models.HandOverGoods, s.Village.Place) {
		return web.See(c, "/counter?village="+models.ID32(s.Village.ID)+"&counter="+models.ID32(s.Counter.ID))
	}
	return web.See(c, "/counter/opening?village="+models.ID32(s.Village.ID)+"&counter="+models.ID32(s.Counter.ID))
}

// CloseCounter answers POST /counter/opening/close.
func (p *Pages) CloseCounter(c *fiber.Ctx) error {
	s, err := p.station(c, models.KeepStock)
	if err != nil {
		return err
	}
	var f openingForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	o, err := market.CloseSession(c.UserContext(), p.db, op, web.Actor(c), s.Village.ID, s.Counter.ID)
	if err != nil {
		return p.openingAgain(c, s, err)
	}
	web.Flash(c, "ok", nth(o.Number)+"已收场", "共 "+numbered(o.Visits, "户次")+"，"+o.Points.String()+" 分。"+openingNext(s))
	return web.See(c, "/counter/opening/"+models.ID32(o.ID)+"?village="+models.ID32(s.Village.ID))
}

// openingNext says what comes after closing.
func openingNext(s station) string {
	if s.Counter.Allied() {
		return "请打印登记表，请村民签字或按手印。"
	}
	return "接下来点一点架上还剩多少货；再打印登记表，请村民签字或按手印。"
}

func (p *Pages) openingAgain(c *fiber.Ctx, s station, err error) error {
	page, lost := p.openingPage(c, s)
	if lost != nil {
		return lost
	}
	return web.Again(c, page, err)
}

// openingDonePage is one opening: how many came, and what went over the counter.
type openingDonePage struct {
	counterFrame
	openingLine
	Village, CounterName, Shop string
	Moved, Receipts            web.Table
	Signed                     []signLine
	Total                      models.Points
	Standing                   int64
	Fen                        models.Fen
	Print                      bool
	Trial                      bool

	Allied  bool
	Lines   []market.CountLine // the closing sheet
	Differs bool
	Paper   string // the document that posted the difference
	Void    int64  // receipts that became void after the count
	Photos  []photoLine
	// What the person may do next.
	MayCount, MaySign, MaySettle, MayAttach bool
	Why                                     string // why they may not sign or approve
	Form                                    openingReasonForm
	Errors                                  map[string]string
}

// signLine is a line of the register that a household signs.
type signLine struct {
	No                   int
	Number, Head, Goods  string
	Points               models.Points
	Receipt, When, Proxy string
	Void                 bool
}

// View implements web.Page.
func (o openingDonePage) View() (name, title string) {
	if o.Print {
		return "counter/register", "兑换登记表"
	}
	return "counter/openingdone", nth(o.Number)
}

// OpeningDone answers GET /counter/opening/:opening.
func (p *Pages) OpeningDone(c *fiber.Ctx) error {
	page, err := p.openingDone(c)
	if err != nil {
		return astray(c, err)
	}
	return web.Show(c, page)
}

// OpeningSheet answers GET /counter/opening/:opening/print: the register with
// full names and room to sign; it stays in the village's file.
func (p *Pages) OpeningSheet(c *fiber.Ctx) error {
	page, err := p.openingDone(c)
	if err != nil {
		return astray(c, err)
	}
	page.Print = true
	return web.Show(c, page)
}

func (p *Pages) openingDone(c *fiber.Ctx) (page openingDonePage, err error) {
	ctx := c.UserContext()
	v, err := p.shopVillage(c, openingReaders...)
	if err != nil {
		return page, err
	}
	id, err := web.ID(c, "opening")
	if err != nil {
		return page, err
	}
	o, err := market.GetOpening(ctx, p.db, v.ID, id)
	if err != nil {
		return page, err
	}
	counter, err := market.GetCounter(ctx, p.db, v.ID, o.Counter)
	if err != nil {
		return page, err
	}
	list, err := market.ReceiptsOfOpening(ctx, p.db, o)
	if err != nil {
		return page, err
	}
	s := station{Village: v, Counter: counter}
	page = openingDonePage{counterFrame: s.frame("desk", "opening"), Village: models.ID32(v.ID), CounterName: counter.Name, Shop: v.Name + "积分超市",
		Moved: movedGoods(list), Receipts: receiptTable(c, list), Trial: p.trial}
	page.Standing, page.Total = standing(list)
	if page.openingLine, err = p.openingLine(ctx, o, map[int64]string{}); err != nil {
		return page, err
	}
	if page.Signed, err = p.signLines(ctx, v.ID, list); err != nil {
		return page, err
	}
	for _, r := range list {
		if !r.Undone() {
			page.Fen += r.Fen
		}
	}
	return page, p.openingCounted(c, v, counter, &page)
}

// signLines names the households in full: those who sign are the village's own,
// and the register is no public paper.
func (p *Pages) signLines(ctx context.Context, v int64, list []market.Receipt) ([]signLine, error) {
	ids := make([]int64, len(list))
	for i, r := range list {
		ids[i] = r.Household.ID
	}
	homes, err := village.HomesByID(ctx, p.db, v, ids)
	lines := make([]signLine, len(list))
	for i, r := range list {
		h := homes[r.Household.ID]
		lines[i] = signLine{No: i + 1, Number: h.Mark(), Head: h.Head, Goods: goodsOf(r.Lines), Points: r.Points, Receipt: r.Number, When: clockTime(r.At), Proxy: r.Proxy, Void: r.Undone()}
	}
	return lines, err
}
