package pages

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/village"
)

// tillPage is the counter at work: who, what, and how much it comes to.
type tillPage struct {
	counterFrame
	Village, Counter string // ids in addresses
	Op               string
	Home             *tillHome
	Voucher          *market.Voucher
	Goods            []tillGood
	Matches          []tillMatch
	More             bool // more households match than are listed
	Query            string
	PINOver          string // a cart above this needs the PIN; empty: no PIN can be given
	Proxy            string
	ProxyID          string
	Proxies          []market.Proxy
	Face             tillFaceOffer
	Prefers          string // how the household wants to confirm
	Say              string // why it was refused
	AskPIN           bool   // the cursor belongs where the PIN is typed
	Several          bool
}

// View implements web.Page.
func (tillPage) View() (name, title string) { return "counter/till", "兑换" }

// tillHome is the household at the counter. Serve is false when nothing can be
// handed over to it, and Status says why.
type tillHome struct {
	ID, Name, Number, Mark string
	Balance                models.Points
	Visits                 int
	Card, Serve            bool
	Status, Kind, Note     string
	lacksProof             bool // no PIN, and no card for small amounts: two people may still vouch
}

// tillGood is an item with the number key that picks it.
type tillGood struct {
	ID, Key, Name, Note, Barcode string
	Price                        models.Points
	Max                          string // pieces left; empty without a bound
	Qty                          string
	Off                          bool
}

type tillMatch struct{ Href, Name, Number, Mark string }

// Counter answers GET /counter: the till with nobody at it, or with the
// households that a question found. Codes in the question move out of the
// address at once.
func (p *Pages) Counter(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return astray(c, err)
	}
	var f scanForm
	if _, err := web.Bind(c, &f); err != nil {
		return p.emptyTill(c, s, "", err)
	}
	if f.Q == "" {
		return p.scanned(c, s)
	}
	if to, err := p.resolve(c, s, f.Q); err != nil || to != "/counter?q="+url.QueryEscape(f.Q) {
		if err != nil {
			return p.emptyTill(c, s, "", err)
		}
		return web.See(c, to)
	}
	homes, err := p.search(c, s.Village.ID, f.Q)
	if err == nil && len(homes) == 0 {
		err = p.nobody(c, s.Village.ID, f.Q)
	}
	if err != nil {
		return p.emptyTill(c, s, f.Q, err)
	}
	if len(homes) == 1 {
		return web.See(c, tillPath(homes[0].ID))
	}
	page, err := p.bareTill(c, s)
	if err != nil {
		return err
	}
	page.Query, page.More = f.Q, len(homes) == matchesMost
	for _, h := range homes {
		page.Matches = append(page.Matches, tillMatch{tillPath(h.ID), h.Head, h.Number, h.Mark()})
	}
	return web.Show(c, page)
}

// scanned goes to what another page has left here: /counter?card=1 and
// /counter?voucher=1 follow a scan with a phone's own camera.
func (p *Pages) scanned(c *fiber.Ctx, s station) error {
	if c.Query("voucher") != "" && p.recall(c, scannedVoucher) != "" {
		return web.See(c, "/counter/voucher")
	}
	if card, ok := p.recallCard(c); ok && c.Query("card") != "" {
		return web.See(c, tillPath(card.ID)+"?village="+models.ID32(card.Village))
	}
	page, err := p.bareTill(c, s)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// Till answers GET /counter/h/:household.
func (p *Pages) Till(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return astray(c, err)
	}
	id, err := web.ID(c, "household")
	if err != nil {
		return err
	}
	page, err := p.homeTill(c, s, id)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// TillVoucher answers GET /counter/voucher: what the household chose on its own
// phone, and one large button.
func (p *Pages) TillVoucher(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return astray(c, err)
	}
	page, err := p.voucherTill(c, s, "")
	if err != nil {
		return p.emptyTill(c, s, "", err)
	}
	return web.Show(c, page)
}

// emptyTill says why a scan led nowhere, on a till with nobody at it.
func (p *Pages) emptyTill(c *fiber.Ctx, s station, query string, err error) error {
	page, lost := p.bareTill(c, s)
	if lost != nil {
		return lost
	}
	page.Query = query
	return page.again(c, db.NewOpID(), err)
}

// again shows the till with the sentence where refusals always stand. The form
// keeps its operation id only where the first try may yet have happened.
func (t tillPage) again(c *fiber.Ctx, op db.OpID, err error) error {
	var e *models.Error
	if !errors.As(err, &e) {
		return err
	}
	t.Say = e.Say
	t.AskPIN = errors.Is(err, village.ErrWrongPIN) || errors.Is(err, market.ErrNeedPIN)
	if e.Kind == models.Busy {
		t.Op = op.String()
		c.Set(fiber.HeaderRetryAfter, "1")
		return web.Status(c, fiber.StatusServiceUnavailable, t)
	}
	return web.Again(c, t, err)
}

func (p *Pages) bareTill(c *fiber.Ctx, s station) (tillPage, error) {
	ctx := c.UserContext()
	t := tillPage{counterFrame: s.frame("", "till"), Village: models.ID32(s.Village.ID), Counter: models.ID32(s.Counter.ID), Op: web.NewOp(), Several: s.Several}
	t.own = true
	if s.Counter.Opening != 0 {
		o, err := market.GetOpening(ctx, p.db, s.Village.ID, s.Counter.Opening)
		if err != nil {
			return t, err
		}
		t.site += " · " + nth(o.Number)
	}
	n, err := market.VisitsToday(ctx, p.db, s.Village.ID, s.Counter.ID)
	if err != nil {
		return t, err
	}
	t.note = "今日 " + strconv.Itoa(n) + " 户次"
	shelf, err := market.Shelf(ctx, p.db, s.Village.ID, s.Counter.ID, p.db.Now().Day())
	for i, it := range shelf {
		t.Goods = append(t.Goods, tillItem(i, it))
	}
	return t, err
}

// tillItem is an item of the shelf. The first ten have a number key, 0 being the
// tenth.
func tillItem(i int, it market.Item) tillGood {
	g := tillGood{ID: models.ID32(it.ID), Name: it.Name, Barcode: it.Barcode, Price: it.Points, Off: it.SoldOut, Qty: "0"}
	if i < 10 {
		g.Key = strconv.Itoa((i + 1) % 10)
	}
	switch {
	case !it.Counted():
		g.Note = "服务"
	case it.SoldOut:
		g.Note = "换完了"
	default:
		g.Max = strconv.FormatInt(int64(it.Qty/models.One), 10)
		g.Note = "剩 " + it.Qty.String() + " " + it.Unit
	}
	if it.Halal {
		g.Note += " · 清真"
	}
	return g
}

// homeTill is the till with a household at it.
func (p *Pages) homeTill(c *fiber.Ctx, s station, id int64) (tillPage, error) {
	ctx, h := c.UserContext(), models.Household{Village: s.Village.ID, ID: id}
	home, err := village.GetHome(ctx, p.db, h)
	if err != nil {
		return tillPage{}, err
	}
	v, err := village.Get(ctx, p.db, s.Village.ID)
	if err != nil {
		return tillPage{}, err
	}
	t, err := p.bareTill(c, s)
	if err != nil {
		return t, err
	}
	if t.Home, err = p.tillHome(c, home); err != nil {
		return t, err
	}
	t.Home.Card = p.onTable(c, home)
	t.Home.stand(home, v, web.Actor(c).MayFor(models.HandOverGoods, s.Village.Place, h))
	if err := t.vouched(ctx, p, s, home); err != nil {
		return t, err
	}
	switch {
	case !home.HasPIN || !t.Home.Serve:
	case t.Home.Card:
		t.PINOver = v.SmallLimit.Plain()
	default:
		t.PINOver = "0"
	}
	t.prefer()
	return t, nil
}

func (p *Pages) tillHome(c *fiber.Ctx, home village.Home) (*tillHome, error) {
	ctx := c.UserContext()
	book, err := ledger.Balance(ctx, p.db, home.Household)
	if err != nil {
		return nil, err
	}
	visits, err := market.Visits(ctx, p.db, home.Household, p.db.Now().Month())
	return &tillHome{ID: models.ID32(home.ID), Name: home.Head, Number: home.Number, Mark: home.Mark(), Balance: book.Balance, Visits: visits}, err
}

// stand says how far the household has shown who it is, and what is still
// needed.
func (h *tillHome) stand(home village.Home, v village.Village, may error) {
	set := func(serve bool, kind, status, note string) {
		h.Serve, h.Kind, h.Status, h.Note = serve, kind, status, note
	}
	small := v.SmallLimit.String() + " 分以内不用密码"
	switch {
	case home.Left():
		set(false, "bad", "这一户已经迁出，不能兑换", "有疑问请找村委")
	case home.Joining == "out":
		set(false, "bad", "这一户暂不参加积分超市", "想参加请找村委登记")
	case errors.Is(may, models.ErrOwnHome):
		set(false, "bad", models.ErrOwnHome.Say, "")
	case may != nil:
		set(false, "bad", "没有权限给这一户办理", "")
	case h.Card && home.HasPIN && v.SmallLimit > 0:
		set(true, "ok", "存折卡已刷", small+"，超过的请村民输入取货密码")
	case h.Card && home.HasPIN:
		set(true, "ok", "存折卡已刷", "请村民自己输入取货密码")
	case h.Card && v.SmallLimit > 0:
		set(true, "wait", "存折卡已刷，还没设取货密码", "只能换 "+v.SmallLimit.String()+" 分以内；多换请先到村委设密码")
	case h.Card:
		h.lacksProof = true
		set(false, "bad", "还没设取货密码，不能兑换", "请村民到村委设好密码再来")
	case home.HasPIN:
		set(true, "wait", "没刷卡，请核对是本人", "每一笔都要村民输入取货密码")
	default:
		h.lacksProof = true
		set(false, "bad", "没刷卡，也没设取货密码", "请扫存折卡；卡丢了请到村委补卡")
	}
}

// voucherTill is the till with a voucher on it.
func (p *Pages) voucherTill(c *fiber.Ctx, s station, code string) (tillPage, error) {
	v, err := p.findVoucher(c, s.Village.ID, s.Counter.ID, code)
	if err == nil && v.Household.Village != s.Village.ID {
		err = market.ErrNoVoucher
	}
	if err == nil && v.Counter != s.Counter.ID {
		err = market.ErrNoVoucher.With("这个取货码要在“" + v.CounterName + "”用，这里没有扣分；请让村民在这里重新选")
	}
	if err != nil {
		return tillPage{}, err
	}
	home, err := village.GetHome(c.UserContext(), p.db, v.Household)
	if err != nil {
		return tillPage{}, err
	}
	t, err := p.bareTill(c, s)
	if err != nil {
		return t, err
	}
	if t.Home, err = p.tillHome(c, home); err != nil {
		return t, err
	}
	t.Voucher = &v
	if t.Proxies, err = market.Proxies(c.UserContext(), p.db, v.Household); err != nil {
		return t, err
	}
	t.Home.Serve, t.Home.Kind, t.Home.Status, t.Home.Note = true, "ok", "取货码已核对", "村民在自己手机上选的，"+clockTime(v.ExpiresAt)+" 前有效"
	if err := web.Actor(c).MayFor(models.HandOverGoods, s.Village.Place, v.Household); err != nil {
		t.Home.stand(home, village.Village{}, err)
	}
	return t, nil
}

// clockTime is an instant's time of day: 15:04.
func clockTime(m models.Millis) string { return m.Time().Format("15:04") }

// keep puts what was chosen back into the cart, as far as it is still there.
func (t *tillPage) keep(f redeemForm) {
	t.Proxy, t.ProxyID = f.Proxy, ""
	if f.ProxyID != 0 {
		t.ProxyID = models.ID32(f.ProxyID)
	}
	t.Face.Login, t.Face.ReadOut = f.Login, f.ReadOut
	t.Face.Open = t.Face.Open || t.Face.On && f.asked()
	for i := range t.Goods {
		g := &t.Goods[i]
		id, _ := models.ParseID32(g.ID)
		qty := f.Qty[id]
		if most, err := strconv.ParseInt(g.Max, 10, 64); err == nil {
			qty = min(qty, models.Qty(most)*models.One)
		}
		if qty > 0 && !g.Off {
			g.Qty = qty.Plain()
		}
	}
}
